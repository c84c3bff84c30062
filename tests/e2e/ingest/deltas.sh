#!/usr/bin/env bash
# What agents send between full dumps, in whatever order it arrives and of however many agents.
. "$(dirname "$0")/../lib/lib.sh"
need jq
S=$T/spool; mkdir -p "$S"
events=$SRC/samples/wazuh/web01-events.jsonl

# full FILE START: everything the agent knows.
full() { jq -c "if .type == \"summary\" then .start_time = $2 | .end_time = $2 + 9 else . end" "$events" >"$1"; }
# change FILE START ID RESULT: one check, and the summary that says so.
change() {
    {
        jq -c "select(.check.id == $3) | .check.result = \"$4\"" "$events"
        jq -c "select(.type == \"summary\") | .start_time = $2 | .end_time = $2 + 9" "$events"
    } >"$1"
}
# now: agent, passed and failed of the newest scan of each, as the report has them.
now() {
    rm -rf "$T/r"
    "$ASSAY" report hardening-monthly --period 2026-11 -f csv --reason "made again" -o "$T/r" >"$T/report.log" 2>&1 || cat "$T/report.log" >&2
    tr -d '\r' <"$T/r/hardening-monthly-2026-11.scoring.csv" | awk -F, '$2 != "" && NR > 1 && $NF == 0 { print $2, $4, $5 }' | xargs
}
# What names no time is of the month that is looked at, too.
take() { status 0 at 2026-11-28T12:00:00Z assay ingest --spool "$S" --json; }

check init status 0 at 2026-11-01T00:00:00Z assay init
day=86400 t=1793491200 # 2026-11-01
full "$S/web01@full.jsonl" $t
check "a full dump" take
# The same change of an agent that is known and of one that is not: the same bytes, and two policies of
# different size.
change "$S/web01@same.jsonl" $((t + 3 * day)) 41003 passed
cp "$S/web01@same.jsonl" "$S/new01@same.jsonl"
check "the same change of two agents" take
check "both are stored" equal "$(jq -c '[.stored,.scans,.duplicate]' "$T/out")" "[2,2,0]"
check "as changes" equal "$(now)" "new01 1 0 web01 7 3"
# Late ones: another check, which stays; and the same one the other way, which was taken back since.
change "$S/web01@late1.jsonl" $((t + day)) 41005 passed
change "$S/web01@late2.jsonl" $((t + 2 * day)) 41003 failed
check "two late ones" take
check "both are stored" equal "$(jq .scans "$T/out")" 2
check "what came late counts where it belongs" equal "$(now)" "new01 1 0 web01 8 2"
full "$S/new01@full.jsonl" $((t + day))
check "a late base" take
check "the change is merged into it" equal "$(now)" "new01 7 3 web01 8 2"

# Formats that name no host: what two nodes write alike are two files, and each is one.
rm -rf "$S"; mkdir -p "$S"
kube=$(ls "$SRC"/samples/kube-bench/*.json | head -1)
for n in 1 2 3; do cp "$kube" "$S/node$n@kube.json"; done
cp "$kube" "$S/node3@again.json"
check "three nodes alike" take
check "each has its scan, once" equal "$(jq -c '[.stored,.duplicate]' "$T/out")" "[3,1]"
cp "$kube" "$S/node1@kube.json"; cp "$kube" "$S/node4@kube.json"
check "one again and another" take
check "one is known, one is new" equal "$(jq -c '[.stored,.duplicate]' "$T/out")" "[1,1]"
check "four nodes" equal "$(now | grep -oE 'node[1-4]' | sort -u | xargs)" "node1 node2 node3 node4"
# One who may not report does not stand in the way of one who may.
printf 'enrol = listed\nagent = node5\n' >>"$T/assay.conf"
jq -c '.' "$kube" >"$S/node0@kube.json"; cp "$S/node0@kube.json" "$S/node5@kube.json"
check "one of two may report" status 3 assay ingest --spool "$S" --json
check "and does" equal "$(jq -c '[.stored,.rejected,.duplicate]' "$T/out")" "[1,1,0]"
check "the audit log holds" status 0 assay audit verify
done_tests
