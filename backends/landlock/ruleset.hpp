// A Landlock rule set as plain values: what choose makes, print writes down, and the readers of all formats find again.
//   Ruleset{.abi = 6, .handled = {...}, .paths = {{"/etc/hosts", READ_FILE, READ_DIR}}, .ports = {{443, 443,
//   CONNECT_TCP}}}
// A path has two sets of rights: if it is no directory when the rule is added it gets `file`, else `dir`, which then
// hold for all that lies below as well. Neither is made from the other: who may read a file that turns out to be a
// directory may not read its tree.
#pragma once

#include <string>
#include <vector>

#include "knowledge/landlock.hpp"
#include "target/ruleset.hpp"

namespace polc::landlock {

using Rights = knowledge::LandlockRights;
namespace right = knowledge::landlock;

struct Handled {
  Rights files = 0, net = 0, scoped = 0;
  bool operator==(const Handled&) const = default;
};

struct PathRule {
  std::string path;  // absolute, without trailing slash but for "/"
  Rights file = 0, dir = 0;
  bool is_anchor = false;      // some of it is for what lies below; only choose tells
  unsigned line = 0;           // 1-based, where a reader found it
  target::Behind behind = {};  // choose's parts that it is there for; none: polc needs it itself
};

struct PortRule {
  std::vector<sets::Interval<std::uint16_t>> ports;
  Rights rights = 0;
  unsigned line = 0;
  target::Behind behind = {};
};

struct Ruleset {
  unsigned abi = 0;
  Handled handled;
  std::vector<PathRule> paths;  // of choose: sorted, each once
  std::vector<PortRule> ports;
  unsigned line = 0;               // of `handled`
  target::Behind scoped_for = {};  // the parts that the scopes are there for
};

}  // namespace polc::landlock
