#!/usr/bin/env bash
# faults.sh on a copy of the sources, with a build of its own.
#   faults_in_copy.sh SOURCE FOLDER
set -euo pipefail
copy=$2/copy
rm -rf "$copy"
mkdir -p "$copy"
tar -C "$1" --exclude=./build --exclude=./.git -cf - . | tar -C "$copy" -xf -
cmake -S "$copy" --preset release >"$2/configured.log"
"$copy/tests/readers/faults.sh" "$copy" "$copy/build/release"
