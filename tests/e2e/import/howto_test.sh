#!/bin/sh
# The how-to's two policies as policies of polc: all is said, and compiled again they are line for line what they were.
#   howto_test.sh POLC POLICY.systrace SUBJECT.grsec
set -eu
LC_ALL=C
export LC_ALL
polc=$1
systrace=$2
grsecurity=$3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

fail() {
  echo "FAILED $*"
  failed=1
}

# again TARGET ARTEFACT LINES [OPTION...]: imported with nothing raw or left out, and printed again.
again() {
  target=$1 artefact=$2 count=$3
  "$polc" import "$target" "$artefact" --name=tor -o "$scratch/tor.pol" --strict 2>"$scratch/told" || { fail "$target: $(cat "$scratch/told")"; return; }
  grep -q 'compiled again: equal$' "$scratch/told" || fail "$target: $(cat "$scratch/told")"
  "$polc" fmt --check "$scratch/tor.pol" || fail "$target: not in the one layout"
  "$polc" "$scratch/tor.pol" --target="$target" --fidelity=none -o "$scratch/printed" 2>"$scratch/told" || { fail "$target: $(cat "$scratch/told")"; return; }
  "$polc" verify "$scratch/tor.pol" "$artefact" --target="$target" >/dev/null 2>"$scratch/told" || fail "$target: $(cat "$scratch/told")"
  grep -v -e '^#' -e '^$' "$artefact" | sort >"$scratch/wanted"
  grep -v -e '^#' -e '^$' "$scratch/printed" | sort >"$scratch/again"
  test "$(wc -l <"$scratch/wanted")" -eq "$count" || fail "$target: $(wc -l <"$scratch/wanted") published lines, not $count"
  if diff -u "$scratch/wanted" "$scratch/again"; then echo "ok     $target: $count lines"; else fail "$target: other lines"; fi
}

again systrace "$systrace" 79
again grsecurity "$grsecurity" 16

exit $failed
