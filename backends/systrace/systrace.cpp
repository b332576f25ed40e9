#include "systrace/systrace.hpp"

#include "systrace/capabilities.hpp"
#include "systrace/choose.hpp"
#include "systrace/print.hpp"
#include "systrace/read.hpp"

namespace polc::systrace {

const target::Backend& backend() {
  static const target::Backend self{
      .name = "systrace",
      .summary = "OpenBSD systrace policy files, as interposed by systrace -a",
      .suffix = ".systrace",
      .needs_program = true,
      .formats = {"policy"},
      .options = {{"style",
                   {"exact", "howto"},
                   "exact: a test for each call and verb; howto: fsread and fswrite with eq and match"},
                  {"version",
                   {"2006", "2003", "2010", "2015"},
                   "the release that reads the file: which calls it can translate"},
                  {"missing", {"enoent", "deny", "none"}, "how a name that cannot be resolved is refused"},
                  {"emulation", {"native"}, "whose system calls are named"}},
      .systems = {Os::openbsd},
      .capabilities = capabilities(),
      .loading = loading(),
      .choose = choose,
      .print = print,
      .read = read};
  return self;
}

}  // namespace polc::systrace
