#include "eval/implications.hpp"

#include <algorithm>

#include "eval/compare.hpp"
#include "eval/lookup.hpp"
#include "knowledge/relation.hpp"
#include "support/overloaded.hpp"

namespace polc::eval {
namespace {

void add_brought(const ir::FileBox& box, std::vector<ir::Box>& out) {
  FileVerbs brought;
  for (const auto& [of, also] : knowledge::implied_file_verbs())
    if (box.verbs.contains(of)) brought.insert(also);
  brought = brought - box.verbs;
  brought.for_each([&](FileVerb verb) {
    ir::FileBox more;
    more.verbs = {verb};
    more.places = box.places;
    more.types = box.types;
    more.owners = box.owners;
    out.emplace_back(std::move(more));
  });
}

void add_brought(const ir::NetBox& box, std::vector<ir::Box>& out) {
  const bool internet = box.family == Family::inet || box.family == Family::inet6;
  const sets::NumberSet udp = sets::NumberSet::of(0) | sets::NumberSet::of(17);
  if (box.verbs.contains(NetVerb::connect) && internet && box.types.contains(SocketType::dgram)) {
    ir::NetBox more = box;
    more.types = {SocketType::dgram};
    more.protocols = box.protocols & udp;
    for (const NetVerb verb : {NetVerb::send, NetVerb::receive}) {
      more.verbs = {verb};
      if (!more.protocols.empty() && !box.verbs.contains(verb)) out.emplace_back(more);
    }
  }
  if (box.verbs.contains(NetVerb::bind) && box.family == Family::unix_family && box.protocols.contains(0) &&
      (box.any_unix_address || !box.paths.empty())) {
    ir::FileBox socket;
    socket.verbs = {FileVerb::create};
    socket.types = {FileType::socket};
    socket.places = box.any_unix_address ? sets::every_path() : box.paths;
    out.emplace_back(std::move(socket));
  }
}

}  // namespace

std::vector<ir::Box> single_verbs(const ir::Box& box) {
  std::vector<ir::Box> result;
  const auto split = [&](const auto& whole) {
    whole.verbs.for_each([&](auto verb) {
      auto one = whole;
      one.verbs = {verb};
      result.emplace_back(std::move(one));
    });
  };
  std::visit(Overloaded{[&](const ir::FileBox& b) { split(b); }, [&](const ir::PairBox& b) { split(b); },
                        [&](const ir::NetBox& b) { split(b); }, [&](const auto& b) { result.emplace_back(b); }},
             box);
  return result;
}

std::vector<ir::Box> brought_by(const ir::Box& box) {
  std::vector<ir::Box> result;
  std::visit(Overloaded{[&](const ir::FileBox& b) { add_brought(b, result); }, [&](const ir::NetBox& b) { add_brought(b, result); },
                        [](const auto&) {}},
             box);
  return result;
}

std::vector<Part> denies_brought_along(const Meaning& meaning, sets::Budget& budget) {
  std::vector<Part> kept;
  for (const Part& part : meaning.parts())
    if (part.effect == ir::Effect::deny)
      for (ir::Box& box : brought_by(part.box)) kept.push_back({ir::Effect::allow, std::move(box), part.rules, false});
  if (kept.empty()) return kept;
  // As allows of a second side, so that one comparison finds all of them of which the meaning allows something.
  const Meaning candidates = make_meaning(kept, meaning.os(), false);
  const Meaning* const sides[] = {&meaning, &candidates};
  const Term both{.in = side(0) | side(1)};
  std::vector<bool> alive(kept.size(), false);
  bool any = false;
  const auto is_any = [&](const ir::Point&, TermSet) { return !(any = true); };
  if (!compare(sides, std::span(&both, 1), budget, is_any)) return {};
  if (any) {
    Lookup lookup(candidates);
    sets::Budget rest;
    const bool complete = compare(sides, std::span(&both, 1), rest, Kinds::by_place, [&](const ir::Point& point, TermSet) {
      for (const std::uint32_t place : lookup.parts_at(point)) alive[place] = true;
      return true;
    });
    if (!complete) return {};
  }
  std::vector<Part> result;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (alive[i]) continue;
    kept[i].effect = ir::Effect::deny;
    result.push_back(std::move(kept[i]));
  }
  return result;
}

}  // namespace polc::eval
