// A path pattern as apparmor_parser 3.0 to 5.0 understands it (README.md, "Patterns"), for the reader only.
//   Pattern::parse("/srv/{a,b}/\\052*")->matches("/srv/a/*x")
#pragma once

#include <bitset>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "apparmor/read_text.hpp"
#include "sets/machine.hpp"

namespace polc::apparmor {

/// One star or more; `at` is at the first, and then behind them.
struct Stars {
  bool several = false;  // they cross slashes
  bool whole = false;    // between slashes, or a slash and the end: they take at least one byte, and no slash first
};
Stars read_stars(const Symbols& symbols, std::size_t& at);

/// The bytes of a class; `at` is behind its `[`, and then behind its end. Else what is wrong.
std::string read_class(const Symbols& symbols, std::size_t& at, std::bitset<256>& bytes);

class Pattern {
 public:
  /// The text between the quotes, escapes and all. The error is a short sentence. In a path `//` is `/`; in the name of
  /// a profile it is not.
  static tl::expected<Pattern, std::string> parse(std::string_view text, bool is_path = true);
  static tl::expected<Pattern, std::string> parse(const Symbols& symbols, bool is_path = true);

  bool matches(std::string_view name) const;
  /// One name, no wildcard: such a rule beats others when it comes to exec.
  bool is_exact() const { return is_exact_; }
  /// `**` alone.
  bool is_everything() const { return is_everything_; }
  /// The names that it matches, for patterns that do not go component by component.
  const sets::Machine& machine() const { return machine_; }
  /// What every match begins with.
  const std::string& prefix() const { return prefix_; }

 private:
  friend class PatternParser;
  sets::Machine machine_;
  std::string prefix_;
  bool is_exact_ = false, is_everything_ = false;
};

}  // namespace polc::apparmor
