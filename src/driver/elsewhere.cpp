#include "driver/elsewhere.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "diag/catalogue.hpp"
#include "eval/compare.hpp"
#include "format/raise.hpp"
#include "target/blind_ways.hpp"
#include "target/points.hpp"

namespace polc::driver {
namespace {

// Those for which the policy is not compiled by itself.
std::vector<Arch> added(const target::Backend& backend, const ir::Policy& policy, const target::Settings& settings, const CompileRequest& request) {
  std::vector<Arch> archs;
  if (backend.architectures == nullptr) return archs;
  archs = backend.architectures(policy.configuration, settings);
  std::erase_if(archs, [&](Arch arch) {
    const auto& more = request.more_architectures;
    return arch == policy.configuration.arch || std::find(more.begin(), more.end(), arch) != more.end();
  });
  return archs;
}

/// What a text permits on one architecture, and what the policy means there.
struct There {
  const ir::Policy& policy;
  const eval::Meaning& meaning;
  const eval::Meaning& permits;
};

// By which the text does an act that the rule denies, whether the policy allows it or not.
std::vector<target::BlindWay> blind_ways(const There& there, const ir::Rule& rule, const target::Backend& backend) {
  const target::Permitting only[] = {{&backend, &there.permits}};
  sets::Budget budget;
  return target::blind_ways(there.policy, rule, there.permits, only, budget);
}

class Judge {
 public:
  Judge(const TargetResult& result, diag::Sink& sink)
      : result_(result), here_{*result.policy, *result.meaning, result.enforced.outcome.permitted}, sink_(sink) {}

  void run(const ir::Policy& policy, bool is_strict) {
    const auto reading = result_.backend->read(result_.enforced.printed.text, policy.configuration, result_.settings);
    if (!reading) return;  // told by what reads it there for its own sake (error_elsewhere)
    const eval::Meaning meaning = eval::meaning_of(policy);
    const There there{policy, meaning, reading->permits};
    add_lost(there, is_strict);
    for (const ir::Rule& rule : policy.rules)
      if (const auto ways = blind_ways(there, rule, *result_.backend); !ways.empty() && !is_open_here(rule))
        add(there, ways.front().point, rule.origin.front());
  }

 private:
  // What is open where the policy was compiled for is told there. Of the rest each deny that is lost; and calls beyond what the rules
  // bring there, for whoever wants to know of all that is open.
  void add_lost(const There& there, bool is_strict) {
    const eval::Meaning* const sides[] = {&there.permits, &there.meaning};
    const eval::Term terms[] = {{.in = eval::side(0), .denied = eval::side(1)}, {.in = eval::side(0), .out = eval::side(1)}};
    sets::Budget budget;
    std::set<ir::RuleId> told;
    bool any_told = false;
    eval::compare(sides, terms, budget, [&](const ir::Point& point, eval::TermSet holding) {
      const bool is_lost = (holding & 1u) != 0, is_call = std::holds_alternative<ir::CallPoint>(point);
      if (!is_lost && !(is_strict && is_call && !any_told)) return true;
      if (!target::can_happen(there.policy.configuration, point) || is_open_here(point)) return true;
      for (const ir::RuleId rule : denying(there, point))
        if (told.insert(rule).second) add(there, point, there.policy.rules[rule.value].origin.front());
      if (!is_lost) add(there, point, there.policy.range), any_told = true;
      return true;
    });
  }

  bool is_open_here(const ir::Point& point) const {
    return target::can_happen(here_.policy.configuration, point) && eval::decide(here_.permits, point).allowed;
  }
  // Rules may have other numbers here: by `when arch`.
  bool is_open_here(const ir::Rule& there) const {
    const auto& rules = here_.policy.rules;
    return std::any_of(rules.begin(), rules.end(), [&](const ir::Rule& rule) {
      return rule.origin == there.origin && !blind_ways(here_, rule, *result_.backend).empty();
    });
  }

  static std::vector<ir::RuleId> denying(const There& there, const ir::Point& point) {
    std::vector<ir::RuleId> rules;
    for (const std::uint32_t place : eval::parts_at(there.meaning, point)) {
      const eval::Part& part = there.meaning.parts()[place];
      if (part.effect == ir::Effect::deny) rules.insert(rules.end(), part.rules.begin(), part.rules.end());
    }
    return rules;
  }

  void add(const There& there, const ir::Point& point, diag::SourceRange at) {
    const ir::Configuration& configuration = there.policy.configuration;
    auto added = sink_.add(diag::wider_elsewhere, at, std::string(result_.backend->name), std::string(name_of(configuration.arch)),
                           format::text_of(configuration.os, point));
    const std::string_view here = name_of(here_.policy.configuration.arch);
    const std::string_view there_too = name_of(configuration.arch);
    if (result_.settings.format == "oci") added.note(fmt::format("a profile has one list of calls for all architectures: make one for each, by --arch={}", there_too));
    else added.note(fmt::format("without the option, --arch={},{} compiles the policy for both", here, there_too));
  }

  const TargetResult& result_;
  There here_;
  diag::Sink& sink_;
};

}  // namespace

std::vector<Elsewhere> lower_elsewhere(const sema::Program& program, const CompileRequest& request,
                                       std::span<const target::Backend* const> backends, const Configured& configuration, diag::Sink& sink) {
  std::vector<Elsewhere> all;
  for (const target::Backend* backend : backends) {
    if (backend->architectures == nullptr) continue;
    for (const ir::Policy& policy : configuration.policies) {
      diag::Sink unheard;  // wrong options are told where they are used
      const auto settings = target::settings_for(*backend, policy, request.options, "", unheard);
      if (!settings) continue;
      for (const Arch arch : added(*backend, policy, *settings, request)) {
        const auto is_it = [&](const Elsewhere& one) { return one.arch == arch; };
        if (std::any_of(all.begin(), all.end(), is_it)) continue;
        auto policies = sema::lower(program, {configuration.os, arch, request.variants}, sink);
        if (policies) all.push_back({configuration.os, arch, *std::move(policies)});
      }
    }
  }
  return all;
}

void judge_elsewhere(const TargetResult& result, const std::vector<Elsewhere>& all, const CompileRequest& request, diag::Sink& sink) {
  if (result.enforced.reading == nullptr) return;
  Judge judge(result, sink);
  for (const Arch arch : added(*result.backend, *result.policy, result.settings, request))
    for (const Elsewhere& one : all)
      for (const ir::Policy& policy : one.policies)
        if (one.arch == arch && one.os == result.policy->configuration.os && policy.name == result.policy->name) judge.run(policy, request.strict);
}

}  // namespace polc::driver
