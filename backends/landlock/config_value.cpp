#include "landlock/config_value.hpp"

#include <algorithm>

#include "sets/utf8.hpp"

namespace polc::landlock {
namespace {

bool is_character(std::uint32_t code) { return code != 0 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF); }

}  // namespace

bool ConfigCursor::number(std::uint64_t& out, bool is_toml) {
  if (is_toml) take('+');
  out = 0;
  unsigned digits = 0;
  const bool has_zero = peek() == '0';
  while (peek() >= '0' && peek() <= '9') {
    out = out * 10 + static_cast<unsigned>(next() - '0');
    if (++digits > 18) return fail("a number that is too large");
    if (is_toml && peek() == '_') next();
  }
  if (digits == 0 || (has_zero && digits > 1) || peek() == '.' || peek() == 'e' || peek() == 'E')
    return fail("no whole number");
  return true;
}

bool ConfigCursor::escape(std::string& out) {
  const char c = next();
  constexpr std::string_view letters = "\"\\/bfnrt", bytes = "\"\\/\b\f\n\r\t";
  if (const auto found = letters.find(c); found != std::string_view::npos) return out += bytes[found], true;
  if (c != 'u' && c != 'U') return fail("an escape that is not known");
  std::uint32_t code = 0;
  for (int left = c == 'u' ? 4 : 8; left > 0; --left) {
    const char digit = next();
    const char* const digits = "0123456789abcdef";
    const char lower = digit >= 'A' && digit <= 'F' ? static_cast<char>(digit - 'A' + 'a') : digit;
    const char* const found = std::find(digits, digits + 16, lower);
    if (found == digits + 16) return fail("no hexadecimal digits behind `\\u`");
    code = code * 16 + static_cast<std::uint32_t>(found - digits);
  }
  // JSON's pairs of surrogates stand for characters beyond the 16 bits: nobody needs to escape those.
  if (!is_character(code)) return fail("an escape of no character");
  sets::append_utf8(out, code);
  return true;
}

bool put_key(ConfigTable& table, std::string key, ConfigValue value) {
  if (std::any_of(table.begin(), table.end(), [&](const auto& one) { return one.key == key; })) return false;
  table.push_back({std::move(key), std::move(value)});
  return true;
}

}  // namespace polc::landlock
