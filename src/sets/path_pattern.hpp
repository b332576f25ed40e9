// Path patterns of language 1 (docs/language.md, section 4), taken apart into components.
//   parse_path_pattern(text) turns `tree "/etc/{a,b/*}"` into plain patterns, one a way through the braces that hold
//   `/`.
// Matching is exact and byte-wise: `?` and `[..]` take one UTF-8 character, `*` any bytes but `/`.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "sets/components.hpp"

namespace polc::sets {

/// A pattern without braces that hold `/`. No component at all is the root directory "/".
struct PathPattern {
  Components components;
  auto operator<=>(const PathPattern&) const = default;

  /// The pattern in the language's own spelling (without quotes): parses back to itself.
  std::string text() const;
  /// True when every component is a literal: the pattern is one path.
  bool is_literal() const;
  /// That one path's bytes; only for is_literal().
  std::string literal() const;
  bool ends_in_below() const { return !components.empty() && components.back().kind == Component::Kind::below; }
  bool has_inner_any() const;
  /// Does the absolute path (bytes; no trailing slash but for "/") lie in this pattern? Slow and simple: the reference.
  bool matches(std::string_view path) const;
  /// `P/**`: everything strictly below, one or more components. On a pattern that already ends so: itself.
  PathPattern with_below() const;
};

/// The root, and everything below it.
std::vector<PathPattern> every_path();

/// Puts them in order, and keeps each once.
void sort_unique(std::vector<PathPattern>& patterns);

/// What is wrong with a pattern, at which byte of the text, and what to write instead (empty: no fix known).
struct PatternError {
  enum class Code : std::uint8_t {
    relative,
    dot,
    dot_dot,
    double_slash,
    trailing_slash,
    glued_double_star,
    unclosed_bracket,
    unclosed_brace,
    stray_brace,
    empty_class,
    reversed_class,
    nul_byte,
    bad_utf8,
    too_many_alternatives,
    too_long,
    too_deep,
  };
  Code code{};
  std::uint32_t offset = 0;
  std::uint32_t length = 1;
  std::string fix;  // the whole pattern, mended
};

/// A pattern's text as the front end hands it over: escapes are decoded, and `literal[i]` says that byte i was escaped
/// and stands for itself even if it looks like a wildcard. Empty `literal`: nothing was escaped.
struct PatternText {
  std::string bytes;
  std::vector<bool> literal;
};

/// All plain patterns that the text stands for, sorted and unique; `tree` adds everything below each.
/// Bounds: braces nest at most 64 deep, at most 4096 plain patterns, 4096 bytes, 2048 positions a component.
tl::expected<std::vector<PathPattern>, PatternError> parse_path_pattern(const PatternText& text, bool tree);

/// Abstract socket names: one component in which `*` crosses `/` (and may be empty); no braces rule differs.
tl::expected<std::vector<PathPattern>, PatternError> parse_name_pattern(const PatternText& text);

/// `bytes` with every character that means something in a pattern escaped: the pattern that matches just these bytes.
std::string escaped_literal(std::string_view bytes);

}  // namespace polc::sets
