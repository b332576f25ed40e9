#include "grsecurity/grsecurity.hpp"

#include "grsecurity/capabilities.hpp"
#include "grsecurity/choose.hpp"
#include "grsecurity/options.hpp"
#include "grsecurity/print.hpp"
#include "grsecurity/read.hpp"
#include "grsecurity/say.hpp"

namespace polc::grsecurity {

const target::Backend& backend() {
  static const target::Backend made{
      .name = "grsecurity",
      .summary = "grsecurity RBAC: a subject for gradm",
      .suffix = ".grsecurity",
      .needs_program = true,
      .formats = {"subject", "policy"},
      .options = {target::one_of("version", &Options::is_old, {{"3.1", false}, {"2.1", true}},
                                 "the gradm that reads it")},
      .systems = {Os::linux_os},
      .capabilities = capabilities(),
      .loading = loading(),
      .choose = choose,
      .print = print,
      .read = read,
      .say = say,
  };
  return made;
}

}  // namespace polc::grsecurity
