// OCI profiles of random policies, loaded by libseccomp as runc loads them, against the language page.
// POLC_OCI_PROFILES: how many; POLC_CALL_SEED: the first one.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "compiled.hpp"
#include "oci_profile.hpp"
#include "trying.hpp"

using namespace polc;
using namespace polc::calls;

namespace {

constexpr std::uint32_t allow = 0x7FFF'0000;

struct Tally {
  std::size_t attempts = 0, allowed = 0, profiles = 0, exact = 0;
};

std::string words_of(const Attempt& attempt, const Machine& machine, std::optional<std::uint32_t> met) {
  return words_of(attempt, machine) + fmt::format(": met {:#x}", met.value_or(0));
}

// On these libseccomp makes socketcall and ipc of the calls, whatever the profile says of them.
bool is_multiplexed(std::string_view call) { return call == "socketcall" || call == "ipc"; }

// Told, and nothing is written.
bool is_too_large(const Compiled& made) {
  return made.artefact.empty() && !made.messages.empty() && made.messages.front().starts_with("P6015");
}

/// Empty: nothing but what is meant is let through, and all of it where the compiler says so.
std::string difference(const Policy& policy, const Machine& machine, std::uint64_t seed, Tally& tally) {
  Compiled made = compile(text_without_accepts(policy), machine.name, "oci");
  const bool is_exact = made.messages.empty();
  if (!is_exact) made = compile(text_of(policy), machine.name, "oci");
  if (is_too_large(made)) return "";
  if (made.artefact.empty()) return made.messages.empty() ? "nothing was made" : made.messages.front();
  if (std::string wrong = mismerged(made.artefact); !wrong.empty()) return wrong;
  const Exported loaded = exported(made.artefact, machine);
  if (!loaded.wrong.empty()) return loaded.wrong;
  if (loaded.filter.size() > 4096) return fmt::format("{} instructions", loaded.filter.size());
  ++tally.profiles, tally.exact += is_exact;
  Random random(seed);
  for (const Attempt& attempt : draw_attempts(policy, machine, random, 100)) {
    if (is_multiplexed(attempt.call)) continue;
    const auto met = answer_of(loaded.filter, machine, *number_of(attempt.call, machine), attempt.registers);
    const bool is_wanted = decision_of(policy, attempt.call, machine, attempt.registers) == allow;
    ++tally.attempts, tally.allowed += is_wanted;
    if (met == allow ? !is_wanted : is_wanted && is_exact) return words_of(attempt, machine, met);
  }
  return "";
}

std::string smallest(const Policy& policy, const Machine& machine, std::uint64_t seed) {
  Tally none;
  const auto [least, fault] = shrunk(policy, [&](const Policy& less) { return difference(less, machine, seed, none); });
  return text_of(least) + fault + '\n' + compile(text_of(least), machine.name, "oci").artefact;
}

}  // namespace

TEST_CASE("oci profiles: libseccomp lets through what the policy allows, of random policies") {
  const std::uint64_t count = setting("POLC_OCI_PROFILES", 200), first = setting("POLC_CALL_SEED", 1);
  Tally tally;
  unsigned failures = 0;
  for (std::uint64_t seed = first; seed < first + count && failures < 5; ++seed) {
    Random random(seed);
    const Policy policy = draw_policy(seed, {!random.one_in(3), false, !random.one_in(4)});
    for (const Machine& machine : machines()) {
      if (difference(policy, machine, seed, tally).empty()) continue;
      FAIL_CHECK("seed " << seed << ":\n" << smallest(policy, machine, seed));
      ++failures;
      break;
    }
  }
  MESSAGE(count << " policies, " << tally.profiles << " profiles, " << tally.exact << " of them exact, "
                << tally.attempts << " attempts, " << tally.allowed * 100 / tally.attempts << " % allowed");
  CHECK(tally.allowed * 100 > tally.attempts * 20);
  CHECK(tally.exact * 2 > tally.profiles);
  CHECK(tally.profiles * 10 > count * machines().size() * 9);
}

TEST_CASE("oci profiles: of two architectures neither is let do more than the policy allows") {
  const std::uint64_t count = setting("POLC_OCI_PROFILES", 200) / 2, first = setting("POLC_CALL_SEED", 1);
  std::size_t allowed = 0, attempts = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const Policy policy = draw_policy(seed, {false, false, seed % 2 == 0});
    const Compiled made = compile(text_of(policy), "x86_64", "oci", {"abi=compat"});
    if (is_too_large(made)) continue;
    REQUIRE_MESSAGE(!made.artefact.empty(), text_of(policy));
    CHECK(mismerged(made.artefact) == "");
    for (const Machine& machine : machines().first(2)) {
      const Exported loaded = exported(made.artefact, machine);
      REQUIRE(loaded.wrong == "");
      Random random(seed);
      for (const Attempt& attempt : draw_attempts(policy, machine, random, 60)) {
        if (is_multiplexed(attempt.call)) continue;
        const auto met = answer_of(loaded.filter, machine, *number_of(attempt.call, machine), attempt.registers);
        ++attempts, allowed += met == allow;
        if (met == allow && decision_of(policy, attempt.call, machine, attempt.registers) != allow)
          FAIL("seed " << seed << ":\n" << text_of(policy) << words_of(attempt, machine, met) << made.artefact);
      }
    }
  }
  CHECK(attempts > count * 50);
  CHECK(allowed * 100 > attempts * 10);
}
