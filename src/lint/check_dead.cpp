// An allow of which the denies leave nothing (P4082), and one of whose parts a wider deny leaves nothing (P4084). A deny that
// says no more than the part is meant: it takes something out of a group.
#include <algorithm>

#include "diag/lint_catalogue.hpp"
#include "lint/checks.hpp"
#include "lint/near.hpp"

namespace polc::lint {
namespace {

// The rule as its author lists it: one call, one path, one capability each.
std::vector<ir::Box> elements_of(const ir::Rule& rule) {
  std::vector<ir::Box> elements;
  for (const ir::Box& box : rule.boxes) {
    if (const auto* calls = std::get_if<ir::CallBox>(&box)) {
      for (const CallId call : calls->calls) elements.push_back(ir::CallBox{{call}, calls->where});
    } else if (const auto* file = std::get_if<ir::FileBox>(&box)) {
      for (const sets::PathPattern& place : file->places) {
        ir::FileBox one = *file;
        one.places = {place};
        elements.push_back(std::move(one));
      }
    } else if (const auto* granted = std::get_if<ir::CapabilityBox>(&box)) {
      for (unsigned bit = 0; bit < 64; ++bit)
        if ((granted->capabilities >> bit & 1u) != 0) elements.push_back(ir::CapabilityBox{std::uint64_t{1} << bit});
    } else {
      elements.push_back(box);
    }
  }
  return elements;
}

class Dead {
 public:
  explicit Dead(const Subject& subject) : subject_(subject) {
    for (const ir::Rule& rule : subject.policy.rules)
      if (rule.effect == ir::Effect::deny) denies_.push_back(&rule);
  }

  void judge(const ir::Rule& rule) {
    std::vector<const ir::Rule*> near;
    std::vector<ir::Box> denied;
    for (const ir::Rule* deny : denies_) {
      if (!may_meet(rule.boxes, deny->boxes) || !subject_.everywhere.is_in_force_with(deny->origin, rule.origin)) continue;
      near.push_back(deny);
      denied.insert(denied.end(), deny->boxes.begin(), deny->boxes.end());
    }
    if (near.empty()) return;
    const eval::Meaning taken = set_of(denied);
    if (!ask::missing(set_of(rule.boxes), taken, subject_.budget)) return report(diag::dead_rule, rule, near, {});
    for (const ir::Box& element : elements_of(rule)) {
      const eval::Meaning part = set_of({element});
      if (ask::missing(part, taken, subject_.budget)) continue;
      const auto wider = std::find_if(near.begin(), near.end(), [&](const ir::Rule* deny) { return is_wider(*deny, part); });
      if (wider == near.end()) continue;
      if (const auto lost = ask::shared(part, taken, subject_.budget)) return report(diag::lost_part, rule, {*wider}, subject_.text_of(*lost));
    }
  }

 private:
  eval::Meaning set_of(std::vector<ir::Box> boxes) const { return ask::set_of(std::move(boxes), subject_.os()); }

  bool is_wider(const ir::Rule& deny, const eval::Meaning& part) const {
    const eval::Meaning all = set_of(deny.boxes);
    return ask::shared(all, part, subject_.budget) && ask::missing(all, part, subject_.budget);
  }

  void report(const diag::Kind<std::string>& kind, const ir::Rule& rule, const std::vector<const ir::Rule*>& denies, std::string lost) const {
    diag::Sink one;
    auto added = add_at(one, kind, rule, std::move(lost));
    for (const ir::Rule* deny : denies) added.note(deny->origin.front(), "denied here");
    // Which of the two is the mistake, nobody but the author knows.
    if (kind.id == diag::dead_rule.id && rule.origin.size() == 1) added.fix(subject_.everywhere.statement_of(rule.origin), "");
    subject_.everywhere.found(rule.origin, one.all().front());
  }

  const Subject& subject_;
  std::vector<const ir::Rule*> denies_;
};

}  // namespace

void find_dead_rules(const Subject& subject) {
  Dead dead(subject);
  for (const ir::Rule& rule : subject.policy.rules)
    if (rule.effect == ir::Effect::allow && !rule.boxes.empty() && subject.everywhere.is_judged(rule.origin)) dead.judge(rule);
}

}  // namespace polc::lint
