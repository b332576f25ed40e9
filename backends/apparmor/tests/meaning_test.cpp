// The artefact as a set: equal to what was declared, and to what the reader answers point by point.
#include <doctest/doctest.h>

#include <cstdlib>

#include "apparmor/apparmor.hpp"
#include "eval/compare.hpp"
#include "eval/probes.hpp"
#include "format/raise.hpp"
#include "generators.hpp"
#include "target/legalise.hpp"
#include "target/settings.hpp"

using namespace polc;

namespace {

std::string at(const ir::Point& point) { return "`" + format::text_of(Os::linux_os, point) + "`"; }

}  // namespace

TEST_CASE("generated policies: what is printed means exactly what was declared, for every access") {
  const char* const asked = std::getenv("POLC_MEANING_POLICIES");
  const std::uint64_t count = asked != nullptr ? std::strtoull(asked, nullptr, 10) : 500;
  diag::SourceMap sources;
  sources.add("generated.pol", "\n");
  std::uint64_t sets = 0;
  for (std::uint64_t seed = 1; seed <= count; ++seed) {
    const ir::Policy policy = property::Generator(seed, Os::linux_os).policy();
    diag::Sink sink;
    const std::vector<target::GivenOption> given{{"apparmor", "abi", seed % 2 == 0 ? "3.0" : "4.0"}};
    const target::Settings settings = *target::settings_for(apparmor::backend(), policy, given, "profile", sink);
    const target::Legalised legal = target::legalise(policy, eval::meaning_of(policy), apparmor::backend(), settings);
    const std::string text = apparmor::backend().emit(legal.policy, sources).text;
    INFO("seed " << seed << "\n" << text);
    const auto reader = apparmor::backend().read(text, policy.configuration, settings);
    REQUIRE(reader);
    const eval::Meaning* const printed = (*reader)->meaning();
    if (printed == nullptr) continue;
    ++sets;
    const eval::Meaning* const sides[] = {printed, &legal.permitted};
    for (const bool wider : {true, false}) {
      sets::Budget budget;
      const auto difference =
          eval::find_access(sides, {.in = eval::side(wider ? 0 : 1), .out = eval::side(wider ? 1 : 0)}, budget);
      CHECK_MESSAGE(!difference, (wider ? "printed, not declared: " : "declared, not printed: ") << at(*difference));
      CHECK(!budget.exhausted);
    }
    for (const ir::Point& point : eval::probes_for(printed->parts(), Os::linux_os, 300))
      if (eval::decide(*printed, point).allowed != (*reader)->permits(point))
        FAIL("the set and the reader differ on " << at(point));
  }
  MESSAGE(sets << " of " << count << " profiles are sets");
  CHECK(sets * 10 >= count * 9);
}
