// G7 and G8: peers of one service as a network, and the ports that the kernel chooses as a range.
#pragma once

#include "learn/rewrites.hpp"

namespace polc::learn {

/// A network access whose words are to be written, and what it means.
struct NetEntry {
  std::string verb, peer;  // "connect", "tcp 10.0.0.1:443"
  std::vector<ir::Box> boxes;
  std::vector<Place> places;
  std::string rewrite = {};
  std::size_t names = 1;
};

/// Rows of the network accesses, in the order of their words.
std::vector<NetEntry> net_entries_of(const std::vector<Seen>& seen);
void rewrite_addresses(std::vector<NetEntry>& entries, RewriteContext& context);

}  // namespace polc::learn
