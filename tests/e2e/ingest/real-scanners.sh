#!/usr/bin/env bash
# Debian's own oscap and lynis, run here; assay's counts against xmllint and awk.
. "$(dirname "$0")/../lib/lib.sh"
need oscap xmllint jq
bash "$SRC/scripts/scan-host" "$T/scans" >"$T/scan.log" 2>&1 || { cat "$T/scan.log"; skip "the scanners do not run here"; }

for f in "$T"/scans/*.xml; do
    "$ASSAY" inspect "$f" >"$T/got.json" || { check "inspect $f" false; continue; }
    for word in pass fail notapplicable notchecked error unknown informational fixed notselected; do
        want=$(xmllint --xpath "count(//*[local-name()='TestResult']/*[local-name()='rule-result']/*[local-name()='result'][text()='$word'])" "$f")
        check "$(basename "$f"): $word" equal "$(jq -r ".counts.$word" "$T/got.json")" "$want"
    done
    check "host" equal "$(jq -r .asset.name "$T/got.json" | tr A-Z a-z)" "$(uname -n | tr A-Z a-z)"
done
for f in "$T"/scans/*.dat; do
    [ -e "$f" ] || continue
    want=$(awk -F'[=|]' '/^warning\[\]=/ { w[$2] } /^(suggestion|exception_event)\[\]=/ { sub(/:.*/, "", $2); s[$2] }
        /^tests_executed=/ { for (i = 2; i <= NF; i++) if ($i != "" && $i != "LYNIS") e[$i] }
        END { for (t in e) { n++; if (!(t in w) && !(t in s)) p++ } print p + 0 }' "$f")
    check "$(basename "$f"): tests without a finding" equal \
        "$("$ASSAY" inspect "$f" | jq -r .counts.pass)" "$want"
done
check "both scanners gave files" test -n "$(ls "$T"/scans/*.xml 2>/dev/null)"
check init status 0 assay init
check "stored" status 0 assay ingest "$T/scans" --json
check "ARF and results of one run are one scan" equal "$(jq .scans "$T/out")" "$(ls "$T"/scans/*.dat | wc -l | awk '{print $1 + 1}')"
done_tests
