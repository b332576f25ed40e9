// Internet endpoints: hosts and ports as sets, one pair of sets a family.
//   for (const Addresses& a : addresses_of(peer, context)) ...   // `any:53` is IPv4 with port 53, and IPv6 with port
//   53
#pragma once

#include <vector>

#include "sema/context.hpp"

namespace polc::sema {

struct Addresses {
  Family family{};  // inet or inet6
  sets::Ip4Set ip4 = sets::Ip4Set::all();
  sets::Ip6Set ip6 = sets::Ip6Set::all();
  sets::PortSet ports = sets::PortSet::all();
};

struct Endpoints {
  std::vector<Addresses> addresses;         // IPv4 first; hosts with equal ports together
  std::vector<diag::SourceRange> ports_at;  // where ports are given, for protocols that have none
  bool without_ports = false;               // some endpoint names none
};

/// Without any endpoint: every address and port of both families.
Endpoints endpoints_of(const ast::InternetPeer& peer, const Context& context);

}  // namespace polc::sema
