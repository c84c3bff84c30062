#!/usr/bin/env bash
# Retention on a real MySQL, or with SERVER=SUITE on the MariaDB of that release of Debian (mariadb-11.8.sh): pruned class by class,
# held, killed in the middle, the program and the server, and run again; and backups of what was pruned, restored into a private
# server and back, where prunes go on. retention.sh has all of the rules.
. "$(dirname "$0")/../lib/lib.sh"
need jq
. "$SRC/tests/e2e/lib/mysql-server.sh"
. "$SRC/tests/e2e/lib/retention.sh"
check "a server" mysql_start --max-allowed-packet=64M || exit 1
mysql_use_socket
nothing_is_due
old_site
all=$(scans)
check "all is stored" equal "$all" 106
bound() { sql "SELECT value FROM setting WHERE name = 'pruned:$1'"; }
# Records are of $now: only a checkpoint says that the log is not too old.
holds() { assay audit checkpoint >"$T/out" && status 0 assay audit verify --no-record && says "$1"; }
refused() { status 65 one "$@" && says "were pruned (record"; }
check "two years" status 0 years before

# ---- killed behind the first part: whole parts are gone, and the next run goes on
keeps scans=12
check "an agent is held" status 0 assay hold add --agent web01 --reason "case 4711" --by "J. Doe"
web_hold=$(cat "$T/out")
check "a period is held" status 0 assay hold add --period 2025-03 --reason audit --by "J. Doe"
check "a rehearsal" status 0 prune --dry-run --json --class scans
check "counts what goes, and what is held" equal "$(class scans '[.n, .kept.held]')" '[34,27]'
check "changes nothing" equal "$(scans)" "$all"
export ASSAY_FAULT=prune_part:1
check "killed behind a part" status 137 prune --class scans
unset ASSAY_FAULT
check "the part is gone" equal "$(scans)" $((all - 34))
check "what is left verifies" holds "scans before 2025-11-01 were pruned, the last of them by record"
check "its texts are to be swept" equal "$(bound sweep | cut -c1-4)" "due "
texts=$(sql "SELECT COUNT(*) FROM detail_set")
check "the next run" status 0 prune --json --class scans
check "sweeps them" test "$(sql "SELECT COUNT(*) FROM detail_set")" -lt "$texts"
check "to the end" equal "$(bound sweep)" "done"
check "which says how many were held" equal "$(bound scans)" "2025-11-01T00:00:00Z 27"
check "all verifies" holds "scans before 2025-11-01 were pruned, the last of them by record"

# ---- the server is killed while a prune is in the middle of a part: it waits for it, and goes on
check "released" status 0 assay hold release "$web_hold" --reason closed --by "J. Doe"
head_is_held() { [ "$(sql "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_rows_locked > 0")" = 1 ] || { sleep 0.2; return 1; }; } # asked within 0.1 s InnoDB says what it said before
prune_waits() { [ "$(sql "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'")" = 1 ] || { sleep 0.2; return 1; }; } # asked within 0.1 s InnoDB says what it said before
sql "BEGIN; SELECT * FROM audit_head FOR UPDATE; DO SLEEP(300)" >"$T/holder" 2>&1 & holder=$!
wait_for "the head of the log to be held" 60 head_is_held
at "$now" "$ASSAY" prune --json --class scans >"$T/waited" 2>"$T/waited.err" & pruner=$!
wait_for "the prune to have all but its record" 60 prune_waits
mysql_kill
wait "$holder"
mysql_again
wait "$pruner"; check "it goes on when the server is back" equal $? 0 || cat "$T/waited.err"
check "and is done" equal "$(jq -c '.classes[0] | [.n, .kept.held]' "$T/waited")" '[17,9]'
check "each scan once" equal "$(scans)" $((all - 34 - 17))
check "all verifies" holds "scans before 2025-11-01 were pruned, the last of them by record"

# ---- the other classes
keeps evidence=6 scans=12
check "evidence" status 0 prune --json --class evidence
check "goes" equal "$(class evidence '[.n > 0, .texts > 0]')" '[true,true]'
check "of scans that stay" equal "$(scans "flags & 128 AND detail_set IS NULL")" "$(class evidence .n)"
keeps inputs=12 scans=12
check "files" status 0 prune --json --class inputs
check "go" equal "$(class inputs '[.n > 15]')" '[true]'
check "all verifies" holds "inputs before 2025-11-01 were pruned, the last of them by record"

# ---- what is left
for v in $(sql "SELECT table_name FROM information_schema.views WHERE table_schema = 'assay'"); do
    check "the view $v" sql "SELECT * FROM $v ORDER BY 1 LIMIT 3" >"$T/view"
done
check "since when a finding is there" equal "$(sql "SELECT MIN(since) FROM v_findings WHERE agent = 'db01'")" "2024-01-15 03:00:00"
check "scores of months that were pruned" equal "$(sql "SELECT COUNT(DISTINCT month) FROM v_month_scores WHERE month < 202511")" 22
reports_hold() {
    check "$1: a pruned month is refused" refused --period 2024-08
    check "$1: one whose month before is pruned, too" refused --period 2025-11
    check "$1: one that is kept is made" status 0 one --period 2025-12
    check "$1: one that is held, too" status 0 one --period 2025-03
    check "$1: two years are what they were" status 0 years after
    check "$1: to the last point" cmp <(cat "$T"/before/*evolution*.csv) <(cat "$T"/after/*evolution*.csv)
}
reports_hold here
kept="agent_id = $(agent db01) AND scanned_at = '2025-12-15 03:00:00'"
sql "CREATE DATABASE aside; CREATE TABLE aside.scan AS SELECT * FROM scan WHERE $kept; DELETE FROM scan WHERE $kept"
check "a scan that vanished" status 2 assay audit verify --no-record
check "is told from those that were pruned" says "db01"
sql "INSERT INTO scan SELECT * FROM aside.scan; DROP DATABASE aside"
check "back" holds "scans before 2025-11-01"

# ---- a backup of it, in a private server and back in this one
figures() { assay audit verify --no-record --json | jq -c '{facts,scans,revisions,inputs,agents,policies,detail_sets,evidence,pruned}'; }
want=$(figures)
# uses NAME LINE…: another database from now on, with a state folder and keys of its own.
uses() { { grep -v '^state-dir\|^option-file\|^database' "$T/assay.conf"; printf '%s\n' "state-dir = $T/of-$1" "${@:2}"; } >"$T/$1.conf"; export ASSAY_CONFIG=$T/$1.conf; }
check "a backup" status 0 assay backup "$T"
copy=$(cat "$T/out")
uses private
check "into a private server" status 0 assay restore "$copy"
check "all is the same there" equal "$(figures)" "$want"
check "keys" status 0 at 2024-01-01T00:00:00Z assay init
check "what was pruned is known" holds "scans before 2025-11-01 were pruned, the last of them by record"
reports_hold private
check "there is nothing to prune" status 0 prune --json --class scans
check "but what is held" equal "$(class scans '[.n, .kept.held]')" '[0,9]'
check "the hold is released there" status 0 assay hold release "$(assay hold list --json | jq -r .id)" --reason over --by "J. Doe"
check "the prune goes on" status 0 prune --json --class scans
check "with what was held" equal "$(class scans '[.n, .kept.held]')" '[9,0]'
check "and with another month" status 0 prune --json --class scans --before 2025-12-01
check "of each agent that scans" equal "$(class scans .n)" 3
check "all verifies there" holds "scans before 2025-12-01 were pruned, the last of them by record"
want=$(figures)
check "a backup" status 0 assay backup "$T/of-private"
copy=$(cat "$T/out")
uses two "option-file = $T/my.cnf" "database = two"
check "into this server" status 0 assay restore "$copy"
check "all is the same" equal "$(figures)" "$want"
check "keys" status 0 at 2024-01-01T00:00:00Z assay init
check "what was pruned is known" holds "scans before 2025-12-01 were pruned, the last of them by record"
check "what is pruned now is refused" refused --period 2025-03
check "evidence, inputs and scans go on" status 0 prune --json --before 2026-02-01 --class scans --class inputs --class evidence
check "here, too" equal "$(class scans '[.n]')" '[6]'
check "all verifies here" holds "scans before 2026-02-01 were pruned, the last of them by record"
done_tests
