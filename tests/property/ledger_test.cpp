// Every cell of the ledgers that stand as goldens is true: 100,000 drawn accesses a policy and target (POLC_LEDGER_ACCESSES),
// and none on which the artefact's own reader contradicts the verdicts of the rules that decide it. Whether the lines that a cell names
// do anything is lines_test.cpp's.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "draw.hpp"
#include "driver/load.hpp"
#include "format/raise.hpp"
#include "opt/pipeline.hpp"
#include "registry.hpp"
#include "target/enforce.hpp"
#include "target/ledger.hpp"
#include "target/settings.hpp"

using namespace polc;

namespace {

struct Made {
  target::Settings settings;
  std::vector<eval::Part> said;
  target::Enforced one;
};

struct Tally {
  std::size_t drawn = 0, permitted = 0, wider = 0, narrower = 0;
};

std::size_t accesses() {
  const char* const asked = std::getenv("POLC_LEDGER_ACCESSES");
  return asked != nullptr ? std::strtoull(asked, nullptr, 10) : 100'000;
}

bool is_open(const target::Finding* finding) {
  return target::is_open(finding->verdict);
}
bool is_short(const target::Finding* finding) {
  return finding->verdict == ir::Verdict::narrower || finding->verdict == ir::Verdict::refused;
}

std::vector<ir::RuleId> rules_of(const eval::Meaning& set, const ir::Point& point, ir::Effect effect) {
  std::vector<ir::RuleId> rules;
  for (const std::uint32_t place : eval::parts_at(set, point)) {
    const eval::Part& part = set.parts()[place];
    if (part.effect == effect && (effect == ir::Effect::allow || part.names_denied())) rules.insert(rules.end(), part.rules.begin(), part.rules.end());
  }
  return rules;
}

class Checker {
 public:
  Checker(const ir::Policy& policy, const diag::SourceMap& sources, const std::vector<std::string_view>& targets)
      : policy_(policy), meaning_(eval::meaning_of(policy)) {
    const opt::Parts parts = opt::optimise(meaning_.parts());
    std::vector<target::LedgerEntry> entries;
    for (const std::string_view name : targets) {
      const target::Backend& backend = *backends::find(name);
      diag::Sink sink;
      auto settings = target::settings_for(backend, policy, {}, "", sink);
      REQUIRE(settings);
      sets::Budget budget;
      Made& one = *made_.emplace_back(std::make_unique<Made>(Made{*settings, target::parts_to_say(meaning_, parts, budget), {}}));
      one.one = target::enforce({policy, meaning_, one.said, sources}, backend, one.settings);
      REQUIRE(one.one.reading != nullptr);
      entries.push_back({{&backend, &one.one.outcome, true}, &one.settings, &one.one.printed, &one.said});
    }
    ledger_ = target::ledger_of(policy, meaning_, std::move(entries));
  }

  void run() {
    check_witnesses();
    for (std::size_t i = 0; i < made_.size(); ++i) draw(i);
  }

 private:
  std::string at(const ir::Point& point) const { return "`" + format::text_of(policy_.configuration.os, point) + "`"; }

  void check_witnesses() const {
    for (const target::LedgerRow& row : ledger_.rows) {
      for (std::size_t i = 0; i < row.cells.size(); ++i)
        for (const target::Finding* finding : row.cells[i].findings) {
          if (!finding->witness) continue;
          const bool meant = eval::decide(meaning_, *finding->witness).allowed;
          const bool permitted = target::permits(*made_[i]->one.reading, *finding->witness);
          const bool shows = finding->is_way ? permitted && meant : is_open(finding) ? permitted && !meant : meant && !permitted;
          CHECK_MESSAGE(shows, "the witness shows nothing: " << at(*finding->witness));
        }
      for (const target::SetFinding* finding : row.open) {
        CHECK_FALSE(eval::decide(meaning_, finding->witness).allowed);
        for (const auto& one : made_) CHECK_MESSAGE(target::permits(*one->one.reading, finding->witness), "the set refuses " << at(finding->witness));
      }
      // What stands as exact has nothing to show.
      if (row.whole == target::Standing::exact) CHECK(row.open.empty());
    }
  }

  template <class Is>
  bool any(std::size_t target, const std::vector<ir::RuleId>& rules, Is is) const {
    return std::any_of(rules.begin(), rules.end(), [&](ir::RuleId rule) { return has(target, rule, is); });
  }
  template <class Is>
  bool has(std::size_t target, ir::RuleId rule, Is is) const {
    const auto& findings = ledger_.rows[rule.value].cells[target].findings;
    return std::any_of(findings.begin(), findings.end(), is);
  }

  // Empty: nothing is wrong.
  std::string fault(std::size_t target, const ir::Point& point, Tally& tally) const {
    const target::Outcome& legal = made_[target]->one.outcome;
    const bool permitted = target::permits(*made_[target]->one.reading, point);
    const bool meant = eval::decide(meaning_, point).allowed;
    tally.permitted += permitted;
    if (permitted != eval::decide(legal.permitted, point).allowed) return "judged otherwise";
    if (permitted == meant) return "";
    const auto denies = rules_of(meaning_, point, ir::Effect::deny);
    if (!permitted) {
      ++tally.narrower;
      const auto refused_by = rules_of(legal.permitted, point, ir::Effect::deny);
      return any(target, eval::decide(meaning_, point).rules, is_short) || any(target, refused_by, is_short) ? "" : "no rule is narrower";
    }
    ++tally.wider;
    for (const ir::RuleId rule : denies)
      if (!has(target, rule, is_open)) return "a deny of it counts as kept";
    for (const ir::Box& box : legal.unseen)
      if (ir::contains(box, point)) return fault_of_set(point);
    if (!any(target, rules_of(legal.permitted, point, ir::Effect::allow), is_open) && denies.empty()) return "no rule is wider";
    return fault_of_set(point);
  }

  // Open on every target: then no deny of it is kept by the set, and where a target looks some rule is to blame.
  std::string fault_of_set(const ir::Point& point) const {
    bool is_seen = false;
    std::vector<ir::RuleId> behind = rules_of(meaning_, point, ir::Effect::deny);
    const std::size_t denies = behind.size();
    for (const auto& one : made_) {
      if (!target::permits(*one->one.reading, point)) return "";
      const auto& boxes = one->one.outcome.unseen;
      is_seen |= std::none_of(boxes.begin(), boxes.end(), [&](const ir::Box& box) { return ir::contains(box, point); });
      const auto rules = rules_of(one->one.outcome.permitted, point, ir::Effect::allow);
      behind.insert(behind.end(), rules.begin(), rules.end());
    }
    const auto is_exact = [&](ir::RuleId rule) { return ledger_.rows[rule.value].whole <= target::Standing::named; };
    for (std::size_t i = 0; i < denies; ++i)
      if (is_exact(behind[i])) return "a deny of it counts as kept by the set";
    return is_seen && std::all_of(behind.begin(), behind.end(), is_exact) ? "no rule is wider on the set" : "";
  }

  void draw(std::size_t target) const {
    const eval::Meaning* const sets[] = {&meaning_, &made_[target]->one.outcome.permitted};
    property::Drawer drawer(sets, 4711);
    Tally tally;
    for (; tally.drawn < accesses(); ++tally.drawn) {
      const ir::Point point = drawer.draw();
      const std::string wrong = fault(target, point, tally);
      REQUIRE_MESSAGE(wrong.empty(), ledger_.targets[target].judged.backend->name << ": " << wrong << ": " << at(point));
    }
    MESSAGE(std::string(ledger_.targets[target].judged.backend->name)
            << ": " << tally.drawn << " accesses, " << tally.permitted << " permitted, " << tally.wider << " of them not meant, "
            << tally.narrower << " meant and refused");
    CHECK(tally.permitted * 50 > tally.drawn);
  }

  const ir::Policy& policy_;
  eval::Meaning meaning_;
  std::vector<std::unique_ptr<Made>> made_;
  target::Ledger ledger_;
};

void check(const char* file, Os os, const std::vector<std::string>& variants, const std::vector<std::string_view>& targets) {
  diag::SourceMap sources;
  diag::Sink sink;
  const auto loaded = driver::load({std::string(POLC_SOURCE_DIR "/policies/") + file}, {}, sources, sink);
  const auto policies = sema::lower(loaded.program, {os, Arch::x86_64, variants}, sink);
  REQUIRE(!sink.has_errors());
  for (const ir::Policy& policy : *policies) Checker(policy, sources, targets).run();
}

}  // namespace

TEST_CASE("tor: what the ledger says is what the artefacts do") { check("tor.pol", Os::linux_os, {"debian"}, {"seccomp", "apparmor", "grsecurity"}); }
TEST_CASE("relay: what the ledger says is what the artefacts do") {
  check("tor.pol", Os::linux_os, {"debian", "relay", "exit", "onion"}, {"seccomp", "apparmor"});
}
TEST_CASE("howto: what the ledger says is what the artefacts do, on Linux") {
  check("howto/tor.pol", Os::linux_os, {"debian"}, {"seccomp", "apparmor", "grsecurity"});
}
TEST_CASE("howto: what the ledger says is what the artefact does, on OpenBSD") { check("howto/tor.pol", Os::openbsd, {"openbsd"}, {"systrace"}); }
