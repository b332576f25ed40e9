// G1 and G2: which abstractions of the library a program needs, and what they allow that it was not seen to do.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "learn/rewrites.hpp"

namespace polc::learn {

/// How the policy language's words become sets; given by who can parse them.
struct Words {
  std::function<Boxes(std::string_view access)> boxes_of;                   // of a table's row: must be understood
  std::function<eval::Meaning(std::string_view statements)> meaning_of;     // of a policy that has just these
  std::function<std::vector<std::string>(std::string_view usage)> calls_of; // that the rules of `use` name, sorted
  std::function<std::set<std::string>(std::string_view statements)> answered_by;  // the calls that have a default of their own
};

struct Use {
  std::string text;  // behind `use`: private_directory("/var/lib/x")
  std::vector<std::string> unseen_calls;
  std::size_t calls = 0;
  bool is_fence = false;  // it only denies: what no policy should leave out, and an overlay need not repeat
};

struct UseRequest {
  Os os = Os::linux_os;
  const std::vector<Seen>& happened;
  const Facts& facts;
  const Words& words;
  const std::vector<Danger>& dangers;
  const std::set<std::string>& off;          // --no=G1
  const std::vector<std::string>& wanted;    // --use: a site's own
  std::vector<Rewrite>& log;
};

/// In the library's order, the denying ones last.
std::vector<Use> uses_for(const UseRequest& request);

/// Is all of it allowed there, as `polc query` asks?
bool allows(const eval::Meaning& meaning, const Boxes& boxes);

}  // namespace polc::learn
