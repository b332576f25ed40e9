#include "syntax/literals.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "diag/catalogue.hpp"
#include "syntax/quoted.hpp"

namespace polc::syntax {
namespace {

constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();

constexpr unsigned digit_of(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return 16;
}

// nullopt: past 64 bits. All of `digits` are digits of that base.
std::optional<std::uint64_t> read_digits(std::string_view digits, unsigned base) {
  std::uint64_t value = 0;
  for (const char c : digits) {
    if (value > (largest - digit_of(c)) / base) return std::nullopt;
    value = value * base + digit_of(c);
  }
  return value;
}

// One number of an IPv4 address.
std::uint8_t octet_of(std::string_view digits, diag::SourceRange range, diag::Sink& sink) {
  if (digits.size() > 1 && digits[0] == '0') {
    // inet_aton reads 010.0.0.1 as 8.0.0.1, inet_pton refuses it: a policy must not depend on which one is asked.
    const auto significant = std::min(digits.find_first_not_of('0'), digits.size() - 1);
    sink.add(diag::octet_with_zero, range, clipped(digits)).fix(range, std::string(digits.substr(significant)));
    return 0;
  }
  const auto value = read_digits(digits, 10);
  if (value && *value <= 255) return static_cast<std::uint8_t>(*value);
  sink.add(diag::octet_too_large, range, clipped(digits));
  return 255;
}

std::uint8_t checked_prefix(std::uint64_t prefix, std::string_view text, unsigned width, diag::SourceRange range,
                            diag::Sink& sink) {
  if (prefix <= width) return static_cast<std::uint8_t>(prefix);
  sink.add(diag::prefix_too_long, range, clipped(text), width);
  return static_cast<std::uint8_t>(width);
}

// The text of an IPv6 address, without brackets and prefix: groups of up to four hex digits, one `::` for the missing
// ones, an IPv4 address for the last two.
class Ip6Reader {
 public:
  Ip6Reader(std::string_view text, std::uint32_t begin, diag::SourceId file, diag::Sink& sink)
      : text_(text), begin_(begin), file_(file), sink_(&sink) {}

  /// nullopt: no address (nothing reported). A bad octet inside it is reported.
  std::optional<std::array<std::uint8_t, 16>> read() {
    while (!text_.empty() || groups_ == 0) {
      if (text_.starts_with("::")) {
        if (gap_) return std::nullopt;
        gap_ = length_;
        skip(2);
        if (text_.empty()) break;
      } else if (groups_ > 0) {
        if (!text_.starts_with(':')) return std::nullopt;
        skip(1);
      }
      if (!read_group()) return std::nullopt;
      ++groups_;
    }
    return filled();
  }

 private:
  void skip(std::size_t count) {
    text_.remove_prefix(count);
    begin_ += static_cast<std::uint32_t>(count);
  }

  bool read_group() {
    const auto end = std::min(text_.find(':'), text_.size());
    const auto group = text_.substr(0, end);
    if (group.find('.') != std::string_view::npos) return end == text_.size() && read_ip4(group);
    if (group.empty() || group.size() > 4 || length_ + 2 > bytes_.size()) return false;
    const auto value = read_digits(group, 16).value_or(0);
    bytes_[length_++] = static_cast<std::uint8_t>(value >> 8);
    bytes_[length_++] = static_cast<std::uint8_t>(value);
    skip(end);
    return true;
  }

  bool read_ip4(std::string_view text) {
    if (length_ + 4 > bytes_.size() || std::count(text.begin(), text.end(), '.') != 3) return false;
    const auto decimal = [](char c) { return c == '.' || digit_of(c) < 10; };
    if (!std::all_of(text.begin(), text.end(), decimal)) return false;
    for (int i = 0; i < 4; ++i) {
      const auto end = std::min(text_.find('.'), text_.size());
      if (end == 0) return false;
      const auto to = begin_ + static_cast<std::uint32_t>(end);
      bytes_[length_++] = octet_of(text_.substr(0, end), {file_, begin_, to}, *sink_);
      skip(std::min(end + 1, text_.size()));
    }
    return true;
  }

  std::optional<std::array<std::uint8_t, 16>> filled() {
    if (!gap_) return length_ == bytes_.size() ? std::optional(bytes_) : std::nullopt;
    if (length_ == bytes_.size()) return std::nullopt;  // `::` stands for one group at least
    const auto end = bytes_.begin() + static_cast<std::ptrdiff_t>(length_);
    std::rotate(bytes_.begin() + static_cast<std::ptrdiff_t>(*gap_), end, bytes_.end());
    return bytes_;
  }

  std::string_view text_;
  std::uint32_t begin_;
  diag::SourceId file_;
  diag::Sink* sink_;
  std::array<std::uint8_t, 16> bytes_{};
  std::size_t length_ = 0;  // bytes read
  std::size_t groups_ = 0;
  std::optional<std::size_t> gap_;  // bytes before the `::`
};

bool is_mapped_ip4(const ast::Ip& ip) {
  constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  return ip.prefix >= 96 && std::equal(mapped.begin(), mapped.end(), ip.bytes.begin());
}

}  // namespace

ast::Integer integer_of(std::string_view text, diag::SourceRange range, diag::Sink& sink) {
  ast::Integer integer{0, false, range};
  const bool hex = text.starts_with("0x");
  const bool octal = !hex && text.size() > 1 && text[0] == '0';
  if (octal && text.find_first_of("89") != std::string_view::npos) {
    const auto significant = std::min(text.find_first_not_of('0'), text.size() - 1);
    sink.add(diag::malformed_octal, range, clipped(text)).fix(range, std::string(text.substr(significant)));
    return integer;
  }
  const auto value = read_digits(hex ? text.substr(2) : text, hex ? 16 : octal ? 8 : 10);
  if (!value) sink.add(diag::number_too_large, range, clipped(text));
  integer.value = value.value_or(largest);
  return integer;
}

ast::Integer mode_of(std::string_view text, diag::SourceRange range, diag::Sink& sink) {
  const bool octal_digits = text.find_first_of("89") == std::string_view::npos;
  if (text[0] == '0') {
    if (octal_digits || text.starts_with("0x")) return integer_of(text, range, sink);
    sink.add(diag::malformed_octal, range, clipped(text));  // without its 0 it would be a number, but no mode
    return {0, false, range};
  }
  auto added = sink.add(diag::decimal_mode, range, clipped(text));
  if (octal_digits && text.size() <= 4) added.note(range, "did you mean `0" + std::string(text) + "`?").fix(range, "0" + std::string(text));
  return {0, false, range};
}

ast::Size size_of(std::string_view text, diag::SourceRange range, diag::Sink& sink) {
  const auto digits = text.substr(0, text.size() - 1);
  const unsigned shift = text.back() == 'K' ? 10 : text.back() == 'M' ? 20 : 30;
  const auto value = read_digits(digits, 10);
  if (value && *value <= largest >> shift) return {*value << shift, range};
  sink.add(diag::number_too_large, range, clipped(text));
  return {largest, range};
}

ast::Ip ip4_of(std::string_view text, const std::optional<ast::Integer>& prefix, diag::SourceRange range,
               diag::Sink& sink) {
  ast::Ip ip{false, {}, 32, prefix ? joined(range, prefix->range) : range};
  auto begin = range.begin;
  for (std::size_t i = 0; i < 4; ++i) {
    const auto octet = text.substr(0, std::min(text.find('.'), text.size()));
    const auto end = begin + static_cast<std::uint32_t>(octet.size());
    ip.bytes[i] = octet_of(octet, {range.file, begin, end}, sink);
    text.remove_prefix(std::min(octet.size() + 1, text.size()));
    begin = end + 1;
  }
  if (prefix) ip.prefix = checked_prefix(prefix->value, std::to_string(prefix->value), 32, prefix->range, sink);
  return ip;
}

ast::Ip ip6_of(std::string_view bracketed, diag::SourceRange range, diag::Sink& sink) {
  ast::Ip ip{true, {}, 128, range};
  auto text = bracketed.substr(1, bracketed.size() - 2);
  const auto slash = std::min(text.find('/'), text.size());
  if (slash < text.size()) {
    const auto digits = text.substr(slash + 1);
    const auto begin = range.begin + static_cast<std::uint32_t>(slash) + 2;
    const diag::SourceRange where{range.file, begin, begin + static_cast<std::uint32_t>(digits.size())};
    ip.prefix = checked_prefix(read_digits(digits, 10).value_or(largest), digits, 128, where, sink);
  }
  const auto bytes = Ip6Reader(text.substr(0, slash), range.begin + 1, range.file, sink).read();
  if (!bytes) {
    sink.add(diag::malformed_ipv6, range, clipped(bracketed));
    return ip;
  }
  ip.bytes = *bytes;
  if (!is_mapped_ip4(ip)) return ip;
  ast::Ip inner{false, {}, static_cast<std::uint8_t>(ip.prefix - 96), range};
  std::copy_n(ip.bytes.begin() + 12, 4, inner.bytes.begin());
  return inner;
}

void check_port(const ast::Integer& port, diag::Sink& sink) {
  if (port.value > 65535) sink.add(diag::port_too_large, port.range, std::to_string(port.value));
}

void check_order(const diag::SourceMap& sources, const ast::Integer& low, const std::optional<ast::Integer>& high,
                 diag::Sink& sink) {
  if (!high || low.value <= high->value) return;
  const auto range = joined(low.range, high->range);
  sink.add(diag::reversed_range, range, clipped(sources.text_of(range)))
      .fix(range, std::string(sources.text_of(high->range)) + "-" + std::string(sources.text_of(low.range)));
}

}  // namespace polc::syntax
