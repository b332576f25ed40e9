#include "apparmor/read_pattern.hpp"

#include <fmt/format.h>

#include <deque>

namespace polc::apparmor {

/// Builds the automaton while it reads, from left to right.
class PatternParser {
 public:
  PatternParser(std::string_view text, bool is_path) : text_(text), is_path_(is_path) {}

  tl::expected<Pattern, std::string> run() {
    if (text_.empty()) return tl::unexpected(std::string("a pattern is empty"));
    pattern_.start_ = add();
    const std::uint32_t end = sequence(pattern_.start_, 0);
    if (error_.empty() && at_ < text_.size()) error_ = fmt::format("`{}` is unbalanced", text_[at_]);
    if (!error_.empty()) return tl::unexpected(error_);
    pattern_.end_ = end;
    pattern_.is_exact_ = !wild_;
    return std::move(pattern_);
  }

 private:
  using Bytes = Pattern::Bytes;
  static constexpr int deepest = 50;

  std::uint32_t add() {
    pattern_.states_.emplace_back();
    return static_cast<std::uint32_t>(pattern_.states_.size() - 1);
  }
  Pattern::State& state(std::uint32_t i) { return pattern_.states_[i]; }

  std::uint32_t step(std::uint32_t from, const Bytes& bytes) {
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
  bool at_end() const { return at_ >= text_.size(); }

  /// Up to the end, or to a `,` or `}` of the group that it stands in.
  std::uint32_t sequence(std::uint32_t from, int depth) {
    std::uint32_t here = from;
    while (!at_end() && error_.empty()) {
      const char c = text_[at_];
      if (depth > 0 && (c == ',' || c == '}')) break;
      if (c == '}') break;
      if (c == '{') here = group(here, depth + 1);
      else if (c == '*') here = stars(here);
      else if (c == '?') ++at_, wild_ = true, here = step(here, all_but("/"));
      else if (c == '[') here = set(here);
      else if (c == '@' && at_ + 1 < text_.size() && text_[at_ + 1] == '{') error_ = "variables are not known here";
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
      else if (text_[at_] == '}') break;
    }
    if (error_.empty() && terms < 2) error_ = "an alternation of one";
    ++at_;
    return to;
  }

  std::uint32_t stars(std::uint32_t from) {
    wild_ = true;
    const bool behind_slash = at_ > 0 && text_[at_ - 1] == '/';
    std::size_t count = 0;
    while (!at_end() && text_[at_] == '*') ++at_, ++count;
    const bool whole = behind_slash && (at_end() || text_[at_] == '/');
    const std::uint32_t here = whole ? step(from, all_but("/")) : from;
    return loop(here, count > 1 ? all_but("") : all_but("/"));
  }

  std::uint32_t set(std::uint32_t from) {
    wild_ = true;
    ++at_;
    const bool negated = !at_end() && text_[at_] == '^';
    if (negated) ++at_;
    Bytes bytes;
    while (!at_end() && text_[at_] != ']' && error_.empty()) {
      const unsigned low = byte();
      unsigned high = low;
      if (at_ + 1 < text_.size() && text_[at_] == '-' && text_[at_ + 1] != ']') {
        ++at_;
        high = byte();
      }
      for (unsigned b = low; b <= high; ++b) bytes.set(b);
    }
    if (at_end()) error_ = "a class has no end";
    ++at_;
    if (negated) bytes = ~bytes & all_but("");
    return step(from, bytes);
  }

  /// One byte, with its escape taken off.
  unsigned byte() {
    const char c = text_[at_++];
    if (c != '\\') return static_cast<unsigned char>(c);
    if (at_end()) {
      error_ = "a backslash at the end";
      return 0;
    }
    const auto is_octal = [&](std::size_t i) { return i < text_.size() && text_[i] >= '0' && text_[i] <= '7'; };
    if (!is_octal(at_)) return static_cast<unsigned char>(text_[at_++]);
    unsigned value = 0;
    for (int i = 0; i < 3 && is_octal(at_); ++i) value = value * 8 + static_cast<unsigned>(text_[at_++] - '0');
    if (value == 0 || value > 255) error_ = "an octal escape is no byte";
    return value & 255u;
  }

  std::uint32_t literal(std::uint32_t from) {
    const unsigned value = byte();
    if (is_path_ && !wild_ && value == '/' && !pattern_.prefix_.empty() && pattern_.prefix_.back() == '/')
      return from;  // `//` is `/`
    if (!wild_) pattern_.prefix_ += static_cast<char>(value);
    Bytes bytes;
    bytes.set(value);
    return step(from, bytes);
  }

  std::string_view text_;
  bool is_path_;
  std::size_t at_ = 0;
  bool wild_ = false;  // something other than a literal came by
  std::string error_;
  Pattern pattern_;
};

tl::expected<Pattern, std::string> Pattern::parse(std::string_view text, bool is_path) {
  return PatternParser(text, is_path).run();
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

// Breadth first: the shortest match.
std::string Pattern::sample() const {
  std::vector<int> from(states_.size(), -2);
  std::vector<char> by(states_.size(), 0);
  std::deque<std::uint32_t> queue{start_};
  from[start_] = -1;
  while (!queue.empty() && from[end_] == -2) {
    const std::uint32_t here = queue.front();
    queue.pop_front();
    const State& state = states_[here];
    for (const std::uint32_t next : state.free)
      if (from[next] == -2) from[next] = static_cast<int>(here), by[next] = 0, queue.push_front(next);
    if (state.bytes.none() || from[state.next] != -2) continue;
    unsigned byte = state.bytes['x'] ? 'x' : 1;
    while (!state.bytes[byte]) ++byte;
    from[state.next] = static_cast<int>(here), by[state.next] = static_cast<char>(byte), queue.push_back(state.next);
  }
  std::string out;
  for (int at = static_cast<int>(end_); at >= 0; at = from[static_cast<std::size_t>(at)])
    if (by[static_cast<std::size_t>(at)] != 0) out.insert(out.begin(), by[static_cast<std::size_t>(at)]);
  return out;
}

}  // namespace polc::apparmor
