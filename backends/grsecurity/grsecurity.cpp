#include "grsecurity/grsecurity.hpp"

#include "grsecurity/capabilities.hpp"
#include "grsecurity/choose.hpp"
#include "grsecurity/print.hpp"
#include "grsecurity/read.hpp"

namespace polc::grsecurity {

const target::Backend& backend() {
  static const target::Backend made{
      .name = "grsecurity",
      .summary = "grsecurity RBAC: a subject for gradm",
      .suffix = ".grsecurity",
      .needs_program = true,
      .formats = {"subject", "policy"},
      .options = {{"version", {"3.1", "2.1"}, "the gradm that reads it"}},
      .systems = {Os::linux_os},
      .capabilities = capabilities(),
      .loading = loading(),
      .choose = choose,
      .print = print,
      .read = read,
  };
  return made;
}

}  // namespace polc::grsecurity
