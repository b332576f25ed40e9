#include "systrace/systrace.hpp"

#include "systrace/capabilities.hpp"
#include "systrace/choose.hpp"
#include "systrace/options.hpp"
#include "systrace/print.hpp"
#include "systrace/read.hpp"
#include "systrace/say.hpp"

namespace polc::systrace {

namespace {

std::vector<target::OptionSpec> options() {
  using target::one_of;
  return {
      one_of("style", &Options::is_howto, {{"exact", false}, {"howto", true}},
             "exact: a test for each call and verb; howto: fsread and fswrite with eq and match"),
      one_of("version", &Options::version,
             {{"2006", Version::v2006}, {"2003", Version::v2003}, {"2010", Version::v2010}, {"2015", Version::v2015}},
             "the release that reads the file: which calls it can translate"),
      one_of("missing", &Options::missing,
             {{"enoent", Missing::enoent}, {"deny", Missing::deny}, {"none", Missing::none}},
             "how a name that cannot be resolved is refused"),
      {"emulation", {"native"}, "whose system calls are named"}};
}

}  // namespace

const target::Backend& backend() {
  static const target::Backend self{
      .name = "systrace",
      .summary = "OpenBSD systrace policy files, as interposed by systrace -a",
      .suffix = ".systrace",
      .needs_program = true,
      .formats = {"policy"},
      .options = options(),
      .systems = {Os::openbsd},
      .capabilities = capabilities(),
      .loading = loading(),
      .choose = choose,
      .print = print,
      .read = read,
      .say = say};
  return self;
}

}  // namespace polc::systrace
