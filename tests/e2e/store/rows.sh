#!/usr/bin/env bash
# Facts changed in the database behind the program's back: a report stops at the row, audit verify names it, and the
# original file puts it back.
. "$(dirname "$0")/../lib/lib.sh"
need jq mariadb mariadbd pgrep
. "$(dirname "$0")/../lib/sql.sh"

check init status 0 assay init
cp "$SRC/samples/xccdf/scc.xml" "$T/scan.xml"
check ingest status 0 assay ingest "$T/scan.xml" "$SRC/samples/lynis"
check "all of it holds" status 0 assay audit verify --no-record -v
check "rows are told" says "are possible and are what they are named by"
settle
row=$(sql "SELECT a.name, p.id, DATE_FORMAT(s.scanned_at, '%Y-%m-%dT%H:%i:%sZ'), LOWER(HEX(s.file_sha256)), s.agent_id, s.line_id FROM scan s
    JOIN agent a ON a.agent_id = s.agent_id JOIN policy p ON p.policy_id = s.policy_id WHERE s.format LIKE 'xccdf%' AND n_vec > 0 LIMIT 1")
IFS=$'\t' read -r agent policy at file agent_id line_id <<<"$row"
check "a scan of the file" equal "$(sha256sum <"$T/scan.xml" | cut -c1-64)" "$file"
at_row="WHERE agent_id = $agent_id AND line_id = $line_id"
dump() { sql "SELECT * FROM scan ORDER BY agent_id, line_id, scanned_at; SELECT * FROM agent_current ORDER BY 1, 2; SELECT * FROM agent; SELECT * FROM agent_group;
    SELECT * FROM policy_check ORDER BY 1, 2; SELECT * FROM check_text ORDER BY 1; SELECT * FROM check_mapping ORDER BY 1, 2; SELECT * FROM evidence ORDER BY 1;
    SELECT * FROM detail_set ORDER BY 1; SELECT * FROM detail_base ORDER BY 1; SELECT * FROM result_change ORDER BY 1, 2, 3, 4; SELECT policy_id, id, version, title, content_hash, n_checks FROM policy;
    SELECT * FROM input; SELECT * FROM input_warning" | sha256sum; }
before=$(dump)

# change NAME STATEMENTS PLACE COLUMN [quiet]: found by the verification and, unless quiet, by a report; then put back.
change() {
    local name=$1 statements=$2 place=$3 column=$4 quiet=${5:-}
    settle; sql "$statements"
    check "$name: audit verify" status 2 assay audit verify --no-record
    check "$name: the row" says "$place"; check "$name: the column" says "$column"
    if [ -z "$quiet" ]; then
        check "$name: a report" status 65 assay report agent-detail --agent "$agent" --period 2000-01-01..2100-01-01 --output "$T/report"
        check "$name: the row in a report" says "$place"; check "$name: the column in a report" says "$column"
        check "$name: nothing is sealed" test ! -e "$T/report/manifest.json"
    fi
    check "$name: put back" status 0 assay ingest --restore "$T/scan.xml" -v
    check "$name: and it holds" status 0 assay audit verify --no-record
    settle; check "$name: every row is as it was" equal "$(dump)" "$before"
}
scan="scan of $agent under $policy"
change "an impossible count" "UPDATE scan SET n_pass = 4000000000 $at_row" "$scan" "n_pass says 4000000000"
check "the act has a record" equal "$(settle; sql "SELECT object_id FROM audit_log WHERE event = 'ingest.restore'")" "$file"
change "no vector" "UPDATE scan SET vec = '' $at_row" "$scan" "vec has 0 bytes"
change "a deleted scan" "DELETE FROM scan $at_row" "agent_current of $agent" "a scan that is not there" quiet
change "other counts of the newest scan of a line" "UPDATE agent_current SET n_pass = n_pass + n_fail, n_fail = 0 $at_row" "agent_current of $agent" "counts are not those of the newest scan" quiet
change "a line that points elsewhere" "UPDATE agent_current SET scanned_at = scanned_at - INTERVAL 1 DAY $at_row" "agent_current of $agent" "not that of the newest scan" quiet
change "an agent renamed" "UPDATE agent SET name = 'other' WHERE agent_id = $agent_id" "agent other" "name: the row has the id of another" quiet
change "an agent deleted" "DELETE FROM agent WHERE agent_id = $agent_id" "$policy" "agent_id: there is no such agent" quiet
change "a title" "UPDATE check_text t JOIN policy_check k ON k.text_hash = t.text_hash JOIN policy p ON p.policy_id = k.policy_id
    SET t.title = 'All is well' WHERE p.id = '$policy' AND k.pos = 0" "policy $policy" "is not what its text_hash says"
change "no checks" "DELETE k FROM policy_check k JOIN policy p ON p.policy_id = k.policy_id WHERE p.id = '$policy'" "policy $policy" "policy_check has 0 of"
change "evidence" "UPDATE detail_base SET body = CONCAT(LEFT(body, LENGTH(body) - 2), 'x', x'00') WHERE hash = (SELECT d.base FROM detail_set d JOIN scan s ON s.detail_set = d.hash
    AND s.agent_id = $agent_id AND s.line_id = $line_id)" "detail_base " "body is not what its hash says"
change "the base gone" "DELETE FROM detail_base WHERE hash = (SELECT d.base FROM detail_set d JOIN scan s ON s.detail_set = d.hash
    AND s.agent_id = $agent_id AND s.line_id = $line_id)" "detail_base " "is missing"
change "no details" "UPDATE detail_set SET records = '' WHERE hash = (SELECT detail_set FROM scan $at_row)" "detail_set " "records has 0 bytes"

# ---- what is not put back

sed 's/pass/fail/' "$T/scan.xml" >"$T/other.xml"
check "a file that the log does not know" status 3 assay ingest --restore "$T/other.xml"
check "is refused" says "the audit log does not say that this file was stored"
check "with a spool" status 64 assay ingest --restore --default-spool
settle; check "nothing came of it" equal "$(dump)" "$before"

# ---- results for a log manager

settle; sql "UPDATE scan SET n_pass = 4000000000 $at_row"
check "no impossible number leaves" fails assay audit export --format json -o "$T/results.jsonl" --option send=results
check "none did" fails grep -q 4000000000 "$T/results.jsonl"
done_tests
