// The reader's grammar and the way it decides, apart from anything that polc prints.
#include "acl.hpp"

using namespace polc;
using namespace polc::grsecurity::tests;

namespace {

std::string acl(std::string_view more) { return "subject /usr/sbin/d o\n/ h\n-CAP_ALL\n" + std::string(more); }

}  // namespace

TEST_CASE("read: newlines only separate, and an object without a mode can be found") {
  const auto made = reader_of("subject /d o { / h /etc\nr /srv\n/var w }");
  CHECK(made.permits(at(FileVerb::read, "/etc/x")));
  CHECK(made.permits(at(FileVerb::stat, "/srv/x")));
  CHECK_FALSE(made.permits(at(FileVerb::read, "/srv/x")));
  CHECK(made.permits(at(FileVerb::read, "/srv/x", FileType::dir)));
  CHECK(made.permits(at(FileVerb::append, "/var/x")));
}

TEST_CASE("read: a hash begins a comment, but not inside a path; quotes hold blanks") {
  const auto made = reader_of(acl("/a#b r # not w\n\"/c d\" w"));
  CHECK(made.permits(at(FileVerb::read, "/a#b")));
  CHECK_FALSE(made.permits(at(FileVerb::write, "/a#b")));
  CHECK(made.permits(at(FileVerb::write, "/c d/e")));
}

TEST_CASE("read: an object covers whole components") {
  const auto made = reader_of(acl("/ab r\n/ab/c h"));
  CHECK(made.permits(at(FileVerb::read, "/ab/d")));
  CHECK_FALSE(made.permits(at(FileVerb::stat, "/abc")));
  CHECK_FALSE(made.permits(at(FileVerb::stat, "/ab/c/d")));
}

TEST_CASE("read: what may be read and written may be moved, also without c and d") {
  const auto made = reader_of(acl("/a rw\n/b w\n/c rwcd"));
  const auto move = [](std::string from, std::string to) {
    return ir::PairPoint{FileVerb::rename, std::move(from), std::move(to), FileType::file, {}};
  };
  CHECK(made.permits(move("/a/x", "/c/x")));
  CHECK(made.permits(move("/a/x", "/a/y")));
  CHECK_FALSE(made.permits(move("/b/x", "/a/x")));
  CHECK_FALSE(made.permits(move("/a/x", "/b/x")));
}

TEST_CASE("read: a socket is decided by all types and all protocols, apart from each other") {
  const auto made = reader_of(acl("connect 1.2.3.4:80 stream tcp\nbind 0.0.0.0:53 dgram udp"));
  CHECK(made.permits(socket_of(2, 1, 17)));
  CHECK(made.permits(socket_of(2, 2 | 02000000, 0)));  // SOCK_CLOEXEC does not count
  CHECK_FALSE(made.permits(socket_of(2, 3, 0)));
  CHECK_FALSE(made.permits(socket_of(2, 1, 1)));
  CHECK(made.permits(socket_of(1, 5, 0)));
  CHECK_FALSE(made.permits(socket_of(16, 3, 0)));
  CHECK(reader_of(acl("connect disabled\nbind disabled"), settings("2.1")).permits(socket_of(16, 3, 0)));
}

TEST_CASE("read: proto:6 is not tcp") {
  const auto made = reader_of(acl("connect 0.0.0.0/0 stream proto:6\nbind disabled"));
  CHECK(made.permits(to(NetVerb::connect, 1, 1, SocketType::stream, 6)));
  CHECK_FALSE(made.permits(to(NetVerb::connect, 1, 1, SocketType::stream, 0)));
  CHECK_FALSE(made.permits(socket_of(2, 1, 0)));
}

TEST_CASE("read: a list of accounts opens just these, and a comment gives their numbers") {
  const auto made = reader_of(acl("# user tor is 107\nuser_transition_allow tor nobody"));
  const auto user = [](std::string name, bool has_id, std::uint32_t id) {
    return ir::IdentityPoint{ir::IdentityKind::user, {std::move(name), has_id, id}};
  };
  CHECK(made.permits(user("tor", true, 107)));
  CHECK(made.permits(user("", true, 107)));
  CHECK_FALSE(made.permits(user("", true, 0)));
  CHECK(made.permits(user("nobody", false, 0)));
  CHECK_FALSE(made.permits(user("root", true, 0)));
  CHECK(reader_of("subject /d o\n/ h\n-CAP_ALL\n+CAP_SETUID\n").permits(user("root", true, 0)));
  CHECK_FALSE(refusal_of(acl("user_transition_allow a\nuser_transition_deny b")).empty());
}

TEST_CASE("read: mistakes are reported with their line") {
  const auto line_of = [](std::string_view text) {
    const auto read = grsecurity::backend().read(text, {}, settings());
    return read ? 0u : read.error().line;
  };
  CHECK(line_of("subject /d o\n/ h\n/etc rQ\n") == 3);
  CHECK(line_of("subject /d o\n/ h\n\n+CAP_NOPE\n") == 4);
  CHECK(line_of("/etc r\n") == 1);
  CHECK(line_of("subject /d o\n/ h\ninclude </etc/x>\n") == 3);
  CHECK(line_of("subject /d o\n/ h\n\"/a\n") == 3);
  CHECK(line_of("") == 1);
}

TEST_CASE("read: what belongs to a role or opens nothing is read over, each word with its value") {
  const auto whole = settings("3.1", "policy");
  const std::string tail = "subject /\n/ h\n-CAP_ALL\n";
  CHECK(refusal_of("role default\nrole_allow_ip 192.0.2.1\nrole_transitions a b c\nrole_umask 077\n" + tail, whole).empty());
  CHECK_FALSE(refusal_of("role default\nrole_allow_ip\n" + tail, whole).empty());
  CHECK_FALSE(refusal_of("role default\nrole_no_such x\n" + tail, whole).empty());
  CHECK_FALSE(refusal_of("role_allow_ip 192.0.2.1\nrole default\n" + tail, whole).empty());
  CHECK_FALSE(refusal_of("role default\nrole_umask 077\n" + tail, settings("2.1", "policy")).empty());
  CHECK(refusal_of(acl("ip_override 192.0.2.1")).empty());
  CHECK_FALSE(refusal_of(acl("ip_override 192.0.2.1"), settings("2.1")).empty());
  CHECK_FALSE(refusal_of(acl("ip_override nowhere:x")).empty());
  CHECK(refusal_of(acl("+PAX_MPROTECT\n-PAX_RANDMMAP")).empty());
  CHECK_FALSE(refusal_of(acl("+PAX_NOTHING")).empty());
}

TEST_CASE("read: socket families open their own sockets, all opens every one, and a word that is none is refused") {
  const auto made = reader_of(acl("connect disabled\nbind disabled\nsock_allow_family netlink packet"));
  CHECK(made.permits(socket_of(16, 3, 0)));
  CHECK(made.permits(socket_of(17, 3, 0)));
  CHECK_FALSE(made.permits(socket_of(10, 1, 0)));
  CHECK(reader_of(acl("connect disabled\nbind disabled\nsock_allow_family all")).permits(socket_of(10, 1, 0)));
  CHECK_FALSE(refusal_of(acl("sock_allow_family")).empty());
  CHECK_FALSE(refusal_of(acl("sock_allow_family chaos")).empty());
  CHECK_FALSE(refusal_of(acl("sock_allow_family netlink"), settings("2.1")).empty());
}

TEST_CASE("read: a capability may say audit or suppress, and the last of several lines holds") {
  const auto made = reader_of(acl("+CAP_CHOWN audit\n+CAP_KILL suppress\n-CAP_KILL"));
  CHECK(made.permits(ir::CapabilityPoint{0}));
  CHECK_FALSE(made.permits(ir::CapabilityPoint{5}));
  CHECK_FALSE(made.permits(ir::CapabilityPoint{21}));
  CHECK_FALSE(refusal_of(acl("+CAP_CHOWN audit"), settings("2.1")).empty());
}

TEST_CASE("read: a policy needs the role default and its subject /") {
  const auto whole = settings("3.1", "policy");
  CHECK(refusal_of("role default\nsubject /\n/ h\n-CAP_ALL\n", whole).empty());
  CHECK_FALSE(refusal_of("role tor u\nsubject /\n/ h\n", whole).empty());
  CHECK_FALSE(refusal_of("role default\nsubject /d o\n/ h\n", whole).empty());
  CHECK_FALSE(refusal_of("subject /\n/ h\n", whole).empty());
}

TEST_CASE("read: limits are checked") {
  CHECK(refusal_of(acl("RES_NOFILE 64 64\nRES_CPU 10m unlimited\nRES_AS 1G 2G")).empty());
  CHECK_FALSE(refusal_of(acl("RES_NOFILE 64")).empty());
  CHECK_FALSE(refusal_of(acl("RES_NOPE 1 1")).empty());
  CHECK_FALSE(refusal_of(acl("RES_RTPRIO 1 1"), settings("2.1")).empty());
}

TEST_CASE("emit: limits, raw text, several programs and notes") {
  ir::Policy policy = policy_of({});
  policy.programs = {"/usr/sbin/d", "/usr/sbin/e f"};
  policy.limits.push_back({7, 64, {}});
  policy.raws.push_back({"grsecurity", "/srv r", {}, {}});
  const auto made = compile(policy);
  CHECK(has_line(made, "RES_NOFILE 64 64"));
  CHECK(has_line(made, "subject /usr/sbin/d o {"));
  CHECK(has_line(made, "subject \"/usr/sbin/e f\" o {"));
  CHECK(target::permits(*made.reading, at(FileVerb::read, "/srv/x")));
}

TEST_CASE("emit: a socket without an address is opened by a rule that permits none") {
  ir::CallBox socket{{*knowledge::find_call(Os::linux_os, "socket")}, {}};
  for (const auto& [argument, value] : {std::pair<std::uint8_t, std::uint64_t>{0, 2}, {1, 2}, {2, 17}})
    socket.where.terms.push_back(
        {ir::Condition::Kind::test, {argument, 0xFFFF'FFFFu, sets::Compare::equal, value, 32, false}, {}});
  const auto made = compile(policy_of({rule(Effect::allow, {socket})}));
  CHECK(has_line(made, "connect ! 0.0.0.0/0 dgram proto:17"));
  CHECK(target::permits(*made.reading, socket_of(2, 2, 17)));
  CHECK_FALSE(target::permits(*made.reading, to(NetVerb::connect, 1, 1, SocketType::dgram, 17)));
}
