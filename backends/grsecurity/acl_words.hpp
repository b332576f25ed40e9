// gradm's words for capabilities, resources and flags, as the reader knows them.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace polc::grsecurity {

// Their numbers are those of linux/capability.h; 3.1 ends here.
inline constexpr std::array<std::string_view, 38> capability_names{"CHOWN",
                                                                   "DAC_OVERRIDE",
                                                                   "DAC_READ_SEARCH",
                                                                   "FOWNER",
                                                                   "FSETID",
                                                                   "KILL",
                                                                   "SETGID",
                                                                   "SETUID",
                                                                   "SETPCAP",
                                                                   "LINUX_IMMUTABLE",
                                                                   "NET_BIND_SERVICE",
                                                                   "NET_BROADCAST",
                                                                   "NET_ADMIN",
                                                                   "NET_RAW",
                                                                   "IPC_LOCK",
                                                                   "IPC_OWNER",
                                                                   "SYS_MODULE",
                                                                   "SYS_RAWIO",
                                                                   "SYS_CHROOT",
                                                                   "SYS_PTRACE",
                                                                   "SYS_PACCT",
                                                                   "SYS_ADMIN",
                                                                   "SYS_BOOT",
                                                                   "SYS_NICE",
                                                                   "SYS_RESOURCE",
                                                                   "SYS_TIME",
                                                                   "SYS_TTY_CONFIG",
                                                                   "MKNOD",
                                                                   "LEASE",
                                                                   "AUDIT_WRITE",
                                                                   "AUDIT_CONTROL",
                                                                   "SETFCAP",
                                                                   "MAC_OVERRIDE",
                                                                   "MAC_ADMIN",
                                                                   "SYSLOG",
                                                                   "WAKE_ALARM",
                                                                   "BLOCK_SUSPEND",
                                                                   "AUDIT_READ"};
inline constexpr std::size_t old_capabilities = 29;  // 2.1.8 ends with CAP_LEASE
inline constexpr std::array<std::string_view, 17> resource_names{
    "CPU", "FSIZE", "DATA",       "STACK",    "CORE", "RSS",    "NPROC",  "NOFILE", "MEMLOCK",
    "AS",  "LOCKS", "SIGPENDING", "MSGQUEUE", "NICE", "RTPRIO", "RTTIME", "CRASH"};
inline constexpr std::array<std::string_view, 5> pax_names{"SEGMEXEC", "PAGEEXEC", "MPROTECT", "RANDMMAP", "EMUTRAMP"};
inline constexpr std::array<std::string_view, 17> keywords{"role",
                                                           "domain",
                                                           "subject",
                                                           "connect",
                                                           "bind",
                                                           "ip_override",
                                                           "sock_allow_family",
                                                           "user_transition_allow",
                                                           "user_transition_deny",
                                                           "group_transition_allow",
                                                           "group_transition_deny",
                                                           "role_allow_ip",
                                                           "role_transitions",
                                                           "role_umask",
                                                           "include",
                                                           "define",
                                                           "replace"};

/// A limit: a number, with a unit of time or size, or `unlimited`.
inline bool is_amount(std::string_view word) {
  if (word == "unlimited") return true;
  if (!word.empty() && std::string_view("smhdKMG").find(word.back()) != std::string_view::npos) word.remove_suffix(1);
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace polc::grsecurity
