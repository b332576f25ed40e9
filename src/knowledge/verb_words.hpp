// Words of language 1 that stand for several verbs or types (docs/language.md, section 3).
#pragma once

#include "knowledge/vocabulary.hpp"

namespace polc::knowledge {

/// `modify`: what AppArmor's `w` is, but for giving other names.
inline constexpr FileVerbs modifying_verbs{FileVerb::write,    FileVerb::append, FileVerb::create, FileVerb::remove,
                                           FileVerb::truncate, FileVerb::chmod,  FileVerb::chown};

/// `netlink`: the kernel makes its sockets of these types alone (net/netlink/af_netlink.c).
inline constexpr SocketTypes netlink_types{SocketType::dgram, SocketType::raw};

}  // namespace polc::knowledge
