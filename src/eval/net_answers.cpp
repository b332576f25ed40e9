#include "eval/net_answers.hpp"

#include <algorithm>
#include <map>

namespace polc::eval {
namespace {

// What of a part decides where its address and port hold.
using Shape = std::tuple<std::size_t, std::uint8_t, std::uint8_t, ir::Effect, std::uint32_t, std::uint32_t, std::vector<std::uint32_t>>;

Shape shape_of(std::size_t side, const Part& part, const ir::NetBox& box) {
  std::vector<std::uint32_t> protocols;
  for (const auto& interval : box.protocols.intervals()) protocols.insert(protocols.end(), {interval.low, interval.high});
  return {side, part.plane, part.rank, part.effect, box.verbs.bits(), box.types.bits(), std::move(protocols)};
}

}  // namespace

std::vector<NetCandidate> net_candidates(const Comparison& comparison, Family family) {
  std::vector<NetCandidate> result;
  std::map<Shape, std::uint32_t> shapes;
  for (std::size_t i = 0; i < comparison.sides.size(); ++i) {
    const auto& index = comparison.sides[i]->index();
    const auto& places =
        family == Family::unix_family ? index.any_unix : index.by_family[static_cast<std::size_t>(family)];
    for (const std::uint32_t place : places) {
      const auto& box = std::get<ir::NetBox>(index.parts[place].box);
      const auto shape = shapes.try_emplace(shape_of(i, index.parts[place], box), static_cast<std::uint32_t>(shapes.size())).first;
      result.push_back({i, place, shape->second, &box});
    }
  }
  return result;
}

NetAnswers::NetAnswers(const Comparison& comparison, const std::vector<NetCandidate>& candidates, Family family)
    : comparison_(comparison), candidates_(candidates), is_internet_(family == Family::inet || family == Family::inet6),
      kinds_(kinds_of(candidates, family)), ranked_(comparison.sides.size()) {
  for (std::uint32_t i = 0; i < candidates.size(); ++i)
    if (candidates[i].shape == of_shape_.size()) of_shape_.push_back(i);
}

// Every socket type, with the protocols at which some candidate begins or ends; the usual number first.
std::vector<NetAnswers::Kind> NetAnswers::kinds_of(const std::vector<NetCandidate>& candidates, Family family) {
  const bool is_internet = family == Family::inet || family == Family::inet6;
  std::vector<std::uint32_t> protocols{0};
  if (is_internet) protocols.insert(protocols.end(), {6, 7, 17, 18});
  std::uint32_t shapes = 0;
  for (const NetCandidate& candidate : candidates) {
    if (candidate.shape != shapes) continue;  // as one before it
    ++shapes;
    for (const auto& interval : candidate.box->protocols.intervals()) {
      protocols.push_back(interval.low);
      if (interval.high != sets::NumberSet::maximum) protocols.push_back(interval.high + 1);
    }
  }
  std::sort(protocols.begin(), protocols.end());
  protocols.erase(std::unique(protocols.begin(), protocols.end()), protocols.end());
  std::vector<Kind> result;
  SocketTypes::all().for_each([&](SocketType type) {
    const std::uint32_t usual = !is_internet ? 0 : type == SocketType::stream ? 6 : type == SocketType::dgram ? 17 : 0;
    result.push_back({type, usual});
    for (const auto protocol : protocols)
      if (protocol != usual) result.push_back({type, protocol});
  });
  return result;
}

const std::vector<NetAnswers::Answer>* NetAnswers::of(const NetGroup& group, NetVerbs verbs) {
  Shapes shapes;
  for (const std::uint32_t member : group) shapes.push_back(candidates_[member].shape);
  std::sort(shapes.begin(), shapes.end());
  shapes.erase(std::unique(shapes.begin(), shapes.end()), shapes.end());
  std::pair key{verbs.bits(), std::move(shapes)};
  const auto known = known_.find(key);
  if (known != known_.end()) return &known->second;
  if (!comparison_.budget.spend(key.second.size() * kinds_.size())) return nullptr;
  auto answers = work_out(key.second, verbs);
  return &known_.emplace(std::move(key), std::move(answers)).first->second;
}

std::vector<NetAnswers::Answer> NetAnswers::work_out(const Shapes& shapes, NetVerbs verbs) {
  std::vector<Answer> answers;
  for (std::uint32_t kind = 0; kind < kinds_.size(); ++kind)
    verbs.for_each([&](NetVerb verb) {
      const TermSet terms = terms_holding(comparison_.terms, membership(shapes, kinds_[kind], verb));
      if (terms != 0) answers.push_back({kind, verb, terms});
    });
  return answers;
}

bool NetAnswers::visit(ir::NetPoint point, const Answer& answer) const {
  point.type = kinds_[answer.kind].type;
  point.protocol = kinds_[answer.kind].protocol;
  point.verb = answer.verb;
  return comparison_.visit(ir::Point(point), answer.terms);
}

// What is written of the access: allows and denies of plain sides; of the others, what their order makes of them.
Membership NetAnswers::written(const Shapes& shapes, const Kind& kind, NetVerb verb) {
  Membership result;
  for (const std::uint32_t shape : shapes) {
    const NetCandidate& candidate = candidates_[of_shape_[shape]];
    const ir::NetBox& box = *candidate.box;
    if (!box.verbs.contains(verb) || !box.types.contains(kind.type) || !box.protocols.contains(kind.protocol)) continue;
    const Meaning& meaning = *comparison_.sides[candidate.side];
    const Sides bit = side(static_cast<unsigned>(candidate.side));
    (meaning.parts()[candidate.place].effect == ir::Effect::allow ? result.allowed : result.denied) |= bit;
    if (!meaning.order().is_plain()) ranked_[candidate.side].push_back(candidate.place);
  }
  result.sure = result.allowed &= ~result.denied;
  for (unsigned i = 0; i < ranked_.size(); ++i)
    if (!ranked_[i].empty()) decide_by_order(i, result);
  return result;
}

void NetAnswers::decide_by_order(unsigned i, Membership& result) {
  const Meaning& meaning = *comparison_.sides[i];
  const auto set = [&](Sides& sides, const Formula& formula) {
    const bool holds = meaning.order().holds(formula, meaning.parts(), ranked_[i]);
    sides = holds ? sides | side(i) : sides & ~side(i);
  };
  set(result.allowed, meaning.order().formulas().possible);
  set(result.sure, meaning.order().formulas().sure);
  ranked_[i].clear();
}

// connect udp E brings send and receive udp E (meaning.cpp's bringers_of says the same of one point).
Membership NetAnswers::membership(const Shapes& shapes, const Kind& kind, NetVerb verb) {
  Membership here = written(shapes, kind, verb);
  const bool brought = (verb == NetVerb::send || verb == NetVerb::receive) && kind.type == SocketType::dgram &&
                       (kind.protocol == 0 || kind.protocol == 17) && is_internet_;
  if (!brought) return here;
  const Membership there = written(shapes, kind, NetVerb::connect);
  for (unsigned i = 0; i < comparison_.sides.size(); ++i) {
    if (!comparison_.sides[i]->has_implications() || (there.allowed & ~here.denied & side(i)) == 0) continue;
    here.allowed |= side(i);
    here.sure |= side(i);
  }
  return here;
}

}  // namespace polc::eval
