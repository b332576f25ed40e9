#include "plain/plain.hpp"

#include "plain/model.hpp"

namespace polc::plain {
namespace {

// Nothing escapes plain: every class of access has its lines, and what has none is refused.
std::vector<ir::Box> unmediated(const ir::Policy&, const target::Settings&) { return {}; }

}  // namespace

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
      .project = project,
      .unmediated = unmediated,
      .emit = emit,
      .read = read,
  };
  return table;
}

}  // namespace polc::plain
