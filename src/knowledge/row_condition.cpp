#include "knowledge/row_condition.hpp"

#include <algorithm>
#include <charconv>

#include "knowledge/call_arguments.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "support/check.hpp"

namespace polc::knowledge {
namespace {

using Ranges = std::vector<Range>;

class Parser {
 public:
  Parser(std::string_view text, Os os, Arch arch, const Call& call, std::span<const Parameter> parameters)
      : text_(text), os_(os), arch_(arch), call_(call), parameters_(parameters) {}

  Condition run() {
    Condition condition = text_.empty() ? Condition{} : disjunction();
    POLC_CHECK(at_ == text_.size(), "a row's condition is read to its end");
    return condition;
  }

 private:
  Condition disjunction() {
    return joined(Condition::Kind::disjunction, "or", [&] { return joined(Condition::Kind::conjunction, "and", [&] { return comparison(); }); });
  }

  template <class Term>
  Condition joined(Condition::Kind kind, std::string_view word, Term term) {
    Condition first = term();
    if (!takes(word)) return first;
    Condition all;
    all.kind = kind;
    all.terms.push_back(std::move(first));
    do all.terms.push_back(term());
    while (takes(word));
    return simplified(std::move(all));
  }

  static bool is_always(const Condition& condition) { return condition.kind == Condition::Kind::conjunction && condition.terms.empty(); }

  // What always holds adds nothing to `and`, and is all that there is to say with `or`.
  static Condition simplified(Condition all) {
    if (all.kind == Condition::Kind::conjunction) std::erase_if(all.terms, is_always);
    else if (std::any_of(all.terms.begin(), all.terms.end(), is_always)) return {};
    return all.terms.size() == 1 ? Condition(all.terms.front()) : all;
  }

  Condition comparison() {
    const auto argument = find_argument(call_, word());
    POLC_CHECK(argument, "a row's condition names an argument of its call");
    const CallArgument& about = call_.arguments[*argument];
    ArgumentTest test;
    test.argument = static_cast<std::uint8_t>(*argument);
    test.width = std::max<std::uint8_t>(32, about.width);
    test.is_signed = about.is_signed;
    if (takes("&")) test.mask = bits();
    if (about.width == 16 || has_old_ids(about)) test.mask &= 0xFFFF;  // the kernel takes the other bits away
    if (takes("in")) return one_of(test, sayable(set(), about));
    if (takes("==")) return one_of(test, sayable(values(), about));
    if (takes("!=")) {
      test.op = Compare::not_equal;
    } else {
      POLC_CHECK(takes(">"), "a row's condition compares");
      test.op = Compare::greater;
    }
    return with_value(test, bits_or_minus_one());
  }

  // ---- x86's and arm's first calls for accounts, whose ids have 16 bits

  bool has_old_ids(const CallArgument& argument) const { return os_ == Os::linux_os && is_old_id(arch_, call_, argument); }
  /// There 0xffff is what 0xffffffff is elsewhere: it changes nothing. Greater ids cannot be named.
  Ranges sayable(Ranges ranges, const CallArgument& argument) const {
    constexpr std::uint64_t keep = 0xFFFF;
    if (!has_old_ids(argument)) return ranges;
    Ranges said;
    for (const Range& range : ranges) {
      if (range.low < keep) said.push_back({range.low, std::min(range.high, keep - 1)});
      if (range.high == 0xFFFF'FFFF) said.push_back({keep, keep});
    }
    return said;
  }

  // As conditions of a policy are: the low half of a 32-bit argument counts, and a signed one is kept as the number it is.
  static Condition with_value(ArgumentTest test, std::uint64_t value) {
    const auto low = static_cast<std::uint32_t>(value);
    if (test.width == 32) value = test.is_signed ? static_cast<std::uint64_t>(static_cast<std::int32_t>(low)) : low;
    test.value = value;
    return {Condition::Kind::test, test, {}};
  }

  static Condition one_of(ArgumentTest test, const Ranges& ranges) {
    const auto is_all = [](const Range& range) { return range.low == 0 && range.high >= 0xFFFF'FFFF; };
    if (std::any_of(ranges.begin(), ranges.end(), is_all)) return {};
    const bool keeps_nothing = test.width == 32 ? static_cast<std::uint32_t>(test.mask) == 0 : test.mask == 0;
    if (keeps_nothing && ranges.size() == 1 && ranges.front() == Range{}) return {};
    Condition any;
    any.kind = Condition::Kind::disjunction;
    for (const Range& range : ranges) any.terms.push_back(within(test, range));
    return any.terms.size() == 1 ? Condition(any.terms.front()) : any;
  }
  static Condition within(ArgumentTest test, const Range& range) {
    if (range.low == range.high) return with_value(test, range.low);
    Condition both;
    test.op = Compare::greater_equal;
    both.terms.push_back(with_value(test, range.low));
    test.op = Compare::less_equal;
    both.terms.push_back(with_value(test, range.high));
    return both;
  }

  Ranges set() {
    Ranges all;
    POLC_CHECK(takes("{"), "a row's set begins with a brace");
    do {
      const Ranges more = values();
      all.insert(all.end(), more.begin(), more.end());
    } while (takes(","));
    POLC_CHECK(takes("}"), "a row's set ends");
    return all;
  }

  /// A parameter alone may be many.
  Ranges values() {
    skip_spaces();
    if (at_ < text_.size() && text_[at_] == '$') {
      const std::size_t before = at_;
      const Ranges& of = parameter(word()).values;
      if (!takes("|")) return of;
      at_ = before;
    }
    const std::uint64_t value = bits_or_minus_one();
    return {{value, value}};
  }

  std::uint64_t bits_or_minus_one() { return takes("-1") ? ~std::uint64_t{0} : bits(); }

  /// A | B, or one of them with ~ before it, which needs parentheses around more.
  std::uint64_t bits() {
    std::uint64_t all = operand();
    while (takes("|")) all |= operand();
    return all;
  }
  std::uint64_t operand() {
    if (takes("~")) return ~operand();
    if (takes("(")) {
      const std::uint64_t inner = bits();
      POLC_CHECK(takes(")"), "a row's parenthesis is closed");
      return inner;
    }
    return value_of(word());
  }

  std::uint64_t value_of(std::string_view name) const {
    if (name.front() == '$') {
      const Ranges& of = parameter(name).values;
      POLC_CHECK(of.size() == 1 && of.front().low == of.front().high, "bits of a parameter are one number");
      return of.front().low;
    }
    if (name.front() >= '0' && name.front() <= '9') return literal(name);
    const auto value = find_constant(os_, arch_, name);
    POLC_CHECK(value, "every constant of a row is known");
    return *value;
  }

  static std::uint64_t literal(std::string_view text) {
    const bool is_hex = text.substr(0, 2) == "0x";
    const std::string_view digits = text.substr(is_hex ? 2 : 0);
    std::uint64_t value = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value, is_hex ? 16 : 10);
    POLC_CHECK(result.ec == std::errc() && result.ptr == digits.data() + digits.size(), "a row's number is one");
    return value;
  }

  const Parameter& parameter(std::string_view name) const {
    const auto known = std::find_if(parameters_.begin(), parameters_.end(), [&](const Parameter& p) { return p.name == name; });
    POLC_CHECK(known != parameters_.end(), "every parameter of a row is given");
    return *known;
  }

  // ---- letters

  static bool is_of_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
  }
  void skip_spaces() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  std::string_view word() {
    skip_spaces();
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_of_word(text_[at_])) ++at_;
    POLC_CHECK(at_ > begin, "a row's condition has a word here");
    return text_.substr(begin, at_ - begin);
  }
  bool takes(std::string_view expected) {
    skip_spaces();
    if (text_.substr(at_, expected.size()) != expected) return false;
    const std::size_t end = at_ + expected.size();
    if (is_of_word(expected.back()) && end < text_.size() && is_of_word(text_[end])) return false;
    at_ = end;
    return true;
  }

  std::string_view text_;
  Os os_;
  Arch arch_;
  const Call& call_;
  std::span<const Parameter> parameters_;
  std::size_t at_ = 0;
};

}  // namespace

Condition condition_of(std::string_view text, Os os, Arch arch, CallId call, std::span<const Parameter> parameters) {
  return Parser(text, os, arch, call_of(os, call), parameters).run();
}

}  // namespace polc::knowledge
