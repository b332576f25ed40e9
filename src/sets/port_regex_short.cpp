// The shortest regex we know for a set of ports. The blocks of the classic split are words over digit classes; a dynamic
// program over stretches of the list of words tries every way to factor them: apart at some point, a first or last class
// that all share in front of or behind a group, one word that ends early as `(...)?`, digits alone as `[0-9]{m,n}`.
// Costs are characters, counted once as an alternative and once inside a concatenation, so parentheses are exact.
#include <algorithm>
#include <array>
#include <cstdint>

#include "sets/port_regex.hpp"
#include "sets/port_words.hpp"

namespace polc::sets {
namespace {

constexpr unsigned longest_word = 5;
constexpr std::size_t words_at_most = 40;  // factored together; a set of more blocks is factored in pieces
constexpr std::uint16_t unknown = 0xFFFF;

struct Choice {
  enum class How : std::uint8_t { word, digits, letter, split, head, tail, optional };
  How how = How::word;
  std::uint8_t at = 0;  // split: the first word of the second half; optional: the word that is empty
};
struct Cell {
  std::uint16_t alone = unknown;   // as a whole regex, bars in the open
  std::uint16_t inside = unknown;  // next to something else
  Choice choice, choice_inside;
};

class Factoring {
 public:
  explicit Factoring(std::vector<PortWord> words)
      : words_(std::move(words)), cells_(words_.size() * (words_.size() + 1) / 2 * strips) {}

  std::size_t cost() { return solve(0, words_.size(), 0, 0).alone; }
  std::string text() {
    std::string out;
    write(0, words_.size(), 0, 0, false, out);
    return out;
  }

 private:
  static constexpr std::size_t strips = (longest_word + 1) * (longest_word + 2) / 2;  // head + tail <= longest_word

  Cell& cell(std::size_t from, std::size_t to, unsigned head, unsigned tail) {
    const std::size_t stretch = to * (to - 1) / 2 + from;  // from < to
    const std::size_t stripped = head + tail;
    return cells_[stretch * strips + stripped * (stripped + 1) / 2 + head];
  }
  unsigned left(std::size_t i, unsigned head, unsigned tail) const { return words_[i].size - head - tail; }

  // A group of several alternatives needs parentheses next to anything.
  static void offer(Cell& cell, std::size_t alone, std::size_t inside, Choice choice) {
    if (alone < cell.alone) cell.alone = static_cast<std::uint16_t>(alone), cell.choice = choice;
    if (inside < cell.inside) cell.inside = static_cast<std::uint16_t>(inside), cell.choice_inside = choice;
  }

  const Cell& solve(std::size_t from, std::size_t to, unsigned head, unsigned tail) {
    Cell& here = cell(from, to, head, tail);
    if (here.alone == unknown) fill(here, from, to, head, tail);
    return here;
  }

  void fill(Cell& here, std::size_t from, std::size_t to, unsigned head, unsigned tail) {
    if (to - from == 1) {
      const std::size_t length = word_length(words_[from], head, tail);
      return offer(here, length, length, {Choice::How::word, 0});
    }
    unsigned shortest = longest_word, longest = 0;
    std::size_t empty = to, empties = 0;
    for (std::size_t i = from; i < to; ++i) {
      const unsigned size = left(i, head, tail);
      shortest = std::min(shortest, size), longest = std::max(longest, size);
      if (size == 0) empty = i, ++empties;
    }
    if (empties > 0) {
      // Only the first or the last of the stretch can be left out of it.
      if (empties == 1 && (empty == from || empty + 1 == to)) offer_optional(here, from, to, head, tail, empty);
    } else {
      if (longest == 1) offer_letter(here, from, to, head);
      if (same(from, to, head, tail, true)) offer_shared(here, from, to, head, tail, true);
      if (same(from, to, head, tail, false)) offer_shared(here, from, to, head, tail, false);
    }
    if (const std::size_t cost = digits_cost(from, to, head, tail); cost != 0) offer(here, cost, cost, {Choice::How::digits, 0});
    if (empties == 0)
      for (std::size_t at = from + 1; at < to; ++at) {
        const std::size_t cost = solve(from, at, head, tail).alone + std::size_t{1} + solve(at, to, head, tail).alone;
        offer(here, cost, cost + 2, {Choice::How::split, static_cast<std::uint8_t>(at)});
      }
    if (here.alone == unknown) offer(here, unknown - 1, unknown - 1, {});  // not to be said this way
  }

  bool same(std::size_t from, std::size_t to, unsigned head, unsigned tail, bool at_head) const {
    const auto letter = [&](std::size_t i) {
      return at_head ? words_[i].letters[head] : words_[i].letters[words_[i].size - tail - 1];
    };
    for (std::size_t i = from + 1; i < to; ++i)
      if (letter(i) != letter(from)) return false;
    return true;
  }

  void offer_shared(Cell& here, std::size_t from, std::size_t to, unsigned head, unsigned tail, bool at_head) {
    const DigitClass letter = at_head ? words_[from].letters[head] : words_[from].letters[words_[from].size - tail - 1];
    const Cell& rest = solve(from, to, head + (at_head ? 1 : 0), tail + (at_head ? 0 : 1));
    const std::size_t cost = rest.inside + class_length(letter);
    offer(here, cost, cost, {at_head ? Choice::How::head : Choice::How::tail, 0});
  }

  void offer_letter(Cell& here, std::size_t from, std::size_t to, unsigned head) {
    const std::size_t cost = class_length(union_of(from, to, head));
    offer(here, cost, cost, {Choice::How::letter, 0});
  }
  DigitClass union_of(std::size_t from, std::size_t to, unsigned head) const {
    DigitClass all = 0;
    for (std::size_t i = from; i < to; ++i) all = static_cast<DigitClass>(all | words_[i].letters[head]);
    return all;
  }

  // A `?` holds for one class without parentheses, for anything else with them.
  void offer_optional(Cell& here, std::size_t from, std::size_t to, unsigned head, unsigned tail, std::size_t empty) {
    const std::size_t first = empty == from ? from + 1 : from, last = empty == from ? to : to - 1;
    const Cell& rest = solve(first, last, head, tail);
    const std::size_t cost = is_one_class(first, last, head, tail) ? rest.inside + std::size_t{1} : rest.alone + std::size_t{3};
    offer(here, cost, cost, {Choice::How::optional, static_cast<std::uint8_t>(empty)});
  }
  bool is_one_class(std::size_t from, std::size_t to, unsigned head, unsigned tail) const {
    for (std::size_t i = from; i < to; ++i)
      if (left(i, head, tail) != 1) return false;
    return true;
  }

  // Words of any digits whose lengths follow one another: [0-9]{m,n}. 0: they are none.
  std::size_t digits_cost(std::size_t from, std::size_t to, unsigned head, unsigned tail) const {
    unsigned lengths = 0;
    for (std::size_t i = from; i < to; ++i) {
      for (unsigned k = head; k + tail < words_[i].size; ++k)
        if (words_[i].letters[k] != any_digit) return 0;
      lengths |= 1u << left(i, head, tail);
    }
    while (lengths != 0 && (lengths & 1u) == 0) lengths >>= 1;
    return (lengths & (lengths + 1)) == 0 ? digits_text(from, to, head, tail).size() : 0;
  }
  std::string digits_text(std::size_t from, std::size_t to, unsigned head, unsigned tail) const {
    unsigned least = longest_word, most = 0;
    for (std::size_t i = from; i < to; ++i)
      least = std::min(least, left(i, head, tail)), most = std::max(most, left(i, head, tail));
    if (least == most) return repeated(any_digit, least);
    if (least == 0 && most == 1) return class_text(any_digit) + "?";
    return class_text(any_digit) + "{" + std::to_string(least) + "," + std::to_string(most) + "}";
  }

  void write(std::size_t from, std::size_t to, unsigned head, unsigned tail, bool inside, std::string& out) {
    const Cell here = solve(from, to, head, tail);
    const Choice choice = inside ? here.choice_inside : here.choice;
    switch (choice.how) {
      case Choice::How::word: out += word_text(words_[from], head, tail); break;
      case Choice::How::digits: out += digits_text(from, to, head, tail); break;
      case Choice::How::letter: out += class_text(union_of(from, to, head)); break;
      case Choice::How::split:
        if (inside) out += '(';
        write(from, choice.at, head, tail, false, out);
        out += '|';
        write(choice.at, to, head, tail, false, out);
        if (inside) out += ')';
        break;
      case Choice::How::head:
        out += class_text(words_[from].letters[head]);
        write(from, to, head + 1, tail, true, out);
        break;
      case Choice::How::tail:
        write(from, to, head, tail + 1, true, out);
        out += class_text(words_[from].letters[words_[from].size - tail - 1]);
        break;
      case Choice::How::optional: {
        const std::size_t first = choice.at == from ? from + 1 : from, last = choice.at == from ? to : to - 1;
        const bool one = is_one_class(first, last, head, tail);
        if (!one) out += '(';
        write(first, last, head, tail, one, out);
        out += one ? "?" : ")?";
        break;
      }
    }
  }

  std::vector<PortWord> words_;
  std::vector<Cell> cells_;
};

std::string factored(std::vector<PortWord> words) {
  Factoring plain(words);
  std::vector<PortWord> bridged = with_bridges(words);
  if (bridged == words) return plain.text();
  Factoring other(std::move(bridged));
  return other.cost() < plain.cost() ? other.text() : plain.text();
}

// `[0-9]` in front of longer numbers as `0` and `[1-9]`, which may be the first digit of those: 0-9999 is `0|[1-9][0-9]{0,3}`.
std::vector<PortWord> with_zero_apart(std::vector<PortWord> words) {
  constexpr DigitClass zero = 1;
  if (words.size() < 2 || words.front().size != 1 || words.front().letters[0] != any_digit) return words;
  PortWord first = words.front();
  first.letters[0] = zero;
  words.front().letters[0] = any_digit & ~zero;
  words.insert(words.begin(), first);
  return words;
}

// Only neighbours are factored together. In one range numbers are neighbours as they should be; in a set those that begin
// or end alike may be: 80, 8080, 443, 8443 is `(80)?80|8?443`.
std::string shortest(std::vector<PortWord> words, bool is_range) {
  std::string best = factored(words);
  if (const auto apart = with_zero_apart(words); apart != words)
    if (std::string other = factored(apart); other.size() < best.size()) best = std::move(other);
  if (is_range) return best;
  const auto try_order = [&](auto&& before) {
    std::stable_sort(words.begin(), words.end(), before);
    if (std::string other = factored(words); other.size() < best.size()) best = std::move(other);
  };
  try_order([](const PortWord& a, const PortWord& b) { return a.letters < b.letters; });
  try_order([](const PortWord& a, const PortWord& b) {
    return std::lexicographical_compare(a.letters.rend() - a.size, a.letters.rend(), b.letters.rend() - b.size, b.letters.rend());
  });
  return best;
}

}  // namespace

std::string short_port_regex(const PortSet& ports, PortMode mode) {
  const std::vector<PortWord> words = port_words(ports, mode);
  std::string out;
  for (std::size_t at = 0; at < words.size(); at += words_at_most) {
    if (at > 0) out += '|';
    const auto first = words.begin() + static_cast<std::ptrdiff_t>(at);
    out += shortest({first, first + static_cast<std::ptrdiff_t>(std::min(words_at_most, words.size() - at))},
                    ports.intervals().size() == 1);
  }
  return out;
}

}  // namespace polc::sets
