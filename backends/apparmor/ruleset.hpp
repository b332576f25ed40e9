// What apparmor_parser is told, before it is text: rules by section, each with the parts of the policy (target::Source::parts)
// that it is there for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apparmor/model.hpp"
#include "apparmor/network.hpp"

namespace polc::apparmor {

/// Sections are in the order of the policy's rules: each line stands at the place of one.
struct RuleLine {
  ir::RuleId place;
  ir::Effect effect{};
  target::Behind from;
};

struct FileLine : RuleLine {
  bool owner = false;
  std::string path;                  // the pattern, as the parser reads it (quote.cpp)
  Letters letters = 0;
  std::optional<ir::Successor> exec;  // of an allow's letter x
};
struct LinkLine : RuleLine {
  bool owner = false;
  std::string name, old_name;
};
struct NetworkLine : RuleLine {
  NetworkWord word;
};
struct CapabilityLine : RuleLine {
  std::string_view name;  // empty: all
};
struct PeerLine : RuleLine {
  ir::PeerKind kind{};
  std::uint64_t what = 0;
  std::optional<std::string> profile;  // none: any
};
struct WordLine : RuleLine {
  std::string_view word;  // mount, umount, pivot_root, userns
};

struct Ruleset {
  std::vector<CapabilityLine> capabilities;
  std::vector<NetworkLine> networks;
  std::vector<PeerLine> peers;
  std::vector<WordLine> words;
  std::vector<FileLine> files;
  std::vector<LinkLine> links;
};

}  // namespace polc::apparmor
