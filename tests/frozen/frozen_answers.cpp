#include "frozen_answers.hpp"

#include <algorithm>
#include <sstream>
#include <string_view>

#include <fmt/format.h>

#include "driver/compile.hpp"
#include "driver/load.hpp"
#include "format/raise.hpp"
#include "generators.hpp"
#include "opt/pipeline.hpp"
#include "registry.hpp"

namespace polc::frozen {
namespace {

bool is_comment(std::string_view line) {
  const auto first = line.find_first_not_of(" \t");
  if (first == std::string_view::npos) return true;
  line.remove_prefix(first);
  return line.front() == ';' || line.front() == '*' || line.substr(0, 2) == "/*" || line.substr(0, 2) == "//" ||
         (line.front() == '#' && line.substr(0, 8) != "#include" && line.substr(0, 7) != "#define");
}

/// FNV-1a of the lines that are no comments; of every byte where it is no text.
std::string digest_of(const std::string& artefact) {
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto add = [&](std::string_view bytes) {
    for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  };
  if (artefact.find('\0') != std::string::npos) {
    add(artefact);
  } else {
    std::istringstream in(artefact);
    for (std::string line; std::getline(in, line);)
      if (!is_comment(line)) add(line), add("\n");
  }
  return fmt::format("{:016x}", hash);
}

// A row is a line: what a witness spells with a tab or line break in it is escaped.
std::string one_line(std::string text) {
  for (std::size_t at = 0; (at = text.find_first_of("\t\n\r", at)) != std::string::npos;) text.replace(at, 1, "\\?");
  return text;
}

void add_findings(const std::string& prefix, Os os, const std::vector<target::Finding>& findings, Rows& rows) {
  for (const target::Finding& finding : findings) {
    const std::string key = fmt::format("{} {}:{}", prefix, finding.rule.value, ir::name_of(finding.verdict));
    rows[key] = one_line((finding.accepted ? "accepted " : "") + (finding.witness ? format::text_of(os, *finding.witness) : std::string("-")));
  }
}

/// Options that there were not on that day: each policy has their first values.
bool is_younger(std::string_view option) { return option == "others" || option == "hardening" || option == "calls"; }

/// `--variant=a,b --option=K=V --arch=A` of "# polc policy.pol ...".
void add_command(const std::string& text, driver::CompileRequest& request) {
  std::istringstream words(text.substr(0, text.find('\n')));
  const auto behind = [](const std::string& word, std::string_view option) {
    return word.compare(0, option.size(), option) == 0 ? word.substr(option.size()) : std::string();
  };
  for (std::string word; words >> word;) {
    if (const std::string variants = behind(word, "--variant="); !variants.empty()) {
      std::istringstream list(variants);
      for (std::string name; std::getline(list, name, ',');) request.variants.push_back(name);
    }
    if (const auto option = target::parse_option(behind(word, "--option="))) request.options.push_back(*option);
    if (const std::string arch = behind(word, "--arch="); !arch.empty())
      if (const auto found = find_arch(arch)) request.arch = *found;
  }
}

// It has more rules than then, and an answer is known by its rule's number.
bool imports_std(const diag::SourceMap& sources) {
  for (std::uint32_t i = 0; i < sources.size(); ++i)
    if (sources.name_of(diag::SourceId{i}).ends_with("std/linux.pol")) return true;
  return false;
}

}  // namespace

void add_answers_of_file(const std::filesystem::path& path, const std::string& name, const std::string& text, Rows& rows) {
  for (const target::Backend* backend : backends::all()) {
    diag::SourceMap sources;
    diag::Sink sink;
    driver::Loaded loaded = driver::load({path.string()}, {}, sources, sink);
    if (sink.has_errors() || imports_std(sources)) return;
    driver::CompileRequest request;
    request.targets = {std::string(backend->name)};
    add_command(text, request);
    std::erase_if(request.options, [&](const auto& option) { return !option.target.empty() && option.target != backend->name; });
    const driver::Compilation compiled = driver::compile(loaded.program, request, backends::all(), sources, sink);
    for (const driver::TargetResult& result : compiled.results) {
      if (!result.emitted) continue;
      const std::string prefix = fmt::format("{} {} {}", name, result.policy->name, backend->name);
      const bool written = !sink.has_errors() && !result.text.empty();
      rows[prefix + " artefact"] = written ? digest_of(result.text) : "nothing";
      add_findings(prefix, result.policy->configuration.os, result.enforced.outcome.findings, rows);
    }
  }
}

void add_answers_of_drawn(std::uint64_t seed, Rows& rows) {
  diag::SourceMap sources;
  sources.add("drawn.pol", "\n");
  for (const target::Backend* backend : backends::all()) {
    const ir::Policy policy = property::Generator(seed, backend->systems.front()).policy();
    std::vector<target::GivenOption> given;
    std::uint64_t draw = seed;
    for (const auto& option : backend->options) {
      if (option.values.size() < 2 || is_younger(option.key)) continue;
      draw = draw * 6364136223846793005u + 1442695040888963407u;
      given.push_back({std::string(backend->name), std::string(option.key), std::string(option.values[(draw >> 33) % option.values.size()])});
    }
    diag::Sink sink;
    auto settings = target::settings_for(*backend, policy, given, "", sink);
    const eval::Meaning meaning = eval::meaning_of(policy);
    const opt::Parts parts = opt::optimise(meaning.parts());
    const target::Enforced made = target::enforce(policy, meaning, parts, *backend, *settings, sources);
    const std::string prefix = fmt::format("{} drawn {}", seed, backend->name);
    if (made.outcome.too_complex) {
      rows[prefix + " artefact"] = "too complex";
      continue;
    }
    rows[prefix + " artefact"] = digest_of(made.printed.text);
    add_findings(prefix, policy.configuration.os, made.outcome.findings, rows);
  }
}

}  // namespace polc::frozen
