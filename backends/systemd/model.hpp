// What a drop-in is made of. Most directives hold for the unit as a whole, so they are chosen once, from all rules:
//   plan_of(policy, meaning)  ->  {calls: {read, ...}, families: {AF_INET}, refused_namespaces: all, ...}
// and calls and capabilities are then listed for the parts that need them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "target/backend.hpp"
#include "target/subtree.hpp"

namespace polc::systemd {

/// Whose groups of calls count: where it is not known, what only a later one has is possible and not sure.
enum class Version : std::uint8_t { any, v252, v257 };
struct Options {
  Version version = Version::any;
  bool hardens = true;  // with what refuses nothing that a rule needs
  bool lists_calls = true;
};

struct Plan {
  std::set<std::uint16_t> calls;  // named in SystemCallFilter=, by CallId; what systemd adds is not here
  std::set<std::uint16_t> unneeded;  // of later_default_calls() those that no rule allows
  std::optional<std::vector<std::uint8_t>> families;  // RestrictAddressFamilies=, sorted; nullopt: no such line
  std::uint64_t namespaces = 0;                       // the CLONE_NEW bits that RestrictNamespaces= refuses; 0: no such line
  bool denies_write_execute = false;                  // MemoryDenyWriteExecute=
  bool denies_set_id = false;                         // RestrictSUIDSGID=
  std::uint64_t create_flag = 0;                      // O_CREAT of the architecture
};

/// Nothing that a rule allows is refused by what the plan chooses.
Plan plan_of(const ir::Policy& policy, const eval::Meaning& meaning);

/// Calls that are listed together.
struct CallList {
  std::uint32_t from = 0;              // place in target::Source::parts: the first part that needs them
  std::vector<CallId> calls;
  std::vector<std::uint32_t> origins;  // all parts that need one of them
};
struct CapabilityLine {
  ir::Effect effect{};
  std::uint64_t capabilities = 0;
  std::uint32_t from = 0;
};
struct Ruleset {
  Plan plan;
  std::vector<CallList> calls;
  std::vector<CallList> refused;  // calls that a deny takes from what a later systemd adds by itself
  std::vector<CapabilityLine> capabilities;
};

/// Is the call in the list, by name or because systemd adds it?
bool is_listed(const Plan& plan, CallId call);
/// The arguments with which the unit permits a call that is listed; nullopt: none.
std::optional<ir::Condition> arguments_of(const Plan& plan, CallId call);

/// Further directives that refuse nothing that the policy allows: "PrivateTmp=yes".
std::vector<std::string_view> hardening_for(const ir::Policy& policy, const Plan& plan);

/// The directories that must stay writable; nullopt: they cannot be told.
std::optional<std::vector<std::string>> writable_directories(const ir::Policy& policy);
/// Is there a verb that changes the file system?
bool may_change(FileVerbs verbs);
using target::covers;
/// What stands before the pattern's first wildcard: "/var/lib/" of /var/lib/**.
std::string fixed_part(const sets::PathPattern& pattern);

std::span<const target::Capability> capabilities();
std::span<const target::Loading> loading();
target::Chosen choose(const target::Source& source, const target::Settings& settings);
target::Printed print(const target::Chosen& chosen, const target::Source& source, const target::Settings& settings);
/// The folders of a unit's drop-ins, by its file's name; empty: it is no service.
std::vector<std::string> drop_in_folders(std::string_view file_name);
target::Read read(std::string_view text, const ir::Configuration& configuration, const target::Settings& settings);

// ---- tables of systemd 252, with their sources in tables.cpp

/// What every allow-list holds: `systemd-analyze syscall-filter @default`.
std::span<const std::string_view> default_calls();
/// What 257 adds to every allow-list beside those. A drop-in is for 252 and later, so nobody may count on either.
std::span<const std::string_view> later_default_calls();
/// Calls of polc's table that systemd does not know, and ignores with a warning.
bool is_known(std::string_view call);

struct NamedNumber {
  std::string_view name;
  std::uint64_t number;
};
/// Namespaces that RestrictNamespaces= knows, as CLONE_NEW bits.
std::span<const NamedNumber> namespaces();
/// AF_ names.
std::span<const NamedNumber> families();

/// Where RestrictAddressFamilies= and MemoryDenyWriteExecute= have an effect.
bool sees_socket(Arch arch);
bool sees_mapping(Arch arch);

}  // namespace polc::systemd
