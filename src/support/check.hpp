// POLC_CHECK(condition, "what was assumed"): a mistake of polc itself. Prints and aborts, in every build type.
// Never for a mistake of the user (diag::Sink) or of the world (support/file_system.hpp).
#pragma once

namespace polc {

[[noreturn]] void check_failed(const char* condition, const char* assumed, const char* file, int line);

}  // namespace polc

#define POLC_CHECK(condition, assumed) \
  ((condition) ? static_cast<void>(0) : ::polc::check_failed(#condition, assumed, __FILE__, __LINE__))
