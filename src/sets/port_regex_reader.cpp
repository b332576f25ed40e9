// Reads a regex back to numbers. It shares nothing with the generator: a common mistake would agree with itself.
#include <array>

#include "sets/port_regex.hpp"

namespace polc::sets {
namespace {

constexpr std::size_t longest_number = 5;
constexpr std::size_t most_words = 4096;

using Digits = std::uint16_t;  // bit d: the digit d
constexpr Digits all_digits = 0x3FF;

/// Which digits may stand at each place.
struct Word {
  std::array<Digits, longest_number> places{};
  std::uint8_t size = 0;
};
using Words = std::vector<Word>;

/// Recursive descent over one list. A part puts the words that it stands for at the end of it and the part around it
/// multiplies them into its own; `failed_` ends all.
class Reader {
 public:
  explicit Reader(std::string_view regex) : regex_(regex) {}

  std::optional<Words> run() {
    alternation(0);
    if (failed_ || at_ != regex_.size()) return std::nullopt;
    return std::move(words_);
  }

 private:
  static constexpr int deepest_group = 64;

  bool next_is(char c) const { return at_ < regex_.size() && regex_[at_] == c; }
  bool accept(char c) {
    if (!next_is(c)) return false;
    ++at_;
    return true;
  }
  void fail() { failed_ = true; }

  void alternation(int depth) {
    do sequence(depth);
    while (!failed_ && accept('|'));
  }

  /// Appends the words of one alternative.
  void sequence(int depth) {
    const std::size_t first = words_.size();
    append({});
    while (!failed_ && at_ < regex_.size() && !next_is('|') && !next_is(')')) {
      const std::size_t part = words_.size();
      atom(depth);
      while (!failed_ && repeat(part)) {
      }
      if (!failed_) multiply(first, part);
    }
  }

  void append(const Word& word) {
    if (words_.size() == most_words) return fail();
    words_.push_back(word);
  }

  void extend(Word& head, const Word& tail) {
    if (head.size + tail.size > static_cast<int>(longest_number)) return fail();
    for (std::size_t i = 0; i < tail.size; ++i) head.places[head.size++] = tail.places[i];
  }

  void append_product(Word head, const Word& tail) {
    extend(head, tail);
    if (!failed_) append(head);
  }

  /// The words from `first` up to `part`, each followed by each from `part` on, take the place of both.
  void multiply(std::size_t first, std::size_t part) {
    const std::size_t end = words_.size();
    if (end == part + 1) {  // nearly always: no copies
      for (std::size_t head = first; head < part; ++head) extend(words_[head], words_[part]);
      return words_.pop_back();
    }
    for (std::size_t head = first; head < part && !failed_; ++head)
      for (std::size_t tail = part; tail < end && !failed_; ++tail) append_product(words_[head], Word(words_[tail]));
    words_.erase(words_.begin() + static_cast<std::ptrdiff_t>(first), words_.begin() + static_cast<std::ptrdiff_t>(end));
  }

  /// One `?`, `{n}` or `{m,n}` behind the part.
  bool repeat(std::size_t part) {
    if (accept('?')) return copies(part, 0, 1), true;
    if (!accept('{')) return false;
    const auto least = count();
    const auto most = accept(',') ? count() : least;
    if (!least || !most || *most < *least || !accept('}')) return fail(), true;
    return copies(part, *least, *most), true;
  }

  void copies(std::size_t part, unsigned least, unsigned most) {
    if (words_.size() == part + 1 && least == most && least > 0) {  // [0-9]{3}
      const Word once = words_.back();
      for (unsigned n = 1; n < most && !failed_; ++n) extend(words_.back(), once);
      return;
    }
    const Words once(words_.begin() + static_cast<std::ptrdiff_t>(part), words_.end());
    words_.resize(part);
    Words power(1);
    for (unsigned n = 0; n <= most && !failed_; ++n) {
      if (n >= least)
        for (const Word& word : power) append(word);
      if (n < most) power = powered(power, once);
    }
  }

  Words powered(const Words& power, const Words& once) {
    const std::size_t first = words_.size();
    for (const Word& head : power)
      for (const Word& tail : once)
        if (!failed_) append_product(head, tail);
    Words next(words_.begin() + static_cast<std::ptrdiff_t>(first), words_.end());
    words_.resize(first);
    return next;
  }

  std::optional<unsigned> count() {
    if (at_ >= regex_.size() || !is_digit(regex_[at_])) return std::nullopt;
    unsigned number = 0;
    for (; at_ < regex_.size() && is_digit(regex_[at_]); ++at_) {
      number = number * 10 + digit(regex_[at_]);
      if (number > longest_number) return std::nullopt;
    }
    return number;
  }

  void atom(int depth) {
    if (accept('(')) {
      if (depth == deepest_group) return fail();
      alternation(depth + 1);
      if (!accept(')')) fail();
      return;
    }
    if (accept('[')) return digit_class();
    if (accept('.')) return append_digits(all_digits);  // where a port is printed only digits stand
    if (!is_digit(regex_[at_])) return fail();
    append_digits(bit(digit(regex_[at_++])));
  }

  void append_digits(Digits digits) { append({{digits}, 1}); }

  void digit_class() {
    const bool negated = accept('^');
    Digits digits = 0;
    while (!failed_ && !next_is(']')) {
      if (at_ >= regex_.size() || !is_digit(regex_[at_])) return fail();
      const unsigned low = digit(regex_[at_++]);
      unsigned high = low;
      if (accept('-')) {
        if (at_ >= regex_.size() || !is_digit(regex_[at_])) return fail();
        high = digit(regex_[at_++]);
      }
      if (high < low) return fail();
      for (unsigned d = low; d <= high; ++d) digits |= bit(d);
    }
    if (!accept(']') || digits == 0) return fail();
    append_digits(negated ? static_cast<Digits>(all_digits & ~digits) : digits);
  }

  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  static unsigned digit(char c) { return static_cast<unsigned>(c - '0'); }
  static Digits bit(unsigned d) { return static_cast<Digits>(1u << d); }

  std::string_view regex_;
  std::size_t at_ = 0;
  Words words_;
  bool failed_ = false;
};

using Ranges = std::vector<Interval<std::uint32_t>>;

void append_range(std::uint32_t prefix, std::uint32_t size, Ranges& out) {
  const std::uint32_t low = prefix * size;
  if (!out.empty() && out.back().high + 1 == low) out.back().high += size;
  else out.push_back({low, low + size - 1});
}

/// Appends the numbers that begin with `prefix` and go on as `word` does from `place`.
void append_numbers(const Word& word, std::size_t place, std::uint32_t prefix, Ranges& out) {
  std::uint32_t rest = 1;
  std::size_t free_from = word.size;
  while (free_from > place && word.places[free_from - 1] == all_digits) --free_from, rest *= 10;
  if (free_from == place) return append_range(prefix, rest, out);
  for (std::uint32_t d = 0; d < 10; ++d)
    if ((word.places[place] >> d & 1u) != 0) append_numbers(word, place + 1, prefix * 10 + d, out);
}

}  // namespace

std::optional<IntervalSet<std::uint32_t>> read_port_regex(std::string_view regex) {
  const auto words = Reader(regex).run();
  if (!words) return std::nullopt;
  Ranges ranges;
  for (const Word& word : *words) {
    if (word.size == 0 || (word.size > 1 && (word.places[0] & 1u) != 0)) return std::nullopt;
    append_numbers(word, 0, 0, ranges);
  }
  return IntervalSet<std::uint32_t>::from(std::move(ranges));
}

}  // namespace polc::sets
