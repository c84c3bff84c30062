#!/usr/bin/env bash
# Months that are closed: reports with them and without are the same bytes; what they hold is a fact like others: who changes it
# is noticed, and rebuild makes it anew; late scans open what they change.
. "$(dirname "$0")/../lib/lib.sh"
need jq mariadb mariadbd mariadb-install-db
. "$SRC/tests/e2e/lib/facts.sh"
site

# ---- closing

made() { # DIR OPTION…
    local to=$1; shift
    rm -rf "$T/$to"
    assay report "$T/all.json" -f csv,json -o "$T/$to" --reason "made again" "$@"
}
each() { # PREFIX: reports that begin where months are closed, and a long one
    made "$1-month" --period 2026-11 && made "$1-october" --period 2026-10 && made "$1-one" --period 2026-11 --agent db01 &&
        made "$1-week" --period 2026-11-09..2026-11-15 && made "$1-long" --period 2026-09-01..2026-11-30 &&
        made "$1-group" --period 2026-11 --group Servers
}
each_of_october() { made "$1-october" --period 2026-10 && made "$1-long" --period 2026-08-01..2026-10-31; }
# What is said of the report itself, and of the log, is another each time.
numbers() { (cd "$T" && for f in "$1"-*/*.csv; do echo "${f#"$1"}"; cat "$f"; done | grep -vE "^(report|manifest|checkpoint|log)"); }
check "reports without closed months" each plain
check "rebuild wants to know what" status 64 assay rebuild --months --categories
check "a dry run" status 0 at 2026-11-20T06:00:00Z assay rebuild --months --dry-run
check "closes nothing" equal "$(sql 'SELECT COUNT(*) FROM month_close')" 0
check "closed" status 0 at 2026-11-20T06:00:00Z assay rebuild --months --json
check "two months, ten scans or more" equal "$(jq -c '[.months, .scans]' "$T/out")" "[2,12]"
check "November is not over" equal "$(sql 'SELECT MAX(month) FROM month_close')" 202610
check "the log tells" equal "$(sql "SELECT COUNT(*) FROM audit_log WHERE event = 'month.close'")" 2
check "people see it" equal "$(sql "SELECT COUNT(*), SUM(n_scans) FROM v_month_scores WHERE month = 202610 AND policy = 'linux'")" "3	3"
check "reports with closed months" each closed
check "are the same" equal "$(numbers closed)" "$(numbers plain)"
check "all of it holds" status 0 assay audit verify --no-record
copy assay kept
tables=$(tables_of assay)

# ---- somebody who may write to the tables

state="agent_id = $db AND line_id = $linux"
attack "a state" 'month_state' 65 - "UPDATE month_state SET n_pass = n_pass + n_fail, n_fail = 0 WHERE $state AND month = 202610"
attack "an older state" 'month_state' - - "UPDATE month_state SET score = 10000 WHERE $state AND month = 202609"
attack "a state gone" 'month_state' 65 - "DELETE FROM month_state WHERE $state AND month = 202610"
attack "a state invented" 'month_state' 65 - "INSERT INTO month_state SELECT agent_id, 12345, month, chunk, next_month, scanned_at, policy_id, n_pass, n_fixed, n_fail, n_error,
    n_unknown, n_notchecked, n_notapplicable, n_informational, n_notselected, n_waived, score, flags, n_scans, scan_digest FROM kept.month_state WHERE $state AND month = 202610"
attack "a state called the newest" 'month_state' 65 - "UPDATE month_state SET next_month = 999999 WHERE $state"
attack "a state of no time" 'month_state' - - "UPDATE month_state SET next_month = month WHERE $state AND month = 202609"
attack "another chunk" 'month_state' 65 - "UPDATE month_state SET chunk = (chunk + 1) % 16 WHERE $state"
attack "points" 'month_points' 65 - "UPDATE month_points SET body = CONCAT(LEFT(body, LENGTH(body) - 1), x'01') WHERE month = 202610"
attack "points gone" 'month_points' 65 - "DELETE FROM month_points WHERE month = 202610"
attack "a month opened" 'month|2026-10' 65 - "DELETE FROM month_close WHERE month = 202610"
attack "a digest" 'month_close|2026-10' 65 - "UPDATE month_close SET states = REPEAT(x'00', 32) WHERE month = 202610"
attack "a scan behind a state, which no long report shows" 'db01' - - "UPDATE scan SET n_pass = n_pass + n_fail, n_fail = 0, score = 10000 WHERE $middle"

sql "UPDATE scan SET n_pass = n_pass + n_fail, n_fail = 0, score = 10000 WHERE $middle"
check "but the report of the next month compares with it" status 65 made x --period 2026-11
check "and names it" names db01
back

# ---- anew

sql "UPDATE month_state SET n_pass = 7, n_fail = 0; DELETE FROM month_points"
check "changed" status 2 assay audit verify --no-record
check "made anew" status 0 at 2026-11-20T06:00:00Z assay rebuild --months
check "it holds again" status 0 assay audit verify --no-record
check "the table is what it was" equal "$(sql "SELECT COUNT(*) FROM month_state m JOIN kept.month_state k USING (agent_id, line_id, month, next_month, scanned_at, n_pass, n_fail, n_scans, scan_digest)")" \
    "$(sql 'SELECT COUNT(*) FROM kept.month_state')"

# ---- late

scan_file db01 10 PPPPPPPP PPPP | sed 's/2026-10-15T/2026-10-25T/g; s|2026/10/15|2026/10/25|' >"$T/late.data"
check "a scan that is late" status 0 at 2026-11-05T06:00:00Z assay ingest "$T/late.data"
check "opens the chunk of its agent, and only its month" equal "$(sql 'SELECT month, COUNT(*) FROM month_close GROUP BY month')" "202609	16
202610	15"
check "it holds" status 0 assay audit verify --no-record
check "reports that see it" each_of_october late
sed 's/2026-10-25T/2026-11-18T/g; s|2026/10/25|2026/11/18|' "$T/late.data" >"$T/now.data"
check "the month is closed again behind what comes next" status 0 at 2026-11-20T06:00:00Z assay ingest "$T/now.data"
check "all of it" equal "$(sql 'SELECT COUNT(*) FROM month_close WHERE month = 202610')" 16
check "reports with it closed" each_of_october again
check "are the same, too" equal "$(numbers again)" "$(numbers late)"
check "it holds once more" status 0 assay audit verify --no-record
sql "UPDATE scan SET n_pass = n_pass + n_fail, n_fail = 0 WHERE $middle"
check "a changed scan is not closed over" status 2 at 2026-11-20T06:00:00Z assay rebuild --months
check "which names it" names db01
done_tests
