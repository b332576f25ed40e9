// Calls by name, and what systrace sees of a few arguments that are no path, address or account. A call is permitted where some
// path, address or mode is with which it is.
#include <algorithm>

#include "ir/conditions.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "systrace/permits.hpp"
#include "target/features.hpp"

namespace polc::systrace::syntax {
namespace {

using sets::Compare;

constexpr std::uint64_t low_half = 0xFFFF'FFFF;

ir::Condition test(std::uint8_t argument, std::uint64_t mask, Compare op, std::uint64_t value) {
  return ir::test_of({argument, mask, op, value});
}

/// A value of an argument with the text that systrace prints for it, or all those that none of the tests can tell apart.
struct Printed {
  std::string text;
  ir::Condition where;
};

struct Numbered {
  std::uint64_t number;
  std::string_view name;
};

/// `NAME(77)` where a rule has it.
void add_numbers(const Expression& condition, std::string_view unknown, std::vector<std::uint64_t>& out) {
  for (const Expression& term : condition.terms) add_numbers(term, unknown, out);
  const std::string begin = std::string(unknown) + "(";
  const std::size_t at = condition.text.find(begin);
  if (at == std::string::npos) return;
  const std::string digits = condition.text.substr(at + begin.size(), condition.text.find(')', at) - at - begin.size());
  if (digits.empty() || digits.size() > 11) return;
  out.push_back(static_cast<std::uint32_t>(std::strtoll(digits.c_str(), nullptr, 10)));
}

std::string unknown_text(std::string_view unknown, std::uint64_t number) {
  return std::string(unknown) + "(" + std::to_string(static_cast<std::int32_t>(number)) + ")";
}

/// The names, the numbers without a name that rules speak of, and one for all the others.
std::vector<Printed> printed(const File& file, std::string_view call, std::span<const Numbered> names, std::string_view unknown,
                             std::uint8_t argument, std::uint64_t mask) {
  std::vector<std::uint64_t> numbers;
  for (const PolicyText& policy : file.policies)
    for (const Rule& rule : policy.rules)
      if (rule.call == call) add_numbers(rule.condition, unknown, numbers);
  std::vector<Printed> result;
  Printed others{"", {}};
  const auto add = [&](std::string text, std::uint64_t number) {
    result.push_back({std::move(text), test(argument, mask, Compare::equal, number)});
    others.where.terms.push_back(test(argument, mask, Compare::not_equal, number));
  };
  for (const Numbered& one : names) {
    add(std::string(one.name), one.number);
    std::erase(numbers, one.number);
  }
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  for (const std::uint64_t number : numbers) add(unknown_text(unknown, number), number);
  constexpr std::uint64_t hardly_used = 0x7FFF'FFF1;
  others.text = unknown_text(unknown, hardly_used);
  result.push_back(std::move(others));
  return result;
}

std::string protection_text(unsigned bits) {
  constexpr std::string_view names[] = {"PROT_READ", "PROT_WRITE", "PROT_EXEC"};
  std::string text;
  for (unsigned i = 0; i < std::size(names); ++i)
    if ((bits >> i) & 1u) text.append(text.empty() ? "" : "|").append(names[i]);
  return text.empty() ? "PROT_NONE" : text;
}

}  // namespace

std::optional<unsigned> Permits::permitting_line(const Events& events) {
  Question question;
  question.error = error_;
  for (std::size_t policy = 0; policy < rules_.policies(); ++policy)
    for (const Event& event : events) {
      std::vector<LayerId> layers;
      rules_.add_layers(policy, event, question, layers);
      for (const LayerId id : layers)
        for (const Layer::Group& group : rules_.layer(id).groups)
          if (!group.permits.empty()) return group.permits.front().line;
    }
  return std::nullopt;
}

void Permits::add_permitted(ir::Box box, const Events& events) {
  if (const auto line = permitting_line(events)) allow(std::move(box), *line);
}

void Permits::calls() {
  const auto tells_arguments = [&](std::string_view call) {
    return std::any_of(file_.policies.begin(), file_.policies.end(), [&](const PolicyText& policy) {
      return std::any_of(policy.rules.begin(), policy.rules.end(), [&](const Rule& rule) { return rule.call == call && names_argument(rule.condition); });
    });
  };
  for (ir::Box& box : target::everything(ir::AccessClass::syscall, os_))
    for (const CallId call : std::get<ir::CallBox>(box).calls) {
      const std::string_view name = knowledge::call_of(os_, call).name;
      if (!rules_.speaks_of(name)) continue;
      if (name == "open") opens(call);
      else if (name == "socket" && tells_arguments(name)) sockets(call);
      else if ((name == "mmap" || name == "mprotect") && tells_arguments(name)) protections(call);
      else add_permitted(ir::CallBox{{call}, {}}, {call_event(name, rules_.dialect().year)});
    }
}

void Permits::opens(CallId call) {
  for (const OpenKind& kind : open_kinds(rules_.dialect())) {
    ir::Condition any{ir::Condition::Kind::disjunction, {}, {}};
    for (const std::uint64_t value : kind.values) any.terms.push_back(test(1, kind.mask, Compare::equal, value));
    ir::CallBox box{{call}, {}};
    box.where.terms = {std::move(any)};
    add_permitted(std::move(box), kind.events);
  }
}

// What print_sockdom and print_socktype of intercept-translate.c have names for. OpenBSD had no flags in the type before its last
// releases with systrace.
void Permits::sockets(CallId call) {
  constexpr Numbered domains[] = {{1, "AF_UNIX"}, {2, "AF_INET"}, {3, "AF_IMPLINK"}, {6, "AF_NS"}, {7, "AF_ISO"}, {23, "AF_IPX"}, {24, "AF_INET6"}};
  constexpr Numbered types[] = {{1, "SOCK_STREAM"}, {2, "SOCK_DGRAM"}, {3, "SOCK_RAW"}, {4, "SOCK_RDM"}, {5, "SOCK_SEQPACKET"}};
  const std::uint64_t flags = knowledge::find_constant(os_, "SOCK_CLOEXEC").value_or(0) | knowledge::find_constant(os_, "SOCK_NONBLOCK").value_or(0);
  const auto kinds = printed(file_, "socket", types, "SOCK_UNKNOWN", 1, low_half & ~flags);
  for (const Printed& domain : printed(file_, "socket", domains, "AF_UNKNOWN", 0, low_half))
    for (const Printed& type : kinds) {
      ir::CallBox box{{call}, {}};
      box.where.terms = {domain.where, type.where};
      add_permitted(std::move(box), {{"socket", {{"sockdom", domain.text}, {"socktype", type.text}}}});
    }
}

// Other bits are printed behind these; no rule of polc's speaks of them.
void Permits::protections(CallId call) {
  constexpr std::uint64_t known = 7;
  const std::string name(knowledge::call_of(os_, call).name);
  for (unsigned bits = 0; bits <= known; ++bits) {
    ir::CallBox box{{call}, {}};
    box.where.terms = {test(2, low_half, Compare::equal, bits)};
    add_permitted(std::move(box), {{name, {{"prot", protection_text(bits)}}}});
  }
  ir::CallBox others{{call}, {}};
  others.where.terms = {test(2, low_half & ~known, Compare::not_equal, 0)};
  add_permitted(std::move(others), {{name, {{"prot", "", Argument::Kind::any}}}});
}

// kill has the signal's name, and a program's that is not looked at here; ptrace has nothing.
void Permits::peers() {
  add_permitted(ir::PeerBox{ir::PeerKind::ptrace, ir::ptrace_read | ir::ptrace_trace, true, {}}, {{"ptrace", {}}});
  std::uint64_t unnamed = ~std::uint64_t{0};
  const auto add = [&](std::uint64_t signals, const std::string& name) {
    Event event = call_event("kill", rules_.dialect().year);
    for (Argument& argument : event.arguments)
      if (argument.name == "signame") argument = {"signame", name};
    add_permitted(ir::PeerBox{ir::PeerKind::signal, signals, true, {}}, {event});
  };
  for (const auto& signal : knowledge::signals_of(os_)) {
    if (signal.value >= 64) continue;
    unnamed &= ~(std::uint64_t{1} << signal.value);
    add(std::uint64_t{1} << signal.value, "SIG" + in_capitals(signal.name));
  }
  add(unnamed, "<unknown>");
}

}  // namespace polc::systrace::syntax
