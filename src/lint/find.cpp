#include "lint/find.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "diag/lint_catalogue.hpp"
#include "eval/compare.hpp"
#include "lint/near.hpp"

namespace polc::lint {
namespace {

// Writing what the policy executes: the same files, other verbs. What no successor may execute is taken away again; a deny
// of one successor leaves the others, and is left out.
std::vector<eval::Part> writes_of_executables(const eval::Meaning& meaning) {
  std::vector<eval::Part> parts;
  for (const eval::Part& part : meaning.parts()) {
    const auto* file = std::get_if<ir::FileBox>(&part.box);
    if (file == nullptr || !file->verbs.contains(FileVerb::exec) || !file->types.contains(FileType::file)) continue;
    if (part.effect == ir::Effect::deny && !file->successors.empty()) continue;
    ir::FileBox box;
    box.verbs = {FileVerb::write, FileVerb::append, FileVerb::create};
    box.places = file->places;
    box.types = {FileType::file};
    if (part.effect == ir::Effect::deny) box.owners = file->owners;
    parts.push_back({part.effect, std::move(box), {}, false});
  }
  return parts;
}

bool comes_near(const std::vector<const eval::Part*>& parts, const std::vector<eval::Part>& others) {
  return std::any_of(parts.begin(), parts.end(), [&](const eval::Part* part) {
    return std::any_of(others.begin(), others.end(), [&](const eval::Part& other) {
      return other.effect == ir::Effect::allow && may_meet(part->box, other.box);
    });
  });
}

// compare() tells accesses apart by what is decided of them, not by which rule decides. So checks are first asked of the whole
// policy, which most pass, several at once, and of single rules only when something is found.
class Search {
 public:
  explicit Search(const Subject& subject) : subject_(subject) {
    for (const eval::Part& part : subject.meaning.parts()) {
      if (part.effect == ir::Effect::deny) denies_.push_back(without_rules(part));
      else
        for (const ir::RuleId rule : part.rules) allows_[rule].push_back(&part);
    }
  }

  /// False: too complex to see everything.
  std::uint64_t run(std::span<const Asked> asked) {
    std::uint64_t shortage = 0;
    for (; !asked.empty(); asked = asked.subspan(std::min(asked.size(), together)))
      shortage = std::max(shortage, run_together(asked.first(std::min(asked.size(), together))));
    return shortage;
  }

 private:
  // Labels grow with the sides: few at a time are quicker than all at once.
  static constexpr std::size_t together = 7;

  std::uint64_t run_together(std::span<const Asked> asked) {
    std::vector<eval::Meaning> dangers;
    for (const Asked& one : asked) dangers.push_back(eval::make_meaning(one.parts, subject_.meaning.os(), false));
    sets::Budget budget;
    const eval::TermSet found = present(dangers, budget);
    for (std::size_t i = 0; i < asked.size(); ++i)
      if ((found >> i & 1u) != 0) blame(asked[i], dangers[i], budget);
    return budget.shortage();
  }

  // Bit i: the policy allows some of the i-th.
  eval::TermSet present(const std::vector<eval::Meaning>& dangers, sets::Budget& budget) const {
    std::vector<const eval::Meaning*> sides{&subject_.meaning};
    std::vector<eval::Term> terms;
    for (const eval::Meaning& danger : dangers) {
      terms.push_back({.in = eval::side(0) | eval::side(static_cast<unsigned>(sides.size()))});
      sides.push_back(&danger);
    }
    const auto all = (1u << dangers.size()) - 1;
    eval::TermSet found = 0;
    eval::compare(sides, terms, budget, [&](const ir::Point&, eval::TermSet holding) {
      found |= holding;
      return found != all;
    });
    return found;
  }

  void blame(const Asked& asked, const eval::Meaning& danger, sets::Budget& budget) {
    for (const auto& [rule, own] : allows_) {
      if (!comes_near(own, asked.parts)) continue;
      if (says_no_more(own, asked.parts, budget)) continue;
      std::vector<eval::Part> parts;
      for (const eval::Part* part : own) parts.push_back(without_rules(*part));
      // The denies may be many, and few rules come near a danger.
      if (!ask::shared(meaning_of_parts(parts), danger, budget)) continue;
      std::vector<eval::Part> with_denies = std::move(parts);
      with_denies.insert(with_denies.end(), denies_.begin(), denies_.end());
      const eval::Meaning left = meaning_of_parts(std::move(with_denies));
      if (asked.extent == Extent::all && ask::missing(danger, left, budget)) continue;
      const auto witness = ask::shared(left, danger, budget);
      if (!witness) continue;
      add_at(subject_.findings, *asked.kind, subject_.policy.rules[rule.value], subject_.text_of(*witness));
      if (asked.kind->severity == diag::Severity::error && !is_tried(danger, *witness, budget)) note_untested(*asked.kind, rule, *witness);
    }
  }

  // Is all that the rule itself names among what the danger leaves out?
  bool says_no_more(const std::vector<const eval::Part*>& own, const std::vector<eval::Part>& asked, sets::Budget& budget) const {
    std::vector<eval::Part> harmless, named;
    for (const eval::Part& part : asked)
      if (part.effect == ir::Effect::deny) harmless.push_back({ir::Effect::allow, part.box, {}, false});
    if (harmless.empty()) return false;
    for (const eval::Part* part : own)
      if (!part->implied) named.push_back(without_rules(*part));
    const Os os = subject_.meaning.os();
    return !ask::missing(eval::make_meaning(std::move(named), os, false), eval::make_meaning(std::move(harmless), os, false), budget);
  }

  // Does the policy promise that some of the danger is open, and that something of its kind is not?
  bool is_tried(const eval::Meaning& danger, const ir::Point& witness, sets::Budget& budget) const {
    bool opens = false, closes = false;
    for (const ir::Expectation& expectation : subject_.policy.expectations)
      for (const auto& [box, left_out] : expectation.boxes) {
        if (ir::class_of(box) != ir::class_of(witness)) continue;
        if (expectation.effect == ir::Effect::deny) closes = true;
        else opens = opens || ask::shared(meaning_of_parts({{ir::Effect::allow, box, {}, false}}), danger, budget);
      }
    return opens && closes;
  }

  void note_untested(const diag::Kind<std::string>& danger, ir::RuleId rule, const ir::Point& witness) {
    diag::Sink one;
    add_at(one, diag::untested_danger, subject_.policy.rules[rule.value], subject_.text_of(witness));
    subject_.untested.push_back({danger.id, one.all().front()});
  }

  // Thousands of rules may stand behind a call that each of them needs.
  static eval::Part without_rules(const eval::Part& part) { return {part.effect, part.box, {}, part.implied}; }

  eval::Meaning meaning_of_parts(std::vector<eval::Part> parts) const {
    return eval::make_meaning(std::move(parts), subject_.meaning.os(), subject_.meaning.has_implications());
  }

  const Subject& subject_;
  std::vector<eval::Part> denies_;
  std::map<ir::RuleId, std::vector<const eval::Part*>> allows_;
};

// Who may write its own program is another program tomorrow.
std::vector<eval::Part> writes_of_programs(const ir::Policy& policy) {
  ir::FileBox box;
  box.verbs = {FileVerb::write, FileVerb::append, FileVerb::create};
  box.types = {FileType::file};
  for (const std::string& program : policy.programs)
    if (auto patterns = sets::parse_path_pattern({sets::escaped_literal(program), {}}, false)) box.places.insert(box.places.end(), patterns->begin(), patterns->end());
  if (box.places.empty()) return {};
  return {{ir::Effect::allow, std::move(box), {}, false}};
}

}  // namespace

std::uint64_t find(const Subject& subject, std::vector<Asked> asked) {
  asked.push_back({&diag::write_exec_path, writes_of_executables(subject.meaning)});
  asked.push_back({&diag::persistent_write, writes_of_programs(subject.policy)});
  std::uint64_t shortage = Search(subject).run(asked);
  for (const Check check : checks()) {
    // One hard question must not keep the others from being asked.
    sets::Budget budget;
    check({subject.policy, subject.meaning, subject.text_of, subject.set_of, subject.everywhere, budget, subject.findings, subject.untested});
    shortage = std::max(shortage, budget.shortage());
  }
  return shortage;
}

}  // namespace polc::lint
