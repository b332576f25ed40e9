// What a policy file has no way to say at all.
#include <algorithm>

#include "diag/catalogue.hpp"
#include "systrace/error_names.hpp"
#include "systrace/project.hpp"

namespace polc::systrace {
namespace {

// A header's name ends at the first comma; `#` begins a comment there; a line is a line.
bool fits_a_header(const std::string& program) {
  return std::none_of(program.begin(), program.end(),
                      [](char c) { return c == ',' || c == '#' || static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

}  // namespace

void check(const ir::Policy& policy, const eval::Meaning&, const target::Settings&, diag::Sink& sink) {
  for (const std::string& program : policy.programs)
    if (!fits_a_header(program)) sink.add(diag::program_not_sayable, policy.range, program, std::string("systrace"));
  for (const ir::Default& one : policy.defaults) {
    const std::string& name = one.reaction.error_name;
    if ((one.target.empty() || one.target == "systrace") && !name.empty() && !has_error_name(name))
      sink.add(diag::error_not_sayable, one.range, std::string("systrace"), name, std::string("EPERM"));
  }
}

}  // namespace polc::systrace
