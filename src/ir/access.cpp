#include "ir/access.hpp"

#include <algorithm>

#include "support/overloaded.hpp"

namespace polc::ir {
namespace {

using Part = knowledge::RegisterContent::Part;

bool matches_any(const std::vector<sets::PathPattern>& patterns, const std::string& path) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const auto& pattern) { return pattern.matches(path); });
}

bool contains(const OwnerSet& owners, const Owner& owner) {
  return owners.any || (owners.self && owner.self) ||
         (!owner.name.empty() && std::binary_search(owners.names.begin(), owners.names.end(), owner.name));
}

bool contains_anywhere(const FileBox& box, const FilePoint& point) {
  if (!box.verbs.contains(point.verb) || !box.types.contains(point.type) || !contains(box.owners, point.owner)) return false;
  const bool has_mode = point.verb == FileVerb::create || point.verb == FileVerb::chmod;
  if (has_mode && (point.mode & ~box.mode) != 0) return false;
  if (point.verb == FileVerb::ioctl && !box.requests.contains(point.request)) return false;
  return point.verb != FileVerb::exec || box.successors.empty() ||
         std::binary_search(box.successors.begin(), box.successors.end(), point.successor);
}

bool contains(const FileBox& box, const FilePoint& point) {
  return contains_anywhere(box, point) && matches_any(box.places, point.path);
}

bool contains_anywhere(const PairBox& box, const PairPoint& point) {
  return box.verbs.contains(point.verb) && box.types.contains(point.type) && contains(box.owners, point.owner);
}

bool contains(const PairBox& box, const PairPoint& point) {
  return contains_anywhere(box, point) && matches_any(box.from, point.from) && matches_any(box.to, point.to);
}

bool contains_unix(const NetBox& box, const UnixAddress& address) {
  if (box.any_unix_address) return true;
  switch (address.kind) {
    case UnixAddress::Kind::path: return matches_any(box.paths, address.name);
    case UnixAddress::Kind::abstract: return matches_any(box.abstracts, address.name);
    case UnixAddress::Kind::unnamed: return false;
  }
  return false;
}

bool contains_but_address(const NetBox& box, const NetPoint& point) {
  return box.verbs.contains(point.verb) && box.family == point.family && box.types.contains(point.type) &&
         box.protocols.contains(point.protocol);
}

bool contains(const NetBox& box, const NetPoint& point) {
  if (!contains_but_address(box, point)) return false;
  switch (point.family) {
    case Family::inet: return box.ip4.contains(point.ip4) && box.ports.contains(point.port);
    case Family::inet6: return box.ip6.contains(point.ip6) && box.ports.contains(point.port);
    case Family::unix_family: return contains_unix(box, point.unix_address);
    case Family::netlink:
    case Family::packet:
    case Family::other: return true;
  }
  return false;
}

bool contains(const CallBox& box, const CallPoint& point) {
  return std::binary_search(box.calls.begin(), box.calls.end(), point.call) && holds(box.where, point.arguments);
}

bool contains(const CapabilityBox& box, const CapabilityPoint& point) { return (box.capabilities >> point.capability) & 1u; }

bool contains(const PeerBox& box, const PeerPoint& point) {
  if (box.kind != point.kind || ((box.what >> point.what) & 1u) == 0) return false;
  return box.any_peer || std::binary_search(box.peers.begin(), box.peers.end(), point.peer);
}

bool contains(const IdentityBox& box, const IdentityPoint& point) {
  return box.kind == point.kind && contains(box, point.account);
}

// The value as the comparison sees it: cut to the width, then shifted so that unsigned order is the order asked for.
std::uint64_t ordered(std::uint64_t value, const ArgumentTest& test) {
  const std::uint64_t kept = test.width == 32 ? (value & 0xFFFF'FFFFu) : value;
  if (!test.is_signed) return kept;
  return kept ^ (std::uint64_t{1} << (test.width - 1));
}

bool holds(const ArgumentTest& test, const sets::Arguments& arguments) {
  if (test.in_register.part != Part::whole) return holds(of_argument(test), arguments);
  const std::uint64_t left = ordered(arguments[test.argument] & test.mask, test);
  const std::uint64_t right = ordered(test.value, test);
  switch (test.op) {
    case sets::Compare::equal: return left == right;
    case sets::Compare::not_equal: return left != right;
    case sets::Compare::less: return left < right;
    case sets::Compare::less_equal: return left <= right;
    case sets::Compare::greater: return left > right;
    case sets::Compare::greater_equal: return left >= right;
  }
  return false;
}

}  // namespace

bool holds(const Condition& condition, const sets::Arguments& arguments) {
  const auto holds_here = [&](const Condition& term) { return holds(term, arguments); };
  switch (condition.kind) {
    case Condition::Kind::test: return holds(condition.test, arguments);
    case Condition::Kind::conjunction: return std::all_of(condition.terms.begin(), condition.terms.end(), holds_here);
    case Condition::Kind::disjunction: return std::any_of(condition.terms.begin(), condition.terms.end(), holds_here);
    case Condition::Kind::negation: return !holds(condition.terms.front(), arguments);
    case Condition::Kind::exact: return condition.exact.space->contains(condition.exact.set, arguments);
  }
  return false;
}

// A half is 32 bits, and what is compared with it 64.
Condition of_argument(const ArgumentTest& test) {
  ArgumentTest plain = test;
  plain.in_register = {};
  Condition condition;
  condition.kind = Condition::Kind::test;
  const unsigned shift = test.in_register.part == Part::high ? 32 : 0;
  if (test.in_register.part != Part::whole) {
    if (test.value >> 32 != 0) {
      using sets::Compare;
      const bool is_less = test.op == Compare::not_equal || test.op == Compare::less || test.op == Compare::less_equal;
      condition.kind = is_less ? Condition::Kind::conjunction : Condition::Kind::disjunction;
      return condition;
    }
    plain.mask = (test.mask & 0xFFFF'FFFFu) << shift;
    plain.value = test.value << shift;
  }
  condition.test = plain;
  return condition;
}

Condition condition_of(const knowledge::Condition& condition) {
  using From = knowledge::Condition::Kind;
  const knowledge::ArgumentTest& test = condition.test;
  if (condition.kind == From::test)
    return {Condition::Kind::test, {test.argument, test.mask, static_cast<sets::Compare>(test.op), test.value, test.width, test.is_signed}, {}};
  Condition result;
  result.kind = condition.kind == From::conjunction ? Condition::Kind::conjunction : Condition::Kind::disjunction;
  for (const knowledge::Condition& term : condition.terms) result.terms.push_back(condition_of(term));
  return result;
}
static_assert(static_cast<int>(knowledge::Compare::greater_equal) == static_cast<int>(sets::Compare::greater_equal));

bool contains(const IdentityBox& box, const Account& account) {
  if (box.ids.is_all()) return true;
  if (account.has_id && box.ids.contains(account.id)) return true;
  return std::any_of(box.accounts.begin(), box.accounts.end(), [&](const Account& ours) {
    if (ours.has_id && account.has_id) return ours.id == account.id;
    if (ours == Account{}) return !account.has_id;
    return !ours.name.empty() && ours.name == account.name;
  });
}

AccessClass class_of(const Box& box) {
  return std::visit(Overloaded{[](const FileBox&) { return AccessClass::file; },
                               [](const PairBox&) { return AccessClass::file; },
                               [](const NetBox&) { return AccessClass::net; },
                               [](const CallBox&) { return AccessClass::syscall; },
                               [](const IdentityBox&) { return AccessClass::process; },
                               [](const CapabilityBox&) { return AccessClass::process; },
                               [](const PeerBox&) { return AccessClass::process; }},
                    box);
}

AccessClass class_of(const Point& point) {
  return std::visit(Overloaded{[](const FilePoint&) { return AccessClass::file; },
                               [](const PairPoint&) { return AccessClass::file; },
                               [](const NetPoint&) { return AccessClass::net; },
                               [](const CallPoint&) { return AccessClass::syscall; },
                               [](const IdentityPoint&) { return AccessClass::process; },
                               [](const CapabilityPoint&) { return AccessClass::process; },
                               [](const PeerPoint&) { return AccessClass::process; }},
                    point);
}

bool contains(const Box& box, const Point& point) {
  return std::visit(Overloaded{[](const FileBox& b, const FilePoint& p) { return contains(b, p); },
                               [](const PairBox& b, const PairPoint& p) { return contains(b, p); },
                               [](const NetBox& b, const NetPoint& p) { return contains(b, p); },
                               [](const CallBox& b, const CallPoint& p) { return contains(b, p); },
                               [](const IdentityBox& b, const IdentityPoint& p) { return contains(b, p); },
                               [](const CapabilityBox& b, const CapabilityPoint& p) { return contains(b, p); },
                               [](const PeerBox& b, const PeerPoint& p) { return contains(b, p); },
                               [](const auto&, const auto&) { return false; }},  // a box and a point of different kinds
                    box, point);
}

bool contains_anywhere(const Box& box, const Point& point) {
  return std::visit(Overloaded{[](const FileBox& b, const FilePoint& p) { return contains_anywhere(b, p); },
                               [](const PairBox& b, const PairPoint& p) { return contains_anywhere(b, p); },
                               [](const NetBox& b, const NetPoint& p) {
                                 return p.family == Family::unix_family ? contains_but_address(b, p) : contains(b, p);
                               },
                               [&](const auto&, const auto&) { return contains(box, point); }},
                    box, point);
}

}  // namespace polc::ir
