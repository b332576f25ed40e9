// Files that the program carries with it: the standard library and the pages of the diagnostics.
#pragma once

#include <span>
#include <string_view>

namespace polc::driver {

struct EmbeddedFile {
  std::string_view name;  // "linux.pol", "P2003.md"
  std::string_view text;
};

/// policies/std/*.pol: what `import "std/NAME"` finds.
std::span<const EmbeddedFile> standard_library();
/// docs/diagnostics/*.md: what `polc explain P2003` prints.
std::span<const EmbeddedFile> diagnostic_pages();

}  // namespace polc::driver
