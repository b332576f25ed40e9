#include "format/condition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "format/raise.hpp"
#include "format/words.hpp"
#include "knowledge/calls.hpp"

namespace polc::format {
namespace {

using Kind = ir::Condition::Kind;
using sets::Compare;

struct Context {
  Os os;
  std::vector<CallId> calls;
};

std::string_view sign_of(Compare op) {
  switch (op) {
    case Compare::equal: return "==";
    case Compare::not_equal: return "!=";
    case Compare::less: return "<";
    case Compare::less_equal: return "<=";
    case Compare::greater: return ">";
    case Compare::greater_equal: return ">=";
  }
  return "==";
}

bool is_by_register(const ir::ArgumentTest& test) { return test.in_register.number != ir::TestedRegister::none; }
unsigned number_of(const ir::ArgumentTest& test) { return is_by_register(test) ? test.in_register.number : test.argument; }

bool is_reserved(std::string_view name) { return name == "and" || name == "or" || name == "not" || name == "in"; }

// A mode of 16 bits is tested as 32 under a mask of 16.
constexpr std::uint64_t mode_bits = 0xFFFF;

bool has_shape_of(const knowledge::CallArgument& argument, const ir::ArgumentTest& test) {
  if (argument.is_signed != test.is_signed) return false;
  return argument.width == 16 ? test.width == 32 && (test.mask & ~mode_bits) == 0 : argument.width == test.width;
}

struct SharedName {
  std::string_view name;
  std::uint8_t width;
};

// The name by which every call takes this argument at this width and sign, if there is one.
std::optional<SharedName> shared_name(const Context& context, const ir::ArgumentTest& test) {
  std::optional<SharedName> shared;
  for (const CallId id : context.calls) {
    const knowledge::Call& call = knowledge::call_of(context.os, id);
    if (test.argument >= call.arguments.size()) return std::nullopt;
    const knowledge::CallArgument& argument = call.arguments[test.argument];
    if (!has_shape_of(argument, test) || is_reserved(argument.name) ||
        (shared && (shared->name != argument.name || shared->width != argument.width)) ||
        knowledge::find_argument(call, argument.name) != test.argument)
      return std::nullopt;
    shared = SharedName{argument.name, argument.width};
  }
  return shared;
}

// Sign-extended values are negative numbers to a reader; anything else stands as it is.
std::string value_text(std::uint64_t value, bool is_signed) {
  constexpr std::uint64_t sign = std::uint64_t{1} << 63;
  if (is_signed && (value & sign) != 0 && value != sign) return fmt::format("-{}", ~value + 1);
  return number_text(value);
}

// An inverted mask is shorter where only a few bits are left out.
std::string mask_text(std::uint64_t mask) {
  if (mask == ~std::uint64_t{0}) return "";
  if (mask >> 63) return fmt::format(" & ~{}", number_text(~mask));
  return fmt::format(" & {}", number_text(mask));
}

std::string named_text(const SharedName& shared, std::uint64_t mask) {
  const bool is_whole = shared.width == 16 && mask == mode_bits;
  return std::string(shared.name) + (is_whole ? "" : mask_text(mask));
}

// By arg[N], which is the raw unsigned register: narrower and signed comparisons are rewritten to it. A signed order is
// the unsigned one within either half of the range, and every negative number comes before the others.
std::string raw_test_text(const ir::ArgumentTest& test) {
  const std::uint64_t cut = test.width == 32 ? 0xFFFF'FFFFu : ~std::uint64_t{0};
  const std::uint64_t sign = std::uint64_t{1} << (test.width - 1);
  const std::uint64_t value = test.value & cut;
  const std::string left = fmt::format("arg[{}]{}", number_of(test), mask_text(test.mask & cut));
  const std::string plain = fmt::format("{} {} {}", left, sign_of(test.op), number_text(value));
  const bool is_order = test.op != Compare::equal && test.op != Compare::not_equal;
  if (!test.is_signed || !is_order) return plain;
  const bool below = test.op == Compare::less || test.op == Compare::less_equal;
  const bool negative = (value & sign) != 0;
  return fmt::format("({} {} {} {} {})", left, below ? ">=" : "<", number_text(sign), below == negative ? "and" : "or",
                     plain);
}

std::string test_text(const Context& context, const ir::ArgumentTest& test) {
  if (is_by_register(test)) return raw_test_text(test);
  const auto name = shared_name(context, test);
  if (!name) return raw_test_text(test);
  return fmt::format("{} {} {}", named_text(*name, test.mask), sign_of(test.op),
                     value_text(test.value, test.is_signed));
}

// `option in { 1, 2 }` for a disjunction that only asks one argument for several values.
std::optional<std::string> membership_text(const Context& context, const ir::Condition& condition) {
  if (condition.terms.size() < 2) return std::nullopt;
  std::vector<std::string> values;
  ir::ArgumentTest shape = condition.terms.front().test;
  for (const ir::Condition& term : condition.terms) {
    shape.value = term.test.value;
    if (term.kind != Kind::test || term.test != shape || shape.op != Compare::equal || shape.value >> 63)
      return std::nullopt;
    values.push_back(number_text(shape.value));
  }
  const auto name = is_by_register(shape) ? std::nullopt : shared_name(context, shape);
  if (!name && shape.width != 64) return std::nullopt;
  const std::string left =
      name ? named_text(*name, shape.mask) : fmt::format("arg[{}]{}", number_of(shape), mask_text(shape.mask));
  return fmt::format("{} in {{ {} }}", left, joined(values));
}

ir::ArgumentTest shaped(const Context& context, ir::ArgumentTest test) {
  return context.calls.empty() ? test : as_argument(context.os, context.calls.front(), test);
}

// An exact set by the products that it is made of, of many the first.
std::string exact_text(const Context& context, const sets::ArgumentSet& exact, bool outermost) {
  constexpr std::size_t most_shown = 6;
  const auto products = exact.space->products(exact.set, most_shown + 1);
  if (products.empty()) return "(arg[0] == 0 and arg[0] != 0)";
  std::vector<std::string> alternatives;
  for (const auto& [masks, values] : products) {
    std::vector<std::string> tests;
    for (std::uint8_t i = 0; i < masks.size(); ++i)
      if (masks[i] != 0) tests.push_back(test_text(context, shaped(context, {i, masks[i], Compare::equal, values[i], 64, false})));
    alternatives.push_back(tests.empty() ? "(arg[0] == 0 or arg[0] != 0)" : joined(tests, " and "));
  }
  if (alternatives.size() > most_shown) alternatives.back() = "...";
  const std::string text = joined(alternatives, " or ");
  return outermost || alternatives.size() == 1 ? text : fmt::format("({})", text);
}

std::string text_of(const Context& context, const ir::Condition& condition, bool outermost) {
  if (condition.kind == Kind::exact) return exact_text(context, condition.exact, outermost);
  if (condition.kind == Kind::test) return test_text(context, condition.test);
  if (condition.kind == Kind::negation) {
    const ir::Condition& term = condition.terms.front();
    const std::string inner = text_of(context, term, false);
    return term.kind == Kind::test || inner.front() != '(' ? fmt::format("not ({})", inner) : "not " + inner;
  }
  const bool is_and = condition.kind == Kind::conjunction;
  if (condition.terms.empty()) return is_and ? "(arg[0] == 0 or arg[0] != 0)" : "(arg[0] == 0 and arg[0] != 0)";
  if (!is_and)
    if (auto membership = membership_text(context, condition)) return *membership;
  if (condition.terms.size() == 1) return text_of(context, condition.terms.front(), outermost);
  std::vector<std::string> terms;
  for (const ir::Condition& term : condition.terms) terms.push_back(text_of(context, term, false));
  const std::string text = joined(terms, is_and ? " and " : " or ");
  return outermost ? text : '(' + text + ')';
}

// Arguments whose values go by names, by the beginnings of those: what else begins so is a value of another argument.
struct NamedArgument {
  std::string_view call, argument;
  std::vector<std::string_view> begins, others;
};
const std::vector<NamedArgument>& named_arguments() {
  static const std::vector<NamedArgument> table{
      {"prctl", "option", {"PR_SET_", "PR_GET_", "PR_CAPBSET_"}, {"PR_SET_MM_", "PR_SET_VMA_ANON_NAME", "PR_SET_PTRACER_ANY"}},
      {"arch_prctl", "code", {"ARCH_SET_", "ARCH_GET_"}, {}},
      {"fcntl", "cmd", {"F_GET", "F_SET", "F_DUPFD"}, {}},
      {"madvise", "advice", {"MADV_"}, {}},
      {"ptrace", "request", {"PTRACE_"}, {"PTRACE_O_", "PTRACE_EVENT_", "PTRACE_SYSCALL_INFO_", "PTRACE_PEEKSIGINFO_"}},
  };
  return table;
}

bool is_same_everywhere(Os os, std::string_view name, std::uint64_t value) {
  for (std::size_t i = 0; i < arch_names.size(); ++i)
    if (knowledge::find_constant(os, static_cast<Arch>(i), name) != value) return false;
  return true;
}

// The one constant of this value that the argument takes; none where the value has several names, or another one elsewhere.
std::optional<std::string_view> constant_of(Os os, const ir::CallPoint& point, const ir::ArgumentTest& test) {
  const knowledge::Call& call = knowledge::call_of(os, point.call);
  if (test.argument >= call.arguments.size() || test.op != Compare::equal || test.mask != ~std::uint64_t{0}) return std::nullopt;
  const std::string_view argument = call.arguments[test.argument].name;
  if (call.name == "ioctl" && argument == "request") {
    const auto name = find_request_name(os, static_cast<std::uint32_t>(test.value));
    return test.value != 0 && name && is_same_everywhere(os, *name, test.value) ? name : std::nullopt;
  }
  const auto row = std::ranges::find_if(named_arguments(), [&](const NamedArgument& one) { return one.call == call.name && one.argument == argument; });
  if (row == named_arguments().end()) return std::nullopt;
  const auto begins = [](const std::vector<std::string_view>& all, std::string_view name) {
    return std::ranges::any_of(all, [&](std::string_view one) { return name.starts_with(one); });
  };
  std::optional<std::string_view> found;
  for (const knowledge::NamedNumber& constant : knowledge::constants_of(os)) {
    if (constant.value != test.value || !begins(row->begins, constant.name) || begins(row->others, constant.name)) continue;
    if (found) return std::nullopt;
    found = constant.name;
  }
  return found && is_same_everywhere(os, *found, test.value) ? found : std::nullopt;
}

}  // namespace

ir::ArgumentTest as_argument(Os os, CallId id, ir::ArgumentTest test) {
  const knowledge::Call& call = knowledge::call_of(os, id);
  if (test.argument >= call.arguments.size() || (test.mask >> 32) != 0) return test;
  const knowledge::CallArgument& argument = call.arguments[test.argument];
  if (argument.width == 64) return test;
  test.width = 32;
  test.is_signed = argument.is_signed;
  if (test.mask == 0xFFFF'FFFFu) test.mask = argument.width == 16 ? test.mask : ~std::uint64_t{0};
  if (test.is_signed) test.value = static_cast<std::uint64_t>(static_cast<std::int32_t>(test.value));
  return test;
}

std::string condition_text(Os os, const std::vector<CallId>& calls, const ir::Condition& condition) {
  return text_of(Context{os, calls}, condition, true);
}

std::vector<ir::ArgumentTest> argument_tests(Os os, const ir::CallPoint& point, std::uint8_t zeros) {
  const knowledge::Call& call = knowledge::call_of(os, point.call);
  std::vector<ir::ArgumentTest> tests;
  for (std::uint8_t i = 0; i < point.arguments.size(); ++i) {
    ir::ArgumentTest test{i, ~std::uint64_t{0}, Compare::equal, point.arguments[i], 64, false};
    if (test.value == 0 && ((zeros >> i & 1) == 0 || i >= call.arguments.size())) continue;
    if (i < call.arguments.size()) {
      const knowledge::CallArgument& argument = call.arguments[i];
      const std::uint64_t high = test.value >> 32;
      const bool fits = argument.width == 64 || (high == 0 && (argument.width != 16 || test.value <= mode_bits)) ||
                        (argument.is_signed && high == 0xFFFF'FFFFu);
      if (fits) {
        test.width = std::max<std::uint8_t>(32, argument.width);
        if (argument.width == 16) test.mask = mode_bits;
        test.is_signed = argument.is_signed;
        if (test.width == 32 && test.is_signed)
          test.value = static_cast<std::uint64_t>(static_cast<std::int32_t>(test.value));
      }
    }
    tests.push_back(test);
  }
  return tests;
}

std::string arguments_text(Os os, const ir::CallPoint& point, std::uint8_t zeros) {
  const Context context{os, {point.call}};
  std::vector<std::string> words;
  for (const ir::ArgumentTest& test : argument_tests(os, point, zeros)) {
    const auto constant = constant_of(os, point, test);
    const auto argument = constant && !is_by_register(test) ? shared_name(context, test) : std::nullopt;
    words.push_back(argument ? fmt::format("{} == {}", argument->name, *constant) : test_text(context, test));
  }
  return joined(words, " and ");
}

}  // namespace polc::format
