#!/usr/bin/env bash
# Somebody changes what was stored together with what the database says about it (the index of facts), and uses the program
# itself to do so, in a copy: everything but the audit log is taken from there. And what changes in the log itself shows when
# a file that left it is compared. One line an attack, as in facts.sh.
. "$(dirname "$0")/../lib/lib.sh"
need jq mariadb mariadbd mariadb-install-db
[ -f "$SRC/sql/schema/015-facts.sql" ] || skip "no facts are recorded yet"
. "$SRC/tests/e2e/lib/facts.sh"
site

# ---- the index of facts alone

if sql "SELECT 1 FROM fact LIMIT 1" >/dev/null 2>&1; then
    attack "no facts" 'fact' 65 - "DELETE FROM fact"
    attack "no facts and no buckets" 'fact' 65 - "DELETE FROM fact; DELETE FROM fact_bucket"
    attack "no buckets" 'fact' 65 - "DELETE FROM fact_bucket"
    attack "a bucket's head" 'fact' 65 - "UPDATE fact_bucket SET head = REPEAT(x'07', 32)"
    attack "a bucket's length" 'fact' 65 - "UPDATE fact_bucket SET n = n + 1 WHERE n > 0"
    attack "a bucket more" 'fact' - - "INSERT INTO fact_bucket SELECT MAX(bucket) + 1, 1, REPEAT(x'07', 32) FROM kept.fact_bucket"
    # What an officer is told to do when facts are missing must not take over what somebody made of the tables meanwhile.
    sql "DELETE FROM fact; DELETE FROM fact_bucket; UPDATE scan SET vec = REPEAT(x'11', LENGTH(vec)), n_pass = n_pass + n_fail, n_fail = 0, score = 10000 WHERE $newest"
    check "init does not take over what the log knows" status 2 assay init
    check "and says why" names 'fact'
    check "nor does anything else hold then" fails assay audit verify --no-record
    back
fi

# ---- an older state, and scans that are not in it

attack "all tables but the log as they were a month ago" 'db01|fact|scan' 65 - "$(from_copy older)"
attack "the newest scans deleted, facts rolled back" 'db01|fact|scan' 65 - "DELETE FROM scan WHERE scanned_at > '2026-11-01';
    $(from_copy older | tr ';' '\n' | grep fact | tr '\n' ';')"

# ---- the program in a copy

scan_file db01 12 PPPPPPPP PPPP | sed 's|2026/12/15 03|2026/11/15 04|; s|2026-12-15T03|2026-11-15T04|g; s|2026-12-15T02|2026-11-15T03|g' >"$T/forged.data"
check "a forged scan, ingested in a copy" aside "$ASSAY" ingest "$T/forged.data"
attack "a forged scan with its facts" 'db01|fact|scan' 65 - "$(from_copy side)"
attack "a forged scan without its facts" 'db01' 65 - "$(from_copy side | tr ';' '\n' | grep -v fact | tr '\n' ';')"
attack "the facts of a forged scan alone" 'fact|db01' 65 - "$(from_copy side | tr ';' '\n' | grep fact | tr '\n' ';') DO 0"
check "an agent moved in a copy" aside "$ASSAY" agent move --group Retired db01
attack "an agent moved, with its facts" 'db01|fact' 65 - "$(from_copy side)"
check "an agent listed in a copy" aside "$ASSAY" agent add app01
attack "an agent listed, with its facts" 'app01|fact' - - "$(from_copy side)"
check "an agent frozen in a copy" aside "$ASSAY" agent freeze web01
attack "an agent frozen, with its facts" 'web01|fact' - - "$(from_copy side)"
check "reports made in a copy" at 2026-12-02T06:00:00Z aside "$ASSAY" run
attack "a report called made, with its facts" 'hardening-monthly|fact' - - "$(from_copy side)"
change_settings() { echo 'organisation = Other Ltd' >>"$T/side.conf"; at 2026-11-21T06:00:00Z "$ASSAY" run; }
check "settings changed in a copy" aside change_settings
attack "settings, with their facts" 'config|fact' - - "$(from_copy side)"
check "a scan revoked in a copy" aside "$ASSAY" scan revoke db01 2026-11-15T03:00:00Z 1 --policy linux --reason "wrong host"
attack "a scan revoked, with its facts" 'db01|fact' 65 - "$(from_copy side)"

back
# A report whose records are taken out of the log; its manifest names a checkpoint from before them.
check "a report" status 0 assay report "$T/all.json" --period 2026-11 -o "$T/denied"
size=$(sql "SELECT MIN(seq) FROM audit_log WHERE event = 'report.make' AND rec LIKE '%all-2026-11\"%'")
sql "DELETE FROM audit_log WHERE seq >= $size; UPDATE audit_head SET size = $size, last = (SELECT leaf FROM audit_log WHERE seq = $size - 1)"
check "a report that is denied" status 2 assay audit verify --no-record --expect "$T/denied/manifest.json"
back
done_tests
