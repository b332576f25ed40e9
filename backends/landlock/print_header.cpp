// The C form: tables, and a function that puts them in force. It needs the kernel's system calls and no header of
// Landlock, for those of distributions are older than the kernels.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "landlock/print.hpp"

namespace polc::landlock {
namespace {

// Octal, for a hexadecimal escape goes on with what follows; `?` could begin a trigraph.
std::string c_string(std::string_view path) {
  std::string out = "\"";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte > 0x7E || c == '"' || c == '\\' || c == '?') out += fmt::format("\\{:03o}", byte);
    else out += c;
  }
  return out + '"';
}

// What all headers share, once in a program.
constexpr std::string_view shared_code = R"(#ifndef POLC_LANDLOCK
#define POLC_LANDLOCK

#define POLC_LANDLOCK_STRICT 1u /* ENOTSUP where the kernel is older than the rules, which then would hold in part */
#define POLC_LANDLOCK_TSYNC 2u  /* every thread; where the kernel cannot (before 7.0), EBUSY if there is a second one */

struct polc_landlock_path {
  const char *path;
  unsigned long long file, dir; /* if it is no directory, if it is one */
};
struct polc_landlock_ports {
  unsigned long low, high;
  unsigned long long rights;
};
struct polc_landlock_rules {
  long abi;
  unsigned long long files, net, scoped;
  const struct polc_landlock_path *paths;
  const struct polc_landlock_ports *ports;
};

#ifndef POLC_SYSCALL
#define POLC_SYSCALL
#ifdef __cplusplus
extern "C"
#endif
long polc_syscall(long number, ...) __asm__("syscall"); /* the C library's, whatever it declares */
#endif

#if defined __x86_64__ && defined __ILP32__
#define POLC_NEW_CALL(number) (0x40000000l + (number))
#elif defined __mips64
#define POLC_NEW_CALL(number) (5000l + (number))
#else
#define POLC_NEW_CALL(number) (number) /* the same everywhere since Linux 5.1 */
#endif
#define POLC_OPENAT2 POLC_NEW_CALL(437)
#define POLC_LANDLOCK_CREATE POLC_NEW_CALL(444)
#define POLC_LANDLOCK_ADD POLC_NEW_CALL(445)
#define POLC_LANDLOCK_RESTRICT POLC_NEW_CALL(446)

/* The rights that a kernel of this ABI knows: what it does not know, it refuses to hear of. */
static __inline__ unsigned long long polc_landlock_files_of(long abi) {
  return abi < 2 ? 0x1fffull : abi < 3 ? 0x3fffull : abi < 5 ? 0x7fffull : abi < 9 ? 0xffffull : 0x1ffffull;
}
static __inline__ unsigned long long polc_landlock_net_of(long abi) {
  return abi < 4 ? 0ull : abi < 10 ? 0x3ull : 0xfull;
}

/* Is there a second thread? Where /proc is not to be seen nobody knows, which counts as yes. */
static __inline__ int polc_landlock_has_threads(void) {
  struct stat task;
  return stat("/proc/self/task", &task) != 0 || task.st_nlink != 3;
}

/* 0, or an errno. A path that is missing, or leads over a link, has no rule. */
static __inline__ int polc_landlock_add_path(int set, const struct polc_landlock_path *rule, unsigned long long known) {
  struct { unsigned long long flags, mode, resolve; } how;
  struct polc_landlock_beneath { unsigned long long rights; int fd; } __attribute__((packed)) beneath;
  struct stat object;
  int error = 0;
  memset(&how, 0, sizeof how);
  how.flags = O_PATH | O_CLOEXEC;
  how.resolve = 0x04; /* RESOLVE_NO_SYMLINKS */
  beneath.fd = (int)polc_syscall(POLC_OPENAT2, -100, rule->path, &how, sizeof how);
  if (beneath.fd < 0) return errno == ENOENT || errno == ENOTDIR || errno == ELOOP ? 0 : errno;
  if (fstat(beneath.fd, &object) != 0) error = errno;
  beneath.rights = (S_ISDIR(object.st_mode) ? rule->dir : rule->file) & known;
  if (error == 0 && beneath.rights != 0 && polc_syscall(POLC_LANDLOCK_ADD, set, 1, &beneath, 0) != 0) error = errno;
  close(beneath.fd);
  return error;
}

static __inline__ int polc_landlock_add_ports(int set, const struct polc_landlock_ports *rule, unsigned long long known) {
  struct { unsigned long long rights, port; } one;
  one.rights = rule->rights & known;
  if (one.rights == 0) return 0;
  for (one.port = rule->low; one.port <= rule->high; ++one.port)
    if (polc_syscall(POLC_LANDLOCK_ADD, set, 2, &one, 0) != 0) return errno;
  return 0;
}

static __inline__ int polc_landlock_enforce(const struct polc_landlock_rules *rules, unsigned flags) {
  unsigned long long attributes[8]; /* a kernel takes more than it knows, if that is zero */
  const struct polc_landlock_path *path;
  const struct polc_landlock_ports *ports;
  const long abi = polc_syscall(POLC_LANDLOCK_CREATE, (void *)0, (size_t)0, 1);
  int set, error = 0;
  unsigned synchronise = 0;
  if (abi < 0) return errno;
  if ((flags & POLC_LANDLOCK_STRICT) != 0 && abi < rules->abi) return ENOTSUP;
  if ((flags & POLC_LANDLOCK_TSYNC) != 0) {
    if (abi >= 8) synchronise = 8;
    else if (polc_landlock_has_threads()) return EBUSY;
  }
  memset(attributes, 0, sizeof attributes);
  attributes[0] = rules->files & polc_landlock_files_of(abi);
  attributes[1] = rules->net & polc_landlock_net_of(abi);
  attributes[2] = abi < 6 ? 0 : rules->scoped;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
  set = (int)polc_syscall(POLC_LANDLOCK_CREATE, attributes, sizeof attributes, 0);
  if (set < 0) return errno;
  for (path = rules->paths; error == 0 && path->path != 0; ++path) error = polc_landlock_add_path(set, path, attributes[0]);
  for (ports = rules->ports; error == 0 && ports->rights != 0; ++ports) error = polc_landlock_add_ports(set, ports, attributes[1]);
  if (error == 0 && polc_syscall(POLC_LANDLOCK_RESTRICT, set, synchronise) != 0) error = errno;
  close(set);
  return error;
}

#endif
)";

constexpr std::string_view includes =
    "#include <errno.h>\n#include <fcntl.h>\n#include <string.h>\n#include <sys/prctl.h>\n#include <sys/stat.h>\n"
    "#include <unistd.h>\n\n"
    "/* Where the program asks for no GNU names. */\n"
    "#ifndef O_PATH\n#define O_PATH 010000000\n#endif\n#ifndef O_CLOEXEC\n#define O_CLOEXEC 02000000\n#endif\n\n";

}  // namespace

target::Printed header_of(const Sheet& sheet) {
  const std::string name = identifier_of(sheet.name());
  const Ruleset& rules = sheet.rules;
  target::Printed out;
  out.note_begins = " * ";
  out.comment("/*");
  out.comment(fmt::format(" * Landlock rules of {}, ABI {}", sheet.name(), rules.abi));
  out.mark_head();
  out.comment(" */");
  out.comment(fmt::format("#ifndef POLC_{0}_LANDLOCK\n#define POLC_{0}_LANDLOCK\n", name));
  out.comment(includes);
  out.comment(shared_code);
  out.comment(fmt::format("\nstatic const struct polc_landlock_path polc_{}_paths[] = {{", name));
  for (const PathRule& rule : rules.paths) {
    if (!rule.behind.parts.empty()) out.comment(fmt::format("  /* {} */", fmt::join(sheet.places(rule.behind), ", ")));
    out.add(fmt::format("  {{{}, {:#x}ull, {:#x}ull}},", c_string(rule.path), rule.file, rule.dir),
            origin_of(rule.behind));
  }
  out.comment("  {0, 0, 0}\n};");
  out.comment(fmt::format("static const struct polc_landlock_ports polc_{}_ports[] = {{", name));
  for (const PortRule& rule : rules.ports) {
    if (!rule.behind.parts.empty()) out.comment(fmt::format("  /* {} */", fmt::join(sheet.places(rule.behind), ", ")));
    for (const auto& [low, high] : rule.ports)
      out.add(fmt::format("  {{{}, {}, {:#x}ull}},", low, high, rule.rights), origin_of(rule.behind));
  }
  out.comment("  {0, 0, 0}\n};");
  out.comment(fmt::format("static const struct polc_landlock_rules polc_{}_rules = {{", name));
  out.add(fmt::format("  {}, {:#x}ull, {:#x}ull, {:#x}ull,", rules.abi, rules.handled.files, rules.handled.net,
                      rules.handled.scoped),
          origin_of_handled(rules));
  out.comment(fmt::format("  polc_{0}_paths, polc_{0}_ports\n}};\n", name));
  out.comment(
      fmt::format("/* Holds for the calling thread (POLC_LANDLOCK_TSYNC: for all) and what it executes from now on. 0, "
                  "or an errno. */\n"
                  "static __inline__ int polc_{0}_landlock(unsigned flags) {{\n  return "
                  "polc_landlock_enforce(&polc_{0}_rules, flags);\n}}\n\n#endif",
                  name));
  return out;
}

}  // namespace polc::landlock
