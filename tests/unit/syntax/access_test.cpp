#include <doctest/doctest.h>

#include "parsed.hpp"

using namespace polc;
using test::Parsed;
using test::statement_of;
using test::Texts;
using test::texts_of;

namespace {

ast::Access access_of(const std::string& text) {
  const auto statement = statement_of("allow " + text + ";");
  const auto* rule = std::get_if<ast::Rule>(&statement.value);
  return rule != nullptr ? rule->access : ast::Access{};
}

template <class Kind>
Kind as(const std::string& text) {
  const auto access = access_of(text);
  const auto* kind = std::get_if<Kind>(&access.value);
  REQUIRE_MESSAGE(kind != nullptr, text);
  return *kind;
}

ast::Condition condition_of(const std::string& text) {
  return as<ast::CallAccess>("syscall x where " + text).where.value();
}

std::string shape_of(const ast::Condition& c) {
  using Kind = ast::Condition::Kind;
  if (c.kind == Kind::comparison) return std::get<ast::Name>(c.comparison->argument.which).text;
  std::string text = c.kind == Kind::negation ? "!(" : c.kind == Kind::conjunction ? "&(" : "|(";
  for (const auto& term : c.terms) text += shape_of(term) + " ";
  text.back() = ')';
  return text;
}

}  // namespace

TEST_CASE("file access: verbs, places, target and qualifiers") {
  const auto a = as<ast::FileAccess>(
      R"(read, exec "/a", tree $b -> unconfined owner self type file, dir mode 0640 request R1, R2)");
  CHECK(texts_of(a.verbs) == Texts{"read", "exec"});
  REQUIRE(a.places.size() == 2);
  CHECK_FALSE(a.places[0].tree);
  CHECK(a.places[1].tree);
  CHECK(std::get<ast::Variable>(a.places[1].path).name == "b");
  CHECK(std::get<ast::Name>(*a.target).text == "unconfined");
  REQUIRE(a.qualifiers.size() == 4);
  CHECK(std::holds_alternative<std::monostate>(std::get<ast::OwnerQualifier>(a.qualifiers[0]).who));
  CHECK(texts_of(std::get<ast::TypeQualifier>(a.qualifiers[1]).types) == Texts{"file", "dir"});
  CHECK(std::get<ast::ModeQualifier>(a.qualifiers[2]).mode.value == 0640);
  CHECK(texts_of(std::get<ast::RequestQualifier>(a.qualifiers[3]).requests) == Texts{"R1", "R2"});
}

TEST_CASE("file access: a target may be a path, an owner a name or a variable") {
  const auto a = as<ast::FileAccess>(R"(rename "/a" -> "/b" owner "root")");
  CHECK(std::get<ast::String>(*a.target).raw == "/b");
  CHECK(std::get<ast::String>(std::get<ast::OwnerQualifier>(a.qualifiers.at(0)).who).raw == "root");
  const auto b = as<ast::FileAccess>(R"(link "/a" -> $b owner $o)");
  CHECK(std::get<ast::Variable>(*b.target).name == "b");
  CHECK(std::get<ast::Variable>(std::get<ast::OwnerQualifier>(b.qualifiers.at(0)).who).name == "o");
}

TEST_CASE("file access: every verb") {
  for (const std::string verb : {"read",    "write", "append", "create", "delete", "truncate", "rename", "link",
                                 "symlink", "mkdir", "mknod",  "chmod",  "chown",  "utime",    "xattr",  "stat",
                                 "list",    "chdir", "chroot", "exec",   "map",    "lock",     "ioctl",  "watch"})
    CHECK(texts_of(as<ast::FileAccess>(verb + " \"/x\"").verbs) == Texts{verb});
}

TEST_CASE("net access: protocols and endpoints") {
  const auto a = as<ast::NetAccess>("connect, send tcp, udp dgram any:53, 10.0.0.0/8:{80, 443}, [::1]:1-2, $e:$p");
  CHECK(texts_of(a.verbs) == Texts{"connect", "send"});
  const auto& peer = std::get<ast::InternetPeer>(a.peer);
  REQUIRE(peer.protocols.size() == 2);
  CHECK_FALSE(peer.protocols[0].sub);
  CHECK(peer.protocols[1].sub->text == "dgram");
  REQUIRE(peer.endpoints.size() == 4);
  CHECK(std::get<ast::AnyAddress>(std::get<ast::Address>(peer.endpoints[0].host).value) == ast::AnyAddress::any);
  CHECK(std::get<ast::PortRange>(peer.endpoints[0].ports->value).low.value == 53);
  CHECK(std::get<ast::Ip>(std::get<ast::Address>(peer.endpoints[1].host).value).prefix == 8);
  CHECK(std::get<std::vector<ast::Set>>(peer.endpoints[1].ports->value).at(0).members.size() == 2);
  CHECK(std::get<ast::PortRange>(peer.endpoints[2].ports->value).high->value == 2);
  CHECK(std::get<ast::Variable>(peer.endpoints[3].host).name == "e");
  CHECK(std::get<ast::Variable>(peer.endpoints[3].ports->value).name == "p");
}

TEST_CASE("net access: the other families") {
  const auto bare = std::get<ast::UnixPeer>(as<ast::NetAccess>("connect unix").peer);
  CHECK((!bare.sub && bare.paths.empty() && !bare.abstract));
  const auto paths = std::get<ast::UnixPeer>(as<ast::NetAccess>(R"(bind unix stream "/a", $b)").peer);
  CHECK(paths.sub->text == "stream");
  CHECK(paths.paths.size() == 2);
  const auto abstract = std::get<ast::UnixPeer>(as<ast::NetAccess>(R"(connect unix abstract "x/*")").peer);
  CHECK(abstract.abstract->raw == "x/*");
  CHECK(texts_of(std::get<ast::NetlinkPeer>(as<ast::NetAccess>("socket netlink route, audit").peer).protocols) ==
        Texts{"route", "audit"});
  CHECK(std::get<ast::NetlinkPeer>(as<ast::NetAccess>("socket netlink").peer).protocols.empty());
  CHECK(std::get<ast::PacketPeer>(as<ast::NetAccess>("socket packet raw").peer).sub->text == "raw");
  CHECK(std::get<ast::FamilyPeer>(as<ast::NetAccess>("receive any").peer).family.text == "any");
  CHECK(std::get<ast::InternetPeer>(as<ast::NetAccess>("listen, accept tcp").peer).endpoints.empty());
}

TEST_CASE("process accesses") {
  CHECK(std::get<ast::Account>(as<ast::IdentityAccess>("setuid user \"tor\" 100").value.value).id->value == 100);
  CHECK(as<ast::IdentityAccess>("setgid { 1, 2-3 }").verb.text == "setgid");
  const auto any = as<ast::IdentityAccess>("setuid any");
  CHECK(std::get<ast::AnyAddress>(std::get<ast::Address>(std::get<ast::Endpoint>(any.value.value).host).value) ==
        ast::AnyAddress::any);
  for (const std::string verb : {"capability", "memory", "namespace", "time", "mount", "ipc"}) {
    const auto a = as<ast::ClassAccess>(verb + " a, b");
    CHECK(a.verb.text == verb);
    CHECK(texts_of(a.members) == Texts{"a", "b"});
  }
  const auto signal = as<ast::PeerAccess>("signal hup, term to self, children");
  CHECK(texts_of(signal.what) == Texts{"hup", "term"});
  CHECK(texts_of(signal.peers) == Texts{"self", "children"});
  CHECK(as<ast::PeerAccess>("ptrace read to any").verb.text == "ptrace");
  CHECK(texts_of(as<ast::ProcessAccess>("fork, thread, socketpair").verbs) == Texts{"fork", "thread", "socketpair"});
}

TEST_CASE("conditions: `and` binds tighter than `or`, `not` applies to the next test") {
  CHECK(shape_of(condition_of("a == 1")) == "a");
  CHECK(shape_of(condition_of("a == 1 or b == 2 and c == 3")) == "|(a &(b c))");
  CHECK(shape_of(condition_of("(a == 1 or b == 2) and c == 3")) == "&(|(a b) c)");
  CHECK(shape_of(condition_of("not a == 1 and b == 2")) == "&(!(a) b)");
  CHECK(shape_of(condition_of("not not (a == 1 or b == 2)")) == "!(!(|(a b)))");
}

TEST_CASE("conditions: arguments, masks and right-hand sides") {
  const auto masked = *condition_of("flags & ~(CLONE_VM | 0x10 | $m) == -1").comparison;
  CHECK(masked.op == "==");
  REQUIRE(masked.mask);
  CHECK(masked.mask->inverted);
  REQUIRE(masked.mask->number.atoms.size() == 3);
  CHECK(std::get<ast::Name>(masked.mask->number.atoms[0].value).text == "CLONE_VM");
  CHECK(std::get<ast::Integer>(masked.mask->number.atoms[1].value).value == 16);
  CHECK(std::get<ast::Variable>(masked.mask->number.atoms[2].value).name == "m");
  const auto minus_one = std::get<ast::Integer>(std::get<ast::Number>(masked.right).atoms.at(0).value);
  CHECK(minus_one.negative);
  CHECK(minus_one.value == 1);

  const auto indexed = *condition_of("arg[2] in { A | B, 3 }").comparison;
  CHECK(std::get<ast::Integer>(indexed.argument.which).value == 2);
  CHECK(indexed.op == "in");
  const auto& set = std::get<ast::Set>(indexed.right);
  CHECK(std::get<ast::Alternatives>(set.members.at(0).value).names.size() == 2);
  CHECK(std::get<ast::Variable>(condition_of("a in $s").comparison->right).name == "s");
  CHECK(std::get<ast::Name>(condition_of("arg == 0").comparison->argument.which).text == "arg");

  for (const std::string op : {"==", "!=", "<", "<=", ">", ">="})
    CHECK(condition_of("a " + op + " X").comparison->op == op);
}

TEST_CASE("parse_access: what stands behind `allow`, with or without its semicolon") {
  diag::SourceMap sources;
  diag::Sink sink;
  const auto read = syntax::parse_access(sources, sources.add("<access>", "read \"/etc/passwd\""), sink);
  REQUIRE(read);
  CHECK(std::holds_alternative<ast::FileAccess>(read->value));
  CHECK(syntax::parse_access(sources, sources.add("<access>", "fork;"), sink));
  CHECK_FALSE(sink.has_errors());
  for (const char* wrong : {"", "allow read \"/x\"", "read", "read \"/x\" write", "raed \"/x\"", "fork; fork",
                            "read \"/x\"; #", "{", "\xFF"}) {
    diag::Sink errors;
    const auto access = syntax::parse_access(sources, sources.add("<access>", wrong), errors);
    CHECK_MESSAGE(access.has_value() == std::string_view(wrong).ends_with('#'), wrong);
    CHECK_MESSAGE(errors.error_count() == (access ? 0 : 1), wrong);
  }
}

TEST_CASE("file access: `any` and `modify` are verbs, `type not` inverts") {
  const auto a = as<ast::FileAccess>(R"(any, modify "/a" type not dir, fifo)");
  CHECK(texts_of(a.verbs) == Texts{"any", "modify"});
  const auto& types = std::get<ast::TypeQualifier>(a.qualifiers[0]);
  CHECK(types.inverted);
  CHECK(texts_of(types.types) == Texts{"dir", "fifo"});
}

TEST_CASE("net access: families as peers, `any` as verb") {
  const auto family = [](const std::string& text) { return std::get<ast::FamilyPeer>(as<ast::NetAccess>(text).peer); };
  CHECK(family("any inet stream").family.text == "inet");
  CHECK(family("any inet stream").sub->text == "stream");
  CHECK_FALSE(family("send inet6").sub.has_value());
  CHECK(family("any any raw").family.text == "any");
  CHECK(texts_of(as<ast::NetAccess>("any any").verbs) == Texts{"any"});
}

TEST_CASE("call access: names and variables") {
  const auto a = as<ast::CallAccess>("syscall read, $set, any");
  REQUIRE(a.calls.size() == 3);
  CHECK(std::get<ast::Variable>(a.calls[1]).name == "set");
  CHECK(std::get<ast::Name>(a.calls[2]).text == "any");
}
