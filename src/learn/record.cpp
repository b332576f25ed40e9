#include "learn/record.hpp"

#include <algorithm>
#include <charconv>

#include "knowledge/call_numbers.hpp"

namespace polc::learn {
namespace {

// What stands behind it are copies for people, in capitals (auditd's ENRICHED).
constexpr char enriched = '\x1d';

bool is_key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '[' || c == ']';
}

bool ends_word(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\''; }

int hex_digit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; }

}  // namespace

Record::Record(std::string_view line) {
  line = line.substr(0, line.find(enriched));
  constexpr std::size_t usual = 32;
  fields_.reserve(usual);
  std::size_t begin = 0;  // of what may be a key
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] != '=') {
      if (!is_key_character(line[at])) begin = at + 1;
      continue;
    }
    const std::string_view key = line.substr(begin, at - begin);
    const bool is_quoted = at + 1 < line.size() && line[at + 1] == '"';
    const std::size_t from = at + (is_quoted ? 2 : 1);
    std::size_t end = from;
    while (end < line.size() && (is_quoted ? line[end] != '"' : !ends_word(line[end]))) ++end;
    if (!key.empty()) fields_.push_back({key, line.substr(from, end - from), is_quoted});
    at = end, begin = end + 1;
  }
}

const Record::Field* Record::find(std::string_view key) const {
  const auto at = std::ranges::find(fields_, key, &Field::key);
  return at == fields_.end() ? nullptr : &*at;
}

std::string Record::word(std::string_view key) const {
  const Field* const field = find(key);
  return field == nullptr ? "" : std::string(field->text);
}

std::string Record::bytes(std::string_view key) const {
  const Field* const field = find(key);
  if (field == nullptr) return "";
  const std::string text(field->text);
  if (field->is_quoted) return text;
  if (text == "(null)" || text == "?" || text == "(none)") return "";
  if (text.size() % 2 != 0 || !std::ranges::all_of(text, [](char c) { return hex_digit(c) >= 0; })) return text;
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); i += 2)
    decoded += static_cast<char>(hex_digit(text[i]) * 16 + hex_digit(text[i + 1]));
  return decoded;
}

std::optional<std::uint32_t> number_of(std::string_view text, int base) {
  if (base == 16 && text.starts_with("0x")) text.remove_prefix(2);
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Arch> arch_with(std::uint32_t audit, std::uint32_t number) {
  for (std::size_t i = 0; i < arch_names.size(); ++i) {
    const auto arch = static_cast<Arch>(i);
    const bool has_bit = (number & knowledge::number_base(Arch::x32)) != 0;
    if (knowledge::audit_arch(arch) == audit &&
        (arch == Arch::x32) == (has_bit && audit == knowledge::audit_arch(Arch::x86_64)))
      return arch;
  }
  return std::nullopt;
}

}  // namespace polc::learn
