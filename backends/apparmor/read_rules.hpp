// A profile's text as rules, for the reader only: emit.cpp prints by itself.
//   profile_from("profile t { \"/a\" r, }")->paths[0].letters == Letter::r
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "apparmor/read_pattern.hpp"
#include "target/backend.hpp"

namespace polc::apparmor {

enum Permission : std::uint8_t {
  may_read = 1,
  may_write = 2,
  may_append = 4,
  may_lock = 8,
  may_map = 16,
  may_exec = 32,
  may_link = 64
};

struct ReadPath {
  unsigned line = 0;
  bool deny = false, owner = false;
  std::uint8_t permissions = 0;
  std::string text;  // of the pattern
  Pattern pattern;
  std::optional<ir::Successor> successor;  // of may_exec, but for a deny
};
struct ReadLink {
  unsigned line = 0;
  bool deny = false, owner = false;
  std::string name_text, target_text;
  Pattern name, target;
};
struct ReadNetwork {
  unsigned line = 0;
  bool deny = false;
  int domain = -1, type = -1;  // Linux's numbers; -1: any
};
struct ReadCapability {
  unsigned line = 0;
  bool deny = false;
  std::uint64_t bits = 0;
};
struct ReadPeer {
  unsigned line = 0;
  bool deny = false;
  ir::PeerKind kind{};
  std::uint64_t what = 0;
  std::optional<Pattern> peer;  // none: any
};
/// A rule that is just a word: mount, umount, pivot_root, userns.
struct ReadWord {
  unsigned line = 0;
  bool deny = false;
  std::string word;
};

struct ReadProfile {
  std::string name;
  std::string policy;  // from polc's own first line; empty: another's profile
  std::string abi;     // "<abi/3.0>"
  // The other policies of the file that have a profile's name of their own, by that name.
  std::map<std::string, std::string> policy_of_profile;
  // Included abstractions and their lines: nothing is known of what they permit, so all that no rule denies is
  // permitted.
  std::vector<std::pair<unsigned, std::string>> abstractions;
  bool every_rename = false;  // polc's word for a profile with too many names to tell renames apart
  std::vector<ReadPath> paths;
  std::vector<ReadLink> links;
  std::vector<ReadNetwork> networks;
  std::vector<ReadCapability> capabilities;
  std::vector<ReadPeer> peers;
  std::vector<ReadWord> words;
  /// What shows in no access: "flags=(complain)", "attachment /usr/bin/tor", "set rlimit nofile <= 1024".
  std::set<std::string> further;
};

tl::expected<ReadProfile, target::ReadError> profile_from(std::string_view text);

/// The policy behind a profile's name.
std::string policy_named(const ReadProfile& profile, const std::string& name);
/// The name of the profile of another policy.
std::string profile_named(const ReadProfile& profile, const std::string& policy);

}  // namespace polc::apparmor
