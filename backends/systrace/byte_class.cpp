#include "systrace/byte_class.hpp"

#include <cctype>

namespace polc::systrace::syntax {
namespace {

struct NamedClass {
  std::string_view name;
  int (*holds)(int);
};
constexpr NamedClass named_classes[] = {{"alnum", std::isalnum}, {"alpha", std::isalpha}, {"blank", std::isblank}, {"cntrl", std::iscntrl},
                                        {"digit", std::isdigit}, {"graph", std::isgraph}, {"lower", std::islower}, {"print", std::isprint},
                                        {"punct", std::ispunct}, {"space", std::isspace}, {"upper", std::isupper}, {"xdigit", std::isxdigit}};

/// `[:alpha:]` at `at`; moves behind it.
bool add_named(std::string_view text, std::size_t& at, ByteClass& out) {
  const std::size_t end = text.find(":]", at + 2);
  if (end == std::string_view::npos) return false;
  const std::string_view name = text.substr(at + 2, end - at - 2);
  for (const NamedClass& one : named_classes) {
    if (one.name != name) continue;
    for (unsigned char c = 1; c < 0x80; ++c)
      if (one.holds(c) != 0) out.add(c, c);
    at = end + 2;
    return true;
  }
  return false;
}

}  // namespace

ByteClass ByteClass::all() {
  ByteClass result;
  result.add(1, 255);
  return result;
}

ByteClass ByteClass::of(char c) {
  ByteClass result;
  result.add(static_cast<unsigned char>(c), static_cast<unsigned char>(c));
  return result;
}

void ByteClass::add(unsigned char low, unsigned char high) {
  for (unsigned c = low; c <= high; ++c) bytes_.set(c);
}

ByteClass ByteClass::complement() const {
  ByteClass result;
  result.bytes_ = ~bytes_;
  result.bytes_.reset(0);
  return result;
}

std::vector<std::pair<std::uint8_t, std::uint8_t>> ByteClass::ranges() const {
  std::vector<std::pair<std::uint8_t, std::uint8_t>> result;
  for (unsigned low = 1; low < 256; ++low) {
    if (!bytes_[low]) continue;
    unsigned high = low;
    while (high + 1 < 256 && bytes_[high + 1]) ++high;
    result.emplace_back(static_cast<std::uint8_t>(low), static_cast<std::uint8_t>(high));
    low = high;
  }
  return result;
}

std::optional<ByteClass> bracket(std::string_view text, std::size_t& at, const BracketSyntax& syntax) {
  std::size_t next = at + 1;
  const bool is_negated = next < text.size() && syntax.negations.find(text[next]) != std::string_view::npos;
  if (is_negated) ++next;
  ByteClass result;
  const auto one = [&]() -> std::optional<unsigned char> {
    if (syntax.escapes && text[next] == '\\' && next + 1 < text.size()) ++next;
    return next < text.size() ? std::optional(static_cast<unsigned char>(text[next++])) : std::nullopt;
  };
  for (bool is_first = true; next < text.size(); is_first = false) {
    if (text[next] == ']' && !is_first) {
      at = next + 1;
      return is_negated ? result.complement() : result;
    }
    const std::string_view two = text.substr(next, 2);
    if (syntax.named && (two == "[." || two == "[=")) return std::nullopt;
    if (syntax.named && two == "[:") {
      if (!add_named(text, next, result)) return std::nullopt;
      continue;
    }
    const auto low = one();
    auto high = low;
    if (next + 1 < text.size() && text[next] == '-' && text[next + 1] != ']') {
      ++next;
      high = one();
    }
    if (!low || !high) return std::nullopt;
    if (*low <= *high) result.add(*low, *high);
  }
  return std::nullopt;
}

}  // namespace polc::systrace::syntax
