#!/bin/bash
# A process with five threads becomes another account under `threads, drop_privileges`: no thread stays root, and none comes back.
# Without libc's own signals between threads one does stay: setuid says 0 all the same.
#   threads_change_account_test.sh POLC LIBC=PROGRAM...
set -euo pipefail

polc=$1
# shellcheck source=tests/verbs/cases.bash
. "$(dirname -- "$0")/cases.bash"
programs_for threads_change_account "${@:2}"
readonly eperm=1 verb=threads_change_account

for libc in "${!programs[@]}"; do
  program=${programs[$libc]} arch=$(architecture "$libc")
  does "$program" $verb || fail "$libc: does not work without a filter" "$scratch/answers"

  filter "$libc-deaf" "$arch" << 'POL'
  use drop_privileges(user "x" 101, group "x" 101);
  allow thread;
  allow read tree "/proc/self";
POL
  ! does "$program" $verb "$libc-deaf" || fail "$libc: works though threads are not told: the test could not fail"
  grep -q '^failed .*id:' "$scratch/answers" || fail "$libc: fails elsewhere" "$scratch/answers"

  filter "$libc" "$arch" << 'POL'
  use threads, drop_privileges(user "x" 101, group "x" 101);
  allow read tree "/proc/self";
POL
  does "$program" $verb "$libc" || fail "$libc: a thread stays root, or nothing changes" "$scratch/answers"
  # A daemon asks whether there is a way back, and expects to be told no.
  for name in back_to_root keep_root root_group; do
    answers $name $eperm || fail "$libc: $name is not answered EPERM" "$scratch/answers"
  done
  ok "$libc: all threads changed, and there is no way back"
done
