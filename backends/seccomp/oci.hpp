// The OCI runtime's seccomp profile (config.json, linux.seccomp), as runc hands it to libseccomp: a default action and
// rules of names, an action and comparisons. All comparisons of a rule must hold; several rules of a call: one is
// enough. A comparison sees 64 bits, and a rule has one for each argument.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ir/access.hpp"
#include "seccomp/read.hpp"

namespace polc::seccomp {

/// What parts of a policy say of one call, as conditions on registers.
struct OciWish {
  ir::Effect effect{};
  ir::Condition where;
  std::uint32_t from = 0;  // place in target::Source::parts
};
/// Conditions under which a profile lets a call through, each a conjunction of tests, one an argument.
struct OciEntry {
  ir::Condition where;
  std::vector<std::uint32_t> from;  // the allow, then the denies that leave less of it
};
struct OciEntries {
  std::vector<OciEntry> said;
  std::vector<std::uint32_t> unsaid;  // of these allows something is left out
};
/// What libseccomp compares of a register. x32's have 64 bits, of which it sees the lower half.
enum class OciRegisters : std::uint8_t { of_64_bits, of_32_bits, seen_by_halves };
OciRegisters oci_registers(Arch arch);
/// What the allows leave after the denies, as far as a profile can say it; never more.
OciEntries oci_entries(std::span<const OciWish> wishes, OciRegisters registers);
/// What the entries let through of a call, by its registers.
sets::ArgumentSpace::Set let_through(sets::ArgumentSpace& space, const OciEntries& entries, OciRegisters registers);

target::Printed oci_text(const target::Member& policy);
target::Read read_oci(std::string_view text, const ir::Configuration& configuration, const target::Settings& settings);

}  // namespace polc::seccomp
