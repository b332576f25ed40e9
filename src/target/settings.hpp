// The options of one target, from its defaults, the policy's target block and the command line (which wins).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diag/sink.hpp"
#include "target/backend.hpp"

namespace polc::target {

struct GivenOption {
  std::string target;  // empty: a bare key
  std::string key;
  std::string value;
};

/// "systrace.style=howto" or "style=howto". nullopt: it has no `=`.
std::optional<GivenOption> parse_option(std::string_view text);

/// The backend's option of that name; nullptr: it has none.
const OptionSpec* find_option(const Backend& backend, std::string_view key);

/// Sets one of the backend's options. False: that is none of its values.
bool set_option(const OptionSpec& option, std::string_view value, Settings& settings);

/// The format that a file of this suffix has, without the dot: `tor.bpf` is of bpf, and `tor.json` of oci where no format is called
/// json. Empty: another suffix.
std::string format_of_suffix(const Backend& backend, std::string_view suffix);

/// nullopt: an unknown key, value or format; reported, with what would be right.
std::optional<Settings> settings_for(const Backend& backend, const ir::Policy& policy,
                                     const std::vector<GivenOption>& given, std::string_view format, diag::Sink& sink);

}  // namespace polc::target
