#include <array>

#include "systemd/model.hpp"

namespace polc::systemd {
namespace {

using ir::Verdict;
using target::Capability;
using target::Feature;

constexpr std::string_view files = "a unit sees no single files";
constexpr std::string_view sockets = "the network is told by family only";

constexpr std::array rows{
    Capability{Feature::file_read, Verdict::unmediated, files},
    Capability{Feature::file_write, Verdict::unmediated, files},
    Capability{Feature::file_append, Verdict::unmediated, files},
    Capability{Feature::file_create, Verdict::unmediated, files},
    Capability{Feature::file_remove, Verdict::unmediated, files},
    Capability{Feature::file_truncate, Verdict::unmediated, files},
    Capability{Feature::file_rename, Verdict::unmediated, files},
    Capability{Feature::file_link, Verdict::unmediated, files},
    Capability{Feature::file_chmod, Verdict::unmediated, files},
    Capability{Feature::file_chown, Verdict::unmediated, files},
    Capability{Feature::file_utime, Verdict::unmediated, files},
    Capability{Feature::file_xattr, Verdict::unmediated, files},
    Capability{Feature::file_stat, Verdict::unmediated, files},
    Capability{Feature::file_chdir, Verdict::unmediated, files},
    Capability{Feature::file_chroot, Verdict::unmediated, files},
    Capability{Feature::file_exec, Verdict::unmediated, files},
    Capability{Feature::file_map, Verdict::unmediated, files},
    Capability{Feature::file_lock, Verdict::unmediated, files},
    Capability{Feature::file_ioctl, Verdict::unmediated, files},
    Capability{Feature::file_watch, Verdict::unmediated, files},
    Capability{Feature::path_literal, Verdict::unmediated, files},
    Capability{Feature::path_glob, Verdict::unmediated, files},
    Capability{Feature::path_below, Verdict::unmediated, files},
    Capability{Feature::path_inner_any, Verdict::unmediated, files},
    Capability{Feature::qualifier_type, Verdict::unmediated, files},
    Capability{Feature::qualifier_owner, Verdict::unmediated, files},
    Capability{Feature::qualifier_mode, Verdict::unmediated, files},
    Capability{Feature::qualifier_request, Verdict::unmediated, files},
    Capability{Feature::successor_unconfined, Verdict::narrower, "what a unit executes stays under its lists"},
    Capability{Feature::successor_policy, Verdict::narrower, "what a unit executes stays under its lists"},
    Capability{Feature::net_connect, Verdict::wider, sockets},
    Capability{Feature::net_bind, Verdict::wider, sockets},
    Capability{Feature::net_listen, Verdict::wider, sockets},
    Capability{Feature::net_accept, Verdict::wider, sockets},
    Capability{Feature::net_send, Verdict::wider, sockets},
    Capability{Feature::net_receive, Verdict::wider, sockets},
    Capability{Feature::net_protocol, Verdict::wider, "a socket's type and protocol are not looked at"},
    Capability{Feature::address_inet, Verdict::wider, sockets},
    Capability{Feature::address_inet6, Verdict::wider, sockets},
    Capability{Feature::address_port, Verdict::wider, sockets},
    Capability{Feature::address_unix, Verdict::wider, sockets},
    Capability{Feature::address_abstract, Verdict::wider, sockets},
    Capability{Feature::family_netlink, Verdict::wider, sockets},
    Capability{Feature::family_packet, Verdict::wider, sockets},
    Capability{Feature::family_other, Verdict::wider, sockets},
    Capability{Feature::call, Verdict::narrower, "systemd 252 does not know calls that came after Linux 6.0"},
    Capability{Feature::call_arguments, Verdict::wider, "a unit lists calls by name: their arguments are not looked at"},
    Capability{Feature::socket_creation, Verdict::wider, "a family is allowed as a whole"},
    Capability{Feature::identity_user, Verdict::unmediated, "a unit sets the account to start with; capabilities decide about the rest"},
    Capability{Feature::identity_group, Verdict::unmediated, "a unit sets the account to start with; capabilities decide about the rest"},
    Capability{Feature::identity_name, Verdict::unmediated, "a unit sets the account to start with; capabilities decide about the rest"},
    Capability{Feature::capability, Verdict::narrower, "capabilities without a name cannot be kept"},
    Capability{Feature::signal, Verdict::unmediated, "a unit does not look at the peer"},
    Capability{Feature::ptrace, Verdict::unmediated, "a unit does not look at the peer"},
    Capability{Feature::limit, Verdict::exact, ""},
    Capability{Feature::deny_rule, Verdict::wider, "only whole calls, families and capabilities can be taken away"},
    Capability{Feature::reaction_errno, Verdict::exact, ""},
    Capability{Feature::reaction_kill, Verdict::exact, ""},
    Capability{Feature::reaction_hidden, Verdict::exact, ""},
    Capability{Feature::reaction_log, Verdict::wider, "a unit refuses without a word"},
    Capability{Feature::reaction_trial, Verdict::narrower, "a unit refuses; it cannot let a call pass and log it"},
    Capability{Feature::raw_text, Verdict::unmediated, "what directives of your own permit is not known to polc"},
};
static_assert(target::answers_every_feature(rows));

}  // namespace

std::span<const target::Capability> capabilities() { return rows; }

}  // namespace polc::systemd
