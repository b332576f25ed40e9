#include "systrace/error_names.hpp"

#include "knowledge/names.hpp"

namespace polc::systrace {

constexpr std::uint64_t last_known = 82;  // EIPSEC

bool has_error_name(std::string_view name) {
  if (name == "ELAST") return true;
  const auto number = knowledge::find_errno(Os::openbsd, name);
  return number && *number <= last_known;
}

}  // namespace polc::systrace
