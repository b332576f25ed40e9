#include "grsecurity/capabilities.hpp"

#include <array>

namespace polc::grsecurity {
namespace {

using ir::Verdict;
using target::Capability;
using target::Feature;

constexpr std::array table{
    Capability{Feature::file_read, Verdict::wider,
               "an object that is not hidden lets its directories be listed, entered and watched"},
    Capability{Feature::file_write, Verdict::wider, "`w` also truncates and changes mode, owner, times and attributes"},
    Capability{Feature::file_append, Verdict::exact, ""},
    Capability{Feature::file_create, Verdict::wider,
               "making something needs `w` beside `c`, and lets a unix socket be bound there"},
    Capability{Feature::file_remove, Verdict::wider, "deleting needs `w` beside `d`"},
    Capability{Feature::file_truncate, Verdict::wider, "`w` says it, which also writes"},
    Capability{Feature::file_rename, Verdict::wider,
               "whatever may be read and written may be moved to whatever may be read and written"},
    Capability{Feature::file_link, Verdict::wider,
               "`l` and `c` on the new name let every visible file be linked there"},
    Capability{Feature::file_chmod, Verdict::wider, "`w` says it, which also writes"},
    Capability{Feature::file_chown, Verdict::wider, "`w` says it, which also writes"},
    Capability{Feature::file_utime, Verdict::wider, "`w` says it, which also writes"},
    Capability{Feature::file_xattr, Verdict::wider, "`w` says it, which also writes"},
    Capability{Feature::file_stat, Verdict::wider,
               "what can be seen can also be entered and watched, and a directory listed"},
    Capability{Feature::file_chdir, Verdict::wider, "what can be seen can be entered"},
    Capability{Feature::file_chroot, Verdict::wider, "what can be seen can be a new root; CAP_SYS_CHROOT decides"},
    Capability{Feature::file_exec, Verdict::wider, "`x` says both executing and mapping"},
    Capability{Feature::file_map, Verdict::wider, "`x` says both executing and mapping"},
    Capability{Feature::file_lock, Verdict::unmediated,
               "a lock is taken on a descriptor, which is not looked at again"},
    Capability{Feature::file_ioctl, Verdict::unmediated,
               "a request is made on a descriptor, which is not looked at again"},
    Capability{Feature::file_watch, Verdict::wider, "what can be seen can be watched"},
    Capability{Feature::path_literal, Verdict::wider,
               "an object covers what lies below it; some paths cannot be written at all"},
    Capability{Feature::path_glob, Verdict::wider,
               "gradm and the kernel read wildcards differently: the directory before them is taken"},
    Capability{Feature::path_below, Verdict::wider, "an object covers the directory itself"},
    Capability{Feature::path_inner_any, Verdict::wider, "the directory before `**` is taken"},
    Capability{Feature::qualifier_type, Verdict::wider, "objects have no type"},
    Capability{Feature::qualifier_owner, Verdict::wider, "objects have no owner"},
    Capability{Feature::qualifier_mode, Verdict::wider, "permission bits are not looked at"},
    Capability{Feature::qualifier_request, Verdict::unmediated, "ioctl requests are not looked at"},
    Capability{Feature::successor_unconfined, Verdict::wider, "the new image's own subject decides, whatever it is"},
    Capability{Feature::successor_policy, Verdict::wider, "the new image's own subject decides, whatever it is"},
    Capability{Feature::net_connect, Verdict::exact, ""},
    Capability{Feature::net_bind, Verdict::wider, "bind rules also let listen and accept"},
    Capability{Feature::net_listen, Verdict::wider, "bind rules say bind, listen and accept together"},
    Capability{Feature::net_accept, Verdict::wider, "bind rules say bind, listen and accept together"},
    Capability{Feature::net_send, Verdict::wider, "only messages of UDP are checked, by the connect rules"},
    Capability{Feature::net_receive, Verdict::wider, "only messages of UDP are checked, by the connect rules"},
    Capability{Feature::net_protocol, Verdict::wider,
               "sockets are checked against all types and all protocols of the rules apart from each other"},
    Capability{Feature::address_inet, Verdict::exact, ""},
    Capability{Feature::address_inet6, Verdict::narrower,
               "IPv6 has no rules: it is all or nothing; say any4 or an IPv4 address"},
    Capability{Feature::address_port, Verdict::exact, ""},
    Capability{
        Feature::address_unix, Verdict::wider,
        "`rw` on the socket's path lets it be connected to, `wc` lets it be bound; without a path nothing says it"},
    Capability{Feature::address_abstract, Verdict::unmediated, "only sockets with a path are checked"},
    Capability{Feature::family_netlink, Verdict::wider, "the family as a whole; gradm 2.1 leaves it open"},
    Capability{Feature::family_packet, Verdict::wider, "the family as a whole; gradm 2.1 leaves it open"},
    Capability{Feature::family_other, Verdict::narrower,
               "they are opened together, with IPv6, or not at all; gradm 2.1 leaves them open"},
    Capability{Feature::call, Verdict::unmediated, "system calls are not looked at, only what they do"},
    Capability{Feature::call_arguments, Verdict::unmediated, "system calls are not looked at, only what they do"},
    Capability{Feature::socket_creation, Verdict::wider,
               "types and protocols come from the connect and bind rules, all with all"},
    Capability{Feature::identity_user, Verdict::narrower,
               "only accounts with a name can be listed; any other needs CAP_SETUID"},
    Capability{Feature::identity_group, Verdict::narrower,
               "only accounts with a name can be listed; any other needs CAP_SETGID"},
    Capability{Feature::identity_name, Verdict::narrower,
               "a name of up to 64 letters, digits, dots, dashes and underscores is needed"},
    Capability{Feature::capability, Verdict::narrower, "gradm knows none after CAP_AUDIT_READ"},
    Capability{Feature::signal, Verdict::unmediated,
               "a subject is protected from signals as a whole, whoever sends them"},
    Capability{Feature::ptrace, Verdict::unmediated, "ptrace is allowed by modes of the subject, without a peer"},
    Capability{Feature::limit, Verdict::exact, ""},
    Capability{Feature::deny_rule, Verdict::wider,
               "a deny takes letters from an object or hides it: what shares the letter is lost too"},
    Capability{Feature::reaction_errno, Verdict::unmediated,
               "a refusal is EACCES, or ENOENT where the object is hidden"},
    Capability{Feature::reaction_kill, Verdict::unmediated,
               "a refusal is EACCES, or ENOENT where the object is hidden"},
    Capability{Feature::reaction_hidden, Verdict::wider,
               "what no rule allows is hidden; what lacks a letter is refused with EACCES"},
    Capability{Feature::reaction_log, Verdict::exact, ""},  // every refusal is logged
    Capability{Feature::reaction_trial, Verdict::narrower, "a subject refuses; learning is a mode of gradm, not of a policy"},
    Capability{Feature::raw_text, Verdict::exact, ""},
};
static_assert(target::answers_every_feature(table));

}  // namespace

std::span<const Capability> capabilities() { return table; }

}  // namespace polc::grsecurity
