#include "compiled.hpp"

#include "driver/compile.hpp"
#include "driver/load.hpp"
#include "registry.hpp"

namespace polc::calls {
namespace {

Compiled compile(const std::string& path, const driver::Texts& texts, std::string_view arch, const std::string& format,
                 const std::vector<std::string>& options) {
  Compiled result;
  diag::SourceMap sources;
  diag::Sink sink;
  const auto loaded = driver::load({path}, {}, sources, sink, texts);
  driver::CompileRequest request;
  request.targets = {"seccomp"};
  request.arch = *find_arch(arch);
  request.format = format;
  for (const std::string& option : options) request.options.push_back(*target::parse_option(option));
  if (!sink.has_errors()) {
    const auto compilation = driver::compile(loaded.program, request, backends::all(), sources, sink);
    if (!compilation.results.empty()) result.artefact = compilation.results.front().text;
  }
  for (const auto& diagnostic : sink.all())
    if (diagnostic.severity == diag::Severity::error)
      result.messages.push_back(std::string(diagnostic.id) + ": " + diagnostic.message);
  return result;
}

}  // namespace

Compiled compile(const std::string& policy, std::string_view arch, const std::string& format,
                 const std::vector<std::string>& options) {
  return compile("drawn.pol", {{"drawn.pol", policy}}, arch, format, options);
}

}  // namespace polc::calls
