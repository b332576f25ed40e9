// Strings with their variables replaced: pattern text that knows where each byte of it was written.
//   if (const auto text = text_of(string, scope, sink)) parse_path_pattern(text->pattern, tree);
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "diag/sink.hpp"
#include "sema/scope.hpp"
#include "sets/path_pattern.hpp"

namespace polc::sema {

struct Text {
  /// A run of bytes: written out in the string, or brought in by a variable.
  struct Run {
    std::uint32_t offset = 0;  // in pattern.bytes
    diag::SourceRange range;   // as written, escapes and all
    const Binding* variable = nullptr;
  };

  sets::PatternText pattern;
  std::vector<Run> runs;
  const ast::String* string = nullptr;

  bool has_variables() const;
  /// The variable that brought the byte; nullptr: it is written out.
  const Binding* variable_at(std::uint32_t offset) const;
  /// What to mark for a mistake in these bytes; the variable's name where one brought them.
  diag::SourceRange range_of(std::uint32_t offset, std::uint32_t length) const;
};

/// Variables stand for a STRING or an INT (in decimal). nullopt: one is unknown or something else; reported.
std::optional<Text> text_of(const ast::String& string, const Scope& scope, diag::Sink& sink);

/// Where no pattern is meant: an account's name, a reason.
std::optional<std::string> plain_text_of(const ast::String& string, const Scope& scope, diag::Sink& sink);

/// The definition, or nullptr with a report. An unsound one is nullptr too: it was reported when it was defined.
const Binding* find_variable(std::string_view name, diag::SourceRange range, const Scope& scope, diag::Sink& sink);

}  // namespace polc::sema
