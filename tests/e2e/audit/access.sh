#!/usr/bin/env bash
# Who looks at the log leaves a record: what it says, that the verdict never depends on it, that --no-record leaves
# none, and that looking every night neither makes a log stale nor an export of its own.
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/sql.sh"
need jq mariadb mariadbd
all() { "$ASSAY" audit export -q --no-record -f json -o - --from 0; }
last() { all | tail -n 1 | jq -c ".rec | $1"; }
count() { all | jq -r .rec.event | grep -cx "$1"; }
size() { all | wc -l; }

check init status 0 assay init
check ingest status 0 assay ingest "$SRC"/samples/docker-bench
check "a checkpoint" status 0 assay audit checkpoint -o "$T/old.checkpoint"
n=$(size)
check verify status 0 assay audit verify --expect "$T/old.checkpoint"
check "is a record" equal "$(last '[.event, .outcome, .sev, .object.type, (.changes | map(select((.f // .[0]) | startswith("fact") | not) | .new // .[1]))]')" \
    "$(jq -cn --arg n "$n" '["audit.verify", "success", 1, "log", [$n, "1", "1"]]')"
check "without one" status 0 assay audit verify --no-record
check "there is none" equal "$(size)" $((n + 1))
check "a file that says nothing" status 65 assay audit verify --expect "$ASSAY_CONFIG"
check "is no verdict" equal "$(size)" $((n + 1))
check prove status 0 assay audit prove 1 -o "$T/1.tlog-proof"
check "is a record" equal "$(last '[.event, .object.type, .object.id]')" '["audit.prove","record","1"]'
check "a proof that there is not" status 64 assay audit prove 9999 -o "$T/x"
check "a repeat" status 0 assay audit export -f cef -o "$T/again.cef" --from 2
check "is a record" equal "$(last '[.event, .object.id, (.changes | map(select((.f // .[0]) | startswith("fact") | not) | .new // .[1]))]')" "$(jq -cn --arg t "cef:$T/again.cef" --arg n "$(wc -l <"$T/again.cef")" '["audit.repeat", $t, ["2", $n]]')"
check "a repeat of nothing" status 0 assay audit export -f cef -o "$T/again.cef" --from 9999
check publish status 0 assay audit publish "$T/www"
check "is a record" equal "$(last '[.event, .object.id]')" "$(jq -cn --arg w "$T/www" '["audit.publish", $w]')"
check "nothing to publish" status 0 assay audit publish "$T/www"
check "is none" equal "$(all | jq -r .rec.event | tail -n +$((n + 1)) | xargs)" "audit.verify audit.prove audit.repeat audit.publish"

# ---- a log in which nothing happens

check export status 0 assay audit export -o "$T/a.json"
check "a checkpoint of all" status 0 assay audit checkpoint
before=$(count audit.export)
for _ in 1 2 3; do
    check "looked at" status 0 assay audit verify
    check "exported" status 0 assay audit export -o "$T/a.json"
done
check "no export is told for that" equal "$(count audit.export)" "$before"
check "but all of it came" equal "$(grep -c '"event":"audit.verify"' "$T/a.json")" "$(count audit.verify)"
touch -d '3 hours ago' "$T/state/audit.checkpoint"
check "nothing is stale by it" status 0 assay audit verify
assay doctor >"$T/out" 2>&1
check "nor for the doctor" grep -q "^ok .*audit log" "$T/out"
check "due it is, the heartbeat has passed" status 0 assay audit checkpoint --heartbeat
check "then not" status 0 assay audit verify
check "not due" status 0 assay audit checkpoint --heartbeat -v
check "it says so" says "not due"
check "something happens" status 0 assay audit prove 0 -o "$T/0.tlog-proof"
touch -d '3 hours ago' "$T/state/audit.checkpoint"
check "that nobody signs" status 2 assay audit verify

# ---- verdicts that cannot be recorded, and those that can

check "signed" status 0 assay audit checkpoint
keep
settle; sql "UPDATE audit_log SET rec = REPLACE(rec, 'key.create', 'key.cremate') WHERE seq = 1"
check "a record that was changed" status 2 assay audit verify
settle
check "stands in the log" equal "$(sql 'SELECT CONCAT(event, outcome, rec LIKE "%record 1%") FROM audit_log ORDER BY seq DESC LIMIT 1')" "audit.verify11"
back; settle; sql "DELETE FROM audit_head"
check "a log that takes no records" status 2 assay audit verify
back; settle; sql "UPDATE audit_head SET size = size - 3"
check "a head that is behind" status 2 assay audit verify
check "is judged all the same" says "not noted in the audit log"
back; settle; sql "DELETE FROM audit_log"
check "nothing left" status 2 assay audit verify
back
check "and all holds" status 0 assay audit verify --expect "$T/old.checkpoint"
done_tests
