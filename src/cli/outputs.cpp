#include "cli/outputs.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "diag/catalogue.hpp"
#include "diag/render.hpp"
#include "support/file_system.hpp"

namespace polc::cli {
namespace {

namespace fs = std::filesystem;

int failed(const IoError& error, diag::Sink& sink) {
  sink.add_unlocated(diag::cannot_write, error.message());
  return world;
}

std::vector<const driver::TargetResult*> emitted(const driver::Compilation& compilation) {
  std::vector<const driver::TargetResult*> results;
  for (const auto& result : compilation.results)
    if (result.emitted && !result.joined) results.push_back(&result);
  return results;
}

bool is_directory(const std::string& path) {
  std::error_code error;
  return fs::is_directory(path, error) || (!path.empty() && path.back() == '/');
}

bool is_print(const std::string& output) { return output.empty() || output == "-"; }

// All that were named, as they stand between backticks.
std::string files_of(const Options& options) { return fmt::format("{}", fmt::join(options.files, "`, `")); }

std::string file_in(const std::string& directory, const driver::TargetResult& result) {
  return (fs::path(directory) / (result.policy->name + std::string(result.backend->suffix))).string();
}

int write_directory(const std::vector<const driver::TargetResult*>& results, const std::string& directory, diag::Sink& sink) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return failed({directory, "create", error.value()}, sink);
  for (const auto* result : results) {
    const int status = write_file(file_in(directory, *result), result->text, sink);
    if (status != done) return status;
  }
  return done;
}

}  // namespace

void print_diagnostics(const diag::SourceMap& sources, const diag::Sink& sink, const Options& options) {
  const auto diagnostics = sink.sorted();
  std::string text;
  if (options.diagnostics == "json") text = diag::render_json(sources, diagnostics);
  else text = diag::render_text(sources, diagnostics, isatty(STDERR_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr);
  // Standard error is the last place to report to: a failure there has nowhere to go.
  (void)write_all(STDERR_FILENO, text, "standard error");
}

int print(std::string_view text) {
  const auto written = write_all(STDOUT_FILENO, text, "standard output");
  if (written || written.error().error_number == EPIPE) return done;
  std::fprintf(stderr, "polc: %s\n", written.error().message().c_str());
  return world;
}

int write_file(const std::string& path, std::string_view text, diag::Sink& sink) {
  if (path == "-") return print(text);
  if (const auto written = write_file_atomically(path, text); !written) return failed(written.error(), sink);
  return done;
}

bool are_apart(const std::vector<std::string>& written, const std::vector<std::string>& read, diag::Sink& sink) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::set<fs::path> taken;
  for (const std::string& path : written) {
    if (path.empty() || path == "-" || (fs::exists(path, error) && !fs::is_regular_file(path, error))) continue;
    const auto is_it = [&](const std::string& other) { return fs::equivalent(path, other, error) && !error; };
    if (std::any_of(read.begin(), read.end(), is_it)) sink.add_unlocated(diag::wrong_usage, fmt::format("`{}` would be written over, and it was read", path));
    else if (!taken.insert(fs::weakly_canonical(fs::absolute(path), error)).second) sink.add_unlocated(diag::wrong_usage, fmt::format("`{}` would be written twice", path));
  }
  return !sink.has_errors();
}

std::vector<std::string> artefact_files(const driver::Compilation& compilation, const Options& options) {
  if (!is_directory(options.output)) return {options.output.empty() ? "-" : options.output};
  std::vector<std::string> files;
  for (const auto* result : emitted(compilation)) files.push_back(file_in(options.output, *result));
  return files;
}

int write_artefacts(const driver::Compilation& compilation, const Options& options, diag::Sink& sink) {
  const auto results = emitted(compilation);
  if (is_directory(options.output)) return write_directory(results, options.output, sink);
  const auto is_other = [&](const auto* result) { return result->backend != results.front()->backend; };
  if (std::any_of(results.begin(), results.end(), is_other)) {
    sink.add_unlocated(diag::wrong_usage, is_print(options.output) ? std::string("several targets need a directory: -o DIR/")
                                                                     : fmt::format("several targets need a directory, whose name ends with `/`: -o {}/", options.output));
    return usage;
  }
  if (results.size() > 1) {
    std::string names;
    for (const auto* result : results) names += (names.empty() ? "" : ", ") + result->policy->name;
    sink.add_unlocated(diag::several_policies, files_of(options), names);
    return no;
  }
  if (results.empty()) {
    sink.add_unlocated(diag::no_policy, files_of(options));
    return no;
  }
  if (is_print(options.output) && isatty(STDOUT_FILENO) != 0 && results.front()->text.find('\0') != std::string::npos) {
    sink.add_unlocated(diag::wrong_usage, "this artefact is binary, and standard output is a terminal: -o FILE, or --format=asm");
    return usage;
  }
  return write_file(options.output.empty() ? "-" : options.output, results.front()->text, sink);
}

}  // namespace polc::cli
