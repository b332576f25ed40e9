// What is said of several targets that are installed together is true of each: POLC_PROPERTY_POLICIES (150) drawn policies, each on
// a pair or three of the registry's targets. Every text is read anew, and asked by itself: a witness of the set is permitted by
// each of them and not by the policy; and what a probe finds so is told.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include <fmt/format.h>

#include "compiled.hpp"
#include "eval/meaning.hpp"
#include "format/raise.hpp"
#include "generators.hpp"
#include "probes.hpp"
#include "registry.hpp"
#include "target/combined.hpp"
#include "target/points.hpp"

using namespace polc;

namespace {

using Set = std::vector<const target::Backend*>;
using Faults = std::vector<std::string>;

struct Tally {
  std::size_t sets = 0, witnesses = 0, probes_open = 0;
};

/// Two or three different targets that serve one system.
Set drawn_set(std::uint64_t seed, Os os) {
  Set able;
  for (const target::Backend* one : backends::all())
    if (std::find(one->systems.begin(), one->systems.end(), os) != one->systems.end()) able.push_back(one);
  property::Random random(seed * 977 + 3);
  const std::size_t size = std::min<std::size_t>(2 + random.below(2), able.size());
  while (able.size() > size) able.erase(able.begin() + static_cast<std::ptrdiff_t>(random.below(able.size())));
  return able;
}

/// The set as it was compiled, and each of its texts read once more.
class Deployed {
 public:
  explicit Deployed(const property::Compiled& one) : one_(one) {
    for (const driver::TargetResult& result : one.compilation.results) {
      if (result.enforced.reading == nullptr || result.enforced.outcome.too_complex) return;
      auto read = result.backend->read(result.enforced.printed.text, result.policy->configuration, result.settings);
      if (!read) return;
      readings_.push_back(*std::move(read));
      judged_.push_back({result.backend, &result.enforced.outcome});
    }
    is_whole_ = readings_.size() == one.request.targets.size();
  }

  /// False: one of the targets has no text for the policy.
  bool is_whole() const { return is_whole_; }

  Faults faults(Tally& tally) const {
    Faults found;
    const target::Combined combined = target::combine(policy(), meaning(), judged_);
    if (combined.too_complex) return {"too complex"};
    ++tally.sets;
    for (const target::SetFinding& finding : combined.findings) {
      check_witness(finding.witness, tally, found);
      const bool is_deny = policy().rules[finding.rule.value].effect == ir::Effect::deny;
      if (is_deny && !one_.has_errors) found.push_back(fmt::format("the deny of `{}` is lost without an error", words(finding.witness)));
    }
    for (const ir::Point& point : combined.open) check_witness(point, tally, found);
    check_probes(combined, tally, found);
    return found;
  }

 private:
  const ir::Policy& policy() const { return *one_.compilation.results.front().policy; }
  const eval::Meaning& meaning() const { return *one_.compilation.results.front().meaning; }
  std::string words(const ir::Point& point) const { return format::text_of(policy().configuration.os, point); }
  bool all_permit(const ir::Point& point) const {
    return std::all_of(readings_.begin(), readings_.end(), [&](const target::Reading& reading) { return target::permits(reading, point); });
  }

  void check_witness(const ir::Point& point, Tally& tally, Faults& found) const {
    ++tally.witnesses;
    if (eval::decide(meaning(), point).allowed) found.push_back(fmt::format("`{}` is open, but the policy allows it", words(point)));
    for (std::size_t i = 0; i < readings_.size(); ++i)
      if (!target::permits(readings_[i], point))
        found.push_back(fmt::format("`{}` is open, but {} refuses it:\n{}", words(point), judged_[i].backend->name, one_.compilation.results[i].enforced.printed.text));
  }

  // What is denied by name and permitted by all is told of some deny, and of each class what is permitted by all and not allowed.
  void check_probes(const target::Combined& combined, Tally& tally, Faults& found) const {
    std::set<std::size_t> classes;
    for (const ir::Point& point : combined.open) classes.insert(static_cast<std::size_t>(ir::class_of(point)));
    const bool tells_deny = std::any_of(combined.findings.begin(), combined.findings.end(), [&](const target::SetFinding& finding) {
      return policy().rules[finding.rule.value].effect == ir::Effect::deny;
    });
    for (const ir::Point& point : property::probes_for(meaning().parts(), policy().configuration.os, 600)) {
      // Of an account by name alone nobody knows whether it is another.
      if (const auto* account = std::get_if<ir::IdentityPoint>(&point); account != nullptr && !account->account.has_id) continue;
      if (eval::decide(meaning(), point).allowed || !target::can_happen(policy().configuration, point) || !all_permit(point)) continue;
      ++tally.probes_open;
      if (!classes.contains(static_cast<std::size_t>(ir::class_of(point)))) found.push_back(fmt::format("`{}` is permitted by all, and nothing of its class is told", words(point)));
      if (is_denied_by_name(point) && !tells_deny) found.push_back(fmt::format("`{}` is denied and permitted by all, and no deny is told", words(point)));
    }
  }

  bool is_denied_by_name(const ir::Point& point) const {
    const auto places = eval::parts_at(meaning(), point);
    return std::any_of(places.begin(), places.end(), [&](std::uint32_t place) { return meaning().parts()[place].names_denied(); });
  }

  const property::Compiled& one_;
  std::vector<target::Reading> readings_;
  std::vector<target::Judged> judged_;
  bool is_whole_ = false;
};

Faults faults_of(const Set& set, std::uint64_t seed, const ir::Policy& policy, Tally& tally) {
  Faults faults;
  property::compile_drawn(set, seed, policy, [&](const property::Compiled& one) {
    const Deployed deployed(one);
    if (deployed.is_whole()) faults = deployed.faults(tally);
  });
  return faults;
}

std::string names_of(const Set& set) {
  std::string names;
  for (const target::Backend* one : set) names += (names.empty() ? "" : ", ") + std::string(one->name);
  return names;
}

std::uint64_t drawn_policies() {
  const char* const asked = std::getenv("POLC_PROPERTY_POLICIES");
  return asked != nullptr ? std::strtoull(asked, nullptr, 10) : 150;
}

}  // namespace

TEST_CASE("a set of targets: its witnesses are permitted by each and not by the policy, and what all permit is told") {
  Tally tally;
  const std::uint64_t drawn = drawn_policies();
  for (std::uint64_t seed = 1; seed <= drawn; ++seed) {
    const Set set = drawn_set(seed, Os::linux_os);
    const ir::Policy policy = property::Generator(seed, Os::linux_os).policy();
    if (faults_of(set, seed, policy, tally).empty()) continue;
    Tally ignored;
    const ir::Policy smallest = property::shrunk(policy, [&](const ir::Policy& less) { return !faults_of(set, seed, less, ignored).empty(); });
    for (const std::string& fault : faults_of(set, seed, smallest, ignored)) FAIL_CHECK("seed " << seed << " on " << names_of(set) << ": " << fault << "\n" << format::dump(smallest));
  }
  MESSAGE(tally.sets << " sets, " << tally.witnesses << " witnesses, " << tally.probes_open << " probes open");
  CHECK(tally.sets > drawn / 2);
  CHECK(tally.witnesses > drawn);
  CHECK(tally.probes_open > drawn);
}
