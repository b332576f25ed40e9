#include "sema/successors.hpp"

#include <algorithm>
#include <bit>
#include <map>

#include "diag/catalogue.hpp"
#include "sets/path_space.hpp"

namespace polc::sema {
namespace {

constexpr std::size_t conflicts_shown = 16;

struct ExecBox {
  const ir::FileBox* box = nullptr;
  const ir::Rule* rule = nullptr;
};

std::vector<ExecBox> exec_boxes(const std::vector<ir::Rule>& rules) {
  std::vector<ExecBox> found;
  for (const ir::Rule& rule : rules)
    for (const ir::Box& box : rule.boxes)
      if (const auto* file = std::get_if<ir::FileBox>(&box); file != nullptr && file->verbs.contains(FileVerb::exec))
        found.push_back({file, &rule});
  return found;
}

// Column 0: some deny refuses the path whatever its successor. The others: one a successor.
class Conflicts : public sets::PathQuestion {
 public:
  Conflicts(const std::vector<ExecBox>& boxes, diag::Sink& sink) : boxes_(boxes), sink_(sink) {}

  bool may_matter(const sets::Bits& lower, const sets::Bits& upper) override {
    return !denied(lower) && successors(upper) > 1;
  }

  bool visit(const sets::PathLabels& here, const std::function<std::vector<std::string>()>& witness) override {
    if (denied(here.bits) || successors(here.bits) < 2) return true;
    report(witness().front(), here);
    return ++shown_ < conflicts_shown;
  }

 private:
  static bool denied(const sets::Bits& bits) { return (bits[0] & 1u) != 0; }
  static int successors(const sets::Bits& bits) {
    int count = 0;
    for (const std::uint64_t word : bits) count += std::popcount(word);
    return count - (denied(bits) ? 1 : 0);
  }

  // The later rule is marked, with a note at an earlier one that disagrees.
  void report(const std::string& path, const sets::PathLabels& labels) {
    const auto last = std::max_element(labels.hits.begin(), labels.hits.end(),
                                       [](const auto& a, const auto& b) { return a.tag < b.tag; });
    for (const auto& hit : labels.hits) {
      if (*hit.bits == *last->bits) continue;
      sink_.add(diag::two_successors, boxes_[last->tag].rule->origin.front(), path)
          .note(boxes_[hit.tag].rule->origin.front(), "the other one");
      return;
    }
  }

  const std::vector<ExecBox>& boxes_;
  diag::Sink& sink_;
  std::size_t shown_ = 0;
};

// Only files are executed, so a deny of that type alone is enough.
bool denies_whatever(const ir::FileBox& box) {
  return box.types.contains(FileType::file) && box.owners.any && box.successors.empty();
}

}  // namespace

void check_successors(const std::vector<ir::Rule>& rules, diag::Sink& sink) {
  const std::vector<ExecBox> boxes = exec_boxes(rules);
  std::map<ir::Successor, std::size_t> columns;
  for (const auto& [box, rule] : boxes)
    if (rule->effect == ir::Effect::allow) columns.emplace(box->successors.front(), columns.size() + 1);
  if (columns.size() < 2) return;
  sets::PathSpace space(columns.size() + 1);
  for (std::uint32_t tag = 0; tag < boxes.size(); ++tag) {
    const auto& [box, rule] = boxes[tag];
    const bool is_allow = rule->effect == ir::Effect::allow;
    if (!is_allow && !denies_whatever(*box)) continue;
    const std::size_t column = is_allow ? columns.at(box->successors.front()) : 0;
    sets::Bits bits(space.words());
    bits[column / 64] |= std::uint64_t{1} << (column % 64);
    for (const auto& place : box->places) space.insert(place, bits, tag);
  }
  sets::Budget budget;
  budget.allow_for(boxes.size());
  Conflicts question(boxes, sink);
  if (!space.explore(budget, question) && budget.exhausted)
    sink.add(diag::successors_too_complex, boxes.front().rule->origin.front());
}

}  // namespace polc::sema
