// What each verb takes: the one table that the command line, help, completions and manual pages are made of.
#pragma once

#include <span>
#include <string_view>

#include "cli/options.hpp"

namespace CLI {
class App;
}

namespace polc::cli {

struct VerbRow {
  std::string_view name;
  Verb verb;
  const char* summary;
};
/// All but compile, which has no word.
std::span<const VerbRow> verb_rows();

inline constexpr const char* statuses = "0 done or yes; 1 the policy is at fault or the answer is no; 2 wrong usage; 3 the world failed.";

/// Gives `app` the options of the verb; what it parses goes into `options`.
void describe(CLI::App& app, Verb verb, Options& options);

}  // namespace polc::cli
