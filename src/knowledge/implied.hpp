// What an access needs besides itself, as dated tables: language.md section 1, "Implied accesses".
// A call whose arguments lie in memory (clone3, openat2, io_uring_*) is never implied.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "knowledge/vocabulary.hpp"
#include "support/platform.hpp"

namespace polc::knowledge {

/// (args[argument] & mask) == value, or != value.
struct ArgumentTest {
  std::uint8_t argument = 0;
  std::uint64_t mask = ~std::uint64_t{0};
  bool equal = true;
  std::uint64_t value = 0;
};

/// One call under all of its tests.
struct CallPattern {
  CallId call;
  std::vector<ArgumentTest> tests;
};

/// File verb `of` on an object type brings `also` on the same path, type and owner. Transitive already.
struct ImpliedVerb {
  FileVerb of;
  FileVerb also;
};
std::span<const ImpliedVerb> implied_file_verbs();

// What follows is for one architecture: its calls alone, in its numbers. Without one: all calls that any architecture
// has, in x86_64's numbers.

/// The calls that perform a file access: any one of them under its tests. The same for each OS that has them.
std::vector<CallPattern> calls_for_file(Os os, FileVerb verb, FileType type, std::optional<Arch> arch = {});
std::vector<CallPattern> calls_for_net(Os os, NetVerb verb, Family family, std::optional<Arch> arch = {});
std::vector<CallPattern> calls_for_setuid(Os os, std::optional<Arch> arch = {});
std::vector<CallPattern> calls_for_setgid(Os os, std::optional<Arch> arch = {});
/// By the capability's number: the calls that are of no use without it and do just what it is for (sys_chroot: chroot).
std::vector<CallPattern> calls_for_capability(Os os, std::uint64_t capability, std::optional<Arch> arch = {});
std::vector<CallPattern> calls_for_signal(Os os, std::optional<Arch> arch = {});
std::vector<CallPattern> calls_for_ptrace(Os os, std::optional<Arch> arch = {});

/// socket() for a family and type with exactly this protocol number. SOCK_CLOEXEC and SOCK_NONBLOCK are masked out.
CallPattern socket_call(Os os, Family family, SocketType type, std::uint32_t protocol, std::optional<Arch> arch = {});
/// socket() for a family and type, whatever the protocol.
CallPattern socket_call(Os os, Family family, SocketType type, std::optional<Arch> arch = {});
/// socket() for every family.
CallPattern socket_call(Os os, std::optional<Arch> arch = {});

/// The verbs that are only names for calls: class "fork", "thread", "socketpair" (member ""), "memory" (write_exec,
/// exec_anonymous), "namespace" (user, mount, pid, net, ipc, uts, cgroup, time), "time" (set, adjust), "mount" (mount,
/// umount, pivot), "ipc" (shm, sem, msg, mqueue). Member "any" is all of a class. Empty: this OS knows no such thing.
std::vector<CallPattern> calls_named(Os os, std::string_view klass, std::string_view member, std::optional<Arch> arch = {});
/// The members of a class, for "unknown name" messages. Empty: no such class.
std::span<const std::string_view> members_of(std::string_view klass);

}  // namespace polc::knowledge
