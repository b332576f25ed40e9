#include "eval/meaning.hpp"

#include <algorithm>

#include "eval/index.hpp"
#include "eval/lookup.hpp"
#include "knowledge/relation.hpp"
#include "support/check.hpp"
#include "support/overloaded.hpp"

namespace polc::eval {
namespace {

const sets::Bits one_bit{1};

void add_to_index(Meaning::Index& index, std::uint32_t place, const ir::Box& box) {
  std::visit(Overloaded{
                 [&](const ir::FileBox& b) {
                   if (!b.verbs.contains(FileVerb::exec)) return;
                   index.successors.insert(index.successors.end(), b.successors.begin(), b.successors.end());
                 },
                 [](const ir::PairBox&) {},
                 [&](const ir::NetBox& b) {
                   if (b.family != Family::unix_family) {
                     index.by_family[static_cast<std::size_t>(b.family)].push_back(place);
                   } else if (b.any_unix_address) {
                     index.any_unix.push_back(place);
                   }
                 },
                 [&](const ir::CallBox& b) {
                   for (const CallId call : b.calls) index.by_call.push_back({call, place});
                 },
                 [&](const ir::IdentityBox&) { index.identities.push_back(place); },
                 [&](const ir::CapabilityBox&) { index.capabilities.push_back(place); },
                 [&](const ir::PeerBox&) { index.peers.push_back(place); },
             },
             box);
}

void add_to_spaces(Meaning::Index::Spaces& spaces, std::uint32_t place, const ir::Box& box) {
  if (const auto* file = std::get_if<ir::FileBox>(&box))
    for (const auto& pattern : file->places) spaces.paths.insert(pattern, one_bit, place);
  if (const auto* pair = std::get_if<ir::PairBox>(&box))
    spaces.pairs.insert_product(pair->from, pair->to, one_bit, place);
  const auto* net = std::get_if<ir::NetBox>(&box);
  if (net == nullptr || net->family != Family::unix_family || net->any_unix_address) return;
  for (const auto& pattern : net->paths) spaces.paths.insert(pattern, one_bit, place);
  for (const auto& pattern : net->abstracts) spaces.abstracts.insert(pattern, one_bit, place);
}

void add_file_bringers(const Meaning::Index& index, const ir::FilePoint& point, std::vector<ir::Point>& out) {
  for (const auto& [of, also] : knowledge::implied_file_verbs()) {
    if (also != point.verb) continue;
    ir::FilePoint bringer = point;
    bringer.verb = of;
    if (of != FileVerb::exec) {
      out.emplace_back(std::move(bringer));
      continue;
    }
    for (const auto& successor : index.successors) {
      bringer.successor = successor;
      out.emplace_back(bringer);
    }
  }
  if (point.verb != FileVerb::create || point.type != FileType::socket) return;
  SocketTypes::all().for_each([&](SocketType type) {
    out.emplace_back(ir::NetPoint{.verb = NetVerb::bind, .family = Family::unix_family, .type = type,
                                  .unix_address = {ir::UnixAddress::Kind::path, point.path}});
  });
}

Order order_of(const std::vector<Part>& parts, Formulas formulas) {
  std::vector<Slot> slots;
  for (const Part& part : parts) {
    const Slot slot{part.plane, part.rank};
    if (slots.empty() || slots.back() != slot) slots.push_back(slot);  // neighbours mostly share one
  }
  return {std::move(slots), std::move(formulas)};
}

}  // namespace

const Meaning::Index::Spaces& Meaning::Index::spaces() const {
  std::call_once(made_, [this] {
    for (std::uint32_t place = 0; place < parts.size(); ++place) add_to_spaces(spaces_, place, parts[place].box);
  });
  return spaces_;
}

namespace {

std::uint64_t places_of(const ir::Box& box) {
  if (const auto* file = std::get_if<ir::FileBox>(&box)) return file->places.size();
  if (const auto* pair = std::get_if<ir::PairBox>(&box)) return pair->from.size() + pair->to.size();
  const auto* net = std::get_if<ir::NetBox>(&box);
  if (net == nullptr) return 1;
  return net->ip4.intervals().size() + net->ip6.intervals().size() + net->ports.intervals().size() + net->paths.size() + net->abstracts.size();
}

const sets::Ip4Set& addresses_of(const ir::NetBox& box, std::uint32_t) { return box.ip4; }
const sets::Ip6Set& addresses_of(const ir::NetBox& box, sets::Uint128) { return box.ip6; }

template <class Number>
std::vector<Number> starts_of(const sets::IntervalSet<Number>& set, std::vector<Number> starts) {
  for (const auto& interval : set.intervals()) {
    starts.push_back(interval.low);
    if (interval.high != sets::IntervalSet<Number>::maximum) starts.push_back(static_cast<Number>(interval.high + 1));
  }
  return starts;
}

template <class Number>
Meaning::Index::Addresses<Number> addresses_in(const std::vector<Part>& parts, const std::vector<std::uint32_t>& places) {
  const auto box_at = [&](std::uint32_t place) -> const ir::NetBox& { return std::get<ir::NetBox>(parts[place].box); };
  std::vector<Number> addresses;
  std::vector<std::uint16_t> ports;
  for (const std::uint32_t place : places) {
    const ir::NetBox& box = box_at(place);
    if (const auto& own = addresses_of(box, Number{}); own.is_all()) ports = starts_of(box.ports, std::move(ports));
    else addresses = starts_of(own, std::move(addresses));
  }
  Meaning::Index::Addresses<Number> result{sets::IntervalTree<Number>(std::move(addresses)), sets::IntervalTree<std::uint16_t>(std::move(ports))};
  for (const std::uint32_t place : places) {
    const ir::NetBox& box = box_at(place);
    if (const auto& own = addresses_of(box, Number{}); own.is_all())
      for (const auto& interval : box.ports.intervals()) result.ports.insert(interval, place);
    else
      for (const auto& interval : own.intervals()) result.addresses.insert(interval, place);
  }
  return result;
}

}  // namespace

const Meaning::Index::Internet& Meaning::Index::internet() const {
  std::call_once(internet_made_, [this] {
    internet_.ip4 = addresses_in<std::uint32_t>(parts, by_family[static_cast<std::size_t>(Family::inet)]);
    internet_.ip6 = addresses_in<sets::Uint128>(parts, by_family[static_cast<std::size_t>(Family::inet6)]);
  });
  return internet_;
}

Meaning::Meaning() : Meaning(make_meaning({}, Os::linux_os, false)) {}
const std::vector<Part>& Meaning::parts() const { return index_->parts; }
Os Meaning::os() const { return index_->os; }
bool Meaning::has_implications() const { return index_->implications; }
const Order& Meaning::order() const { return index_->order; }

Meaning set_of(std::vector<ir::Box> boxes, Os os, bool implications) {
  std::vector<Part> parts;
  parts.reserve(boxes.size());
  for (ir::Box& box : boxes) parts.push_back({ir::Effect::allow, std::move(box), {}, false});
  return make_meaning(std::move(parts), os, implications);
}

Meaning make_meaning(std::vector<Part> parts, Os os, bool implications, Formulas formulas) {
  auto index = std::make_shared<Meaning::Index>();
  index->parts = std::move(parts);
  index->os = os;
  index->implications = implications;
  index->order = order_of(index->parts, std::move(formulas));
  POLC_CHECK(!implications || index->order.is_plain(), "what has implications has no ranks");
  index->successors = {ir::Successor{}, {ir::Successor::Kind::unconfined, ""}};
  for (std::uint32_t place = 0; place < index->parts.size(); ++place) {
    add_to_index(*index, place, index->parts[place].box);
    index->places += places_of(index->parts[place].box);
  }
  std::sort(index->by_call.begin(), index->by_call.end());
  std::sort(index->successors.begin(), index->successors.end());
  index->successors.erase(std::unique(index->successors.begin(), index->successors.end()), index->successors.end());
  Meaning meaning{nullptr};
  meaning.index_ = std::move(index);
  return meaning;
}

std::vector<std::uint32_t> parts_at(const Meaning& meaning, const ir::Point& point) { return Lookup(meaning).parts_at(point); }

std::vector<std::uint32_t> parts_naming(const Meaning& meaning, std::string_view path) {
  std::vector<std::uint32_t> result;
  sets::PathLabels labels;
  meaning.index().spaces().paths.labels_of(path, labels);
  for (const auto& hit : labels.hits) result.push_back(hit.tag);
  return result;
}

std::vector<ir::Point> bringers_of(const Meaning& meaning, const ir::Point& point) {
  std::vector<ir::Point> result;
  if (!meaning.has_implications()) return result;
  if (const auto* file = std::get_if<ir::FilePoint>(&point)) add_file_bringers(meaning.index(), *file, result);
  const auto* net = std::get_if<ir::NetPoint>(&point);
  // connect udp E brings send and receive udp E.
  if (net != nullptr && (net->verb == NetVerb::send || net->verb == NetVerb::receive) && net->type == SocketType::dgram &&
      (net->family == Family::inet || net->family == Family::inet6) && (net->protocol == 0 || net->protocol == 17)) {
    ir::NetPoint bringer = *net;
    bringer.verb = NetVerb::connect;
    result.emplace_back(std::move(bringer));
  }
  return result;
}

std::vector<std::uint32_t> deciding_parts(const Meaning& meaning, const ir::Point& point) {
  return Lookup(meaning).deciding_parts(point);
}

Decision decide(const Meaning& meaning, const ir::Point& point) { return Lookup(meaning).decide(point); }

bool surely_allows(const Meaning& meaning, const ir::Point& point) {
  const Order& order = meaning.order();
  if (order.is_certain()) return decide(meaning, point).allowed;
  return order.holds(order.formulas().sure, meaning.parts(), parts_at(meaning, point));
}

}  // namespace polc::eval
