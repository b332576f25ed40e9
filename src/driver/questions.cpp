#include "driver/questions.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "diag/catalogue.hpp"
#include "driver/asked.hpp"
#include "eval/implications.hpp"
#include "format/raise.hpp"
#include "knowledge/relation.hpp"
#include "support/lines.hpp"
#include "support/visible.hpp"
#include "target/ways.hpp"

namespace polc::driver {
namespace {

std::string rule_line(const ir::Policy& policy, ir::RuleId id, const diag::SourceMap& sources) {
  const ir::Rule& rule = policy.rules[id.value];
  std::string text = fmt::format("  {}: {}\n", diag::place_of(sources, rule.origin.front()), visible(sources.text_of(rule.origin.front())));
  if (!rule.reason.empty()) text += fmt::format("    reason: {}\n", rule.reason);
  for (std::size_t i = 1; i < rule.origin.size(); ++i)
    text += fmt::format("    used from {}\n", diag::place_of(sources, rule.origin[i]));
  return text;
}

std::string rules_text(const ir::Policy& policy, const eval::Decision& decision, const diag::SourceMap& sources) {
  if (decision.rules.empty()) return "  no rule names it: outside the policy\n";
  std::string text;
  for (const ir::RuleId id : decision.rules) text += rule_line(policy, id, sources);
  return text;
}

// A condition that contradicts itself is true of nothing, and whatever is said of nothing holds.
constexpr std::string_view nothing_asked = "no access is like this, so nothing is asked";

// What happens instead, on any target.
std::string reaction_text(const ir::Policy& policy, const ir::Point& point) {
  using Kind = ir::Reaction::Kind;
  const auto* call = std::get_if<ir::CallPoint>(&point);
  const ir::Reaction reaction =
      ir::reaction_for(policy, "", ir::class_of(point), call == nullptr ? std::nullopt : std::optional(call->call));
  std::string text = reaction.kind == Kind::kill ? "kill" : reaction.kind == Kind::hidden ? "hidden" : reaction.kind == Kind::log ? "log" : "deny";
  if (!reaction.error_name.empty()) text += " errno " + reaction.error_name;
  if (reaction.log && reaction.kind != Kind::log) text += " log";
  return text;
}

}  // namespace

std::string_view artefact_line(std::string_view artefact, unsigned number) {
  if (artefact.find('\0') != std::string_view::npos) return {};
  const std::string_view line = line_at(artefact, number);
  const auto first = line.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view() : line.substr(first);
}

Answer query(const sema::Program& program, const CompileRequest& request, const ast::Access& access, Backends backends,
             const diag::SourceMap& sources, diag::Sink& sink) {
  Answer answer;
  const auto asked = ask(program, request, access, backends, sources, sink);
  if (!asked) return {"", false};
  for (const Asked& one : *asked) {
    const ir::Policy& policy = *one.policy;
    const std::string prefix = asked->size() > 1 ? policy.name + ": " : "";
    answer.yes = answer.yes && one.allowed;
    answer.text += fmt::format("{}{}", prefix, one.refused ? "in part" : one.allowed ? "allow" : "deny");
    if (one.target != nullptr) answer.text += fmt::format(" (on {})", one.target->backend->name);
    answer.text += "\n";
    if (!one.point) {
      answer.text += fmt::format("  {}\n", nothing_asked);
      continue;
    }
    const auto add = [&](std::string_view which, const ir::Point& point) {
      answer.text += fmt::format("  {}{}\n", which, format::text_of(policy.configuration.os, point));
      answer.text += rules_text(policy, eval::decide(*one.meaning, point), sources);
    };
    add(one.refused ? "allowed: " : "", *one.point);
    if (one.refused) add("not: ", *one.refused);
    if (one.of_other_type) add("but allowed: ", *one.of_other_type);
  }
  return answer;
}

namespace {

// Rules whose words name the access, but that are not what decided: an allow under a deny.
std::string other_rules(const ir::Policy& policy, const eval::Meaning& meaning, const ir::Point& point, const eval::Decision& decision,
                        const diag::SourceMap& sources) {
  std::set<ir::RuleId> others;
  for (const std::uint32_t place : eval::parts_at(meaning, point))
    for (const ir::RuleId rule : meaning.parts()[place].rules)
      if (!std::binary_search(decision.rules.begin(), decision.rules.end(), rule)) others.insert(rule);
  std::string text = others.empty() ? "" : "  named by, too, without a say:\n";
  for (const ir::RuleId rule : others) text += rule_line(policy, rule, sources);
  return text;
}

// What the access brings along and the calls that perform it: an allow of just this would mean them, too.
std::string brought_text(const ir::Policy& policy, const std::vector<std::pair<ir::Box, ir::LeftOut>>& boxes) {
  const Os os = policy.configuration.os;
  ir::Policy alone;
  alone.configuration = policy.configuration;
  alone.rules.push_back({ir::Effect::allow, {}, {}, "", {}});
  for (const auto& [box, left_out] : boxes) alone.rules.front().boxes.push_back(box);
  std::vector<std::string> brought, needed;
  const eval::Meaning meaning = eval::meaning_of(alone);
  for (const eval::Part& part : meaning.parts()) {
    if (part.implied) needed.push_back("`" + format::text_of(os, part.box) + "`");
    else
      for (const ir::Box& box : eval::brought_by(part.box)) brought.push_back("`" + format::text_of(os, box) + "`");
  }
  std::string text = brought.empty() ? "" : fmt::format("  brings along {}\n", fmt::join(brought, ", "));
  return needed.empty() ? text : text + fmt::format("  is done by {}\n", fmt::join(needed, ", "));
}

// A target that sees only calls permits an access where it permits one of its ways.
std::string ways_text(const std::vector<target::Way>& ways, Os os) {
  std::string text = ", by its ways:\n";
  for (const target::Way& way : ways)
    text += fmt::format("    {} {}\n", way.is_permitted ? "permitted" : "refused  ", format::text_of(os, way.call));
  return text;
}

// Of the meaning, at one access.
std::string explained(const Asked& one, const ir::Point& point, const diag::SourceMap& sources) {
  const Os os = one.policy->configuration.os;
  const eval::Decision decision = eval::decide(*one.meaning, point);
  std::string text = fmt::format("{}: {} {}\n", one.policy->name, decision.allowed ? "allow" : "deny", format::text_of(os, point));
  text += rules_text(*one.policy, decision, sources);
  text += other_rules(*one.policy, *one.meaning, point, decision, sources);
  for (const ir::Point& bringer : eval::bringers_of(*one.meaning, point))
    if (eval::decide(*one.meaning, bringer).allowed) text += fmt::format("  implied by `{}`\n", format::text_of(os, bringer));
  if (!decision.allowed) text += fmt::format("  reaction: {}\n", reaction_text(*one.policy, point));
  return text;
}

std::string answer_of(const Asked& one) {
  const TargetResult& target = *one.target;
  std::string text = fmt::format("  on {}: {}", target.backend->name, one.refused ? "permitted in part" : one.allowed ? "permitted" : "refused");
  const target::Enforced& made = target.enforced;
  if (const auto line = target::line_for(*made.reading, *one.point, made.printed.notes())) {
    text += fmt::format(" by line {}", *line);
    if (const auto words = artefact_line(made.printed.text, *line); !words.empty()) text += fmt::format(": {}", words);
    return text + "\n";
  }
  const eval::Meaning& permitted = made.outcome.permitted;
  const auto places = eval::parts_at(permitted, *one.point);
  const bool is_blind = std::any_of(places.begin(), places.end(), [&](std::uint32_t place) { return permitted.parts()[place].rules.empty() && permitted.parts()[place].line == 0; });
  const ir::Configuration& configuration = one.policy->configuration;
  if (target.backend->asks_ways)
    if (const auto ways = target::ways_of(*one.point, permitted, configuration.os, configuration.arch); !ways.empty()) return text + ways_text(ways, configuration.os);
  return text + (!one.allowed ? ": no line permits it\n" : is_blind ? ": it does not look at such accesses\n" : "\n");
}

}  // namespace

Answer explain_access(const sema::Program& program, const CompileRequest& request, const ast::Access& access,
                      Backends backends, const diag::SourceMap& sources, diag::Sink& sink) {
  Answer answer;
  CompileRequest meaning_only = request;
  meaning_only.targets.clear();
  auto asked = ask(program, meaning_only, access, backends, sources, sink);
  if (!asked) return {"", false};
  std::optional<AskedAll> on_targets;
  if (!request.targets.empty()) on_targets = ask(program, request, access, backends, sources, sink);
  if (on_targets) asked->insert(asked->end(), on_targets->begin(), on_targets->end());
  for (const Asked& one : *asked) {
    if (!one.point) {
      if (one.target == nullptr) answer.text += fmt::format("{}: {}\n", one.policy->name, nothing_asked);
      continue;
    }
    const Os os = one.policy->configuration.os;
    if (one.target == nullptr) {
      answer.yes = answer.yes && one.allowed;
      answer.text += explained(one, *one.point, sources);
      if (one.refused) answer.text += explained(one, *one.refused, sources);
      if (const auto boxes = sema::lower_access(program, {os, request.arch, request.variants}, access, sink)) answer.text += brought_text(*one.policy, *boxes);
    } else {
      answer.text += answer_of(one);
    }
  }
  return answer;
}

Answer explain_policy(const sema::Program& program, const CompileRequest& request, Backends backends,
                      const diag::SourceMap&, diag::Sink& sink) {
  Answer answer;
  const auto configured = configure(program, request, backends, sink);
  if (!configured) return {"", false};
  for (std::size_t i = 0; i < configured->policies.size(); ++i) {
    const ir::Policy& policy = configured->policies[i];
    answer.text += fmt::format("# {} on {} {}{}\n", policy.name, name_of(policy.configuration.os), name_of(policy.configuration.arch),
                               policy.configuration.variants.empty()
                                   ? ""
                                   : fmt::format(", variants {}", fmt::join(policy.configuration.variants, ", ")));
    answer.text += format::dump(policy);
    answer.text += "\n# implied, without a rule of its own\n";
    for (const eval::Part& part : configured->meanings[i].parts())
      if (part.implied) answer.text += fmt::format("#   {}\n", format::text_of(policy.configuration.os, part.box));
  }
  answer.text += "\n# implied everywhere\n";
  for (const auto& [of, also] : knowledge::implied_file_verbs())
    answer.text += fmt::format("#   {} of a path brings {} of it\n", name_of(of), name_of(also));
  answer.text += "#   connect udp brings send and receive udp; bind unix brings create of the socket\n";
  return answer;
}

}  // namespace polc::driver
