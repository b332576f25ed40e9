#include "apparmor/read_pattern.hpp"

#include <fmt/format.h>

namespace polc::apparmor {

/// Builds the automaton while it reads, from left to right.
class PatternParser {
 public:
  explicit PatternParser(Symbols symbols) : symbols_(std::move(symbols)) {}

  tl::expected<Pattern, std::string> run() {
    if (symbols_.empty()) return tl::unexpected(std::string("a pattern is empty"));
    const State end = sequence(sets::Machine::start, 0);
    if (error_.empty() && !at_end()) error_ = fmt::format("`{}` is unbalanced", static_cast<char>(symbols_[at_].byte));
    if (!error_.empty()) return tl::unexpected(error_);
    pattern_.machine_.accept(end);
    pattern_.is_exact_ = !wild_;
    pattern_.is_everything_ = symbols_.size() == 2 && symbols_[0].is('*') && symbols_[1].is('*');
    return std::move(pattern_);
  }

 private:
  using Bytes = std::bitset<256>;
  using State = sets::Machine::State;
  static constexpr int deepest = 49;  // MAX_ALT_DEPTH

  State add() { return pattern_.machine_.add_state(); }
  void add_empty(State from, State to) { pattern_.machine_.add_empty(from, to); }
  void add_edges(State from, State to, const Bytes& bytes) {
    for (unsigned low = 1; low < 256; ++low) {
      if (!bytes[low]) continue;
      unsigned high = low;
      while (high < 255 && bytes[high + 1]) ++high;
      pattern_.machine_.add_edge(from, to, static_cast<std::uint8_t>(low), static_cast<std::uint8_t>(high));
      low = high;
    }
  }
  State step(State from, const Bytes& bytes) {
    const State to = add();
    add_edges(from, to, bytes);
    return to;
  }
  State loop(State from, const Bytes& bytes) {
    const State middle = add(), to = add();
    add_empty(from, middle);
    add_edges(middle, middle, bytes);
    add_empty(middle, to);
    return to;
  }

  static Bytes all_but(std::string_view excluded) {
    Bytes bytes;
    bytes.set();
    bytes.reset(0);
    for (const char c : excluded) bytes.reset(static_cast<unsigned char>(c));
    return bytes;
  }
  bool at_end() const { return at_ >= symbols_.size(); }
  bool is_at(char c) const { return !at_end() && symbols_[at_].is(c); }

  /// Up to the end, or to a `,` or `}` of the group that it stands in.
  State sequence(State from, int depth) {
    State here = from;
    while (!at_end() && error_.empty() && !is_at('}') && !(depth > 0 && is_at(','))) {
      if (is_at('{')) here = group(here, depth + 1);
      else if (is_at('*')) here = stars(here);
      else if (is_at('?')) ++at_, wild_ = true, here = step(here, all_but("/"));
      else if (is_at('[')) here = set(here);
      else if (is_at(']')) error_ = "`]` is unbalanced";
      else here = literal(here);
    }
    return here;
  }

  State group(State from, int depth) {
    wild_ = true;
    const State to = add();
    unsigned terms = 0;
    if (depth > deepest) error_ = "alternations are nested too deeply";
    while (error_.empty()) {
      ++at_;  // { or ,
      const State first = add();
      add_empty(from, first);
      add_empty(sequence(first, depth), to);
      ++terms;
      if (at_end()) error_ = "an alternation has no end";
      else if (is_at('}')) break;
    }
    if (error_.empty() && terms < 2) error_ = "an alternation of one";
    ++at_;
    return to;
  }

  State stars(State from) {
    wild_ = true;
    const Stars stars = read_stars(symbols_, at_);
    const State here = stars.whole ? step(from, all_but("/")) : from;
    return loop(here, stars.several ? all_but("") : all_but("/"));
  }

  State set(State from) {
    wild_ = true;
    ++at_;
    Bytes bytes;
    error_ = read_class(symbols_, at_, bytes);
    return step(from, bytes);
  }

  State literal(State from) {
    const unsigned char value = symbols_[at_].byte;
    ++at_;
    if (!wild_) pattern_.prefix_ += static_cast<char>(value);
    const State to = add();
    pattern_.machine_.add_edge(from, to, value, value);
    return to;
  }

  const Symbols symbols_;
  std::size_t at_ = 0;
  bool wild_ = false;  // something other than a literal came by
  std::string error_;
  Pattern pattern_;
};

Stars read_stars(const Symbols& symbols, std::size_t& at) {
  const std::size_t begin = at;
  while (at < symbols.size() && symbols[at].is('*')) ++at;
  const bool is_behind_slash = begin > 0 && symbols[begin - 1].is_slash();
  return {at - begin > 1, is_behind_slash && (at == symbols.size() || symbols[at].is_slash())};
}

// Inside a class a backslash before `^` or `-` is taken off and says nothing: `[a\-c]` is a range, and `[\^a]` all but
// a.
std::string read_class(const Symbols& symbols, std::size_t& at, std::bitset<256>& bytes) {
  const auto is_end = [&] { return at < symbols.size() && symbols[at].is(']'); };
  const bool negated = at < symbols.size() && symbols[at].byte == '^';
  if (negated) ++at;
  if (is_end()) return "a class is empty";
  for (; at < symbols.size() && !is_end(); ++at) {
    if (symbols[at].is('*') || symbols[at].is('?')) return "`*` and `?` cannot stand in a class";
    const unsigned low = symbols[at].byte;
    unsigned high = low;
    if (at + 2 < symbols.size() && symbols[at + 1].byte == '-' && !symbols[at + 2].is(']'))
      high = symbols[at += 2].byte;
    if (high < low) return "a range of a class ends before it begins";
    for (unsigned b = low; b <= high; ++b) bytes.set(b);
  }
  if (at >= symbols.size()) return "a class has no end";
  ++at;
  if (negated) bytes.flip(), bytes.reset(0);
  return "";
}

tl::expected<Pattern, std::string> Pattern::parse(std::string_view text, bool is_path) {
  const auto symbols = symbols_of(text);
  if (!symbols) return tl::unexpected(symbols.error());
  return parse(*symbols, is_path);
}

tl::expected<Pattern, std::string> Pattern::parse(const Symbols& symbols, bool is_path) {
  return PatternParser(is_path ? with_single_slashes(symbols) : symbols).run();
}

bool Pattern::matches(std::string_view name) const {
  return is_exact_ ? name == prefix_ : name.starts_with(prefix_) && machine_.matches(name);
}

}  // namespace polc::apparmor
