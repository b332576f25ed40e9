# shellcheck shell=bash disable=SC2034,SC2154
# What the tests of daemons share; sourced by a test that has set $polc and $policy, and sets $what and $log as it goes.
# Exit of a test: 0, 1 failed ("FAILED: what" and the log), 77 skipped ("SKIPPED: why").

skip() { printf 'SKIPPED: %s\n' "$1"; exit 77; }
fail() { printf 'FAILED: %s\n' "$1"; [ -z "${2:-}" ] || tail -n 40 "$2"; refusals | sort -u -k 2 | head -n 40 || true; exit 1; }
ok() { printf 'ok: %s\n' "$1"; }

# needs PROGRAM...
needs() {
  local program
  for program in bwrap strace "$@"; do
    command -v "$program" > /dev/null || skip "$program is not installed (scripts/setup --with-daemons)"
  done
  "$polc" targets | grep -q '^seccomp ' || skip "this build has no seccomp target"
  [ "$(uname -m)" = x86_64 ] || skip "the policy was traced on x86_64 only"
}

# alone TEST ARGUMENT...: the test again, in a network of its own with nothing but a loopback device, where no port is taken.
alone() {
  [ -z "${POLC_TEST_ALONE:-}" ] || return 0
  local network=(bwrap --dev-bind / / --unshare-net --unshare-pid --die-with-parent --proc /proc)
  [ "$(id -u)" -ne 0 ] || network+=(--cap-add ALL)
  "${network[@]}" true 2> /dev/null || skip "bwrap cannot make a network and a list of processes of its own here"
  POLC_TEST_ALONE=1 exec "${network[@]}" -- "$@"
}

# A folder that a plain user reaches, gone at the end.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
chmod 755 "$scratch"
is_root=no
[ "$(id -u)" -ne 0 ] || is_root=yes

# filter NAME VARIANTS REACTION: the policy's filter. REACTION is what it does about a call that no rule allows: `kill`, which is the
# policy's, or `tell`: it answers EL2HLT, which no kernel answers by itself, also where the policy says EACCES of files and networks.
filter() {
  local changes=()
  [ "$3" = kill ] || changes=(-e 's/^  default kill;/  default deny errno EL2HLT;/'
    -e 's/^\( *\)default deny errno EACCES for /\1default deny errno EL2HLT for /')
  sed -e '' "${changes[@]}" "$policy" > "$scratch/$1.pol"
  "$polc" "$scratch/$1.pol" --target=seccomp --option=exec=launcher ${2:+"--variant=$2"} --format=bpf -o "$scratch/$1.bpf" \
    2> "$scratch/messages" || fail "polc does not compile $1" "$scratch/messages"
}

# under FILTER COMMAND...: as $as, by default root; a plain user gets no capability. It replaces the shell that calls it, so
# call it in a subshell or in the background.
under() {
  local name=$1 change=() caps=()
  shift
  if [ "$is_root" = yes ] && [ "${as:-root}" != root ]; then
    change=(setpriv --reuid="$as" --regid="$as" --init-groups)
  elif [ "$is_root" = yes ]; then
    caps=(--cap-add ALL)
  fi
  "${watch[@]}" "${change[@]}" bwrap --dev-bind / / "${caps[@]}" --seccomp 9 -- "$@" 9< "$scratch/$name.bpf"
}

# watched FILTER COMMAND...: the same, while strace looks on. The kernel's log says who was killed, too, but is not for everyone to
# read, leaves lines out when there are many, and is one for the whole machine; of calls that were answered it says nothing.
watch=()
watched() {
  local watch=(strace -f -qq -e signal=SIGSYS -o "$scratch/seen.$BASHPID")
  case $1 in
    *-tell) watch+=(-Z) ;;                              # each call that failed: slow, for it stops at every call
    *) watch+=(--seccomp-bpf -e trace=none) ;;          # who was killed, and nothing else
  esac
  under "$@"
}

# refusals: what strace saw the filter refuse, but for what $meant matches: calls that the policy means to refuse.
refusals() { grep -hsE 'EL2HLT|SIGSYS' "$scratch"/seen.* | grep -vE "${meant:-^$}"; }

# refused_nothing: none of the watched, which have ended, was refused a call.
refused_nothing() {
  compgen -G "$scratch/seen.*" > /dev/null || fail "$what: strace saw nothing"
  ! refusals > /dev/null || fail "$what: the filter refuses what the daemon needs"
  rm -f "$scratch"/seen.*
}

# wait_for SECONDS COMMAND...: until the command succeeds.
wait_for() {
  local end=$((SECONDS + $1))
  shift
  until "$@" > /dev/null 2>&1; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.1
  done
}
gone() { ! kill -0 "$1" 2> /dev/null; }

# expects WHAT ANSWER COMMAND...: the command's output is the answer.
expects() {
  local what=$1 answer=$2 got
  shift 2
  got=$("$@" 2>&1) || true
  [ "$got" = "$answer" ] || fail "$what: \`$*\` answers \`$got\`, not \`$answer\`" "$log"
}
