#include "driver/stages.hpp"

#include <algorithm>
#include <map>
#include <sstream>

#include <fmt/format.h>

#include "driver/names_check.hpp"
#include "format/accesses.hpp"
#include "format/raise.hpp"
#include "format/tree.hpp"
#include "opt/pipeline.hpp"

namespace polc::driver {
namespace {

// `# tor.pol:47:3, tor.pol:80:5`: every place that a part comes from.
std::string places_of(const ir::Policy& policy, const std::vector<ir::RuleId>& rules, const diag::SourceMap& sources) {
  std::vector<diag::SourceRange> ranges;
  for (const ir::RuleId rule : rules) ranges.push_back(policy.rules[rule.value].origin.front());
  std::sort(ranges.begin(), ranges.end());
  ranges.erase(std::unique(ranges.begin(), ranges.end()), ranges.end());
  std::vector<std::string> places;
  for (const diag::SourceRange range : ranges) places.push_back(diag::place_of(sources, range));
  return fmt::format("# {}\n", fmt::join(places, ", "));
}

// Written parts only: what they imply follows from them, and the text is a policy again.
std::string text_of(const ir::Policy& policy, const opt::Parts& parts, const diag::SourceMap& sources) {
  std::string text = fmt::format("policy {} {{\n", policy.name);
  for (const eval::Part& part : parts) {
    if (part.implied) continue;
    text += "  " + places_of(policy, part.rules, sources);
    for (const auto& access : format::accesses_of(policy.configuration.os, part.box, format::nothing_given))
      text += fmt::format("  {} {};\n", ir::name_of(part.effect), access);
  }
  return text + "}\n";
}

std::string optimised(const ir::Policy& policy, const CompileRequest& request, std::string_view after_pass,
                      const diag::SourceMap& sources) {
  std::string text;
  const auto parts = opt::optimise(eval::meaning_of(policy).parts(), request.disabled_passes, [&](const opt::Pass& pass, const opt::Parts& now) {
    if (pass.name == after_pass) text = text_of(policy, now, sources);
  });
  return after_pass.empty() ? text_of(policy, parts, sources) : text;
}

// Each line of the artefact, with the places that it is there for and what it permits or refuses.
std::string text_of(const TargetResult& result, const diag::SourceMap& sources) {
  const target::Printed& printed = result.enforced.printed;
  const Os os = result.policy->configuration.os;
  std::string text = fmt::format("# {} for {}\n", result.policy->name, result.backend->name);
  std::multimap<unsigned, std::string> said;
  if (result.enforced.reading != nullptr)
    for (const eval::Part& part : result.enforced.reading->permits.parts())
      said.emplace(printed.line_after_head(part.line), fmt::format("  {} {}\n", ir::name_of(part.effect), format::text_of(os, part.box)));
  std::istringstream lines(printed.text);
  std::string line;
  const bool is_text = printed.text.find('\0') == std::string::npos;  // else instructions
  for (unsigned number = 1; number <= printed.origins.size(); ++number) {
    const target::Origin& origin = printed.origins[number - 1];
    if (is_text) std::getline(lines, line);
    text += fmt::format("{}: {}\n", number, line);
    if (origin.kind == target::Origin::Kind::raw) text += "  # raw text\n";
    if (!origin.why.empty()) text += fmt::format("  # {}\n", origin.why);
    std::vector<ir::RuleId> rules;
    if (origin.kind == target::Origin::Kind::rules)
      for (const std::uint32_t part : origin.from) {
        const auto& more = (*result.said)[part].rules;
        rules.insert(rules.end(), more.begin(), more.end());
      }
    if (!rules.empty()) text += "  " + places_of(*result.policy, rules, sources);
    for (auto [one, end] = said.equal_range(number); one != end; ++one) text += one->second;
  }
  for (const ir::Box& box : result.enforced.outcome.unseen) text += fmt::format("unseen {}\n", format::text_of(os, box));
  return text;
}

}  // namespace

std::string stage_text(const sema::Program& program, const CompileRequest& request, Stage stage, std::string_view after_pass,
                       Backends backends, const diag::SourceMap& sources, diag::Sink& sink) {
  std::string text;
  if (stage == Stage::ast) {
    for (const sema::Unit& unit : program.units)
      if (unit.is_main) text += format::tree_of(unit.file, sources);
    return text;
  }
  if (stage == Stage::legal) {
    const Compilation compilation = compile(program, request, backends, sources, sink);
    for (const TargetResult& result : compilation.results) text += text_of(result, sources);
    return text;
  }
  // Without a target there is no system but the first that the policy knows.
  Os os = Os::linux_os;
  if (const auto systems = sema::systems_of(program); !systems.empty()) os = systems.front();
  if (!request.targets.empty())
    if (const auto* backend = backend_named(backends, request.targets.front(), sink)) os = system_for(*backend, program);
  const auto policies = sema::lower(program, {os, request.arch, request.variants}, sink);
  if (!policies) return text;
  for (const ir::Policy& policy : *policies)
    if (request.policy.empty() || policy.name == request.policy)
      text += stage == Stage::ir ? format::dump(policy) : optimised(policy, request, after_pass, sources);
  return text;
}

}  // namespace polc::driver
