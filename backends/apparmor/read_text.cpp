#include "apparmor/read_text.hpp"

namespace polc::apparmor {
namespace {

struct Escape {
  std::size_t length = 0;  // of what stands behind the backslash; 0: it is none
  unsigned value = 0;
};

unsigned digit_of(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
  return 99;
}

// As many digits as stay below 256.
Escape number(std::string_view text, std::size_t skipped, unsigned base, std::size_t most) {
  Escape escape;
  for (std::size_t i = skipped; i < text.size() && i - skipped < most && digit_of(text[i]) < base; ++i) {
    const unsigned next = escape.value * base + digit_of(text[i]);
    if (next > 255) break;
    escape = {i + 1, next};
  }
  return escape;
}

Escape escape_at(std::string_view text) {
  if (text.empty()) return {};
  switch (text.front()) {
    case '\\':
    case '"': return {1, static_cast<unsigned char>(text.front())};
    case 'd': return number(text, 1, 10, 3);
    case 'x': return number(text, 1, 16, 2);
    case 'a': return {1, 7};
    case 'e': return {1, 27};
    case 'f': return {1, 12};
    case 'n': return {1, 10};
    case 'r': return {1, 13};
    case 't': return {1, 9};
    default: return number(text, 0, 8, 3);
  }
}

}  // namespace

tl::expected<Symbols, std::string> symbols_of(std::string_view text) {
  constexpr std::string_view special = "*?[]{}^,\\";
  Symbols symbols;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\0') return tl::unexpected(std::string("it has a NUL byte"));
    if (text[at] != '\\') {
      if (text.substr(at, 2) == "@{") return tl::unexpected(std::string("variables are not known here"));
      symbols.push_back({static_cast<unsigned char>(text[at++]), false});
      continue;
    }
    ++at;
    const Escape escape = escape_at(text.substr(at));
    if (escape.length != 0) {
      if (escape.value == 0) return tl::unexpected(std::string("it has a NUL byte"));
      symbols.push_back({static_cast<unsigned char>(escape.value), special.find(static_cast<char>(escape.value)) != std::string_view::npos});
      at += escape.length;
      continue;
    }
    // No escape of the lexer's: the backslash stays for the pattern, which takes it off whatever stands behind it.
    if (at == text.size()) return tl::unexpected(std::string("a backslash at the end"));
    if (text.substr(at, 2) == "@{") return tl::unexpected(std::string("variables are not known here"));
    symbols.push_back({static_cast<unsigned char>(text[at++]), true});
  }
  return symbols;
}

Symbols with_single_slashes(const Symbols& symbols) {
  const auto is_slash = [&](std::size_t i) { return i < symbols.size() && symbols[i].is_slash(); };
  const bool begins_with_two = is_slash(0) && is_slash(1) && !is_slash(2);
  Symbols result;
  for (std::size_t i = 0; i < symbols.size(); ++i)
    if (i == 0 || !is_slash(i) || !is_slash(i - 1) || (i == 1 && begins_with_two)) result.push_back(symbols[i]);
  return result;
}

std::string bytes_of(const Symbols& symbols) {
  std::string bytes;
  for (const Symbol& symbol : symbols) bytes += static_cast<char>(symbol.byte);
  return bytes;
}

}  // namespace polc::apparmor
