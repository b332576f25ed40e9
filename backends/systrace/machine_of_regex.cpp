// From a regular expression to an automaton. An anchor holds at one end of the text only, so the automaton is built four times:
// before and behind the first byte, and before and behind a `$`, behind which no byte may follow.
#include <algorithm>
#include <array>
#include <cctype>

#include "systrace/byte_class.hpp"
#include "systrace/machines.hpp"

namespace polc::systrace::syntax {
namespace {

using sets::Machine;
using State = Machine::State;

constexpr unsigned copies = 4, has_begun = 1, has_ended = 2;
constexpr std::size_t most_states = 4 * Machine::most_states, most_repeats = 255;

/// A place in the expression, in each of the copies.
using Place = std::array<State, copies>;
struct Piece {
  Place begin, end;
};

class RegexMachine {
 public:
  explicit RegexMachine(std::string_view regex) : regex_(regex) {}

  std::optional<Machine> run() {
    const auto whole = alternatives(0);
    if (!whole || at_ != regex_.size()) return std::nullopt;
    // Before the match and behind it may stand anything.
    const State before = machine_.add_state();
    machine_.add_edge(Machine::start, before, 1, 255);
    machine_.add_edge(before, before, 1, 255);
    machine_.add_empty(Machine::start, whole->begin[0]);
    machine_.add_empty(before, whole->begin[has_begun]);
    const State behind = machine_.add_state();
    machine_.add_edge(behind, behind, 1, 255);
    machine_.accept(behind);
    for (unsigned copy = 0; copy < copies; ++copy) {
      machine_.accept(whole->end[copy]);
      if ((copy & has_ended) == 0) machine_.add_edge(whole->end[copy], behind, 1, 255);
    }
    return machine_.size() <= most_states ? std::optional(std::move(machine_)) : std::nullopt;
  }

 private:
  using Part = std::optional<Piece>;
  static constexpr unsigned deepest = 64;

  bool is_at(char c) const { return at_ < regex_.size() && regex_[at_] == c; }

  Place place() {
    Place result;
    for (State& state : result) state = machine_.add_state();
    return result;
  }
  void join(const Place& from, const Place& to) {
    for (unsigned copy = 0; copy < copies; ++copy) machine_.add_empty(from[copy], to[copy]);
  }

  Part alternatives(unsigned depth) {
    if (depth > deepest) return std::nullopt;
    Piece all{place(), place()};
    do {
      const auto one = sequence(depth);
      if (!one) return std::nullopt;
      join(all.begin, one->begin);
      join(one->end, all.end);
    } while (is_at('|') && ++at_ != 0);
    return all;
  }

  Part sequence(unsigned depth) {
    Piece all{place(), {}};
    all.end = all.begin;
    while (at_ < regex_.size() && !is_at('|') && !is_at(')')) {
      const auto one = repeated(depth);
      if (!one || machine_.size() > most_states) return std::nullopt;
      join(all.end, one->begin);
      all.end = one->end;
    }
    return all;
  }

  Part repeated(unsigned depth) {
    const std::size_t begin = at_;
    Part piece = atom(depth);
    while (piece && at_ < regex_.size() && std::string_view("*+?{").find(regex_[at_]) != std::string_view::npos) {
      const std::size_t end = at_;
      const char c = regex_[at_++];
      if (c == '*' || c == '+') join(piece->end, piece->begin);
      if (c == '*' || c == '?') piece = optional_piece(*piece);
      if (c == '{' && !(piece = counted(begin, end, depth))) return std::nullopt;
    }
    return piece;
  }

  Piece optional_piece(const Piece& piece) {
    const Piece result{place(), place()};
    join(result.begin, piece.begin);
    join(piece.end, result.end);
    join(result.begin, result.end);
    return result;
  }

  std::optional<std::size_t> number() {
    std::size_t value = 0;
    const std::size_t begin = at_;
    while (at_ < regex_.size() && std::isdigit(static_cast<unsigned char>(regex_[at_])) != 0 && value <= most_repeats)
      value = value * 10 + static_cast<std::size_t>(regex_[at_++] - '0');
    return begin == at_ || value > most_repeats ? std::nullopt : std::optional(value);
  }

  /// The text from `begin` to `end` again and again; behind its `{`.
  Part counted(std::size_t begin, std::size_t end, unsigned depth) {
    const auto least = number();
    if (!least) return std::nullopt;
    const bool is_range = is_at(',');
    if (is_range) ++at_;
    const bool is_open = is_range && is_at('}');
    const auto most = !is_range ? least : is_open ? std::optional(std::max<std::size_t>(*least, 1)) : number();
    if (!most || *most < *least || !is_at('}')) return std::nullopt;
    const std::size_t behind = ++at_;
    Piece all{place(), {}};
    all.end = all.begin;
    for (std::size_t i = 0; i < *most; ++i) {
      at_ = begin;
      Part one = RegexMachine::until(end, depth);
      if (!one || machine_.size() > most_states) return std::nullopt;
      if (is_open && i + 1 == *most) join(one->end, one->begin);
      if (i >= *least) one = optional_piece(*one);
      join(all.end, one->begin);
      all.end = one->end;
    }
    at_ = behind;
    return all;
  }

  Part until(std::size_t end, unsigned depth) {
    const std::string_view whole = regex_;
    regex_ = regex_.substr(0, end);
    Part one = repeated(depth + 1);
    regex_ = whole;
    return depth > deepest ? std::nullopt : one;
  }

  Part atom(unsigned depth) {
    const char c = regex_[at_];
    if (c == '(') {
      ++at_;
      Part inner = alternatives(depth + 1);
      if (!inner || !is_at(')')) return std::nullopt;
      ++at_;
      return inner;
    }
    if (c == '^' || c == '$') return anchor(c);
    if (std::string_view("*+?{").find(c) != std::string_view::npos) return std::nullopt;
    const auto bytes = one_byte();
    return bytes ? std::optional(byte(*bytes)) : std::nullopt;
  }

  Piece anchor(char c) {
    ++at_;
    const Piece piece{place(), place()};
    for (unsigned copy = 0; copy < copies; ++copy)
      if (c == '$') machine_.add_empty(piece.begin[copy], piece.end[copy | has_ended]);
      else if ((copy & has_begun) == 0) machine_.add_empty(piece.begin[copy], piece.end[copy]);
    return piece;
  }

  Piece byte(const ByteClass& bytes) {
    const Piece piece{place(), place()};
    for (unsigned copy = 0; copy < copies; ++copy)
      if ((copy & has_ended) == 0)
        for (const auto& [low, high] : bytes.ranges()) machine_.add_edge(piece.begin[copy], piece.end[copy | has_begun], low, high);
    return piece;
  }

  std::optional<ByteClass> one_byte() {
    const char c = regex_[at_];
    if (c == '.') return ++at_, ByteClass::all();
    if (c == '[') return bracket(regex_, at_, {.named = true, .escapes = false, .negations = "^"});
    if (c == '\\') {
      // A letter or digit has a meaning of its own to some.
      if (at_ + 1 >= regex_.size() || std::isalnum(static_cast<unsigned char>(regex_[at_ + 1])) != 0 ||
          std::string_view("<>`'").find(regex_[at_ + 1]) != std::string_view::npos)
        return std::nullopt;
      ++at_;
    }
    return ByteClass::of(regex_[at_++]);
  }

  std::string_view regex_;
  std::size_t at_ = 0;
  Machine machine_;
};

}  // namespace

std::optional<Machine> regex_machine(std::string_view regex) { return RegexMachine(regex).run(); }

}  // namespace polc::systrace::syntax
