// What a shell completes, and manual pages, made of the command line's own table. Text in, text out.
#pragma once

#include <string>
#include <string_view>

#include "cli/options.hpp"

namespace polc::cli {

/// `shell` is bash, zsh or fish.
std::string completion(const CommandLineText& text, std::string_view shell);

/// polc(1), or the page of one verb: polc-lint(1). In roff's man macros.
std::string manual(const CommandLineText& text, std::string_view verb, std::string_view version);

}  // namespace polc::cli
