// The syntax tree of language 1: plain values, one struct a rule of grammar/PolicyParser.g4, every node with its range.
// Nothing is resolved here: variables are names, strings are undecoded, numbers are checked only for being numbers.
//   ast::File file = *syntax::parse(sources, id, sink);   for (const ast::Item& item : file.items) ...
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "diag/source.hpp"

namespace polc::ast {

using diag::SourceRange;

struct Name {
  std::string text;
  SourceRange range;
};

/// `raw` is what stands between the quotes, escapes and $variables as written.
struct String {
  std::string raw;
  SourceRange range;  // with the quotes
};

struct Variable {
  std::string name;  // without $
  SourceRange range;
};

/// Decimal, 0x or octal; a number past 64 bits was reported and stands as the maximum.
struct Integer {
  std::uint64_t value = 0;
  bool negative = false;
  SourceRange range;
};

/// INT with K, M or G: `value` is in bytes.
struct Size {
  std::uint64_t value = 0;
  SourceRange range;
};

// ---- values

struct Account {
  bool is_group = false;
  String name;
  std::optional<Integer> id;
  SourceRange range;
};

/// 10.0.0.0/8, [::1]; the prefix is the family's width when none is written. Host bits may be set (sema masks them).
struct Ip {
  bool is_v6 = false;
  std::array<std::uint8_t, 16> bytes{};  // IPv4: the first four
  std::uint8_t prefix = 0;
  SourceRange range;
};

enum class AnyAddress : std::uint8_t { any, any4, any6 };
struct Address {
  std::variant<AnyAddress, Ip> value;
  SourceRange range;
};

struct Set;
struct PortRange {
  Integer low;
  std::optional<Integer> high;
};
/// `:443`, `:1-2`, `:{80, 443}`, `:$ports`
struct Ports {
  std::variant<PortRange, std::vector<Set>, Variable> value;  // the vector holds exactly one Set (it is recursive)
  SourceRange range;
};

struct Endpoint {
  std::variant<Address, Variable> host;
  std::optional<Ports> ports;
  SourceRange range;
};

struct NumberRange {
  Integer low;
  std::optional<Integer> high;
};
struct Alternatives {  // A | B | C of names: flags
  std::vector<Name> names;
};
struct Member {
  std::variant<NumberRange, String, Account, Alternatives, Endpoint> value;  // `VAR ports?` and `ip ports?` are Endpoints
  SourceRange range;
};
struct Set {
  std::vector<Member> members;
  SourceRange range;
};

/// `VAR ports?` and `addr ports?` are Endpoints; a bare variable is an Endpoint without ports.
struct Value {
  std::variant<String, Integer, Account, Set, Endpoint> value;
  SourceRange range;
};

// ---- accesses

using Path = std::variant<String, Variable>;
SourceRange range_of(const Path& path);

struct Place {
  bool tree = false;
  Path path;
  SourceRange range;
};

struct OwnerQualifier {
  std::variant<std::monostate, String, Variable> who;  // monostate: self
  SourceRange range;
};
struct ModeQualifier {
  Integer mode;
  SourceRange range;
};
struct TypeQualifier {
  std::vector<Name> types;
  bool inverted = false;  // not: every type but these
  SourceRange range;
};
struct RequestQualifier {
  std::vector<Name> requests;
  SourceRange range;
};
using Qualifier = std::variant<OwnerQualifier, ModeQualifier, TypeQualifier, RequestQualifier>;

struct FileAccess {
  std::vector<Name> verbs;
  std::vector<Place> places;
  std::optional<std::variant<String, Variable, Name>> target;  // after `->`: a path, or a policy's name, or unconfined
  std::vector<Qualifier> qualifiers;
};

struct Protocol {
  Name name;                // tcp, udp, sctp, icmp
  std::optional<Name> sub;  // stream, dgram, seqpacket, raw
};
struct InternetPeer {
  std::vector<Protocol> protocols;
  std::vector<Endpoint> endpoints;
};
struct UnixPeer {
  std::optional<Name> sub;
  std::vector<Path> paths;
  std::optional<String> abstract;
};
struct NetlinkPeer {
  std::vector<Name> protocols;
};
struct PacketPeer {
  std::optional<Name> sub;
};
struct FamilyPeer {  // inet, inet6, any: of every protocol and address
  Name family;
  std::optional<Name> sub;
};
/// A socket that only numbers tell from others, in questions: `inet stream protocol 33 192.0.2.1:80`.
struct NumberedPeer {
  Name family, type;
  Integer protocol;
  InternetPeer endpoint;  // without protocols
};
struct NetAccess {
  std::vector<Name> verbs;
  std::variant<InternetPeer, UnixPeer, NetlinkPeer, PacketPeer, FamilyPeer, NumberedPeer> peer;
  SourceRange peer_range;
};

// Conditions on system-call arguments.
struct Atom {
  std::variant<Integer, Name, Variable> value;
  SourceRange range;
};
struct Number {  // atoms joined by |
  std::vector<Atom> atoms;
  SourceRange range;
};
struct Mask {
  bool inverted = false;  // ~
  Number number;
  SourceRange range;
};
struct Argument {
  std::variant<Integer, Name> which;  // arg[N], or by name
  SourceRange range;
};
struct Comparison {
  Argument argument;
  std::optional<Mask> mask;
  std::string op;  // "==" "!=" "<" "<=" ">" ">=" "in"
  std::variant<Number, Set, Variable> right;
};
struct Condition {
  enum class Kind : std::uint8_t { comparison, negation, conjunction, disjunction };
  Kind kind = Kind::comparison;
  std::optional<Comparison> comparison;
  std::vector<Condition> terms;  // one for negation
  SourceRange range;
};

struct CallAccess {
  std::vector<std::variant<Name, Variable>> calls;
  std::optional<Condition> where;
};
struct IdentityAccess {  // setuid, setgid
  Name verb;
  Value value;  // `any` is an Endpoint whose host is AnyAddress::any
};
struct ClassAccess {  // capability, memory, namespace, time, mount, ipc
  Name verb;
  std::vector<Name> members;
};
struct PeerAccess {  // signal, ptrace ... to ...
  Name verb;
  std::vector<Name> what;
  std::vector<Name> peers;
};
struct ProcessAccess {  // fork, thread, socketpair
  std::vector<Name> verbs;
};

struct Access {
  std::variant<FileAccess, NetAccess, CallAccess, IdentityAccess, ClassAccess, PeerAccess, ProcessAccess> value;
  SourceRange range;
};

// ---- statements

struct Note {
  std::variant<String, Name> first;
  std::optional<Name> second;  // after a colon: wider: systrace
};
struct Annotation {
  Name name;
  std::vector<Note> notes;
  SourceRange range;
};
using Annotations = std::vector<Annotation>;

struct Rule {
  bool allow = true;
  Access access;
  SourceRange range;  // from `allow` or `deny` on; a statement's begins at its annotations
};
struct Let {
  Name name;
  Value value;
};
struct Program {
  std::vector<Path> paths;
};
struct Reaction {
  enum class Kind : std::uint8_t { deny, kill, hidden, log };  // log alone: let it happen and log it
  Kind kind = Kind::deny;
  std::optional<Name> error_name;
  bool log = false;
};
struct Default {
  Reaction reaction;
  std::vector<Name> scope;  // file, net, syscall, process or system calls; empty: bare
};
struct Usage {
  Name name;
  std::vector<Value> arguments;
  SourceRange range;
};
struct Use {
  std::vector<Usage> usages;
};
struct GuardTerm {
  Name subject;  // variant, os, arch
  bool equal = true;
  std::vector<Name> names;
  SourceRange range;
};
struct Guard {
  std::vector<GuardTerm> terms;
  SourceRange range;
};
struct Statement;
struct Block {
  std::vector<Statement> statements;
  SourceRange range;
};
struct When {
  Guard guard;
  Block then;
  std::optional<Block> otherwise;  // `else when` is a block of one statement
};
struct Raw {
  String text;
};
struct Option {
  Name name;
  std::vector<std::variant<Name, Integer, String>> words;
};
struct TargetEntry {
  std::variant<Raw, Option, Default> value;
  SourceRange range;
};
struct Target {
  Name name;
  std::vector<TargetEntry> entries;
};
struct Deploy {
  std::vector<Name> targets;
};
struct Limit {
  Name name;
  std::variant<Integer, Size> bound;
};
struct ExpectedRule {
  Annotations annotations;
  Rule rule;
  SourceRange range;
};
struct Expect {
  std::optional<Guard> guard;
  std::vector<ExpectedRule> rules;
};

struct Statement {
  Annotations annotations;
  std::variant<Let, Program, Default, Use, When, Target, Deploy, Limit, Expect, Rule> value;
  SourceRange range;
};

// ---- items

struct Import {
  String path;
};
struct Variant {
  Name name;
  std::vector<Name> systems;  // after `on`
  std::vector<Let> lets;
};
struct Abstraction {
  Name name;
  std::vector<Name> parameters;
  Block block;
};
struct Policy {
  Name name;
  Block block;
};
struct Overlay {
  Name name;
  Name of;  // the policy that it adds to
  Block block;
};
struct Item {
  Annotations annotations;
  std::variant<Import, Variant, Let, Abstraction, Policy, Overlay> value;
  SourceRange range;
};

struct File {
  diag::SourceId source;
  std::vector<Item> items;
};

}  // namespace polc::ast
