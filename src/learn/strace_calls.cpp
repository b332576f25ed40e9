// Calls that are learned by name, some with what their first arguments say.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "format/words.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "learn/learned_arguments.hpp"
#include "learn/strace_state.hpp"

namespace polc::learn {
namespace {

// Allowed and done, or to be asked again.
constexpr std::array<std::string_view, 9> as_good_as_done{"EAGAIN", "ECHILD", "ECONNRESET", "EINPROGRESS", "EINTR", "EPIPE", "ETIMEDOUT", "EWOULDBLOCK", "EALREADY"};

// strace's SOL_TCP is the kernel's IPPROTO_TCP: one number, one name.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> same_numbers{
    {{"SOL_TCP", "IPPROTO_TCP"}, {"SOL_UDP", "IPPROTO_UDP"}, {"SOL_IP", "IPPROTO_IP"}, {"SOL_IPV6", "IPPROTO_IPV6"}, {"SOL_ICMPV6", "IPPROTO_ICMPV6"}, {"SOL_SCTP", "IPPROTO_SCTP"}}};

std::string_view language_name(std::string_view name) {
  for (const auto& [strace, ours] : same_numbers)
    if (name == strace) return ours;
  return name;
}

// `_IOC(_IOC_READ, 0x54, 0x30, 0x4)`: direction, type, number, size (include/uapi/asm-generic/ioctl.h)
std::optional<std::uint64_t> request_number(std::string_view text) {
  constexpr std::string_view begin = "_IOC(";
  if (!text.starts_with(begin) || !text.ends_with(')')) return std::nullopt;
  const StraceArguments parts(text.substr(begin.size(), text.size() - begin.size() - 1));
  const auto type = number_in(parts[1]), number = number_in(parts[2]), size = number_in(parts[3]);
  if (!type || !number || !size) return std::nullopt;
  const std::uint64_t direction = (has_flag(parts[0], "_IOC_READ") ? 2u : 0u) | (has_flag(parts[0], "_IOC_WRITE") ? 1u : 0u);
  return direction << 30 | static_cast<std::uint64_t>(*size) << 16 | static_cast<std::uint64_t>(*type) << 8 | static_cast<std::uint64_t>(*number);
}

/// As the language has it; nullopt: nobody knows the number.
std::optional<std::string> value_text(std::string_view value) {
  value = named(value);
  if (const auto request = request_number(value)) return format::number_text(*request);
  // Of a request that several drivers have strace names each: `SNDCTL_TMR_TIMEBASE or TCGETS`.
  if (const std::size_t either = value.find(" or "); either != value.npos) {
    const auto first = value_text(value.substr(0, either));
    return first ? first : value_text(value.substr(either + 4));
  }
  std::string text;
  while (!value.empty()) {
    const std::size_t bar = std::min(value.find('|'), value.size());
    const std::string_view part = value.substr(0, bar), name = language_name(part);
    value.remove_prefix(std::min(bar + 1, value.size()));
    if (!text.empty()) text += '|';
    if (knowledge::find_constant(Os::linux_os, name)) text += name;
    else if (const auto number = number_in(part)) text += format::number_text(static_cast<std::uint64_t>(*number));
    else return std::nullopt;
  }
  return text.empty() ? std::nullopt : std::optional(text);
}

// The question whether it is a terminal.
bool is_question(const TracedCall& call) { return call.name == "ioctl" && call.outcome.error == "ENOTTY"; }

void tell_learned(TracedCall& call, const LearnedRow& row, const knowledge::Call& known) {
  std::string access;
  for (const int argument : row.arguments) {
    if (argument == no_argument) continue;
    const auto place = static_cast<std::size_t>(argument);
    const auto value = value_text(call.arguments[place]);
    if (!value) return;
    access += fmt::format("{} {} == {}", access.empty() ? "" : " and", known.arguments[place].name, *value);
  }
  if (is_question(call)) call.outcome = {};
  call.tell(fmt::format("syscall {} where{}", call.name, access));
}

}  // namespace

void tell_other_call(TracedCall& call) {
  const auto id = knowledge::find_call(Os::linux_os, call.name);
  if (!id) return;
  const knowledge::Call& known = knowledge::call_of(Os::linux_os, *id);
  const auto row = std::ranges::lower_bound(learned_rows, call.name, {}, &LearnedRow::call);
  if (row != learned_rows.end() && row->call == call.name) return tell_learned(call, *row, known);
  if (call.name == "prlimit64") return call.tell(call.arguments[0] == "0" ? "syscall prlimit64 where pid == 0" : "syscall prlimit64");
  if (call.name == "sendto") return call.tell(call.arguments[4] == "NULL" ? "syscall sendto where dest_addr == 0" : "syscall sendto");
  call.tell(fmt::format("syscall {}", call.name));
}

void tell_call(TracedCall& call) {
  const bool was_told = tell_process_call(call) || tell_memory_call(call) || tell_file_call(call) || tell_descriptor_call(call) || tell_socket_call(call);
  if (!was_told) tell_other_call(call);
}

Outcome outcome_of(std::string_view name, std::string_view result) {
  const std::string_view error = error_of(result);
  if (error.empty() || std::ranges::find(as_good_as_done, error) != as_good_as_done.end()) return {};
  return {Outcome::Kind::failed, std::string(error), std::string(name), ""};
}

}  // namespace polc::learn
