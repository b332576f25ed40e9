#include <algorithm>
#include <array>

#include "plain/model.hpp"
#include "plain/read_fields.hpp"

namespace polc::plain {
namespace {

constexpr std::array<std::string_view, 6> operators{"eq", "ne", "lt",
                                                    "le", "gt", "ge"};  // in the order of sets::Compare
constexpr std::size_t deepest = 128;

/// Reads `and(eq(arg0,2),not(...))` from left to right. After a mistake the rest is not looked at.
class ConditionReader {
 public:
  explicit ConditionReader(std::string_view text) : rest_(text) {}

  ir::Condition condition(std::size_t depth) {
    const std::string name = until("(");
    ir::Condition out;
    expect('(');
    if (depth > deepest) mistake_ = "the condition nests too deep";
    if (name == "and" || name == "or" || name == "not") {
      if (name == "or") out.kind = ir::Condition::Kind::disjunction;
      if (name == "not") out.kind = ir::Condition::Kind::negation;
      while (mistake_.empty() && !rest_.empty() && rest_.front() != ')') {
        if (!out.terms.empty()) expect(',');
        out.terms.push_back(condition(depth + 1));
      }
      if (name == "not" && out.terms.size() != 1) fail("`not` takes one condition");
    } else {
      out.kind = ir::Condition::Kind::test;
      out.test = test(name);
    }
    expect(')');
    return out;
  }

  const std::string& finish() {
    if (!rest_.empty()) fail("unexpected `" + std::string(rest_) + "` behind a condition");
    return mistake_;
  }

 private:
  // arg0:s32&0xf,2
  ir::ArgumentTest test(const std::string& name) {
    ir::ArgumentTest out;
    const auto op = std::find(operators.begin(), operators.end(), name);
    if (op == operators.end()) fail("unknown operator `" + name + "`");
    else out.op = static_cast<sets::Compare>(op - operators.begin());
    const std::string argument = until(":&,");
    if (argument.size() != 4 || argument.substr(0, 3) != "arg" || argument[3] < '0' || argument[3] > '5')
      fail("`" + argument + "` is no argument");
    else out.argument = static_cast<std::uint8_t>(argument[3] - '0');
    if (skip(':')) {
      const std::string type = until("&,");
      if (type != "u64" && type != "s64" && type != "u32" && type != "s32") fail("`" + type + "` is no type");
      out.is_signed = type.substr(0, 1) == "s";
      out.width = type.ends_with("32") ? 32 : 64;
    }
    if (skip('&')) out.mask = number(until(","));
    expect(',');
    out.value = number(until(")"));
    return out;
  }

  std::uint64_t number(const std::string& text) {
    const auto value = number_from(text);
    if (value && *value <= ~std::uint64_t{0}) return static_cast<std::uint64_t>(*value);
    fail("`" + text + "` is no 64-bit number");
    return 0;
  }

  std::string until(std::string_view any_of) {
    const std::size_t end = std::min(rest_.find_first_of(any_of), rest_.size());
    std::string out(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return out;
  }
  bool skip(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!skip(c)) fail(std::string("missing `") + c + "` in a condition");
  }
  void fail(std::string message) {
    if (mistake_.empty()) mistake_ = std::move(message);
  }

  std::string_view rest_;
  std::string mistake_;
};

}  // namespace

tl::expected<ir::Condition, std::string> condition_from(std::string_view text) {
  ConditionReader reader(text);
  ir::Condition condition = reader.condition(0);
  if (const std::string& mistake = reader.finish(); !mistake.empty()) return tl::unexpected(mistake);
  return condition;
}

}  // namespace polc::plain
