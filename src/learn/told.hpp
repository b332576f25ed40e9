// One refusal as a log tells it, in the policy language: what `polc why` asks about. Lines of auditd, of the kernel log and of the
// journal, with whatever stands before them; a call by number or name; an access.
//   told_of("type=1326 ... exe=\"/usr/sbin/nginx\" sig=31 arch=c000003e syscall=296 code=0x80000000")
//     ->  {"syscall pwritev"}, by seccomp, "kill"
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace polc::learn {

struct Told {
  std::vector<std::string> accesses;  // what was asked; several where a record has several rights. None: no access says it
  std::string what;                   // in words: "pwritev (296 on x86_64), arguments unknown"
  std::string target = {};            // who refused; empty: the line does not say
  std::string reaction = {};          // "kill", "errno 1"
  std::string program = {};           // its path; empty: unknown
  std::string profile = {};           // AppArmor's name of what is in force
  std::vector<std::string> notes = {};
  bool happened = false;              // a trial only told of it
};

/// nullopt: it is none of them, unless it is an access of the language.
std::optional<Told> told_of(std::string_view line);

}  // namespace polc::learn
