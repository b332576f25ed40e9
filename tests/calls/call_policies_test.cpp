// Filters of random policies, answered by a machine of this test's own, against what docs/language.md says of the
// policies. With POLC_CALL_POLICIES: how many; POLC_CALL_SEED: the first one.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "compiled.hpp"
#include "filter.hpp"
#include "trying.hpp"

using namespace polc;
using namespace polc::calls;

namespace {

struct Tally {
  std::size_t attempts = 0, allowed = 0, filters = 0, too_complex = 0;
};

bool has(const std::vector<std::string>& messages, std::string_view id) {
  for (const std::string& message : messages)
    if (message.starts_with(id)) return true;
  return false;
}

/// Empty: they agree.
std::string difference(const Policy& policy, const Machine& machine, std::uint64_t seed, Tally& tally) {
  const Compiled compiled = compile(text_of(policy), machine.name, "bpf");
  if (has(compiled.messages, "P6018")) return ++tally.too_complex, "";
  if (compiled.artefact.empty()) return compiled.messages.empty() ? "nothing was made" : compiled.messages.front();
  if (!compiled.messages.empty()) return compiled.messages.front();
  const Filter filter = filter_from(compiled.artefact);
  ++tally.filters;
  Random random(seed);
  for (const Attempt& attempt : draw_attempts(policy, machine, random, 200)) {
    const auto met = answer_of(filter, machine, *number_of(attempt.call, machine), attempt.registers);
    const std::uint32_t wanted = decision_of(policy, attempt.call, machine, attempt.registers);
    ++tally.attempts;
    tally.allowed += wanted == 0x7FFF'0000;
    if (met == wanted) continue;
    return words_of(attempt, machine) + fmt::format(": wanted {:#x}, met {:#x}", wanted, met.value_or(0));
  }
  return "";
}

std::string smallest(const Policy& policy, const Machine& machine, std::uint64_t seed) {
  Tally none;
  const auto [least, fault] = shrunk(policy, [&](const Policy& less) { return difference(less, machine, seed, none); });
  return text_of(least) + fault;
}

}  // namespace

TEST_CASE("call policies: filters answer as the language says, on every architecture") {
  const std::uint64_t count = setting("POLC_CALL_POLICIES", 500), first = setting("POLC_CALL_SEED", 1);
  Tally tally;
  unsigned failures = 0;
  for (std::uint64_t seed = first; seed < first + count && failures < 5; ++seed) {
    const Policy policy = draw_policy(seed);
    for (const Machine& machine : machines()) {
      if (difference(policy, machine, seed, tally).empty()) continue;
      FAIL_CHECK("seed " << seed << ":\n" << smallest(policy, machine, seed));
      ++failures;
      break;
    }
  }
  MESSAGE(count << " policies, " << tally.filters << " filters, " << tally.attempts << " attempts, "
                << tally.allowed * 100 / tally.attempts << " % allowed; " << tally.too_complex
                << " too complex to prove");
  CHECK(tally.allowed * 100 > tally.attempts * 20);
  CHECK(tally.too_complex * 50 < tally.filters);
}
