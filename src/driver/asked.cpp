#include "driver/asked.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "diag/catalogue.hpp"
#include "driver/names_check.hpp"
#include "driver/usual_types.hpp"
#include "eval/assertions.hpp"
#include "eval/certain.hpp"
#include "eval/compare.hpp"

namespace polc::driver {
namespace {

// A point to show: the one that contradicts, or the first that is asked about.
std::optional<ir::Point> shown_point(const AccessBoxes& boxes) {
  for (const auto& [box, left_out] : boxes)
    if (const auto points = eval::concrete_points(box, left_out))
      for (const auto& alternatives : *points)
        if (!alternatives.empty()) return alternatives.front();
  return std::nullopt;
}

// Among the values of what was left out, one that the set allows.
std::optional<ir::Point> allowed_point(const AccessBoxes& boxes, const eval::Meaning& meaning) {
  for (const auto& [box, left_out] : boxes)
    if (const auto points = eval::concrete_points(box, left_out))
      for (const auto& alternatives : *points)
        for (const ir::Point& point : alternatives)
          if (eval::decide(meaning, point).allowed) return point;
  return std::nullopt;
}

// Patterns and conditions stand for too many accesses to list: one that the set allows, or does not, is looked for.
std::optional<ir::Point> found_point(const AccessBoxes& boxes, const eval::Meaning& meaning, bool allowed = true) {
  sets::Budget budget;
  std::vector<ir::Box> all;
  for (const auto& [box, left_out] : boxes) all.push_back(box);
  const eval::Meaning named = eval::set_of(std::move(all), meaning.os());
  const eval::Meaning* const sides[] = {&named, &meaning};
  return allowed ? eval::find_common(sides, budget) : eval::find_access(sides, {.in = eval::side(0), .out = eval::side(1)}, budget);
}

bool are_calls(const AccessBoxes& boxes) {
  return std::all_of(boxes.begin(), boxes.end(), [](const auto& asked) { return std::holds_alternative<ir::CallBox>(asked.first); });
}

bool names_all_types(const AccessBoxes& boxes) {
  return std::none_of(boxes.begin(), boxes.end(), [](const auto& asked) { return asked.second.type; });
}

// A rule's `mode 0644` covers the modes of fewer bits; who asks about 0644 asks about just that.
bool is_allowed_as_said(const ir::Point& point, const AccessBoxes& boxes, const eval::Meaning& of) {
  const auto* file = std::get_if<ir::FilePoint>(&point);
  const auto* box = std::get_if<ir::FileBox>(&boxes.front().first);
  if (file == nullptr || box == nullptr || boxes.front().second.mode) return true;
  ir::FilePoint exact = *file;
  exact.mode = box->mode;
  return eval::decide(of, exact).allowed;
}

// Of what is not all allowed, an access that is: both sides are shown then.
void add_other_side(Asked& asked, const AccessBoxes& boxes, const eval::Meaning& of) {
  if (asked.allowed && !are_calls(boxes)) return;
  auto some = found_point(boxes, of);
  if (!some || !is_allowed_as_said(*some, boxes, of)) return;
  // Of calls the arguments that are left out are any, not some: part of them may be refused where the rule of expectations holds.
  auto left = asked.allowed ? found_point(boxes, of, false) : asked.point;
  if (!left || *left == *some) return;
  asked.allowed = false;
  asked.point = std::move(some);
  asked.refused = std::move(left);
}

Asked judged_as(const ir::Policy& policy, const eval::Meaning& meaning, const eval::Meaning& of, const AccessBoxes& boxes, std::string_view side,
                diag::Sink& sink) {
  sets::Budget budget;
  ir::Expectation expectation;
  expectation.effect = ir::Effect::allow;
  expectation.boxes = boxes;
  eval::Judgement judgement = eval::judge(of, expectation, budget);
  if (judgement.too_complex) sink.add(diag::too_complex, policy.range, std::string(side), judgement.too_complex);
  Asked result{&policy, &meaning, nullptr, judgement.holds, judgement.counterexample, {}, {}};
  if (!result.point && !judgement.examples.empty()) result.point = std::move(judgement.examples.front());
  if (!result.point && judgement.holds) result.point = allowed_point(boxes, of);
  if (!result.point && judgement.holds) result.point = found_point(boxes, of);
  if (!result.point) result.point = shown_point(boxes);
  if (!judgement.too_complex) add_other_side(result, boxes, of);
  return result;
}

Asked judged(const ir::Policy& policy, const eval::Meaning& meaning, const eval::Meaning& of, const AccessBoxes& boxes, std::string_view side,
             diag::Sink& sink) {
  const AccessBoxes usual = with_usual_types(boxes);
  Asked result = judged_as(policy, meaning, of, usual, side, sink);
  if (result.allowed || result.refused || names_all_types(boxes)) return result;
  if (const Asked other = judged_as(policy, meaning, of, boxes, side, sink); other.allowed) result.of_other_type = other.point;
  return result;
}

// What is possible and not sure is permitted where the policy refuses it, and refused where the policy allows it: as verdicts say.
Asked judged_on(const TargetResult& result, const AccessBoxes& boxes, diag::Sink& sink) {
  const eval::Meaning& permitted = result.enforced.outcome.permitted;
  Asked sure = judged(*result.policy, *result.meaning, permitted, boxes, result.backend->name, sink);
  if (sure.allowed || permitted.order().is_certain()) return sure;
  Asked maybe = judged(*result.policy, *result.meaning, eval::possible(permitted), boxes, result.backend->name, sink);
  const bool is_beyond = maybe.allowed && maybe.point && !eval::decide(*result.meaning, *maybe.point).allowed;
  return is_beyond ? maybe : sure;
}

}  // namespace

std::optional<Configured> configure(const sema::Program& program, const CompileRequest& request, Backends backends,
                                    diag::Sink& sink) {
  Os os = Os::linux_os;
  if (const auto systems = sema::systems_of(program); !systems.empty()) os = systems.front();
  if (!request.targets.empty()) {
    const target::Backend* backend = backend_named(backends, request.targets.front(), sink);
    if (backend == nullptr) return std::nullopt;
    os = system_for(*backend, program);
  }
  auto policies = sema::lower(program, {os, request.arch, request.variants}, sink);
  if (!policies) return std::nullopt;
  Configured result;
  result.os = os;
  for (ir::Policy& policy : *policies)
    if (request.policy.empty() || policy.name == request.policy) result.policies.push_back(std::move(policy));
  if (result.policies.empty() && !request.policy.empty()) {
    sink.add_unlocated(diag::unknown_policy, request.policy, fmt::format("{}", fmt::join(sema::policy_names(program), ", ")));
    return std::nullopt;
  }
  for (const ir::Policy& policy : result.policies) result.meanings.push_back(eval::meaning_of(policy));
  return result;
}

std::vector<std::string> deployed(const sema::Program& program, const CompileRequest& request, Backends backends, diag::Sink& sink) {
  std::vector<std::string> names;
  const auto systems = sema::systems_of(program);
  const auto policies = sema::lower(program, {systems.empty() ? Os::linux_os : systems.front(), request.arch, request.variants}, sink);
  if (!policies) return names;
  for (const target::Backend* backend : backends)
    for (const ir::Policy& policy : *policies) {
      if (!request.policy.empty() && policy.name != request.policy) continue;
      if (!std::binary_search(policy.deploy.begin(), policy.deploy.end(), backend->name)) continue;
      names.emplace_back(backend->name);
      break;
    }
  return names;
}

std::optional<AskedAll> ask(const sema::Program& program, const CompileRequest& request, const ast::Access& access,
                            Backends backends, const diag::SourceMap& sources, diag::Sink& sink) {
  AskedAll all;
  auto configured = configure(program, request, backends, sink);
  if (!configured) return std::nullopt;
  const auto boxes = sema::lower_access(program, {configured->os, request.arch, request.variants}, access, sink);
  if (!boxes) return std::nullopt;
  if (request.targets.empty()) {
    const Configured& kept = all.compilation.configurations.emplace_back(std::move(*configured));
    for (std::size_t i = 0; i < kept.policies.size(); ++i)
      all.push_back(ask_meaning(kept.policies[i], kept.meanings[i], *boxes, sink));
    return all;
  }
  all.compilation = compile(program, request, backends, sources, sink);
  if (sink.has_errors()) return std::nullopt;
  static_cast<std::vector<Asked>&>(all) = ask_artefacts(all.compilation, *boxes, sink);
  return all;
}

Asked ask_meaning(const ir::Policy& policy, const eval::Meaning& meaning, const AccessBoxes& boxes, diag::Sink& sink) {
  return judged(policy, meaning, meaning, boxes, "the meaning", sink);
}

std::vector<Asked> ask_artefacts(const Compilation& compilation, const AccessBoxes& boxes, diag::Sink& sink) {
  std::vector<Asked> all;
  for (const TargetResult& result : compilation.results) {
    if (!result.emitted) continue;
    Asked asked = judged_on(result, boxes, sink);
    asked.target = &result;
    all.push_back(std::move(asked));
  }
  return all;
}

}  // namespace polc::driver
