#include <array>

#include "apparmor/model.hpp"

namespace polc::apparmor {
namespace {

using ir::Verdict;
using target::Capability;
using target::Feature;

// At the best settings. What kernels 6.1 and 6.12 really look at, and not what the language of profiles has words for.
constexpr std::array rows{
    Capability{Feature::file_read, Verdict::exact, ""},
    Capability{Feature::file_write, Verdict::wider, "`w` also creates, deletes, truncates and changes mode and owner"},
    Capability{Feature::file_append, Verdict::exact, ""},
    Capability{Feature::file_create, Verdict::wider,
               "creating takes `w`, which also writes, deletes and changes mode and owner"},
    Capability{Feature::file_remove, Verdict::wider,
               "deleting takes `w`, which also writes, creates and changes mode and owner"},
    Capability{Feature::file_truncate, Verdict::wider, "truncating takes `w`, which also writes, creates and deletes"},
    Capability{Feature::file_rename, Verdict::wider, "renaming takes `rw` on the old name and `w` on the new one"},
    Capability{Feature::file_link, Verdict::exact, ""},
    Capability{Feature::file_chmod, Verdict::wider,
               "changing the mode takes `w`, which also writes, creates and deletes"},
    Capability{Feature::file_chown, Verdict::wider,
               "changing the owner takes `w`, which also writes, creates and deletes"},
    Capability{Feature::file_utime, Verdict::unmediated, "AppArmor does not look at changes of time stamps"},
    Capability{Feature::file_xattr, Verdict::unmediated, "AppArmor does not look at extended attributes"},
    Capability{Feature::file_stat, Verdict::unmediated, "stat is always granted"},
    Capability{Feature::file_chdir, Verdict::unmediated, "AppArmor does not look at chdir"},
    Capability{Feature::file_chroot, Verdict::unmediated, "AppArmor asks for the capability, not for the directory"},
    Capability{Feature::file_exec, Verdict::exact, ""},
    Capability{Feature::file_map, Verdict::exact, ""},
    Capability{Feature::file_lock, Verdict::exact, ""},
    Capability{Feature::file_ioctl, Verdict::unmediated, "AppArmor does not look at ioctl"},
    Capability{Feature::file_watch, Verdict::unmediated, "AppArmor does not look at watches"},
    Capability{Feature::path_literal, Verdict::wider,
               "the name of a link, as `/lib` or `/var/run`, gives the real name, too; of `/proc/self` that is only a number"},
    Capability{Feature::path_glob, Verdict::exact, ""},
    Capability{Feature::path_below, Verdict::exact, ""},
    Capability{Feature::path_inner_any, Verdict::exact, ""},
    Capability{Feature::qualifier_type, Verdict::wider, "a rule tells directories from the rest, and no more"},
    Capability{Feature::qualifier_owner, Verdict::wider, "`owner` is the process's own user; no other can be named"},
    Capability{Feature::qualifier_mode, Verdict::wider, "permission bits are not looked at"},
    Capability{Feature::qualifier_request, Verdict::unmediated, "AppArmor does not look at ioctl"},
    Capability{Feature::successor_unconfined, Verdict::exact, ""},
    Capability{Feature::successor_policy, Verdict::exact, ""},
    Capability{Feature::net_connect, Verdict::wider, "the network is told by family and type only"},
    Capability{Feature::net_bind, Verdict::wider, "the network is told by family and type only"},
    Capability{Feature::net_listen, Verdict::wider, "the network is told by family and type only"},
    Capability{Feature::net_accept, Verdict::wider, "the network is told by family and type only"},
    Capability{Feature::net_send, Verdict::wider, "the network is told by family and type only"},
    Capability{Feature::net_receive, Verdict::wider, "the network is told by family and type only"},
    Capability{Feature::net_protocol, Verdict::wider, "a socket's type is looked at, its protocol is not"},
    Capability{Feature::address_inet, Verdict::wider, "addresses are not looked at"},
    Capability{Feature::address_inet6, Verdict::wider, "addresses are not looked at"},
    Capability{Feature::address_port, Verdict::wider, "ports are not looked at"},
    Capability{Feature::address_unix, Verdict::wider, "connecting to a socket's path is not looked at"},
    Capability{Feature::address_abstract, Verdict::wider, "only Ubuntu's kernels look at abstract names"},
    Capability{Feature::family_netlink, Verdict::wider, "the network is told by family and type only"},
    Capability{Feature::family_packet, Verdict::wider, "the network is told by family and type only"},
    Capability{Feature::family_other, Verdict::wider, "the network is told by family and type only"},
    Capability{Feature::call, Verdict::unmediated, "AppArmor looks at what a call does, not at the call"},
    Capability{Feature::call_arguments, Verdict::unmediated, "AppArmor looks at what a call does, not at the call"},
    Capability{Feature::socket_creation, Verdict::wider, "a rule for a family and type permits all of it"},
    Capability{Feature::identity_user, Verdict::unmediated, "AppArmor asks for the capability, not for the account"},
    Capability{Feature::identity_group, Verdict::unmediated, "AppArmor asks for the capability, not for the account"},
    Capability{Feature::identity_name, Verdict::unmediated, "AppArmor asks for the capability, not for the account"},
    Capability{Feature::capability, Verdict::narrower,
               "ABI 3.0 has no checkpoint_restore; its name would grant sys_admin"},
    Capability{Feature::signal, Verdict::wider, "peers are told by their profile: all processes of one are alike"},
    Capability{Feature::ptrace, Verdict::wider, "peers are told by their profile: all processes of one are alike"},
    Capability{Feature::limit, Verdict::exact, ""},
    Capability{Feature::deny_rule, Verdict::exact, ""},
    Capability{Feature::reaction_errno, Verdict::wider, "what is refused fails with EACCES or EPERM"},
    Capability{Feature::reaction_kill, Verdict::wider, "a profile refuses; it cannot kill for one access"},
    Capability{Feature::reaction_hidden, Verdict::wider, "what is refused fails with EACCES or EPERM"},
    Capability{Feature::reaction_log, Verdict::exact, ""},
    Capability{Feature::reaction_trial, Verdict::narrower, "complain mode logs and lets pass, but refuses what a deny names"},
    Capability{Feature::raw_text, Verdict::unmediated, "what the host's abstractions permit is not known to polc"},
};
static_assert(target::answers_every_feature(rows));

}  // namespace

std::span<const target::Capability> capabilities() { return rows; }

}  // namespace polc::apparmor
