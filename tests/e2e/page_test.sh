#!/bin/bash
# Does what a page of the documentation shows, in its order, and compares what it prints with what the page says.
#   page_test.sh POLC PAGE [PROGRAM...]   skipped where a program is missing
# In an empty folder with the repository's policies/ and with a polc on the PATH; with an /opt and a network of its own.
set -euo pipefail

here=$(dirname -- "$(readlink -f -- "$0")")
polc=$(readlink -f -- "$1") page=$(readlink -f -- "$2")
# shellcheck source=tests/e2e/daemon.bash
. "$(dirname -- "$0")/daemon.bash"
needs "${@:3}"
alone "$0" "$@"
if [ -z "${POLC_TEST_OPT:-}" ]; then
  POLC_TEST_OPT=1 exec bwrap --dev-bind / / --tmpfs /opt -- "$0" "$@"
fi

mkdir "$scratch/bin"
ln -s "$polc" "$scratch/bin/polc"
ln -s "$here/../../policies" "$scratch/policies"
PATH=$scratch/bin:$PATH
cd "$scratch"
count=0
# What a traced program opens first has the number 3, whoever runs this.
for open in {3..20}; do eval "exec $open>&-"; done

writes() { cat > "$1"; }
runs() {
  local status=0
  cat > commands
  bash -euo pipefail commands > output 2> errors < /dev/null || status=$?
  [ $status -eq 0 ] || { cat output; fail "line $1: status $status" errors; }
  count=$((count + 1))
}
prints() {
  diff - output > difference || fail "line $1: the page says (<), but it prints (>)" difference
}

awk -f "$here/page.awk" "$page" > script
# shellcheck source=/dev/null
. ./script
[ $count -gt 0 ] || fail "no commands found"
ok "$count blocks of commands"
