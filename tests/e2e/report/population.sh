#!/usr/bin/env bash
# Of whom: who is expected in a period, as of its end: the list, who was seen within the window, nobody who came later, nobody
# who was retired; in PDF, HTML, CSV and JSON the same.
. "$(dirname "$0")/../lib/lib.sh"
need jq pdftotext
check init status 0 assay init
# scan NAME DAY RESULT
scan() {
    cat >"$T/$1-$2.data" <<XML
<?xml version="1.0" encoding="UTF-8"?>
<agent_data agent_name="$1" group="Servers" timestamp="${2//-//} 09:24:00" timezone_offset="0">
<hardening policy_id="p" policy_version="1" policy_title="P" profile="" scanner="t" start="${2}T09:20:00Z" end="${2}T09:24:00Z">
<check id="1" category="6" status="$3" severity="low"><title>Check</title></check></hardening></agent_data>
XML
}
scan old 2026-05-02 PASS; scan quiet 2026-09-02 PASS; scan web01 2026-10-02 PASS; scan web02 2026-10-05 FAIL; scan new 2026-11-10 PASS
check ingest status 0 assay ingest "$T"/*.data
month() { rm -rf "$T/r"; assay report hardening-monthly --period 2026-"$1" -f "${2:-json}" --reason "the population changed" -o "$T/r" >/dev/null; J=$T/r/hardening-monthly-2026-$1.json; }
lead() { jq -r .lead "$J"; }
missing() { jq -r '[.. | objects | select(.key? == "scope-missing" and has("rows")) | .rows[].cells.agent] | join(" ")' "$J"; }
# assessed, expected
says_of() {
    local want="^$1 of $2 "
    [ "$1 $2" != "1 1" ] || want="^The only enrolled agent was assessed"
    lead | grep -qE "$want" || { lead >&2; return 1; }
}

month 10 pdf,html,csv,json
check "October: two of three" says_of 2 3
check "the quiet one is missing; the old one and the new one are not expected" equal "$(missing)" quiet
pdftotext -layout "$T/r"/*.pdf "$T/pdf.txt"
check "PDF" grep -q "^ *Agents expected  *3" "$T/pdf.txt"
check "CSV" equal "$(tail -n +2 "$T"/r/*.scope-missing.csv | wc -l)" 1
check "none of them in HTML" sh -c "! grep -qE '>(old|new)<' '$T'/r/*.html"
month 05
check "May: the old one alone" says_of 1 1

# A narrower window; the list, with one that never reported.
cp "$T/assay.conf" "$T/open.conf"; echo "expect-days = 30" >>"$T/assay.conf"
month 10
check "30 days: nobody is missing" says_of 2 2
cp "$T/open.conf" "$T/assay.conf"; echo "agent = silent01" >>"$T/assay.conf"
month 10
check "who never reported is expected" says_of 2 4
check "and named" equal "$(missing | tr ' ' '\n' | sort | paste -sd' ')" "quiet silent01"
check "added now" status 0 assay agent add web01 later01
month 10
check "not expected in a period before" says_of 2 4
this=$(date -u +%Y-%m) # whichever month it is
rm -rf "$T/r"; assay report hardening-monthly --period "$this" -f json --allow-empty --reason "the population changed" -o "$T/r" >/dev/null
J=$T/r/hardening-monthly-$this.json
check "but in this one" sh -c "jq -r '.. | objects | select(.key? == \"scope-missing\" and has(\"rows\")) | .rows[].cells.agent' '$J' | grep -qx later01"
cp "$T/open.conf" "$T/assay.conf"; echo "enrol = listed" >>"$T/assay.conf"
month 10
check "the list alone, and who has a scan" says_of 2 2
cp "$T/open.conf" "$T/assay.conf"

# Retired: from a day on, with its history.
check "no date" status 64 assay agent retire quiet --reason x
check "no reason" status 64 assay agent retire quiet --from 2026-10-15
check "nobody" status 64 assay agent retire quiett --from 2026-10-15 --reason x
check "the nearest" says 'the nearest is "quiet"'
check "retire" status 0 assay agent retire quiet web02 --from 2026-10-15 --reason "sold to Example Ltd"
month 10
check "October: one of one" says_of 1 1
check "who and why" equal "$(jq -r '.. | objects | select(.key? == "scope-retired" and has("rows")) | .rows[].cells | [.agent, .reason] | join(": ")' "$J" | sort | paste -sd,)" \
    "quiet: sold to Example Ltd,web02: sold to Example Ltd"
check "its failure is not counted" equal "$(jq -r '[.. | objects | select(.key? == "top-agents" and has("rows")) | .rows[].cells.agent] | join(" ")' "$J")" web01
month 09
check "September is what it was" says_of 1 1
check "twice" status 64 assay agent retire quiet --from 2026-10-20 --reason "again"
check "return" status 0 assay agent return web02 --from 2026-10-20 --reason "the sale failed"
month 10
check "back" says_of 2 2
check "the log holds" status 0 assay audit verify --no-record
check "recorded" equal "$(assay audit export -f json --from 0 --no-record -o - | jq -r '.rec | select(.event == "agent.return") | .reason')" "the sale failed"
done_tests
