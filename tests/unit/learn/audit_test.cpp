// The reader of audit records: each way that they are written down, each pitfall, and logs that are cut between any two lines.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "learn/evidence_text.hpp"
#include "learn/read_log.hpp"

using namespace polc;
using namespace polc::learn;

namespace {

Evidence evidence_of(const std::string& text, const std::string& name = "audit.log") {
  REQUIRE(log_kind_of(text) == LogKind::audit);
  LogReader reader(name, "", {}, LogKind::audit);
  reader.add(text);
  diag::Sink sink;
  auto evidence = reader.finish(sink);
  REQUIRE(evidence);
  return *evidence;
}

std::vector<std::string> events_in(const Evidence& evidence) {
  std::vector<std::string> all;
  for (const Event& event : evidence.events) {
    std::uint64_t count = 0;
    for (const Place& place : event.places) count += place.count;
    all.push_back(event.program + ": " + text_of(event.outcome) + " " + event.access + (count == 1 ? "" : " x" + std::to_string(count)));
  }
  std::ranges::sort(all);
  return all;
}
std::vector<std::string> events_of(const std::string& text) { return events_in(with_parts_joined(evidence_of(text), "")); }
using Events = std::vector<std::string>;

const std::string head = "type=SYSCALL msg=audit(1700000000.123:7): arch=c000003e ";
const std::string whose = "ppid=1 pid=9 auid=0 uid=0 gid=0 euid=0 comm=\"x\" exe=\"/bin/x\" key=(null)\n";
const std::string end = "type=PROCTITLE msg=audit(1700000000.123:7): proctitle=78\n";

std::string event(const std::string& call, const std::string& others) { return head + call + whose + others + end; }
std::string path(const std::string& name, const std::string& nametype, unsigned item = 0) {
  return "type=PATH msg=audit(1700000000.123:7): item=" + std::to_string(item) + " name=" + name + " inode=1 mode=0100644 ouid=0 nametype=" + nametype + "\n";
}
const std::string cwd = "type=CWD msg=audit(1700000000.123:7): cwd=\"/srv\"\n";

// A log with events of several records each.
std::vector<std::string> long_log() {
  std::vector<std::string> lines;
  for (int i = 0; i < 12; ++i) {
    const std::string mark = "msg=audit(1700000000.5:" + std::to_string(100 + i) + "): ";
    lines.push_back("type=SYSCALL " + mark + "arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7f a2=0 a3=0 items=1 pid=9 exe=\"/bin/x\" comm=\"x\"\n");
    lines.push_back("type=CWD " + mark + "cwd=\"/srv\"\n");
    lines.push_back("type=PATH " + mark + "item=0 name=\"file" + std::to_string(i % 5) + "\" nametype=NORMAL\n");
    lines.push_back("type=PROCTITLE " + mark + "proctitle=78\n");
  }
  return lines;
}

// Events whose records are interleaved; a refusal that stands before the call it was met in; a domain's program that only its first record names.
std::vector<std::string> mixed_log() {
  const auto mark = [](int serial) { return " msg=audit(1700000000.5:" + std::to_string(serial) + "): "; };
  const std::string call = "arch=c000003e syscall=257 success=no exit=-13 a0=ffffff9c a1=7f a2=0 a3=0 items=2 pid=9 exe=\"/bin/x\" comm=\"x\"\n";
  std::vector<std::string> lines;
  for (int i = 100; i < 130; i += 10) {
    for (const int serial : {i, i + 1}) lines.push_back("type=SYSCALL" + mark(serial) + call);
    for (const int serial : {i, i + 1}) lines.push_back("type=CWD" + mark(serial) + "cwd=\"/srv\"\n");
    for (const int serial : {i, i + 1}) lines.push_back("type=PATH" + mark(serial) + "item=0 name=\"/srv\" nametype=PARENT\n");
    for (const int serial : {i, i + 1}) lines.push_back("type=PATH" + mark(serial) + "item=1 name=\"file" + std::to_string(serial) + "\" nametype=UNKNOWN\n");
    for (const int serial : {i, i + 1}) lines.push_back("type=PROCTITLE" + mark(serial) + "proctitle=78\n");
    lines.push_back("type=AVC" + mark(i + 2) + "apparmor=\"DENIED\" operation=\"open\" profile=\"x\" name=\"/etc/a\" requested_mask=\"r\" denied_mask=\"r\"\n");
    lines.push_back("type=SYSCALL" + mark(i + 2) + call);
    lines.push_back("type=PROCTITLE" + mark(i + 2) + "proctitle=78\n");
    if (i == 100) lines.push_back("type=LANDLOCK_ACCESS" + mark(i + 3) + "domain=16f blockers=fs.read_file path=\"/etc/b\" dev=\"vda\" ino=4\n");
    if (i == 100) lines.push_back("type=LANDLOCK_DOMAIN" + mark(i + 3) + "domain=16f status=allocated mode=enforcing pid=9 uid=0 exe=\"/bin/l\" comm=\"l\"\n");
    lines.push_back("type=LANDLOCK_ACCESS" + mark(i + 4) + "domain=16f blockers=fs.read_file path=\"/etc/c\" dev=\"vda\" ino=5\n");
    lines.push_back("type=PROCTITLE" + mark(i + 4) + "proctitle=78\n");
  }
  return lines;
}

std::string joined(const std::vector<std::string>& lines, std::size_t from, std::size_t to) {
  std::string text;
  for (std::size_t i = from; i < to; ++i) text += lines[i];
  return text;
}

}  // namespace

TEST_CASE("audit: a call with its names, as auditd writes it, enriched or not, with the host before it or not") {
  const std::string opened = event("syscall=257 success=yes exit=3 a0=ffffff9c a1=7ffd a2=80000 a3=0 items=1 ", cwd + path("\"../etc/a\"", "NORMAL"));
  CHECK(events_of(opened) == Events{"/bin/x: ok read \"/etc/a\""});
  std::string enriched = opened;
  for (std::size_t at = enriched.find("key=(null)"); at != enriched.npos; at = enriched.find("key=(null)", at + 20)) enriched.insert(at + 10, "\x1d" "ARCH=x86_64 SYSCALL=openat AUID=\"unset\" exe=\"/bin/liar\"");
  CHECK(events_of(enriched) == Events{"/bin/x: ok read \"/etc/a\""});
  std::string with_node = opened;
  for (std::size_t at = with_node.find("type="); at != with_node.npos; at = with_node.find("type=", at + 20)) with_node.insert(at, "node=web1 ");
  CHECK(events_of(with_node) == Events{"/bin/x: ok read \"/etc/a\""});
}

TEST_CASE("audit: names in hex, and a name in quotes that looks like hex") {
  CHECK(events_of(event("syscall=257 success=no exit=-13 a0=ffffff9c a1=0 a2=1 a3=0 items=1 ", cwd + path("2F7372762F612062", "NORMAL"))) == Events{"/bin/x: EACCES call=openat write \"/srv/a b\""});
  CHECK(events_of(event("syscall=257 success=yes exit=3 a0=ffffff9c a1=0 a2=0 a3=0 items=1 ", cwd + path("\"6162\"", "NORMAL"))) == Events{"/bin/x: ok read \"/srv/6162\""});
}

TEST_CASE("audit: making, renaming and removing, beside the folders above") {
  CHECK(events_of(event("syscall=257 success=yes exit=3 a0=ffffff9c a1=0 a2=241 a3=1a4 items=2 ", cwd + path("\"/srv\"", "PARENT") + path("\"new\"", "CREATE", 1))) ==
        Events{"/bin/x: ok create \"/srv/new\" type file mode 0644", "/bin/x: ok truncate \"/srv/new\"", "/bin/x: ok write \"/srv/new\""});
  CHECK(events_of(event("syscall=82 success=yes exit=0 a0=1 a1=2 a2=0 a3=0 items=4 ", cwd + path("\"/srv\"", "PARENT") + path("\"/srv\"", "PARENT", 1) + path("\"a\"", "DELETE", 2) + path("\"b\"", "CREATE", 3))) ==
        Events{"/bin/x: ok rename \"/srv/a\" -> \"/srv/b\""});
  // Over a name that is there already, whose record may come first: records of two parts of a log come in any order.
  CHECK(events_of(event("syscall=82 success=yes exit=0 a0=1 a1=2 a2=0 a3=0 items=5 ", cwd + path("\"b\"", "DELETE", 3) + path("\"a\"", "DELETE", 2) + path("\"b\"", "CREATE", 4))) ==
        Events{"/bin/x: ok rename \"/srv/a\" -> \"/srv/b\""});
  CHECK(events_of(event("syscall=87 success=no exit=-2 a0=1 items=1 ", cwd + path("\"gone\"", "UNKNOWN"))) == Events{"/bin/x: ENOENT call=unlink delete \"/srv/gone\""});
}

TEST_CASE("audit: addresses of both byte orders, unix names, arguments that decide, and another architecture") {
  const auto address = [](const std::string& bytes) { return "type=SOCKADDR msg=audit(1700000000.123:7): saddr=" + bytes + "\n"; };
  CHECK(events_of(event("syscall=42 success=yes exit=0 a0=3 a1=1 a2=10 ", address("020001BB0A0000010000000000000000"))) == Events{"/bin/x: ok connect tcp 10.0.0.1:443"});
  CHECK(events_of(event("syscall=42 success=yes exit=0 a0=3 a1=1 a2=10 ", address("000201BB0A0000010000000000000000"))) == Events{"/bin/x: ok connect tcp 10.0.0.1:443"});
  CHECK(events_of(event("syscall=42 success=no exit=-2 a0=3 a1=1 a2=6e ", address("01002F72756E2F7800"))) == Events{"/bin/x: ENOENT call=connect connect unix \"/run/x\""});
  CHECK(events_of(event("syscall=16 success=yes exit=0 a0=0 a1=5401 a2=7f ", "")) == Events{"/bin/x: ok syscall ioctl where request == TCGETS"});
  const std::string i386 = "type=SYSCALL msg=audit(1700000000.123:7): arch=40000003 syscall=20 success=yes exit=9 a0=0 a1=0 a2=0 a3=0 " + whose + end;
  CHECK(events_of(i386) == Events{"/bin/x: ok syscall getpid"});
}

TEST_CASE("audit: a name that is relative to a descriptor, or is none, is never a name below the working directory") {
  CHECK(events_of(event("syscall=257 success=yes exit=4 a0=5 a1=7f a2=0 a3=0 items=1 ", cwd + path("\"shadow\"", "NORMAL"))).empty());
  CHECK(events_of(event("syscall=257 success=yes exit=4 a0=5 a1=7f a2=0 a3=0 items=1 ", cwd + path("\"/etc/a\"", "NORMAL"))) == Events{"/bin/x: ok read \"/etc/a\""});
  CHECK(events_of(event("syscall=260 success=yes exit=0 a0=5 a1=7f a2=0 a3=0 items=1 ", cwd + path("(null)", "NORMAL"))) == Events{"/bin/x: ok syscall fchownat"});
  CHECK(events_of(event("syscall=260 success=yes exit=0 a0=ffffffffffffff9c a1=7f a2=0 a3=0 items=1 ", cwd + path("\"a\"", "NORMAL"))) == Events{"/bin/x: ok chown \"/srv/a\""});
  CHECK(events_of(event("syscall=262 success=yes exit=0 a0=5 a1=7f a2=0 a3=1000 items=1 ", cwd + path("\"\"", "NORMAL"))) == Events{"/bin/x: ok syscall newfstatat"});
  CHECK(events_of(event("syscall=264 success=yes exit=0 a0=ffffff9c a1=1 a2=6 a3=2 items=4 ", cwd + path("\"a\"", "DELETE", 2) + path("\"b\"", "CREATE", 3))) == Events{"/bin/x: ok syscall renameat"});
}

TEST_CASE("audit: how openat2 opens is in a record of its own; without it nothing is said") {
  const auto opened = [](const std::string& how) { return events_of(event("syscall=437 success=yes exit=4 a0=ffffff9c a1=7f a2=7ffd a3=18 items=1 ", how + cwd + path("\"f\"", "CREATE"))); };
  CHECK(opened("type=OPENAT2 msg=audit(1700000000.123:7): oflag=0100102 mode=0600 resolve=0x8\n") ==
        Events{"/bin/x: ok create \"/srv/f\" type file mode 0600", "/bin/x: ok read \"/srv/f\"", "/bin/x: ok write \"/srv/f\""});
  CHECK(opened("").empty());
}

TEST_CASE("audit: numbers say what a call is for: processes, signals, accounts, memory, sockets, links and nodes") {
  const auto called = [](const std::string& numbers) { return events_of(event("syscall=" + numbers + " ", "")); };
  CHECK(called("56 success=yes exit=10 a0=1200011 a1=0 a2=0 a3=0") == Events{"/bin/x: ok fork"});
  CHECK(called("56 success=yes exit=10 a0=3d0f00 a1=7f a2=0 a3=0") == Events{"/bin/x: ok thread"});
  CHECK(called("435 success=yes exit=10 a0=7f a1=58 a2=0 a3=0") == Events{"/bin/x: ok syscall clone3"});
  CHECK(called("272 success=no exit=-1 a0=10000000 a1=0 a2=0 a3=0") == Events{"/bin/x: EPERM call=unshare namespace user", "/bin/x: EPERM call=unshare syscall unshare"});
  CHECK(called("62 success=yes exit=0 a0=a a1=f a2=0 a3=0") == Events{"/bin/x: ok signal term to any"});
  CHECK(called("62 success=yes exit=0 a0=9 a1=a a2=0 a3=0") == Events{"/bin/x: ok signal usr1 to self"});
  CHECK(called("62 success=yes exit=0 a0=a a1=0 a2=0 a3=0") == Events{"/bin/x: ok syscall kill where sig == 0"});
  CHECK(called("105 success=yes exit=0 a0=21 a1=0 a2=0 a3=0") == Events{"/bin/x: ok setuid 33"});
  CHECK(called("117 success=yes exit=0 a0=ffffffff a1=21 a2=ffffffff a3=0") == Events{"/bin/x: ok setuid 33"});
  CHECK(called("9 success=yes exit=7f a0=0 a1=1000 a2=7 a3=22") == Events{"/bin/x: ok memory exec_anonymous", "/bin/x: ok memory write_exec"});
  CHECK(called("9 success=yes exit=7f a0=0 a1=1000 a2=3 a3=22") == Events{"/bin/x: ok syscall mmap where prot == PROT_READ|PROT_WRITE"});
  CHECK(called("9 success=yes exit=7f a0=0 a1=1000 a2=5 a3=2").empty());  // code of a file that nobody names
  CHECK(called("10 success=yes exit=0 a0=7f a1=1000 a2=5 a3=0") == Events{"/bin/x: ok memory exec_anonymous"});
  CHECK(called("41 success=yes exit=3 a0=2 a1=80001 a2=6 a3=0") ==
        Events{"/bin/x: ok syscall socket where domain == AF_INET and type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK) == SOCK_STREAM and protocol in { 0, 6 }"});
  CHECK(called("44 success=yes exit=3 a0=3 a1=7f a2=5 a3=0") == Events{"/bin/x: ok syscall sendto where dest_addr == 0"});
  CHECK(events_of(event("syscall=44 success=yes exit=3 a0=3 a1=7f a2=5 a3=0 ", "type=SOCKADDR msg=audit(1700000000.123:7): saddr=02000035080808080000000000000000\n")) ==
        Events{"/bin/x: ok send udp 8.8.8.8:53", "/bin/x: ok syscall sendto"});
  CHECK(events_of(event("syscall=88 success=yes exit=0 a0=1 a1=1 a2=0 a3=0 items=2 ", cwd + path("\"/srv\"", "PARENT") + path("\"l\"", "CREATE", 1))) == Events{"/bin/x: ok symlink \"/srv/l\""});
  CHECK(events_of(event("syscall=133 success=yes exit=0 a0=1 a1=11a4 a2=0 a3=0 items=2 ", cwd + path("\"/srv\"", "PARENT") + path("\"p\"", "CREATE", 1))) ==
        Events{"/bin/x: ok create \"/srv/p\" type fifo mode 0644"});
  CHECK(events_of(event("syscall=59 success=no exit=-13 a0=1 a1=1 a2=0 a3=0 items=1 ", cwd + path("\"y\"", "NORMAL"))) == Events{"/bin/x: EACCES call=execve exec \"/srv/y\""});
  CHECK(called("202 success=no exit=-512 a0=7f a1=0 a2=0 a3=0") == Events{"/bin/x: ok syscall futex"});
}

TEST_CASE("audit: refusals, and trials that let it happen, from the kernel log and the journal") {
  CHECK(events_of("[   12.345678] audit: type=1326 audit(1700000000.1:5): auid=0 uid=0 gid=0 ses=1 subj=? pid=9 comm=\"nginx\" exe=\"/usr/sbin/nginx\" sig=31 arch=c000003e syscall=296 compat=0 ip=0x7f code=0x80000000\n") ==
        Events{"/usr/sbin/nginx: refused=seccomp syscall pwritev"});
  CHECK(events_of("Nov 30 12:00:01 web kernel: audit: type=1326 audit(1700000000.1:5): auid=0 pid=9 comm=612062 exe=2F62696E2F612062 sig=0 arch=c000003e syscall=110 compat=0 ip=0x7f code=0x7ffc0000\n") ==
        Events{"/bin/a b: would=seccomp syscall getppid"});
  CHECK(events_of("type=AVC msg=audit(1700000000.1:5): apparmor=\"ALLOWED\" operation=\"open\" class=\"file\" profile=\"/usr/sbin/x\" name=\"/etc/a\" pid=9 comm=\"x\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0\n") ==
        Events{"/usr/sbin/x: would=apparmor read \"/etc/a\""});
  CHECK(events_of("type=1400 audit(1700000000.1:5): apparmor=\"DENIED\" operation=\"capable\" profile=\"/usr/sbin/x\" pid=9 comm=\"x\" capability=12 capname=\"net_admin\"\n") ==
        Events{"/usr/sbin/x: refused=apparmor capability net_admin"});
  CHECK(events_of("type=LANDLOCK_DOMAIN msg=audit(1700000000.1:4): domain=16f status=allocated mode=enforcing pid=9 uid=0 exe=\"/bin/x\" comm=\"x\"\n"
                  "type=PROCTITLE msg=audit(1700000000.1:4): proctitle=78\n"
                  "type=LANDLOCK_ACCESS msg=audit(1700000000.1:5): domain=16f blockers=fs.read_file path=\"/etc/shadow\" dev=\"vda\" ino=4\n"
                  "type=PROCTITLE msg=audit(1700000000.1:5): proctitle=78\n") == Events{"/bin/x: refused=landlock read \"/etc/shadow\""});
}

TEST_CASE("audit: what AppArmor asked for, and nothing for what the language has no word") {
  const auto told = [](const std::string& fields) {
    return events_of("type=1400 audit(1700000000.1:5): apparmor=\"ALLOWED\" profile=\"/bin/x\" pid=9 comm=\"x\" " + fields + "\n");
  };
  const std::string unix_socket = "class=\"net\" family=\"unix\" sock_type=\"stream\" protocol=0 ";
  CHECK(told("operation=\"bind\" requested=\"bind\" denied=\"bind\" addr=\"@abc\" " + unix_socket) == Events{"/bin/x: would=apparmor bind unix stream abstract \"abc\""});
  CHECK(told("operation=\"connect\" requested=\"connect\" denied=\"connect\" addr=none peer_addr=\"@abc\" " + unix_socket) == Events{"/bin/x: would=apparmor connect unix stream abstract \"abc\""});
  CHECK(told("operation=\"create\" requested=\"create\" denied=\"create\" addr=none " + unix_socket) == Events{"/bin/x: would=apparmor socket unix stream"});
  CHECK(told("operation=\"getsockopt\" requested=\"getopt\" denied=\"getopt\" addr=none " + unix_socket).empty());
  CHECK(told("operation=\"create\" class=\"net\" family=\"netlink\" sock_type=\"raw\" protocol=0 requested=\"create\" denied=\"create\"") == Events{"/bin/x: would=apparmor socket netlink route"});
  CHECK(told("operation=\"connect\" class=\"net\" family=\"inet\" sock_type=\"raw\" protocol=255 requested=\"connect\" denied=\"connect\"").empty());
  CHECK(told("operation=\"umount\" class=\"mount\" name=\"/mnt/\"") == Events{"/bin/x: would=apparmor mount umount"});
  CHECK(told("operation=\"pivotroot\" class=\"mount\" name=\"/mnt/\" srcname=\"/old/\"") == Events{"/bin/x: would=apparmor mount pivot"});
  CHECK(told("operation=\"signal\" requested_mask=\"send\" denied_mask=\"send\" signal=term peer=\"y\"") == Events{"/bin/x: would=apparmor signal term to any"});
  CHECK(told("operation=\"signal\" requested_mask=\"send\" denied_mask=\"send\" signal=rtmin+3 peer=\"y\"").empty());
  CHECK(told("operation=\"signal\" requested_mask=\"receive\" denied_mask=\"receive\" signal=term peer=\"y\"").empty());
  CHECK(told("operation=\"ptrace\" requested_mask=\"read\" denied_mask=\"read\" peer=\"y\"") == Events{"/bin/x: would=apparmor ptrace read to any"});
  CHECK(told("operation=\"ptrace\" requested_mask=\"readby\" denied_mask=\"readby\" peer=\"y\"").empty());
  CHECK(told("operation=\"capable\" capability=99 capname=\"younger\"").empty());
}

TEST_CASE("audit: a refusal counts once, whatever call it was met in") {
  CHECK(events_of("type=AVC msg=audit(1700000000.123:7): apparmor=\"DENIED\" operation=\"open\" profile=\"x\" name=\"/etc/a\" requested_mask=\"r\" denied_mask=\"r\"\n" +
                  event("syscall=257 success=no exit=-13 a0=ffffff9c a1=0 a2=0 a3=0 items=1 ", cwd + path("\"/etc/a\"", "NORMAL"))) == Events{"/bin/x: refused=apparmor read \"/etc/a\""});
}

TEST_CASE("audit: a log that says that it lost records is incomplete, and other lines of a log are nothing") {
  const Evidence evidence = evidence_of("[1.0] usb 1-1: new device\n[1.1] audit: type=1400 audit(1700000000.1:5): apparmor=\"STATUS\" operation=\"profile_load\" profile=\"x\" name=\"x\" pid=1 comm=\"a\"\n"
                                        "[1.2] kauditd_printk_skb: 7 callbacks suppressed\n");
  CHECK(!evidence.sources.front().is_complete);
  CHECK(evidence.events.empty());
  CHECK(!log_kind_of("type=SYSCALL audit(x): y\n"));
}

TEST_CASE("audit: records as journald shows its own, which have no serial") {
  CHECK(events_of("Dec 01 10:00:00 web audit[12]: SERVICE_START pid=1 uid=0 msg='unit=x'\n"
                  "Dec 01 10:00:00 web audit[12]: AVC apparmor=\"DENIED\" operation=\"open\" class=\"file\" profile=\"/usr/bin/x\" name=\"/etc/a\" pid=12 comm=\"x\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0\n"
                  "Dec 01 10:00:01 web audit[13]: SECCOMP auid=1000 uid=0 gid=0 ses=1 pid=13 comm=\"y\" exe=\"/usr/bin/y\" sig=31 arch=c000003e syscall=41 compat=0 ip=0x7f code=0x80000000\n") ==
        Events{"/usr/bin/x: refused=apparmor read \"/etc/a\"", "/usr/bin/y: refused=seccomp syscall socket"});
}

TEST_CASE("audit: a record that is cut is damaged, and what people typed is never kept") {
  const std::string torn = "type=SYSCALL msg=audit(1700000000.12\n";
  LogReader reader("audit.log", "", {}, LogKind::audit);
  reader.add(event("syscall=39 success=yes exit=1 ", "") + torn + torn);
  diag::Sink sink;
  CHECK(reader.finish(sink));
  CHECK(sink.all().size() == 1);
  const std::string secret = head + "syscall=39 success=yes exit=1 " + whose + "type=EXECVE msg=audit(1700000000.123:7): argc=2 a0=\"x\" a1=\"--password=hunter2\"\n" +
                             "type=PROCTITLE msg=audit(1700000000.123:7): proctitle=\"hunter2\"\n";
  const std::string kept = print(evidence_of(secret));
  CHECK(kept.find("hunter2") == kept.npos);
  CHECK(kept.find("getpid") + kept.find("syscall=39") != 2 * kept.npos);
}

TEST_CASE("audit: cut between any two lines, the two halves together are the whole") {
  for (const auto& lines : {long_log(), mixed_log()}) {
    const auto whole = events_of(joined(lines, 0, lines.size()));
    CHECK(whole.size() == (lines == long_log() ? 5 : 9));
    for (std::size_t cut = 1; cut < lines.size(); ++cut) {
      diag::Sink sink;
      const auto merged = merge({evidence_of(joined(lines, 0, cut)), evidence_of(joined(lines, cut, lines.size()))}, sink);
      REQUIRE(merged);
      CAPTURE(cut);
      CHECK(events_in(with_parts_joined(*merged, "")) == whole);
    }
  }
}

TEST_CASE("audit: pieces of a log in 200 random merge trees, some of them repeated, give the same bytes") {
  const std::vector<std::string> lines = long_log();
  std::vector<Evidence> pieces;
  for (std::size_t from = 0; from < lines.size(); from += 4 + from % 3) pieces.push_back(evidence_of(joined(lines, from, std::min(lines.size(), from + 4 + from % 3))));
  REQUIRE(pieces.size() >= 10);
  std::mt19937 random(1);
  std::string wanted;
  for (int tree = 0; tree < 200; ++tree) {
    std::vector<Evidence> left = pieces;
    for (int i = 0; i < 3; ++i) left.push_back(pieces[random() % pieces.size()]);
    std::ranges::shuffle(left, random);
    while (left.size() > 1) {
      const std::size_t count = std::min<std::size_t>(2 + random() % 3, left.size());
      diag::Sink sink;
      auto merged = merge({left.end() - static_cast<std::ptrdiff_t>(count), left.end()}, sink);
      REQUIRE(merged);
      left.resize(left.size() - count);
      left.insert(left.begin() + static_cast<std::ptrdiff_t>(left.empty() ? 0 : random() % left.size()), *std::move(merged));
    }
    const std::string text = print(left.front());
    if (wanted.empty()) wanted = text;
    REQUIRE(text == wanted);
  }
}
