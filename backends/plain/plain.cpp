#include "plain/plain.hpp"

#include "plain/model.hpp"

namespace polc::plain {
const target::Backend& backend() {
  static const target::Backend table{
      .name = "plain",
      .summary = "one line of text a rule, exact by design; for reading, testing and copying",
      .suffix = ".plain",
      .is_example = true,
      .formats = {"text"},
      .options = {},
      .systems = {Os::linux_os, Os::openbsd, Os::freebsd},
      .capabilities = capabilities(),
      .choose = choose,
      .print = print,
      .read = read,
  };
  return table;
}

}  // namespace polc::plain
