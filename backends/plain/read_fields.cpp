#include "plain/read_fields.hpp"

#include <utility>

namespace polc::plain {
namespace {

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 16;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 1 < text.size() ? digit_of(text[i + 1]) : 16;
    const int low = i + 2 < text.size() ? digit_of(text[i + 2]) : 16;
    if (high == 16 || low == 16) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::optional<sets::Uint128> ip4_from(std::string_view text) {
  const std::vector<std::string> octets = split(text, '.');
  sets::Uint128 value = 0;
  for (const std::string& octet : octets) {
    const auto number = number_from(octet);
    if (octets.size() != 4 || !number || *number > 255) return std::nullopt;
    value = value << 8 | *number;
  }
  return value;
}

}  // namespace

std::optional<sets::Uint128> number_from(std::string_view text) {
  if (text.find('.') != std::string_view::npos) return ip4_from(text);
  int base = 10;
  if (text.substr(0, 2) == "0x") base = 16, text.remove_prefix(2);
  else if (text.size() > 1 && text[0] == '0') base = 8;
  sets::Uint128 value = 0;
  for (const char c : text) {
    const int digit = digit_of(c);
    if (digit >= base || value > (~sets::Uint128{0} - static_cast<unsigned>(digit)) / static_cast<unsigned>(base))
      return std::nullopt;
    value = value * static_cast<unsigned>(base) + static_cast<unsigned>(digit);
  }
  return text.empty() ? std::nullopt : std::optional(value);
}

std::uint64_t bits_from(Fields& fields, const std::vector<std::string>& values) {
  std::uint64_t out = 0;
  const sets::NumberSet numbers = ranges_from<std::uint32_t>(fields, values);
  for (const auto& [low, high] : numbers.intervals()) {
    if (high > 63) fields.fail("a number past 63");
    for (std::uint32_t i = low; i <= high && i < 64; ++i) out |= std::uint64_t{1} << i;
  }
  return out;
}

std::optional<std::string> after(std::string_view prefix, const std::string& value) {
  if (value.substr(0, prefix.size()) != prefix) return std::nullopt;
  return value.substr(prefix.size());
}

Fields::Fields(std::string_view line) {
  for (std::string& part : split(line, ' ')) {
    const std::size_t equals = part.find('=');
    if (part.empty()) continue;
    if (equals == std::string::npos) {
      if (!fields_.empty()) fail("the word `" + part + "` stands behind a field");
      words_.push_back(std::move(part));
    } else if (!fields_.emplace(part.substr(0, equals), part.substr(equals + 1)).second) {
      fail("the field `" + part.substr(0, equals) + "` stands twice");
    }
  }
}

std::string Fields::word() {
  if (next_ < words_.size()) return words_[next_++];
  fail("the line ends too early");
  return "";
}

std::vector<std::string> Fields::words() { return values_of(word()); }

std::vector<std::string> Fields::take(const std::string& key) {
  const auto raw = take_raw(key);
  return raw ? values_of(*raw) : std::vector<std::string>{};
}

std::vector<std::string> Fields::values_of(const std::string& list) {
  if (list == "-") return {};
  std::vector<std::string> values = split(list, ',');
  for (std::string& value : values) {
    auto bytes = decoded(value);
    if (!bytes) fail("`" + value + "` has a bad %HH");
    else value = *std::move(bytes);
  }
  return values;
}

std::optional<std::string> Fields::take_raw(const std::string& key) {
  const auto at = fields_.find(key);
  if (at == fields_.end()) return std::nullopt;
  std::string value = std::move(at->second);
  fields_.erase(at);
  return value;
}

void Fields::fail(std::string message) {
  if (mistake_.empty()) mistake_ = std::move(message);
}

const std::string& Fields::finish() {
  if (next_ < words_.size()) fail("unexpected word `" + words_[next_] + "`");
  if (!fields_.empty()) fail("unexpected field `" + fields_.begin()->first + "`");
  return mistake_;
}

}  // namespace polc::plain
