#include "sets/pattern_scanner.hpp"

#include "sets/utf8.hpp"

namespace polc::sets {
namespace {

using Kind = PatternToken::Kind;
using Code = PatternError::Code;

constexpr std::size_t deepest_nesting = 64;

class Scanner {
 public:
  Scanner(const PatternText& text, PatternFlavour flavour, std::size_t longest) : text_(text), flavour_(flavour), longest_(longest) {}

  tl::expected<std::vector<PatternToken>, PatternError> run() {
    if (text_.bytes.size() > longest_) fail(Code::too_long, longest_, text_.bytes.size() - longest_);
    while (!error_.has_value() && at_ < text_.bytes.size()) scan_one();
    if (!error_.has_value() && !open_.empty()) fail(Code::unclosed_brace, tokens_[open_.back()].offset);
    if (error_.has_value()) return tl::unexpected(*error_);
    return std::move(tokens_);
  }

 private:
  bool is_literal(std::size_t i) const { return i < text_.literal.size() && text_.literal[i]; }
  bool is_special(std::size_t i, char c) const {
    return i < text_.bytes.size() && text_.bytes[i] == c && !is_literal(i);
  }

  void fail(Code code, std::size_t offset, std::size_t length = 1) {
    error_ = PatternError{code, static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(length), {}};
  }

  void add(Kind kind, std::size_t length, GlobStep step = {}) {
    tokens_.push_back(
        {kind, static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(length), std::move(step), false});
    at_ += length;
  }

  void scan_one() {
    const char c = text_.bytes[at_];
    const bool path = flavour_ == PatternFlavour::path;
    if (c == '\0') return fail(Code::nul_byte, at_);
    if (path && c == '/') return add_slash();  // also when escaped: no name can hold one
    if (is_literal(at_)) return add(Kind::step, 1, {GlobStep::Kind::byte, c, {}});
    switch (c) {
      case '*':
        if (path && is_special(at_ + 1, '*')) return add(Kind::double_star, 2);
        return add(Kind::step, 1, {GlobStep::Kind::star, 0, {}});
      case '?': return add(Kind::step, 1, {GlobStep::Kind::one, 0, {}});
      case '[': return add_class();
      case '{': return open_brace();
      case '}': return close_brace();
      case ',':
        if (!open_.empty()) return add(Kind::comma, 1);
        [[fallthrough]];
      default: return add(Kind::step, 1, {GlobStep::Kind::byte, c, {}});
    }
  }

  void add_slash() {
    for (const std::size_t open : open_) tokens_[open].holds_slash = true;
    add(Kind::slash, 1);
  }

  void open_brace() {
    if (open_.size() == deepest_nesting) return fail(Code::too_deep, at_);
    open_.push_back(tokens_.size());
    add(Kind::open_brace, 1);
  }

  void close_brace() {
    if (open_.empty()) return fail(Code::stray_brace, at_);
    open_.pop_back();
    add(Kind::close_brace, 1);
  }

  void add_class() {
    std::size_t i = at_ + 1;
    const bool negated = is_special(i, '!');
    if (negated) ++i;
    std::vector<Interval<std::uint32_t>> ranges;
    for (; !is_special(i, ']');) {
      const auto range = class_range(i);
      if (error_.has_value()) return;
      ranges.push_back(range);
    }
    const NumberSet listed = NumberSet::from(ranges);
    const NumberSet characters = negated ? all_characters() - listed : all_characters() & listed;
    if (ranges.empty() || characters.empty()) return fail(Code::empty_class, at_, i + 1 - at_);
    add_characters(characters, i + 1 - at_);
  }

  /// The member or range at `i`, which moves behind it.
  Interval<std::uint32_t> class_range(std::size_t& i) {
    const std::size_t start = i;
    const auto low = class_member(i);
    if (error_.has_value() || !is_special(i, '-') || i + 1 >= text_.bytes.size() || is_special(i + 1, ']'))
      return {low, low};
    ++i;
    const auto high = class_member(i);
    if (!error_.has_value() && high < low) fail(Code::reversed_class, start, i - start);
    return {low, high};
  }

  std::uint32_t class_member(std::size_t& i) {
    if (i >= text_.bytes.size() || (flavour_ == PatternFlavour::path && text_.bytes[i] == '/')) {
      fail(Code::unclosed_bracket, at_);
      return 0;
    }
    const Utf8Character character = utf8_at(text_.bytes, i);
    if (character.length == 0) fail(Code::bad_utf8, i);
    else if (character.code == 0) fail(Code::nul_byte, i);
    i += character.length;
    return character.code;
  }

  // A class of one character or of all is spelled more simply; so equal components get equal texts more often.
  void add_characters(const NumberSet& characters, std::size_t length) {
    if (characters == all_characters()) return add(Kind::step, length, {GlobStep::Kind::one, 0, {}});
    const auto& first = characters.intervals().front();
    if (characters.intervals().size() > 1 || first.low != first.high)
      return add(Kind::step, length, {GlobStep::Kind::set, 0, characters});
    std::string bytes;
    append_utf8(bytes, first.low);
    const std::size_t start = at_;
    for (const char c : bytes) {
      at_ = start;
      add(Kind::step, length, {GlobStep::Kind::byte, c, {}});
    }
  }

  const PatternText& text_;
  PatternFlavour flavour_;
  std::size_t longest_;
  std::size_t at_ = 0;
  std::vector<PatternToken> tokens_;
  std::vector<std::size_t> open_;  // indices of the open braces, outermost first
  std::optional<PatternError> error_;
};

}  // namespace

tl::expected<std::vector<PatternToken>, PatternError> scan_pattern(const PatternText& text, PatternFlavour flavour, std::size_t longest) {
  return Scanner(text, flavour, longest).run();
}

}  // namespace polc::sets
