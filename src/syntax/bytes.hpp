// What must hold of a file's bytes before anything reads them as text: size, UTF-8, no NUL, no bare carriage return.
#pragma once

#include <cstddef>
#include <string_view>

#include "diag/sink.hpp"
#include "diag/source.hpp"

namespace polc::syntax {

/// Reports every breach (up to a cap); false when there was one, and then the file is not parsed: its strings and
/// columns would mean nothing.
bool check_bytes(const diag::SourceMap& sources, diag::SourceId file, diag::Sink& sink);

/// The length of the UTF-8 character at `text[at]`, 1 to 4; 0 when it is none (overlong, surrogate, truncated ...).
std::size_t character_length(std::string_view text, std::size_t at);

}  // namespace polc::syntax
