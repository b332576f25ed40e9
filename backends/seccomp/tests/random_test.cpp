// POLC_SECCOMP_POLICIES (2,000) random policies: the generator's filter against both readers, a sample against the
// running kernel and, where libseccomp can say the policy, against its filter.
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>

#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "live_filter.hpp"
#include "random_policy.hpp"
#include "seccomp/print.hpp"
#include "seccomp/machine.hpp"
#include "seccomp/registers.hpp"
#include "seccomp/seccomp.hpp"
#include "second_opinion.hpp"
#include "prove.hpp"
#include "testing.hpp"

using namespace polc;
using namespace polc::seccomp;
using namespace polc::seccomp::testing;

namespace {

// The decision by the definition: some allow holds, no deny does.
bool is_allowed(const ir::Policy& policy, const ir::CallPoint& point) {
  bool allowed = false;
  for (const ir::Rule& rule : policy.rules)
    if (ir::contains(rule.boxes.front(), point)) {
      if (rule.effect == ir::Effect::deny) return false;
      allowed = true;
    }
  return allowed;
}

Action wanted(const ir::Policy& policy, const ir::CallPoint& point) {
  if (is_allowed(policy, point)) return action::allow;
  const auto reaction = ir::reaction_for(policy, "seccomp", ir::AccessClass::syscall, point.call);
  if (reaction.kind == ir::Reaction::Kind::kill) return action::kill_process;
  return action::errno_base | static_cast<Action>(*knowledge::find_errno(Os::linux_os, reaction.error_name));
}

Action found(const Program& program, Arch arch, const ir::CallPoint& point) {
  return run(program,
             call_data(knowledge::audit_arch(arch), knowledge::is_big_endian(arch),
                       *knowledge::number_of(arch, point.call), registers_of(point.arguments, point.call, arch)))
      .action;
}

struct Tally {
  std::uint64_t calls = 0, allowed = 0, live = 0, asked = 0, differ = 0, elsewhere = 0;
};

void check_live(const Program& program, const ir::Policy& policy, const std::vector<ir::CallPoint>& points,
                Tally& tally) {
  std::vector<LiveCall> calls;
  for (const auto& point : points) calls.push_back({*knowledge::number_of(Arch::x86_64, point.call), point.arguments});
  std::string why;
  const auto results = live_results(program, calls, why);
  REQUIRE_MESSAGE(results, why);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Action action = wanted(policy, points[i]);
    ++tally.live;
    REQUIRE((*results)[i].killed == (action == action::kill_process));
    // No kernel performs these calls: what is let through answers ENOSYS.
    if (!(*results)[i].killed)
      REQUIRE((*results)[i].value == (action == action::allow ? -38 : -static_cast<long>(action & 0xFFFF)));
  }
}

// Two filters differ: who is right?
void check_opinion(const ir::Policy& policy, const std::vector<ir::CallPoint>& points, Tally& tally) {
  const auto other = second_opinion(policy);
  if (!other) return;
  ++tally.asked;
  for (const auto& point : points) {
    const Action theirs = found(*other, Arch::x86_64, point), right = wanted(policy, point);
    if (theirs == right) continue;
    ++tally.differ;
    if (tally.differ <= 3)
      MESSAGE("libseccomp answers " << theirs << " where the policy, the reader and the kernel say " << right);
  }
}

}  // namespace

TEST_CASE("random policies: generator, both readers, kernel and libseccomp agree") {
  const char* const asked = std::getenv("POLC_SECCOMP_POLICIES");
  const std::uint64_t count = asked != nullptr ? std::strtoull(asked, nullptr, 10) : 2'000;
  const bool is_live = can_load_filters();
  if (!is_live) std::printf("SKIPPED: the kernel takes no filter here: only the readers are asked\n");
  const Arch seconds[] = {Arch::aarch64, Arch::x86, Arch::s390x, Arch::x32};
  Tally tally;
  for (std::uint64_t seed = 1; seed <= count; ++seed) {
    CAPTURE(seed);
    const RandomPolicy random = random_policy(seed);
    const GivenOptions options{{"seccomp", "arch", std::string(name_of(seconds[seed % 4]))},
                               {"seccomp", "layout", seed % 3 == 0 ? "cache" : "uniform"}};
    Compiled compiled;
    compiled.add(random.policy, settings(random.policy, options));
    const auto one = compiled.members();
    const Generated generated = generate(one);
    REQUIRE(words_of(prove(one, raw_bytes(generated.program))) == "");
    Random chance(seed + 7);
    const auto points = random_calls(random.policy, chance, 40);
    for (const auto& point : points) {
      const Action right = wanted(random.policy, point);
      ++tally.calls;
      tally.allowed += right == action::allow;
      REQUIRE(found(generated.program, Arch::x86_64, point) == right);
      const Arch other = seconds[seed % 4];
      if (!knowledge::number_of(other, point.call) || knowledge::register_bits(other) == 32) continue;
      REQUIRE(found(generated.program, other, point) == right);
      ++tally.elsewhere;
    }
    if (is_live && seed % 50 == 0) check_live(generated.program, random.policy, points, tally);
    if (random.is_plain) check_opinion(random.policy, points, tally);
  }
  MESSAGE(count << " policies, " << tally.calls << " calls, " << tally.allowed * 100 / tally.calls << " % allowed, "
                << tally.live << " under the kernel, " << tally.elsewhere << " on other architectures; libseccomp said "
                << tally.asked << " policies and erred on " << tally.differ << " calls");
  CHECK(tally.allowed * 100 > tally.calls * 15);
}
