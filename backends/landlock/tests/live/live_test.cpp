// The running kernel against the reader: random rule sets, printed as text and read back, are put in force in a process
// each, which does one thing to a fresh tree. Its errno must be what a second evaluator says, and lie within what the
// reader says.
//   landlock_live [SEED [COUNT]]      by default 1 and 100. 77: this kernel has no Landlock
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>

#include "draw.hpp"
#include "judge.hpp"
#include "landlock/print.hpp"
#include "landlock/read.hpp"
#include "target/reader.hpp"

namespace polc::landlock::live {
namespace {

constexpr int build_failed = 200, enforce_failed = 201;
constexpr unsigned nobody = 65534;

long landlock_create(const void* attributes, std::size_t size, unsigned flags) {
  return syscall(444, attributes, size, flags);
}

/// Puts rules in force, as a loader does that asks each path what it is. 0 or an errno.
int enforce(const Ruleset& rules) {
  std::uint64_t attributes[8] = {rules.handled.files, rules.handled.net, rules.handled.scoped};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
  const int set = static_cast<int>(landlock_create(attributes, sizeof attributes, 0));
  if (set < 0) return errno;
  for (const PathRule& rule : rules.paths) {
    struct Beneath {
      std::uint64_t rights;
      int descriptor;
    } __attribute__((packed)) beneath{};
    struct stat object {};
    beneath.descriptor = open(rule.path.c_str(), O_PATH | O_CLOEXEC);
    if (beneath.descriptor < 0 && errno == ENOENT) continue;
    if (beneath.descriptor < 0 || fstat(beneath.descriptor, &object) != 0) return errno;
    beneath.rights = S_ISDIR(object.st_mode) ? rule.dir : rule.file;
    if (beneath.rights != 0 && syscall(445, set, 1, &beneath, 0) != 0) return errno;
    close(beneath.descriptor);
  }
  for (const PortRule& rule : rules.ports)
    for (const auto& range : rule.ports)
      for (unsigned port = range.low; port <= range.high; ++port) {
        const std::uint64_t one[2] = {rule.rights, port};
        if (syscall(445, set, 2, one, 0) != 0) return errno;
      }
  return syscall(446, set, 0) != 0 ? errno : 0;
}

class Draw {
 public:
  Draw(std::uint64_t seed, unsigned kernel_abi, const Tree& tree)
      : random_(seed), kernel_abi_(kernel_abi), tree_(tree) {}

  Ruleset rules() {
    Ruleset rules;
    rules.abi = 1 + below(kernel_abi_);
    rules.handled = {knowledge::known_by(knowledge::landlock_file_rights(), rules.abi),
                     knowledge::known_by(knowledge::landlock_net_rights(), rules.abi),
                     knowledge::known_by(knowledge::landlock_scopes(), rules.abi)};
    // Texts that people write handle less.
    if (below(4) == 0) rules.handled.files &= some(2);
    if (below(4) == 0) rules.handled.net &= some(2);
    if (below(3) == 0) rules.handled.scoped &= some(2);
    if ((rules.handled.files | rules.handled.net | rules.handled.scoped) == 0) rules.handled.files = right::read_file;
    for (unsigned left = below(6); left > 0; --left) path(rules);
    for (unsigned left = rules.handled.net == 0 ? 0 : below(3); left > 0; --left) port(rules);
    return rules;
  }

 private:
  unsigned below(unsigned count) { return static_cast<unsigned>(random_() % count); }
  /// Each right with 1 in `odds`, or all but such.
  Rights some(unsigned odds) {
    Rights rights = 0;
    for (unsigned bit = 0; bit < 20; ++bit)
      if (below(odds) == 0) rights |= Rights{1} << bit;
    return rights;
  }
  Rights many_or_few() {
    switch (below(4)) {
      case 0: return ~some(8);
      case 1: return some(2);
      case 2: return some(4);
      default: return ~Rights{0};
    }
  }

  void path(Ruleset& rules) {
    PathRule rule;
    const bool is_dir = below(3) != 0;
    const auto& paths = is_dir ? tree_.directories : tree_.others;
    rule.path = below(12) == 0 ? tree_.root + "/missing" : paths[below(static_cast<unsigned>(paths.size()))];
    rule.dir = many_or_few() & rules.handled.files;
    rule.file = many_or_few() & rules.handled.files & right::on_files;
    if ((rule.file | rule.dir) != 0) rules.paths.push_back(std::move(rule));
  }

  void port(Ruleset& rules) {
    PortRule rule;
    rule.rights = some(2) & rules.handled.net;
    const auto low = static_cast<std::uint16_t>(19800 + below(5));
    rule.ports = {{low, static_cast<std::uint16_t>(low + below(2))}};
    if (rule.rights != 0) rules.ports.push_back(std::move(rule));
  }

  std::mt19937_64 random_;
  unsigned kernel_abi_;
  const Tree& tree_;
};

struct Counts {
  std::size_t accesses = 0, allowed = 0, uncertain = 0, left_out = 0, faults = 0;
};

class Test {
 public:
  Test(unsigned abi, std::string root) : abi_(abi), is_root_(geteuid() == 0), tree_(tree_at(std::move(root))) {
    listen_outside();
    operations_ = operations_on(tree_, outside_, is_root_);
  }

  bool run(std::uint64_t seed, std::uint64_t count) {
    measure();
    for (std::uint64_t i = seed; i < seed + count; ++i) try_rules(i);
    std::printf(
        "%llu rule sets from seed %llu: %zu accesses, %zu allowed, %zu of which the reader is not sure, %zu left out "
        "that fail without rules, %zu differences\n",
        static_cast<unsigned long long>(count), static_cast<unsigned long long>(seed), counts_.accesses,
        counts_.allowed, counts_.uncertain, counts_.left_out, counts_.faults);
    // The reader knows its own mind, and rules neither allow nor refuse everything.
    return counts_.faults == 0 && counts_.uncertain * 10 < counts_.accesses && counts_.allowed * 5 > counts_.accesses &&
           counts_.allowed * 5 < counts_.accesses * 4;
  }

 private:
  void listen_outside() {
    outside_ = {"polc-landlock-live-" + std::to_string(getpid()), getpid()};
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path + 1, outside_.abstract_name.data(), outside_.abstract_name.size());
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + outside_.abstract_name.size());
    listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) != 0 || listen(listener_, 4096) != 0)
      std::perror("listen");
  }

  /// Every second rule set as another user, who owns the tree.
  int done(const Ruleset* rules, const Operation& operation, bool as_root) {
    const pid_t child = fork();
    if (child == 0) {
      alarm(10);
      if (!build(tree_, is_root_)) _exit(build_failed);
      if (is_root_ && !as_root && !give_away()) _exit(build_failed);
      if (rules != nullptr && enforce(*rules) != 0) _exit(enforce_failed);
      _exit(operation.run());
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) return build_failed;
    drain();
    return WEXITSTATUS(status);
  }

  bool give_away() const {
    for (const auto* paths : {&tree_.directories, &tree_.others})
      for (const std::string& path : *paths)
        if (chown(path.c_str(), nobody, nobody) != 0) return false;
    return setresgid(nobody, nobody, nobody) == 0 && setresuid(nobody, nobody, nobody) == 0;
  }

  void drain() const {
    for (int one; (one = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0;) close(one);
  }

  // What fails without rules says nothing.
  void measure() {
    fcntl(listener_, F_SETFL, O_NONBLOCK);
    for (const bool as_root : {true, false})
      for (const Operation& operation : operations_) {
        works_[as_root].push_back(done(nullptr, operation, as_root) == 0);
        if (!works_[as_root].back())
          std::printf("left out %s: %s\n", as_root == is_root_ ? "as oneself" : "as another user",
                      operation.name.c_str());
      }
  }

  void try_rules(std::uint64_t seed) {
    Draw draw(seed, abi_, tree_);
    const std::string text = text_in("text", draw.rules());
    const DocumentResult document = document_from(text, "text");
    if (!document) return fault(seed, text, "unreadable: " + document.error().message);
    const target::Reading reading = reading_of(*document, {}, settings_);
    const bool as_root = is_root_ && seed % 2 == 0;
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      const Operation& operation = operations_[i];
      if (!works_[as_root][i]) {
        ++counts_.left_out;
        continue;
      }
      const int got = done(&document->rules, operation, as_root), wanted = answer_for(document->rules, operation);
      ++counts_.accesses;
      counts_.allowed += got == 0;
      bool possible = true, sure = true;
      for (const ir::Point& access : operation.accesses) {
        possible &= target::permits(reading, access);
        sure &= eval::surely_allows(reading.permits, access);
      }
      counts_.uncertain += possible != sure;
      if (got != wanted)
        fault(seed, text,
              operation.name + ": the kernel says " + std::to_string(got) + ", not " + std::to_string(wanted));
      if (got == 0 ? !possible : sure)
        fault(seed, text,
              operation.name + ": the kernel says " + std::to_string(got) + ", the reader " +
                  (got == 0 ? "refuses" : "permits it"));
    }
  }


  void fault(std::uint64_t seed, const std::string& text, const std::string& what) {
    if (++counts_.faults <= 10)
      std::printf("seed %llu: %s\n%s\n", static_cast<unsigned long long>(seed), what.c_str(), text.c_str());
  }

  unsigned abi_;
  bool is_root_;
  Tree tree_;
  Outside outside_;
  int listener_ = -1;
  std::vector<Operation> operations_;
  std::vector<bool> works_[2];  // by whether it is tried as root
  target::Settings settings_{.format = "text"};
  Counts counts_;
};

int run(std::uint64_t seed, std::uint64_t count) {
  const long abi = landlock_create(nullptr, 0, 1);
  utsname system{};
  uname(&system);
  if (abi < 0) {
    std::printf("SKIPPED: no Landlock (%s) on Linux %s\n", errno == EOPNOTSUPP ? "EOPNOTSUPP" : std::strerror(errno),
                system.release);
    return 77;
  }
  std::printf("Linux %s, Landlock ABI %ld, errata %ld, %s\n", system.release, abi, landlock_create(nullptr, 0, 2),
              geteuid() == 0 ? "by turns as root and as another user" : "as a user");
  // tmpfs: an overlay has inodes of its own.
  std::string root = access("/dev/shm", W_OK) == 0 ? "/dev/shm/polc-live-XXXXXX" : "/tmp/polc-live-XXXXXX";
  signal(SIGURG, SIG_IGN);
  if (mkdtemp(root.data()) == nullptr || chmod(root.c_str(), 0755) != 0) return std::perror("mkdtemp"), 1;
  const bool good = Test(static_cast<unsigned>(std::min(abi, 8l)), root).run(seed, count);
  if (std::system(("rm -rf " + root).c_str()) != 0) std::perror("rm");
  return good ? 0 : 1;
}

}  // namespace
}  // namespace polc::landlock::live

int main(int argc, char** argv) {
  setvbuf(stdout, nullptr, _IOLBF, 0);
  const auto number = [&](int place, std::uint64_t otherwise) {
    return argc > place ? std::strtoull(argv[place], nullptr, 10) : otherwise;
  };
  return polc::landlock::live::run(number(1, 1), number(2, 100));
}
