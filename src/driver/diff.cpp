#include "driver/diff.hpp"

#include <algorithm>

#include "diag/catalogue.hpp"
#include "driver/asked.hpp"

namespace polc::driver {
namespace {

// A policy with the set that is compared: its meaning, or what its artefact permits.
struct Side {
  const ir::Policy* policy = nullptr;
  const eval::Meaning* meaning = nullptr;
  const target::Backend* target = nullptr;
};

class Comparer {
 public:
  Comparer(ComparedAll& all, diag::Sink& sink) : all_(all), sink_(sink) {}

  void run(const std::vector<Side>& before, const std::vector<Side>& now) {
    const bool one_each = before.size() == 1 && now.size() == 1;
    std::vector<bool> taken(now.size());
    for (const Side& old : before) {
      const auto same = [&](const Side& side) { return side.target == old.target && (one_each || side.policy->name == old.policy->name); };
      const auto found = std::find_if(now.begin(), now.end(), same);
      if (found == now.end()) {
        all_.push_back({old.policy->name, old.policy, nullptr, old.target, {}});
        continue;
      }
      taken[static_cast<std::size_t>(found - now.begin())] = true;
      compare_two(old, *found);
    }
    for (std::size_t i = 0; i < now.size(); ++i)
      if (!taken[i]) all_.push_back({now[i].policy->name, nullptr, now[i].policy, now[i].target, {}});
  }

 private:
  void compare_two(const Side& before, const Side& now) {
    sets::Budget budget{.steps = steps};
    auto changes = diff::changes_between(*before.meaning, *now.meaning, budget);
    if (!changes) {
      sink_.add(diag::too_complex, now.policy->range, now.target != nullptr ? std::string(now.target->name) : "the meaning", budget.given);
      return;
    }
    all_.push_back({now.policy->name, before.policy, now.policy, now.target, std::move(*changes)});
  }

  // Ten times what one question is given: each change is asked for, and each is held against both sides.
  static constexpr std::uint64_t steps = 200'000'000;

  ComparedAll& all_;
  diag::Sink& sink_;
};

std::vector<Side> meanings_of(const Configured& configured) {
  std::vector<Side> sides;
  for (std::size_t i = 0; i < configured.policies.size(); ++i) sides.push_back({&configured.policies[i], &configured.meanings[i], nullptr});
  return sides;
}

std::vector<Side> permitted_of(const Compilation& compilation, const std::string& target) {
  std::vector<Side> sides;
  for (const TargetResult& result : compilation.results)
    if (result.emitted && result.backend->name == target) sides.push_back({result.policy, &result.enforced.outcome.permitted, result.backend});
  return sides;
}

}  // namespace

ComparedAll compare(const sema::Program& before, const sema::Program& now, const CompileRequest& request, Backends backends,
                    const diag::SourceMap& sources, diag::Sink& sink) {
  ComparedAll all;
  Comparer comparer(all, sink);
  for (const sema::Program* program : {&before, &now}) {
    auto configured = configure(*program, request, backends, sink);
    if (!configured) return all;
    all.configured.push_back(std::move(*configured));
  }
  comparer.run(meanings_of(all.configured[0]), meanings_of(all.configured[1]));
  if (request.targets.empty() || sink.has_errors()) return all;
  for (const sema::Program* program : {&before, &now}) {
    Compilation& compilation = all.compilations.emplace_back(compile(*program, request, backends, sources, sink));
    // What was judged is no longer needed, and may be large.
    for (TargetResult& result : compilation.results) result.text = {}, result.enforced.printed = {}, result.enforced.reading.reset();
  }
  if (sink.has_errors()) return all;
  for (const std::string& target : request.targets)
    comparer.run(permitted_of(all.compilations[0], target), permitted_of(all.compilations[1], target));
  return all;
}

bool has(const ComparedAll& all, diff::Direction direction) {
  return std::any_of(all.begin(), all.end(), [&](const Compared& one) {
    if (one.before == nullptr) return direction == diff::Direction::lost;
    if (one.now == nullptr) return direction == diff::Direction::gained;
    return std::any_of(one.changes.begin(), one.changes.end(), [&](const auto& change) { return change.direction == direction; });
  });
}

}  // namespace polc::driver
