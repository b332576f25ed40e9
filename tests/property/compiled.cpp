#include "compiled.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "format/raise.hpp"
#include "generators.hpp"
#include "registry.hpp"

namespace polc::property {
namespace {

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> words_in(const std::string& text, char separator) {
  std::vector<std::string> words;
  std::istringstream stream(text);
  for (std::string word; std::getline(stream, word, separator);)
    if (!word.empty()) words.push_back(word);
  return words;
}

void compile(Compiled& one, Targets set, const std::string& path, const driver::Texts& texts, const CompiledVisitor& visit) {
  diag::Sink sink;
  one.loaded = driver::load({path}, {}, one.sources, sink, texts);
  if (sink.has_errors()) return;
  for (const target::Backend* backend : set) one.request.targets.emplace_back(backend->name);
  const auto& names = one.request.targets;
  std::erase_if(one.request.options, [&](const auto& option) { return !option.target.empty() && std::find(names.begin(), names.end(), option.target) == names.end(); });
  const auto has_format = [&](const target::Backend* backend) { return std::find(backend->formats.begin(), backend->formats.end(), one.request.format) != backend->formats.end(); };
  if (!std::all_of(set.begin(), set.end(), has_format)) one.request.format = "";
  one.compilation = driver::compile(one.loaded.program, one.request, backends::all(), one.sources, sink);
  one.has_errors = sink.has_errors();
  if (!one.compilation.results.empty()) visit(one);
}

void compile_file(const target::Backend& backend, const fs::path& path, const CompiledVisitor& visit) {
  Compiled one;
  one.name = fs::relative(path, POLC_SOURCE_DIR).string();
  one.request = request_in(bytes_of(path));
  const target::Backend* const set[] = {&backend};
  compile(one, set, path.string(), {}, visit);
}

// Every option value takes its turn.
std::vector<target::GivenOption> options_for(const target::Backend& backend, std::uint64_t seed) {
  std::vector<target::GivenOption> given;
  Random random(seed);
  for (const auto& option : backend.options)
    if (option.values.size() > 1)
      given.push_back({std::string(backend.name), std::string(option.key), std::string(option.values[random.below(option.values.size())])});
  return given;
}

}  // namespace

std::vector<fs::path> policy_files(const fs::path& root) {
  std::vector<fs::path> found;
  for (const char* folder : {"policies", "examples", "backends", "tests/golden"})
    for (const auto& entry : fs::recursive_directory_iterator(root / folder))
      if (entry.path().extension() == ".pol") found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

driver::CompileRequest request_in(const std::string& policy_text) {
  driver::CompileRequest request;
  for (const std::string& word : words_in(policy_text.substr(0, policy_text.find('\n')), ' ')) {
    const auto equals = word.find('=');
    if (equals == std::string::npos) continue;
    const std::string key = word.substr(0, equals), value = word.substr(equals + 1);
    if (key == "--variant") request.variants = words_in(value, ',');
    if (key == "--format") request.format = value;
    if (key == "--policy") request.policy = value;
    if (const auto arch = find_arch(value); key == "--arch" && arch) request.arch = *arch;
    if (const auto option = target::parse_option(value); key == "--option" && option) request.options.push_back(*option);
  }
  return request;
}

void for_each_file(const target::Backend& backend, const CompiledVisitor& visit) {
  for (const fs::path& path : policy_files(POLC_SOURCE_DIR)) compile_file(backend, path, visit);
}

void for_each_golden_artefact(const target::Backend& backend, const CompiledVisitor& visit) {
  const std::string artefact = std::string(backend.name) + ".txt";
  for (const fs::path& path : policy_files(POLC_SOURCE_DIR))
    if (path.filename() == "policy.pol" && fs::exists(path.parent_path() / artefact)) compile_file(backend, path, visit);
}

void compile_drawn(Targets set, std::uint64_t seed, const ir::Policy& policy, const CompiledVisitor& visit) {
  Compiled one;
  one.name = "drawn " + std::to_string(seed);
  for (const target::Backend* backend : set)
    for (target::GivenOption& option : options_for(*backend, seed)) one.request.options.push_back(std::move(option));
  compile(one, set, "drawn.pol", {{"drawn.pol", format::dump(policy)}}, visit);
}

void compile_drawn(const target::Backend& backend, std::uint64_t seed, const ir::Policy& policy, const CompiledVisitor& visit) {
  const target::Backend* const set[] = {&backend};
  compile_drawn(set, seed, policy, visit);
}

}  // namespace polc::property
