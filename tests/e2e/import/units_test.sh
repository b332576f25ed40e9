#!/bin/bash
# Units of eleven Debian packages as policies: each directive is said, raw, neutral or dropped, and compiled again the policy is equal,
# as units.tsv has it; each policy has the one layout.
#   units_test.sh POLC UNPACK FOLDER [EVERY]    each EVERYth unit; POLC_UPDATE=1 with EVERY=1 writes units.tsv
set -euo pipefail
LC_ALL=C
export LC_ALL polc scratch
polc=$1 unpack=$2 folder=$3 every=${4:-1}
here=$(dirname -- "$(readlink -f -- "$0")")
"$unpack" "$folder" chrony fwupd haveged knot polkitd redis-server rsyslog systemd tor unbound upower || exit $?
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# FILE: a row of units.tsv.
row() {
  local file=$1 name status=0 equal=equal
  name=$(basename -- "$file")
  "$polc" import systemd "$file" -o "$scratch/$name.pol" --report="$scratch/$name.json" 2>"$scratch/$name.told" || status=$?
  if [ ! -f "$scratch/$name.pol" ]; then
    printf '%s\trefused\t\n' "$name"
    return
  fi
  "$polc" fmt --check "$scratch/$name.pol" >&2 || equal="not in the one layout"
  [ $status -eq 0 ] || equal=$(sed -n 's/^warning: compiled again: \(.*\) \[P7004\]$/\1/p' "$scratch/$name.told" | paste -s -d '|')
  python3 - "$scratch/$name.json" "$name" "$equal" <<'PYTHON'
import json, sys
counts = json.load(open(sys.argv[1]))["counts"]
print(sys.argv[2], ", ".join(f"{counts[k]} {k}" for k in counts if counts[k]), sys.argv[3], sep="\t")
PYTHON
}
export -f row

find "$folder/root/lib/systemd/system" -maxdepth 1 -name '*.service' -type f | sort | awk -v every="$every" 'NR % every == 0' >"$scratch/files"
test -s "$scratch/files" || { echo "FAILED: there are no units"; exit 1; }
# shellcheck disable=SC2016  # the inner shell expands it
xargs -d '\n' -P 2 -I{} bash -c 'row "$1" >"$scratch/$(basename -- "$1").row"' _ {} <"$scratch/files"
sort "$scratch"/*.row >"$scratch/rows"
if [ -n "${POLC_UPDATE:-}" ]; then cp "$scratch/rows" "$here/units.tsv"; fi
sed 's|.*/||' "$scratch/files" | while read -r name; do awk -F'\t' -v name="$name" '$1 == name' "$here/units.tsv"; done | sort >"$scratch/wanted"
diff "$scratch/wanted" "$scratch/rows" || { echo "FAILED: the units (>) are not imported as units.tsv has it (<)"; exit 1; }
awk -F'\t' '{ n = split($2, parts, ", "); for (i = 1; i <= n; i++) { split(parts[i], word, " "); count[word[2]] += word[1] } equal += $3 == "equal" }
  END { printf "ok     %d units imported, %d of them equal; directives: %d said, %d raw, %d neutral, %d dropped\n", NR, equal, count["said"], count["raw"], count["neutral"], count["dropped"] }' "$scratch/rows"
