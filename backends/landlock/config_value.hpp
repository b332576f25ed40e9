// What a TOML or JSON file holds, with the lines: tables, lists, strings and whole numbers; nothing else has a meaning
// here.
//   config_from_toml("abi = 6\n")  ->  a table with the integer 6 of line 1
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "target/reader.hpp"

namespace polc::landlock {

struct ConfigValue;
struct ConfigEntry;
using ConfigList = std::vector<ConfigValue>;
using ConfigTable = std::vector<ConfigEntry>;  // in the file's order, each key once

struct ConfigValue {
  std::variant<std::string, std::uint64_t, ConfigList, ConfigTable> value;
  unsigned line = 0;
};
struct ConfigEntry {
  std::string key;
  ConfigValue value;
};

/// Lists and tables may be so deep.
inline constexpr unsigned deepest_config = 16;

using ConfigResult = tl::expected<ConfigValue, target::ReadError>;
ConfigResult config_from_json(std::string_view text);
ConfigResult config_from_toml(std::string_view text);

/// What both readers share: a place in the text, and the first mistake, after which nothing is read any more.
class ConfigCursor {
 public:
  explicit ConfigCursor(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool starts(std::string_view word) const { return rest_.starts_with(word); }
  /// Passes one character.
  char next() {
    const char c = peek();
    if (c == '\n') ++line_;
    if (!rest_.empty()) rest_.remove_prefix(1);
    return c;
  }
  bool take(char c) { return !at_end() && peek() == c && (next(), true); }
  unsigned line() const { return line_; }

  /// Always false.
  bool fail(std::string message) {
    if (!error_) error_ = target::ReadError{line_, std::move(message)};
    rest_ = {};
    return false;
  }
  const std::optional<target::ReadError>& error() const { return error_; }

  /// Decimal digits, with `+` and `_` as TOML has them or without.
  bool number(std::uint64_t& out, bool is_toml);
  /// After a backslash: what JSON and TOML have in common.
  bool escape(std::string& out);

 private:
  std::string_view rest_;
  unsigned line_ = 1;
  std::optional<target::ReadError> error_;
};

/// False: there is such a key already.
bool put_key(ConfigTable& table, std::string key, ConfigValue value);

}  // namespace polc::landlock
