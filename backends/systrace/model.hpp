// What this backend can print, as values shared by project and emit. The reader knows nothing of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "target/backend.hpp"

namespace polc::systrace {

/// The constructs; Piece::form.
enum class Form : std::uint16_t {
  alias_read,    // native-fsread: filename ..., how-to style
  alias_write,   // native-fswrite: filename ..., how-to style
  alias_both,    // a deny in how-to style: the path is taken out of both aliases
  by_path,       // the calls of a file verb, each with a test of its file name
  by_two_paths,  // rename, link
  by_address,    // sockaddr re "^inet-..."
  port_lines,    // sockaddr match "inet-*:80", as the how-to writes it
  any_address,   // native-sendto: true then permit
  no_address,    // sendto on a connected socket: the address is missing
  socket_kinds,  // sockdom and socktype
  by_identity,   // uid, uname, gid
  whole_call,    // native-read: permit
};

/// The releases that differ in what they can translate; in order.
enum class Version : std::uint8_t { v2003, v2006, v2010, v2015 };
Version version_of(const target::Settings& settings);
bool is_howto(const target::Settings& settings);

/// One way to test a file name, and what it really matches.
struct PathTest {
  std::string text;  // the operator and its string: `re "^/etc/.+$"`
  std::vector<sets::PathPattern> meaning;
  target::Feature because{};  // when the meaning is not the pattern
  bool is_exact = true;
  bool fits = true;  // false: longer than a line may be
};
/// `re "^...$"`, exact.
PathTest strict_test(const sets::PathPattern& pattern);
/// eq and match where the how-to has them, else strict.
PathTest howto_test(const sets::PathPattern& pattern);
PathTest path_test(const sets::PathPattern& pattern, const target::Settings& settings);

/// The text between quotes: backslashes doubled, quotes escaped.
std::string quoted(std::string_view text);
/// An anchored extended regular expression, not yet quoted.
std::string regex_of(const sets::PathPattern& pattern);

/// The lines' strings for a set of internet addresses and ports: each an anchored regex, not yet quoted, short enough
/// for a line. `ip6_is_exact` says whether prefixes of that kind can be written; if not, every IPv6 address is matched.
std::vector<std::string> address_regexes(const ir::NetBox& box);
bool ip6_is_exact(const sets::Ip6Set& addresses);

}  // namespace polc::systrace
