#!/usr/bin/env bash
# The independent verifier of tests/npm/sigstore, as its lockfile pins it.
#   tests/e2e/lib/sigstore.sh [FOLDER]      FOLDER is build/npm/sigstore of the project, when not given
# Gives:     FOLDER with the packages. Done once; two who want it at the same time wait for each other.
# Needs:     npm, and the registry that it is set up with.
# Cleans up: nothing; FOLDER is for the next ones.
set -eu
src=$(cd "$(dirname "$0")/../../.." && pwd)
to=${1:-$src/build/npm/sigstore}
lock=$src/tests/npm/sigstore/package-lock.json
mkdir -p "$to"
exec 9>"$to.lock" # two tests may want it at the same time
flock 9
cmp -s "$lock" "$to/.complete" && exit 0
command -v npm >/dev/null || { echo "no npm here" >&2; exit 1; }
cp "$src/tests/npm/sigstore/package.json" "$lock" "$to/"
npm ci --prefix "$to" --ignore-scripts --no-audit --no-fund --omit=dev >"$to/log" 2>&1 || { tail -20 "$to/log" >&2; exit 1; }
cp "$lock" "$to/.complete"
