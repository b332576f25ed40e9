#include "lint/find.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <utility>

#include "diag/lint_catalogue.hpp"
#include "eval/compare.hpp"

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

// Before their first pattern the paths go different ways.
bool part_early(const sets::PathPattern& a, const sets::PathPattern& b) {
  using Kind = sets::Component::Kind;
  for (std::size_t i = 0; i < std::min(a.components.size(), b.components.size()); ++i) {
    if (a.components[i].kind != Kind::literal || b.components[i].kind != Kind::literal) return false;
    if (a.components[i].text != b.components[i].text) return true;
  }
  return false;
}

/// False: surely not, whatever else an access brings along (exec a map, bind a socket's file). Ten thousand rules are not
/// compared with a danger that few of them come near.
struct MayMeet {
  bool operator()(const ir::FileBox& a, const ir::FileBox& b) const {
    return std::any_of(a.places.begin(), a.places.end(), [&](const auto& one) {
      return std::any_of(b.places.begin(), b.places.end(), [&](const auto& other) { return !part_early(one, other); });
    });
  }
  bool operator()(const ir::CallBox& a, const ir::CallBox& b) const {
    return std::find_first_of(a.calls.begin(), a.calls.end(), b.calls.begin(), b.calls.end()) != a.calls.end();
  }
  bool operator()(const ir::CapabilityBox& a, const ir::CapabilityBox& b) const { return (a.capabilities & b.capabilities) != 0; }
  bool operator()(const ir::NetBox& a, const ir::FileBox&) const { return a.family == Family::unix_family; }
  template <class Other>
  bool operator()(const Other&, const Other&) const {
    return true;
  }
  template <class One, class Other>
  bool operator()(const One&, const Other&) const {
    return false;
  }
};

bool may_meet(const std::vector<const eval::Part*>& parts, const std::vector<eval::Part>& others) {
  return std::any_of(parts.begin(), parts.end(), [&](const eval::Part* part) {
    return std::any_of(others.begin(), others.end(), [&](const eval::Part& other) {
      return other.effect == ir::Effect::allow && std::visit(MayMeet{}, part->box, other.box);
    });
  });
}

void add(diag::Sink& sink, const ir::Rule& rule, const diag::Kind<std::string>& kind, std::string text) {
  auto added = sink.add(kind, rule.origin.front(), std::move(text));
  for (std::size_t i = 1; i < rule.origin.size(); ++i) added.note(rule.origin[i], "used from here");
}

// compare() tells accesses apart by what is decided of them, not by which rule decides. So checks are first asked of the whole
// policy, which most pass, several at once, and of single rules only when something is found.
class Search {
 public:
  Search(const ir::Policy& policy, const eval::Meaning& meaning, const Spelling& text_of, diag::Sink& sink)
      : policy_(policy), meaning_(meaning), text_of_(text_of), sink_(sink) {
    for (const eval::Part& part : meaning.parts()) {
      if (part.effect == ir::Effect::deny) denies_.push_back(without_rules(part));
      else
        for (const ir::RuleId rule : part.rules) allows_[rule].push_back(&part);
    }
  }

  /// False: too complex to see everything.
  bool run(std::span<const Asked> asked) {
    bool complete = true;
    for (; !asked.empty(); asked = asked.subspan(std::min(asked.size(), together))) complete &= run_together(asked.first(std::min(asked.size(), together)));
    return complete;
  }

 private:
  // One side is the policy.
  static constexpr std::size_t together = std::numeric_limits<eval::Sides>::digits - 1;

  bool run_together(std::span<const Asked> asked) {
    std::vector<eval::Meaning> dangers;
    for (const Asked& one : asked) dangers.push_back(eval::make_meaning(one.parts, meaning_.os(), false));
    sets::Budget budget;
    const eval::TermSet found = present(dangers, budget);
    for (std::size_t i = 0; i < asked.size(); ++i)
      if ((found >> i & 1u) != 0) blame(asked[i], dangers[i], budget);
    return !budget.exhausted;
  }

  // Bit i: the policy allows some of the i-th.
  eval::TermSet present(const std::vector<eval::Meaning>& dangers, sets::Budget& budget) const {
    std::vector<const eval::Meaning*> sides{&meaning_};
    std::vector<eval::Term> terms;
    for (const eval::Meaning& danger : dangers) {
      terms.push_back({.in = static_cast<eval::Sides>(eval::side(0) | eval::side(static_cast<unsigned>(sides.size())))});
      sides.push_back(&danger);
    }
    const auto all = static_cast<eval::TermSet>((1u << dangers.size()) - 1);
    eval::TermSet found = 0;
    eval::compare(sides, terms, budget, [&](const ir::Point&, eval::TermSet holding) {
      found = static_cast<eval::TermSet>(found | holding);
      return found != all;
    });
    return found;
  }

  void blame(const Asked& asked, const eval::Meaning& danger, sets::Budget& budget) {
    for (const auto& [rule, own] : allows_) {
      if (!may_meet(own, asked.parts)) continue;
      std::vector<eval::Part> parts;
      for (const eval::Part* part : own) parts.push_back(without_rules(*part));
      // The denies may be many, and few rules come near a danger.
      if (!shared(meaning_of_parts(parts), danger, budget)) continue;
      std::vector<eval::Part> with_denies = std::move(parts);
      with_denies.insert(with_denies.end(), denies_.begin(), denies_.end());
      if (const auto witness = shared(meaning_of_parts(std::move(with_denies)), danger, budget))
        add(sink_, policy_.rules[rule.value], *asked.kind, text_of_(*witness));
    }
  }

  // Thousands of rules may stand behind a call that each of them needs.
  static eval::Part without_rules(const eval::Part& part) { return {part.effect, part.box, {}, part.implied}; }

  eval::Meaning meaning_of_parts(std::vector<eval::Part> parts) const {
    return eval::make_meaning(std::move(parts), meaning_.os(), meaning_.has_implications());
  }

  std::optional<ir::Point> shared(const eval::Meaning& some, const eval::Meaning& danger, sets::Budget& budget) const {
    const eval::Meaning* sides[] = {&some, &danger};
    const eval::Term both[] = {{.in = static_cast<eval::Sides>(eval::side(0) | eval::side(1))}};
    std::optional<ir::Point> found;
    eval::compare(sides, both, budget, [&](const ir::Point& witness, eval::TermSet) {
      found = witness;
      return false;
    });
    return found;
  }

  const ir::Policy& policy_;
  const eval::Meaning& meaning_;
  const Spelling& text_of_;
  diag::Sink& sink_;
  std::vector<eval::Part> denies_;
  std::map<ir::RuleId, std::vector<const eval::Part*>> allows_;
};

}  // namespace

bool find(const ir::Policy& policy, const eval::Meaning& meaning, std::vector<Asked> asked, const Spelling& text_of, diag::Sink& sink) {
  asked.push_back({&diag::write_exec_path, writes_of_executables(meaning)});
  return Search(policy, meaning, text_of, sink).run(asked);
}

}  // namespace polc::lint
