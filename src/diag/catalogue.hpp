// Every diagnostic of polc, one constant each: sink.add(diag::unknown_syscall, range, name).
// The lines stand in catalogue/*.def, a file a stage; docs/diagnostics/ has a page for each id. Ids are never reused.
#pragma once

#include <cstdint>
#include <string_view>

#include "diag/diagnostic.hpp"

namespace polc::diag {

#define POLC_DIAG(id, severity, name, message, ...) \
  inline constexpr Kind<__VA_ARGS__> name{#id, Severity::severity, #name, message};
#include "diag/catalogue/all.def"
#undef POLC_DIAG

/// One row a diagnostic, for `polc explain`, documentation tests and SARIF.
struct CatalogueRow {
  std::string_view id;
  Severity severity;
  std::string_view name;
  std::string_view message;
};

inline constexpr CatalogueRow catalogue[] = {
#define POLC_DIAG(id, severity, name, message, ...) {#id, Severity::severity, #name, message},
#include "diag/catalogue/all.def"
#undef POLC_DIAG
};

}  // namespace polc::diag
