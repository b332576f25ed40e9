#include "knowledge/call_arguments.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "support/check.hpp"

namespace polc::knowledge {
namespace {

// Linux 6.18, kernel/fork.c and the architectures' Kconfig. {flags, stack, parent_tid, child_tid, tls} are the table's.
constexpr std::uint8_t clone_forwards[] = {0, 1, 2, 3, 4};
constexpr std::uint8_t clone_backwards[] = {0, 1, 2, 4, 3};   // CLONE_BACKWARDS: tls before child_tid
constexpr std::uint8_t clone_backwards2[] = {1, 0, 2, 3, 4};  // CLONE_BACKWARDS2: stack before flags

std::uint8_t clone_place(Arch arch, unsigned argument) {
  switch (arch) {
    case Arch::x86_64:
    case Arch::x32: return clone_forwards[argument];
    case Arch::s390x: return clone_backwards2[argument];
    case Arch::x86:
    case Arch::aarch64:
    case Arch::arm:
    case Arch::riscv64:
    case Arch::ppc64le:
    case Arch::mips64: break;
  }
  return clone_backwards[argument];
}

/// sys_old_mmap and sys_old_select: one pointer to a struct with all arguments.
bool is_in_memory(Arch arch, std::string_view call) {
  if (call == "mmap") return arch == Arch::x86 || arch == Arch::s390x;
  return call == "select" && arch == Arch::x86;
}

// On x86 and arm the plain names are the calls of before Linux 2.4, with 16-bit ids (kernel/uid16.c).
constexpr std::string_view with_old_ids[] = {
    "chown",    "fchown",    "lchown",    "setfsgid", "setfsuid", "setgid",
    "setregid", "setresgid", "setresuid", "setreuid", "setuid",
};
bool is_old_id(const Call& call, const CallArgument& argument) {
  return !argument.is_pointer && argument.name != "fd" &&
         std::find(std::begin(with_old_ids), std::end(with_old_ids), call.name) != std::end(with_old_ids);
}

/// Registers are given out in order; what is 64 bits wide takes two, on arm an even one and the next.
ArgumentPlace place_in_32_bits(Arch arch, const Call& call, unsigned argument) {
  unsigned next = 0;
  for (unsigned i = 0;; ++i) {
    const CallArgument& each = call.arguments[i];
    if (each.is_wide && arch == Arch::arm) next += next % 2;
    if (i == argument) break;
    next += each.is_wide ? 2 : 1;
  }
  const auto low = static_cast<std::uint8_t>(next);
  const CallArgument& wanted = call.arguments[argument];
  if (wanted.is_wide) return {low, static_cast<std::uint8_t>(low + 1), 64};
  return {low, low, static_cast<std::uint8_t>(is_old_id(call, wanted) ? 16 : 32)};
}

using Contents = std::array<RegisterContent, 6>;

/// Gives each empty register a number that no argument has.
void number_empty(Contents& contents, std::array<bool, 6> is_filled, std::size_t known, RegisterContent::Part part) {
  std::array<bool, 6> is_used{};
  for (std::size_t i = 0; i < std::min(known, is_used.size()); ++i) is_used[i] = true;
  const auto take = [&](std::size_t into, std::size_t number) {
    contents[into] = {static_cast<std::uint8_t>(number), part};
    is_filled[into] = is_used[number] = true;
  };
  for (std::size_t i = 0; i < contents.size(); ++i)
    if (!is_filled[i] && !is_used[i]) take(i, i);
  std::size_t free = 0;
  for (std::size_t i = 0; i < contents.size(); ++i) {
    if (is_filled[i]) continue;
    while (is_used[free]) ++free;
    take(i, free);
  }
}

}  // namespace

bool is_old_id(Arch arch, const Call& call, const CallArgument& argument) {
  return register_bits(arch) == 32 && is_old_id(call, argument);
}

bool has_arguments_in_memory(Arch arch, CallId id) { return is_in_memory(arch, call_of(Os::linux_os, id).name); }

Contents contents_of_registers(Arch arch, CallId id) {
  using Part = RegisterContent::Part;
  Contents contents;
  std::array<bool, 6> is_filled{};
  const Part single = register_bits(arch) == 32 ? Part::low : Part::whole;
  const bool is_seen = !has_arguments_in_memory(arch, id);
  const std::size_t known = is_seen ? call_of(Os::linux_os, id).arguments.size() : 0;
  for (std::uint8_t i = 0; i < known; ++i) {
    const ArgumentPlace place = *place_of(arch, id, i);
    if (place.high >= contents.size()) continue;  // of a call that this architecture lacks
    const bool is_pair = place.low != place.high;
    contents[place.low] = {i, is_pair ? Part::low : single};
    if (is_pair) contents[place.high] = {i, Part::high};
    is_filled[place.low] = is_filled[place.high] = true;
  }
  number_empty(contents, is_filled, known, single);
  return contents;
}

std::optional<ArgumentPlace> place_of(Arch arch, CallId id, unsigned argument) {
  const Call& call = call_of(Os::linux_os, id);
  POLC_CHECK(argument < call.arguments.size(), "the call has this argument");
  if (is_in_memory(arch, call.name)) return std::nullopt;
  const bool is_clone = call.name == "clone";
  if (register_bits(arch) == 32 && !is_clone) return place_in_32_bits(arch, call, argument);
  const auto place = is_clone ? clone_place(arch, argument) : static_cast<std::uint8_t>(argument);
  // A test of a umode_t by name has its 16 bits in its mask already; arg[N] stays the register as it comes.
  const std::uint8_t width =
      register_bits(arch) == 32 ? 32 : std::max<std::uint8_t>(32, call.arguments[argument].width);
  return ArgumentPlace{place, place, width};
}

}  // namespace polc::knowledge
