// polc test: every expectation against the meaning and every artefact.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "diag/catalogue.hpp"
#include "driver/asked.hpp"
#include "driver/exercise.hpp"
#include "driver/names_check.hpp"
#include "driver/questions.hpp"
#include "eval/assertions.hpp"
#include "format/raise.hpp"
#include "target/points.hpp"
#include "target/rule_text.hpp"

namespace polc::driver {
namespace {

std::string expected_text(const ir::Expectation& expectation, Os os) {
  std::string text(ir::name_of(expectation.effect));
  for (const auto& [box, left_out] : expectation.boxes) {
    text += " " + format::text_of(os, box);
    if (&box != &expectation.boxes.back().first) text += ",";
  }
  if (text.size() > 100) text = text.substr(0, 97) + "...";
  return text;
}

struct Counts {
  std::size_t passed = 0, failed = 0, open = 0;
};

class Tester {
 public:
  Tester(bool strict, const diag::SourceMap& sources, diag::Sink& sink, Answer& answer)
      : strict_(strict), sources_(sources), sink_(sink), answer_(answer) {}

  void on_meaning(const ir::Policy& policy, const eval::Meaning& meaning) {
    Counts counts;
    for (const ir::Expectation& expectation : policy.expectations) {
      sets::Budget budget;
      const eval::Judgement judgement = eval::judge(meaning, expectation, budget);
      if (judgement.too_complex) sink_.add(diag::expectation_too_complex, expectation.range, judgement.too_complex);
      judgement.holds ? ++counts.passed : ++counts.failed;
      if (judgement.holds || judgement.too_complex) continue;
      const Os os = policy.configuration.os;
      auto added = sink_.add(diag::expectation_failed, expectation.range, expected_text(expectation, os),
                             format::text_of(os, *judgement.counterexample),
                             std::string(expectation.effect == ir::Effect::allow ? "denied" : "allowed"));
      for (const ir::RuleId rule : eval::decide(meaning, *judgement.counterexample).rules)
        added.note(policy.rules[rule.value].origin.front(), "this rule decides");
    }
    line(policy, "meaning", counts);
  }

  void on_target(const TargetResult& result) {
    Counts counts;
    for (const ir::Expectation& expectation : result.policy->expectations) {
      const eval::Judgement judgement = judge_on(result, expectation);
      const std::optional<ir::Point>& contradiction = judgement.counterexample;
      if (judgement.too_complex) ++counts.failed, sink_.add(diag::expectation_too_complex, expectation.range, judgement.too_complex);
      else if (!contradiction) ++counts.passed;
      else if (known_open(result, expectation, *contradiction)) ++counts.open, note_open(result, expectation, *contradiction);
      else ++counts.failed, fail(result, expectation, *contradiction);
    }
    line(*result.policy, result.backend->name, counts);
  }

  void add_coverage(const ir::Policy& policy) {
    const auto unnamed = unnamed_rules(policy);
    answer_.text += fmt::format("{}: {} of {} rules are named by an expectation{}\n", head(policy), policy.rules.size() - unnamed.size(),
                                policy.rules.size(), unnamed.empty() ? "" : "; by none:");
    for (const ir::RuleId rule : unnamed) answer_.text += "  " + rule_line(policy, rule) + "\n";
  }

  void add_mutants(const ir::Policy& policy, const eval::Meaning& meaning) {
    const MutationScore score = mutate_rules(policy, meaning);
    answer_.text += fmt::format("{}: {} mutants: {} noticed, {} that change nothing, {} unnoticed{}\n", head(policy),
                                score.noticed + score.equal + score.unnoticed.size(), score.noticed, score.equal, score.unnoticed.size(),
                                score.unnoticed.empty() ? "" : ":");
    for (const RuleMutant& mutant : score.unnoticed)
      answer_.text += fmt::format("  {} ({})\n", rule_line(policy, mutant.rule), mutant.what);
  }

 private:
  std::string rule_line(const ir::Policy& policy, ir::RuleId id) const {
    const ir::Rule& rule = policy.rules[id.value];
    return fmt::format("{}: {}", diag::place_of(sources_, rule.origin.front()), target::rule_text(rule, sources_));
  }

  static std::string head(const ir::Policy& policy) {
    if (policy.configuration.variants.empty()) return fmt::format("{} ({})", policy.name, name_of(policy.configuration.os));
    return fmt::format("{} ({})", policy.name, fmt::join(policy.configuration.variants, ","));
  }

  static eval::Judgement judge_on(const TargetResult& result, const ir::Expectation& expectation) {
    sets::Budget budget;
    return eval::judge(result.enforced.outcome.permitted, expectation, budget);
  }

  // The meaning denies it; a verdict says that this target leaves it open. Then it is reported as open, never as a pass.
  static bool known_open(const TargetResult& result, const ir::Expectation& expectation, const ir::Point& point) {
    return expectation.effect == ir::Effect::deny && !eval::decide(*result.meaning, point).allowed &&
           eval::decide(result.enforced.outcome.permitted, point).allowed;
  }

  void note_open(const TargetResult& result, const ir::Expectation& expectation, const ir::Point& point) {
    const std::string words = format::text_of(result.policy->configuration.os, point);
    answer_.text += fmt::format("  open on {}: {}: `{}`{}\n", result.backend->name, diag::place_of(sources_, expectation.range),
                                words, reason_of(result, point));
    if (strict_) sink_.add(diag::open_under_strict, expectation.range, std::string(result.backend->name), words);
  }

  /// The findings of the rules behind what permits it; those about such accesses, where there are some.
  static std::set<std::string> reasons_for(const TargetResult& result, const ir::Point& point) {
    std::set<std::string> near, all;
    const auto add = [&](const target::Finding& finding) {
      const std::string reason = finding.accepted ? "accepted: " + result.policy->accepts[*finding.accepted].reason
                                                  : std::string(target::capability_of(*result.backend, finding.because).why);
      all.insert(reason);
      if (finding.witness && target::kind_of(*finding.witness) == target::kind_of(point)) near.insert(reason);
    };
    for (const std::uint32_t place : eval::parts_at(result.enforced.outcome.permitted, point))
      for (const ir::RuleId rule : result.enforced.outcome.permitted.parts()[place].rules)
        for (const target::Finding& finding : result.enforced.outcome.findings)
          if (finding.rule == rule && finding.verdict != ir::Verdict::narrower) add(finding);
    return near.empty() ? all : near;
  }

  static std::string reason_of(const TargetResult& result, const ir::Point& point) {
    const std::set<std::string> reasons = reasons_for(result, point);
    if (!reasons.empty()) return " (" + *reasons.begin() + ")";
    // Of a part that no rule stands behind: raw text, or what is printed for everybody.
    const auto places = eval::parts_at(result.enforced.outcome.permitted, point);
    const bool has_line = std::any_of(places.begin(), places.end(), [&](std::uint32_t place) { return result.enforced.outcome.permitted.parts()[place].line != 0; });
    return has_line ? " (a line that no rule asks for permits it)" : " (the target does not see this)";
  }

  void fail(const TargetResult& result, const ir::Expectation& expectation, const ir::Point& point) {
    const Os os = result.policy->configuration.os;
    sink_.add(diag::expectation_failed_on_target, expectation.range, expected_text(expectation, os),
              std::string(result.backend->name), format::text_of(os, point),
              std::string(expectation.effect == ir::Effect::allow ? "refused" : "permitted"));
  }

  void line(const ir::Policy& policy, std::string_view on, const Counts& counts) {
    answer_.text += fmt::format("{} on {}: {} passed, {} failed", head(policy), on, counts.passed, counts.failed);
    if (counts.open > 0) answer_.text += fmt::format(", {} open", counts.open);
    answer_.text += "\n";
    answer_.yes = answer_.yes && counts.failed == 0;
  }

  bool strict_;
  const diag::SourceMap& sources_;
  diag::Sink& sink_;
  Answer& answer_;
};

struct Run {
  Os os;
  std::vector<std::string> variants;
};

// Without --variant every platform once; a program without platforms once.
std::vector<Run> runs_of(const sema::Program& program, const CompileRequest& request, Backends backends, diag::Sink& sink) {
  std::vector<Run> runs;
  std::vector<Os> systems = sema::systems_of(program);
  if (!request.targets.empty()) {
    systems.clear();
    for (const auto& name : request.targets)
      if (const auto* backend = backend_named(backends, name, sink)) {
        const Os os = system_for(*backend, program);
        if (std::find(systems.begin(), systems.end(), os) == systems.end()) systems.push_back(os);
      }
  }
  if (systems.empty()) systems.push_back(Os::linux_os);
  for (const Os os : systems) {
    const auto platforms = sema::platforms_of(program, os);
    if (!request.variants.empty() || platforms.empty()) runs.push_back({os, request.variants});
    else
      for (const auto& platform : platforms) runs.push_back({os, {platform}});
  }
  return runs;
}

}  // namespace

Answer test(const sema::Program& program, CompileRequest request, TestExtras extras, Backends backends,
            const diag::SourceMap& sources, diag::Sink& sink) {
  Answer answer;
  bool is_meaning_only = false;
  const std::vector<std::string> asked_targets = request.targets;
  for (const Run& run : runs_of(program, request, backends, sink)) {
    request.variants = run.variants;
    request.targets.clear();
    const auto policies = sema::lower(program, {run.os, request.arch, run.variants}, sink);
    if (!policies) return {"", false};
    std::set<std::string> deployed;
    for (const ir::Policy& policy : *policies) deployed.insert(policy.deploy.begin(), policy.deploy.end());
    for (const target::Backend* backend : backends) {
      const std::string name(backend->name);
      const bool wanted = asked_targets.empty() ? deployed.count(name) > 0
                                                : std::find(asked_targets.begin(), asked_targets.end(), name) != asked_targets.end();
      if (wanted && system_for(*backend, program) == run.os) request.targets.push_back(name);
    }
    Tester tester(request.strict, sources, sink, answer);
    for (const ir::Policy& policy : *policies) {
      const eval::Meaning meaning = eval::meaning_of(policy);
      tester.on_meaning(policy, meaning);
      if (extras.coverage) tester.add_coverage(policy);
      if (extras.mutate) tester.add_mutants(policy, meaning);
    }
    if (request.targets.empty()) {
      is_meaning_only = true;
      continue;
    }
    diag::Sink compiling;
    const Compilation compilation = compile(program, request, backends, sources, compiling);
    for (const auto& diagnostic : compiling.all()) sink.add_diagnostic(diagnostic);
    if (compiling.has_errors()) {
      answer.yes = false;
      continue;
    }
    for (const TargetResult& result : compilation.results)
      if (result.emitted) tester.on_target(result);
  }
  if (is_meaning_only) answer.text += "no artefact was asked: say --target, or let the policy `deploy` some\n";
  return answer;
}

}  // namespace polc::driver
