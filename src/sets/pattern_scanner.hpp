// The first half of reading a pattern: bytes to tokens. Classes become one token each; braces are only paired.
#pragma once

#include <tl/expected.hpp>
#include <vector>

#include "sets/glob.hpp"
#include "sets/path_pattern.hpp"

namespace polc::sets {

struct PatternToken {
  enum class Kind : std::uint8_t { step, slash, double_star, open_brace, comma, close_brace };
  Kind kind = Kind::step;
  std::uint32_t offset = 0;
  std::uint32_t length = 1;
  GlobStep step;             // for Kind::step
  bool holds_slash = false;  // for open_brace: a `/` lies somewhere inside this pair or one around it
};

enum class PatternFlavour : std::uint8_t { path, name };  // in an abstract name `/` and `**` are nothing special

inline constexpr std::size_t longest_pattern = 4096;  // that anybody may write

/// Errors carry no fix yet. Of our own components the text may be longer: a reader takes a name of any case for a class a letter.
tl::expected<std::vector<PatternToken>, PatternError> scan_pattern(const PatternText& text, PatternFlavour flavour,
                                                                   std::size_t longest = longest_pattern);

/// An error's fix: the whole pattern, mended, if a simple change outside of braces makes it one; else empty.
std::string mended_pattern(const PatternText& text, const PatternError& error);

}  // namespace polc::sets
