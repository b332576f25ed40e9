#include "target/blame.hpp"

#include <algorithm>

#include "sets/path_inclusion.hpp"
#include "support/sorted.hpp"

namespace polc::target {
namespace {

template <class Enum>
bool meet(EnumSet<Enum> a, EnumSet<Enum> b) {
  return !(a & b).empty();
}
template <class Number>
bool meet(const sets::IntervalSet<Number>& a, const sets::IntervalSet<Number>& b) {
  return a.meets(b);
}

// Could an access lie in both? Yes where it would take the whole algebra to tell. File boxes are not asked here.
struct Overlap {
  bool operator()(const ir::NetBox& a, const ir::NetBox& b) const {
    if (a.family != b.family || !meet(a.verbs, b.verbs) || !meet(a.types, b.types) || !meet(a.protocols, b.protocols)) return false;
    switch (a.family) {
      case Family::inet: return meet(a.ip4, b.ip4) && meet(a.ports, b.ports);
      case Family::inet6: return meet(a.ip6, b.ip6) && meet(a.ports, b.ports);
      default: return true;
    }
  }
  bool operator()(const ir::CallBox& a, const ir::CallBox& b) const {
    return std::any_of(a.calls.begin(), a.calls.end(),
                       [&](CallId call) { return std::binary_search(b.calls.begin(), b.calls.end(), call); });
  }
  bool operator()(const ir::IdentityBox& a, const ir::IdentityBox& b) const { return a.kind == b.kind; }
  bool operator()(const ir::CapabilityBox& a, const ir::CapabilityBox& b) const { return (a.capabilities & b.capabilities) != 0; }
  bool operator()(const ir::PeerBox& a, const ir::PeerBox& b) const { return a.kind == b.kind && (a.what & b.what) != 0; }
  template <class A, class B>
  bool operator()(const A&, const B&) const {
    return false;
  }
};

// A file box names places, and the index finds whose they are by a path in each; asking every rule would be quadratic.
std::vector<ir::RuleId> rules_at(const eval::Meaning& meaning, const ir::FileBox& wanted) {
  std::vector<ir::RuleId> result;
  for (const auto& place : wanted.places) {
    const auto path = sets::path_in(place);
    if (!path) continue;
    for (const std::uint32_t part : eval::parts_naming(meaning, *path)) {
      const auto& rules = meaning.parts()[part].rules;
      result.insert(result.end(), rules.begin(), rules.end());
    }
  }
  std::sort(result.begin(), result.end());
  return result;
}

// Do both speak of accesses of one kind?
struct SameKind {
  bool operator()(const ir::FileBox& a, const ir::FileBox& b) const { return !(a.verbs & b.verbs).empty(); }
  bool operator()(const ir::PairBox& a, const ir::PairBox& b) const { return !(a.verbs & b.verbs).empty(); }
  bool operator()(const ir::NetBox& a, const ir::NetBox& b) const { return a.family == b.family && !(a.verbs & b.verbs).empty(); }
  template <class A, class B>
  bool operator()(const A& a, const B& b) const {
    return Overlap{}(a, b);
  }
};

class RulesOfLines {
 public:
  RulesOfLines(const Source& source, const Printed& printed) : source_(source), printed_(printed) {}

  std::vector<ir::RuleId> of(const eval::Part& part) const {
    if (part.line == 0 || part.line > printed_.origins.size()) return {};
    const Origin& origin = printed_.origins[part.line - 1];
    if (origin.kind != Origin::Kind::rules) return {};
    std::vector<ir::RuleId> near, all;
    for (const std::uint32_t place : origin.from) {
      const eval::Part& from = source_.parts[place];
      if (from.effect != part.effect) continue;
      auto& into = std::visit(SameKind{}, from.box, part.box) ? near : all;
      if (origin.rules.empty()) into.insert(into.end(), from.rules.begin(), from.rules.end());
      else add_common(origin.rules, from.rules, into);
    }
    if (near.empty() && !origin.why.empty()) return {};  // it would be there without any rule
    std::vector<ir::RuleId>& rules = near.empty() ? all : near;
    std::sort(rules.begin(), rules.end());
    rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
    return std::move(rules);
  }

 private:
  const Source& source_;
  const Printed& printed_;
};

}  // namespace

eval::Meaning with_rules(const eval::Meaning& permits, const Source& source, const Printed& printed) {
  const RulesOfLines rules(source, printed);
  std::vector<eval::Part> parts = permits.parts();
  for (eval::Part& part : parts) part.rules = rules.of(part);
  return eval::make_meaning(std::move(parts), permits.os(), false, permits.order().formulas());
}

std::vector<ir::RuleId> rules_behind(const ir::Policy& policy, const eval::Meaning& meaning, const std::vector<ir::RuleId>& rules,
                                     const ir::Box& wanted) {
  if (rules.size() < 2) return rules;
  std::vector<ir::RuleId> result;
  if (const auto* file = std::get_if<ir::FileBox>(&wanted)) {
    for (const ir::RuleId rule : rules_at(meaning, *file))  // few, of thousands
      if (std::binary_search(rules.begin(), rules.end(), rule) && (result.empty() || result.back() != rule)) result.push_back(rule);
  } else {
    for (const ir::RuleId rule : rules) {
      const auto& boxes = policy.rules[rule.value].boxes;
      const auto may_hold = [&](const ir::Box& box) { return std::visit(Overlap{}, box, wanted); };
      if (std::any_of(boxes.begin(), boxes.end(), may_hold)) result.push_back(rule);
    }
  }
  return result.empty() ? rules : result;
}

}  // namespace polc::target
