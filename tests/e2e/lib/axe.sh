#!/usr/bin/env bash
# The independent judge of accessibility of tests/npm/axe, as its lockfile pins it.
#   tests/e2e/lib/axe.sh [FOLDER]      FOLDER is build/npm/axe of the project, when not given
# Gives:     the path of axe.min.js on its output. Done once; two who want it at the same time wait for each other.
# Needs:     npm, and the registry that it is set up with.
# Cleans up: nothing; FOLDER is for the next ones.
set -eu
src=$(cd "$(dirname "$0")/../../.." && pwd)
to=${1:-$src/build/npm/axe}
lock=$src/tests/npm/axe/package-lock.json
mkdir -p "$to"
exec 9>"$to.lock" # two tests may want it at the same time
flock 9
if ! cmp -s "$lock" "$to/.complete"; then
    command -v npm >/dev/null || { echo "no npm here" >&2; exit 1; }
    cp "$src/tests/npm/axe/package.json" "$lock" "$to/"
    npm ci --prefix "$to" --ignore-scripts --no-audit --no-fund --omit=dev >"$to/log" 2>&1 || { tail -20 "$to/log" >&2; exit 1; }
    cp "$lock" "$to/.complete"
fi
echo "$to/node_modules/axe-core/axe.min.js"
