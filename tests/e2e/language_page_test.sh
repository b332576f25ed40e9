#!/bin/bash
# Each whole file that docs/language.md shows is laid out as `polc fmt` does and compiles, and together they show every word and sign of
# the grammar.
#   language_page_test.sh POLC LANGUAGE.MD POLICYLEXER.G4
set -euo pipefail

polc=$1 page=$2 lexer=$3
# shellcheck source=tests/e2e/daemon.bash
. "$(dirname -- "$0")/daemon.bash"

awk -v folder="$scratch" '
  /^```/ { inside = !inside; whole = 0; next }
  inside && /^language 1;$/ { whole = 1; ++files }
  whole { print > (folder "/" files ".pol") }' "$page"

for file in "$scratch"/*.pol; do
  "$polc" fmt --check "$file" > "$scratch/messages" 2>&1 || fail "fmt would change $file" "$scratch/messages"
  for name in $(sed -n 's/^policy \([a-z]*\) {$/\1/p' "$file"); do
    "$polc" "$file" --policy="$name" --dump=ir > "$scratch/messages" 2>&1 || fail "$file: $name does not compile" "$scratch/messages"
  done
done

# The first file is what a reader tries: for each target that it deploys.
"$polc" "$scratch/1.pol" -o "$scratch/out/" > "$scratch/messages" 2>&1 || fail "the first file does not compile" "$scratch/messages"
[ "$(ls "$scratch/out")" = "$(printf 'httpd.%s\n' apparmor bpf conf)" ] || fail "the first file gave other artefacts: $(ls "$scratch/out")"
"$polc" test "$scratch/1.pol" > "$scratch/messages" 2>&1 || fail "the first file's expectations fail" "$scratch/messages"

# What stands in strings and comments shows nothing. Lines of the lexer: NAME : 'word' ;
cat "$scratch"/*.pol | sed 's/#.*//; s/"[^"]*"/""/g' > "$scratch/shown"
words=0
while IFS= read -r word; do
  words=$((words + 1))
  case $word in
    [a-z]*) grep -qw -- "$word" "$scratch/shown" || fail "no example shows \`$word\`" ;;
    *) grep -qF -- "$word" "$scratch/shown" || fail "no example shows \`$word\`" ;;
  esac
done < <(sed -nE "s/^[A-Z0-9_]+ : '([^']+)' ;.*/\1/p" "$lexer")
[ $words -gt 100 ] || fail "only $words words found in $lexer"
ok "$words words and signs are shown"
