// What a word that polc does not know was meant to be: the nearest verb or option, and what other tools call them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace polc::cli {

struct CommandHint {
  std::optional<std::string_view> nearest;  // a verb
  std::optional<std::string_view> habit;    // what polc has for the word of another tool
};
CommandHint hint_of_command(std::string_view word);

/// Behind "`polc lint` has no option `--quite`": "; did you mean `--quiet`?", "; only `polc lint` has it", or nothing.
/// `verb` is empty for compile.
std::string hint_of_option(std::string_view verb, std::string_view option);

/// "polc lint [OPTION]... FILE..."
std::string synopsis_of(std::string_view verb);

/// "polc", "polc lint"
std::string program_of(std::string_view verb);

}  // namespace polc::cli
