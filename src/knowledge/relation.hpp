// How accesses and system calls go together, as dated tables (docs/language.md, section 1): what allowing an access or an act
// brings, and the ways by which the kernel does it for any program.
//   patterns_of(find_rows(os, Relation::brings, "fork", ""), os, arch, {})  ->  fork, vfork, clone where ...
// An act is what only calls do: socketpair, fork, thread, memory, namespace, time, mount, ipc; and socket.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "knowledge/vocabulary.hpp"
#include "support/platform.hpp"

namespace polc::knowledge {

enum class Compare : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };

/// (args[argument] & mask) OP value, on `width` bits, signed or not.
struct ArgumentTest {
  std::uint8_t argument = 0;
  std::uint64_t mask = ~std::uint64_t{0};
  Compare op = Compare::equal;
  std::uint64_t value = 0;
  std::uint8_t width = 64;
  bool is_signed = false;
  auto operator<=>(const ArgumentTest&) const = default;
};
/// An empty conjunction is true, an empty disjunction false.
struct Condition {
  enum class Kind : std::uint8_t { test, conjunction, disjunction };
  Kind kind = Kind::conjunction;
  ArgumentTest test;
  std::vector<Condition> terms;
  bool operator==(const Condition&) const = default;
};

/// One call under a condition.
struct CallPattern {
  CallId call;
  Condition where;
  bool operator==(const CallPattern&) const = default;
};

/// File verb `of` on an object type brings `also` on the same path, type and owner. Transitive already.
struct ImpliedVerb {
  FileVerb of;
  FileVerb also;
};
std::span<const ImpliedVerb> implied_file_verbs();

enum class Relation : std::uint8_t {
  brings,  // the least that a program with today's libcs needs to do it
  sure,    // a way: each such call does it
  blind,   // a way: memory or another object decides whether it does
  blind_beside,  // one that does it only where a call of `beside` is permitted, too
  beside,
  file,    // a way by an access: `call` is its verb, `condition` its path
  step,    // brought, too, but does nothing by itself
  both,    // brings and sure
};
/// A call by which the kernel does it.
constexpr bool is_way(Relation relation) {
  return relation == Relation::sure || relation == Relation::blind || relation == Relation::blind_beside || relation == Relation::both;
}
constexpr bool is_brought(Relation relation) {
  return relation == Relation::brings || relation == Relation::step || relation == Relation::both;
}

/// A row of the tables: see linux_relation.inc.
struct Row {
  std::string_view access;  // verbs, joined by ` + ` where one call does several accesses to one object; or the act
  std::string_view of;      // the object's types, the act's member, the protocol or peer that it holds for alone; or nothing
  Relation relation;
  std::string_view call;
  std::string_view condition;      // may hold parameters: $mode, $id, $sig, $request, $kinds
  std::string_view architectures;  // "": all
  std::string_view since;
  std::string_view seen;
  std::string_view note;
  FileVerbs verbs;  // of a file access
  FileTypes types;
};
std::span<const Row> rows_of(Os os);

/// The rows of an access or act, and what it is of; `any` is every member. A row that is of nothing is of all.
std::vector<const Row*> find_rows(Os os, Relation relation, std::string_view access, std::string_view of);
std::vector<const Row*> find_rows(std::span<const Row> rows, Relation relation, std::string_view access, std::string_view of);
/// Is the row an answer to `relation`? Both is brings and sure; a step is brought.
bool is_in(Relation relation, const Row& row);

struct Range {
  std::uint64_t low = 0, high = 0;
  bool operator==(const Range&) const = default;
};
/// What a rule names, for the row's parameter of this name.
struct Parameter {
  std::string_view name;     // "$id"
  std::vector<Range> values;  // ascending, none: nothing equals it
};

/// The row's call, where the architecture has it and the row is for it.
std::optional<CallId> call_on(const Row& row, Os os, std::optional<Arch> arch);
/// The row's call; nullopt where the architecture lacks it, or the row is not for it. Without an architecture: as on x86_64, and
/// no call is missing.
std::optional<CallPattern> pattern_of(const Row& row, Os os, std::optional<Arch> arch, std::span<const Parameter> parameters);
/// Each once.
std::vector<CallPattern> patterns_of(std::span<const Row* const> rows, Os os, std::optional<Arch> arch, std::span<const Parameter> parameters);

/// socket() for a family and type with exactly this protocol number. `asks_kernel`: types as the kernel tells them, which is
/// without any flags; else with SOCK_CLOEXEC and SOCK_NONBLOCK alone.
CallPattern socket_call(Os os, Family family, SocketType type, std::uint32_t protocol, std::optional<Arch> arch = {}, bool asks_kernel = false);
/// socket() for a family and type, whatever the protocol.
CallPattern socket_call(Os os, Family family, SocketType type, std::optional<Arch> arch = {}, bool asks_kernel = false);
/// socket() for every family.
CallPattern socket_call(Os os, std::optional<Arch> arch = {});

/// The flag of clone and unshare that makes a namespace of this kind; of `any` all of them; 0: no such kind.
std::uint64_t namespace_kinds(std::string_view member);

/// The members of an act, for "unknown name" messages. Empty: no such act.
std::span<const std::string_view> members_of(std::string_view act);

}  // namespace polc::knowledge
