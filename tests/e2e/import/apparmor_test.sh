#!/bin/bash
# Debian's profiles as policies: what became of their rules is what imported.tsv says, each policy has the one layout; compiled
# again most are equal, and where one compiles the real parser takes the profile that it prints.
#   apparmor_test.sh POLC UNPACK FOLDER [EVERY]    each EVERYth profile; POLC_UPDATE=1 with EVERY=1 writes imported.tsv
# Profiles that the reader refuses (hats, several profiles in a file) are refused with a place.
set -euo pipefail
LC_ALL=C
export LC_ALL polc unpack folder etc scratch
polc=$1 unpack=$2 folder=$3 every=${4:-1}
here=$(dirname -- "$(readlink -f -- "$0")")
command -v apparmor_parser >/dev/null || { echo "SKIPPED: no apparmor_parser"; exit 77; }
"$unpack" "$folder" apparmor apparmor-profiles apparmor-profiles-extra || exit $?
etc=$folder/root/etc/apparmor.d
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# FILE: a row of imported.tsv.
row() {
  local file=$1 name status=0 parsed
  name=$(basename -- "$file")
  "$polc" import apparmor "$file" --include-dir="$etc" -o "$scratch/$name.pol" --report="$scratch/$name.json" 2>"$scratch/$name.told" || status=$?
  parsed=$([ $status -eq 0 ] && echo equal || echo compiles)
  if [ ! -f "$scratch/$name.pol" ]; then
    printf '%s\trefused\t%s\n' "$name" "$(sed -n 's/.*, \(line [0-9]*\): .*\[P6007\]$/\1/p' "$scratch/$name.told" | head -n 1)"
    return
  fi
  "$polc" fmt --check "$scratch/$name.pol" >&2 || parsed="not in the one layout"
  if "$polc" "$scratch/$name.pol" --target=apparmor --fidelity=none -o "$scratch/$name.profile" 2>/dev/null; then
    apparmor_parser -QK --config-file /dev/null -M "$etc/abi/3.0" -b "$etc" -I "$etc" -S "$scratch/$name.profile" >/dev/null 2>"$scratch/$name.told" ||
      parsed="refused by the parser: $(tail -n 1 "$scratch/$name.told")"
  else
    parsed="does not compile"
  fi
  python3 - "$scratch/$name.json" "$name" "$parsed" <<'PYTHON'
import json, sys
counts = json.load(open(sys.argv[1]))["counts"]
print(sys.argv[2], ", ".join(f"{counts[k]} {k}" for k in counts if counts[k]), sys.argv[3], sep="\t")
PYTHON
}
export -f row

for file in "$etc"/* "$folder"/root/usr/share/apparmor/extra-profiles/*; do
  if [ -f "$file" ] && [ "$(basename -- "$file")" != README ]; then echo "$file"; fi
done | sort | awk -v every="$every" 'NR % every == 0' >"$scratch/files"
# shellcheck disable=SC2016  # the inner shell expands it
xargs -d '\n' -P 2 -I{} bash -c 'row "$1" >"$scratch/$(basename -- "$1").row"' _ {} <"$scratch/files"
sort "$scratch"/*.row >"$scratch/rows"
if [ -n "${POLC_UPDATE:-}" ]; then sort "$scratch/rows" >"$here/imported.tsv"; fi
sed 's|.*/||' "$scratch/files" | while read -r name; do awk -F'\t' -v name="$name" '$1 == name' "$here/imported.tsv"; done | sort >"$scratch/wanted"
diff "$scratch/wanted" "$scratch/rows" || { echo "FAILED: the profiles (>) are not imported as imported.tsv has it (<)"; exit 1; }
awk -F'\t' '{ n = split($2, parts, ", "); for (i = 1; i <= n; i++) { split(parts[i], word, " "); count[word[2]] += word[1] } files += $2 != "refused"; refused += $2 == "refused"; equal += $3 == "equal"; compiles += $3 == "compiles" }
  END { printf "ok     %d profiles imported, %d of them equal, %d more compile, %d refused; rules: %d said, %d raw, %d dropped, %d unknown\n", files, equal, compiles, refused, count["said"], count["raw"], count["dropped"], count["unknown"] }' "$scratch/rows"
