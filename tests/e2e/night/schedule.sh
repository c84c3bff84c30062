#!/usr/bin/env bash
# assay run: ingest, due reports once, missed ones caught up, two hosts never the same, export.
. "$(dirname "$0")/../lib/lib.sh"
need jq
echo "export = json:$T/audit.json" >>"$T/assay.conf"
check init status 0 at 2026-01-01T00:00:00Z assay init
bash "$SRC/scripts/make-fleet" --agents 5 --weeks 9 --groups 2 --out "$T/spool" --seed 9 --end 2026-11-20 >/dev/null

check "dry run changes nothing" status 0 at 2026-11-23T06:00:00Z assay run --dry-run
check "it says what would be read" says "ingest: would read $(find "$T/spool" -maxdepth 1 -type f | wc -l) files, $(find "$T/spool" -maxdepth 1 -type f -printf '%s\n' | awk '{ s += $1 } END { print s }') bytes, of $T/spool"
check "and sent" says "export json:$T/audit.json: would send records from 0 on, $(records) so far"
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
rm "$T/tpl/reports/broken.json"

# Schedules: a zone of its own, a moment to wait for, only the newest, paused, faulty.
sections='"outputs": ["json"], "sections": [{"type": "scoring"}]'
echo "{\"period\": \"month\", \"schedule\": \"*-*-03 06:00\", \"zone\": \"Asia/Tokyo\", $sections}" >"$T/tpl/reports/tokyo.json"
echo "{\"period\": \"week\", \"schedule\": \"Mon 05:30\", \"latest_only\": true, $sections}" >"$T/tpl/reports/weekly.json"
echo "{\"schedule\": \"daily\", \"scheduled\": false, $sections}" >"$T/tpl/reports/off.json"
echo "{\"schedule\": \"*-13-01\", $sections}" >"$T/tpl/reports/faulty.json"
how() { at "$1" "$ASSAY" schedule --json | jq -r ".[] | select(.definition == \"$2\") | $3"; }
check "it waits for its moment in Tokyo" equal "$(how 2026-10-02T20:50:00Z tokyo '"\(.state) \(.due) \(.next_period) \(.next)"')" "waits 0 2026-09 2026-10-02T21:00:00Z"
check "then it is due" equal "$(how 2026-10-02T21:00:00Z tokyo '"\(.state) \(.due) \(.next_period) \(.next)"')" "due 1 2026-09 2026-10-02T21:00:00Z"
check "of missed weeks only the newest" equal "$(how 2026-11-23T12:00:00Z weekly '"\(.state) \(.due) \(.next_period)"')" "due 1 2026-W47"
check paused equal "$(how 2026-11-23T12:00:00Z off .state)" paused
check "a faulty one says why" equal "$(how 2026-11-23T12:00:00Z faulty '.state + (.reason | test("no calendar expression") | tostring)')" faultytrue
check "one without a schedule" equal "$(how 2027-02-01T00:20:00Z hardening-monthly '"\(.state) \(.last.period) \(.last.state) \(.next_period) \(.next)"')" "waits 2027-01 done 2027-02 2027-03-01T00:00:00Z"
check "for people" status 0 at 2026-11-23T12:00:00Z assay schedule
check "a line each" says "weekly                       due      next 2026-W47 at 2026-11-23T05:30:00Z"
rm "$T/tpl/reports/faulty.json"
check "a night with schedules" status 0 at 2026-10-02T21:00:00Z assay run --latest-only --json
check "the month of Tokyo" equal "$(jq -r '.period.from + " " + .period.zone' "$T"/scheduled/tokyo-2026-09/latest/tokyo-2026-09.json)" "2026-08-31T15:00:00Z Asia/Tokyo"
check "was made" test -d "$T/scheduled/tokyo-2026-09"
check "the week, and no other" equal "$(ls "$T/scheduled" | grep -c '^weekly-')" 1
check "is not due again" equal "$(how 2026-10-02T21:00:01Z tokyo '"\(.state) \(.last.period) \(.last.state) \(.next_period)"')" "waits 2026-09 done 2026-10"

# One that fails says why, and comes again.
echo "{\"period\": \"year\", \"scheduled\": true, \"language\": \"en\", \"title\": \"x\", $sections}" >"$T/tpl/reports/yearly.json"
touch "$T/scheduled/yearly-2026"
check "it cannot be written" status 73 at 2027-01-02T00:00:00Z assay run
check "the list says why" equal "$(how 2027-01-02T00:10:00Z yearly '.state + " " + (.reason | test("yearly-2026") | tostring)')" "failed true"
rm "$T/scheduled/yearly-2026"
check "mended" status 0 at 2027-01-02T00:20:00Z assay run
check "made" equal "$(how 2027-01-02T00:30:00Z yearly '"\(.state) \(.last.state)"')" "waits done"
done_tests
