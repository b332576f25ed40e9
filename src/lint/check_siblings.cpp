// Calls that today's libc makes in place of an older one. Who allows the old one alone finds the program broken on the next
// system; who denies it alone has closed nothing.
#include "diag/lint_catalogue.hpp"
#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "lint/checks.hpp"

namespace polc::lint {
namespace {

struct Sibling {
  const diag::Kind<std::string>* kind;
  std::string_view older, newer;
};

// Only calls whose arguments a filter can see: openat2 and clone3 are better answered with ENOSYS. The pairs are those of
// glibc 2.36 and musl 1.2; the time64 ones are what both make on 32 bits since 2020 (glibc 2.32, musl 1.2.0).
constexpr Sibling table[] = {
    {&diag::missing_sibling, "open", "openat"},
    {&diag::missing_sibling, "access", "faccessat"},
    {&diag::missing_sibling, "stat", "newfstatat"},
    {&diag::missing_sibling, "lstat", "newfstatat"},
    {&diag::missing_sibling, "newfstatat", "statx"},
    {&diag::missing_sibling, "select", "pselect6"},
    {&diag::missing_sibling, "poll", "ppoll"},
    {&diag::missing_sibling, "epoll_wait", "epoll_pwait"},
    {&diag::missing_sibling, "epoll_create", "epoll_create1"},
    {&diag::missing_sibling, "dup2", "dup3"},
    {&diag::missing_sibling, "pipe", "pipe2"},
    {&diag::missing_sibling, "accept", "accept4"},
    {&diag::missing_sibling, "eventfd", "eventfd2"},
    {&diag::missing_sibling, "signalfd", "signalfd4"},
    {&diag::missing_sibling, "inotify_init", "inotify_init1"},
    {&diag::missing_sibling, "getdents", "getdents64"},
    {&diag::missing_sibling, "rename", "renameat"},
    {&diag::missing_sibling, "unlink", "unlinkat"},
    {&diag::missing_sibling, "mkdir", "mkdirat"},
    {&diag::missing_sibling, "readlink", "readlinkat"},
    {&diag::missing_sibling, "chmod", "fchmodat"},
    {&diag::missing_sibling, "chown", "fchownat"},
    {&diag::missing_sibling, "getrlimit", "prlimit64"},
    {&diag::missing_sibling, "fork", "clone"},

    {&diag::missing_time64, "clock_gettime", "clock_gettime64"},
    {&diag::missing_time64, "clock_settime", "clock_settime64"},
    {&diag::missing_time64, "clock_adjtime", "clock_adjtime64"},
    {&diag::missing_time64, "clock_getres", "clock_getres_time64"},
    {&diag::missing_time64, "clock_nanosleep", "clock_nanosleep_time64"},
    {&diag::missing_time64, "timer_gettime", "timer_gettime64"},
    {&diag::missing_time64, "timer_settime", "timer_settime64"},
    {&diag::missing_time64, "timerfd_gettime", "timerfd_gettime64"},
    {&diag::missing_time64, "timerfd_settime", "timerfd_settime64"},
    {&diag::missing_time64, "utimensat", "utimensat_time64"},
    {&diag::missing_time64, "pselect6", "pselect6_time64"},
    {&diag::missing_time64, "ppoll", "ppoll_time64"},
    {&diag::missing_time64, "recvmmsg", "recvmmsg_time64"},
    {&diag::missing_time64, "mq_timedsend", "mq_timedsend_time64"},
    {&diag::missing_time64, "mq_timedreceive", "mq_timedreceive_time64"},
    {&diag::missing_time64, "semtimedop", "semtimedop_time64"},
    {&diag::missing_time64, "rt_sigtimedwait", "rt_sigtimedwait_time64"},
    {&diag::missing_time64, "futex", "futex_time64"},
    {&diag::missing_time64, "sched_rr_get_interval", "sched_rr_get_interval_time64"},
};

}  // namespace

void find_missing_siblings(const Subject& subject) {
  if (subject.os() != Os::linux_os) return;
  for (const Sibling& row : table) {
    const auto older = knowledge::find_call(subject.os(), row.older), newer = knowledge::find_call(subject.os(), row.newer);
    if (!older || !newer) continue;
    if (!knowledge::number_of(subject.arch(), *older) || !knowledge::number_of(subject.arch(), *newer)) continue;
    const auto asked = [&](CallId call) { return ask::shared(subject.meaning, ask::set_of({ask::whole_call(call)}, subject.os()), subject.budget); };
    const auto allowed = asked(*older);
    if (allowed && !asked(*newer)) add_at(subject, *row.kind, *allowed, std::string(row.older) + "` without `" + std::string(row.newer));
  }
}

}  // namespace polc::lint
