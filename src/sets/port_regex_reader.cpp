// Reads a regex back to numbers. It shares nothing with the generator: a common mistake would agree with itself.
#include <bitset>

#include "sets/port_regex.hpp"

namespace polc::sets {
namespace {

using Digits = std::bitset<10>;
using Word = std::vector<Digits>;  // which digits may stand at each place
using Words = std::vector<Word>;

constexpr std::size_t longest_number = 5;
constexpr std::size_t most_words = 4096;

/// Recursive descent. Every part is kept as the list of words that it stands for; `failed_` ends all.
class Reader {
 public:
  explicit Reader(std::string_view regex) : regex_(regex) {}

  std::optional<Words> run() {
    Words words = alternation(0);
    if (failed_ || at_ != regex_.size()) return std::nullopt;
    return words;
  }

 private:
  static constexpr int deepest_group = 64;

  bool next_is(char c) const { return at_ < regex_.size() && regex_[at_] == c; }
  bool accept(char c) {
    if (!next_is(c)) return false;
    ++at_;
    return true;
  }
  Words fail() {
    failed_ = true;
    return {};
  }

  Words alternation(int depth) {
    Words words = sequence(depth);
    while (!failed_ && accept('|')) {
      const Words more = sequence(depth);
      words.insert(words.end(), more.begin(), more.end());
      if (words.size() > most_words) return fail();
    }
    return words;
  }

  Words sequence(int depth) {
    Words words(1);
    while (!failed_ && at_ < regex_.size() && !next_is('|') && !next_is(')')) words = product(words, repeated(depth));
    return words;
  }

  Words product(const Words& heads, const Words& tails) {
    if (heads.size() * tails.size() > most_words) return fail();
    Words words;
    for (const Word& head : heads) {
      for (const Word& tail : tails) {
        if (head.size() + tail.size() > longest_number) return fail();
        words.push_back(head);
        words.back().insert(words.back().end(), tail.begin(), tail.end());
      }
    }
    return words;
  }

  Words repeated(int depth) {
    Words part = atom(depth);
    while (!failed_) {
      if (accept('?')) part = copies(part, 0, 1);
      else if (accept('{')) part = counted(part);
      else break;
    }
    return part;
  }

  Words copies(const Words& part, unsigned least, unsigned most) {
    Words result, power(1);
    for (unsigned n = 0; n <= most && !failed_; ++n) {
      if (n >= least) result.insert(result.end(), power.begin(), power.end());
      if (n < most) power = product(power, part);
    }
    return result.size() > most_words ? fail() : result;
  }

  Words counted(const Words& part) {
    const auto least = count();
    const auto most = accept(',') ? count() : least;
    if (!least || !most || *most < *least || !accept('}')) return fail();
    return copies(part, *least, *most);
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

  Words atom(int depth) {
    if (accept('(')) {
      if (depth == deepest_group) return fail();
      Words words = alternation(depth + 1);
      return accept(')') ? words : fail();
    }
    if (accept('[')) return digit_class();
    if (accept('.')) return {{Digits().set()}};  // where a port is printed only digits stand
    if (!is_digit(regex_[at_])) return fail();
    return {{Digits().set(digit(regex_[at_++]))}};
  }

  Words digit_class() {
    const bool negated = accept('^');
    Digits digits;
    while (!failed_ && !next_is(']')) {
      if (at_ >= regex_.size() || !is_digit(regex_[at_])) return fail();
      const unsigned low = digit(regex_[at_++]);
      unsigned high = low;
      if (accept('-')) {
        if (at_ >= regex_.size() || !is_digit(regex_[at_])) return fail();
        high = digit(regex_[at_++]);
      }
      if (high < low) return fail();
      for (unsigned d = low; d <= high; ++d) digits.set(d);
    }
    if (!accept(']') || digits.none()) return fail();
    return {{negated ? ~digits : digits}};
  }

  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  static unsigned digit(char c) { return static_cast<unsigned>(c - '0'); }

  std::string_view regex_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

using Ranges = std::vector<Interval<std::uint32_t>>;

/// Appends the numbers that begin with `prefix` and go on as `word` does from `place`.
void append_numbers(const Word& word, std::size_t place, std::uint32_t prefix, Ranges& out) {
  std::uint32_t rest = 1;
  std::size_t free_from = word.size();
  while (free_from > place && word[free_from - 1].all()) --free_from, rest *= 10;
  if (free_from == place) {
    out.push_back({prefix * rest, prefix * rest + rest - 1});
    return;
  }
  for (std::uint32_t d = 0; d < 10; ++d)
    if (word[place].test(d)) append_numbers(word, place + 1, prefix * 10 + d, out);
}

}  // namespace

std::optional<IntervalSet<std::uint32_t>> read_port_regex(std::string_view regex) {
  const auto words = Reader(regex).run();
  if (!words) return std::nullopt;
  Ranges ranges;
  for (const Word& word : *words) {
    if (word.empty() || (word.size() > 1 && word[0].test(0))) return std::nullopt;
    append_numbers(word, 0, 0, ranges);
  }
  return IntervalSet<std::uint32_t>::from(std::move(ranges));
}

}  // namespace polc::sets
