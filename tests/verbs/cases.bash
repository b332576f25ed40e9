# shellcheck shell=bash disable=SC2034,SC2154
# What the tests of single programs under a policy share; sourced. Exit: 0, 1 failed, 77 skipped.

skip() { printf 'SKIPPED: %s\n' "$1"; exit 77; }
fail() { printf 'FAILED: %s\n' "$1"; [ -z "${2:-}" ] || cat "$2"; exit 1; }
ok() { printf 'ok: %s\n' "$1"; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# filter NAME ARCHITECTURES < STATEMENTS: the filter of a policy that uses std/linux.pol. What no rule allows answers EL2HLT.
filter() {
  {
    printf 'language 1;\nimport "std/linux.pol";\npolicy program {\n  default deny errno EL2HLT;\n  use dynamic_program;\n'
    cat
    printf '}\n'
  } > "$scratch/$1.pol"
  "$polc" "$scratch/$1.pol" --target=seccomp "--arch=$2" --format=bpf --fidelity=none -o "$scratch/$1.bpf" 2> "$scratch/messages" ||
    fail "polc does not compile $1" "$scratch/messages"
}

# does PROGRAM VERB [FILTER]: it happened, and the program ended well; "excess NAME ERRNO" of what goes beyond stand in $scratch/answers.
does() {
  "$1" "$2" ${3:+"$scratch/$3.bpf"} > "$scratch/answers" || return 1
  grep -q '^did ' "$scratch/answers"
}

# answers NAME ERRNO: what goes beyond the rule was answered so.
answers() { grep -qx "excess $1 $2" "$scratch/answers"; }

# programs LIBC=PROGRAM...: into $programs, those that could be built; the others are skipped aloud.
programs() {
  declare -gA programs=()
  local word
  for word; do
    if [ -n "${word#*=}" ]; then programs[${word%%=*}]=${word#*=}
    else printf 'SKIPPED: no program for %s can be built here (scripts/setup --with-daemons)\n' "${word%%=*}"; fi
  done
}

# programs_for VERB LIBC=PROGRAM...: the same; skips where none could be built, or VERB finds no namespaces.
programs_for() {
  programs "${@:2}"
  [ ${#programs[@]} -gt 0 ] || skip "gcc builds no program here"
  local libc
  for libc in "${!programs[@]}"; do needs_root "${programs[$libc]}" "$1"; return; done
}

# architecture LIBC
architecture() { [ "$1" = i386 ] && echo x86 || echo x86_64; }

# needs_root PROGRAM VERB
needs_root() {
  [ "$(id -u)" -eq 0 ] || skip "only root makes namespaces and loads filters without further ado"
  does "$1" "$2" || ! grep -q '^failed unshare' "$scratch/answers" || skip "no namespaces can be made here"
}
refused=51  # EL2HLT
