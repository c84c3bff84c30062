#!/usr/bin/env bash
# What the server would do by itself, views, and cursors that were moved: found by audit verify and doctor. What an
# exported file lacks is named.
. "$(dirname "$0")/../lib/lib.sh"
need jq mariadb mariadbd pgrep
. "$(dirname "$0")/../lib/sql.sh"

check init status 0 assay init
check ingest status 0 assay ingest "$SRC/samples/lynis"
check export status 0 assay audit export --format json -o "$T/events.jsonl"
check doctor status 0 assay doctor
check "the schema is told" says "tables, columns, indexes and views are as this program makes them"

# ---- code, views, accounts

settle; sql "CREATE TRIGGER clean BEFORE INSERT ON scan FOR EACH ROW SET NEW.n_fail = 0"
check "a trigger: audit verify" status 2 assay audit verify --no-record
check "a trigger: named" says "trigger clean on scan"
check "a trigger: doctor" status 78 assay doctor
check "a trigger: named by it" says "FAIL  schema     trigger clean on scan"
settle; sql "DROP TRIGGER clean"
sql "CREATE OR REPLACE VIEW v_audit AS SELECT seq, ts, event, object_type, object_id, outcome, LOWER(HEX(leaf)) AS leaf,
    CONVERT(rec USING utf8mb4) AS record, rec IS NULL AS pruned FROM audit_log WHERE event <> 'ingest.file'"
check "a view: audit verify" status 2 assay audit verify --no-record
check "a view: named" says "view v_audit: it is another one"
settle; sql "CREATE OR REPLACE VIEW v_audit AS SELECT seq, ts, event, object_type, object_id, outcome, LOWER(HEX(leaf)) AS leaf,
    CONVERT(rec USING utf8mb4) AS record, rec IS NULL AS pruned FROM audit_log"
sql "CREATE TABLE site (n INT PRIMARY KEY)"
check "a table of the site: no failure" status 0 assay audit verify --no-record
check "a table of the site: said" says "table site: it is not this program's"
settle; sql "DROP TABLE site"

# ---- cursors

target="json:$T/events.jsonl"
printf 'export = %s\n' "$target" >>"$T/assay.conf"
check "cursors hold" status 0 assay audit verify --no-record --expect "$T/events.jsonl"
check "news for the target" status 0 assay ingest "$SRC/samples/pandora"
settle; keep
size=$(sql "SELECT size FROM audit_head")
sql "UPDATE export_cursor SET next_seq = $size, told_seq = $size"
check "a moved cursor: audit verify" status 2 assay audit verify --no-record
check "a moved cursor: the target" says "export to $target"
check "a moved cursor: the records" says "to $((size - 1)) are behind told_seq"
check "a moved cursor: doctor" status 78 assay doctor
check "a moved cursor: named by it" says "are behind told_seq"
back; sql "UPDATE export_cursor SET next_seq = $size"
check "half moved: audit verify" status 2 assay audit verify --no-record
check "half moved: the records" says "are behind next_seq, and nobody is sending: it was moved"
check "half moved: doctor" status 78 assay doctor
back; sql "UPDATE export_cursor SET next_seq = 1, told_seq = 1"
check "moved back" status 2 assay audit verify --no-record
check "moved back: named" says "told_seq says 1"
back; sql "DELETE FROM export_cursor"
check "gone" status 2 assay audit verify --no-record
check "gone: named" says "export_cursor has no row"
back
check "the rest goes out" status 0 assay audit export --format json -o "$T/events.jsonl"
check "and the books are right" status 0 assay audit verify --no-record --expect "$T/events.jsonl"
cp "$T/events.jsonl" "$T/whole.jsonl"
sed -i '3,4d' "$T/events.jsonl"
check "a hole in the file" status 2 assay audit verify --no-record --expect "$T/events.jsonl"
check "a hole: named" says "records 2 to 3 are not in it, and the log says that they were written there"
cp "$T/events.jsonl" "$T/copy.jsonl"
cp "$T/whole.jsonl" "$T/events.jsonl"
check "a copy with a hole may be a filtered one" status 0 assay audit verify --no-record --expect "$T/copy.jsonl"
check "the hole is told" says "records 2 to 3 are not in it"

done_tests
