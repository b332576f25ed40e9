#include <array>

#include "launch/model.hpp"

namespace polc::launch {
namespace {

using ir::Verdict;
using target::Capability;
using target::Feature;

constexpr std::string_view unseen = "a launch looks at capabilities, limits and descriptors alone";

constexpr std::array rows{
    Capability{Feature::file_read, Verdict::unmediated, unseen},
    Capability{Feature::file_write, Verdict::unmediated, unseen},
    Capability{Feature::file_append, Verdict::unmediated, unseen},
    Capability{Feature::file_create, Verdict::unmediated, unseen},
    Capability{Feature::file_remove, Verdict::unmediated, unseen},
    Capability{Feature::file_truncate, Verdict::unmediated, unseen},
    Capability{Feature::file_rename, Verdict::unmediated, unseen},
    Capability{Feature::file_link, Verdict::unmediated, unseen},
    Capability{Feature::file_chmod, Verdict::unmediated, unseen},
    Capability{Feature::file_chown, Verdict::unmediated, unseen},
    Capability{Feature::file_utime, Verdict::unmediated, unseen},
    Capability{Feature::file_xattr, Verdict::unmediated, unseen},
    Capability{Feature::file_stat, Verdict::unmediated, unseen},
    Capability{Feature::file_chdir, Verdict::unmediated, unseen},
    Capability{Feature::file_chroot, Verdict::unmediated, unseen},
    Capability{Feature::file_exec, Verdict::unmediated, "by one descriptor alone no file can be executed"},
    Capability{Feature::file_map, Verdict::unmediated, unseen},
    Capability{Feature::file_lock, Verdict::unmediated, unseen},
    Capability{Feature::file_ioctl, Verdict::unmediated, unseen},
    Capability{Feature::file_watch, Verdict::unmediated, unseen},
    Capability{Feature::path_literal, Verdict::unmediated, unseen},
    Capability{Feature::path_glob, Verdict::unmediated, unseen},
    Capability{Feature::path_below, Verdict::unmediated, unseen},
    Capability{Feature::path_inner_any, Verdict::unmediated, unseen},
    Capability{Feature::qualifier_type, Verdict::unmediated, unseen},
    Capability{Feature::qualifier_owner, Verdict::unmediated, unseen},
    Capability{Feature::qualifier_mode, Verdict::unmediated, unseen},
    Capability{Feature::qualifier_request, Verdict::unmediated, unseen},
    Capability{Feature::successor_unconfined, Verdict::narrower, "what is executed stays as it was launched"},
    Capability{Feature::successor_policy, Verdict::narrower, "what is executed stays as it was launched"},
    Capability{Feature::net_connect, Verdict::unmediated, unseen},
    Capability{Feature::net_bind, Verdict::unmediated, unseen},
    Capability{Feature::net_listen, Verdict::unmediated, unseen},
    Capability{Feature::net_accept, Verdict::unmediated, unseen},
    Capability{Feature::net_send, Verdict::unmediated, unseen},
    Capability{Feature::net_receive, Verdict::unmediated, unseen},
    Capability{Feature::net_protocol, Verdict::unmediated, unseen},
    Capability{Feature::address_inet, Verdict::unmediated, unseen},
    Capability{Feature::address_inet6, Verdict::unmediated, unseen},
    Capability{Feature::address_port, Verdict::unmediated, unseen},
    Capability{Feature::address_unix, Verdict::unmediated, unseen},
    Capability{Feature::address_abstract, Verdict::unmediated, unseen},
    Capability{Feature::family_netlink, Verdict::unmediated, unseen},
    Capability{Feature::family_packet, Verdict::unmediated, unseen},
    Capability{Feature::family_other, Verdict::unmediated, unseen},
    Capability{Feature::call, Verdict::unmediated, "only one call is looked at: the one that executes the program"},
    Capability{Feature::call_arguments, Verdict::unmediated, "only one call is looked at: the one that executes the program"},
    Capability{Feature::socket_creation, Verdict::unmediated, unseen},
    Capability{Feature::identity_user, Verdict::unmediated, unseen},
    Capability{Feature::identity_group, Verdict::unmediated, unseen},
    Capability{Feature::identity_name, Verdict::unmediated, unseen},
    Capability{Feature::capability, Verdict::exact, ""},
    Capability{Feature::signal, Verdict::unmediated, unseen},
    Capability{Feature::ptrace, Verdict::unmediated, unseen},
    Capability{Feature::limit, Verdict::exact, ""},
    Capability{Feature::deny_rule, Verdict::exact, ""},
    Capability{Feature::reaction_errno, Verdict::wider, "what was dropped fails as the kernel says: EPERM, EBADF"},
    Capability{Feature::reaction_kill, Verdict::wider, "what was dropped fails as the kernel says: EPERM, EBADF"},
    Capability{Feature::reaction_hidden, Verdict::wider, "what was dropped fails as the kernel says: EPERM, EBADF"},
    Capability{Feature::reaction_log, Verdict::wider, "what was dropped fails as the kernel says: EPERM, EBADF"},
    Capability{Feature::reaction_trial, Verdict::narrower, "a capability that was dropped stays so in a trial"},
    Capability{Feature::raw_text, Verdict::refused, "a launch has no text of its own"},
};
static_assert(target::answers_every_feature(rows));

}  // namespace

std::span<const target::Capability> capabilities() { return rows; }

}  // namespace polc::launch
