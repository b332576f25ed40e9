// What choose and print share: the tests of names and addresses as text. The reader knows nothing of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "systrace/options.hpp"

namespace polc::systrace {

/// One way to test a file name.
struct PathTest {
  std::string text;  // the operator and its string: `re "^/etc/.+$"`
  bool fits = true;  // false: longer than a line may be
};
/// `re "^...$"`, exact.
PathTest strict_test(const sets::PathPattern& pattern);
/// eq and match where the how-to has them, else strict.
PathTest howto_test(const sets::PathPattern& pattern);
/// Of a unix socket's address, which systrace shows as the program spelled it: a permit takes no `//`, `/./` or `/../`, which would
/// lead out of the pattern.
PathTest socket_test(const sets::PathPattern& pattern, ir::Effect effect);
PathTest path_test(const sets::PathPattern& pattern, const target::Settings& settings);

/// The text between quotes: backslashes doubled, quotes escaped.
std::string quoted(std::string_view text);
/// An anchored extended regular expression, not yet quoted.
std::string regex_of(const sets::PathPattern& pattern);

/// The lines' strings for a set of addresses but unix paths and ports: each an anchored regex, not yet quoted, short enough
/// for a line. `ip6_is_exact` says whether prefixes of that kind can be written; if not, every IPv6 address is matched.
std::vector<std::string> address_regexes(const ir::NetBox& box);
bool ip6_is_exact(const sets::Ip6Set& addresses);

}  // namespace polc::systrace
