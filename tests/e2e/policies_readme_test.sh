#!/bin/bash
# The policy that policies/README.md shows is right, and the commands of polc that it shows do what it says.
#   policies_readme_test.sh POLC README
set -euo pipefail

# shellcheck disable=SC2034  # eval uses it
polc=$1 readme=$2
# shellcheck source=tests/e2e/daemon.bash
. "$(dirname -- "$0")/daemon.bash"
cd "$scratch"

# shellcheck disable=SC2016  # no commands, backquotes
sed -n '/^```$/,/^```$/{/^language 1;$/,/^}$/p}' "$readme" > mydaemon.pol
grep -q '^policy mydaemon' mydaemon.pol || fail "there is no policy in $readme"

# Not those that write to the system, and not the one that is a filter of another's output.
commands=0
while read -r command; do
  case $command in *' /etc/'*) continue ;; esac
  commands=$((commands + 1))
  status=0
  eval "\"\$polc\" ${command#polc }" > output 2>&1 || status=$?
  answer=0
  case $command in *query*) answer=1 ;; esac  # what is asked there is denied
  [ $status = $answer ] || { fail "$command: exit status $status" output; }
done < <(grep '^polc ' "$readme" | sed 's/  *#.*//')
[ $commands -ge 8 ] || fail "only $commands commands found"
[ -s filter.bpf ] || fail "no filter was written"
ok "$commands commands"
