// The C form: a header with the filter and a function that loads it, depending on nothing but the kernel's own headers.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <vector>

#include "seccomp/choices.hpp"
#include "seccomp/print.hpp"

namespace polc::seccomp {
namespace {

// How a compiler tells for what it compiles, in the order of Arch. The other byte order, or pointers of 32 bits, is
// another filter.
constexpr std::array<std::string_view, arch_names.size()> conditions{
    "defined __x86_64__ && !defined __ILP32__",
    "defined __i386__",
    "defined __x86_64__ && defined __ILP32__",
    "defined __aarch64__ && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__",
    "defined __arm__ && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__",
    "defined __riscv && __riscv_xlen == 64",
    "defined __powerpc64__ && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__",
    "defined __s390x__",
    "defined __mips64 && _MIPS_SIM == _ABI64 && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__",
};

// Elsewhere the filter would kill the program, or refuse all that it does.
std::string guard_text(Members policies) {
  std::vector<std::string> none;
  std::vector<std::string_view> names;
  for (const Arch arch : archs_of(policies)) {
    none.push_back(fmt::format("!({})", conditions[static_cast<std::size_t>(arch)]));
    names.push_back(name_of(arch));
  }
  return fmt::format(
      "#if {}\n#error \"this filter is for {}: compile the policy with --arch for this machine\"\n#endif\n\n",
      fmt::join(none, " && "), fmt::join(names, ", "));
}

std::string identifier(std::string_view name) {
  std::string out(name);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return out;
}

// SECCOMP_FILTER_FLAG_LOG, where a reaction asks that refusals be logged.
bool is_logged(Members policies) {
  return std::any_of(policies.begin(), policies.end(), [](const target::Member& policy) {
    return ir::reaction_for(policy_of(policy), "seccomp", ir::AccessClass::syscall, std::nullopt).log;
  });
}

// Filters every thread of a process that calls it.
std::string install_text(std::string_view name, bool logged) {
  return fmt::format(
      "/* Filters every thread of the process from now on, and what it executes. 0, or an errno. */\n"
      "static inline int polc_{0}_install(void) {{\n"
      "  struct sock_fprog program = {{sizeof polc_{0}_filter / sizeof polc_{0}_filter[0], polc_{0}_filter}};\n"
      "  long failed;\n"
      "  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;\n"
      "  failed = polc_syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC{1}, &program);\n"
      "  if (failed > 0) return ESRCH; /* a thread that has a filter of its own */\n"
      "  return failed == 0 ? 0 : errno;\n"
      "}}\n\n"
      "#endif\n",
      name, logged ? " | SECCOMP_FILTER_FLAG_LOG" : "");
}

}  // namespace

target::Printed header_text(const Program& program, Members policies, const std::vector<target::Origin>& origins) {
  const std::string name = identifier(policy_of(policies.front()).name);
  target::Printed out;
  out.note_begins = " * ";
  out.comment("/*");
  out.comment(
      fmt::format(" * seccomp filter of {}, {} instructions", policy_of(policies.front()).name, program.size()));
  out.mark_head();
  out.comment(" */");
  out.comment(fmt::format("#ifndef POLC_{0}_FILTER\n#define POLC_{0}_FILTER\n\n", name));
  out.comment(guard_text(policies));
  out.comment(
      "#include <errno.h>\n#include <linux/filter.h>\n#include <linux/seccomp.h>\n#include <sys/prctl.h>\n"
      "#include <sys/syscall.h>\n\n");
  // <unistd.h> declares syscall() or not, as each C library reads macros like _POSIX_C_SOURCE: here it has a name of
  // ours.
  out.comment(
      "#ifndef POLC_SYSCALL\n#define POLC_SYSCALL\n"
      "#ifdef __cplusplus\nextern \"C\"\n#endif\n"
      "long polc_syscall(long number, ...) __asm__(\"syscall\"); /* the C library's, whatever it declares */\n"
      "#endif\n\n");
  // Not const: the kernel's struct sock_fprog takes no pointer to const, and a cast would warn somewhere.
  out.comment(fmt::format("static struct sock_filter polc_{}_filter[] = {{\n", name));
  for (std::size_t i = 0; i < program.size(); ++i) {
    const Instruction& one = program[i];
    out.add(fmt::format("  {{{:#04x}, {}, {}, {:#010x}}},\n", one.code, one.jt, one.jf, one.k), origins[i]);
  }
  out.comment("};\n\n");
  out.comment(install_text(name, is_logged(policies)));
  return out;
}

}  // namespace polc::seccomp
