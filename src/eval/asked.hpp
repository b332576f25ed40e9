// What the allow rules of a policy ask for, each once and with the rules that ask: what brought_calls.cpp brings calls
// for. Denies are not looked at.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "ir/policy.hpp"

namespace polc::eval {

using Rules = std::vector<ir::RuleId>;  // sorted

/// A file access of a type, with what rules name beside it.
struct FileAccess {
  FileVerb verb{};
  FileType type{};
  auto operator<=>(const FileAccess&) const = default;
};
struct FileUse {
  Rules rules;
  std::set<std::uint16_t> modes;  // create, chmod
  sets::NumberSet requests;       // ioctl
};

struct NetAccess {
  NetVerb verb{};
  Family family{};
  SocketType type{};
  bool makes_socket = false;                  // false: the protocol `any`, which brings no socket
  std::vector<std::uint32_t> protocols = {};  // empty: every protocol
  auto operator<=>(const NetAccess&) const = default;
};

/// Of signals: bits, by whom they are for.
enum class To : std::uint8_t { self, children, others };
constexpr std::string_view word_of(To to) {
  return to == To::self ? "self" : to == To::children ? "children" : "others";
}

struct Asked {
  std::map<FileAccess, FileUse> files;
  std::map<NetAccess, Rules> nets;
  struct Bits {
    std::uint64_t bits = 0;
    Rules rules;
  };
  std::map<To, Bits> signals;
  Bits ptrace;
  struct Ids {
    sets::NumberSet ids;
    Rules rules;
  };
  std::map<ir::IdentityKind, Ids> ids;
  std::map<unsigned, Rules> capabilities;
  Rules forks, namespaces;
  std::uint64_t kinds = 0;    // of namespaces
  bool one_makes_all = true;  // one rule has all of them
};

Asked asked_by(const ir::Policy& policy);

}  // namespace polc::eval
