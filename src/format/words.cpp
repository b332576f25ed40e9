#include "format/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sets/utf8.hpp"
#include "support/visible.hpp"

namespace polc::format {
namespace {

// Families of constants that are ioctl requests. Small ones share their value with flags, large ones with ETH_P_*.
constexpr std::array<std::string_view, 18> request_prefixes{"TIOC",   "TC",  "FIO",    "SIOC",  "RTC_", "BLK",
                                                            "LOOP_",  "VT_", "KD",     "PPS_",  "PTP_", "WDIOC_",
                                                            "UFFDIO", "TUN", "EVIOC_", "HDIO_", "FS_",  "LINUX_"};

bool is_request_name(std::string_view name) {
  return std::any_of(request_prefixes.begin(), request_prefixes.end(),
                     [&](std::string_view prefix) { return name.substr(0, prefix.size()) == prefix; });
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_character(char c) { return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

std::string quoted(std::string_view bytes) {
  std::string out = "\"";
  for (std::size_t i = 0; i < bytes.size();) {
    const char c = bytes[i];
    const std::uint32_t length = sets::utf8_at(bytes, i).length;
    if (c == '"' || c == '\\' || c == '$') out += {'\\', c};
    else if (c == '\n') out += "\\n";
    else if (c == '\t') out += "\\t";
    else if (length == 0 || static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else out += bytes.substr(i, length);
    i += std::max(length, 1u);
  }
  return visible(out) + '"';
}

std::string quoted_path(std::string_view bytes) { return '"' + visible(sets::escaped_literal(bytes)) + '"'; }
std::string quoted(const sets::PathPattern& pattern) { return '"' + visible(pattern.text()) + '"'; }

std::string number_text(std::uint64_t value) {
  return value <= 0xFFFF ? fmt::format("{}", value) : fmt::format("{:#x}", value);
}
std::string mode_text(std::uint16_t mode) { return fmt::format("0{:03o}", mode); }

std::optional<std::string_view> find_request_name(Os os, std::uint32_t request) {
  std::optional<std::string_view> best;
  for (const knowledge::NamedNumber& candidate : knowledge::constants_of(os)) {
    if (candidate.value != request) continue;
    if (is_request_name(candidate.name)) return candidate.name;
    if (!best) best = candidate.name;
  }
  return best;
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  return fmt::format("{}", fmt::join(parts, separator));
}

std::vector<std::string> range_texts(const sets::NumberSet& numbers) {
  std::vector<std::string> out;
  for (const auto& interval : numbers.intervals())
    out.push_back(interval.low == interval.high ? fmt::format("{}", interval.low)
                                                : fmt::format("{}-{}", interval.low, interval.high));
  return out;
}

std::string account_text(ir::IdentityKind kind, const ir::Account& account) {
  if (account.name.empty()) return account.has_id ? fmt::format("{}", account.id) : "any";
  const std::string_view word = kind == ir::IdentityKind::user ? "user" : "group";
  const std::string id = account.has_id ? fmt::format(" {}", account.id) : "";
  return fmt::format("{} {}{}", word, quoted(account.name), id);
}

bool is_bare_word(std::string_view word) {
  if (word.empty() || !std::all_of(word.begin(), word.end(), is_name_character)) return false;
  if (is_digit(word[0]))
    return std::all_of(word.begin(), word.end(), is_digit) && (word.size() == 1 || word[0] != '0') && word.size() < 19;
  return word != "and" && word != "or" && word != "not" && word != "in";
}

}  // namespace polc::format
