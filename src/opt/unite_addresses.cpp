// unite_addresses: `allow connect tcp any4:80; allow connect tcp any4:443;` is one rule with two ports, and rules with the
// same ports are one with all their addresses.
// The boxes differ in one dimension alone (ports, then addresses); their union is the box with the union of that set.
#include <algorithm>
#include <iterator>

#include "opt/keys.hpp"

namespace polc::opt {
namespace {

bool has_ports(const ir::Box& box) {
  const auto* net = std::get_if<ir::NetBox>(&box);
  return net != nullptr && (net->family == Family::inet || net->family == Family::inet6);
}

// Unix addresses are of three kinds in one box; `any` holds them all and cannot be merged with a list.
bool has_one_kind_of_address(const ir::Box& box) {
  const auto* net = std::get_if<ir::NetBox>(&box);
  if (net == nullptr) return false;
  return net->family != Family::unix_family || !net->any_unix_address;
}

template <class Number>
using Intervals = std::vector<sets::Interval<Number>>;

template <class Number>
void append(sets::IntervalSet<Number>& into, const sets::IntervalSet<Number>& from) {
  if (into != from) into = into | from;
}

void append(std::vector<sets::PathPattern>& into, std::vector<sets::PathPattern>& from) {
  std::move(from.begin(), from.end(), std::back_inserter(into));
  std::sort(into.begin(), into.end());
  into.erase(std::unique(into.begin(), into.end()), into.end());
}

}  // namespace

Parts unite_addresses(Parts parts) {
  parts = merge_by_key(std::move(parts), Without::ports, has_ports, [](ir::Box& into, ir::Box&& from) {
    append(std::get<ir::NetBox>(into).ports, std::get<ir::NetBox>(from).ports);
  });
  return merge_by_key(std::move(parts), Without::addresses, has_one_kind_of_address, [](ir::Box& into, ir::Box&& from) {
    auto& net = std::get<ir::NetBox>(into);
    auto& more = std::get<ir::NetBox>(from);
    append(net.ip4, more.ip4);
    append(net.ip6, more.ip6);
    append(net.paths, more.paths);
    append(net.abstracts, more.abstracts);
  });
}

}  // namespace polc::opt
