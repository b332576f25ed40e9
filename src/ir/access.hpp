// Accesses, as sets and as points (docs/language.md, section 1).
//
// A Box is a set: a product of dimensions, as one rule names it. A Point is one access. They mirror each other:
//   FileBox{verbs, places, types, owners, modes, requests, successors}   FilePoint{verb, path, type, owner, mode, request, successor}
// `socket`, `fork`, `memory` and their like are no boxes of their own: they are names for CallBoxes.
// Nothing here decides anything (src/eval) or knows a target (src/target).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "knowledge/call_arguments.hpp"
#include "knowledge/relation.hpp"
#include "knowledge/vocabulary.hpp"
#include "sets/arguments.hpp"
#include "sets/interval_set.hpp"
#include "sets/path_pattern.hpp"

namespace polc::ir {

// ---- files

/// Whose file it is. "Owned by the process's own user" is a property of its own, whatever the owner's name.
struct OwnerSet {
  bool any = true;
  bool self = false;
  std::vector<std::string> names;  // sorted
  bool operator==(const OwnerSet&) const = default;
};
struct Owner {
  bool self = false;
  std::string name;  // empty: some account that no rule names
  auto operator<=>(const Owner&) const = default;
};

/// What a program becomes by `exec`.
struct Successor {
  enum class Kind : std::uint8_t { same, unconfined, policy };
  Kind kind = Kind::same;
  std::string policy;
  auto operator<=>(const Successor&) const = default;
};

inline constexpr std::uint16_t all_mode_bits = 07777;

/// Everything about a file access but its path. The dimensions after `types` only matter to the verbs named beside them;
/// for every other verb they are ignored.
struct FileBox {
  FileVerbs verbs;  // never rename or link: those are PairBoxes
  std::vector<sets::PathPattern> places;
  FileTypes types = FileTypes::all();
  OwnerSet owners;
  std::uint16_t mode = all_mode_bits;  // create, chmod: no bit outside is allowed
  sets::NumberSet requests = sets::NumberSet::all();  // ioctl
  std::vector<Successor> successors{Successor{}};     // exec; sorted; empty: every successor
  bool operator==(const FileBox&) const = default;
};
struct FilePoint {
  FileVerb verb{};
  std::string path;
  FileType type{};
  Owner owner;
  std::uint16_t mode = 0;
  std::uint32_t request = 0;
  Successor successor;
  bool operator==(const FilePoint&) const = default;
};

/// rename and link: every pair from `from` x `to`. Type and owner are those of the existing object.
struct PairBox {
  FileVerbs verbs;  // rename, link
  std::vector<sets::PathPattern> from;
  std::vector<sets::PathPattern> to;
  FileTypes types = FileTypes::all();
  OwnerSet owners;
  bool operator==(const PairBox&) const = default;
};
struct PairPoint {
  FileVerb verb{};
  std::string from;
  std::string to;
  FileType type{};
  Owner owner;
  bool operator==(const PairPoint&) const = default;
};

// ---- network

/// One family. What the address is depends on it: inet uses ip4 and ports, inet6 ip6 and ports (ports only where the
/// protocol has them), unix one of `paths`, `abstracts` or (with unnamed) no address; netlink, packet and other none.
struct NetBox {
  NetVerbs verbs;
  Family family{};
  SocketTypes types = SocketTypes::all();
  sets::NumberSet protocols = sets::NumberSet::all();
  sets::Ip4Set ip4 = sets::Ip4Set::all();
  sets::Ip6Set ip6 = sets::Ip6Set::all();
  sets::PortSet ports = sets::PortSet::all();
  bool any_unix_address = true;  // false: just `paths` and `abstracts`
  std::vector<sets::PathPattern> paths;
  std::vector<sets::PathPattern> abstracts;  // from sets::parse_name_pattern
  bool operator==(const NetBox&) const = default;
};
struct UnixAddress {
  enum class Kind : std::uint8_t { path, abstract, unnamed };
  Kind kind = Kind::unnamed;
  std::string name;
  bool operator==(const UnixAddress&) const = default;
};
struct NetPoint {
  NetVerb verb{};
  Family family{};
  SocketType type{};
  std::uint32_t protocol = 0;
  std::uint32_t ip4 = 0;
  sets::Uint128 ip6 = 0;
  std::uint16_t port = 0;
  UnixAddress unix_address;
  bool operator==(const NetPoint&) const = default;
};

// ---- system calls

/// The register that a test names (`arg[N]`), and what it carries on the policy's architecture.
struct TestedRegister {
  static constexpr std::uint8_t none = 0xFF;
  std::uint8_t number = none;
  knowledge::RegisterContent::Part part{};  // of the test's argument
  bool operator==(const TestedRegister&) const = default;
};

/// (args[argument] & mask) OP value, on `width` bits (32: the low half only), signed or not. Of a register that carries half of an
/// argument that half is meant.
struct ArgumentTest {
  std::uint8_t argument = 0;
  std::uint64_t mask = ~std::uint64_t{0};
  sets::Compare op = sets::Compare::equal;
  std::uint64_t value = 0;
  std::uint8_t width = 64;
  bool is_signed = false;
  TestedRegister in_register = {};  // by name: none
  bool operator==(const ArgumentTest&) const = default;
};
/// An empty conjunction is true, an empty disjunction false.
struct Condition {
  enum class Kind : std::uint8_t { test, conjunction, disjunction, negation, exact };
  Kind kind = Kind::conjunction;
  ArgumentTest test;
  std::vector<Condition> terms;
  sets::ArgumentSet exact = {};  // what an artefact was found to test, where nobody wrote a condition
  bool is_always() const { return kind == Kind::conjunction && terms.empty(); }
  bool operator==(const Condition&) const = default;
};
bool holds(const Condition& condition, const sets::Arguments& arguments);
/// The same asked of the argument alone, for those to whom arguments are 64 bits each.
Condition of_argument(const ArgumentTest& test);
/// A condition of knowledge's tables.
Condition condition_of(const knowledge::Condition& condition);

struct CallBox {
  std::vector<CallId> calls;  // sorted, unique
  Condition where;
  bool operator==(const CallBox&) const = default;
};
struct CallPoint {
  CallId call;
  sets::Arguments arguments{};
  bool operator==(const CallPoint&) const = default;
};

// ---- process

/// An account by name, by number, or both. Two agree when their numbers do, or, one number unknown, their names do. In a box one
/// without either is everybody whose number is unknown.
struct Account {
  std::string name;  // empty: only the number is known
  bool has_id = false;
  std::uint32_t id = 0;
  auto operator<=>(const Account&) const = default;
};
enum class IdentityKind : std::uint8_t { user, group };  // setuid, setgid
struct IdentityBox {
  IdentityKind kind{};
  sets::NumberSet ids;            // all(): `any`, which covers every name too
  std::vector<Account> accounts;  // those with a name
  bool operator==(const IdentityBox&) const = default;
};
struct IdentityPoint {
  IdentityKind kind{};
  Account account;
  bool operator==(const IdentityPoint&) const = default;
};
bool contains(const IdentityBox& box, const Account& account);

struct CapabilityBox {
  std::uint64_t capabilities = 0;  // bit n: capability number n
  bool operator==(const CapabilityBox&) const = default;
};
struct CapabilityPoint {
  std::uint8_t capability = 0;
  bool operator==(const CapabilityPoint&) const = default;
};

enum class PeerKind : std::uint8_t { signal, ptrace };
/// Bits of PeerBox::what for ptrace; for signal, bit n is signal number n.
inline constexpr std::uint64_t ptrace_read = 1, ptrace_trace = 2;
struct Peer {
  enum class Kind : std::uint8_t { self, children, policy, other };
  Kind kind = Kind::self;
  std::string policy;
  auto operator<=>(const Peer&) const = default;
};
struct PeerBox {
  PeerKind kind{};
  std::uint64_t what = 0;
  bool any_peer = false;
  std::vector<Peer> peers;  // sorted
  bool operator==(const PeerBox&) const = default;
};
struct PeerPoint {
  PeerKind kind{};
  std::uint8_t what = 0;  // the bit's number
  Peer peer;
  bool operator==(const PeerPoint&) const = default;
};

// ---- all of them

using Box = std::variant<FileBox, PairBox, NetBox, CallBox, IdentityBox, CapabilityBox, PeerBox>;
using Point = std::variant<FilePoint, PairPoint, NetPoint, CallPoint, IdentityPoint, CapabilityPoint, PeerPoint>;

/// The four classes of language.md; the words of `default ... for`.
enum class AccessClass : std::uint8_t { file, net, syscall, process };
inline constexpr std::array<std::string_view, 4> access_class_names{"file", "net", "syscall", "process"};
constexpr std::string_view name_of(AccessClass c) { return access_class_names[static_cast<std::size_t>(c)]; }
AccessClass class_of(const Box& box);
AccessClass class_of(const Point& point);

/// Is the point in the box? By the definition, without any index: the reference for everything faster.
bool contains(const Box& box, const Point& point);

/// The same, were every path and every unix address in the box: for callers that have matched those already.
bool contains_anywhere(const Box& box, const Point& point);

}  // namespace polc::ir
