// Limits, and the descriptor that executes the program: the highest that there can be, which after that nothing can be again.
#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "sandbox/steps.hpp"

namespace polc::sandbox {
namespace {

struct Bounds {  // struct rlimit64
  std::uint64_t soft = 0, hard = 0;
};

std::string limit_words(std::string_view name) { return "set the limit " + std::string(name); }

Outcome bound(Starting& start, unsigned resource, std::uint64_t most, std::string_view name) {
  Bounds now;
  long got = start.kernel(SYS_prlimit64, 0, resource, nullptr, &now);
  if (got < 0) return failed(limit_words(name), got);
  const Bounds wanted{std::min(now.soft, most), std::min(now.hard, most)};
  got = start.kernel(SYS_prlimit64, 0, resource, &wanted, nullptr);
  if (got < 0) return failed(limit_words(name), got);
  got = start.kernel(SYS_prlimit64, 0, resource, nullptr, &now);
  if (got < 0) return failed(limit_words(name), got);
  if (now.hard > most || now.soft > most) return Failure{limit_words(name) + ": it is not lower after that", 0};
  return std::nullopt;
}

// Kernels before 5.9 have no close_range, those before 5.11 not its flag.
long mark_one_by_one(const Kernel& kernel, unsigned first, unsigned last) {
  for (unsigned descriptor = first; descriptor <= last; ++descriptor) {
    const long got = kernel(SYS_fcntl, descriptor, F_SETFD, FD_CLOEXEC);
    if (got < 0 && got != -EBADF) return got;
  }
  return 0;
}

long mark(const Kernel& kernel, unsigned first, unsigned last, unsigned highest) {
  if (first > last) return 0;
  const long got = kernel(SYS_close_range, first, last, CLOSE_RANGE_CLOEXEC);
  return got == -ENOSYS || got == -EINVAL ? mark_one_by_one(kernel, first, std::min(last, highest)) : got;
}

}  // namespace

Outcome set_limits(Starting& start) {
  for (const Limit& limit : start.plan.limits)
    if (limit.resource != RLIMIT_NOFILE)  // bounded by the program's descriptor, below
      if (auto failure = bound(start, limit.resource, limit.bound, limit.name)) return failure;
  return std::nullopt;
}

Outcome place_program(Starting& start) {
  Bounds files;
  long got = start.kernel(SYS_prlimit64, 0, RLIMIT_NOFILE, nullptr, &files);
  if (got < 0) return failed(limit_words("nofile"), got);
  if (files.hard <= start.plan.descriptor) return Failure{"place the program at descriptor " + std::to_string(start.plan.descriptor) + ": the hard limit is " + std::to_string(files.hard), 0};
  const Bounds raised{files.hard, files.hard};
  got = start.kernel(SYS_prlimit64, 0, RLIMIT_NOFILE, &raised, nullptr);
  if (got < 0) return failed(limit_words("nofile"), got);
  got = start.kernel(SYS_dup3, start.program, start.plan.descriptor, O_CLOEXEC);
  if (got < 0) return failed("place the program at descriptor " + std::to_string(start.plan.descriptor), got);
  got = start.kernel(SYS_prlimit64, 0, RLIMIT_NOFILE, &files, nullptr);
  if (got < 0) return failed(limit_words("nofile"), got);
  return bound(start, RLIMIT_NOFILE, start.plan.descriptor, "nofile");
}

// The plan's own stay usable until the program is executed.
Outcome close_others(Starting& start) {
  std::vector<int> kept = start.plan.kept;
  std::sort(kept.begin(), kept.end());
  unsigned next = 3;
  for (const int descriptor : kept) {
    if (descriptor < 3) continue;
    if (const long got = start.kernel(SYS_fcntl, descriptor, F_SETFD, 0); got < 0) return failed("keep descriptor " + std::to_string(descriptor), got);
    if (const long got = mark(start.kernel, next, static_cast<unsigned>(descriptor) - 1, start.plan.descriptor); got < 0) return failed("close descriptors on exec", got);
    next = static_cast<unsigned>(descriptor) + 1;
  }
  const long got = mark(start.kernel, next, ~0U, start.plan.descriptor);
  return got < 0 ? failed("close descriptors on exec", got) : std::nullopt;
}

}  // namespace polc::sandbox
