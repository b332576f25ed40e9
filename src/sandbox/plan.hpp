// A start as plain values: all that is decided before anything is opened or changed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace polc::sandbox {

struct PathRule {
  std::string path;
  std::uint64_t file = 0, directory = 0;  // rights of what is no directory when the rule is added, and of one
};
struct PortRule {
  std::uint64_t rights = 0;
  std::uint16_t low = 0, high = 0;
};
/// A layer of Landlock, in the kernel's bits.
struct Rules {
  unsigned abi = 0;
  std::uint64_t files = 0, net = 0, scoped = 0;  // handled
  std::vector<PathRule> paths;
  std::vector<PortRule> ports;
};

struct Limit {
  std::string name;
  unsigned resource = 0;
  std::uint64_t bound = 0;
};

struct Account {
  std::string name;
  unsigned user = 0, group = 0;
  std::vector<unsigned> groups;
};

/// What execveat gets. A script's is its interpreter.
struct Program {
  std::string path;
  std::string interpreter = {};           // the ELF interpreter, which is executed with it; empty: it has none
  std::vector<std::string> scripts = {};  // that it reads
  std::vector<std::string> arguments = {};
};

struct Plan {
  Program program;
  std::optional<Rules> rules;
  std::string filter = {};  // struct sock_filter[]; empty: none
  std::vector<Limit> limits = {};
  std::uint64_t capabilities = 0;  // those that stay
  unsigned descriptor = 0;         // executes the program; none of this number or above exists afterwards
  std::vector<int> kept = {};      // further descriptors that the program gets
  std::optional<Account> account = {};
};

}  // namespace polc::sandbox
