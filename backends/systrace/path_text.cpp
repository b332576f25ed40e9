// Path patterns as systrace's `re`, `eq` and `match` say them (systrace(1), filter.c).
#include "sets/glob.hpp"
#include "systrace/model.hpp"

namespace polc::systrace {
namespace {

using sets::Component;
using sets::GlobStep;
using sets::PathPattern;
using Kind = Component::Kind;

// systrace refuses lines of more than 2046 bytes; two tests and the words around them must fit into one.
constexpr std::size_t longest_test = 900;

// The last of these on a line begins a predicate, wherever it stands.
constexpr std::string_view predicate = ", if";

void append_literal(std::string& out, char c) {
  // `$` is in a class because $HOME, $USER and $CWD are replaced in every string.
  if (c == '$') out += "[$]";
  else if (std::string_view(".[\\()*+?{|^").find(c) != std::string_view::npos) out += {'\\', c};
  else out += c;
}

// ---- characters as bytes: regexec in the C locale knows no UTF-8.

void append_byte_range(std::string& out, unsigned low, unsigned high) {
  if (low == high) {
    append_literal(out, static_cast<char>(low));
    return;
  }
  out += '[';
  out += static_cast<char>(low);
  out += '-';
  out += static_cast<char>(high);
  out += ']';
}

/// The bytes of `code`, as UTF-8 of `length` bytes.
std::vector<unsigned> bytes_of(std::uint32_t code, unsigned length) {
  constexpr unsigned lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
  std::vector<unsigned> bytes(length);
  for (unsigned i = length; i-- > 1; code >>= 6) bytes[i] = 0x80 | (code & 0x3F);
  bytes[0] = length == 1 ? code : lead[length] | code;
  return bytes;
}

/// Alternatives for a range of code points that all take `length` bytes.
void add_sequences(std::uint32_t low, std::uint32_t high, unsigned length, std::vector<std::string>& out) {
  for (unsigned tail = 1; tail < length; ++tail) {
    const std::uint32_t mask = (std::uint32_t{1} << (6 * tail)) - 1;
    if ((low & ~mask) == (high & ~mask)) continue;
    if ((low & mask) != 0) {
      add_sequences(low, low | mask, length, out);
      return add_sequences((low | mask) + 1, high, length, out);
    }
    if ((high & mask) != mask) {
      add_sequences(low, (high & ~mask) - 1, length, out);
      return add_sequences(high & ~mask, high, length, out);
    }
  }
  const auto from = bytes_of(low, length), to = bytes_of(high, length);
  std::string text;
  for (unsigned i = 0; i < length; ++i) append_byte_range(text, from[i], to[i]);
  out.push_back(std::move(text));
}

void append_class_member(std::string& positive, std::string& special, std::uint32_t code) {
  // `]` must come first, `^` not first and `-` last; a backslash is plain inside brackets.
  if (code == ']' || code == '^' || code == '-') special += static_cast<char>(code);
  else positive += static_cast<char>(code);
}

std::string ascii_class(const sets::NumberSet& characters) {
  std::string plain, special;
  for (const auto& range : characters.intervals())
    for (std::uint32_t code = range.low; code <= range.high && code < 0x80; ++code)
      append_class_member(plain, special, code);
  const auto has = [&](char c) { return special.find(c) != std::string::npos; };
  if (plain.empty() && special.size() == 1) return special == "^" ? "\\^" : special;
  std::string out = "[";
  if (has(']')) out += ']';
  for (std::size_t i = 0; i < plain.size();) {
    std::size_t end = i;
    while (end + 1 < plain.size() && plain[end + 1] == plain[end] + 1) ++end;
    // No range may contain one of the special ones unless it is meant: they were taken out of `plain`, so none does.
    if (end >= i + 2) out += std::string{plain[i], '-', plain[end]};
    else out += plain.substr(i, end - i + 1);
    i = end + 1;
  }
  if (has('^')) out += '^';
  if (has('-')) out += '-';
  return out == "[^-" ? "[-^]" : out + "]";
}

std::string characters_regex(const sets::NumberSet& characters) {
  constexpr std::uint32_t starts[] = {0x80, 0x800, 0x10000, 0x110000};
  const sets::NumberSet ascii = characters & sets::NumberSet::range(1, 0x7F);
  std::vector<std::string> alternatives;
  if (!ascii.empty()) alternatives.push_back(ascii_class(ascii));
  for (unsigned i = 0; i + 1 < std::size(starts); ++i) {
    const sets::NumberSet alike = characters & sets::NumberSet::range(starts[i], starts[i + 1] - 1);
    for (const auto& range : alike.intervals()) add_sequences(range.low, range.high, i + 2, alternatives);
  }
  if (alternatives.size() == 1 && characters == ascii) return alternatives[0];
  std::string out = "(";
  for (const auto& alternative : alternatives) out += (out.size() == 1 ? "" : "|") + alternative;
  return out + ")";
}

std::string component_regex(const Component& component, const std::string& any_name) {
  const auto steps = sets::glob_steps(component);
  const bool is_name = component.kind == Kind::name;
  if (steps.size() == 1 && steps[0].kind == GlobStep::Kind::star && !is_name) return any_name;
  std::string out;
  for (const GlobStep& step : steps) {
    switch (step.kind) {
      case GlobStep::Kind::byte: append_literal(out, step.byte); break;
      case GlobStep::Kind::one: out += characters_regex(sets::all_characters()); break;
      case GlobStep::Kind::set: out += characters_regex(step.characters); break;
      case GlobStep::Kind::star: out += is_name ? ".*" : "[^/]*"; break;
    }
  }
  return out;
}

std::string regex_of(const PathPattern& pattern, const std::string& any_name, const std::string& between, const std::string& below) {
  if (pattern.components.empty()) return "^/$";
  std::string out = "^";
  for (const Component& component : pattern.components) {
    switch (component.kind) {
      case Kind::literal:
      case Kind::glob: out += "/" + component_regex(component, any_name); break;
      case Kind::any: out += between; break;
      case Kind::below: out += below; break;
      case Kind::name:
      case Kind::machine: break;  // no policy has paths like these
    }
  }
  return out + "$";
}

// A name is not empty, and neither `.` nor `..`.
std::string plain_regex_of(const PathPattern& pattern) {
  const std::string name = "([^/.]|\\.[^/.]|\\.\\.[^/])[^/]*";
  return regex_of(pattern, name, "(/" + name + ")*", "(/" + name + ")+");
}

PathTest regex_test(const std::string& regex) {
  PathTest test;
  test.text = "re " + quoted(regex);
  // A `#` after an escaped quote would be taken for a comment.
  const auto quote = test.text.find("\\\"");
  test.fits = test.text.size() <= longest_test && test.text.find(predicate) == std::string::npos &&
              (quote == std::string::npos || test.text.find('#', quote) == std::string::npos);
  return test;
}

// ---- the how-to's forms

/// Bytes that fnmatch, the string syntax and the variables leave alone.
bool is_plain(std::string_view text) {
  return text.find_first_of("*?[\\\"$\n\r") == std::string_view::npos && text.find(predicate) == std::string_view::npos;
}

/// "P" of "P*", when that is all the glob says.
std::optional<std::string> prefix_of_star(const Component& component) {
  if (component.kind != Kind::glob) return std::nullopt;
  const auto steps = sets::glob_steps(component);
  std::string prefix;
  for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
    if (steps[i].kind != GlobStep::Kind::byte) return std::nullopt;
    prefix += steps[i].byte;
  }
  if (prefix.empty() || steps.back().kind != GlobStep::Kind::star || !is_plain(prefix)) return std::nullopt;
  return prefix;
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n') out += "\\n";
    else if (c == '\r') out += "\\r";
    else if (c == '"' || c == '\\') out += {'\\', c};
    else out += c;
  }
  return out + "\"";
}

std::string regex_of(const PathPattern& pattern) { return regex_of(pattern, "[^/]+", "(/.+)?", "/.+"); }

PathTest strict_test(const PathPattern& pattern) { return regex_test(regex_of(pattern)); }

// What refuses a place refuses it in every spelling that it takes.
PathTest socket_test(const PathPattern& pattern, ir::Effect effect) {
  return regex_test(effect == ir::Effect::allow ? plain_regex_of(pattern) : regex_of(pattern));
}

PathTest howto_test(const PathPattern& pattern) {
  if (pattern.is_literal() && is_plain(pattern.literal())) return {"eq " + quoted(pattern.literal()), pattern.literal().size() <= longest_test};
  if (pattern.components.empty()) return strict_test(pattern);
  PathPattern parent = pattern;
  parent.components.pop_back();
  if (!parent.is_literal() || !is_plain(parent.literal())) return strict_test(pattern);
  const std::string directory = parent.components.empty() ? "" : parent.literal();
  const bool fits = directory.size() <= longest_test;
  // `match "/*"` would take "/" too.
  if (pattern.ends_in_below() && directory.empty()) return strict_test(pattern);
  if (pattern.ends_in_below()) return {"match " + quoted(directory + "/*"), fits};
  const auto prefix = prefix_of_star(pattern.components.back());
  return prefix ? PathTest{"match " + quoted(directory + "/" + *prefix + "*"), fits} : strict_test(pattern);
}

PathTest path_test(const PathPattern& pattern, const target::Settings& settings) {
  return options_of(settings).is_howto ? howto_test(pattern) : strict_test(pattern);
}

}  // namespace polc::systrace
