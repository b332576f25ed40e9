// Artefacts without a policy, made by polc or by anyone: read by their target's reader.
#pragma once

#include <optional>
#include <string_view>

#include "driver/compile.hpp"
#include "driver/verify.hpp"

namespace polc::driver {

/// How a target reads artefacts that no policy says anything about.
struct ForeignTarget {
  const target::Backend* backend = nullptr;
  ir::Configuration configuration;
  target::Settings settings;

  /// nullopt: it cannot be read; reported.
  std::optional<target::Reading> read(const ArtefactFile& file, diag::Sink& sink) const;
};

/// The request's first target, with the format of the request, or else of the file's suffix. nullopt: reported.
std::optional<ForeignTarget> foreign_target(const CompileRequest& request, std::string_view file_name, Backends backends, diag::Sink& sink);

}  // namespace polc::driver
