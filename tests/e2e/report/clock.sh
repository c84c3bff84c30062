#!/usr/bin/env bash
# Of when a report is: seals carry the real time, --at limits the data to what was known then, a period that runs is marked
# everywhere, times are of a zone that is named.
. "$(dirname "$0")/../lib/lib.sh"
need jq openssl pdftotext pdfinfo pdfsig qpdf
. "$SRC/tests/e2e/lib/sql.sh"

# scan_file AGENT SECOND FAILED: two checks in the night of 20 November.
scan_file() {
    local n t=2026-11-20T03:00:$2Z
    printf '<agent_data agent_name="%s" group="Servers" timestamp="2026/11/20 03:10:00" timezone_offset="0"><hardening policy_id="p" policy_version="1" policy_title="Linux" start="%s" end="%s">' "$1" "$t" "$t"
    for n in 1 2; do
        printf '<check id="%s" status="%s"><title>Check %s</title></check>' $n "$([ $n -le "$3" ] && echo FAIL || echo PASS)" $n
    done
    echo '</hardening></agent_data>'
}
# pages FILE: its text; how many pages say a word.
text() { pdftotext -layout "$1" - | tr '\f' '\n'; }
pages_with() { local n=0 i; for ((i = 1; i <= $(pdfinfo "$1" | awk '/^Pages/ { print $2 }'); i++)); do
    pdftotext -f $i -l $i "$1" - | grep -qF "$2" && n=$((n + 1)); done; echo $n; }
is_now() { local t; t=$(date -d "$1" +%s); [ $(($(date +%s) - t)) -lt 600 ] && [ $((t - $(date +%s))) -lt 60 ]; }
report() { assay report hardening-monthly --period 2026-11 "$@"; }
stem=hardening-monthly-2026-11

mkdir "$T/in"
check init status 0 at 2026-01-01T00:00:00Z assay init
for host in alpha beta; do scan_file $host 10 1 >"$T/in/$host.data"; done
check "known first" status 0 assay ingest "$T"/in/*.data
sleep 2 # a time is told to the second: what is known by it was told before
known=$(date -u +%Y-%m-%dT%H:%M:%SZ)
sleep 2 # and what comes is told behind it
scan_file gamma 10 2 >"$T/in/gamma.data"
check "known later: another agent" status 0 assay ingest "$T/in/gamma.data"
scan_file beta 50 2 >"$T/in/beta2.data"
check "and a newer scan" status 0 assay ingest "$T/in/beta2.data"

# ---- data as of, seals of now
check "as of then" status 0 report --at "$known" -o "$T/then" -f pdf,json,csv
check "as of now" status 0 report -o "$T/now" -f pdf,json,csv --reason "as of now"
agents() { tr -d '\r' <"$1/$stem.scoring.csv" | awk -F, '$2 != "" && $2 !~ /^Mean/ && NR > 1 { print $2 ":" $5 }' | sort | xargs; }
check "only what was known" equal "$(agents "$T/then")" "alpha:1 beta:1"
check "and all of it now" equal "$(agents "$T/now")" "alpha:1 beta:2 gamma:2"
check "JSON says as of when" equal "$(jq -r .as_of "$T/then/$stem.json")" "$known"
check "and nothing where nobody asked" equal "$(jq -r .as_of "$T/now/$stem.json")" null
check "made now" is_now "$(jq -r .generated_at "$T/then/$stem.json")"
check "the manifest, too" is_now "$(jq -r .created "$T/then/manifest.json")"
check "the PDF, too" is_now "$(pdfinfo -isodates "$T/then/$stem.pdf" | sed -n 's/^CreationDate: *//p')"
check "and its seal" is_now "$(pdfsig "$T/then/$stem.pdf" 2>/dev/null | sed -n 's/.*Signing Time: //p' | head -1)"
check "printed" grep -q "Data as of" <<<"$(text "$T/then/$stem.pdf")"
check "the log says it" equal "$("$ASSAY" audit export -f json --from 0 --no-record -o - | jq -r '.rec | select(.event == "report.make") | [.changes[] | select(.f == "as_of") | .new] | join(",")' | xargs)" "$known"

# What was amended since is shown as it stood, where one scan of its second was known; else it is counted.
scan_file alpha 10 0 >"$T/in/alpha2.data"
check "the same second again" status 3 assay ingest "$T/in/alpha2.data"
sleep 2 # a time is told to the second, as above
both=$(date -u +%Y-%m-%dT%H:%M:%SZ)
sleep 2 # the same
check "an officer takes the other" status 0 assay scan accept alpha 2026-11-20T03:00:10Z 2 --policy p --reason "agent repaired"
amended() { text "$1/$stem.pdf" | tr -s ' ' | sed -n 's/.*amended after the time.* \([0-9]*\)$/\1/p'; }
check "as of then" status 0 report --at "$known" -o "$T/amended" -f pdf,json,csv --reason again
check "as it stood" equal "$(agents "$T/amended")" "alpha:1 beta:1"
check "and not counted" equal "$(amended "$T/amended")" 0
check "as of when both were known" status 0 report --at "$both" -o "$T/both" -f pdf,json,csv --reason again
check "as it is now" equal "$(agents "$T/both")" "alpha:0 beta:2 gamma:2"
check "the report says how many were amended" equal "$(amended "$T/both")" 1

check "a time to come" status 64 report --at 2126-01-01T00:00:00Z -o "$T/no"
check "says so" says "still to come"
check "no time" status 64 report --at yesterday -o "$T/no"
for verb in ingest inspect verify; do check "$verb has no clock" status 64 assay $verb --at "$known" "$T/in/alpha.data"; done

# ---- a period that runs
running() { at 2026-12-25T06:00:00Z assay report hardening-monthly --period 2026-12 --allow-empty "$@"; }
check "in the middle of the month" status 0 running -o "$T/running" -f pdf,html,json --reason running
n=$(pdfinfo "$T/running/hardening-monthly-2026-12.pdf" | awk '/^Pages/ { print $2 }')
check "every page says so" equal "$(pages_with "$T/running/hardening-monthly-2026-12.pdf" PROVISIONAL)" "$n"
check "HTML says so" grep -q PROVISIONAL "$T/running/hardening-monthly-2026-12.html"
check "JSON says so" equal "$(jq .period.provisional "$T/running/hardening-monthly-2026-12.json")" true
ended() { at 2026-12-02T06:00:00Z assay report hardening-monthly --period 2026-11 "$@"; }
check "behind its end" status 0 ended -o "$T/ended" -f pdf,html,json --reason ended
check "no page does" equal "$(pages_with "$T/ended/$stem.pdf" PROVISIONAL)" 0
check "nor JSON" equal "$(jq .period.provisional "$T/ended/$stem.json")" false
check "as of a day in it: marked" status 0 ended --at 2026-11-30T12:00:00Z -o "$T/in-it" -f json --allow-empty --reason "as of"
check "in JSON" equal "$(jq .period.provisional "$T/in-it/$stem.json")" true

# ---- the clock of this host is another than the database's
check "said" grep -q 'clock: this host' <<<"$(ended -o "$T/off" -f pdf --reason clock 2>&1)"
check "and printed" grep -q "of the database are" <<<"$(text "$T/off/$stem.pdf" | tr -s '\n ' ' ')"
check "not where it is right" fails grep -q "of the database are" <<<"$(text "$T/now/$stem.pdf" | tr -s '\n ' ' ')"

# ---- the zone of the report
echo 'zone = Asia/Tokyo' >>"$T/assay.conf"
check "in Tokyo" status 0 report -o "$T/tokyo" -f pdf,json,csv --reason zone
check "columns name it" grep -q "Asia/Tokyo" <<<"$(text "$T/tokyo/$stem.pdf")"
check "times are of it" grep -q "2026-11-20 12:00" <<<"$(text "$T/tokyo/$stem.pdf")"
check "data are UTC" grep -rq "2026-11-20T03:00:10Z" "$T/tokyo"
check "JSON has the zone" equal "$(jq -r .period.zone "$T/tokyo/$stem.json")" Asia/Tokyo
check "the log holds" status 0 assay audit verify
done_tests
