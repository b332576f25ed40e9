#include "lint/find.hpp"

#include <map>
#include <optional>
#include <utility>

#include "diag/lint_catalogue.hpp"
#include "eval/compare.hpp"

namespace polc::lint {
namespace {

// Writing what the policy executes: the same files, other verbs.
std::vector<ir::Box> writes_of_executables(const eval::Meaning& meaning) {
  std::vector<ir::Box> boxes;
  for (const eval::Part& part : meaning.parts()) {
    const auto* file = std::get_if<ir::FileBox>(&part.box);
    if (file == nullptr || part.effect != ir::Effect::allow || !file->verbs.contains(FileVerb::exec)) continue;
    ir::FileBox box;
    box.verbs = {FileVerb::write, FileVerb::append, FileVerb::create};
    box.places = file->places;
    box.types = {FileType::file};
    boxes.emplace_back(std::move(box));
  }
  return boxes;
}

// A deny may keep this very file from being executed.
bool can_be_executed(const eval::Meaning& meaning, const ir::Point& point) {
  for (const std::uint32_t at : eval::parts_naming(meaning, std::get<ir::FilePoint>(point).path)) {
    const auto* file = std::get_if<ir::FileBox>(&meaning.parts()[at].box);
    if (file == nullptr || !file->verbs.contains(FileVerb::exec)) continue;
    ir::FilePoint exec = std::get<ir::FilePoint>(point);
    exec.verb = FileVerb::exec;
    exec.mode = 0;
    if (!file->successors.empty()) exec.successor = file->successors.front();
    if (eval::decide(meaning, exec).allowed) return true;
  }
  return false;
}

void add(diag::Sink& sink, const ir::Rule& rule, const diag::Kind<std::string>& kind, std::string text) {
  auto added = sink.add(kind, rule.origin.front(), std::move(text));
  for (std::size_t i = 1; i < rule.origin.size(); ++i) added.note(rule.origin[i], "used from here");
}

// compare() tells accesses apart by what is decided of them, not by which rule decides. So a check is first asked of the
// whole policy, which most pass, and of single rules only when something is found.
class Search {
 public:
  Search(const ir::Policy& policy, const eval::Meaning& meaning, const Spelling& text_of, diag::Sink& sink)
      : policy_(policy), meaning_(meaning), text_of_(text_of), sink_(sink) {
    for (const eval::Part& part : meaning.parts()) {
      if (part.effect == ir::Effect::deny) denies_.push_back(part);
      else
        for (const ir::RuleId rule : part.rules) allows_[rule].push_back(part);
    }
  }

  bool run(const Asked& asked) {
    std::vector<eval::Part> parts;
    for (const ir::Box& box : asked.boxes) parts.push_back({ir::Effect::allow, box, {}, false});
    if (parts.empty()) return true;
    const eval::Meaning danger = eval::make_meaning(std::move(parts), meaning_.os(), false);
    sets::Budget budget;
    if (!shared(meaning_, danger, asked, budget)) return !budget.exhausted;
    for (const auto& [rule, own] : allows_) {
      // The denies may be many, and few rules come near a danger.
      if (!shared(meaning_of_parts(own), danger, asked, budget)) continue;
      std::vector<eval::Part> with_denies = own;
      with_denies.insert(with_denies.end(), denies_.begin(), denies_.end());
      if (const auto witness = shared(meaning_of_parts(std::move(with_denies)), danger, asked, budget))
        add(sink_, policy_.rules[rule.value], *asked.kind, text_of_(*witness));
    }
    return !budget.exhausted;
  }

 private:
  eval::Meaning meaning_of_parts(std::vector<eval::Part> parts) const {
    return eval::make_meaning(std::move(parts), meaning_.os(), meaning_.has_implications());
  }

  std::optional<ir::Point> shared(const eval::Meaning& some, const eval::Meaning& danger, const Asked& asked, sets::Budget& budget) const {
    const eval::Meaning* sides[] = {&some, &danger};
    const eval::Term both[] = {{.in = static_cast<eval::Sides>(eval::side(0) | eval::side(1))}};
    std::optional<ir::Point> found;
    eval::compare(sides, both, budget, [&](const ir::Point& witness, eval::TermSet) {
      if (asked.kind == &diag::write_exec_path && !can_be_executed(meaning_, witness)) return true;
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
  std::map<ir::RuleId, std::vector<eval::Part>> allows_;
};

}  // namespace

bool find(const ir::Policy& policy, const eval::Meaning& meaning, std::vector<Asked> asked, const Spelling& text_of, diag::Sink& sink) {
  asked.push_back({&diag::write_exec_path, writes_of_executables(meaning)});
  Search search(policy, meaning, text_of, sink);
  bool complete = true;
  for (const Asked& one : asked) complete &= search.run(one);
  return complete;
}

}  // namespace polc::lint
