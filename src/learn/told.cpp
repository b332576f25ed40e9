#include "learn/told.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "format/words.hpp"
#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "learn/record.hpp"
#include "learn/told_access.hpp"

namespace polc::learn {
namespace {

// include/uapi/linux/seccomp.h: what a filter answered. The lower half of an errno is the errno.
struct Action {
  std::uint32_t code;
  std::string_view word;
  bool happened;
};
constexpr std::array<Action, 7> actions{{{0x80000000, "kill", false}, {0x00000000, "kill of the thread", false}, {0x00030000, "trap (SIGSYS)", false},
                                         {0x00050000, "errno", false}, {0x7fc00000, "a supervisor", false}, {0x7ff00000, "a tracer", false},
                                         {0x7ffc0000, "log", true}}};

std::optional<Told> call_told(std::uint32_t number, Arch arch) {
  const auto id = knowledge::call_with(arch, number);
  if (!id) return Told{{}, fmt::format("the call {} of {}, which polc does not know", number, name_of(arch))};
  const std::string_view name = knowledge::call_of(Os::linux_os, *id).name;
  return Told{{fmt::format("syscall {}", name)}, fmt::format("{} ({} on {}), arguments unknown", name, number, name_of(arch))};
}

// A SECCOMP record has no arguments; a SYSCALL record has four, which say little without the memory that they point to.
std::optional<Told> seccomp_told(const Record& record) {
  const auto number = number_of(record.word("syscall"), 10);
  if (!number) return std::nullopt;
  const auto audit = record.has("arch") ? number_of(record.word("arch"), 16) : knowledge::audit_arch(Arch::x86_64);
  const auto arch = audit ? arch_with(*audit, *number) : std::nullopt;
  if (!arch) return Told{{}, fmt::format("the call {} of an architecture that polc does not know ({})", *number, record.word("arch"))};
  auto told = call_told(*number, *arch);
  told->program = record.bytes("exe");
  const auto code = number_of(record.word("code"), 16);
  if (!code) return told;
  told->target = "seccomp";
  for (const Action& action : actions)
    if (action.code == (*code & 0xFFFF0000) || action.code == *code) told->reaction = action.word, told->happened = action.happened;
  if (told->reaction == "errno") told->reaction = fmt::format("errno {}", *code & 0xFFFF);
  told->notes.emplace_back("a SECCOMP record has no arguments: `strace` shows them, or the filter with `log`");
  return told;
}

// `syscall 41`
std::optional<Told> numbered(std::string_view line) {
  constexpr std::string_view word = "syscall ";
  const std::size_t at = line.find(word);
  const auto number = at == 0 ? number_of(line.substr(word.size()), 10) : std::nullopt;
  return number ? call_told(*number, Arch::x86_64) : std::nullopt;
}

}  // namespace

std::optional<Told> told_of(std::string_view line) {
  const Record record(line);
  if (record.has("apparmor")) return apparmor_told(record);
  if (record.has("blockers")) return landlock_told(record);
  if (line.find("avc: ") != line.npos && line.find("denied") != line.npos) return selinux_told(line, record);
  if (record.has("syscall")) return seccomp_told(record);
  return numbered(line);
}

}  // namespace polc::learn
