// What Landlock can do at its newest ABI that polc writes rules for (11); the option `abi` takes away from it.
#include "landlock/capabilities.hpp"

#include <array>

namespace polc::landlock {
namespace {

using ir::Verdict;
using target::Capability;
using target::Feature;

constexpr std::string_view entries = "a right on a directory holds for every name in it, and in all below it";
constexpr std::string_view unseen = "Landlock does not look at attributes, working directories, locks and watches";
constexpr std::string_view trees = "a rule holds for all that lies below a directory";
constexpr std::string_view accounts = "Landlock does not look at accounts";
constexpr std::string_view ports = "ports are looked at, addresses are not";
constexpr std::string_view messages = "only UDP's peers are looked at, from ABI 10 on";
constexpr std::string_view families = "sockets of other families are not looked at";
constexpr std::string_view calls = "Landlock decides about objects, whatever the call";
constexpr std::string_view refusals = "what is refused fails with EACCES, EXDEV or EPERM";

constexpr std::array rows{
    Capability{Feature::file_read, Verdict::wider, "a directory that may be listed brings those below it"},
    Capability{Feature::file_write, Verdict::exact, ""},
    Capability{Feature::file_append, Verdict::wider, "who may append may write anywhere in the file"},
    Capability{Feature::file_create, Verdict::wider, entries},
    Capability{Feature::file_remove, Verdict::wider, entries},
    Capability{Feature::file_truncate, Verdict::exact, ""},
    Capability{Feature::file_rename, Verdict::wider, entries},
    Capability{Feature::file_link, Verdict::wider, entries},
    Capability{Feature::file_chmod, Verdict::unmediated, unseen},
    Capability{Feature::file_chown, Verdict::unmediated, unseen},
    Capability{Feature::file_utime, Verdict::unmediated, unseen},
    Capability{Feature::file_xattr, Verdict::unmediated, unseen},
    Capability{Feature::file_stat, Verdict::unmediated, unseen},
    Capability{Feature::file_chdir, Verdict::unmediated, unseen},
    Capability{Feature::file_chroot, Verdict::unmediated, unseen},
    Capability{Feature::file_exec, Verdict::wider,
               "the loader, which a dynamic program needs, runs whatever may be read"},
    Capability{Feature::file_map, Verdict::unmediated, "what may be read may be mapped as code"},
    Capability{Feature::file_lock, Verdict::unmediated, unseen},
    Capability{Feature::file_ioctl, Verdict::unmediated, "only device files are looked at"},
    Capability{Feature::file_watch, Verdict::unmediated, unseen},
    Capability{Feature::path_literal, Verdict::wider,
               "a name that the program itself makes anew counts as its directory"},
    Capability{Feature::path_glob, Verdict::wider, trees},
    Capability{Feature::path_below, Verdict::exact, ""},
    Capability{Feature::path_inner_any, Verdict::wider, trees},
    Capability{Feature::qualifier_type, Verdict::wider, "of what is there only directories are told from the rest"},
    Capability{Feature::qualifier_owner, Verdict::wider, "owners are not looked at"},
    Capability{Feature::qualifier_mode, Verdict::wider, "permission bits are not looked at"},
    Capability{Feature::qualifier_request, Verdict::wider, "a device takes every request, or the harmless ones alone"},
    Capability{Feature::successor_unconfined, Verdict::narrower, "what is executed stays under the rules"},
    Capability{Feature::successor_policy, Verdict::narrower, "what is executed stays under the rules"},
    Capability{Feature::net_connect, Verdict::wider,
               "ports are looked at, addresses are not; before ABI 10 TCP Fast Open connects unseen"},
    Capability{Feature::net_bind, Verdict::wider,
               "ports are looked at, addresses are not; a unix socket can have every name in its directory"},
    Capability{Feature::net_listen, Verdict::unmediated, "a socket that listens unbound takes a free port"},
    Capability{Feature::net_accept, Verdict::unmediated, "who listens may accept"},
    Capability{Feature::net_send, Verdict::unmediated, messages},
    Capability{Feature::net_receive, Verdict::unmediated, "what arrives is not looked at"},
    Capability{Feature::net_protocol, Verdict::unmediated,
               "only TCP and, from ABI 10 on, UDP are looked at: not MPTCP, SCTP or raw sockets"},
    Capability{Feature::address_inet, Verdict::wider, ports},
    Capability{Feature::address_inet6, Verdict::wider, ports},
    Capability{Feature::address_port, Verdict::exact, ""},
    Capability{Feature::address_unix, Verdict::wider,
               "a socket that was made under the rules can be reached by whatever name it has"},
    Capability{Feature::address_abstract, Verdict::wider, "abstract names outside are reached all or none"},
    Capability{Feature::family_netlink, Verdict::unmediated, families},
    Capability{Feature::family_packet, Verdict::unmediated, families},
    Capability{Feature::family_other, Verdict::unmediated, families},
    Capability{Feature::call, Verdict::unmediated, calls},
    Capability{Feature::call_arguments, Verdict::unmediated, calls},
    Capability{Feature::socket_creation, Verdict::unmediated, "making a socket is not looked at"},
    Capability{Feature::identity_user, Verdict::unmediated, accounts},
    Capability{Feature::identity_group, Verdict::unmediated, accounts},
    Capability{Feature::identity_name, Verdict::unmediated, accounts},
    Capability{Feature::capability, Verdict::unmediated, "capabilities are not looked at before ABI 12"},
    Capability{Feature::signal, Verdict::wider, "signals outside are refused all or none, those within are free"},
    Capability{Feature::ptrace, Verdict::wider, "tracing outside is refused, within it is free"},
    Capability{Feature::limit, Verdict::unmediated, "Landlock sets no limits"},
    Capability{Feature::deny_rule, Verdict::wider,
               "rules only grant: nothing can be taken from a tree that is granted"},
    Capability{Feature::reaction_errno, Verdict::wider, refusals},
    Capability{Feature::reaction_kill, Verdict::wider, refusals},
    Capability{Feature::reaction_hidden, Verdict::wider, refusals},
    Capability{Feature::reaction_log, Verdict::wider,
               "from ABI 7 on the kernel's audit log has refusals, if whoever loads the rules asks for it"},
    Capability{Feature::reaction_trial, Verdict::narrower, "Landlock refuses; it has no mode that only logs"},
    Capability{Feature::raw_text, Verdict::exact, ""},
};
static_assert(target::answers_every_feature(rows));

}  // namespace

std::span<const target::Capability> capabilities() { return rows; }

}  // namespace polc::landlock
