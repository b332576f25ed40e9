// Any bytes as a policy, the whole way for every backend: errors, or artefacts that are read back. What is found wrong
// there is polc's own fault (P6014), however odd the policy.
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "diag/render.hpp"
#include "driver/compile.hpp"
#include "driver/load.hpp"
#include "registry.hpp"
#include "support/check.hpp"
#include "support/file_system.hpp"

namespace {

// Larger ones only repeat themselves, and take longer than they teach.
constexpr std::size_t largest_policy = 4096;

const std::string& scratch_file() {
  static const std::string path = "/tmp/polc-fuzz-" + std::to_string(::getpid()) + ".pol";
  return path;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace polc;
  if (size > largest_policy) return -1;
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  POLC_CHECK(write_file_atomically(scratch_file(), text), "the scratch file can be written");
  for (const target::Backend* backend : backends::all()) {
    diag::SourceMap sources;
    diag::Sink sink;
    const driver::Loaded loaded = driver::load({scratch_file()}, {}, sources, sink);
    if (sink.has_errors()) break;  // the front end's, the same for every backend
    driver::CompileRequest request;
    request.targets = {std::string(backend->name)};
    (void)driver::compile(loaded.program, request, backends::all(), sources, sink);
    for (const diag::Diagnostic& diagnostic : sink.sorted())
      POLC_CHECK(diagnostic.name != "proof_failed", "an artefact is what was meant");
    (void)diag::render_text(sources, sink.sorted(), false);
  }
  ::unlink(scratch_file().c_str());
  return 0;
}
