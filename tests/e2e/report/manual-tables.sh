#!/usr/bin/env bash
# The tables of the manual come out of generated scans, through the whole program.
. "$(dirname "$0")/../lib/lib.sh"
need jq

# agent NAME PASSED FAILED SKIPPED: one Pandora file with that many checks.
agent() {
    awk -v name="$1" -v p="$2" -v f="$3" -v s="$4" 'BEGIN {
        printf "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<agent_data agent_name=\"%s\" agent_alias=\"%s\" group=\"Servers\" timestamp=\"2026/10/20 09:24:00\" timezone_offset=\"0\">\n", name, name
        printf "<hardening policy_id=\"manual\" policy_version=\"%s\" policy_title=\"Manual\" profile=\"\" scanner=\"test\" start=\"2026-10-20T09:20:00Z\" end=\"2026-10-20T09:24:00Z\">\n", name
        for (i = 1; i <= p + f + s; i++)
            printf "<check id=\"%d\" category=\"6\" status=\"%s\" severity=\"medium\"><title>Check %d</title></check>\n", i, i <= p ? "PASS" : i <= p + f ? "FAIL" : "INVALID", i
        print "</hardening>\n</agent_data>" }' >"$T/in/$1.data"
}
check init status 0 assay init
mkdir "$T/in"
agent DESKTOP-UUKUE87 3 426 10
agent dani-Standard-PC-i440FX-PIIX-1996 9 206 5
agent CT103 43 209 0
agent CT104 96 102 1
agent CT102 103 87 2
agent CT101 146 32 3
check ingest status 0 assay ingest "$T/in"
check report status 0 assay report hardening-monthly --period 2026-10 -f json,csv -o "$T/r"
J=$T/r/hardening-monthly-2026-10.json
agents=$(awk -F, 'NR > 1 { print $0 }' "$T/r/hardening-monthly-2026-10.top-agents.csv" | tr -d '\r' |
    grep -oE '(DESKTOP-UUKUE87|dani-Standard-PC-i440FX-PIIX-1996|CT10[1-4])' | tr '\n' ' ')
check "worst first" equal "$agents" "DESKTOP-UUKUE87 dani-Standard-PC-i440FX-PIIX-1996 CT103 CT104 CT102 CT101 "
for s in 0.7 4.19 17.06 48.48 54.21 82.02; do
    check "score $s" sh -c "tr -d '\\r' <'$T/r/hardening-monthly-2026-10.top-agents.csv' | grep -qE ',${s}0?(,|\$)'"
done

agent only-skipped 10 2 192
check "ingest one more" status 0 assay ingest "$T/in/only-skipped.data"
check "10 passed, 2 failed, 192 not applied: 83.3" \
    equal "$("$ASSAY" inspect "$T/in/only-skipped.data" | jq '.score * 10 | round / 10')" 83.3
agent nothing 0 0 12
check "nothing evaluated is no score" equal "$("$ASSAY" inspect "$T/in/nothing.data" | jq .score)" null
done_tests
