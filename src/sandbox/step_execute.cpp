// The end of a start: whoever waits is told, the filter is loaded, the program executed. From the filter on nothing may be done that
// it could refuse but the one call: no memory is asked for, nothing is closed or looked up.
#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

#include "sandbox/steps.hpp"

namespace polc::sandbox {
namespace {

// As env(1): the program is there, and cannot be executed. All else is ours.
bool is_the_programs(long error) {
  for (const int its : {EACCES, ENOEXEC, ENOENT, ELIBBAD, ETXTBSY})
    if (error == its) return true;
  return false;
}

/// A line on the stack: memory that is asked for might be a call.
class Line {
 public:
  void add(std::string_view text) {
    const std::size_t take = std::min(text.size(), text_.size() - size_);
    std::memcpy(text_.data() + size_, text.data(), take);
    size_ += take;
  }
  void add(long number) {
    char digits[20];
    std::size_t at = sizeof digits;
    do digits[--at] = static_cast<char>('0' + number % 10);
    while ((number /= 10) != 0);
    add({digits + at, sizeof digits - at});
  }
  void write(const Kernel& kernel) const { (void)kernel(SYS_write, 2, text_.data(), size_); }

 private:
  std::array<char, 512> text_{};
  std::size_t size_ = 0;
};

}  // namespace

Outcome tell_ready(Starting& start) { return start.ready ? start.ready(start.facts) : std::nullopt; }

Outcome load_filter(Starting& start) {
  if (start.plan.filter.empty()) return std::nullopt;
  const std::size_t size = start.plan.filter.size() / sizeof(sock_filter);
  // The kernel copies it and wants no alignment of it.
  const sock_fprog program{static_cast<unsigned short>(size), reinterpret_cast<sock_filter*>(const_cast<char*>(start.plan.filter.data()))};
  const long got = start.kernel(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
  return got < 0 ? failed("load the filter", got) : std::nullopt;
}

Outcome execute(Starting& start) {
  const long got = start.kernel(SYS_execveat, start.plan.descriptor, "", start.arguments.data(), start.environment, AT_EMPTY_PATH);
  Line line;
  line.add("polc run: execute `");
  line.add(start.plan.program.path);
  line.add("`: error ");
  line.add(got < 0 ? -got : 0);
  line.add("\n");
  line.write(start.kernel);
  (void)start.kernel(SYS_exit_group, is_the_programs(-got) ? 126 : 125);
  return Failure{"execute the program", static_cast<int>(-got)};
}

}  // namespace polc::sandbox
