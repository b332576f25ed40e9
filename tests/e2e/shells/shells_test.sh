#!/bin/bash
# What shells complete, what man shows and what editors know, by the shells and by groff themselves:
# shells_test.sh POLC DIRECTORY_OF_PAGES
set -euo pipefail
root=$(readlink -f -- "${0%/*}/../../..")
polc=$(readlink -f -- "$1")
pages=$(readlink -f -- "$2")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export PATH=${polc%/*}:$PATH
mkdir "$scratch/policies" && cd "$scratch" && : > a.pol && : > other.txt
failed=0

has() {
  command -v "$1" > /dev/null && return
  echo "SKIPPED: $1 is not installed"
  return 1
}

expect() {  # WHAT WANTED GOT
  [ "$2" = "$3" ] && return
  printf '%s: wanted "%s", got "%s"\n' "$1" "$2" "$3"
  failed=1
}

# Both shells are asked the same; bash takes words apart at `=`, fish says the option with each value.
under_bash() {
  # shellcheck disable=SC1090
  source <("$polc" completion bash)
  try() {
    COMP_WORDS=("${@:2}") COMP_CWORD=$(($# - 2)) COMPREPLY=()
    _polc || true  # compopt fails where nothing is completed
    expect "bash: ${*:2}" "$1" "$(printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort | paste -sd ' ')"
  }
  try lint polc li
  try "--fail-level --fix --format" polc lint --f
  try "sarif" polc lint --format = s
  try "gcc github json junit sarif text" polc lint --format ''
  try "seccomp,apparmor" polc a.pol --target = seccomp,app
  try "aarch64" polc a.pol --arch aar
  try "a.pol policies" polc fmt ''
  try "a.pol other.txt policies" polc -o ''
  try "policies" polc a.pol -I ''
  try "bash fish zsh" polc completion ''
}

under_fish() {
  "$polc" completion fish > polc.fish
  try() {
    local got
    # shellcheck disable=SC2016
    got=$(fish --no-config -c 'source polc.fish; complete -C $argv[1] | string split -f1 \t | string join " "' "$2" || true)  # join fails when there is one
    expect "fish: $2" "$1" "$got"
  }
  try lint "polc li"
  try "--fail-level --fix --format" "polc lint --f"
  try "--format=sarif" "polc lint --format=s"
  try "--target=seccomp,apparmor" "polc a.pol --target=seccomp,a"
  try "a.pol" "polc lint a"
  try "bash fish zsh" "polc completion "
}

under_zsh() {
  "$polc" completion zsh > _polc
  zsh -n _polc || failed=1
  # shellcheck disable=SC2016
  expect zsh _polc "$(zsh -f -c 'fpath=($PWD $fpath); autoload -U compinit; compinit -u -D; autoload +X _polc; print $_comps[polc]')"
}

# Every verb has its page, which groff reads without a word and which names every option of --help.
under_groff() {
  local verb page option
  for verb in '' $("$polc" manual | sed -n 's/^\.BR polc\\-\([a-z]*\) (1)$/\1/p'); do
    page=$pages/polc${verb:+-$verb}.1
    [ -s "$page" ] || { echo "no page $page"; failed=1; continue; }
    expect "groff: $page" "" "$(groff -man -ww -Tutf8 "$page" 2>&1 > page.txt)"
    # shellcheck disable=SC2086
    for option in $("$polc" $verb --help | grep -o -- '^ *-[-a-zA-Z,-]*' | tr ',' ' '); do
      sed 's/\\-/-/g; s/\\f.//g' "$page" | grep -q -- "$option" || { echo "$page: no $option"; failed=1; }
    done
  done
}

# The matcher's expression, which is one for POSIX tools too, reads what polc prints for editors.
problem_matcher() {
  local regex line
  regex=$(sed -n 's/.*"regexp": "\(.*\)",/\1/p' "$root/docs/ci/problem-matcher.json" | sed 's/\\\\/\\/g')
  printf 'language 1;\npolicy p { program "/bin/x"; allow read "/etc/**"; }\n' > bad.pol
  "$polc" lint --format=gcc bad.pol > findings || true
  [ -s findings ] || { echo "no finding to match"; failed=1; }
  while read -r line; do
    [[ $line =~ $regex ]] || { echo "the problem matcher does not read: $line"; failed=1; }
    expect "problem matcher" "bad.pol 2" "${BASH_REMATCH[1]:-} ${BASH_REMATCH[2]:-}"
  done < findings
}

under_bash
problem_matcher
"$root/scripts/editor-syntax" --check || failed=1
if has fish; then under_fish; fi
if has zsh; then under_zsh; fi
if has groff; then under_groff; fi
exit "$failed"
