// polc package FILE --distro=D --out=DIR: what a packager merges into a source package.
#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "cli/commands.hpp"
#include "cli/outputs.hpp"
#include "diag/catalogue.hpp"
#include "packaging/package.hpp"
#include "registry.hpp"
#include "support/file_system.hpp"
#include "syntax/parse.hpp"
#include "target/report.hpp"

namespace polc::cli {
namespace {

namespace fs = std::filesystem;

/// Words of a POSIX shell.
std::string quoted(const std::string& word) {
  if (word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.,=/+:@") == std::string::npos) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

std::string verify_options(const Options& options, const std::string& policy) {
  std::string text = " --policy=" + policy;
  const auto add = [&](const char* name, const std::vector<std::string>& values) {
    if (!values.empty()) text += fmt::format(" --{}={}", name, quoted(fmt::format("{}", fmt::join(values, ","))));
  };
  add("variant", options.variants);
  add("arch", options.architectures);
  for (const std::string& setting : options.settings) text += " --option=" + quoted(setting);
  return text;
}

// The policy and its imports, by their places below the policy's own directory. A file from elsewhere has none.
bool add_sources(const Options& options, const std::vector<std::string>& files, packaging::Made& made, diag::Sink& sink) {
  const fs::path base = fs::path(options.files.front()).parent_path();
  for (const std::string& file : files) {
    const fs::path relative = fs::path(file).lexically_normal().lexically_relative(base.empty() ? "." : base.lexically_normal());
    if (relative.empty() || *relative.begin() == "..") {
      sink.add_unlocated(diag::wrong_usage, fmt::format("`{}` is not below the policy's own directory, so it cannot be packaged with it", file));
      return false;
    }
    auto text = read_file(file, syntax::largest_file);
    if (!text) {
      sink.add_unlocated(diag::cannot_read, text.error().message());
      return false;
    }
    made.sources.push_back({relative.string(), *std::move(text)});
  }
  return true;
}

bool compile_all(const sema::Program& program, driver::CompileRequest request, const packaging::Distribution& distribution,
                 packaging::Made& made, const diag::SourceMap& sources, diag::Sink& sink) {
  const auto add = [&](std::vector<std::string> targets, const std::string& format) {
    request.targets = std::move(targets);
    request.format = format;
    const auto compilation = driver::compile(program, request, backends::all(), sources, sink);
    if (sink.has_errors()) return false;
    std::set<std::string> policies;
    for (const auto& result : compilation.results) {
      if (!result.emitted) continue;
      policies.insert(result.policy->name);
      made.policy = result.policy->name;
      made.artefacts.push_back({std::string(result.backend->name), result.settings.format, result.artifact.text});
      std::string total = target::summary_of({result.policy, result.backend, &result.legalised}, sources);
      if (format != "h") made.totals.push_back(total.substr(0, total.find('\n')));
    }
    if (policies.size() == 1) return true;
    sink.add_unlocated(diag::wrong_usage, "a package is for one policy: choose it with --policy");
    return false;
  };
  request.suffix = "*";
  std::vector<std::string> targets{"seccomp", "systemd"};
  if (distribution.has_apparmor) targets.insert(targets.begin(), "apparmor");
  return add(std::move(targets), "") && add({"seccomp"}, "h");
}

// What is there already and says something else is somebody's work.
bool may_write(const std::vector<packaging::File>& files, const fs::path& directory, diag::Sink& sink) {
  for (const packaging::File& file : files) {
    std::error_code error;
    const fs::path path = directory / file.path;
    if (!fs::exists(path, error)) continue;
    const auto there = read_file(path.string(), std::size_t{1} << 26);
    if (there && *there == file.text) continue;
    sink.add_unlocated(diag::wrong_usage, fmt::format("`{}` exists, with other text; --force writes over it", path.string()));
  }
  return !sink.has_errors();
}

int write_files(const std::vector<packaging::File>& files, const fs::path& directory, diag::Sink& sink) {
  for (const packaging::File& file : files) {
    const fs::path path = directory / file.path;
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    if (error) {
      sink.add_unlocated(diag::cannot_write, fmt::format("cannot create {}: {}", path.parent_path().string(), error.message()));
      return world;
    }
    if (const int status = write_file(path.string(), file.text, sink); status != done) return status;
    if (file.is_executable) fs::permissions(path, fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec, fs::perm_options::add, error);
  }
  return done;
}

}  // namespace

int write_package(const sema::Program& program, const driver::CompileRequest& request, const std::vector<std::string>& files,
                  const Options& options, const diag::SourceMap& sources, diag::Sink& sink) {
  const packaging::Distribution& distribution = *packaging::find_distribution(options.distribution);
  packaging::Made made;
  if (!compile_all(program, request, distribution, made, sources, sink)) return no;
  made.package = options.package.empty() ? made.policy : options.package;
  if (options.package.empty()) std::replace(made.package.begin(), made.package.end(), '_', '-');  // Debian has no underscores in names
  made.unit = options.unit.empty() ? made.package + ".service" : options.unit;
  made.options = verify_options(options, made.policy);
  if (!add_sources(options, files, made, sink)) return no;
  const auto written = packaging::package_files(made, distribution);
  if (!options.force && !may_write(written, options.output, sink)) return no;
  if (const int status = write_files(written, options.output, sink); status != done) return status;
  std::string text;
  for (const packaging::File& file : written) text += (fs::path(options.output) / file.path).string() + "\n";
  if (!distribution.has_apparmor) (void)write_all(STDERR_FILENO, fmt::format("polc: {} has no AppArmor: there is no profile\n", distribution.name), "standard error");
  return print(text);
}

}  // namespace polc::cli
