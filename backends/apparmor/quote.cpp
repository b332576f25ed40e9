// Text for apparmor_parser. Its reader of paths has many traps (README.md, "Quoting"), so nothing but letters, digits
// and ./_- is ever written as it stands: every other byte is \ooo, which the parser takes as that byte and nothing
// else.
#include <fmt/format.h>

#include <algorithm>

#include "apparmor/model.hpp"
#include "sets/glob.hpp"
#include "sets/glob_automaton.hpp"

namespace polc::apparmor {
namespace {

using sets::Component;
using sets::GlobAutomaton;
using sets::GlobStep;
using sets::PathPattern;

bool is_letter_or_digit(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string octal(unsigned char c) { return fmt::format("\\{:03o}", c); }

std::string byte_text(unsigned char c) {
  const bool plain = is_letter_or_digit(c) || c == '.' || c == '/' || c == '_' || c == '-';
  return plain ? std::string(1, static_cast<char>(c)) : octal(c);
}

// An end of a class: punctuation there would be read as part of the class.
bool may_end_a_range(unsigned char c) { return c < 0x20 || c > 0x7E || is_letter_or_digit(c) || c == '.'; }

/// The bytes low..high as alternatives of one byte each: classes, and bytes that cannot end a class.
void add_range(unsigned low, unsigned high, std::vector<std::string>& out) {
  const auto text = [](unsigned c) {
    return is_letter_or_digit(static_cast<unsigned char>(c)) || c == '.' ? std::string(1, static_cast<char>(c))
                                                                         : octal(static_cast<unsigned char>(c));
  };
  while (low <= high && !may_end_a_range(static_cast<unsigned char>(low)))
    out.push_back(byte_text(static_cast<unsigned char>(low++)));
  std::vector<std::string> after;
  while (low < high && !may_end_a_range(static_cast<unsigned char>(high)))
    after.push_back(byte_text(static_cast<unsigned char>(high--)));
  if (low == high) out.push_back(byte_text(static_cast<unsigned char>(low)));
  if (low < high) out.push_back(fmt::format("[{}-{}]", text(low), text(high)));
  out.insert(out.end(), after.rbegin(), after.rend());
}

std::string alternation(const std::vector<std::string>& terms) {
  return terms.size() == 1 ? terms.front() : fmt::format("{{{}}}", fmt::join(terms, ","));
}

std::string range_text(unsigned low, unsigned high) {
  std::vector<std::string> terms;
  add_range(low, high, terms);
  return alternation(terms);
}

void add_sequences(const GlobAutomaton& automaton, std::uint32_t state, const std::string& before,
                   std::vector<std::string>& out) {
  for (const auto& edge : automaton.edges_from(state)) {
    if (automaton.accepts(edge.target) && before.empty()) add_range(edge.low, edge.high, out);
    else if (automaton.accepts(edge.target)) out.push_back(before + range_text(edge.low, edge.high));
    else add_sequences(automaton, edge.target, before + range_text(edge.low, edge.high), out);
  }
}

/// One character of UTF-8, spelled out as bytes: the parser's own `?` and `[...]` take one byte.
std::string character_text(const GlobStep& step) {
  const GlobAutomaton automaton({step});
  std::vector<std::string> sequences;
  add_sequences(automaton, GlobAutomaton::start, "", sequences);
  return alternation(sequences);
}

std::string steps_text(const Component& component) {
  std::string out;
  for (const GlobStep& step : sets::glob_steps(component)) {
    switch (step.kind) {
      case GlobStep::Kind::byte: out += byte_text(static_cast<unsigned char>(step.byte)); break;
      case GlobStep::Kind::one:
      case GlobStep::Kind::set: out += character_text(step); break;
      case GlobStep::Kind::star: out += '*'; break;
    }
  }
  return out;
}

class PathWriter {
 public:
  explicit PathWriter(const PathPattern& place) : components_(place.components) {}

  /// Everything but a last `below`. `before_brace`: the caller goes on with a brace.
  std::string& body(bool before_brace) {
    const std::size_t count = components_.size() - (ends_in_below() ? 1 : 0);
    for (std::size_t i = 0; i < count; ++i) {
      const Component& component = components_[i];
      if (component.kind == Component::Kind::any) {
        text_ += after_any_ ? "{,**/}" : "/{,**/}";
        after_any_ = true;
        continue;
      }
      if (!after_any_) text_ += '/';
      if (component.kind == Component::Kind::literal) text_ += quoted_bytes(component.text);
      else if (component.text == "*") text_ += star(i + 1 == components_.size() && before_brace);
      else text_ += steps_text(component);
      after_any_ = false;
    }
    return text_;
  }
  bool ends_in_below() const { return !components_.empty() && components_.back().kind == Component::Kind::below; }
  bool after_any() const { return after_any_; }

 private:
  // The parser gives a star at least one byte only where `/` is before it and `/` or the end behind it; otherwise it
  // may match nothing, and the rule would hold for the directory too. `?*` says it without that trap.
  std::string star(bool before_brace) const { return after_any_ || before_brace ? "?*" : "*"; }

  const std::vector<Component>& components_;
  std::string text_;
  bool after_any_ = false;  // the text ends in {,**/}, which brings its slash
};

std::string below_text(PathWriter& writer, FileTypes types) {
  std::string text = writer.body(false);
  if (!writer.after_any()) text += '/';
  if (types == other_types) return text + "**[^/]";
  if (types == dir_type) return text + "**/";
  return text + (writer.after_any() ? "?**" : "**");
}

bool is_root(const PathPattern& place) { return place.components.empty(); }

}  // namespace

std::string quoted_bytes(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) out += byte_text(static_cast<unsigned char>(c));
  return out;
}

std::string quoted(std::string_view bytes) { return '"' + quoted_bytes(bytes) + '"'; }

std::string path_text(const PathPattern& place, FileTypes types) {
  if (is_root(place)) return "/";  // a directory whose name is nothing but its slash
  PathWriter writer(place);
  if (writer.ends_in_below()) return below_text(writer, types);
  const bool both = types != dir_type && types != other_types;
  return writer.body(both) + (both ? "{,/}" : types == dir_type ? "/" : "");
}

std::vector<std::string> path_texts(const std::vector<PathPattern>& places, FileTypes types) {
  std::vector<std::string> texts;
  const bool both = types != dir_type && types != other_types;
  for (const PathPattern& place : places) {
    if (both && place.ends_in_below()) {
      PathPattern top = place;
      top.components.pop_back();
      if (std::binary_search(places.begin(), places.end(), top)) continue;  // said together with its top
    }
    if (!both || place.ends_in_below() || !std::binary_search(places.begin(), places.end(), place.with_below())) {
      texts.push_back(path_text(place, types));
      continue;
    }
    PathWriter writer(place);
    texts.push_back(is_root(place) ? "/{,**}" : writer.body(true) + "{,/,/**}");
  }
  return texts;
}

}  // namespace polc::apparmor
