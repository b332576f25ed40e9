#include "target/legalise.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>

#include "eval/implications.hpp"
#include "eval/lookup.hpp"
#include "support/overloaded.hpp"
#include "target/acceptances.hpp"
#include "target/blame.hpp"
#include "target/permitted.hpp"
#include "target/points.hpp"

namespace polc::target {

// A twentieth of what a comparison may take.
constexpr std::uint64_t few_steps = sets::Budget{}.steps / 20;

// The only maker of LegalPolicy.
class Legaliser {
 public:
  Legaliser(const ir::Policy& policy, const eval::Meaning& meaning, const std::vector<eval::Part>& parts,
            const Backend& backend, const Settings& settings)
      : policy_(policy), meaning_(meaning), parts_(parts), backend_(backend) {
    result_.policy.policy_ = &policy;
    result_.policy.settings_ = settings;
    result_.policy.unmediated_ = backend.unmediated(policy, settings);
    project_one_ = projector_of(backend, policy, result_.policy.settings_);
  }

  Legalised run() {
    for (const eval::Part& part : parts_) {
      project(part.box, part);
      if (part.effect == ir::Effect::allow && !part.implied)
        for (const ir::Box& brought : eval::brought_by(part.box)) project(brought, part);
    }
    for (const eval::Part& part : eval::denies_brought_along(meaning_, budget_)) project(part.box, part);
    permitted_ = permitted_by(result_.policy, rules_of_piece_);
    result_.permitted = permitted_.set;
    permitted_lookup_.emplace(result_.permitted);
    compare();
    add_unmediated();
    finish();
    return std::move(result_);
  }

 private:
  using Key = std::pair<ir::RuleId, ir::Verdict>;

  void project(const ir::Box& box, const eval::Part& part) {
    for (const ir::Box& one : eval::single_verbs(box)) {
      Projection projection = project_one_(one, part.effect);
      // What names every place of the part is there for each of its rules: thousands of places need not be looked up.
      const bool is_file = std::holds_alternative<ir::FileBox>(one);
      for (Piece& piece : projection.pieces) {
        const bool is_whole = is_file && piece.wanted == one;
        std::vector<ir::RuleId> rules = is_whole ? part.rules : rules_behind(policy_, meaning_, part.rules, piece.wanted);
        result_.policy.rules_.push_back({rules.front(), part.effect, std::move(piece)});
        rules_of_piece_.push_back(std::move(rules));
      }
      for (Lack& lack : projection.lacks) {
        std::vector<ir::RuleId> rules = rules_behind(policy_, meaning_, part.rules, lack.part);
        if (lack.verdict == ir::Verdict::refused)
          for (const ir::RuleId rule : rules) found_.try_emplace({rule, lack.verdict}, Finding{rule, lack.verdict, lack.because, {}, {}});
        lacks_.push_back({std::move(rules), part.effect, part.implied, std::move(lack)});
      }
    }
  }

  void compare() {
    const eval::Meaning* const sides[] = {&meaning_, &result_.permitted};
    const eval::Term terms[] = {{.in = eval::side(1), .out = eval::side(0)},
                                {.in = eval::side(0), .out = eval::side(1)},
                                {.in = eval::side(1), .denied = eval::side(0)}};
    const auto note_one = [&](const ir::Point& point, eval::TermSet holding) { return note_difference(point, holding), true; };
    result_.too_complex = !compare_paths(sides, terms) || !eval::compare_all_but_paths(sides, terms, budget_, note_one);
  }

  // First whether any path differs by some rule's doing; if so, where for each rule: that takes longer. Mostly little enough
  // to be done at once; else the differences are at least all seen before it is tried. That will do for what is only wider;
  // of lost denies and narrowed rules each must be known, or one that is accepted would hide the others.
  bool compare_paths(std::span<const eval::Meaning* const> sides, std::span<const eval::Term> terms) {
    std::deque<std::pair<ir::Point, eval::TermSet>> seen;
    bool by_rule = false;
    const auto collect = [&](const ir::Point& point, eval::TermSet holding) {
      seen.emplace_back(point, holding);
      by_rule = by_rule || holding != 1 || !is_free(point);
      return true;
    };
    const auto look = [&](const ir::Point& point, eval::TermSet holding) { return collect(point, holding) && !by_rule; };
    const auto note_one = [&](const ir::Point& point, eval::TermSet holding) { return note_difference(point, holding), true; };

    bool complete = eval::compare_paths(sides, terms, budget_, eval::Kinds::by_answer, look);
    if (by_rule) {
      sets::Budget little{.steps = few_steps};
      if (eval::compare_paths(sides, terms, little, eval::Kinds::by_place, note_one)) return true;
      seen.clear();
      complete = eval::compare_paths(sides, terms, budget_, eval::Kinds::by_answer, collect);
      sets::Budget rest;
      if (complete && eval::compare_paths(sides, terms, rest, eval::Kinds::by_place, note_one)) return true;
    }
    for (const auto& [point, holding] : seen) note_difference(point, holding);
    return complete && std::all_of(seen.begin(), seen.end(), [](const auto& one) { return one.second == 1; });
  }

  void note_difference(const ir::Point& point, eval::TermSet holding) {
    if (!can_happen(policy_.configuration, point)) return;
    if (holding & 1u) note_wider(point);
    if (holding & 2u) note_narrower(point);
    if (holding & 4u) note_lost(point);
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

  // The parts of T at a point.
  const std::vector<std::uint32_t>& permitted_at(const ir::Point& point) { return permitted_lookup_->parts_at(point); }

  // Of the rules of a piece those whose words name the path, if some do; else all.
  void note_piece(std::uint32_t piece, ir::Verdict verdict, Feature because, const ir::Point& point) {
    const auto& all = rules_of_piece_[piece];
    bool named = false;
    if (const auto* file = std::get_if<ir::FilePoint>(&point); file != nullptr && all.size() > 1) {
      look_up(file->path);
      for (const ir::RuleId rule : naming_rules_) {
        if (!std::binary_search(all.begin(), all.end(), rule)) continue;
        named = true;
        note(rule, verdict, because, point);
      }
    }
    if (named) return;
    for (const ir::RuleId rule : all) note(rule, verdict, because, point);
    told_.insert({piece, verdict});
  }

  bool is_told(std::uint32_t piece, ir::Verdict verdict) const { return told_.count({piece, verdict}) != 0; }

  void note(ir::RuleId rule, ir::Verdict verdict, Feature because, const ir::Point& witness) {
    found_.try_emplace({rule, verdict}, Finding{rule, verdict, because, witness, {}});
  }

  static bool holds(const ir::Box& box, const ir::Point& point) { return ir::contains(box, point); }

  // The piece whose words name the point is not at fault when a deny should have taken it away: that deny is (note_lost).
  void note_wider(const ir::Point& point) {
    bool seen = false;
    for (const std::uint32_t place : permitted_at(point)) {
      if (permitted_.pieces[place].empty()) free_.try_emplace(kind_of(point), point);
      else if (permitted_.set.parts()[place].effect == ir::Effect::allow) seen |= note_wider_part(place, point);
    }
    if (!seen && !is_free(point)) note_brought(point);
  }

  // Does the target not look at such accesses at all?
  bool is_free(const ir::Point& point) {
    const auto& places = permitted_at(point);
    return std::any_of(places.begin(), places.end(), [&](std::uint32_t place) { return permitted_.pieces[place].empty(); });
  }

  // Is some piece behind the part at fault?
  bool note_wider_part(std::uint32_t place, const ir::Point& point) {
    if (told_parts_.count(place) != 0) return true;
    bool seen = false, all_told = permitted_.pieces[place].size() > 1;
    for (const std::uint32_t piece : permitted_.pieces[place]) {
      const Piece& said = result_.policy.rules_[piece].piece;
      if (holds(said.wanted, point)) {
        all_told = all_told && is_told(piece, ir::Verdict::wider);
        continue;
      }
      seen = true;
      if (!is_told(piece, ir::Verdict::wider))
        note_piece(piece, ir::Verdict::wider, said.because.empty() ? feature_of(point) : said.because.front(), point);
      all_told = all_told && is_told(piece, ir::Verdict::wider);
    }
    if (all_told) told_parts_.insert(place);
    return seen;
  }

  // What is wider though every piece that holds it says just what it was asked for: an access that another one brings,
  // under a deny of the latter. The rule that brings it is wider.
  void note_brought(const ir::Point& point) {
    if (!denies_at(point).empty()) return;
    for (const std::uint32_t place : permitted_at(point)) {
      if (permitted_.set.parts()[place].effect != ir::Effect::allow) continue;
      for (const std::uint32_t piece : permitted_.pieces[place])
        for (const ir::RuleId rule : rules_of_piece_[piece]) note(rule, ir::Verdict::wider, Feature::deny_rule, point);
    }
  }

  std::vector<ir::RuleId> denies_at(const ir::Point& point) const {
    std::vector<ir::RuleId> result;
    for (const std::uint32_t place : eval::parts_at(meaning_, point)) {
      const eval::Part& part = meaning_.parts()[place];
      if (part.effect == ir::Effect::deny) result.insert(result.end(), part.rules.begin(), part.rules.end());
    }
    return result;
  }

  void note_lost(const ir::Point& point) {
    const ir::Verdict verdict = is_free(point) ? ir::Verdict::unmediated : ir::Verdict::wider;
    for (const ir::RuleId rule : denies_at(point)) note(rule, verdict, because_of_lack(rule, point), point);
  }

  // A deny piece that takes more than its rule says is at fault; else the rules that allow the point got too little.
  void note_narrower(const ir::Point& point) {
    bool taken = false;
    for (const std::uint32_t place : permitted_at(point)) {
      if (permitted_.set.parts()[place].effect != ir::Effect::deny) continue;
      taken = true;
      for (const std::uint32_t piece : permitted_.pieces[place]) {
        const auto& because = result_.policy.rules_[piece].piece.because;
        if (!is_told(piece, ir::Verdict::narrower))
          note_piece(piece, ir::Verdict::narrower, because.empty() ? feature_of(point) : because.front(), point);
      }
    }
    if (taken) return;
    for (const ir::RuleId rule : eval::decide(meaning_, point).rules)
      note(rule, ir::Verdict::narrower, because_of_lack(rule, point), point);
  }

  Feature because_of_lack(ir::RuleId rule, const ir::Point& point) const {
    for (const auto& [rules, effect, implied, lack] : lacks_)
      if (std::binary_search(rules.begin(), rules.end(), rule) && holds(lack.part, point)) return lack.because;
    return feature_of(point);
  }

  // An allow of something that the target does not see at all: the witness is any access of its kind that is free, first of
  // what the rule names, then of what it brings along. A call that a file rule only needs says nothing about the rule; that
  // no call is seen stands in the report once.
  void add_unmediated() {
    for (const bool named : {true, false})
      for (const auto& [rules, effect, implied, lack] : lacks_) {
        if (lack.verdict != ir::Verdict::unmediated || effect != ir::Effect::allow || implied) continue;
        const auto witness = std::find_if(free_.begin(), free_.end(), [&part = lack.part](const auto& entry) {
          return same_kind(part, entry.second);
        });
        if (witness == free_.end()) continue;
        for (const ir::RuleId rule : rules)
          if (named == names_kind(policy_.rules[rule.value], witness->second)) note(rule, lack.verdict, lack.because, witness->second);
      }
  }

  void finish() {
    for (auto& [key, finding] : found_) result_.findings.push_back(std::move(finding));
    result_.notes = settle(policy_, backend_, result_.findings);
    result_.policy.notes_ = result_.notes;
    result_.unseen = result_.policy.unmediated_;
  }

  struct RecordedLack {
    std::vector<ir::RuleId> rules;
    ir::Effect effect;
    bool implied;  // of a call that the rule only needs
    Lack lack;
  };

  const ir::Policy& policy_;
  const eval::Meaning& meaning_;
  const std::vector<eval::Part>& parts_;
  const Backend& backend_;
  Projector project_one_;
  sets::Budget budget_;
  Legalised result_;
  std::vector<std::vector<ir::RuleId>> rules_of_piece_;
  Permitted permitted_;
  std::optional<eval::Lookup> permitted_lookup_;
  std::vector<RecordedLack> lacks_;
  std::map<Key, Finding> found_;
  std::set<std::pair<std::uint32_t, ir::Verdict>> told_;  // pieces all of whose rules have been noted
  std::set<std::uint32_t> told_parts_;                    // parts all of whose pieces have, as wider
  std::string path_;                                      // the last that was looked up: no path is empty
  std::vector<ir::RuleId> naming_rules_;                  // the rules whose words name it
  std::map<PointKind, ir::Point> free_;  // the first access of each kind that is permitted because nobody looks
};

Legalised legalise(const ir::Policy& policy, const eval::Meaning& meaning, const std::vector<eval::Part>& parts,
                   const Backend& backend, const Settings& settings) {
  return Legaliser(policy, meaning, parts, backend, settings).run();
}

Legalised legalise(const ir::Policy& policy, const eval::Meaning& meaning, const Backend& backend,
                   const Settings& settings) {
  return legalise(policy, meaning, meaning.parts(), backend, settings);
}

}  // namespace polc::target
