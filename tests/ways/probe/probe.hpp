// One way to do an access, as a program that has been taken over would: each by one call of the kernel, without libc's
// doings.
//   const Probe probes[] = {{"kill", start_child, [] { return call(SYS_kill, child, SIGUSR1); }, child_is_gone}};
// What a probe needs beside is made ready before the filter is loaded, so that the filter meets the access alone.
#pragma once

#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <cstdint>
#include <span>
#include <type_traits>

namespace ways {

struct Probe {
  const char* name;
  void (*prepare)();   // before the filter
  long (*attempt)();   // the access; -1 and errno: it was refused
  bool (*happened)();  // did it really happen? None: that the call went well says it
};

std::span<const Probe> memory_probes();
std::span<const Probe> task_probes();
std::span<const Probe> namespace_probes();
std::span<const Probe> clock_probes();
std::span<const Probe> mount_probes();
std::span<const Probe> ipc_probes();
std::span<const Probe> peer_probes();
std::span<const Probe> killer_probes();
std::span<const Probe> trace_probes();
std::span<const Probe> id_probes();
std::span<const Probe> mapped_id_probes();
std::span<const Probe> open_probes();
std::span<const Probe> create_probes();
std::span<const Probe> pin_probes();
std::span<const Probe> name_probes();
std::span<const Probe> attribute_probes();
std::span<const Probe> stat_probes();
std::span<const Probe> code_probes();
std::span<const Probe> hold_probes();
std::span<const Probe> net_probes();
std::span<const Probe> message_probes();
std::span<const Probe> ring_probes();
std::span<const Probe> neighbour_probes();

template <class T>
long word(T value) {
  if constexpr (std::is_pointer_v<T>) return reinterpret_cast<long>(value);
  else if constexpr (std::is_null_pointer_v<T>) return 0;
  else return static_cast<long>(value);
}
/// The call with whole registers: an int's high half is its sign.
template <class... Arguments>
long call(long number, Arguments... arguments) {
  return syscall(number, word(arguments)...);
}

/// A descriptor that the call gave, or -1.
inline long kept(int& into, long result) { return into = static_cast<int>(result); }

/// Of what is made ready: ends the probe with a word if it failed.
long must(long result, const char* what);

/// A folder on the machine's own disk; the working directory is a tmpfs of the probe's own.
extern int disk;

/// A child that waits until a signal ends it. Never -1: that, as a process, is all of them.
pid_t waiting_child();
/// Ends a child and waits for it; a pid that is none is left alone.
void end(pid_t child);
/// Did the child end by this signal? Waits for it.
bool ended_by(pid_t child, int signal);

/// A file of the working directory that holds these bytes.
void make_file(const char* name, const char* bytes = "bytes");
/// The function that returns 42, as machine code.
extern const unsigned char forty_two[6];
bool runs(const void* code);

}  // namespace ways
