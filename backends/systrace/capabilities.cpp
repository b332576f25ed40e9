#include "systrace/capabilities.hpp"

namespace polc::systrace {
namespace {

using ir::Verdict;
using target::Capability;
using target::Feature;

// At the best settings: style=exact and a release of 2006 or later.
constexpr std::array rows{
    Capability{Feature::file_read, Verdict::exact, ""},
    Capability{Feature::file_write, Verdict::exact, ""},
    Capability{Feature::file_append, Verdict::exact, ""},
    Capability{Feature::file_create, Verdict::wider,
               "open creates only together with an access; O_APPEND is the least"},
    Capability{Feature::file_remove, Verdict::exact, ""},
    Capability{Feature::file_truncate, Verdict::wider,
               "open truncates only together with an access; O_APPEND is the least"},
    Capability{Feature::file_rename, Verdict::exact, ""},
    Capability{Feature::file_link, Verdict::exact, ""},
    Capability{Feature::file_chmod, Verdict::exact, ""},
    Capability{Feature::file_chown, Verdict::exact, ""},
    Capability{Feature::file_utime, Verdict::wider, "utimes is permitted or refused as a whole, whatever the path"},
    Capability{Feature::file_xattr, Verdict::unmediated, "OpenBSD has no call for extended attributes"},
    Capability{Feature::file_stat, Verdict::exact, ""},
    Capability{Feature::file_chdir, Verdict::exact, ""},
    Capability{Feature::file_chroot, Verdict::exact, ""},
    Capability{Feature::file_exec, Verdict::exact, ""},
    Capability{Feature::file_map, Verdict::wider, "mmap is permitted or refused as a whole, whatever the file"},
    Capability{Feature::file_lock, Verdict::wider,
               "flock and fcntl are permitted or refused as a whole, whatever the file"},
    Capability{Feature::file_ioctl, Verdict::wider, "ioctl is permitted or refused as a whole, whatever the device"},
    Capability{Feature::file_watch, Verdict::wider,
               "kqueue and kevent are permitted or refused as a whole, whatever the file"},
    Capability{Feature::path_literal, Verdict::exact, ""},
    Capability{Feature::path_glob, Verdict::exact, ""},
    Capability{Feature::path_below, Verdict::exact, ""},
    Capability{Feature::path_inner_any, Verdict::exact, ""},
    Capability{Feature::qualifier_type, Verdict::wider, "systrace sees the call, not the object's type"},
    Capability{Feature::qualifier_owner, Verdict::wider, "systrace does not see who owns an object"},
    Capability{Feature::qualifier_mode, Verdict::wider, "permission bits are not tested"},
    Capability{Feature::qualifier_request, Verdict::wider, "ioctl has no translator: its request is not seen"},
    Capability{Feature::successor_unconfined, Verdict::exact, ""},
    Capability{Feature::successor_policy, Verdict::wider, "the new image's path chooses its policy, not the rule"},
    Capability{Feature::net_connect, Verdict::exact, ""},
    Capability{Feature::net_bind, Verdict::exact, ""},
    Capability{Feature::net_listen, Verdict::wider, "listen has no translator: its address is not seen"},
    Capability{Feature::net_accept, Verdict::wider, "accept has no translator: its address is not seen"},
    Capability{Feature::net_send, Verdict::exact, ""},
    Capability{Feature::net_receive, Verdict::wider, "recvfrom has no translator: its address is not seen"},
    Capability{Feature::net_protocol, Verdict::wider,
               "an address says nothing of its socket's type, nor socket() of its protocol"},
    Capability{Feature::address_inet, Verdict::exact, ""},
    Capability{Feature::address_inet6, Verdict::wider, "a prefix that holds a zero group cannot be told by its text"},
    Capability{Feature::address_port, Verdict::exact, ""},
    Capability{Feature::address_unix, Verdict::exact, ""},
    Capability{Feature::address_abstract, Verdict::narrower, "OpenBSD has no abstract names"},
    Capability{Feature::family_netlink, Verdict::wider,
               "families without an address format of their own are not told apart"},
    Capability{Feature::family_packet, Verdict::wider,
               "families without an address format of their own are not told apart"},
    Capability{Feature::family_other, Verdict::wider,
               "families without an address format of their own are not told apart"},
    Capability{Feature::call, Verdict::exact, ""},
    Capability{Feature::call_arguments, Verdict::wider,
               "a call without a translator is permitted with all its arguments"},
    Capability{Feature::socket_creation, Verdict::exact, ""},
    Capability{Feature::identity_user, Verdict::exact, ""},
    Capability{Feature::identity_group, Verdict::exact, ""},
    Capability{Feature::identity_name, Verdict::narrower, "setgid is told by its number only"},
    Capability{Feature::capability, Verdict::unmediated, "OpenBSD has no capabilities"},
    Capability{Feature::signal, Verdict::wider,
               "kill is permitted or refused as a whole, whatever the signal and process"},
    Capability{Feature::ptrace, Verdict::wider, "ptrace is permitted or refused as a whole, whatever the process"},
    Capability{Feature::limit, Verdict::unmediated,
               "setrlimit has no translator: limits are set before systrace starts"},
    Capability{Feature::deny_rule, Verdict::exact, ""},
    Capability{Feature::reaction_errno, Verdict::wider, "calls that no rule names are refused with EPERM"},
    Capability{Feature::reaction_kill, Verdict::wider, "a policy file cannot kill; the access is refused"},
    Capability{Feature::reaction_hidden, Verdict::wider, "only calls with a rule of their own answer ENOENT"},
    Capability{Feature::reaction_log, Verdict::exact, ""},
    Capability{Feature::reaction_trial, Verdict::narrower, "a policy refuses what no line permits"},
    Capability{Feature::raw_text, Verdict::exact, ""},
};
static_assert(target::answers_every_feature(rows));

}  // namespace

std::span<const target::Capability> capabilities() { return rows; }

}  // namespace polc::systrace
