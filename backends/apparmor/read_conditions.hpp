// What may stand behind the words of rules that policies have no accesses for (mount, unix, dbus ...): their meaning is possible or a
// directive, but what no parser takes is no rule, and no kernel gets it. apparmor.d(5) of 3.0 and 4.1, and what both parsers took.
//   wrong_conditions("umount", {"->", "/m/"})  ->  "`->` cannot be read here"
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "apparmor/read_tokens.hpp"

namespace polc::apparmor {

/// Empty, or what is wrong with the words between the rule's own and its comma.
std::string wrong_conditions(std::string_view rule, std::vector<Token> words);
/// The same of `set rlimit WHAT <= VALUE`, from WHAT on.
std::string wrong_limit(std::vector<Token> words);

}  // namespace polc::apparmor
