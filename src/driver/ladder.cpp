#include "driver/ladder.hpp"

#include <algorithm>
#include <map>

#include "target/ladder.hpp"

namespace polc::driver {

std::string ladders_of(const sema::Program& program, const CompileRequest& request, Backends backends, bool as_json, const diag::SourceMap& sources) {
  std::deque<Compilation> compilations;  // ladders point into them
  std::vector<std::vector<target::OnRung>> ladders;
  for (const target::Backend* backend : backends) {
    const bool is_asked = std::find(request.targets.begin(), request.targets.end(), backend->name) != request.targets.end();
    if (!is_asked || backend->ladder.empty()) continue;
    std::map<std::string, std::vector<target::OnRung>, std::less<>> by_policy;
    for (const target::Rung& rung : backend->rungs) {
      CompileRequest one = request;
      one.targets = {std::string(backend->name)};
      one.options.push_back({std::string(backend->name), std::string(backend->ladder), std::string(rung.word)});
      diag::Sink unheard;
      compilations.push_back(compile(program, one, backends, sources, unheard));
      for (const TargetResult& result : compilations.back().results)
        if (result.emitted) by_policy[result.policy->name].push_back({&rung, {result.policy, result.backend, &result.enforced.outcome}});
    }
    for (auto& [policy, rungs] : by_policy) ladders.push_back(std::move(rungs));
  }
  if (as_json) return target::ladder_json(ladders, sources);
  std::string text;
  for (const auto& rungs : ladders) text += (text.empty() ? "" : "\n") + target::ladder_text(rungs, sources);
  return text;
}

}  // namespace polc::driver
