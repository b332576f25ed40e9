// The reader of traces: each pitfall of strace's text, and what a few lines say that a program did.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "diag/catalogue.hpp"
#include "learn/evidence_text.hpp"
#include "learn/read_log.hpp"

using namespace polc;
using namespace polc::learn;

namespace {

Evidence evidence_of(const std::string& text, std::size_t block = std::string::npos) {
  LogReader reader("x.strace", "", {});
  for (std::size_t at = 0; at < text.size(); at += std::min(block, text.size() - at)) reader.add(std::string_view(text).substr(at, block));
  diag::Sink sink;
  auto evidence = reader.finish(sink);
  REQUIRE(evidence);
  return *evidence;
}

/// Sorted: `OUTCOME ACCESS`, of /bin/x alone; of another program with its name before.
std::vector<std::string> events_of(const std::string& text) {
  std::vector<std::string> all;
  for (const Event& event : evidence_of(text).events) all.push_back((event.program == "/bin/x" ? "" : event.program + ": ") + text_of(event.outcome) + " " + event.access);
  std::ranges::sort(all);
  return all;
}

bool has(const std::vector<std::string>& all, const std::string& one) { return std::ranges::find(all, one) != all.end(); }

const std::string begin = "7 execve(\"/bin/x\", [...], 0x7ffe /* 9 vars */) = 0\n";

}  // namespace

TEST_CASE("trace: what stands before and behind a call is passed over") {
  for (const std::string line : {"7 read(3, \"\"..., 10) = 0", "[pid     7] read(3, \"\"..., 10) = 0", "7 12:00:01 read(3, \"\"..., 10) = 0", "7 12:00:01.123456 read(3, \"\"..., 10) = 0",
                                 "7 1700000000.123456 read(3, \"\"..., 10) = 0", "7      0.000012 read(3, \"\"..., 10) = 0", "7 [   0] read(3, \"\"..., 10) = 0",
                                 "7 [00007f1c2a3b4c5d] read(3, \"\"..., 10) = 0 <0.000012>", "7<x> read(3, \"\"..., 10) = 0\r"}) {
    CAPTURE(line);
    CHECK(events_of(begin + line + "\n") == std::vector<std::string>{"ok syscall read"});
  }
}

TEST_CASE("trace: a call in two halves, with or without a blank, with out-arguments in the second") {
  const auto all = events_of(begin + "7 read(3,  <unfinished ...>\n7 <... read resumed>\"vm\\n\", 100) = 3\n7 openat(AT_FDCWD</>, \"/etc/a\", O_RDONLY <unfinished ...>\n"
                                     "7 <... openat resumed>) = 3</etc/a>\n7 exit_group(0 <unfinished ...>\n7 <... exit_group resumed>) = ?\n");
  CHECK(all == std::vector<std::string>{"ok read \"/etc/a\"", "ok syscall exit_group", "ok syscall read"});
  CHECK(events_of(begin + "7 futex(0x7f, FUTEX_WAIT, 1, NULL <unfinished ...>) = ?\n7 +++ killed by SIGKILL +++\n") == std::vector<std::string>{"ok syscall futex"});
}

TEST_CASE("trace: names with quotes, newlines, angles, patterns and bytes, in the argument and in the decoration") {
  CHECK(has(events_of(begin + R"(7 openat(AT_FDCWD</d>, "a\"b, (c", O_RDONLY) = -1 ENOENT (No such file or directory))" + "\n"), R"(ENOENT call=openat read "/d/a\"b\, (c")"));
  CHECK(has(events_of(begin + R"(7 openat(AT_FDCWD</d>, "q", O_RDONLY) = 3</d/a\76b\"\n\303\251{*}>)" + "\n"), "ok read \"/d/a>b\\\"\\x0a\\xc3\\xa9\\{\\*\\}\""));
  CHECK(has(events_of(begin + R"(7 openat(AT_FDCWD</d>, "a,b", O_RDONLY) = 3</d/a,b>)" + "\n7 fchmod(3</d/a,b>, 0600) = 0\n"), R"(ok chmod "/d/a\,b" mode 0600)"));
}

TEST_CASE("trace: files that are gone keep the name that they were opened by; memory and pipes have none") {
  const std::string opened = begin + "7 openat(AT_FDCWD</>, \"/d/t\", O_RDWR|O_CREAT, 0600) = 3</d/t>\n";
  CHECK(has(events_of(opened + "7 fchmod(3</d/t>(deleted), 0644) = 0\n"), R"(ok chmod "/d/t" mode 0644)"));
  CHECK(has(events_of(opened + "7 fchmod(3</d/t (deleted)>, 0644) = 0\n"), R"(ok chmod "/d/t" mode 0644)"));
  for (const Event& event : evidence_of(begin + "7 fchmod(4</memfd:x (deleted)>, 0644) = 0\n").events) CHECK(event.access == "syscall fchmod");
  CHECK(has(events_of(begin + "7 ioctl(0</dev/null<char 1:3>>, TCGETS, 0x7f) = -1 ENOTTY (Inappropriate ioctl for device)\n"), "ok syscall ioctl where request == TCGETS"));
}

TEST_CASE("trace: what is relative is made absolute by what the trace tells") {
  CHECK(has(events_of(begin + "7 chdir(\"/a/b\") = 0\n7 unlink(\"../c/./d\") = 0\n"), R"(ok delete "/a/c/d")"));
  CHECK(has(events_of(begin + "7 openat(AT_FDCWD, \"/a\", O_RDONLY|O_DIRECTORY) = 3\n7 unlinkat(3, \"b\", 0) = 0\n"), R"(ok delete "/a/b")"));
  CHECK(events_of("7 execve(\"./x\", [...], 0x7f) = 0\n7 getpid() = 7\n7 openat(AT_FDCWD</bin>, \"/q\", O_RDONLY) = -1 EACCES (x)\n") ==
        std::vector<std::string>{"EACCES call=openat read \"/q\"", "ok syscall getpid"});
  CHECK(events_of("7 execve(\"./x\", [...], 0x7f) = 0\n7 getpid() = 7\n") == std::vector<std::string>{": ok syscall getpid"});
}

TEST_CASE("trace: threads share, processes inherit, and a child may speak before its parent's call returns") {
  const auto all = events_of(begin + "7 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD, child_tidptr=0x7f <unfinished ...>\n"
                                     "9 execve(\"/bin/y\", [...], 0x7f /* 9 vars */) = 0\n9 getpid() = 9\n7 <... clone resumed>) = 9\n9 +++ exited with 0 +++\n"
                                     "7 clone3({flags=CLONE_VM|CLONE_THREAD, exit_signal=0}, 88) = 10\n10 chdir(\"/t\") = 0\n7 unlink(\"u\") = 0\n");
  CHECK(all == std::vector<std::string>{"/bin/y: ok syscall getpid", "ok chdir \"/t\"", "ok delete \"/t/u\"", "ok exec \"/bin/y\"", "ok fork", "ok thread"});
  CHECK(has(events_of(begin + "7 clone3({flags=CLONE_VM|CLONE_THREAD}, 88) = 8\n8 execve(\"/bin/z\", [...], 0x7f) = 0\n7 +++ superseded by execve in pid 8 +++\n7 getpid() = 7\n"), "/bin/z: ok syscall getpid"));
}

TEST_CASE("trace: open's flags are verbs; a path alone is only looked at") {
  CHECK(events_of(begin + "7 openat(AT_FDCWD</>, \"/a\", O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC, 0100644) = 3</a>\n") == std::vector<std::string>{"ok create \"/a\" type file mode 0644", "ok truncate \"/a\"", "ok write \"/a\""});
  CHECK(events_of(begin + "7 open(\"/a\", O_RDWR|O_APPEND) = 3\n") == std::vector<std::string>{"ok append \"/a\"", "ok read \"/a\""});
  CHECK(has(events_of(begin + "7 openat(AT_FDCWD</>, \"/a\", O_RDONLY|O_PATH) = 3</a>\n"), "ok stat \"/a\""));
  CHECK(has(events_of(begin + "7 openat(-100 /* AT_FDCWD */</tmp>, \"b\", 0x80000 /* O_RDONLY|O_CLOEXEC */) = 3</tmp/b>\n"), "ok read \"/tmp/b\""));
  CHECK(has(events_of(begin + "7 openat2(AT_FDCWD</>, \"/a\", {flags=O_RDONLY, resolve=RESOLVE_BENEATH}, 24) = 3</a>\n"), "ok read \"/a\""));
  CHECK(has(events_of(begin + "7 openat(AT_FDCWD</>, \"/t/abCD12\", O_RDWR|O_CREAT|O_EXCL, 0600) = 3</t/abCD12>\n7 unlink(\"/t/abCD12\") = 0\n"), "ok delete \"/t/??????\""));
  CHECK(has(events_of(begin + "7 readlink(\"/a\", \"\"..., 99) = 1\n"), "ok read \"/a\" type symlink"));
}

TEST_CASE("trace: this process's files of /proc, and its number in names") {
  const std::string long_begin = "4711 execve(\"/bin/x\", [...], 0x7f) = 0\n4711 clone3({flags=CLONE_VM|CLONE_THREAD}, 88) = 4712\n";
  CHECK(has(events_of(long_begin + "4711 openat(AT_FDCWD</>, \"/proc/4711/stat\", O_RDONLY) = 3</proc/4711/stat>\n"), R"(ok read "/proc/self/stat")"));
  CHECK(has(events_of(long_begin + "4711 openat(AT_FDCWD</>, \"/proc/self/task/4712/comm\", O_RDONLY) = 3</proc/4711/task/4712/comm>\n"), R"(ok read "/proc/self/task/[0-9]*/comm")"));
  CHECK(has(events_of(long_begin + "4711 unlink(\"/t/temp-4711.rdb\") = 0\n"), R"(ok delete "/t/temp-[0-9]*.rdb")"));
}

TEST_CASE("trace: sockets are known by the call that made them, or by their decoration") {
  const std::string tcp = begin + "7 socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_TCP) = 3<TCP:[1]>\n";
  const std::string made = "ok syscall socket where domain == AF_INET and type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK) == SOCK_STREAM and protocol in { 0, 6 }";
  auto all = events_of(tcp + "7 bind(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"127.0.0.1\")}, 16) = 0\n7 listen(3, 5) = 0\n"
                             "7 accept4(3, {sa_family=AF_INET, sin_port=htons(4), sin_addr=inet_addr(\"127.0.0.1\")}, [16], 0) = 4\n");
  CHECK(all == std::vector<std::string>{"ok accept tcp 127.0.0.1:80", "ok bind tcp 127.0.0.1:80", "ok listen tcp 127.0.0.1:80", made});
  all = events_of(tcp + "7 connect(3<TCP:[10.0.0.2:4000->10.0.0.1:443]>, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr(\"10.0.0.1\")}, 16) = -1 EINPROGRESS (x)\n");
  CHECK(all == std::vector<std::string>{"ok connect tcp 10.0.0.1:443", made});
  CHECK(has(events_of(begin + "7 socket(AF_INET6, SOCK_DGRAM, IPPROTO_IP) = 3\n7 connect(3, {sa_family=AF_INET6, sin6_port=\"\\x00\\x35\" /* htons(53) */, sin6_flowinfo=htonl(0), "
                              "inet_pton(AF_INET6, \"2001:db8::1\", &sin6_addr), sin6_scope_id=0}, 28) = 0\n"), "ok connect udp [2001:db8::1]:53"));
  CHECK(has(events_of(begin + "7 connect(5<UNIX-STREAM:[1->2]>, {sa_family=AF_UNIX, sun_path=@\"abc\"}, 6) = 0\n"), "ok connect unix stream abstract \"abc\""));
}

TEST_CASE("trace: a socket that only failing connects used was a question") {
  const auto all = events_of(begin + "7 socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0) = 3\n7 connect(3, {sa_family=AF_UNIX, sun_path=\"/run/nscd/socket\"}, 110) = -1 ENOENT (x)\n7 close(3) = 0\n");
  CHECK(all == std::vector<std::string>{"ENOENT call=connect connect unix stream \"/run/nscd/socket\"", "ENOENT call=socket connect unix stream \"/run/nscd/socket\"", "ok syscall close"});
}

TEST_CASE("trace: arguments that decide, under the language's names") {
  CHECK(has(events_of(begin + "7 setsockopt(3, SOL_TCP, TCP_NODELAY, [1], 4) = 0\n"), "ok syscall setsockopt where level == IPPROTO_TCP and optname == TCP_NODELAY"));
  CHECK(has(events_of(begin + "7 ioctl(3, _IOC(_IOC_READ, 0x54, 0x30, 0x4), 0x7f) = 0\n"), "ok syscall ioctl where request == TIOCGPTN") == has(events_of(begin + "7 ioctl(3, TIOCGPTN, 0x7f) = 0\n"), "ok syscall ioctl where request == 0x80045430"));
  CHECK(has(events_of(begin + "7 mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f\n"), "ok syscall mmap where prot == PROT_READ|PROT_WRITE"));
  CHECK(has(events_of(begin + "7 mmap(NULL, 8192, PROT_READ|PROT_EXEC, MAP_PRIVATE, 3</lib/a.so>, 0) = 0x7f\n"), "ok map \"/lib/a.so\""));
  CHECK(events_of(begin + "7 mmap(NULL, 8192, PROT_READ|PROT_EXEC, MAP_PRIVATE, 3, 0) = 0x7f\n").empty());  // code of nobody knows what: no rule
  CHECK(has(events_of(begin + "7 mprotect(0x7f, 8192, PROT_READ|PROT_EXEC) = 0\n"), "ok memory exec_anonymous"));
  CHECK(has(events_of(begin + "7 kill(7, SIGTERM) = 0\n7 kill(1, 0) = -1 ESRCH (x)\n"), "ok signal term to self"));
  CHECK(has(events_of(begin + "7 kill(1, 0) = -1 ESRCH (x)\n"), "ESRCH call=kill syscall kill where sig == 0"));
  CHECK(has(events_of(begin + "7 setresuid(-1, 33, -1) = 0\n"), "ok setuid 33"));
}

TEST_CASE("trace: blocks may end anywhere, and the same bytes are the same source") {
  const std::string text = begin + "7 openat(AT_FDCWD</>, \"/etc/hosts\", O_RDONLY) = 3</etc/hosts>\n7 getpid() = 7";
  const Evidence whole = evidence_of(text);
  for (const std::size_t block : {1u, 2u, 7u, 64u}) CHECK(evidence_of(text, block) == whole);
}

TEST_CASE("trace: what cannot be read is counted, and most of it is no trace") {
  const auto told = [](const std::string& text) {
    LogReader reader("x.strace", "", {});
    reader.add(text);
    diag::Sink sink;
    const bool is_read = reader.finish(sink).has_value();
    return std::string(is_read ? "read" : "refused") + (sink.all().empty() ? "" : " " + std::string(sink.all().front().id));
  };
  CHECK(told(begin + "nonsense\n7 getpid() = 7\n7 getpid() = 7\n") == "read P7105");
  CHECK(told(begin + std::string("\0\xff(((\n", 6) + "7 openat(AT_FDCWD</, \"\n7 <... read resumed>\n") == "refused P7115");
  CHECK(told(begin + "strace: Process 9 detached\n") == "read P7106");
  CHECK(told("7 read(3, \"\"..., 1) = 0\n") == "read P7103");
  CHECK(told(begin + "7 openat(" + std::string(1u << 20, '(') + "\n7 getpid() = 7\n7 getpid() = 7\n") == "read P7105");
}
