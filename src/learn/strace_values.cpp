#include "learn/strace_values.hpp"

#include <charconv>

#include "learn/strace_line.hpp"

namespace polc::learn {
namespace {

bool is_octal(char c) { return c >= '0' && c <= '7'; }
int hex_digit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::size_t behind_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at)
    if (text[at] == '\\') ++at;
    else if (text[at] == '"') return at + 1;
  return text.size();
}

// Calls `each` with every part between the separators of the outermost level, until it returns false.
void for_parts(std::string_view text, char separator, const auto& each) {
  std::size_t begin = 0;
  unsigned depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      i = behind_string(text, i) - 1;
    } else if (c == '<' && begins_decoration(text, i)) {
      const std::size_t behind = behind_decoration(text, i);
      if (behind == text.npos) break;
      i = behind - 1;
    } else if (c == '/' && text.substr(i, 2) == "/*") {
      const std::size_t end = text.find("*/", i + 2);
      if (end == text.npos) break;
      i = end + 1;
    } else if (c == '(' || c == '[' || c == '{') {
      ++depth;
    } else if ((c == ')' || c == ']' || c == '}') && depth > 0) {
      --depth;
    } else if (c == separator && depth == 0) {
      if (!each(trimmed(text.substr(begin, i - begin)))) return;
      begin = i + 1;
    }
  }
  each(trimmed(text.substr(begin)));
}

// C escapes; octal ones have as many digits as it takes.
std::string unescaped(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      bytes += text[i];
      continue;
    }
    const char c = text[++i];
    constexpr std::string_view letters = "tnvfra", controls = "\t\n\v\f\r\a";
    if (const std::size_t letter = letters.find(c); letter != letters.npos) {
      bytes += controls[letter];
    } else if (c == 'x') {
      int value = 0;
      for (unsigned digits = 0; digits < 2 && i + 1 < text.size() && hex_digit(text[i + 1]) >= 0; ++digits) value = value * 16 + hex_digit(text[++i]);
      bytes += static_cast<char>(value);
    } else if (is_octal(c)) {
      int value = c - '0';
      for (unsigned digits = 1; digits < 3 && i + 1 < text.size() && is_octal(text[i + 1]); ++digits) value = value * 8 + (text[++i] - '0');
      bytes += static_cast<char>(value);
    } else {
      bytes += c;
    }
  }
  return bytes;
}

}  // namespace

StraceArguments::StraceArguments(std::string_view text) {
  std::size_t count = 0;
  for_parts(text, ',', [&](std::string_view part) {
    all_[count++] = part;
    return count < all_.size();
  });
}

std::optional<std::string> string_of(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::nullopt;
  return unescaped(text.substr(1, text.size() - 2));
}

std::string_view named(std::string_view value) {
  const std::size_t begin = value.find("/* "), end = value.find(" */");
  return begin == value.npos || end == value.npos || end < begin + 3 ? value : value.substr(begin + 3, end - begin - 3);
}

bool has_flag(std::string_view flags, std::string_view name) {
  for (std::size_t at = flags.find(name); at != flags.npos; at = flags.find(name, at + 1)) {
    const bool begins = at == 0 || flags[at - 1] == '|' || flags[at - 1] == ' ';
    const std::size_t end = at + name.size();
    if (begins && (end == flags.size() || flags[end] == '|' || flags[end] == ' ')) return true;
  }
  return false;
}

std::optional<std::uint16_t> mode_in(std::string_view text) {
  text = trimmed(text);
  if (const std::size_t bar = text.rfind('|'); bar != text.npos) text = text.substr(bar + 1);
  unsigned mode = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  if (error != std::errc() || text.empty() || text.front() != '0') return std::nullopt;
  return static_cast<std::uint16_t>(mode & 07777);
}

std::optional<std::int64_t> number_in(std::string_view text) {
  const bool is_hex = text.starts_with("0x");
  if (is_hex) text.remove_prefix(2);
  if (is_hex) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    return error == std::errc() ? std::optional(static_cast<std::int64_t>(value)) : std::nullopt;
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() ? std::optional(value) : std::nullopt;
}

std::string_view field_in(std::string_view structure, std::string_view name) {
  if (structure.size() < 2 || structure.front() != '{') return {};
  std::string_view found;
  const std::size_t end = structure.back() == '}' ? structure.size() - 2 : structure.size() - 1;
  for_parts(structure.substr(1, end), ',', [&](std::string_view part) {
    if (!part.starts_with(name) || part.size() <= name.size() || part[name.size()] != '=') return true;
    found = part.substr(name.size() + 1);
    return false;
  });
  return found;
}

std::optional<StraceDescriptor> descriptor_of(std::string_view text) {
  StraceDescriptor result;
  if (text.starts_with("AT_FDCWD")) result.number = -100;
  else if (const auto number = number_in(text)) result.number = *number;
  else return std::nullopt;
  std::size_t begin = 0;
  while (begin < text.size() && !begins_decoration(text, begin)) ++begin;
  if (begin == text.size()) return result;
  const std::size_t end = behind_decoration(text, begin);
  if (end == text.npos) return result;
  std::string_view inside = text.substr(begin + 1, end - begin - 2);
  result.is_deleted = text.substr(end).starts_with("(deleted)");
  result.is_decorated = true;
  if (inside.ends_with('>')) {  // /dev/null<char 1:3>
    const std::size_t device = inside.rfind('<');
    if (device != inside.npos) result.device = inside.substr(device + 1, inside.find(' ', device) - device - 1), inside = inside.substr(0, device);
  }
  constexpr std::string_view deleted = " (deleted)";
  if (inside.starts_with('/') && inside.ends_with(deleted)) inside.remove_suffix(deleted.size()), result.is_deleted = true;
  result.decoration = unescaped(inside);
  return result;
}

std::string_view error_of(std::string_view result) {
  if (!result.starts_with("-1 E")) return {};
  result.remove_prefix(3);
  return result.substr(0, result.find(' '));
}

}  // namespace polc::learn
