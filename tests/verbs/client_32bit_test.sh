#!/bin/bash
# A 32-bit client of glibc connects under `allow connect tcp any:443`: its libc calls socketcall alone, whose arguments lie in memory.
#   client_32bit_test.sh POLC i386=PROGRAM glibc=PROGRAM
set -euo pipefail

polc=$1
# shellcheck source=tests/verbs/cases.bash
. "$(dirname -- "$0")/cases.bash"
programs "${@:2}"
[ -n "${programs[i386]:-}" ] || skip "gcc builds no program for i386 here (scripts/setup --with-daemons)"
client=${programs[i386]}
needs_root "$client" connect_tcp

does "$client" connect_tcp || fail "the client does not connect without a filter" "$scratch/answers"
filter nothing x86_64,x86 < /dev/null
! does "$client" connect_tcp nothing || fail "the client connects though no rule allows it"
grep -qx "failed client $refused" "$scratch/answers" || fail "not the filter refuses its socket" "$scratch/answers"
ok "without the rule it gets no socket"

filter both x86_64,x86 <<< '  allow connect tcp any:443;'
does "$client" connect_tcp both || fail "the client does not connect under the rule" "$scratch/answers"
for name in bind_stream listen_stream connect_by_sending; do
  answers "$name" "$refused" || fail "$name is let through" "$scratch/answers"
done
ok "under it the client connects, and neither binds nor listens"

# Of one filter each architecture has its own part: x86_64's has no socketcall to let other sockets through.
does "${programs[glibc]}" connect_tcp both || fail "a 64-bit client does not connect under it" "$scratch/answers"
for name in mptcp udp_socket netlink_socket bind_stream; do
  answers "$name" "$refused" || fail "$name of a 64-bit client is let through" "$scratch/answers"
done
ok "a 64-bit client connects under the same filter, and gets no other socket"

filter wide x86_64 <<< '  allow connect tcp any:443;'
! does "$client" connect_tcp wide || fail "the filter of x86_64 alone lets a 32-bit client go on"
ok "the filter of x86_64 alone does not let it"

# The report does not call exact what socketcall opens.
"$polc" "$scratch/both.pol" --target=seccomp --arch=x86_64,x86 --format=bpf --fidelity=table -o /dev/null > "$scratch/table" 2>&1
line=$(grep -F 'allow connect tcp any:443;' "$scratch/table") || fail "the report lacks the rule" "$scratch/table"
[[ $line != =* ]] || fail "the rule is called exact: $line"
ok "the report says that the rule is not exact"
