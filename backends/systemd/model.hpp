// What a drop-in is made of. Most directives hold for the unit as a whole, so they are chosen once, from all rules:
//   plan_of(policy)  ->  {calls: {read, ...}, families: {AF_INET}, refused_namespaces: all, ...}
// and a rule's boxes are then said by what the plan permits.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "target/backend.hpp"

namespace polc::systemd {

/// The constructs that pieces stand for (target::Piece::form).
enum class Form : std::uint16_t { nothing, calls, family, capabilities };

struct Plan {
  std::set<std::uint16_t> calls;  // named in SystemCallFilter=, by CallId; what systemd adds is not here
  std::optional<std::vector<std::uint8_t>> families;  // RestrictAddressFamilies=, sorted; nullopt: no such line
  std::uint64_t namespaces = 0;                       // the CLONE_NEW bits that RestrictNamespaces= refuses; 0: no such line
  bool denies_write_execute = false;                  // MemoryDenyWriteExecute=
  bool denies_set_id = false;                         // RestrictSUIDSGID=
  std::uint64_t create_flag = 0;                      // O_CREAT of the architecture
};

/// Nothing that a rule allows is refused by what the plan chooses.
Plan plan_of(const ir::Policy& policy);

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
/// Is it the directory, or in it?
bool is_below(std::string_view path, std::string_view directory);
/// What stands before the pattern's first wildcard: "/var/lib/" of /var/lib/**.
std::string fixed_part(const sets::PathPattern& pattern);

std::span<const target::Capability> capabilities();
std::span<const target::Loading> loading();
target::Projector projector(const ir::Policy& policy, const target::Settings& settings);
target::Projection project(const ir::Box& box, ir::Effect effect, const ir::Policy& policy, const target::Settings& settings);
std::vector<ir::Box> unmediated(const ir::Policy& policy, const target::Settings& settings);
target::Artifact emit(const target::LegalPolicy& policy, const diag::SourceMap& sources);
target::ReadResult read(std::string_view text, const ir::Configuration& configuration, const target::Settings& settings);

// ---- tables of systemd 252, with their sources in tables.cpp

/// What every allow-list holds: `systemd-analyze syscall-filter @default`.
std::span<const std::string_view> default_calls();
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
