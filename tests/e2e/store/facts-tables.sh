#!/usr/bin/env bash
# With the audit log untouched, whatever is changed in the other tables is noticed: audit verify names the row and the
# record that tells of it, and a report of the period is not made (exit 65, no file).
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/sql.sh"
need mariadb mariadbd jq

check "init" status 0 assay init
check "ingest" status 0 assay ingest "$SRC"/samples/pandora/* "$SRC"/samples/inspec/* "$SRC"/samples/prowler/*
printf 'x' >"$T/nonsense"
check "a file that is rejected" status 3 assay ingest "$T/nonsense"
check "a list" status 0 assay agent add db09 --alias db9
check "verify" status 0 assay audit verify
check "a report" status 0 assay report hardening-monthly --period 2026-11 -o "$T/first"
numbers() { "$ASSAY" audit verify --no-record --json | jq -c '[.scans, .inputs, .agents, .enrolled]'; }
was=$(numbers)
keep

# tamper NAME STATEMENTS WORDS [REPORT-STATUS]: both notice; with REPORT-STATUS 0 what was changed is in no report.
tamper() {
    local name=$1 statements=$2 words=$3 want=${4:-65}
    settle
    sql "$statements" || echo "FAILED: $name: sql" >&2
    check "$name: audit verify" status 2 assay audit verify --no-record
    check "$name: says" says "$words"
    settle
    rm -rf "$T/made"
    check "$name: a report" status "$want" assay report hardening-monthly --period 2026-11 -o "$T/made" --reason "made again"
    [ "$want" = 0 ] || check "$name: no file" fails test -e "$T/made/manifest.json"
    back
}
one="ORDER BY scanned_at DESC LIMIT 1"
tamper counts "UPDATE scan SET n_pass = n_pass + 1 $one" "the row is not what record"
tamper vector "UPDATE scan SET vec = REPLACE(vec, x'33', x'11') WHERE n_vec > 0" "the row is not what record"
tamper score "UPDATE scan SET score = 10000 $one" "the row is not what record"
tamper reported "UPDATE scan SET reported_score = 100 $one" "the row is not what record"
tamper "a vector that is none" "UPDATE scan SET n_vec = 0, vec = '' $one" "the row is not what record"
tamper deleted "DELETE FROM scan $one" "and it is gone"
tamper "all scans" "DELETE FROM scan" "and it is gone"
tamper moved "UPDATE scan SET scanned_at = scanned_at - INTERVAL 400 DAY $one" "no record of the audit log tells of this row"
tamper "given away" "UPDATE scan SET agent_id = (SELECT agent_id FROM agent WHERE name = 'web01')
    WHERE agent_id <> (SELECT agent_id FROM agent WHERE name = 'web01') $one" "no record of the audit log tells of this row"
tamper inserted "CREATE TEMPORARY TABLE t SELECT * FROM scan $one; UPDATE t SET scanned_at = scanned_at + INTERVAL 1 HOUR;
    INSERT INTO scan SELECT * FROM t" "no record of the audit log tells of this row"
tamper "file hash" "UPDATE scan SET file_sha256 = REPEAT('x', 32) $one" "the row is not what record"
tamper "content hash" "UPDATE scan SET content_hash = REPEAT('x', 32) $one" "the row is not what record"
tamper "details" "UPDATE scan SET detail_set = NULL WHERE detail_set IS NOT NULL" "the row is not what record"
tamper "agent renamed" "UPDATE agent SET name = 'other' WHERE name = 'web01'" "agent web01: the row is not what record"
tamper "agent alias" "UPDATE agent SET alias = 'other' WHERE name = 'web01'" "agent web01: the row is not what record"
tamper "agent deleted" "DELETE FROM agent WHERE name = 'web01'" "agent web01: record"
tamper "group renamed" "UPDATE agent_group SET name = CONCAT(name, 'x')" "the row is not what record"
tamper "policy emptied" "DELETE FROM policy_check" "policy"
tamper "texts exchanged" "UPDATE policy_check a JOIN policy_check b ON b.policy_id = a.policy_id AND b.pos = 1
    SET a.text_hash = b.text_hash WHERE a.pos = 0" "the row is not what record"
tamper "policy's title" "UPDATE policy SET title = 'x'" "the row is not what record"
tamper "custody" "UPDATE input SET custody = 'certificate' WHERE verdict = 'stored'" "the row is not what record"
tamper "rejected inputs" "DELETE FROM input WHERE verdict = 'rejected'" "and it is gone"
tamper "all inputs" "DELETE FROM input" "and it is gone"
tamper "warnings removed" "INSERT INTO input_warning SELECT sha256, 99, 'data', 'x', 'y' FROM input" "the row is not what record"
tamper "a run" "INSERT INTO report_run VALUES ('hardening-monthly', '2026-11', 'done', 1, NOW(), 'x', '', '', '', NOW(), '')" \
    "run hardening-monthly: no record" 0
tamper "enrolment" "INSERT INTO enrolment VALUES (1, 'evil', 0, NOW(), NOW())" "enrolment evil: no record"
tamper "enrolment removed" "DELETE FROM enrolment" "enrolment db09: record"
tamper "alias removed" "DELETE FROM enrolment_alias" "enrolment db09: the row is not"
tamper "setting" "UPDATE setting SET value = 'x' WHERE name = 'config'" "setting config: the row is not what record" 0
tamper "facts deleted" "DELETE FROM fact" "the table fact was changed"
tamper "facts edited" "UPDATE fact SET entries = REPLACE(entries, SUBSTRING(entries, 40, 8), 'xxxxxxxx')" "the table fact was changed"
tamper "buckets edited" "UPDATE fact_bucket SET n = n + 1 WHERE n > 0" "the table fact_bucket was changed"
tamper "buckets and facts" "DELETE FROM fact WHERE bucket >> 32 = 3; DELETE FROM fact_bucket WHERE bucket >> 32 = 3;
    DELETE FROM scan" "the table fact_bucket was changed"

# A report of one agent looks at what is that agent's, and at that as closely.
settle
agent=$(sql "SELECT a.name FROM scan s JOIN agent a ON a.agent_id = s.agent_id WHERE s.scanned_at >= '2026-11-01' AND s.scanned_at < '2026-12-01' LIMIT 1")
his="(SELECT agent_id FROM agent WHERE name = '$agent')"
file="(SELECT file_sha256 FROM scan WHERE agent_id = $his AND scanned_at >= '2026-11-01' AND scanned_at < '2026-12-01')"
of_one() { # NAME STATEMENTS STATUS
    settle
    rm -rf "$T/one"
    sql "$2" || echo "FAILED: $1: sql" >&2
    check "one agent, $1" status "$3" assay report agent-detail --agent "$agent" --period 2026-11 -f csv -o "$T/one" --reason "$1"
    back
}
of_one "as it is" "SELECT 1" 0
of_one "its scan" "UPDATE scan SET n_pass = n_pass + 1 WHERE agent_id = $his AND scanned_at >= '2026-11-01'" 65
of_one "its scan deleted" "DELETE FROM scan WHERE agent_id = $his" 65
of_one "its file" "UPDATE input SET size = size + 1 WHERE sha256 IN $file" 65
of_one "its file deleted" "DELETE FROM input WHERE sha256 IN $file" 65
of_one "a finding about its file" "INSERT INTO input_warning SELECT sha256, 99, 'data', 'x', 'y' FROM input WHERE sha256 IN $file" 65
of_one "its row" "UPDATE agent SET os = 'x' WHERE name = '$agent'" 65
of_one "scans and files of others" "UPDATE scan SET n_pass = n_pass + 1 WHERE agent_id <> $his;
    UPDATE input SET size = size + 1 WHERE sha256 NOT IN $file" 0
settle
check "as it was" equal "$(numbers)" "$was"
done_tests
