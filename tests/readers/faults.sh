#!/usr/bin/env bash
# Is a fault in a reader found? Puts each one of faults.tsv into a backend's reader, builds the backend's own tests, which hold the
# reader to the target's own tool, to recorded answers or to a second evaluator, and wants one of them to fail. What a reader makes of
# polc's own text says nothing here: printer and reader could be wrong together.
#   faults.sh SOURCE BUILD [BACKEND...]     SOURCE is changed and put back: a copy, or a clone without changes of one's own
set -euo pipefail
source_dir=$1 build=$2
shift 2
table=$(dirname "$0")/faults.tsv
changed=

put_back() { if [[ $changed ]]; then mv "$changed.whole" "$changed"; touch "$changed"; changed=; fi; }
trap put_back EXIT

# The text must stand there once: a fault that no longer fits the reader is no test.
seed() {
  local from=$1 to=$2 text rest
  text=$(<"$changed")
  rest=${text#*"$from"}
  if [[ $rest == "$text" || $rest == *"$from"* ]]; then return 1; fi
  printf '%s%s%s\n' "${text%%"$from"*}" "$to" "$rest" >"$changed"
}

is_asked() {
  local name=$1
  shift
  (($# == 0)) && return 0
  for one; do [[ $one == "$name" ]] && return 0; done
  return 1
}

found=0 missed=0
while IFS=$'\t' read -r backend file from to; do
  [[ $backend == \#* ]] && continue
  is_asked "$backend" "$@" || continue
  changed=$source_dir/backends/$backend/$file
  cp -p "$changed" "$changed.whole"
  what="$backend/$file: $from -> $to"
  if ! seed "$from" "$to"; then
    echo "does not stand there once: $what"
    missed=$((missed + 1))
  elif ! cmake --build "$build" --target "backends/$backend/all" >"$build/faults.log" 2>&1; then
    echo "does not build: $what"
    missed=$((missed + 1))
  elif ctest --test-dir "$build/backends/$backend" -LE vm --stop-on-failure --timeout 300 >"$build/faults.log" 2>&1; then
    echo "not found: $what"
    missed=$((missed + 1))
  else
    echo "found: $what"
    found=$((found + 1))
  fi
  put_back
done <"$table"
echo "$found faults found, $missed not"
((missed == 0 && found > 0))
