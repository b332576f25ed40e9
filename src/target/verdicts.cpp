#include "target/verdicts.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "eval/compare.hpp"
#include "format/raise.hpp"
#include "support/sorted.hpp"
#include "target/blame.hpp"
#include "target/blind_allows.hpp"
#include "target/blind_calls.hpp"
#include "target/deciding_lines.hpp"
#include "target/path_differences.hpp"
#include "target/points.hpp"

namespace polc::target {
namespace {

/// What the target does not look at: what is done there, whatever else of the rule the access breaks.
Feature unseen_feature(const ir::Box& box, const ir::Point& point) {
  if (const auto* net = std::get_if<ir::NetPoint>(&point)) return feature_of(net->verb);
  return std::holds_alternative<ir::CallPoint>(point) ? broken_by(box, point) : feature_of(point);
}

class Judge {
 public:
  explicit Judge(const Compared& compared)
      : policy_(compared.source.policy),
        meaning_(compared.source.meaning),
        parts_(compared.source.parts),
        backend_(compared.backend),
        gaps_(compared.chosen.gaps),
        permits_(compared.permits),
        lines_(compared.source, compared.chosen.gaps, compared.printed, compared.permits),
        rules_of_part_(parts_.size()),
        told_(parts_.size()) {}

  Verdicts run() {
    add_gaps();
    const bool complete = compare();
    add_unmediated();
    add_blind_ways();
    add_blind_allows();
    Verdicts result;
    result.too_complex = complete ? 0 : budget_.given;
    for (auto& [key, finding] : found_) result.findings.push_back(std::move(finding));
    return result;
  }

 private:
  using Key = std::pair<ir::RuleId, ir::Verdict>;

  void add_gaps() {
    for (std::uint32_t i = 0; i < gaps_.size(); ++i) {
      if (gaps_[i].from == Gap::everybody) {
        gaps_of_all_.push_back(i);
        continue;
      }
      for (const ir::RuleId rule : rules_behind(policy_, meaning_, parts_[gaps_[i].from].rules, gaps_[i].part)) {
        gaps_of_[rule].push_back(i);
        if (gaps_[i].verdict == ir::Verdict::refused)
          found_.try_emplace({rule, ir::Verdict::refused}, Finding{rule, ir::Verdict::refused, gaps_[i].because, {}, {}, gaps_[i].words});
      }
    }
  }

  // ---- the comparison

  bool compare() {
    const eval::Meaning* const sides[] = {&permits_, &meaning_};
    const eval::Term terms[] = {{.in = eval::side(0), .out = eval::side(1)},
                                {.in = eval::side(1), .out = eval::side(0)},
                                {.in = eval::side(0), .denied = eval::side(1)}};
    const auto note_one = [&](const ir::Point& point, eval::TermSet holding) { return note_difference(point, holding), true; };
    const auto is_free = [&](const ir::Point& point) { return lines_.is_free(point); };
    const auto note_it = [&](const ir::Point& point, eval::TermSet holding) { note_difference(point, holding); };
    return note_path_differences(sides, terms, budget_, is_free, note_it) && eval::compare_all_but_paths(sides, terms, budget_, note_one);
  }

  void note_difference(const ir::Point& point, eval::TermSet holding) {
    if (!can_happen(policy_.configuration, point)) return;
    if (holding & 1u) note_wider(point);
    if (holding & 2u) note_narrower(point);
    if (holding & 4u) note_lost(point);
  }

  // ---- wider

  void note_wider(const ir::Point& point) {
    if (note_open_way(point)) return;
    bool seen = false, free = false;
    for (const std::uint32_t place : lines_.opening(point)) {
      const Origin* origin = lines_.origin_of(place, point);
      if (origin == nullptr) note_free(point), free = true;
      else seen |= note_wider_line(place, *origin, point);
    }
    if (!seen && !free) note_brought(point);
  }

  // One that can be said is a better witness.
  void note_free(const ir::Point& point) {
    const auto [known, is_new] = free_.try_emplace(kind_at(point));
    Free& free = known->second;
    if (is_new) free = {point, format::has_words(point)};
    else if (!free.has_words && format::has_words(point)) free = {point, true};
  }

  // A call that a deny of accesses closes, and a line of the text opens: that deny is wider.
  bool note_open_way(const ir::Point& point) {
    if (!std::holds_alternative<ir::CallPoint>(point) || lines_.is_default(point)) return false;
    bool noted = false;
    for (const std::uint32_t place : eval::parts_at(meaning_, point)) {
      const eval::Part& part = meaning_.parts()[place];
      if (part.effect == ir::Effect::allow || part.names_denied()) continue;
      for (const ir::RuleId rule : part.rules) note(rule, ir::Verdict::wider, Feature::call, point);
      noted = true;
    }
    return noted;
  }

  // Is some part behind the line at fault? One whose words hold the point is not, when a deny should have taken it away: that
  // deny is (note_lost).
  bool note_wider_line(std::uint32_t place, const Origin& origin, const ir::Point& point) {
    DecidingLines::Behind& parts = lines_.behind(place, origin, point);
    bool seen = parts.untold.size() < parts.all.size();
    std::erase_if(parts.untold, [&](std::uint32_t part) {
      if (says(part, point)) return false;
      seen = true;
      return note_part(part, origin, ir::Verdict::wider, point);
    });
    return seen;
  }

  // Thousands of places are not gone through where no rule of the part names the path.
  bool says(std::uint32_t part, const ir::Point& point) {
    constexpr std::size_t many = 16;
    const auto* box = std::get_if<ir::FileBox>(&parts_[part].box);
    const auto* file = std::get_if<ir::FilePoint>(&point);
    if (box != nullptr && file != nullptr && box->places.size() > many) {
      look_up(file->path);
      const auto& rules = parts_[part].rules;
      const auto is_of_part = [&](ir::RuleId rule) { return std::binary_search(rules.begin(), rules.end(), rule); };
      if (std::none_of(naming_rules_.begin(), naming_rules_.end(), is_of_part)) return false;
    }
    return ir::contains(parts_[part].box, point);
  }

  // What is wider though every part behind its lines says just that: an access that another one brings, under a deny of the
  // latter. The rule that brings it is wider.
  void note_brought(const ir::Point& point) {
    if (!denies_at(point).empty()) return;
    for (const std::uint32_t place : lines_.at(point))
      if (const Origin* origin = lines_.origin_of(place, point))
        for (const std::uint32_t part : lines_.behind(place, *origin, point).all)
          for (const ir::RuleId rule : rules_of(part, *origin)) note(rule, ir::Verdict::wider, Feature::deny_rule, point);
  }

  // ---- narrower, lost

  // A deny line that takes more than its rule says is at fault; else the rules that allow the point got too little. So they did
  // where they could not be said at all.
  void note_narrower(const ir::Point& point) {
    const std::vector<ir::RuleId> allowing = eval::decide(meaning_, point).rules;
    const auto is_unsaid = [&](ir::RuleId rule) {
      const Gap* gap = gap_at(rule, point);
      return gap != nullptr && gap->verdict == ir::Verdict::narrower;
    };
    if (std::none_of(allowing.begin(), allowing.end(), is_unsaid) && note_taken(point)) return;
    for (const ir::RuleId rule : allowing) {
      if (is_found(rule, ir::Verdict::narrower)) continue;
      const Gap* gap = gap_at(rule, point);
      note(rule, ir::Verdict::narrower, gap != nullptr ? gap->because : feature_of(point), point, gap != nullptr ? gap->words : "");
    }
  }

  bool note_taken(const ir::Point& point) {
    bool taken = false;
    for (const std::uint32_t place : lines_.at(point)) {
      const Origin* origin = lines_.origin_of(place, point);
      if (origin == nullptr || lines_.effect_of(place) != ir::Effect::deny) continue;
      DecidingLines::Behind& parts = lines_.behind(place, *origin, point);
      // One test of a filter settles many calls: a deny of another one has taken nothing of this.
      const bool is_about_it = !parts.all.empty() && concerns(parts_[parts.all.front()].box, point);
      if (std::holds_alternative<ir::CallPoint>(point) && !is_about_it) continue;
      taken |= !parts.all.empty();
      std::erase_if(parts.untold, [&](std::uint32_t part) { return note_part(part, *origin, ir::Verdict::narrower, point); });
    }
    return taken || note_narrower_gap(point);
  }

  // A deny for which more is refused than it says, though no line of its own refuses it.
  bool note_narrower_gap(const ir::Point& point) {
    bool found = false;
    for (const Gap& gap : gaps_) {
      if (gap.verdict != ir::Verdict::narrower || gap.from == Gap::everybody || parts_[gap.from].effect != ir::Effect::deny) continue;
      if (!ir::contains(gap.part, point)) continue;
      found = true;
      for (const ir::RuleId rule : rules_of(gap.from)) note(rule, ir::Verdict::narrower, gap.because, point, gap.words);
    }
    return found;
  }

  std::vector<ir::RuleId> denies_at(const ir::Point& point) const {
    std::vector<ir::RuleId> result;
    for (const std::uint32_t place : eval::parts_at(meaning_, point)) {
      const eval::Part& part = meaning_.parts()[place];
      if (part.names_denied()) result.insert(result.end(), part.rules.begin(), part.rules.end());
    }
    return result;
  }

  void note_lost(const ir::Point& point) {
    const ir::Verdict verdict = lines_.is_default(point) ? ir::Verdict::unmediated : ir::Verdict::wider;
    const bool says_denies = capability_of(backend_, Feature::deny_rule).support == ir::Verdict::exact;
    for (const ir::RuleId rule : denies_at(point)) {
      const Gap* gap = gap_at(rule, point);
      note(rule, verdict, gap != nullptr ? gap->because : says_denies ? feature_of(point) : Feature::deny_rule, point);
    }
  }

  // A deny of an act is lost where a call that may do it is allowed by another rule: no argument tells.
  void add_blind_ways() {
    const Permitting targets[] = {{&backend_, &permits_}};
    for (std::uint32_t i = 0; i < policy_.rules.size(); ++i)
      if (const auto ways = blind_ways(policy_, policy_.rules[i], meaning_, targets, budget_); !ways.empty()) note_way(ir::RuleId{i}, ways.front().point, {});
    for (const auto& [rule, way] : unseen_ways(policy_, meaning_, targets, budget_))
      note_way(rule, way, fmt::format("{} does not look at what this call does", backend_.name));
  }

  // An allow is wider where libc has no call for it but one that may do more.
  void add_blind_allows() {
    if (!backend_.asks_ways) return;
    const Permitting targets[] = {{&backend_, &permits_}};
    for (const auto& [rule, way] : blind_allows(policy_, meaning_, targets, budget_))
      note_way(rule, way.point, "libc makes no other call here, and this one may do more: " + std::string(way.why));
  }

  void note_way(ir::RuleId rule, const ir::Point& call, std::string words) {
    found_.try_emplace({rule, ir::Verdict::wider}, Finding{rule, ir::Verdict::wider, feature_of(call), call, {}, std::move(words), true});
  }

  // ---- unmediated

  // An allow of something that no line decides: the witness is any access of its kind that is open so, first of what the rule
  // names, then of what it brings along. A call that a file rule only needs says nothing about the rule.
  void add_unmediated() {
    if (free_.empty()) return;
    for (const bool named : {true, false})
      for (std::uint32_t part = 0; part < parts_.size(); ++part) {
        if (parts_[part].effect != ir::Effect::allow || parts_[part].implied) continue;
        for (const auto& [kind, free] : free_)
          if (is_about(parts_[part].box, free.point)) add_unmediated(part, free.point, named);
      }
  }

  void add_unmediated(std::uint32_t part, const ir::Point& witness, bool named) {
    for (const ir::RuleId rule : rules_of(part)) {
      if (is_found(rule, ir::Verdict::unmediated) || named != names_kind(policy_.rules[rule.value], witness)) continue;
      const Gap* gap = gap_at(rule, witness);
      note(rule, ir::Verdict::unmediated, gap != nullptr ? gap->because : unseen_feature(parts_[part].box, witness), witness);
    }
  }

  // ---- what is noted

  const std::vector<ir::RuleId>& rules_of(std::uint32_t part) {
    auto& known = rules_of_part_[part];
    const bool is_file = std::holds_alternative<ir::FileBox>(parts_[part].box);
    if (known.empty()) known = is_file ? parts_[part].rules : rules_behind(policy_, meaning_, parts_[part].rules, parts_[part].box);
    return known;
  }

  /// Those that the line is there for.
  const std::vector<ir::RuleId>& rules_of(std::uint32_t part, const Origin& origin) {
    const auto& all = rules_of(part);
    if (origin.rules.empty() || all.size() < 2) return all;
    some_.clear();
    add_common(origin.rules, all, some_);
    return some_.empty() ? all : some_;
  }

  // Of the rules of a part, as far as the line is there for them, those whose words name the path, if some do; else all.
  // True: all of them are noted now.
  bool note_part(std::uint32_t part, const Origin& origin, ir::Verdict verdict, const ir::Point& point) {
    bool& told = verdict == ir::Verdict::wider ? told_[part].wider : told_[part].narrower;
    if (told) return true;
    const auto& all = rules_of(part, origin);
    bool named = false;
    if (const auto* file = std::get_if<ir::FilePoint>(&point); file != nullptr && all.size() > 1) {
      look_up(file->path);
      for (const ir::RuleId rule : naming_rules_) {
        if (!std::binary_search(all.begin(), all.end(), rule)) continue;
        named = true;
        note_for(rule, part, verdict, point);
      }
    }
    if (named) return false;
    for (const ir::RuleId rule : all) note_for(rule, part, verdict, point);
    told = all.size() == rules_of(part).size();
    return true;
  }

  // Many differences in a row are of one path, which is looked up once.
  void look_up(const std::string& path) {
    if (path == path_) return;
    path_ = path;
    naming_rules_.clear();
    for (const std::uint32_t place : eval::parts_naming(meaning_, path)) {
      const auto& rules = meaning_.parts()[place].rules;
      naming_rules_.insert(naming_rules_.end(), rules.begin(), rules.end());
    }
    std::sort(naming_rules_.begin(), naming_rules_.end());
    naming_rules_.erase(std::unique(naming_rules_.begin(), naming_rules_.end()), naming_rules_.end());
  }

  void note_for(ir::RuleId rule, std::uint32_t part, ir::Verdict verdict, const ir::Point& point) {
    if (!is_found(rule, verdict)) note(rule, verdict, because_of(rule, part, point), point);
  }

  bool is_found(ir::RuleId rule, ir::Verdict verdict) const { return found_.contains({rule, verdict}); }

  void note(ir::RuleId rule, ir::Verdict verdict, Feature because, const ir::Point& witness, const std::string& words = "") {
    found_.try_emplace({rule, verdict}, Finding{rule, verdict, because, witness, {}, words});
  }

  const Gap* own_gap_at(ir::RuleId rule, const ir::Point& point) const {
    if (const auto found = gaps_of_.find(rule); found != gaps_of_.end())
      for (const std::uint32_t gap : found->second)
        if (ir::contains(gaps_[gap].part, point)) return &gaps_[gap];
    return nullptr;
  }

  const Gap* gap_at(ir::RuleId rule, const ir::Point& point) const {
    if (const Gap* own = own_gap_at(rule, point)) return own;
    for (const std::uint32_t gap : gaps_of_all_)
      if (same_kind(gaps_[gap].part, point)) return &gaps_[gap];
    return nullptr;
  }

  Feature because_of(ir::RuleId rule, std::uint32_t part, const ir::Point& point) const {
    const Gap* gap = own_gap_at(rule, point);  // a line decides it, so that somebody looks
    return gap != nullptr ? gap->because : broken_by(parts_[part].box, point);
  }

  struct Free {
    ir::Point point;
    bool has_words = false;
  };
  struct Told {
    bool wider = false, narrower = false;
  };

  const ir::Policy& policy_;
  const eval::Meaning& meaning_;
  const std::vector<eval::Part>& parts_;
  const Backend& backend_;
  const std::vector<Gap>& gaps_;
  const eval::Meaning& permits_;
  DecidingLines lines_;
  sets::Budget budget_;
  std::map<ir::RuleId, std::vector<std::uint32_t>> gaps_of_;
  std::vector<std::uint32_t> gaps_of_all_;
  std::vector<std::vector<ir::RuleId>> rules_of_part_;  // made when asked for
  std::map<Key, Finding> found_;
  std::vector<Told> told_;  // of each part: all of its rules have been noted
  std::string path_;              // the last that was looked up: no path is empty
  std::vector<ir::RuleId> naming_rules_;  // the rules whose words name it
  std::vector<ir::RuleId> some_;          // of a part's rules those behind one line
  std::map<Kind, Free> free_;             // the first access of each kind that is permitted without a line of ours
};

}  // namespace

Verdicts verdicts_of(const Compared& compared) { return Judge(compared).run(); }

}  // namespace polc::target
