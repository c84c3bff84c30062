#!/usr/bin/env bash
# assay run: ingest, due reports once, missed ones caught up, two hosts never the same, export.
. "$(dirname "$0")/../lib/lib.sh"
need jq
echo "export = json:$T/audit.json" >>"$T/assay.conf"
check init status 0 at 2026-01-01T00:00:00Z assay init
bash "$SRC/scripts/make-fleet" --agents 5 --weeks 9 --groups 2 --out "$T/spool" --seed 9 --end 2026-11-20 >/dev/null

check "dry run changes nothing" status 0 at 2026-11-23T06:00:00Z assay run --dry-run
check "spool is full" test -n "$(ls "$T"/spool/* 2>/dev/null)"
at 2026-11-23T06:00:00Z "$ASSAY" run --json >"$T/out" 2>"$T/err"; rc=$?
check "a night" test $rc -eq 0 -o $rc -eq 3
made=$(jq .reports "$T/out")
check "reports were made" test "$made" -ge 2
check "September and October" test -d "$T/scheduled/hardening-monthly-2026-09" -a -d "$T/scheduled/hardening-monthly-2026-10"
check "not the open month" test ! -d "$T/scheduled/hardening-monthly-2026-11"
check "each is signed" status 0 assay verify --trust "$T/state/sign.crt" "$T/scheduled/hardening-monthly-2026-10/latest"
check "the log went out" grep -q '"report.make"' "$T/audit.json"

check "again: nothing is due, silent" status 0 at 2026-11-23T06:15:00Z assay run --quiet
check silent silent
check "next month" status 0 at 2026-12-01T00:15:00Z assay run --json
check "November is made" test -d "$T/scheduled/hardening-monthly-2026-11"

# Two at once: one makes each report, the other finds it taken.
rm -rf "$T/state2"
at 2027-01-01T00:15:00Z "$ASSAY" run --json >"$T/one" 2>"$T/one.err" & a=$!
at 2027-01-01T00:15:00Z "$ASSAY" run --json >"$T/two" 2>"$T/two.err" & b=$!
wait $a; wait $b
check "made once" equal "$(($(jq .reports "$T/one") + $(jq .reports "$T/two")))" "$(jq .reports "$T/out")"
check "what it warns of is told once" equal "$(jq -s '[.[].steps[] | select(.warned)] | length' "$T/one" "$T/two") $(cat "$T/one.err" "$T/two.err" | grep -c "this host's clock")" "1 1"
assay audit export --format json -o "$T/all.json" --from 0
check "one record each" equal "$(grep '"report.make"' "$T/all.json" | grep -c 'hardening-monthly-2026-12')" 1
check "the log holds" status 0 assay audit verify

# A definition with a fault: the rest is made, the fault is named.
mkdir -p "$T/tpl/reports"
echo '{"title": 7}' >"$T/tpl/reports/broken.json"
echo "templates-dir = $T/tpl" >>"$T/assay.conf"
check "a broken definition" status 78 at 2027-02-01T00:15:00Z assay run
check "names the file" says "broken.json"
check "the others were made" test -d "$T/scheduled/hardening-monthly-2027-01"
done_tests
