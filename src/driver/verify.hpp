// Is a file on disk what a policy's artefact should be? What `polc verify` decides, without its words.
#pragma once

#include <optional>
#include <string>

#include "driver/compile.hpp"

namespace polc::driver {

/// Something that a target reads, made by polc or by anyone.
struct ArtefactFile {
  /// A file that adds to it, whose text follows in `text`.
  struct Further {
    unsigned first_line = 0;  // of `text`
    std::string name;
  };
  std::string name, text;
  std::vector<Further> further = {};
};
/// The file in which a line of the text stands, and its number there.
struct LinePlace {
  std::string name;
  unsigned line = 0;
};
LinePlace place_of(const ArtefactFile& file, unsigned line);

struct Verified {
  std::optional<target::ReadError> unreadable;
  bool equal = false;
  std::string but = {};  // of what nobody knows what it permits, in words; empty: there is none
};

/// Compares meanings: order, comments and spelling are the author's. Each difference goes to `sink` (P5012, P5013, P5014), of
/// many the first. `fused`: the artefact is one of all policies of the compilation.
/// `not_compared`: directives that may differ (target/said.hpp).
Verified verify_artefact(const Compilation& compilation, const TargetResult& result, bool fused, const std::string& artefact,
                         diag::Sink& sink, const std::vector<std::string>& not_compared = {});

}  // namespace polc::driver
