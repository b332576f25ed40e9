#include "seccomp/multiplexed.hpp"

#include <algorithm>
#include <string_view>

#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"

namespace polc::seccomp {
namespace {

struct Row {
  std::string_view call, by;
  std::uint64_t number;
};
// linux/net.h and linux/ipc.h; that libseccomp 2.5.4 adds them: seccomp_export_pfc() of a rule for each, on all architectures.
constexpr Row rows[] = {
    {"socket", "socketcall", 1},       {"bind", "socketcall", 2},        {"connect", "socketcall", 3},   {"listen", "socketcall", 4},
    {"accept", "socketcall", 5},       {"getsockname", "socketcall", 6}, {"getpeername", "socketcall", 7}, {"socketpair", "socketcall", 8},
    {"send", "socketcall", 9},         {"recv", "socketcall", 10},       {"sendto", "socketcall", 11},   {"recvfrom", "socketcall", 12},
    {"shutdown", "socketcall", 13},    {"setsockopt", "socketcall", 14}, {"getsockopt", "socketcall", 15}, {"sendmsg", "socketcall", 16},
    {"recvmsg", "socketcall", 17},     {"accept4", "socketcall", 18},    {"recvmmsg", "socketcall", 19}, {"sendmmsg", "socketcall", 20},
    {"semop", "ipc", 1},               {"semget", "ipc", 2},             {"semctl", "ipc", 3},           {"semtimedop", "ipc", 4},
    {"msgsnd", "ipc", 11},             {"msgrcv", "ipc", 12},            {"msgget", "ipc", 13},          {"msgctl", "ipc", 14},
    {"shmat", "ipc", 21},              {"shmdt", "ipc", 22},             {"shmget", "ipc", 23},          {"shmctl", "ipc", 24},
};

}  // namespace

std::optional<Multiplexed> multiplexed(CallId call, Arch arch) {
  const std::string_view name = knowledge::call_of(Os::linux_os, call).name;
  const auto row = std::find_if(std::begin(rows), std::end(rows), [&](const Row& one) { return one.call == name; });
  if (row == std::end(rows)) return std::nullopt;
  const auto by = knowledge::find_call(Os::linux_os, row->by);
  if (!by || !knowledge::number_of(arch, *by)) return std::nullopt;
  return Multiplexed{*by, row->number};
}

}  // namespace polc::seccomp
