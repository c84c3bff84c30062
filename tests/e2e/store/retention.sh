#!/usr/bin/env bash
# Retention: what is old goes, class by class, told by records; what waits or is held stays; what is left verifies, and what
# somebody takes out beside a prune is found. On a server of one's own.
. "$(dirname "$0")/../lib/lib.sh"
need jq mariadb mariadbd
. "$SRC/tests/e2e/lib/server.sh"
. "$SRC/tests/e2e/lib/retention.sh"
server_start || exit 1
old_site

# ---- nothing is asked for, nothing goes

check "for ever" status 0 prune --json
check "is what evidence is kept" equal "$(jq -c '[.classes[] | select(.before == null) | .class]' "$T/out")" '["scans","evidence","inputs","reports"]'
check "no class" status 64 prune --class scan
check "of what" status 64 prune --before 2025-01-01
check "the last month: never" status 64 prune --class scans --before 2026-11-01
check "it says why" says "always kept"

# ---- what waits for a report

keeps scans=12
check "a rehearsal" status 0 prune --dry-run --json --class scans
check "reports of all months wait" equal "$(class scans '[.n, (.waits | test("is still to be made"))]')" '[0,true]'
sed -i '/^keep-/d' "$T/assay.conf"
check "reports are made" status 0 at "$now" assay run --catch-up 1000
keeps scans=12
all=$(scans)
check "a rehearsal" status 0 prune --dry-run --json --class scans
# of three lines with 22 months before 2025-11 (and one twice), the first and the newest stay; the dead one has but one
check "counts what goes" equal "$(class scans '[.n, .revisions >= 0, .before, .oldest, .newest]')" '[60,true,"2025-11-01T00:00:00Z","2024-02-15T03:00:00Z","2025-09-15T03:00:00Z"]'
check "and what stays" equal "$(class scans '[.kept.newest, .kept.first]')" '[3,3]'
check "changes nothing" equal "$(scans)" "$all"

check "two years" status 0 years before
check "have their points" test "$(cat "$T"/before/*evolution*.csv | wc -l)" -gt 1

# ---- what an exporter has not delivered

printf 'export = json:%s/siem.json name=siem\n' "$T" >>"$T/assay.conf"
check "a target that has nothing" status 0 prune --dry-run --json --class scans
check "keeps all" equal "$(class scans '[.n, .kept.undelivered > 50, (.waits | test("siem has not got"))]')" '[0,true,true]'
check "unless forced" status 0 prune --dry-run --json --class scans --force
check "counts what goes" equal "$(class scans .n)" 60
check "delivered" status 0 assay audit export --target siem

# ---- holds

check "a hold wants a reason" status 64 assay hold add --agent web01 --by me
check "and a person" status 64 assay hold add --agent web01 --reason x
check "and something to hold" status 64 assay hold add --reason x --by me
check "that is there" status 64 assay hold add --agent wbe01 --reason x --by me
check "an agent" status 0 assay hold add --agent web01 --reason "case 4711" --by "J. Doe"
web_hold=$(cat "$T/out")
check "a period" status 0 assay hold add --period 2025-03 --reason "audit" --by "J. Doe"
period_hold=$(cat "$T/out")
check "two are listed" equal "$(assay hold list | wc -l)" 2
check "told" equal "$(events hold.add)" 2
check "a rehearsal" status 0 prune --dry-run --json --class scans
# all but two of web01 (they are the first and the newest); of the others 2025-02, 2025-03, and 2025-01, which was current then
check "counts what is held" equal "$(class scans '[.n, .kept.held]')" "[34,$((22 - 1 + 6))]"
check "in words" status 0 prune --dry-run --class scans
check "names the holds" says "hold $web_hold (agent web01)"

# ---- scans go

tables() { sql "SELECT COUNT(*) FROM detail_set"; sql "SELECT COUNT(*) FROM evidence"; }
before=$(tables)
check "pruned" status 0 prune --json --class scans
check "as many as was said" equal "$(class scans '[.n, .first_record <= .last_record]')" '[34,true]'
record=$(class scans .first_record)
check "are gone" equal "$(scans)" $((all - 34))
check "with what they alone said" test "$(tables)" != "$before"
check "nothing names what is not there" equal "$(sql 'SELECT COUNT(*) FROM scan s LEFT JOIN detail_set d ON d.hash = s.detail_set WHERE s.detail_set IS NOT NULL AND d.hash IS NULL')" 0
check "all of it verifies" status 0 assay audit verify
check "again there is nothing" status 0 prune --json --class scans
check "to go" equal "$(class scans '[.n, .first_record]')" '[0,null]'
check "what is current stays" equal "$(sql 'SELECT COUNT(*) FROM agent_current c JOIN scan s ON s.agent_id = c.agent_id AND s.line_id = c.line_id AND s.scanned_at = c.scanned_at')" 4
check "as many as are counted" equal "$(sql 'SELECT COUNT(*) FROM agent_current c WHERE n_scans <> (SELECT COUNT(*) FROM scan s WHERE s.agent_id = c.agent_id AND s.line_id = c.line_id)')" 0
check "since when a finding is there" equal "$(sql "SELECT MIN(since) FROM v_findings WHERE agent = 'db01'")" "2024-01-15 03:00:00"

# ---- reports on what was pruned

check "a pruned month" status 65 one --period 2024-08
check "is refused by its record" says "were pruned (record"
check "one whose month before is pruned" status 65 one --period 2025-11
check "one that is kept" status 0 one --period 2025-12
check "one that is held" status 0 one --period 2025-03
check "says all of it" equal "$(cut -d, -f2 "$T"/r/*.scoring.csv | grep -c 01)" 3
check "one of the agent that is held" status 0 one --period 2024-08 --agent web01
check "of another: refused" status 65 one --period 2024-08 --agent db01
check "two years are what they were" status 0 years after
check "to the last point" cmp <(cat "$T"/before/*evolution*.csv) <(cat "$T"/after/*evolution*.csv)
check "those that end before the bound: not" status 65 years none 2024-01-01..2025-06-30
I=$(ls "$T/scheduled" | grep 2024-08 | head -1)
check "sealed ones hold" status 0 assay verify --trust "$T/state/sign.crt" "$T/scheduled/$I/latest"
check "and are told to be all there is" says "cannot be made again from the database"
check "audit verify names the record" status 0 assay audit verify --no-record
check "of what was pruned" says "scans before 2025-11-01 were pruned, the last of them by record"

# ---- what somebody takes out beside it

kept="agent_id = $(agent db01) AND scanned_at = '2025-12-15 03:00:00'"
sql "CREATE DATABASE aside; CREATE TABLE aside.scan AS SELECT * FROM scan WHERE $kept; DELETE FROM scan WHERE $kept"
check "a scan that vanished" status 2 assay audit verify --no-record
check "is found" says "db01"
sql "INSERT INTO scan SELECT * FROM aside.scan; DROP DATABASE aside"
check "back" status 0 assay audit verify --no-record
sql "INSERT INTO scan SELECT agent_id, line_id, '2025-05-15 03:00:00', policy_id, profile, format, engine, started_at, ingested_at, n_pass, n_fixed, n_fail, n_error, n_unknown, n_notchecked, n_notapplicable, n_informational, n_notselected, n_waived, score, reported_score, flags, file_sha256, content_hash, detail_set, n_vec, vec, said, revision, standing FROM scan WHERE $kept" 2>"$T/sql.err" || cat "$T/sql.err"
check "one that was pruned and is there again" status 2 assay audit verify --no-record
check "is told by its record" says "record"
sql "DELETE FROM scan WHERE agent_id = $(agent db01) AND scanned_at = '2025-05-15 03:00:00'"
check "well again" status 0 assay audit verify --no-record
sql "UPDATE setting SET value = '2020-01-01T00:00:00Z 0' WHERE name = 'pruned:scans'"
check "the bound itself is a fact" status 65 one --period 2025-12
sql "UPDATE setting SET value = '2025-11-01T00:00:00Z 27' WHERE name = 'pruned:scans'"
check "well again" status 0 assay audit verify --no-record

# ---- files that come again, and late

check "an old file comes again" status 0 at "$now" assay ingest "$T/in/db01-2025-05.data"
check "is no second scan" equal "$(scans "agent_id = $(agent db01) AND scanned_at = '2025-05-15 03:00:00'")" 0

scan_file late01 2025-05 FFPPP >"$T/late.data"
check "one that nobody has seen comes too late" status 3 at "$now" assay ingest "$T/late.data" --json
check "and is told so" equal "$(jq -r '.rejects[0].reason // .rejected_files[0].reason // (.. | .reason? // empty)' "$T/out" | grep -c 'comes too late')" 1
check "what was decided stays" status 65 at "$now" assay scan accept web01 2024-06-15T03:00:00Z 2 --reason x
check "months are closed, and stay" equal "$(sql "SELECT COUNT(*) FROM month_close WHERE month < 202511")" $((22 * 16))
check "with what they came to" equal "$(sql "SELECT COUNT(*) FROM month_state WHERE month < 202511")" 67
check "made anew is what can be" status 0 at "$now" assay rebuild --months
check "the others stay" equal "$(sql "SELECT COUNT(*) FROM month_close WHERE month < 202511")" $((22 * 16))

# ---- releasing

check "no such hold" status 64 assay hold release 00000000 --reason x --by me
check "released" status 0 assay hold release "$web_hold" --reason "closed" --by "J. Doe"
check "told" equal "$(events hold.release)" 1
check "listed no more" equal "$(assay hold list | wc -l)" 1
check "but with --all" equal "$(assay hold list --all --json | jq -s 'length')" 2
check "the rest goes" status 0 prune --json --class scans
check "but for what is held still" equal "$(class scans '[.n, .kept.held]')" '[17,9]'
verifies() { check "a checkpoint" status 0 assay audit checkpoint; check "all of it verifies" status 0 assay audit verify; }
verifies

# ---- evidence

keeps evidence=6
old_texts() { sql "SELECT COUNT(*) FROM evidence WHERE body LIKE 'seen on db01 in 2026-01%'"; }
check "evidence of January" equal "$(old_texts)" 1
check "details of older months" status 0 prune --json --class evidence
check "go" equal "$(class evidence '[.n > 0, .texts > 0]')" '[true,true]'
check "their scans stay" equal "$(sql "SELECT COUNT(*) FROM scan WHERE flags & 128 AND detail_set IS NULL")" "$(class evidence .n)"
verifies
check "the newest say all" equal "$(sql "SELECT COUNT(*) FROM v_findings WHERE evidence IS NULL AND agent <> 'gone01'")" 0
check "evidence that nothing names is gone" equal "$(old_texts)" 0

# ---- inputs

keeps inputs=12 scans=12
check "files" status 0 prune --json --class inputs
check "of scans that are gone" equal "$(class inputs '[.n > 15]')" '[true]'
verifies

# ---- a backup after it

mkdir "$T/backups"
check "saved" status 0 assay backup "$T/backups"
check "the witness: the checkpoint of before holds" status 0 assay audit checkpoint
check "told in all" test "$(events data.prune)" -ge 5
done_tests
