#!/usr/bin/env bash
# The generated fleet: the same bytes for the same seed in every awk, file times are scan times, and
# every file is read with exactly the counts that the generator wrote down.
set -u
: "${ASSAY:?name the program under test}" "${SRC:?name the project root}"
command -v jq >/dev/null || { echo "skipped: no jq"; exit 77; }
T=$(mktemp -d) && trap 'rm -rf "$T"' EXIT
export LC_ALL=C.UTF-8 TZ=UTC
n_passed=0 n_failed=0
check() { # check NAME COMMAND…
    local name=$1; shift
    if "$@"; then n_passed=$((n_passed + 1)); else n_failed=$((n_failed + 1)); echo "FAILED: $name" >&2; fi
}
make() { bash "$SRC/scripts/make-fleet" --agents 40 --weeks 8 --end 2026-11-20 "$@"; }

check "a fleet" make --seed 3 --out "$T/one/spool" >"$T/said"
check "the same again" make --seed 3 --out "$T/two/spool" >/dev/null
check "same bytes" diff -r "$T/one" "$T/two"
check "another seed" make --seed 4 --out "$T/other/spool" >/dev/null
check "differs" sh -c "! diff -rq '$T/one' '$T/other' >/dev/null"
for awk in mawk gawk original-awk; do
    command -v "$awk" >/dev/null || continue
    mkdir -p "$T/$awk/bin" && ln -s "$(command -v "$awk")" "$T/$awk/bin/awk"
    PATH=$T/$awk/bin:$PATH check "$awk: a fleet" make --seed 3 --out "$T/$awk/f/spool" >/dev/null
    check "$awk: same bytes" diff -r "$T/one" "$T/$awk/f"
done

# What is read, beside what was written: agent, day, format, policy, pass, fail, other.
find "$T/one/spool" -type f -print0 | xargs -0 "$ASSAY" inspect --json >"$T/read.json"
jq -r '[.asset.name, .end[0:10], .format, .policy.id, .counts.pass, .counts.fail, .counts.notapplicable] | @tsv' \
    "$T/read.json" | sort >"$T/got"
tail -n +2 "$T/one/fleet-expected.tsv" | cut -f1,3- | sort >"$T/want"
check "every scan with its counts" diff "$T/got" "$T/want"
check "not one warning" test "$(jq -s 'map(.warnings | length) | add' "$T/read.json")" = 0
check "all five formats" test "$(cut -f3 "$T/got" | sort -u | wc -l)" = 5
check "the files are counted" grep -q "^$(find "$T/one/spool" -type f | wc -l) files, $(wc -l <"$T/want") scans of 40 agents " "$T/said"
late=$(jq -r '[.file, .end] | @tsv' "$T/read.json" | while IFS=$'\t' read -r file end; do
    [ "$(date -u -r "$file" +%s)" = "$(date -u -d "$end" +%s)" ] || echo "$file"; done)
check "file times are scan times" test -z "$late"

# The people of the fleet.
check "silent since October" test "$(grep '^app01' "$T/want" | cut -f2 | sort | tail -1)" '<' 2026-10-12
check "a hopeless host" test "$(awk -F'\t' '$1 == "db01.example.net" && $5 == 1 && $6 > 40' "$T/want" | wc -l)" = 8
check "scores only" grep -q 'pandora_hardening' "$T/want"
check "hosts with two policies" test "$(cut -f1,4 "$T/want" | sort -u | cut -f1 | uniq -d | wc -l)" -ge 3
check "names from Japan" test "$(jq -r .asset.alias "$T/read.json" | sort -u | grep -cE '東京|大阪')" = 2
check "a name that wants to be a script" grep -q '^<script>' "$T/want"
check "formulas and bidi controls come from that host alone" test \
    "$(grep -lrE "calc|$(printf '\342\200\256')" "$T/one/spool" | sed 's/net[.@].*/net/; s/.*\///' | sort -u)" = odd16.example.net
check "XCCDF and lynis of one host" test -n "$(cut -f1,3 "$T/want" | sort -u | grep -E 'xccdf|lynis' | cut -f1 | uniq -d)"
# Better from first to last week, and in every week some host falls back.
check "the fleet gets better" awk -F'\t' '
    { k = $1 FS $4; score = $5 / ($5 + $6); if (!(k in first)) first[k] = score; last[k] = score }
    END { for (k in first) { n++; d += last[k] - first[k] } exit !(d / n > 0.03 && d / n < 0.4) }' "$T/want"
check "some host falls back" awk -F'\t' '
    { k = $1 FS $4; if (k in p && $5 < p[k]) down++; p[k] = $5 } END { exit !(down > 10) }' "$T/want"

check "wrong options" sh -c "! bash '$SRC/scripts/make-fleet' --seed x --out '$T/x' 2>/dev/null"
check "nobody" sh -c "! bash '$SRC/scripts/make-fleet' --agents 0 --out '$T/x' 2>/dev/null"
check "no folder" sh -c "! bash '$SRC/scripts/make-fleet' 2>/dev/null"
# The catalogue: whole rows, unique ids, safeguards that exist in CIS Controls v8.
check "catalogue" awk -F'\t' 'BEGIN { split("5 7 14 12 6 8 7 12 7 7 5 8 11 9 7 14 9 5", last, " ") }
    /^#/ { next }
    { split($3, c, ".")
      for (i = 1; i <= length($2); i++) kinds[substr($2, i, 1)]++
      if (NF != 9 || $1 in seen || c[2] < 1 || c[2] > last[c[1]]) { print FILENAME ":" FNR; bad = 1 }
      seen[$1] }
    END { exit bad || kinds["S"] < 40 || kinds["N"] < 40 || kinds["W"] < 40 || kinds["D"] < 40 }' \
    "$SRC"/samples/catalogue/*.tsv
echo "$n_passed passed, $n_failed failed"
[ "$n_failed" -eq 0 ] && [ "$n_passed" -gt 0 ]
