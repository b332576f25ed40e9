#include "driver/running.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "diag/catalogue.hpp"
#include "eval/compare.hpp"
#include "knowledge/names.hpp"
#include "target/common_ways.hpp"
#include "target/points.hpp"
#include "target/reactions.hpp"

namespace polc::driver {
namespace {

bool names(const ir::Policy& policy, const std::string& path) { return std::find(policy.programs.begin(), policy.programs.end(), path) != policy.programs.end(); }

std::string listed(const std::vector<ir::Policy>& policies) {
  std::vector<std::string> all;
  for (const ir::Policy& policy : policies) all.push_back("`" + policy.name + "`");
  return fmt::format("{}", fmt::join(all, ", "));
}

const ir::Policy* chosen(const std::vector<ir::Policy>& policies, const CompileRequest& request, const std::string& path, diag::Sink& sink) {
  if (!request.policy.empty()) {
    const auto named = std::find_if(policies.begin(), policies.end(), [&](const ir::Policy& policy) { return policy.name == request.policy; });
    if (named != policies.end()) return &*named;
    sink.add_unlocated(diag::unknown_policy, request.policy, listed(policies));
    return nullptr;
  }
  if (policies.size() == 1) return &policies.front();
  std::vector<const ir::Policy*> naming;
  for (const ir::Policy& policy : policies)
    if (names(policy, path)) naming.push_back(&policy);
  if (naming.size() == 1) return naming.front();
  if (policies.empty()) sink.add_unlocated(diag::wrong_usage, "there is no policy in these files");
  else if (path.empty()) sink.add_unlocated(diag::wrong_usage, fmt::format("there are the policies {}; choose one with --policy", listed(policies)));
  else sink.add_unlocated(diag::wrong_usage, fmt::format("{} of the policies {} has `{}` for its program; choose one with --policy", naming.empty() ? "none" : "more than one", listed(policies), path));
  return nullptr;
}

std::vector<target::Judged> judged(const Compilation& set) {
  std::vector<target::Judged> all;
  for (const TargetResult& one : set.results) all.push_back({one.backend, &one.enforced.outcome, one.emitted});
  return all;
}

Opened in_all_but(const std::vector<const eval::Meaning*>& all, const eval::Meaning& closed, const ir::Configuration& configuration) {
  std::vector<const eval::Meaning*> sides{&closed};
  eval::Term term{.out = eval::side(0)};
  for (const eval::Meaning* one : all) {
    term.in |= eval::side(static_cast<unsigned>(sides.size()));
    sides.push_back(one);
  }
  sets::Budget budget;
  Opened found;
  eval::compare(sides, std::span(&term, 1), budget, [&](const ir::Point& point, eval::TermSet) {
    if (target::can_happen(configuration, point)) found.witness = point;
    return !found.witness;
  });
  found.is_certain = found.witness || !budget.exhausted;
  return found;
}

}  // namespace

std::optional<PolicyChoice> policy_for(const sema::Program& program, const CompileRequest& request, const std::string& path, diag::Sink& sink) {
  const auto policies = sema::lower(program, {Os::linux_os, request.arch, request.variants}, sink);
  if (!policies) return std::nullopt;
  const ir::Policy* policy = chosen(*policies, request, path, sink);
  if (policy == nullptr) return std::nullopt;
  PolicyChoice choice{policy->name, names(*policy, path)};
  for (const ir::Limit& limit : policy->limits)
    if (limit.resource == knowledge::find_limit(Os::linux_os, "nofile")) choice.nofile = limit.bound;
  choice.deployed = policy->deploy;
  choice.is_trial = target::is_trial(*policy, "seccomp");
  return choice;
}

CompileRequest request_for(const CompileRequest& request, const std::string& policy, const RunRequest& run) {
  CompileRequest result = request;
  result.policy = policy;
  result.targets.clear();
  result.format.clear();
  result.suffix = "*";  // each target's own: the filter as bytes
  result.leaves_out_deployed = true;
  const auto set = [&](const char* target, const char* key, std::string value) { result.options.push_back({target, key, std::move(value)}); };
  const std::string descriptor = std::to_string(run.descriptor);
  if (run.abi != 0) {
    result.targets.push_back("landlock");
    set("landlock", "abi", std::to_string(run.abi));
    set("landlock", "exec", "launcher");
  }
  if (run.filters) {
    result.targets.push_back("seccomp");
    set("seccomp", "exec", "descriptor");
    set("seccomp", "descriptor", descriptor);
    if (run.is_trial) set("seccomp", "log", "all");
  }
  result.targets.push_back("launch");
  set("launch", "descriptor", descriptor);
  return result;
}

Opened opened(const Compilation& set, const Compilation& than) {
  const ir::Configuration& configuration = set.results.front().policy->configuration;
  const auto common = target::common_ways(configuration, judged(set)), refusing = target::common_ways(configuration, judged(than));
  std::vector<const eval::Meaning*> open;
  for (const TargetResult& one : set.results) open.push_back(&one.enforced.outcome.permitted);
  if (common) open.push_back(&*common);
  std::vector<const eval::Meaning*> closing;
  for (const TargetResult& one : than.results) closing.push_back(&one.enforced.outcome.permitted);
  if (refusing) closing.push_back(&*refusing);
  for (const eval::Meaning* closed : closing)
    if (auto found = in_all_but(open, *closed, configuration); found.witness || !found.is_certain) return found;
  return {};
}

bool permits(const Compilation& set, const ir::Point& point) {
  return std::all_of(set.results.begin(), set.results.end(), [&](const TargetResult& one) { return eval::decide(one.enforced.outcome.permitted, point).allowed; });
}

const TargetResult* result_of(const Compilation& set, std::string_view target) {
  const auto found = std::find_if(set.results.begin(), set.results.end(), [&](const TargetResult& one) { return one.backend->name == target; });
  return found == set.results.end() ? nullptr : &*found;
}

}  // namespace polc::driver
