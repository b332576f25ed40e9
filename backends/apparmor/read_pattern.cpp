#include "apparmor/read_pattern.hpp"

#include <fmt/format.h>


namespace polc::apparmor {

/// Builds the automaton while it reads, from left to right.
class PatternParser {
 public:
  explicit PatternParser(Symbols symbols) : symbols_(std::move(symbols)) {}

  tl::expected<Pattern, std::string> run() {
    if (symbols_.empty()) return tl::unexpected(std::string("a pattern is empty"));
    pattern_.states_.reserve(symbols_.size() + 8);
    pattern_.start_ = add();
    const std::uint32_t end = sequence(pattern_.start_, 0);
    if (error_.empty() && !at_end()) error_ = fmt::format("`{}` is unbalanced", static_cast<char>(symbols_[at_].byte));
    if (!error_.empty()) return tl::unexpected(error_);
    pattern_.end_ = end;
    pattern_.is_exact_ = !wild_;
    pattern_.is_everything_ = symbols_.size() == 2 && symbols_[0].is('*') && symbols_[1].is('*');
    return std::move(pattern_);
  }

 private:
  using Bytes = Pattern::Bytes;
  static constexpr int deepest = 49;  // MAX_ALT_DEPTH

  std::uint32_t add() {
    pattern_.states_.emplace_back();
    return static_cast<std::uint32_t>(pattern_.states_.size() - 1);
  }
  Pattern::State& state(std::uint32_t i) { return pattern_.states_[i]; }

  // Names are mostly a byte after the other: a state that says nothing yet takes the next one itself.
  std::uint32_t step(std::uint32_t from, const Bytes& bytes) {
    if (state(from).bytes.none() && state(from).free.empty()) {
      const std::uint32_t to = add();
      state(from).bytes = bytes;
      state(from).next = to;
      return to;
    }
    const std::uint32_t middle = add(), to = add();
    state(from).free.push_back(middle);
    state(middle).bytes = bytes;
    state(middle).next = to;
    return to;
  }
  std::uint32_t loop(std::uint32_t from, const Bytes& bytes) {
    const std::uint32_t middle = add(), to = add();
    state(from).free.push_back(middle);
    state(middle).bytes = bytes;
    state(middle).next = middle;
    state(middle).free.push_back(to);
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
  std::uint32_t sequence(std::uint32_t from, int depth) {
    std::uint32_t here = from;
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

  std::uint32_t group(std::uint32_t from, int depth) {
    wild_ = true;
    const std::uint32_t to = add();
    unsigned terms = 0;
    if (depth > deepest) error_ = "alternations are nested too deeply";
    while (error_.empty()) {
      ++at_;  // { or ,
      const std::uint32_t first = add();
      state(from).free.push_back(first);
      const std::uint32_t last = sequence(first, depth);
      state(last).free.push_back(to);
      ++terms;
      if (at_end()) error_ = "an alternation has no end";
      else if (is_at('}')) break;
    }
    if (error_.empty() && terms < 2) error_ = "an alternation of one";
    ++at_;
    return to;
  }

  std::uint32_t stars(std::uint32_t from) {
    wild_ = true;
    const bool behind_slash = at_ > 0 && symbols_[at_ - 1].is_slash();
    std::size_t count = 0;
    while (is_at('*')) ++at_, ++count;
    const bool whole = behind_slash && (at_end() || symbols_[at_].is_slash());
    const std::uint32_t here = whole ? step(from, all_but("/")) : from;
    return loop(here, count > 1 ? all_but("") : all_but("/"));
  }

  std::uint32_t set(std::uint32_t from) {
    wild_ = true;
    ++at_;
    Bytes bytes;
    error_ = read_class(symbols_, at_, bytes);
    return step(from, bytes);
  }

  std::uint32_t literal(std::uint32_t from) {
    const unsigned char value = symbols_[at_].byte;
    ++at_;
    if (!wild_) pattern_.prefix_ += static_cast<char>(value);
    Bytes bytes;
    bytes.set(value);
    return step(from, bytes);
  }

  const Symbols symbols_;
  std::size_t at_ = 0;
  bool wild_ = false;  // something other than a literal came by
  std::string error_;
  Pattern pattern_;
};

// Inside a class a backslash before `^` or `-` is taken off and says nothing: `[a\-c]` is a range, and `[\^a]` all but a.
std::string read_class(const Symbols& symbols, std::size_t& at, std::bitset<256>& bytes) {
  const auto is_end = [&] { return at < symbols.size() && symbols[at].is(']'); };
  const bool negated = at < symbols.size() && symbols[at].byte == '^';
  if (negated) ++at;
  if (is_end()) return "a class is empty";
  for (; at < symbols.size() && !is_end(); ++at) {
    if (symbols[at].is('*') || symbols[at].is('?')) return "`*` and `?` cannot stand in a class";
    const unsigned low = symbols[at].byte;
    unsigned high = low;
    if (at + 2 < symbols.size() && symbols[at + 1].byte == '-' && !symbols[at + 2].is(']')) high = symbols[at += 2].byte;
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
  return PatternParser(is_path ? with_single_slashes(*symbols) : *symbols).run();
}

sets::Machine Pattern::machine() const {
  sets::Machine machine;
  std::vector<sets::Machine::State> places;
  for (std::size_t i = 0; i < states_.size(); ++i) places.push_back(machine.add_state());
  machine.add_empty(sets::Machine::start, places[start_]);
  machine.accept(places[end_]);
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const State& state = states_[i];
    for (const std::uint32_t next : state.free) machine.add_empty(places[i], places[next]);
    for (unsigned low = 1; low < 256; ++low) {
      if (!state.bytes[low]) continue;
      unsigned high = low;
      while (high < 255 && state.bytes[high + 1]) ++high;
      machine.add_edge(places[i], places[state.next], static_cast<std::uint8_t>(low), static_cast<std::uint8_t>(high));
      low = high;
    }
  }
  return machine;
}

void Pattern::close(std::vector<std::uint32_t>& states, std::vector<bool>& seen) const {
  for (std::size_t i = 0; i < states.size(); ++i)
    for (const std::uint32_t next : states_[states[i]].free)
      if (!seen[next]) {
        seen[next] = true;
        states.push_back(next);
      }
}

bool Pattern::matches(std::string_view name) const {
  if (is_exact_) return name == prefix_;
  if (!name.starts_with(prefix_)) return false;
  std::vector<std::uint32_t> here{start_};
  std::vector<bool> seen(states_.size());
  seen[start_] = true;
  close(here, seen);
  for (const char c : name) {
    std::vector<std::uint32_t> next;
    std::fill(seen.begin(), seen.end(), false);
    for (const std::uint32_t from : here)
      if (const State& state = states_[from]; state.bytes[static_cast<unsigned char>(c)] && !seen[state.next]) {
        seen[state.next] = true;
        next.push_back(state.next);
      }
    if (next.empty()) return false;
    close(next, seen);
    here = std::move(next);
  }
  for (const std::uint32_t state : here)
    if (state == end_) return true;
  return false;
}

}  // namespace polc::apparmor
