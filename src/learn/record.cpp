#include "learn/record.hpp"

#include <algorithm>
#include <charconv>

#include "knowledge/call_numbers.hpp"

namespace polc::learn {
namespace {

// What stands behind it are copies for people, in capitals (auditd's ENRICHED).
constexpr char enriched = '\x1d';

bool is_key_character(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '[' || c == ']'; }

int hex_digit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; }

}  // namespace

Record::Record(std::string_view line) {
  line = line.substr(0, line.find(enriched));
  for (std::size_t at = line.find('='); at != line.npos; at = line.find('=', at)) {
    std::size_t begin = at;
    while (begin > 0 && is_key_character(line[begin - 1])) --begin;
    const std::string key(line.substr(begin, at - begin));
    const bool is_quoted = at + 1 < line.size() && line[at + 1] == '"';
    const std::size_t from = at + (is_quoted ? 2 : 1);
    const std::size_t end = std::min(line.find_first_of(is_quoted ? "\"" : " \t\r\n'", from), line.size());
    if (!key.empty() && from <= line.size()) fields_.emplace(key, Value{std::string(line.substr(from, end - from)), is_quoted});
    at = std::min(end, line.size());
  }
}

std::string Record::word(std::string_view key) const {
  const auto at = fields_.find(std::string(key));
  return at == fields_.end() ? "" : at->second.text;
}

std::string Record::bytes(std::string_view key) const {
  const auto at = fields_.find(std::string(key));
  if (at == fields_.end()) return "";
  const auto& [text, is_quoted] = at->second;
  if (is_quoted) return text;
  if (text == "(null)" || text == "?" || text == "(none)") return "";
  if (text.size() % 2 != 0 || !std::ranges::all_of(text, [](char c) { return hex_digit(c) >= 0; })) return text;
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); i += 2) decoded += static_cast<char>(hex_digit(text[i]) * 16 + hex_digit(text[i + 1]));
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
    if (knowledge::audit_arch(arch) == audit && (arch == Arch::x32) == (has_bit && audit == knowledge::audit_arch(Arch::x86_64))) return arch;
  }
  return std::nullopt;
}

}  // namespace polc::learn
