// Which parts of a policy each instruction is there for: told from the program by what each call meets in it.
#include <algorithm>
#include <map>

#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "seccomp/generate.hpp"
#include "seccomp/ruleset.hpp"

namespace polc::seccomp {
namespace {

using target::Origin;

bool is_test(std::uint16_t code) { return (code & 7) == 5 && code != op::always; }
bool looks_at_arguments(const Instruction& one) { return one.code == op::load && one.k >= offset_of_arguments; }

class Origins {
 public:
  Origins(const Program& program, const target::Member& policy)
      : program_(program), policy_(policy), calls_of_(program.size()), is_for_launcher_(program.size(), false) {
    for (const CallRule& rule : rules_of(policy))
      for (const CallId call : rule.box.calls) parts_of_[call].push_back(rule.from);
    for (auto& [call, parts] : parts_of_) parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
  }

  std::vector<Origin> run() {
    const Choices choices = choices_of(policy_of(policy_).configuration, policy_.settings);
    if (choices.launch) launched_ = choices.launch->option;
    for (const Arch arch : choices.archs)
      for (std::size_t i = 0; i < knowledge::calls_of(Os::linux_os).size(); ++i) {
        const CallId call{static_cast<std::uint16_t>(i)};
        const bool is_launched = is_launch(choices, call);
        if (!is_launched && !parts_of_.contains(call)) continue;
        if (const auto number = knowledge::number_of(arch, call))
          follow(call, knowledge::audit_arch(arch), *number, is_launched);
      }
    std::vector<Origin> result;
    for (std::size_t at = 0; at < program_.size(); ++at) result.push_back(origin_of(at));
    return result;
  }

 private:
  // By number and architecture to the test that settles it, or into the tests of the arguments.
  void follow(CallId call, std::uint32_t audit, std::uint32_t number, bool is_launched) {
    std::uint32_t held = 0;
    std::size_t decided = 0;
    for (std::size_t at = 0; at < program_.size(); ++at) {
      const Instruction& one = program_[at];
      if (looks_at_arguments(one)) return add_tests(call, at, is_launched);
      if (one.code == op::load) held = one.k == offset_of_number ? number : audit;
      if (one.code == op::always) at += one.k;
      if (is_test(one.code)) {
        decided = at;
        at += (one.code == op::equal ? held == one.k : held >= one.k) ? one.jt : one.jf;
      }
      if (one.code == op::answer) break;
    }
    add(decided, call);
    if (is_launched) is_for_launcher_[decided] = true;
  }

  void add(std::size_t at, CallId call) {
    if (calls_of_[at].empty() || calls_of_[at].back() != call) calls_of_[at].push_back(call);
  }

  void add_tests(CallId call, std::size_t from, bool is_launched) {
    std::vector<bool> seen(program_.size(), false);
    std::vector<std::size_t> open{from};
    const auto reach = [&](std::size_t to) {
      if (!seen[to]) seen[to] = true, open.push_back(to);
    };
    while (!open.empty()) {
      const std::size_t at = open.back();
      open.pop_back();
      const Instruction& one = program_[at];
      if (one.code == op::answer) continue;
      add(at, call);
      if (is_launched) is_for_launcher_[at] = true;
      if (one.code == op::always) reach(at + 1 + one.k);
      else reach(at + 1 + one.jt);
      if (is_test(one.code)) reach(at + 1 + one.jf);
    }
  }

  Origin origin_of(std::size_t at) const {
    Origin origin{Origin::Kind::rules, {}, is_for_launcher_[at] ? launched_ : std::string_view()};
    for (const CallId call : calls_of_[at])
      if (const auto parts = parts_of_.find(call); parts != parts_of_.end())
        origin.from.insert(origin.from.end(), parts->second.begin(), parts->second.end());
    std::sort(origin.from.begin(), origin.from.end());
    origin.from.erase(std::unique(origin.from.begin(), origin.from.end()), origin.from.end());
    if (!origin.from.empty()) return origin;
    const std::string_view why = is_for_launcher_[at]              ? launched_
                                 : program_[at].code == op::answer ? "an answer"
                                                                   : "finds the call by its number";
    return {Origin::Kind::fixed, {}, why};
  }

  const Program& program_;
  const target::Member& policy_;
  std::map<CallId, std::vector<std::uint32_t>> parts_of_;
  std::vector<std::vector<CallId>> calls_of_;  // by instruction
  std::vector<bool> is_for_launcher_;
  std::string_view launched_;
};

}  // namespace

std::vector<Origin> origins_of(const Program& program, Members policies) {
  if (policies.size() > 1 || program.size() > longest_program) return std::vector<Origin>(program.size());
  return Origins(program, policies.front()).run();
}

}  // namespace polc::seccomp
