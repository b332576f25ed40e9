// A profile's text as rules, for the reader only: print.cpp writes by itself.
//   profile_from("profile t { \"/a\" r, }", {}, {})->paths[0].permissions == may_read
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "apparmor/read_modes.hpp"
#include "apparmor/read_pattern.hpp"
#include "apparmor/read_places.hpp"
#include "apparmor/read_variables.hpp"
#include "ir/policy.hpp"
#include "target/includes.hpp"
#include "target/reader.hpp"

namespace polc::apparmor {

struct ReadRule {
  unsigned line = 0;
  bool deny = false, audit = false;
  bool owner = false, other = false;  // of the process's own files, of all others
  ir::Effect effect() const { return deny ? ir::Effect::deny : ir::Effect::allow; }
};
struct ReadPath : ReadRule {
  std::uint8_t permissions = 0;
  Pattern pattern;
  std::optional<std::vector<Place>> places;  // none: our patterns cannot say which
  std::optional<ir::Successor> successor;    // of may_exec, but for a deny; a policy's by the name of its profile
  /// Of may_exec where it is not known which: one of these, or anything. The system's other profiles decide.
  struct Open {
    std::vector<ir::Successor> among;  // empty: any
    bool operator==(const Open&) const = default;
  };
  std::optional<Open> open = {};
  bool leads() const { return successor || open; }
  bool leads_as(const ReadPath& rule) const { return successor == rule.successor && open == rule.open; }
};
struct ReadLink : ReadRule {
  std::optional<std::vector<Place>> name, target;
  bool is_subset = false;  // and the new name must have no permission that the old one lacks
};
struct ReadNetwork : ReadRule {
  int domain = -1, type = -1;  // Linux's numbers; -1: any
};
struct ReadCapability : ReadRule {
  std::uint64_t bits = 0;
};
struct ReadPeer : ReadRule {
  ir::PeerKind kind{};
  std::uint64_t what = 0;
  std::optional<Pattern> peer;  // none: any
  bool is_unknown = false;      // it has a variable that nobody knows
  /// One profile that no policy has: `unconfined`, or of another namespace.
  bool is_stranger() const {
    return peer && peer->is_exact() && (peer->prefix() == "unconfined" || peer->prefix().starts_with(':'));
  }
  /// Does it name profiles that are not known from the text?
  bool is_uncertain() const { return is_unknown || is_named_uncertainly(); }
  bool is_named_uncertainly() const { return peer && !peer->is_everything() && (!peer->is_exact() || is_stranger()); }
};
/// A rule that is a word, and may have conditions that no access shows: mount, umount, pivot_root, userns, unix,
/// change_profile.
struct ReadWord : ReadRule {
  std::string word;
  bool has_conditions = false;
  std::string profile = {};  // that change_profile leads to; empty: any
  bool is_uncertain() const { return has_conditions || word == "unix" || word == "change_profile"; }
};
struct ReadInclude {
  unsigned line = 0;
  std::string name;       // of the host's abstractions/
  bool may_deny = false;  // it could hold anything, denies too
};

/// A rule as it stands, and which of the lists below it made: from these places on, up to those of the next.
struct ReadStatement {
  unsigned line = 0;
  std::string file;  // that it was included from; empty: the profile's own
  std::string text;  // the words in one spelling, without the comma
  std::size_t paths = 0, links = 0, networks = 0, capabilities = 0, peers = 0, words = 0;
};

struct ReadProfile {
  std::string name;
  std::string policy;                     // from polc's own first line; empty: another's profile
  std::string abi;                        // "<abi/3.0>"
  std::vector<ReadInclude> abstractions;  // of which nothing is known
  std::vector<ReadPath> paths;
  std::vector<ReadLink> links;
  std::vector<ReadNetwork> networks;
  std::vector<ReadCapability> capabilities;
  std::vector<ReadPeer> peers;
  std::vector<ReadWord> words;
  std::vector<ReadStatement> statements;  // in their order; rules of a block by themselves
  std::vector<std::string> attachments;
  std::vector<std::string> flags;
  unsigned head = 0;  // the line of the name
  Variables variables;
  /// What shows in no access: "flags=(complain)", "attachment /usr/bin/tor", "set rlimit nofile <= 1024".
  std::set<target::Directive> directives;
  std::vector<target::Unknown> unknown;
  std::optional<target::Unknown> unenforced;
  unsigned unconfined = 0;  // the line of that flag; 0: it has it not

  bool is_old() const { return abi.empty() || abi == "<abi/3.0>"; }
};

/// `known`: the abstractions that may be included although nothing is known of them.
tl::expected<ReadProfile, target::ReadError> profile_from(std::string_view text,
                                                          const std::set<std::string, std::less<>>& known,
                                                          const target::Includes& includes);

}  // namespace polc::apparmor
