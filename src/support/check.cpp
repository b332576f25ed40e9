#include "support/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace polc {

void check_failed(const char* condition, const char* assumed, const char* file, int line) {
  std::fprintf(stderr, "polc: internal error: %s (%s, %s:%d)\npolc: nothing was written; please report this.\n", assumed,
               condition, file, line);
  std::abort();
}

}  // namespace polc
