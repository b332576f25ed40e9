// Evidence as a file: text, tabs between fields, one line an event, in the order of `LC_ALL=C sort` behind the sources.
//   polc-evidence 1
//   source  2bd9b3d877a427e1  run1  strace  linux x86_64  map1  2395  2142  complete  "memcached"
//   event   /usr/bin/memcached  ENOENT call=access  stat "/etc/ld.so.preload"  0:2:4
//   fact    owner  "/run/memcached/memcached.pid" self  0
//   end     4  0f3a52aa93cd1007
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diag/sink.hpp"
#include "learn/evidence.hpp"

namespace polc::learn {

/// Does the text begin as evidence does, of whatever version?
bool is_evidence(std::string_view text);

/// One evidence or several, one after another, as `cat` makes them. nullopt: reported. P7107: it is cut short, or no evidence
/// that polc wrote; P7108: it is of another version. `name` is what messages call the file.
std::optional<std::vector<Evidence>> read_evidence(std::string_view text, std::string_view name, diag::Sink& sink);

/// Of normalised evidence. It reads back as the same.
std::string print(const Evidence& evidence);

/// "ENOENT call=access", "ok", "refused=apparmor"
std::string text_of(const Outcome& outcome);
/// nullopt: no outcome is written so.
std::optional<Outcome> outcome_in(std::string_view text);

/// Bytes as a field has them: what is not printable ASCII, and a backslash, is `\xHH`.
std::string field_of(std::string_view bytes);
/// nullopt: no field is written so.
std::optional<std::string> bytes_of(std::string_view field);

}  // namespace polc::learn
