#!/usr/bin/env bash
# A database that version 1.0.0 (schema 12) left behind, with its audit log, its key and a report of it: upgraded, all of it
# holds, and life goes on. tests/fixtures/schema-012/make.sh says what is in it. upgrade-mysql.sh asks the same of a MySQL
# (SERVER).
. "$(dirname "$0")/../lib/lib.sh"
need jq xz mariadb
if [ -n "${SERVER-}" ]; then
    . "$SRC/tests/e2e/lib/mysql-server.sh"
    server_start() { mysql_start && mysql_use_socket; }
else
    need mariadbd mariadb-install-db
    . "$SRC/tests/e2e/lib/server.sh"
fi
F=$SRC/tests/fixtures/schema-012
printf 'organisation = Example Ltd\ngroup = Servers:srv*\ngroup = Network:sw*\n' >>"$T/assay.conf"
sed -i 's|^origin = .*|origin = upgrade.test/assay|' "$T/assay.conf"
# numbers FILE: what was counted, without names and texts, which may be told better than they were, and without the fraction
# of a score, which the old program did not tell.
numbers() { tr -d '\r' <"$1" | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) more[i] = $i ~ /^score_(n|of)$/ }
    NR > 1 { line = ""; for (i = 1; i <= NF; i++) if (!more[i] && $i ~ /^[0-9.TZ:-]+$/) line = line " " $i; print line }' | sort; }

# ---- as it was left

check "a server" server_start
sql "CREATE DATABASE assay DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin; USE assay; $(xz -dc "$F/database.sql.xz")" mysql
mkdir -m 700 "$T/state"
cp "$F"/audit.{key,vkey,vkeys,checkpoint} "$T/state/"
chmod 600 "$T/state/audit.key"
if [ "$(basename "$(ls "$SRC"/sql/schema/*.sql | tail -1)" | cut -c1-3)" != 012 ]; then
    check "nothing works before the upgrade" status 78 assay audit verify
    check "and it says what to do" says "assay init"
fi
before=$(sql "SELECT COUNT(*) FROM audit_log")

# ---- upgraded

check upgrade status 0 assay init --json
check "from that version" equal "$(jq .schema_from "$T/out")" 12
check "again: nothing is left to do" status 0 assay init --json
check "it says so" equal "$(jq '.schema_from == .schema_to' "$T/out")" true
fresh() { sed 's|^state-dir.*||' "$T/assay.conf"; printf '%s\n' "state-dir = $T/fresh" 'database = fresh'; }
fresh >"$T/fresh.conf"
check "a new database" status 0 env ASSAY_CONFIG="$T/fresh.conf" "$ASSAY" init
# schema_of DATABASE: columns, indexes and views, in the words of the server. Whether a column of a view may be NULL depends on the
# sql_mode of who loaded the dump.
schema_of() {
    sql "SELECT table_name, column_name, ordinal_position, column_type, collation_name FROM columns WHERE table_schema = '$1' ORDER BY 1, 3;
        SELECT table_name, column_name, column_default, is_nullable FROM columns JOIN tables USING (table_schema, table_name)
            WHERE table_schema = '$1' AND table_type = 'BASE TABLE' ORDER BY 1, 2;
        SELECT table_name, index_name, seq_in_index, column_name, non_unique FROM statistics WHERE table_schema = '$1' ORDER BY 1, 2, 3;
        SELECT table_name, REPLACE(view_definition, '$1', ''), collation_connection FROM views WHERE table_schema = '$1' ORDER BY 1" information_schema
}
schema_of assay >"$T/upgraded"
schema_of fresh >"$T/fresh.schema"
check "has no other schema" diff "$T/upgraded" "$T/fresh.schema"
check "which is one" test "$(wc -l <"$T/fresh.schema")" -gt 100
check "the log holds, as its checkpoint and the old report say" status 0 assay audit verify --expect "$F/audit.checkpoint" --expect "$F/report/manifest.json"
check "the old report holds" status 0 assay verify --no-record --trust "$F/sign.crt" "$F/report"
check "no record is gone" test "$(sql "SELECT COUNT(*) FROM audit_log")" -gt "$before"
check "every scan is what it was" equal "$(sql 'SELECT agent, agent_group, policy, policy_version, profile, scanned_at, passed, failed, skipped, score, flags
    FROM v_scores ORDER BY 1, 3, 4, 5, 6')" "$(cat "$F/scores.tsv")"
has_facts=$(sql "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'assay' AND table_name = 'fact'")
check "the doctor finds the log in order" status 0 assay doctor

# ---- the old month, by the new program

check "a report of the old month" status 0 assay report "$F/numbers.json" --period 2026-10 --reason "made again" -o "$T/r"
# Of whom a report is has other rules since: who came after the period, or was long gone, is not expected any more.
assessed() { tr -d '\r' <"$1" | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
    NR > 1 && $at["assessed"] > 0 { print $at["group"], $at["score"], $at["assessed"] }' | sort; }
check "groups: the scores of the old program" equal "$(assessed "$T/r/numbers-2026-10.groups.csv")" "$(assessed "$F/report/numbers-2026-10.groups.csv")"
for part in scoring top-agents bands; do
    check "$part: the numbers of the old program" equal "$(numbers "$T/r/numbers-2026-10.$part.csv")" "$(numbers "$F/report/numbers-2026-10.$part.csv")"
done
check "which holds" status 0 assay verify --trust "$T/state/sign.crt" "$T/r"

# ---- and on it goes

bash "$SRC/scripts/make-fleet" --agents 6 --weeks 10 --groups 2 --out "$T/spool" --seed 12 --end 2026-11-27 >/dev/null
check "what was stored then is known" status 0 assay ingest --spool "$T/spool" --json
check "all of it" equal "$(jq -c '[.stored, .rejected]' "$T/out")" "[0,0]"
bash "$SRC/scripts/make-fleet" --agents 6 --weeks 12 --groups 2 --out "$T/spool" --seed 12 --end 2026-12-11 >/dev/null
find "$T/spool" -maxdepth 1 -type f ! -newermt 2026-11-28 -delete
# Files without a time of their own have that of the file: some of the same second contradict each other.
assay ingest --spool "$T/spool" --json >"$T/out" 2>"$T/err" || status=$?
check "what came since is new" grep -qxE '0|3' <<<"${status:-0}"
check "some of it" test "$(jq .stored "$T/out")" -ge 8
check "the old month stays" status 0 assay report "$F/numbers.json" --period 2026-10 --reason "made again" -o "$T/r2"
check "to the number" equal "$(numbers "$T/r2/numbers-2026-10.scoring.csv")" "$(numbers "$F/report/numbers-2026-10.scoring.csv")"
check "the list of agents is the old one" status 0 assay agent list --json
check "with its alias" grep -q www "$T/out"
if assay rebuild --help >/dev/null 2>&1; then
    check "categories are derived anew" status 0 assay rebuild --categories
    check "scores are not" status 0 assay report "$F/numbers.json" --period 2026-10 --reason "made again" -o "$T/r3"
    check "to the number" equal "$(numbers "$T/r3/numbers-2026-10.scoring.csv")" "$(numbers "$F/report/numbers-2026-10.scoring.csv")"
fi
check "a night" status 0 at "$(date -u -d '+11 days' +%Y-%m-%dT06:00:00Z)" assay run
check "the log holds after all that" status 0 assay audit verify --expect "$F/audit.checkpoint" --expect "$F/report/manifest.json"

# ---- what was taken over counts as known: it cannot change unseen either

if [ "$has_facts" = 1 ]; then
    assay audit export --format json -o "$T/log.jsonl" >/dev/null 2>&1
    check "the log says what was taken over" grep -q '"facts.adopt"' "$T/log.jsonl"
    sql "UPDATE scan SET n_pass = n_pass + n_fail, n_fail = 0 WHERE scanned_at < '2026-11-01'"
    check "a scan of then, changed: noticed" status 2 assay audit verify
    check "by a report too" status 65 assay report "$F/numbers.json" --period 2026-10 --reason "made again" -o "$T/r4"
fi
done_tests
