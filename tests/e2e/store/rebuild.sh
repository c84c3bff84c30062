#!/usr/bin/env bash
# A database of schema 12, whose categories are the first of a list, is upgraded and derived anew; then the three
# sections of a report that go by category say what is stored, counted by a script of its own.
# rebuild-schema-12.sql holds the rows as they were written: rules of passwords and our own samples.
. "$SRC/tests/e2e/lib/lib.sh"
. "$SRC/tests/e2e/lib/sql.sh"
need python3 jq mariadb mariadbd pgrep
export PYTHONDONTWRITEBYTECODE=1
check init status 0 assay init
settle
{
    echo "DROP DATABASE assay; CREATE DATABASE assay DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin; USE assay;"
    cat "$SRC/sql/query/schema_create_version.sql" && echo ";"
    for n in 001 002 003 004 005 006 007 008 009 010 011 012; do
        cat "$SRC/sql/schema/$n"-*.sql
        echo "INSERT INTO schema_version VALUES ($((10#$n)), '', NOW());"
    done
    cat "$SRC/tests/e2e/store/rebuild-schema-12.sql"
} >"$T/old.sql"
sql "$(cat "$T/old.sql")" >"$T/sql.out" 2>&1
check "the old rows are there" test ! -s "$T/sql.out"
settle

check "upgrade" status 0 assay init
check "init says what is stale" says "55 stored checks have categories by other tables or an older version"
check "doctor says so, too" sh -c "'$ASSAY' doctor | grep -q '^ok    categories 55 checks by other tables'"
check "rebuild wants to know what" status 64 assay rebuild
check "one at a time" status 64 assay rebuild --categories --details
check "dry run" status 0 assay rebuild --categories --dry-run
check "dry run says from where to where" grep -qP '^1\tInventory and Control of Enterprise Assets\tAccount Management$' "$T/out"
settle
check "a dry run writes nothing" equal "$(sql 'SELECT COUNT(*) FROM check_category')" 0
before=$(sql "SELECT COUNT(*), SUM(CRC32(CONCAT(HEX(text_hash), id, title, category))) FROM check_text
    UNION ALL SELECT COUNT(*), SUM(policy_id % 1000003) FROM policy UNION ALL SELECT COUNT(*), SUM(n_fail) FROM scan")
settle
check "rebuild" status 0 assay rebuild --categories --json
check "all are looked at" equal "$(jq -c '[.checks, .stale, .lost]' "$T/out")" "[55,55,0]"
check "exported" status 0 assay audit export --from 0 -o "$T/log.jsonl"
check "the record tells" equal "$(jq -c '.rec | select(.event == "category.rebuild") | [.changes[] | select(.f == "checks" or .f == "lost") | .new]' "$T/log.jsonl")" '["55","0"]'
settle
check "texts, versions and scans stay" equal "$before" "$(sql "SELECT COUNT(*), SUM(CRC32(CONCAT(HEX(text_hash), id, title, category))) FROM check_text
    UNION ALL SELECT COUNT(*), SUM(policy_id % 1000003) FROM policy UNION ALL SELECT COUNT(*), SUM(n_fail) FROM scan")"
sql "SELECT check_id, category, category_source FROM v_latest" >"$T/latest"
has() { grep -qP "^$1\t$2\t$3\$" "$T/latest" || { grep -P "^$1\t" "$T/latest" >&2; return 1; }; }
check "no longer the first of a list" has xccdf_net.example_rule_minlen "Account Management" 'title:password\*'
check "a group of that name was the file's own word" has xccdf_net.example_rule_own "Data Protection" own
check "Lynis, by the policy" has BOOT-5139 "Data Protection" section:BOOT-5139
check "docker-bench, by the policy" has 1.1.2 "Account Management" section:1.1.2
check "nothing is left" equal "$(assay rebuild --categories --json | jq '[.stale, .changed]' -c)" "[0,0]"
check "the log holds" status 0 assay audit verify
settle
named=$(sql "SELECT GROUP_CONCAT(HEX(hash) ORDER BY hash) FROM detail_set; SELECT GROUP_CONCAT(HEX(detail_set) ORDER BY agent_id, line_id, scanned_at) FROM scan")
found="SELECT agent, check_id, status, severity, native, occurrences, evidence, waiver FROM v_findings ORDER BY 1, 2"
findings=$(sql "$found" | sha256sum)
settle
check "how many sets are large" status 0 assay rebuild --details --dry-run --json
check "all are" equal "$(jq -c '[.dry_run, .large_sets, .sets]' "$T/out")" "[true,4,0]"
check "details" status 0 assay rebuild --details --json
check "they are small" equal "$(jq -c '[.large_sets, .sets, .bytes_after > 0]' "$T/out")" "[4,4,true]"
check "nothing is left to do" status 0 assay rebuild --details
check "which it says" says "made small: 0 of 0 detail sets"
check "exported again" status 0 assay audit export --from 0 -o "$T/log2.jsonl"
check "once with a record" equal "$(jq -c '.rec | select(.event == "details.rebuild") | [.changes[] | select(.f == "sets") | .new]' "$T/log2.jsonl")" '["4"]'
check "digests hold" status 0 assay audit verify
settle
check "names stay" equal "$(sql "SELECT GROUP_CONCAT(HEX(hash) ORDER BY hash) FROM detail_set; SELECT GROUP_CONCAT(HEX(detail_set) ORDER BY agent_id, line_id, scanned_at) FROM scan")" "$named"
check "and what a SQL client sees" equal "$(sql "$found" | sha256sum)" "$findings"
check "no row is large" equal "$(sql "SELECT COUNT(*) FROM detail_set WHERE words <> ''")" 0
settle
check "ingesting again makes no other version of what has no section" status 0 assay ingest "$SRC/samples/pandora/web01.1795204810.data"
settle
sql "SELECT category, status FROM v_latest" >"$T/rows"
check "report" status 0 assay report hardening-monthly --period 2026-11 --format json --output "$T/r" --reason "made again"
check "the three sections by category say what is stored" equal \
    "$(python3 "$SRC/tests/e2e/store/rebuild.py" "$T"/r/hardening-monthly-2026-11.json "$T/rows" "$SRC/templates/lang/en/compose.json")" ""
check "the method names the tables" grep -qE 'version of the tables: [0-9a-f]{12}' "$T"/r/hardening-monthly-2026-11.json
check "and guesses nothing away" sh -c "! grep -q 'nothing is guessed' '$T'/r/hardening-monthly-2026-11.json"
check "agent-detail" status 0 assay report agent-detail --agent web01 --period 2026-11 --format csv --output "$T/a" --reason "made again"
check "category_source beside category" sh -c "head -1 '$T'/a/agent-detail-agent-web01-2026-11.all-checks.csv | grep -q 'category,category_source,status'"
done_tests
