// policies/tor.pol against itself with one rule changed: only that rule is to blame, and it changed all that is named.
#include <doctest/doctest.h>

#include <algorithm>

#include "diff/changes.hpp"
#include "driver/load.hpp"
#include "eval/compare.hpp"
#include "format/raise.hpp"

using namespace polc;

namespace {

using Rules = std::vector<ir::RuleId>;
enum class Script { dropped, turned_round, given_less };

std::vector<ir::Policy> policies_of(const std::vector<std::string>& variants) {
  diag::SourceMap sources;
  diag::Sink sink;
  const auto loaded = driver::load({POLC_SOURCE_DIR "/policies/tor.pol"}, {}, sources, sink);
  auto policies = sema::lower(loaded.program, {Os::linux_os, Arch::x86_64, variants}, sink);
  REQUIRE(!sink.has_errors());
  return std::move(*policies);
}

// nullopt: nothing to change in this way. The other rules keep their numbers.
std::optional<ir::Policy> changed(const ir::Policy& policy, std::size_t place, Script script) {
  ir::Policy result = policy;
  ir::Rule& rule = result.rules[place];
  if (script == Script::dropped) rule.boxes.clear();
  if (script == Script::turned_round) rule.effect = rule.effect == ir::Effect::allow ? ir::Effect::deny : ir::Effect::allow;
  if (script != Script::given_less) return result;
  if (rule.boxes.size() < 2) return std::nullopt;
  rule.boxes.pop_back();
  return result;
}

bool differ(const eval::Meaning& a, const eval::Meaning& b) {
  const eval::Meaning* const sides[] = {&a, &b};
  const eval::Term terms[] = {{.in = eval::side(0), .out = eval::side(1)}, {.in = eval::side(1), .out = eval::side(0)}};
  sets::Budget budget;
  bool found = false;
  REQUIRE(eval::compare(sides, terms, budget, [&](const ir::Point&, eval::TermSet) { return !(found = true); }));
  return found;
}

bool names(const Rules& rules, ir::RuleId rule) { return std::find(rules.begin(), rules.end(), rule) != rules.end(); }

}  // namespace

TEST_CASE("policies/tor.pol with one rule changed: each change is that rule's, and there is none exactly when nothing differs") {
  std::size_t scripts = 0, empty = 0, listed = 0, whole = 0;
  const std::vector<std::vector<std::string>> variants{{}, {"relay"}, {"exit"}, {"onion"}};
  for (const auto& chosen : variants)
    for (const ir::Policy& policy : policies_of(chosen)) {
      const eval::Meaning before = eval::meaning_of(policy);
      for (std::size_t place = 0; place < policy.rules.size(); ++place)
        for (const Script script : {Script::dropped, Script::turned_round, Script::given_less}) {
          const auto other = changed(policy, place, script);
          if (!other) continue;
          ++scripts;
          const eval::Meaning now = eval::meaning_of(*other);
          sets::Budget budget{.steps = 200'000'000};
          const auto changes = diff::changes_between(before, now, budget);
          REQUIRE(changes.has_value());
          REQUIRE(changes->empty() == !differ(before, now));
          empty += changes->empty();
          const ir::RuleId rule{static_cast<std::uint32_t>(place)};
          for (const diff::Change& change : *changes) {
            ++listed;
            whole += change.whole;
            const bool blamed = names(change.before, rule) || names(change.now, rule);
            CHECK_MESSAGE(blamed, "rule " << place << ": " << format::text_of(Os::linux_os, change.box));
            if (script == Script::turned_round) continue;
            const bool gained = change.direction == diff::Direction::gained;
            CHECK(gained == (policy.rules[place].effect == ir::Effect::deny));
          }
        }
    }
  MESSAGE(scripts << " changed policies, " << empty << " of them equivalent; " << listed << " changes, " << whole << " of them whole");
  CHECK(scripts >= 200);
  CHECK(empty * 2 < scripts);
  CHECK(whole * 10 >= listed * 9);
}
