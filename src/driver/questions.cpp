#include "driver/questions.hpp"

#include <fmt/format.h>

#include "diag/catalogue.hpp"
#include "driver/asked.hpp"
#include "format/raise.hpp"
#include "knowledge/implied.hpp"

namespace polc::driver {
namespace {

std::string rule_line(const ir::Policy& policy, ir::RuleId id, const diag::SourceMap& sources) {
  const ir::Rule& rule = policy.rules[id.value];
  std::string text = fmt::format("  {}: {}\n", diag::place_of(sources, rule.origin.front()), sources.text_of(rule.origin.front()));
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

Answer query(const sema::Program& program, const CompileRequest& request, const ast::Access& access, Backends backends,
             const diag::SourceMap& sources, diag::Sink& sink) {
  Answer answer;
  const auto asked = ask(program, request, access, backends, sources, sink);
  if (!asked) return {"", false};
  for (const Asked& one : *asked) {
    const ir::Policy& policy = *one.policy;
    const std::string prefix = asked->size() > 1 ? policy.name + ": " : "";
    answer.yes = answer.yes && one.allowed;
    answer.text += fmt::format("{}{}", prefix, one.allowed ? "allow" : "deny");
    if (one.target != nullptr) answer.text += fmt::format(" (on {})", one.target->backend->name);
    answer.text += "\n";
    if (!one.point) continue;
    answer.text += fmt::format("  {}\n", format::text_of(policy.configuration.os, *one.point));
    answer.text += rules_text(policy, eval::decide(*one.meaning, *one.point), sources);
  }
  return answer;
}

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
    if (!one.point) continue;
    const Os os = one.policy->configuration.os;
    const eval::Decision decision = eval::decide(*one.meaning, *one.point);
    if (one.target == nullptr) {
      answer.yes = answer.yes && decision.allowed;
      answer.text += fmt::format("{}: {} {}\n", one.policy->name, decision.allowed ? "allow" : "deny", format::text_of(os, *one.point));
      answer.text += rules_text(*one.policy, decision, sources);
      for (const ir::Point& bringer : eval::bringers_of(*one.meaning, *one.point))
        if (eval::decide(*one.meaning, bringer).allowed)
          answer.text += fmt::format("  brought along by `{}`\n", format::text_of(os, bringer));
      if (!decision.allowed)
        answer.text += fmt::format("  reaction: {}\n", reaction_text(*one.policy, *one.point));
    } else {
      answer.text += fmt::format("  on {}: {}", one.target->backend->name, one.allowed ? "permitted" : "refused");
      if (const auto line = one.target->reader->line_for(*one.point))
        answer.text += fmt::format(" by line {}", *line);
      answer.text += "\n";
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
    answer.text += "\n# brought along without a rule of its own\n";
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
