// The findings of `polc lint`, as catalogue.hpp has the diagnostics of the compiler. Apart from those, so that a new check
// does not compile everything anew.
#pragma once

#include "diag/catalogue.hpp"

namespace polc::diag {

#define POLC_DIAG(id, severity, name, message, ...) \
  inline constexpr Kind<__VA_ARGS__> name{#id, Severity::severity, #name, message};
#include "diag/catalogue/lint.def"
#undef POLC_DIAG

inline constexpr CatalogueRow lint_catalogue[] = {
#define POLC_DIAG(id, severity, name, message, ...) {#id, Severity::severity, #name, message},
#include "diag/catalogue/lint.def"
#undef POLC_DIAG
};

}  // namespace polc::diag
