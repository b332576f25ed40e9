#include "eval/lookup.hpp"

#include <algorithm>

#include "eval/index.hpp"
#include "support/overloaded.hpp"

namespace polc::eval {

// What a target does not see at all is allowed by parts that no rule stands behind.
struct Lookup::Touched {
  std::vector<ir::RuleId> allows, denies;
  bool allowed = false, denied = false;
  bool written = false;  // some allow is a rule's own, not an implied call
};

const std::vector<std::uint32_t>& Lookup::look_up(Space space, std::string_view from, std::string_view to) {
  if (space == space_ && from == from_ && to == to_) return found_;
  space_ = space;
  from_ = from;
  to_ = to;
  sets::PathLabels labels;
  const auto& spaces = meaning_.index().spaces();
  switch (space) {
    case Space::none:
    case Space::internet: break;
    case Space::file:
    case Space::socket: spaces.paths.labels_of(from, labels); break;
    case Space::pair: spaces.pairs.labels_of_pair(from, to, labels); break;
    case Space::abstract: spaces.abstracts.labels_of(from, labels); break;
  }
  found_.clear();
  if (space == Space::socket || space == Space::abstract) found_ = meaning_.index().any_unix;
  for (const auto& hit : labels.hits) found_.push_back(hit.tag);
  std::sort(found_.begin(), found_.end());
  found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
  return found_;
}

const std::vector<std::uint32_t>& Lookup::look_up_address(const ir::NetPoint& point) {
  const auto is_same = [&](const ir::NetPoint& other) {
    return other.family == point.family && other.ip4 == point.ip4 && other.ip6 == point.ip6 && other.port == point.port;
  };
  if (space_ == Space::internet && is_same(address_)) return found_;
  space_ = Space::internet;
  address_ = point;
  found_.clear();
  const auto add = [&](std::uint32_t place) {
    const auto& box = std::get<ir::NetBox>(meaning_.parts()[place].box);
    if (!box.ports.contains(point.port)) return;
    if (point.family == Family::inet ? box.ip4.contains(point.ip4) : box.ip6.contains(point.ip6)) found_.push_back(place);
  };
  const Meaning::Index& index = meaning_.index();
  const auto& places = index.by_family[static_cast<std::size_t>(point.family)];
  constexpr std::size_t few = 64;
  if (places.size() <= few) {
    std::for_each(places.begin(), places.end(), add);
    return found_;
  }
  const auto look_in = [&](const auto& parts, auto address) {
    parts.addresses.at(address, add);
    parts.ports.at(point.port, add);
  };
  if (point.family == Family::inet) look_in(index.internet().ip4, point.ip4);
  else look_in(index.internet().ip6, point.ip6);
  std::sort(found_.begin(), found_.end());
  return found_;
}

const std::vector<std::uint32_t>& Lookup::candidates(const ir::NetPoint& point) {
  if (point.family == Family::inet || point.family == Family::inet6) return look_up_address(point);
  if (point.family != Family::unix_family) return meaning_.index().by_family[static_cast<std::size_t>(point.family)];
  switch (point.unix_address.kind) {
    case ir::UnixAddress::Kind::path: return look_up(Space::socket, point.unix_address.name, {});
    case ir::UnixAddress::Kind::abstract: return look_up(Space::abstract, point.unix_address.name, {});
    case ir::UnixAddress::Kind::unnamed: break;
  }
  return meaning_.index().any_unix;
}

const std::vector<std::uint32_t>& Lookup::candidates(const ir::Point& point) {
  using Places = const std::vector<std::uint32_t>&;
  const Meaning::Index& index = meaning_.index();
  return std::visit(Overloaded{
                        [&](const ir::FilePoint& p) -> Places { return look_up(Space::file, p.path, {}); },
                        [&](const ir::PairPoint& p) -> Places { return look_up(Space::pair, p.from, p.to); },
                        [&](const ir::NetPoint& p) -> Places { return candidates(p); },
                        [&](const ir::CallPoint& p) -> Places {
                          of_call_.clear();
                          for (const auto& [call, place] : index.of(p.call)) of_call_.push_back(place);
                          return of_call_;
                        },
                        [&](const ir::IdentityPoint&) -> Places { return index.identities; },
                        [&](const ir::CapabilityPoint&) -> Places { return index.capabilities; },
                        [&](const ir::PeerPoint&) -> Places { return index.peers; },
                    },
                    point);
}

template <class Visit>
void Lookup::for_each_part(const ir::Point& point, const Visit& visit) {
  // The index has matched the path; asking the box again would match every pattern one by one.
  for (const std::uint32_t place : candidates(point))
    if (ir::contains_anywhere(meaning_.parts()[place].box, point)) visit(place, meaning_.parts()[place]);
}

const std::vector<std::uint32_t>& Lookup::parts_at(const ir::Point& point) {
  answer_.clear();
  for_each_part(point, [&](std::uint32_t place, const Part&) { answer_.push_back(place); });
  return answer_;
}

Lookup::Touched Lookup::touched(const ir::Point& point) {
  Touched result;
  for_each_part(point, [&](std::uint32_t, const Part& part) {
    auto& into = part.effect == ir::Effect::deny ? result.denies : result.allows;
    into.insert(into.end(), part.rules.begin(), part.rules.end());
    (part.effect == ir::Effect::deny ? result.denied : result.allowed) = true;
    result.written |= part.effect == ir::Effect::allow && !part.implied;
  });
  return result;
}

std::vector<std::uint32_t> Lookup::deciding_parts(const ir::Point& point) {
  return meaning_.order().deciding(meaning_.parts(), parts_at(point));
}

unsigned Lookup::deciding_line(const ir::Point& point) {
  for (const std::uint32_t place : deciding_parts(point))
    if (const unsigned line = meaning_.parts()[place].line; line != 0) return line;
  return 0;
}

// Ranks and planes: only sets without implications have them.
Decision Lookup::decide_by_order(const ir::Point& point) {
  const auto& parts = meaning_.parts();
  Decision result;
  for (const std::uint32_t place : deciding_parts(point)) {
    result.allowed = parts[place].effect == ir::Effect::allow;
    result.rules.insert(result.rules.end(), parts[place].rules.begin(), parts[place].rules.end());
  }
  std::sort(result.rules.begin(), result.rules.end());
  result.rules.erase(std::unique(result.rules.begin(), result.rules.end()), result.rules.end());
  return result;
}

Decision Lookup::decide(const ir::Point& point) {
  if (!meaning_.order().is_plain()) return decide_by_order(point);
  Touched here = touched(point);
  const auto decided = [](bool allowed, bool implied, std::vector<ir::RuleId> rules) {
    std::sort(rules.begin(), rules.end());
    rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
    return Decision{allowed, implied, std::move(rules)};
  };
  if (here.denied) return decided(false, false, std::move(here.denies));
  if (here.allowed) return decided(true, !here.written, std::move(here.allows));
  std::vector<ir::RuleId> bringing;
  bool allowed = false;
  for (const ir::Point& bringer : bringers_of(meaning_, point)) {
    Touched there = touched(bringer);
    if (there.denied || !there.allowed) continue;
    allowed = true;
    bringing.insert(bringing.end(), there.allows.begin(), there.allows.end());
  }
  return decided(allowed, allowed, std::move(bringing));
}

bool Lookup::permits(const ir::Point& point) {
  const Order& order = meaning_.order();
  if (!order.is_plain()) return order.holds(order.formulas().possible, meaning_.parts(), parts_at(point));
  bool allowed = false, denied = false;
  const auto ask = [&](const ir::Point& one) {
    allowed = denied = false;
    for_each_part(one, [&](std::uint32_t, const Part& part) { (part.effect == ir::Effect::deny ? denied : allowed) = true; });
    return allowed && !denied;
  };
  if (ask(point)) return true;
  if (denied) return false;
  const std::vector<ir::Point> bringers = bringers_of(meaning_, point);
  return std::any_of(bringers.begin(), bringers.end(), ask);
}

}  // namespace polc::eval
