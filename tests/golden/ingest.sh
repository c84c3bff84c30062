#!/usr/bin/env bash
# What `assay inspect` makes of each ingest/<case>/input.*, byte for byte beside expect.json.
# A case with an assay.conf runs with its settings. REGENERATE=1 writes expect.json anew: read the difference before committing it.
set -u
: "${ASSAY:?name the program under test}" "${SRC:?name the project root}"
command -v jq >/dev/null || { echo "skipped: no jq"; exit 77; }
T=$(mktemp -d) && trap 'rm -rf "$T"' EXIT
export LC_ALL=C.UTF-8 TZ=UTC
n_passed=0 n_failed=0
for dir in "$SRC"/tests/golden/ingest/*/; do
    case=$(basename "$dir")
    input=$(find "$dir" -name 'input.*')
    cp -L "$input" "$T/" && touch -d 2026-11-22T06:00:00Z "$T/$(basename "$input")"
    unset ASSAY_CONFIG
    [ ! -e "$dir/assay.conf" ] || export ASSAY_CONFIG="$dir/assay.conf"
    (cd "$T" && "$ASSAY" inspect --results --json "$(basename "$input")") 2>"$T/said" | jq -S . >"$T/got"
    jq -R -S '{said: .}' <"$T/said" >>"$T/got"
    [ -z "${REGENERATE:-}" ] || cp "$T/got" "$dir/expect.json"
    if [ -s "$T/got" ] && diff "$dir/expect.json" "$T/got" >"$T/diff"; then
        n_passed=$((n_passed + 1))
    else
        n_failed=$((n_failed + 1))
        echo "FAILED: $case" && head -15 "$T/diff"
    fi
    rm -f "$T"/input.*
done
[ $((n_passed + n_failed)) -ge 10 ] || { echo "FAILED: only $((n_passed + n_failed)) cases"; n_failed=1; }
printf '%d passed, %d failed\n' "$n_passed" "$n_failed"
[ "$n_failed" -eq 0 ]
