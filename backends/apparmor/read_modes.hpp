// The letters of a file rule, for the reader only.
//   mode_of("rPUx")  ->  may_read | may_exec, and exec leads to another profile, or where there is none out of
//   confinement
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace polc::apparmor {

enum Permission : std::uint8_t {
  may_read = 1,
  may_write = 2,
  may_append = 4,
  may_lock = 8,
  may_map = 16,
  may_exec = 32,
  may_link = 64
};

struct FileMode {
  std::uint8_t permissions = 0;
  char leads = 0;      // of exec: i, u, p or c; 0: `x` alone
  char otherwise = 0;  // of p and c: i or u, where there is no such profile
};

/// nullopt: there are no such letters.
std::optional<FileMode> mode_of(std::string_view letters);

}  // namespace polc::apparmor
