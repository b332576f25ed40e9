// `polc why`: one refusal, as a log tells it, and the edit that allows it.
#pragma once

#include <optional>
#include <string>

#include "driver/replay.hpp"

namespace polc::driver {

struct Why {
  std::string text;
  bool refused = false;  // the policy refuses it
};

/// nullopt: it is no event (P7110), or no policy governs its program (P7112); reported.
std::optional<Why> why(Replay& replay, const std::string& event, const diag::SourceMap& sources, diag::Sink& sink);

}  // namespace polc::driver
