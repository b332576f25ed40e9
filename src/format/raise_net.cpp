#include <fmt/format.h>

#include "format/accesses.hpp"
#include "format/net_words.hpp"
#include "format/words.hpp"
#include "knowledge/names.hpp"

namespace polc::format {
namespace {

using Strings = std::vector<std::string>;

// Every address with the ports behind it. A range of ports that was written out stays written out.
Strings endpoints_of(const Strings& addresses, const sets::PortSet& ports, const Given& given) {
  const std::string suffix = given.port && ports.is_all() ? ":0-65535" : ports_text(ports);
  Strings out;
  for (const std::string& address : addresses) out.push_back(address + suffix);
  return out;
}

// Protocols with ports and without cannot share an access that names ports.
Strings internet_accesses(const ir::NetBox& box, const Given& given) {
  const Strings addresses = box.family == Family::inet ? network_texts(box.ip4) : network_texts(box.ip6);
  if (addresses.empty() || box.ports.empty()) return {};
  if (box.protocols.is_all() && has_every_address(box)) {
    Strings out;
    for (const std::string& type : type_suffixes(box.types))
      out.push_back(fmt::format("{} {}{}", joined(verb_texts(box.verbs)), name_of(box.family), type));
    return out;
  }
  Strings with_ports, without_ports;
  for (std::string& word : protocol_words(box.family, box.types, box.protocols))
    (has_ports(word) ? with_ports : without_ports).push_back(std::move(word));
  const std::string verbs = joined(verb_texts(box.verbs));
  const std::string at = given.left_out_endpoint ? "" : ' ' + joined(endpoints_of(addresses, box.ports, given));
  Strings out;
  if (!with_ports.empty()) out.push_back(fmt::format("{} {}{}", verbs, joined(with_ports), at));
  if (without_ports.empty() || (!box.ports.is_all() && !with_ports.empty())) return out;
  const std::string host = given.left_out_endpoint ? "" : ' ' + joined(addresses);
  out.push_back(fmt::format("{} {}{}", verbs, joined(without_ports), host));
  return out;
}

Strings unix_accesses(const ir::NetBox& box) {
  const std::string verbs = joined(verb_texts(box.verbs));
  Strings paths;
  for (const sets::PathPattern& path : box.paths) paths.push_back(quoted(path));
  Strings out;
  for (const std::string& type : type_suffixes(box.types)) {
    if (box.any_unix_address) out.push_back(fmt::format("{} unix{}", verbs, type));
    else if (!paths.empty()) out.push_back(fmt::format("{} unix{} {}", verbs, type, joined(paths)));
    if (box.any_unix_address) continue;
    for (const sets::PathPattern& name : box.abstracts)
      out.push_back(fmt::format("{} unix{} abstract {}", verbs, type, quoted(name)));
  }
  return out;
}

// Protocols without a name are dropped as long as some have one; a set of nameless ones becomes all of netlink.
Strings netlink_accesses(const ir::NetBox& box) {
  Strings names;
  if (!box.protocols.is_all())
    for (const knowledge::NamedNumber& protocol : knowledge::netlink_protocols())
      if (box.protocols.contains(static_cast<std::uint32_t>(protocol.value))) names.emplace_back(protocol.name);
  return {fmt::format("{} netlink{}{}", joined(verb_texts(box.verbs)), names.empty() ? "" : " ", joined(names))};
}

Strings accesses_of_one_side(const ir::NetBox& box, const Given& given) {
  if (box.verbs.empty() || box.types.empty() || box.protocols.empty()) return {};
  switch (box.family) {
    case Family::inet:
    case Family::inet6: return internet_accesses(box, given);
    case Family::unix_family: return unix_accesses(box);
    case Family::netlink: return netlink_accesses(box);
    case Family::packet: {
      Strings out;
      for (const std::string& type : type_suffixes(box.types))
        out.push_back(fmt::format("{} packet{}", joined(verb_texts(box.verbs)), type));
      return out;
    }
    case Family::other: return {fmt::format("{} any", joined(verb_texts(box.verbs)))};
  }
  return {};
}

}  // namespace

bool has_every_address(const ir::NetBox& box) {
  return box.protocols.is_all() && box.ip4.is_all() && box.ip6.is_all() && box.ports.is_all() &&
         box.any_unix_address;
}

std::vector<std::string> net_accesses(const ir::NetBox& box, const Given& given) {
  // The endpoint of the one kind is local, of the other the peer's: one rule may not name both.
  constexpr NetVerbs local_verbs{NetVerb::bind, NetVerb::listen, NetVerb::accept};
  ir::NetBox local = box, remote = box;
  local.verbs = box.verbs & local_verbs;
  remote.verbs = box.verbs - local_verbs;
  Strings out = accesses_of_one_side(local, given);
  for (std::string& text : accesses_of_one_side(remote, given)) out.push_back(std::move(text));
  return out;
}

}  // namespace polc::format
