// What an access needs besides itself, as dated tables: language.md section 1, "Implied accesses".
// A call whose arguments lie in memory (clone3, openat2, io_uring_*) is never implied.
#pragma once

#include <cstdint>
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

// What follows is in the numbers of one architecture. Calls that it lacks are listed all the same: they do no harm.

/// The calls that perform a file access: any one of them under its tests. The same for each OS that has them.
std::vector<CallPattern> calls_for_file(Os os, FileVerb verb, FileType type, Arch arch = Arch::x86_64);
std::vector<CallPattern> calls_for_net(Os os, NetVerb verb, Family family, Arch arch = Arch::x86_64);
std::vector<CallPattern> calls_for_setuid(Os os, Arch arch = Arch::x86_64);
std::vector<CallPattern> calls_for_setgid(Os os, Arch arch = Arch::x86_64);
/// By the capability's number: the calls that are of no use without it and do just what it is for (sys_chroot: chroot).
std::vector<CallPattern> calls_for_capability(Os os, std::uint64_t capability, Arch arch = Arch::x86_64);
std::vector<CallPattern> calls_for_signal(Os os, Arch arch = Arch::x86_64);
std::vector<CallPattern> calls_for_ptrace(Os os, Arch arch = Arch::x86_64);

/// socket() for a family and type with exactly this protocol number. SOCK_CLOEXEC and SOCK_NONBLOCK are masked out.
CallPattern socket_call(Os os, Family family, SocketType type, std::uint32_t protocol, Arch arch = Arch::x86_64);
/// socket() for a family and type, whatever the protocol.
CallPattern socket_call(Os os, Family family, SocketType type, Arch arch = Arch::x86_64);
/// socket() for every family.
CallPattern socket_call(Os os, Arch arch = Arch::x86_64);

/// The verbs that are only names for calls: class "fork", "thread", "socketpair" (member ""), "memory" (write_exec,
/// exec_anonymous), "namespace" (user, mount, pid, net, ipc, uts, cgroup, time), "time" (set, adjust), "mount" (mount,
/// umount, pivot), "ipc" (shm, sem, msg, mqueue). Member "any" is all of a class. Empty: this OS knows no such thing.
std::vector<CallPattern> calls_named(Os os, std::string_view klass, std::string_view member, Arch arch = Arch::x86_64);
/// The members of a class, for "unknown name" messages. Empty: no such class.
std::span<const std::string_view> members_of(std::string_view klass);

}  // namespace polc::knowledge
