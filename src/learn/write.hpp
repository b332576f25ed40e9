// A learned policy as text: for each rule the place that shows it, and expectations that fence later edits.
#pragma once

#include <string>
#include <vector>

#include "learn/generalise.hpp"

namespace polc::learn {

/// One program's policy, ready to be written.
struct Named {
  std::string name, program;
  Draft draft;
  std::vector<std::string> allowed, denied;  // expectations, behind `allow` and `deny`
  std::size_t runs = 1;                      // in how many runs the program ran
};

/// `memcached:440 (6 times, 1 of 1 runs)`
std::string place_text(const Statement& statement, const std::vector<Source>& sources, std::size_t runs);

/// The whole file. It is to be laid out by the one who can parse it. `base`: not empty: a file that has the policies already; these are
/// overlays of them.
std::string write(const std::vector<Named>& policies, const std::vector<Source>& sources, const std::string& base = "");

/// What a policy may be called: the last component of the path, in letters, digits and `_`.
std::string policy_name(const std::string& program);

/// In how many runs the places are.
std::size_t runs_of(const std::vector<Place>& places, const std::vector<Source>& sources);

}  // namespace polc::learn
