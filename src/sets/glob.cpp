#include "sets/glob.hpp"

#include <limits>
#include <optional>
#include <utility>

#include "sets/pattern_scanner.hpp"
#include "sets/utf8.hpp"
#include "support/check.hpp"

namespace polc::sets {
namespace {

constexpr std::string_view always_escaped = "\"\\$";
constexpr std::string_view pattern_characters = "*?[]{},";

void append_hex(std::string& out, char c) {
  constexpr char digits[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  out += "\\x";
  out.push_back(digits[byte >> 4]);
  out.push_back(digits[byte & 15]);
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

/// Appends the character at `at`, escaped where `escape` says so of a meaningful ASCII character; returns its length.
std::size_t append_character(std::string& out, std::string_view bytes, std::size_t at, bool escape) {
  const char c = bytes[at];
  const std::size_t length = utf8_at(bytes, at).length;
  if (length == 0 || is_control(c)) {
    append_hex(out, c);
    return 1;
  }
  if (always_escaped.find(c) != std::string_view::npos ||
      (escape && pattern_characters.find(c) != std::string_view::npos))
    out.push_back('\\');
  out += bytes.substr(at, length);
  return length;
}

// `-`, `!` and `^` are written as bytes: so none of them can be taken for a range or a negation, here or by a target.
void append_class_member(std::string& out, std::uint32_t code) {
  std::string bytes;
  append_utf8(bytes, code);
  if (code == '-' || code == '!' || code == '^') append_hex(out, bytes[0]);
  else append_character(out, bytes, 0, true);
}

void append_class(std::string& out, const NumberSet& characters) {
  const NumberSet others = all_characters() - characters;
  const bool negated = others.intervals().size() < characters.intervals().size();
  out += negated ? "[!" : "[";
  for (const auto& range : (negated ? others : characters).intervals()) {
    append_class_member(out, range.low);
    if (range.high > range.low + 1) out.push_back('-');
    if (range.high > range.low) append_class_member(out, range.high);
  }
  out.push_back(']');
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// How many bytes of `name` at `at` the step takes; 0: it does not match there.
std::size_t length_taken(const GlobStep& step, std::string_view name, std::size_t at) {
  if (step.kind == GlobStep::Kind::byte) return at < name.size() && name[at] == step.byte ? 1 : 0;
  const Utf8Character character = utf8_at(name, at);
  const NumberSet& characters = step.kind == GlobStep::Kind::set ? step.characters : all_characters();
  return character.length > 0 && characters.contains(character.code) ? character.length : 0;
}

}  // namespace

const NumberSet& all_characters() {
  static const NumberSet all = NumberSet::from({{1, '/' - 1}, {'/' + 1, 0xD7FF}, {0xE000, 0x10FFFF}});
  return all;
}

std::vector<GlobStep> glob_steps(const Component& component) {
  std::vector<GlobStep> steps;
  if (component.kind == Component::Kind::literal) {
    for (const char c : component.text) steps.push_back({GlobStep::Kind::byte, c, {}});
    return steps;
  }
  const bool is_name = component.kind == Component::Kind::name;
  POLC_CHECK(is_name || component.kind == Component::Kind::glob, "only literals, globs and names have steps");
  const auto tokens = scan_pattern(decoded_pattern(component.text), is_name ? PatternFlavour::name : PatternFlavour::path,
                                   std::numeric_limits<std::size_t>::max());
  POLC_CHECK(tokens.has_value(), "a component's text is canonical");
  for (const auto& token : *tokens) {
    POLC_CHECK(token.kind == PatternToken::Kind::step, "a component has neither slashes nor braces");
    steps.push_back(token.step);
  }
  return steps;
}

// Only the last star is ever taken back: every other step takes a fixed number of bytes where it stands, so the
// earliest place for a run of steps is never worse than a later one.
bool steps_match(const std::vector<GlobStep>& steps, std::string_view name, std::uint64_t& work) {
  std::size_t step = 0, at = 0;
  std::optional<std::pair<std::size_t, std::size_t>> last_star;
  while (at < name.size() || step < steps.size()) {
    ++work;
    if (step < steps.size() && steps[step].kind == GlobStep::Kind::star) {
      last_star = {++step, at};
      continue;
    }
    const std::size_t taken = step < steps.size() ? length_taken(steps[step], name, at) : 0;
    if (taken > 0) {
      at += taken;
      ++step;
    } else {
      if (!last_star || last_star->second == name.size()) return false;
      at = ++last_star->second;
      step = last_star->first;
    }
  }
  return true;
}

std::string glob_text(const std::vector<GlobStep>& steps) {
  std::string out;
  std::string bytes;  // neighbours are escaped together: a character may be spread over several
  const auto flush = [&] {
    out += escaped_literal(bytes);
    bytes.clear();
  };
  for (const auto& step : steps) {
    if (step.kind == GlobStep::Kind::byte) {
      bytes.push_back(step.byte);
      continue;
    }
    flush();
    if (step.kind == GlobStep::Kind::set) append_class(out, step.characters);
    else out.push_back(step.kind == GlobStep::Kind::one ? '?' : '*');
  }
  flush();
  return out;
}

PatternText decoded_pattern(std::string_view spelling) {
  PatternText text;
  for (std::size_t i = 0; i < spelling.size(); ++i) {
    const bool escaped = spelling[i] == '\\' && i + 1 < spelling.size();
    char byte = spelling[i];
    if (escaped) {
      byte = spelling[++i];
      if (byte == 'x' && i + 2 < spelling.size()) {
        byte = static_cast<char>(hex_value(spelling[i + 1]) * 16 + hex_value(spelling[i + 2]));
        i += 2;
      }
    }
    text.bytes.push_back(byte);
    text.literal.push_back(escaped);
  }
  return text;
}

std::string spelled_pattern(const PatternText& text) {
  std::string out;
  for (std::size_t i = 0; i < text.bytes.size();) {
    const bool literal = i < text.literal.size() && text.literal[i];
    const char c = text.bytes[i];
    if (literal && (c == '-' || c == '!')) {
      append_hex(out, c);  // these mean something only inside a class, and have no shorter escape
      ++i;
    } else {
      i += append_character(out, text.bytes, i, literal);
    }
  }
  return out;
}

std::string escaped_literal(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size();) i += append_character(out, bytes, i, true);
  return out;
}

}  // namespace polc::sets
