#!/bin/bash
# Under `dynamic_program, event_loop` of std/linux.pol a program asks, reads, times and waits by whatever calls its libc makes of that:
# for i386 fcntl64, _llseek, getuid32, timer_settime64 and the like.
#   tour_test.sh POLC LIBC=PROGRAM...
set -euo pipefail

polc=$1
# shellcheck source=tests/verbs/cases.bash
. "$(dirname -- "$0")/cases.bash"
programs_for tour "${@:2}"

for libc in "${!programs[@]}"; do
  program=${programs[$libc]} arch=$(architecture "$libc")
  does "$program" tour || fail "$libc: does not work without a filter" "$scratch/answers"
  filter "$libc-less" "$arch" < /dev/null
  ! does "$program" tour "$libc-less" || fail "$libc: works without event_loop: the test could not fail"
  filter "$libc" "$arch" <<< '  use event_loop;'
  does "$program" tour "$libc" || fail "$libc: something is refused" "$scratch/answers"
  answers make_process "$refused" || fail "$libc: a process is made" "$scratch/answers"
  ok "$libc: nothing of it is refused"
done
