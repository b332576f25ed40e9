// What the live test does to a small tree, an operation a process, and which accesses that is.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ir/access.hpp"
#include "landlock/ruleset.hpp"

namespace polc::landlock::live {

/// What the kernel asks the rules for: rights on the walk from an object to the root.
struct Need {
  std::string path;
  bool is_dir = false;
  Rights rights = 0;
};

/// From one directory to another, or within one.
struct Move {
  std::string from, to;
  bool is_dir = false;    // what is moved
  bool replaces = false;  // something that is no directory
};

struct Operation {
  std::string name;
  std::vector<ir::Point> accesses;  // all of them
  std::vector<Need> needs;
  std::vector<Move> moves;  // at most one
  Rights port_right = 0;    // with the port
  std::uint16_t port = 0;
  Rights scope = 0;          // refused where the rules have this scope
  int refusal = 13;          // EACCES
  std::function<int()> run;  // 0 or an errno; may not return where it executes
};

/// The objects of the tree that rules are about; directories first.
struct Tree {
  std::string root;
  std::vector<std::string> directories, others;
};
Tree tree_at(const std::string& root);
/// Removes what is there, and makes all anew. False: it cannot.
bool build(const Tree& tree, bool with_devices);

/// Something outside of the rules to be reached.
struct Outside {
  std::string abstract_name;  // of a socket that listens
  int process = 0;
};
std::vector<Operation> operations_on(const Tree& tree, const Outside& outside, bool with_devices);

}  // namespace polc::landlock::live
