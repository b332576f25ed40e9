// What gradm is told, before it is text: the lines of each subject, with the parts of the policy (target::Source::parts) that
// each is there for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "grsecurity/network.hpp"

namespace polc::grsecurity {

/// Nothing: the line is there whatever the policy says.
using target::Behind;

struct ObjectLine {
  std::string path, mode;
  Behind from;
};
/// Subjects differ in their own file alone.
struct Subject {
  std::string path;
  std::vector<ObjectLine> objects;  // `/` first
  Behind from;                      // of the subject itself: what names its own file, which gradm opens for it
};

struct AddressLine {
  Prefix address;
  sets::Interval<std::uint16_t> ports;
  std::string words;
  Behind from;
};
/// Of one keyword, connect or bind. The first line that matches decides.
struct AddressLines {
  std::vector<AddressLine> refused, allowed;
};
/// Types and protocols that socket() needs although no line with an address brings them: a refusal behind all permissions says
/// nothing new about addresses.
struct SocketLine {
  std::string words;
  Behind from;
};
struct FamilyLine {
  std::vector<std::string_view> families;
  Behind from;
};

struct CapabilityLine {
  std::uint8_t capability = 0;
  Behind from;
};

/// Which accounts a subject may become. gradm has a list of allowed names or one of denied names, never both; no list: any
/// account, as long as CAP_SETUID (CAP_SETGID) is kept.
struct Transitions {
  ir::IdentityKind kind{};
  enum class List : std::uint8_t { none, allowed, denied } list = List::none;
  bool is_free = false;               // any account but the denied ones
  std::vector<ir::Account> accounts;  // sorted, unique
  Behind from = {};
};

struct Ruleset {
  std::vector<Subject> subjects;
  std::vector<CapabilityLine> capabilities;  // what is kept, by name
  std::vector<Transitions> transitions;      // of users, of groups
  AddressLines connects, binds;
  std::optional<SocketLine> sockets;
  std::optional<FamilyLine> families;
};

}  // namespace polc::grsecurity
