// What a backend's reader makes of what it printed decides every probed access as the verdicts say, for every
// backend in the registry and POLC_PROPERTY_POLICIES (10,000) generated policies each. A failure is shrunk and printed.
#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

#include "probes.hpp"
#include "format/raise.hpp"
#include "generators.hpp"
#include "opt/pipeline.hpp"
#include "registry.hpp"
#include "target/enforce.hpp"
#include "target/settings.hpp"

using namespace polc;

namespace {

struct Tally {
  std::uint64_t policies = 0, probes = 0, allowed = 0, findings = 0, too_large = 0;
};

// The generated rules stand at its first byte.
const diag::SourceMap& sources() {
  static const diag::SourceMap map = [] {
    diag::SourceMap one;
    one.add("generated.pol", "\n");
    return one;
  }();
  return map;
}

// Half of the points from inside what is permitted: most points beside a policy are refused, and prove less.
std::vector<ir::Point> probes_of(const eval::Meaning& meaning, const eval::Meaning& permitted) {
  auto probes = property::probes_for(meaning.parts(), meaning.os(), 900);
  const auto more = property::probes_for(permitted.parts(), meaning.os(), 4000);
  std::size_t inside = 0;
  for (std::size_t i = 0; i < more.size() && inside < 700; ++i) {
    if (!eval::decide(permitted, more[i]).allowed && i % 16 != 0) continue;
    probes.push_back(more[i]);
    ++inside;
  }
  return probes;
}

target::Settings settings_for(const target::Backend& backend, const ir::Policy& policy, std::uint64_t seed) {
  // Every option value takes its turn.
  std::vector<target::GivenOption> given;
  for (const auto& option : backend.options)
    if (option.values.size() > 1) {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      given.push_back({std::string(backend.name), std::string(option.key), std::string(option.values[(seed >> 33) % option.values.size()])});
    }
  diag::Sink sink;
  const auto settings = target::settings_for(backend, policy, given, backend.formats[(seed >> 40) % backend.formats.size()], sink);
  REQUIRE(settings);
  return *settings;
}

std::string at(Os os, const ir::Point& point) { return "`" + format::text_of(os, point) + "`"; }

// Does the finding's witness show what its verdict says, on the real text?
bool shows(const target::Finding& finding, const ir::Policy& policy, const eval::Meaning& meaning, const target::Reading& reading) {
  if (!finding.witness) return finding.verdict == ir::Verdict::refused;
  const bool meant = eval::decide(meaning, *finding.witness).allowed;
  const bool permitted = target::permits(reading, *finding.witness);
  if (policy.rules[finding.rule.value].origin.empty()) return false;
  // What only some of the usual ways do is not surely permitted.
  const bool sure = eval::surely_allows(reading.permits, *finding.witness);
  return finding.verdict == ir::Verdict::narrower ? meant && !sure : permitted && meant == finding.is_way;
}

// Empty: nothing is wrong.
std::string fault(const target::Backend& backend, const ir::Policy& policy, std::uint64_t seed, Tally& tally) {
  const Os os = policy.configuration.os;
  const eval::Meaning meaning = eval::meaning_of(policy);
  const target::Settings settings = settings_for(backend, policy, seed);
  const target::Enforced made = target::enforce(policy, meaning, opt::optimise(meaning.parts()), backend, settings, sources());
  const target::Outcome& legal = made.outcome;
  if (legal.too_complex) return "too complex";
  const std::string& text = made.printed.text;
  if (!made.printed.unfit.empty()) return ++tally.policies, ++tally.too_large, "";  // an error that says so; nothing is written
  if (made.reading == nullptr) return "unreadable, line " + std::to_string(made.error->line) + ": " + made.error->message + "\n" + text;
  bool any_wider = false, any_narrower = false;
  for (const auto& finding : legal.findings) {
    ++tally.findings;
    (finding.verdict == ir::Verdict::narrower || finding.verdict == ir::Verdict::refused ? any_narrower : any_wider) = true;
    if (!shows(finding, policy, meaning, *made.reading))
      return "the witness of " + std::string(ir::name_of(finding.verdict)) + " shows no difference: " +
             (finding.witness ? at(os, *finding.witness) : "none") + "\n" + text;
  }
  for (const auto& point : probes_of(meaning, legal.permitted)) {
    const bool permitted = target::permits(*made.reading, point);
    const bool meant = eval::decide(meaning, point).allowed;
    ++tally.probes;
    tally.allowed += permitted;
    if (permitted != eval::decide(legal.permitted, point).allowed)
      return std::string("the artefact ") + (permitted ? "permits " : "refuses ") + at(os, point) + ", judged otherwise\n" + text;
    if (meant && !permitted && !any_narrower) return "silently narrower: " + at(os, point) + "\n" + text;
    if (permitted && !meant && !any_wider) {
      // A class that the target does not see is open without any rule having a part in it.
      std::vector<eval::Part> open;
      for (const auto& box : legal.unseen) open.push_back({ir::Effect::allow, box, {}, false});
      if (!eval::decide(eval::make_meaning(std::move(open), os, false), point).allowed)
        return "silently wider: " + at(os, point) + "\n" + text;
    }
  }
  ++tally.policies;
  return "";
}

void check(const target::Backend& backend) {
  const char* const asked = std::getenv("POLC_PROPERTY_POLICIES");
  const std::uint64_t count = asked != nullptr ? std::strtoull(asked, nullptr, 10) : 10'000;
  Tally tally;
  property::FeatureCounts features{};
  for (std::uint64_t seed = 1; seed <= count; ++seed) {
    const ir::Policy policy = property::Generator(seed, backend.systems.front()).policy_with_words();
    property::count_features(policy, features);
    std::string wrong = fault(backend, policy, seed, tally);
    if (wrong.empty()) continue;
    Tally ignored;
    const ir::Policy smallest = property::shrunk(policy, [&](const ir::Policy& p) { return !fault(backend, p, seed, ignored).empty(); });
    wrong = fault(backend, smallest, seed, ignored);
    FAIL(std::string(backend.name) << ", seed " << seed << ": " << wrong << "\n" << format::dump(smallest));
  }
  MESSAGE(std::string(backend.name) << ": " << tally.policies << " policies, " << tally.probes << " probes, "
                                    << (tally.probes == 0 ? 0 : tally.allowed * 100 / tally.probes) << " % allowed, " << tally.findings << " findings, " << tally.too_large << " too large");
  CHECK(tally.policies == count);
  CHECK(tally.too_large * 4 <= count);
  CHECK(tally.allowed * 100 >= tally.probes * 30);
  if (count < 10'000) return;
  for (std::size_t i = 0; i < features.size(); ++i) {
    if (static_cast<target::Feature>(i) == target::Feature::raw_text) continue;  // tests of the driver write raw text
    CHECK_MESSAGE(features[i] >= 100, std::string(target::feature_names[i]) << " was generated " << features[i] << " times");
  }
}

}  // namespace

TEST_CASE("what is read back permits what the verdicts say") {
  for (const target::Backend* backend : backends::all())
    SUBCASE(std::string(backend->name).c_str()) { check(*backend); }
}
