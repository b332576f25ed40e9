// Hints that are followed without asking: which may be, and a text in which they were.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "diag/diagnostic.hpp"
#include "diag/source.hpp"

namespace polc::diag {

/// `safe`: the meaning stays, or the text had none and this is plainly the one that was meant. `unsafe`: a good guess.
enum class Safety : std::uint8_t { no_fix, safe, unsafe };
Safety safety_of(const SourceMap& sources, const Diagnostic& diagnostic);

/// The edits of a diagnostic's hint, in their order, together with the lines, or the blanks at the end of one, that would be left
/// over. None overlap.
std::vector<FixIt> edits_of(const SourceMap& sources, const Diagnostic& diagnostic);

/// The file's text with the hints of these diagnostics followed, each one's all or none; where two overlap, the first.
std::string with_fixes(const SourceMap& sources, SourceId file, std::span<const Diagnostic> diagnostics);

}  // namespace polc::diag
