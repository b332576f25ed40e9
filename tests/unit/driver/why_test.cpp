#include "evidence.hpp"

#include "diag/catalogue.hpp"
#include "driver/load.hpp"
#include "driver/why.hpp"

using namespace polc;
using namespace polc::driver_test;

namespace {

const std::string policy = R"(language 1;
policy demo {
  program "/usr/sbin/demo";
  default kill;
  default deny errno EACCES for file;
  allow read "/srv/a";
  allow syscall socket where domain == AF_UNIX;
}
policy other {
  program "/usr/sbin/other";
  allow syscall getpid;
}
)";

struct Answer {
  std::string text;
  bool refused = false;
  std::string_view id = {};  // of a message instead
};

Answer ask(const std::string& event) {
  const std::vector<std::string> files{"demo.pol"}, none;
  diag::SourceMap sources;
  diag::Sink sink;
  const driver::Loaded loaded = driver::load(files, none, sources, sink, {{"demo.pol", policy}});
  const auto replay = driver::Replay::open(files, loaded.program, {}, none, backends::all(), sources, sink);
  REQUIRE(replay);
  const auto answer = driver::why(*replay, event, sources, sink);
  if (!answer) return {"", false, sink.all().front().id};
  return {answer->text, answer->refused, ""};
}

const std::string seccomp_record =
    R"(Nov 23 10:00:00 host kernel: audit: type=1326 audit(1700000000.123:7): auid=4294967295 uid=0 gid=0 ses=4294967295 subj=unconfined pid=7 comm="demo" )"
    R"(exe="/usr/sbin/demo" sig=31 arch=c000003e syscall=296 compat=0 ip=0x7f0000000000 code=0x80000000)";
std::string apparmor(const std::string& rest) { return R"(type=AVC msg=audit(1700000000.1:2): apparmor="DENIED" )" + rest; }

}  // namespace

TEST_CASE("why: a SECCOMP record") {
  const Answer answer = ask(seccomp_record);
  CHECK(answer.refused);
  CHECK(has(answer.text, "pwritev (296 on x86_64), arguments unknown: refused by seccomp, kill\n"));
  CHECK(has(answer.text, "no rule allows it; demo.pol:4:3: default kill\n"));
  CHECK(has(answer.text, "add: allow syscall pwritev;"));
}

TEST_CASE("why: numbers are those of the record's architecture, and the program is its own") {
  std::string i386 = seccomp_record;
  i386.replace(i386.find("c000003e"), 8, "40000003");
  i386.replace(i386.find("syscall=296"), 11, "syscall=102");
  CHECK(has(ask(i386).text, "socketcall (102 on x86)"));
  std::string x32 = seccomp_record;
  x32.replace(x32.find("syscall=296"), 11, "syscall=1073741825");
  CHECK(has(ask(x32).text, "write (1073741825 on x32)"));
  std::string other = seccomp_record;
  other.replace(other.find("/usr/sbin/demo"), 14, "/usr/sbin/none");
  CHECK(ask(other).id == diag::no_policy_governs.id);
  std::string hex = seccomp_record;  // audit writes a name with a blank so
  hex.replace(hex.find("\"/usr/sbin/demo\""), 16, "2F7573722F7362696E2F64656D6F");
  CHECK(ask(hex).refused);
  std::string logged = seccomp_record;
  logged.replace(logged.find("0x80000000"), 10, "0x7ffc0000");
  CHECK(has(ask(logged).text, "it happened"));
  std::string error = seccomp_record;
  error.replace(error.find("0x80000000"), 10, "0x50001");
  CHECK(has(ask(error).text, "refused by seccomp, errno 1"));
}

TEST_CASE("why: of a call that is allowed in part, what is allowed") {
  std::string socket = seccomp_record;
  socket.replace(socket.find("syscall=296"), 11, "syscall=41");
  CHECK(has(ask(socket).text, "allowed of it: demo.pol:7:3  allow syscall socket where domain == AF_UNIX;"));
}

TEST_CASE("why: AppArmor's records, with and without class=") {
  const Answer file = ask(apparmor(R"(operation="open" class="file" profile="demo" name="/srv/b" pid=1 comm="demo" requested_mask="r" denied_mask="r" fsuid=0 ouid=0)"));
  CHECK(file.refused);
  CHECK(has(file.text, "read \"/srv/b\": refused by apparmor, denied\n"));
  CHECK(has(file.text, "demo.pol:6:3: allow read \"/srv/a\", \"/srv/b\";"));
  CHECK(!ask(apparmor(R"(operation="open" profile="demo" name="/srv/a" requested_mask="r" denied_mask="r")")).refused);
  CHECK(has(ask(apparmor(R"(operation="mkdir" profile="demo" name="/srv/d/" requested_mask="c" denied_mask="c")")).text, "add: allow mkdir \"/srv/d\" type dir;"));
  CHECK(has(ask(apparmor(R"(operation="connect" class="net" profile="demo" family="inet" sock_type="stream" protocol=6 requested="connect" denied="connect" faddr=192.0.2.1 fport=443)")).text,
            "add: allow connect tcp 192.0.2.1:443;"));
  CHECK(has(ask(apparmor(R"(operation="capable" class="cap" profile="demo" capability=12 capname="net_admin")")).text, "add: allow capability net_admin;"));
  CHECK(has(ask(apparmor(R"(operation="signal" class="signal" profile="demo" requested_mask="send" denied_mask="send" signal=term peer="x")")).text, "add: allow signal term to any;"));
  CHECK(has(ask(apparmor(R"(operation="open" info="Failed name lookup - disconnected path" error=-13 profile="demo" name="srv/x" requested_mask="r" denied_mask="r")")).text, "attach_disconnected"));
  CHECK(ask(apparmor(R"(operation="open" profile="strange" name="/srv/b" requested_mask="r" denied_mask="r")")).id == diag::no_policy_governs.id);
}

TEST_CASE("why: Landlock's and SELinux's records") {
  const std::string landlock = R"(type=LANDLOCK_ACCESS msg=audit(1700000000.1:3): domain=16f3f5036 blockers=fs.read_file path="/srv/b" dev="vda" ino=409622)";
  CHECK(has(ask("exe=\"/usr/sbin/demo\" " + landlock).text, "add: allow") == false);  // a name more in the rule's list
  CHECK(has(ask("exe=\"/usr/sbin/demo\" " + landlock).text, "\"/srv/b\";"));
  CHECK(has(ask(R"(exe="/usr/sbin/demo" domain=1 blockers=fs.make_reg path="/srv" dev="vda" ino=4)").text, "put the name in the place of `*`"));
  CHECK(has(ask(R"(exe="/usr/sbin/demo" domain=1 blockers=net.bind_tcp src=80)").text, "add: allow bind tcp any:80;"));
  const std::string selinux = R"(type=AVC msg=audit(1.2:3): avc:  denied  { read } for  pid=1 comm="demo" exe="/usr/sbin/demo" name="shadow" scontext=u:r:demo_t:s0 tcontext=u:r:shadow_t:s0 tclass=file permissive=0)";
  CHECK(has(ask(selinux).text, "SELinux decides by types"));
}

TEST_CASE("why: what is no event is told, whatever its bytes") {
  CHECK(ask("gargle").id == diag::no_event.id);
  CHECK(ask("").id == diag::no_event.id);
  CHECK(ask(std::string("\0\xff=\"", 4)).id == diag::no_event.id);
  CHECK(ask(std::string(100'000, '=')).id == diag::no_event.id);
}
