#!/usr/bin/env bash
# A report makes nothing that its manifest cannot cover and `assay verify` could not read: too many files, one name twice.
. "$(dirname "$0")/../lib/lib.sh"
need jq
echo "quota-day-policies = 0" >>"$ASSAY_CONFIG"
check init status 0 assay init
# 120 policies, and so many tables for each section of checks.
{
    printf '<?xml version="1.0" encoding="UTF-8"?>\n<agent_data agent_name="many" group="Servers" timestamp="2026/10/20 09:24:00" timezone_offset="0">\n'
    for i in $(seq 120); do
        printf '<hardening policy_id="p%s" policy_version="1" policy_title="P" profile="" scanner="t" start="2026-10-20T09:20:00Z" end="2026-10-20T09:24:00Z">' "$i"
        printf '<check id="1" category="6" status="FAIL" severity="low"><title>Check</title></check></hardening>\n'
    done
    echo '</agent_data>'
} >"$T/many.data"
check ingest status 0 assay ingest "$T/many.data"
# definition N: a report with so many sections of checks.
definition() { jq -n --argjson n "$1" '{period: "month", outputs: ["csv"], sections: [range($n) | {type: "checks"}]}' >"$T/wide.json"; }
definition 100
before=$(records)
check "too many files" status 65 assay report "$T/wide.json" --period 2026-10 -o "$T/r"
check "the limit is named" says "a manifest covers at most 10000"
check "and what to do" says "fewer tables as CSV"
check "nothing was written" test ! -e "$T/r"
check "nothing was recorded" equal "$(records)" "$before"
check "as JSON it is one file" status 0 assay report "$T/wide.json" --period 2026-10 -f json -o "$T/r"
definition 2
check "fewer sections" status 0 assay report "$T/wide.json" --period 2026-10 -o "$T/r2" --reason "fewer sections"
check "a file a table" test "$(ls "$T/r2" | wc -l)" -gt 240
check "can be verified" status 0 assay verify --no-record --trust "$T/state/sign.crt" "$T/r2"
check "one definition twice" status 64 assay report hardening-executive hardening-executive --period 2026-10 -f csv -o "$T/r3"
check "it says so" says "is asked for twice"
check "nothing was written of it" test ! -e "$T/r3"
done_tests
