// Every cell of the ledgers that stand as goldens is true: 100,000 drawn accesses a policy and target (POLC_LEDGER_ACCESSES),
// and none on which the artefact's own reader contradicts the verdicts of the rules that decide it. And the lines that a cell
// names are those that decide some access of the rule.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <regex>
#include <set>
#include <sstream>

#include "draw.hpp"
#include "driver/load.hpp"
#include "eval/implications.hpp"
#include "eval/inside.hpp"
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
  target::Legalised legalised;
  target::Artifact artifact;
  std::unique_ptr<target::Reader> reader;
};

struct Tally {
  std::size_t drawn = 0, permitted = 0, wider = 0, narrower = 0;
};

std::size_t accesses() {
  const char* const asked = std::getenv("POLC_LEDGER_ACCESSES");
  return asked != nullptr ? std::strtoull(asked, nullptr, 10) : 100'000;
}

bool is_open(const target::Finding* finding) {
  return finding->verdict == ir::Verdict::wider || finding->verdict == ir::Verdict::unmediated;
}
bool is_short(const target::Finding* finding) {
  return finding->verdict == ir::Verdict::narrower || finding->verdict == ir::Verdict::refused;
}

std::vector<ir::RuleId> rules_of(const eval::Meaning& set, const ir::Point& point, ir::Effect effect) {
  std::vector<ir::RuleId> rules;
  for (const std::uint32_t place : eval::parts_at(set, point)) {
    const eval::Part& part = set.parts()[place];
    if (part.effect == effect) rules.insert(rules.end(), part.rules.begin(), part.rules.end());
  }
  return rules;
}

// What a branch of a filter is replaced by.
constexpr std::array returns{"   ret #0x7fff0000", "   ret #0x80000000"};

/// Without the lines that `goes` says yes to (1-based); with a text, each has that in the place of its instruction.
template <class Goes>
std::string without(const std::string& text, const Goes& goes, const std::string& instead = "") {
  static const std::regex label("^L[0-9]+:");
  std::istringstream in(text);
  std::string result, line;
  for (unsigned number = 1; std::getline(in, line); ++number) {
    if (!goes(number)) result += line + '\n';
    else if (std::smatch match; !instead.empty()) result += (std::regex_search(line, match, label) ? match.str() : "") + instead + '\n';
  }
  return result;
}

std::string line_at(const std::string& text, unsigned number) {
  std::istringstream in(text);
  std::string line;
  for (unsigned i = 0; i < number; ++i) std::getline(in, line);
  return line;
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
      target::Made made = target::make(policy, meaning_, parts, backend, *settings, sources);
      REQUIRE(made.reader);
      made_.push_back(std::make_unique<Made>(Made{*settings, std::move(made.legalised), std::move(made.artifact), *std::move(made.reader)}));
      const Made& one = *made_.back();
      entries.push_back({{&backend, &one.legalised, true}, &one.settings, &one.artifact, one.reader.get()});
    }
    ledger_ = target::ledger_of(policy, meaning_, std::move(entries));
  }

  void run() {
    check_witnesses();
    for (std::size_t i = 0; i < made_.size(); ++i) check_lines(i);
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
          const bool permitted = made_[i]->reader->permits(*finding->witness);
          CHECK_MESSAGE((is_open(finding) ? permitted && !meant : meant && !permitted), "the witness shows nothing: " << at(*finding->witness));
        }
      for (const target::SetFinding* finding : row.open) {
        CHECK_FALSE(eval::decide(meaning_, finding->witness).allowed);
        for (const auto& one : made_) CHECK_MESSAGE(one->reader->permits(finding->witness), "the set refuses " << at(finding->witness));
      }
      // What stands as exact has nothing to show.
      if (row.whole == target::Standing::exact) CHECK(row.open.empty());
    }
  }

  // What a rule names, brings along and needs, as far as the artefact decides it as the rule does.
  std::vector<ir::Point> accesses_of(std::size_t target, ir::RuleId rule) const {
    std::vector<ir::Point> points;
    for (const eval::Part& part : meaning_.parts()) {
      if (std::find(part.rules.begin(), part.rules.end(), rule) == part.rules.end()) continue;
      std::vector<ir::Box> boxes = eval::brought_by(part.box);
      boxes.push_back(part.box);
      for (const ir::Box& box : boxes)
        for (ir::Point& point : eval::points_inside(box))
          if (made_[target]->reader->permits(point) == (part.effect == ir::Effect::allow)) points.push_back(std::move(point));
    }
    return points;
  }

  std::unique_ptr<target::Reader> reader_of(std::size_t target, const std::string& text) const {
    auto reader = target::read_artefact(*ledger_.targets[target].judged.backend, text, policy_.configuration, made_[target]->settings);
    return reader ? std::move(*reader) : nullptr;
  }

  static bool differ(const target::Reader& a, const target::Reader& b, const std::vector<ir::Point>& points) {
    return std::any_of(points.begin(), points.end(), [&](const ir::Point& point) { return a.permits(point) != b.permits(point); });
  }

  // The artefact's lines without which it cannot be read.
  std::set<unsigned> structure_of(std::size_t target) const {
    const std::string& text = made_[target]->artifact.text;
    std::set<unsigned> lines;
    for (unsigned line = 1; line <= std::count(text.begin(), text.end(), '\n'); ++line)
      if (!reader_of(target, without(text, [&](unsigned one) { return one == line; }))) lines.insert(line);
    return lines;
  }

  // Does another text in the line's place change an answer?
  bool decides_as(std::size_t target, unsigned line, const std::string& instead, const std::vector<ir::Point>& points) const {
    const auto changed = reader_of(target, without(made_[target]->artifact.text, [&](unsigned one) { return one == line; }, instead));
    return changed != nullptr && differ(*changed, *made_[target]->reader, points);
  }

  // A branch of a filter decides if returning there at once changes an answer; the object of a subject, which is the most
  // special that holds the access, if hiding it does.
  bool turned_decides(std::size_t target, unsigned line, const std::vector<ir::Point>& points) const {
    const std::string_view name = ledger_.targets[target].judged.backend->name;
    if (name == "seccomp")
      return std::any_of(returns.begin(), returns.end(), [&](const char* one) { return decides_as(target, line, one, points); });
    if (name != "grsecurity") return false;
    const std::string object = line_at(made_[target]->artifact.text, line);
    return object.starts_with('/') && decides_as(target, line, object.substr(0, object.find(' ')) + " h", points);
  }

  // A line of other targets if taking it away changes one; or, where others say the same again, if it does so with all
  // others gone, or with any one of them.
  bool line_decides(std::size_t target, unsigned line, const std::set<unsigned>& structure, const std::vector<ir::Point>& points) const {
    const std::string& text = made_[target]->artifact.text;
    const auto changes_beside = [&](const auto& is_gone) {
      const auto with = reader_of(target, without(text, is_gone));
      const auto also_without = reader_of(target, without(text, [&](unsigned one) { return one == line || is_gone(one); }));
      return with != nullptr && (also_without == nullptr || differ(*with, *also_without, points));
    };
    if (changes_beside([](unsigned) { return false; })) return true;
    if (changes_beside([&](unsigned one) { return one != line && structure.count(one) == 0; })) return true;
    for (unsigned other = 1; other <= std::count(text.begin(), text.end(), '\n'); ++other)
      if (other != line && changes_beside([&](unsigned one) { return one == other; })) return true;
    return false;
  }

  void check_lines(std::size_t target) const {
    const std::string name(ledger_.targets[target].judged.backend->name);
    const std::set<unsigned> structure = structure_of(target);
    std::size_t told = 0, structural = 0;
    for (const target::LedgerRow& row : ledger_.rows) {
      const std::vector<ir::Point> points = accesses_of(target, row.rule);
      for (const unsigned line : row.cells[target].lines) {
        ++told;
        structural += structure.count(line);
        const bool decides = turned_decides(target, line, points) || (name != "seccomp" && line_decides(target, line, structure, points));
        CHECK_MESSAGE(decides, name << ": line " << line << " decides nothing of rule " << row.rule.value);
      }
    }
    MESSAGE(name << ": " << told << " lines named");
    CHECK(told > 10);
    if (name != "seccomp") CHECK(structural * 10 <= told);  // of these nothing is learnt
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
    const target::Legalised& legal = made_[target]->legalised;
    const bool permitted = made_[target]->reader->permits(point);
    const bool meant = eval::decide(meaning_, point).allowed;
    tally.permitted += permitted;
    if (permitted != eval::decide(legal.permitted, point).allowed) return "declared otherwise";
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
      if (!one->reader->permits(point)) return "";
      const auto& boxes = one->legalised.unseen;
      is_seen |= std::none_of(boxes.begin(), boxes.end(), [&](const ir::Box& box) { return ir::contains(box, point); });
      const auto rules = rules_of(one->legalised.permitted, point, ir::Effect::allow);
      behind.insert(behind.end(), rules.begin(), rules.end());
    }
    const auto is_exact = [&](ir::RuleId rule) { return ledger_.rows[rule.value].whole <= target::Standing::named; };
    for (std::size_t i = 0; i < denies; ++i)
      if (is_exact(behind[i])) return "a deny of it counts as kept by the set";
    return is_seen && std::all_of(behind.begin(), behind.end(), is_exact) ? "no rule is wider on the set" : "";
  }

  void draw(std::size_t target) const {
    const eval::Meaning* const sets[] = {&meaning_, &made_[target]->legalised.permitted};
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
