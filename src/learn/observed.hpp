// What one program was seen to do, and what its failures say (docs/learn.md): a failure is a question, not a need.
//   Observed program = sorted_by_outcome("/usr/bin/x", seen);
//   program.happened: what the policy must allow; program.asked: what it must answer as it was answered
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ir/policy.hpp"
#include "learn/evidence.hpp"

namespace polc::learn {

/// An access in the language's words and as sets, each with the dimensions that its words leave out.
using Boxes = std::vector<std::pair<ir::Box, ir::LeftOut>>;
struct Seen {
  std::string access;
  Boxes boxes;
  Outcome outcome;
  std::vector<Place> places;
};

struct Observed {
  std::string program;
  std::vector<Seen> happened;
  std::vector<Seen> asked;    // failed: the call gets that errno where no rule brings it
  std::vector<Seen> refused;  // a sandbox had denied it
};

/// Failures that mean a need (a stale file that is removed at the next start, a peer that was away) are among `happened`.
/// Where an access both happened and failed, it happened.
Observed sorted_by_outcome(std::string program, std::vector<Seen> seen);

/// What became of it: the errno that its call gets. Sockets that only probes used are refused as by a firewall.
std::string error_for(const Seen& asked);

/// Of a network access, the making of its socket as an access: `socket unix stream` of `connect unix stream "/x"`. Empty: it is none.
std::string socket_access(const Seen& seen);

/// How often in all, and where first.
std::uint64_t count_of(const std::vector<Place>& places);
Place first_of(const std::vector<Place>& places);
/// The places of both, each source once.
std::vector<Place> joined(std::vector<Place> places, const std::vector<Place>& more);

}  // namespace polc::learn
