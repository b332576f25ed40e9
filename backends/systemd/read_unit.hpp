// The directives of a unit file or drop-in about accesses, as systemd merges them. Shares nothing with `print` but the
// tables of names.
//   unit_from("[Service]\nSystemCallFilter=@default read\n")  ->  {calls: {read: line 2, ...}, ...}
#pragma once

#include <bitset>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "systemd/model.hpp"
#include "systemd/read_groups.hpp"

namespace polc::systemd {

struct Unit {
  /// SystemCallFilter=: the calls that are listed, with the line that names them; 0: systemd itself does.
  std::map<std::string, unsigned, std::less<>> calls;
  std::map<std::string, std::string, std::less<>> answers;  // of calls that are refused in words of their own: clone3 -> ENOSYS
  std::set<std::string, std::less<>> later;  // calls that only a later systemd takes to be listed, for it adds them to @default
  bool filters = false;                   // is there a list at all?
  bool allows = true;                     // the calls of the list, or all others
  std::map<std::uint64_t, unsigned> families;  // AF_ numbers with their lines
  bool filters_families = false, allows_families = true;
  std::uint64_t capabilities = ~std::uint64_t{0};
  unsigned capabilities_line = 0;         // that makes the set full again; 0: it is so by default
  std::map<std::uint8_t, unsigned> capability_lines;
  std::uint64_t namespaces = 0;           // refused, as CLONE_NEW bits
  bool denies_write_execute = false;
  bool denies_set_id = false;
  /// All other directives of [Service], as systemd merges those that polc writes: "ProtectHome" -> {"yes"}.
  struct Value {
    std::string text;
    unsigned line = 0;
  };
  std::map<std::string, std::vector<Value>, std::less<>> others;
  /// The keys that are emptied, as a drop-in does before it fills a list: else it would add to what the unit says.
  std::map<std::string, unsigned, std::less<>> emptied;
  /// Directives of [Service] that no systemd up to 257 has: it would say so and go on.
  std::vector<target::Unknown> unknown;
};

tl::expected<Unit, target::ReadError> unit_from(std::string_view text, Version version = Version::any);

}  // namespace polc::systemd
