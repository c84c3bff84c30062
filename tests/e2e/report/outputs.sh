#!/usr/bin/env bash
# A report makes nothing that its manifest cannot cover and `assay verify` could not read: too many files, one name twice.
. "$(dirname "$0")/../lib/lib.sh"
need jq
echo "quota-day-policies = 0" >>"$ASSAY_CONFIG"
check init status 0 assay init
cat >"$T/one.data" <<'E'
<?xml version="1.0" encoding="UTF-8"?>
<agent_data agent_name="many" group="Servers" timestamp="2026/10/20 09:24:00" timezone_offset="0">
<hardening policy_id="p" policy_version="1" policy_title="P" profile="" scanner="t" start="2026-10-20T09:20:00Z" end="2026-10-20T09:24:00Z">
<check id="1" category="6" status="FAIL" severity="low"><title>Check</title></check></hardening></agent_data>
E
check ingest status 0 assay ingest "$T/one.data"
# 26 reports of 100 sections, each with four tables.
for i in $(seq 26); do
    jq -n '{period: "month", outputs: ["csv"], sections: [range(100) | {type: "quality"}]}' >"$T/wide-$i.json"
done
before=$(records)
check "too many files" status 65 assay report "$T"/wide-*.json --period 2026-10 -o "$T/r"
check "the limit is named" says "a manifest covers at most 10000"
check "and what to do" says "fewer tables as CSV"
check "nothing was written" test ! -e "$T/r"
check "nothing was recorded" equal "$(records)" "$before"
check "as JSON it is one file each" status 0 assay report "$T"/wide-[12].json --period 2026-10 -f json -o "$T/r"
check "fewer reports" status 0 assay report "$T/wide-1.json" --period 2026-10 -o "$T/r2" --reason "fewer sections"
check "a file a table" test "$(ls "$T/r2" | wc -l)" -gt 400
check "can be verified" status 0 assay verify --no-record --trust "$T/state/sign.crt" "$T/r2"
check "one definition twice" status 64 assay report hardening-executive hardening-executive --period 2026-10 -f csv -o "$T/r3"
check "it says so" says "is asked for twice"
check "nothing was written of it" test ! -e "$T/r3"
done_tests
