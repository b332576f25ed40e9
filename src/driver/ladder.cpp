#include "driver/ladder.hpp"

#include <map>

namespace polc::driver {

std::string ladder_of(const sema::Program& program, const CompileRequest& request, const target::Ladder& ladder,
                      Backends backends, bool as_json, std::string_view here, const diag::SourceMap& sources) {
  std::deque<Compilation> compilations;  // rungs point into them
  std::map<std::string, std::vector<target::OnRung>, std::less<>> by_policy;
  for (const target::Rung& rung : ladder.rungs) {
    CompileRequest one = request;
    one.options.push_back({request.targets.front(), std::string(ladder.option), std::string(rung.word)});
    diag::Sink unheard;
    compilations.push_back(compile(program, one, backends, sources, unheard));
    for (const TargetResult& result : compilations.back().results)
      if (result.emitted)
        by_policy[result.policy->name].push_back({&rung, {result.policy, result.backend, &result.enforced.outcome, result.meaning}});
  }
  std::vector<std::vector<target::OnRung>> policies;
  for (auto& [name, rungs] : by_policy) policies.push_back(std::move(rungs));
  if (as_json) return target::ladder_json(ladder.option, policies, here, sources);
  std::string text;
  for (const auto& rungs : policies)
    text += (text.empty() ? "" : "\n") + target::ladder_text(ladder.option, rungs, here, sources);
  return text;
}

}  // namespace polc::driver
