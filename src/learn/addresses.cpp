#include "learn/addresses.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "format/net_words.hpp"

namespace polc::learn {
namespace {

constexpr std::size_t least_addresses = 5, least_ports = 3;
constexpr unsigned shortest_ip4 = 24, shortest_ip6 = 64;
constexpr std::uint16_t first_chosen = 32768, last_chosen = 60999;  // ip_local_port_range of Linux

const ir::NetBox* box_of(const NetEntry& entry) { return entry.boxes.size() == 1 ? std::get_if<ir::NetBox>(&entry.boxes.front()) : nullptr; }

template <class Set>
auto single(const Set& set) {
  const auto& intervals = set.intervals();
  using Number = std::decay_t<decltype(intervals.front().low)>;
  return intervals.size() == 1 && intervals.front().low == intervals.front().high ? std::optional<Number>(intervals.front().low) : std::nullopt;
}

// RFC 1918, 3927, 4193, 4291: what one site has, another has too.
bool is_private(std::uint32_t ip4) {
  return ip4 >> 24 == 10 || ip4 >> 20 == (172u << 4 | 1) || ip4 >> 16 == (192u << 8 | 168) || ip4 >> 16 == (169u << 8 | 254) || ip4 >> 24 == 127;
}
bool is_private(sets::Uint128 ip6) {
  const auto top = static_cast<unsigned>(ip6 >> 112);
  return (top & 0xFE00) == 0xFC00 || (top & 0xFFC0) == 0xFE80 || ip6 == 1;
}

// The word of the protocol in front of the address: "tcp", "udp stream".
std::string protocol_of(const std::string& peer) {
  const std::size_t blank = peer.rfind(' ');
  return blank == peer.npos ? "" : peer.substr(0, blank);
}

using Group = std::vector<std::size_t>;

class AddressRewriter {
 public:
  AddressRewriter(std::vector<NetEntry>& entries, RewriteContext& context) : entries_(entries), context_(context) {}

  void networks() {
    std::map<std::tuple<std::string, std::string, std::uint16_t, bool, bool>, Group> groups;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const ir::NetBox* box = box_of(entries_[i]);
      if (box == nullptr || !is_remote(*box)) continue;
      const auto port = single(box->ports);
      const auto ip4 = single(box->ip4);
      const auto ip6 = single(box->ip6);
      if (!port || (box->family == Family::inet ? !ip4 : box->family != Family::inet6 || !ip6)) continue;
      const bool is_inet6 = box->family == Family::inet6;
      groups[{entries_[i].verb, protocol_of(entries_[i].peer), *port, is_inet6, is_inet6 ? is_private(*ip6) : is_private(*ip4)}].push_back(i);
    }
    for (const auto& [key, group] : groups) {
      if (group.size() < least_addresses) continue;
      const auto& [verb, protocol, port, is_inet6, private_ones] = key;
      const auto network = is_inet6 ? prefix<sets::Uint128>(group, 128, shortest_ip6, &ir::NetBox::ip6) : prefix<std::uint32_t>(group, 32, shortest_ip4, &ir::NetBox::ip4);
      if (!network.empty()) replace("G7", group, fmt::format("{} {}:{}", protocol, network, port), widened(group, is_inet6));
    }
    sweep();
  }

  // Ports that a peer's kernel chose, and those that it chose here.
  void chosen_ports() {
    std::map<std::tuple<std::string, std::string>, Group> groups;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const ir::NetBox* box = box_of(entries_[i]);
      if (box == nullptr) continue;
      const auto port = single(box->ports);
      const std::size_t colon = entries_[i].peer.rfind(':');
      if (!port || colon == std::string::npos || (box->family != Family::inet && box->family != Family::inet6)) continue;
      const bool is_chosen = *port >= first_chosen && *port <= last_chosen;
      if (is_remote(*box) ? is_chosen : (*port == 0 && box->verbs.contains(NetVerb::bind))) groups[{entries_[i].verb, entries_[i].peer.substr(0, colon)}].push_back(i);
    }
    for (const auto& [key, group] : groups) {
      const ir::NetBox* first = box_of(entries_[group.front()]);
      if (is_remote(*first) && group.size() < least_ports) continue;
      ir::NetBox wide = *first;
      wide.ports = sets::PortSet::range(first_chosen, last_chosen);
      if (!is_remote(*first)) wide.ports = wide.ports | sets::PortSet::of(0);  // port 0 asks for one of them
      replace("G8", group, fmt::format("{}{}", std::get<1>(key), format::ports_text(wide.ports)), wide);
    }
    sweep();
  }

 private:
  static bool is_remote(const ir::NetBox& box) { return (box.verbs & NetVerbs{NetVerb::bind, NetVerb::listen, NetVerb::accept}).empty(); }

  // The longest prefix that holds them, as text; empty: it would be shorter than `shortest`.
  template <class Number, class Set>
  std::string prefix(const Group& group, unsigned width, unsigned shortest, Set ir::NetBox::*addresses) {
    Number all = *single(box_of(entries_[group.front()])->*addresses), differing = 0;
    for (const std::size_t i : group) differing = differing | (all ^ *single(box_of(entries_[i])->*addresses));
    unsigned free = 0;
    for (; differing != 0; differing = differing >> 1) ++free;
    if (width - free < shortest) return "";
    low_ = 0, mask_ = 0;
    const Number mask = free == 0 ? Number{0} : static_cast<Number>((Number{1} << free) - 1);
    const Number low = all & ~mask;
    low_ = low, mask_ = mask;
    const std::vector<std::string> texts = format::network_texts(Set::range(low, low | mask));
    return texts.size() == 1 ? texts.front() : "";
  }

  ir::NetBox widened(const Group& group, bool is_inet6) const {
    ir::NetBox wide = *box_of(entries_[group.front()]);
    if (is_inet6) wide.ip6 = sets::Ip6Set::range(low_, low_ | mask_);
    else wide.ip4 = sets::Ip4Set::range(static_cast<std::uint32_t>(low_), static_cast<std::uint32_t>(low_ | mask_));
    return wide;
  }

  void replace(const std::string& id, const Group& group, std::string peer, const ir::NetBox& box) {
    NetEntry wide = entries_[group.front()];
    wide.peer = std::move(peer), wide.boxes = {box}, wide.rewrite = id, wide.names = group.size(), wide.places.clear();
    std::vector<ir::Box> narrow;
    for (const std::size_t i : group) {
      narrow.push_back(entries_[i].boxes.front());
      wide.places = joined(std::move(wide.places), entries_[i].places);
    }
    const Added added = context_.prover.added(wide.boxes, narrow);
    if (added.is_dangerous) return;
    context_.log.push_back({id, wide.verb + " " + wide.peer, group.size(), wide.boxes, std::move(narrow), added.example});
    for (const std::size_t i : group) entries_[i].verb.clear();
    new_.push_back(std::move(wide));
  }

  void sweep() {
    std::erase_if(entries_, [](const NetEntry& entry) { return entry.verb.empty(); });
    std::ranges::move(new_, std::back_inserter(entries_));
    new_.clear();
    std::ranges::stable_sort(entries_, {}, [](const NetEntry& entry) { return std::tie(entry.peer, entry.verb); });
  }

  std::vector<NetEntry>& entries_;
  RewriteContext& context_;
  std::vector<NetEntry> new_;
  sets::Uint128 low_ = 0, mask_ = 0;  // of the network that was found last
};

}  // namespace

std::vector<NetEntry> net_entries_of(const std::vector<Seen>& seen) {
  std::vector<NetEntry> entries;
  for (const Seen& one : seen) {
    const bool is_net = !one.boxes.empty() && std::ranges::all_of(one.boxes, [](const auto& box) { return std::holds_alternative<ir::NetBox>(box.first); });
    if (!is_net) continue;
    const std::size_t blank = one.access.find(' ');
    NetEntry entry{one.access.substr(0, blank), one.access.substr(blank + 1), {}, one.places};
    for (const auto& [box, left_out] : one.boxes) entry.boxes.push_back(box);
    entries.push_back(std::move(entry));
  }
  std::ranges::stable_sort(entries, {}, [](const NetEntry& entry) { return std::tie(entry.peer, entry.verb); });
  return entries;
}

void rewrite_addresses(std::vector<NetEntry>& entries, RewriteContext& context) {
  AddressRewriter rewriter(entries, context);
  if (context.is_on("G7")) rewriter.networks();
  if (context.is_on("G8")) rewriter.chosen_ports();
}

}  // namespace polc::learn
