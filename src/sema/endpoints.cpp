#include "sema/endpoints.hpp"

#include <algorithm>
#include <map>

#include "diag/catalogue.hpp"
#include "sema/values.hpp"
#include "support/overloaded.hpp"

namespace polc::sema {
namespace {

constexpr std::uint64_t highest_port = sets::PortSet::maximum;

template <class Number>
sets::Interval<Number> network(const ast::Ip& ip, unsigned width, diag::SourceRange used, diag::Sink& sink) {
  Number address = 0;
  for (unsigned i = 0; i < width / 8; ++i) address = static_cast<Number>((address << 8) | ip.bytes[i]);
  const Number hosts =
      ip.prefix == 0 ? static_cast<Number>(~Number{0}) : static_cast<Number>((Number{1} << (width - ip.prefix)) - 1);
  if ((address & hosts) != 0) {
    auto added = sink.add(diag::host_bits_set, ip.range, static_cast<unsigned>(ip.prefix));
    if (used != ip.range) added.note(used, "used here");
  }
  return {static_cast<Number>(address & ~hosts), static_cast<Number>(address | hosts)};
}

class EndpointReader {
 public:
  explicit EndpointReader(const Context& context) : context_(context) {}

  Endpoints read(const ast::InternetPeer& peer) {
    for (const ast::Endpoint& endpoint : peer.endpoints)
      for (const Leaf& leaf : leaves_of(endpoint, context_.scope, context_.sink)) add(leaf);
    if (peer.endpoints.empty()) {
      add_all4(sets::PortSet::all());
      add_all6(sets::PortSet::all());
    }
    for (auto& [ports, intervals] : ip4_) {
      auto ip4 = sets::Ip4Set::from(std::move(intervals));
      result_.addresses.push_back({Family::inet, std::move(ip4), sets::Ip6Set::all(), port_set(ports)});
    }
    for (auto& [ports, intervals] : ip6_) {
      auto ip6 = sets::Ip6Set::from(std::move(intervals));
      result_.addresses.push_back({Family::inet6, sets::Ip4Set::all(), std::move(ip6), port_set(ports)});
    }
    return std::move(result_);
  }

 private:
  using PortKey = std::vector<std::pair<std::uint16_t, std::uint16_t>>;

  static PortKey key_of(const sets::PortSet& ports) {
    PortKey key;
    for (const auto& interval : ports.intervals()) key.emplace_back(interval.low, interval.high);
    return key;
  }
  static sets::PortSet port_set(const PortKey& key) {
    std::vector<sets::Interval<std::uint16_t>> parts;
    for (const auto& [low, high] : key) parts.push_back({low, high});
    return sets::PortSet::from(std::move(parts));
  }

  void add_all4(const sets::PortSet& ports) { ip4_[key_of(ports)].push_back({0, sets::Ip4Set::maximum}); }
  void add_all6(const sets::PortSet& ports) { ip6_[key_of(ports)].push_back({0, sets::Ip6Set::maximum}); }

  void add(const Leaf& leaf) {
    const auto* address = std::get_if<const ast::Address*>(&leaf.value);
    if (address == nullptr) return report_wrong_kind(leaf, "an address", context_.sink);
    const sets::PortSet ports = ports_of(leaf);
    if (const auto* ip = std::get_if<ast::Ip>(&(*address)->value)) return add(*ip, ports, leaf.used);
    const auto any = std::get<ast::AnyAddress>((*address)->value);
    if (any != ast::AnyAddress::any6) add_all4(ports);
    if (any != ast::AnyAddress::any4) add_all6(ports);
  }

  void add(const ast::Ip& ip, const sets::PortSet& ports, diag::SourceRange used) {
    if (ip.is_v6) ip6_[key_of(ports)].push_back(network<sets::Uint128>(ip, 128, used, context_.sink));
    else ip4_[key_of(ports)].push_back(network<std::uint32_t>(ip, 32, used, context_.sink));
  }

  sets::PortSet ports_of(const Leaf& leaf) {
    if (leaf.ports == nullptr) {
      result_.without_ports = true;
      return sets::PortSet::all();
    }
    result_.ports_at.push_back(leaf.used == leaf.range ? leaf.ports->range : leaf.used);
    if (const auto* range = std::get_if<ast::PortRange>(&leaf.ports->value))
      return sets::PortSet::range(port_of(range->low), port_of(range->high.value_or(range->low)));
    const auto* set = std::get_if<std::vector<ast::Set>>(&leaf.ports->value);
    const auto leaves = set != nullptr
                            ? leaves_of(set->front(), *leaf.ports_scope, context_.sink)
                            : leaves_of(std::get<ast::Variable>(leaf.ports->value), *leaf.ports_scope, context_.sink);
    std::vector<sets::Interval<std::uint16_t>> parts;
    for (const Leaf& port : leaves) {
      if (const auto* range = std::get_if<ast::NumberRange>(&port.value)) parts.push_back(checked(*range, port));
      else report_wrong_kind(port, "a port", context_.sink);
    }
    return sets::PortSet::from(std::move(parts));
  }

  static std::uint16_t port_of(const ast::Integer& port) {
    return static_cast<std::uint16_t>(std::min(port.value, highest_port));
  }

  // The parser knows the ports that stand behind a colon; numbers of a `let` turn out to be ports only here.
  sets::Interval<std::uint16_t> checked(const ast::NumberRange& range, const Leaf& leaf) const {
    for (const ast::Integer& port : {range.low, range.high.value_or(range.low)}) {
      if (port.value <= highest_port) continue;
      auto added = context_.sink.add(diag::port_too_large, port.range, std::to_string(port.value));
      if (leaf.used != leaf.range) added.note(leaf.used, "used here as a port");
    }
    return {port_of(range.low), port_of(range.high.value_or(range.low))};
  }

  const Context& context_;
  Endpoints result_;
  std::map<PortKey, std::vector<sets::Interval<std::uint32_t>>> ip4_;
  std::map<PortKey, std::vector<sets::Interval<sets::Uint128>>> ip6_;
};

}  // namespace

Endpoints endpoints_of(const ast::InternetPeer& peer, const Context& context) {
  return EndpointReader(context).read(peer);
}

}  // namespace polc::sema
