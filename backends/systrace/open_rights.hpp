// The filters of native-open: one call for five verbs, told apart by the text of its flags.
// systrace(1) prints them as ro|wo|rw and then any of n(onblock), a(ppend), c(reate), t(runcate), in that order.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "systrace/model.hpp"
#include "systrace/ruleset.hpp"

namespace polc::systrace {

/// Collects which verbs are allowed on which pattern; an open is permitted where each verb that it needs is allowed.
class OpenRights {
 public:
  void add(FileVerb verb, const sets::PathPattern& place, const std::string& test, const Behind& from);
  /// One a pattern.
  std::vector<Filter> filters() const;

 private:
  struct Place {
    std::string test;
    FileVerbs verbs;
    std::vector<std::pair<FileVerb, Behind>> from;
  };
  std::map<sets::PathPattern, Place> places_;
};

/// `re "..."` for the flags of every open that does the verb.
std::string refused_flags(FileVerb verb);

std::string socket_domain(std::uint64_t number);
std::string socket_type(std::uint64_t number);
/// The bytes as a regular expression.
std::string literal_regex(std::string_view text);

}  // namespace polc::systrace
