#!/usr/bin/env bash
# Accounts on a server of one's own: each role does its work and cannot do more, asked of a real server.
. "$(dirname "$0")/../lib/lib.sh"
need jq mariadb mariadbd mariadb-install-db
D=$T/server; mkdir "$D"
owner=()
if [ "$(id -u)" -eq 0 ]; then
    chmod 755 "$T"
    for who in mysql nobody; do id "$who" >/dev/null 2>&1 && break; done
    chown "$who" "$D"; owner=(--user="$who")
fi
mariadb-install-db --no-defaults "${owner[@]}" --datadir="$D" --tmpdir="$D" --auth-root-authentication-method=normal --skip-test-db >"$T/install.log" 2>&1 ||
    { cat "$T/install.log" >&2; exit 1; }
mariadbd --no-defaults "${owner[@]}" --datadir="$D" --tmpdir="$D" --socket="$D/s.sock" --skip-networking --pid-file="$D/pid" --innodb-log-file-size=32M >"$T/server.log" 2>&1 &
as() {
    local who=$1 password=-psecret; shift
    [ "$who" != root ] || password=
    mariadb --no-defaults -S "$D/s.sock" -u "$who" $password -N -r "$@"
}
wait_for "the server" 120 as root -e 'SELECT 1' || { cat "$T/server.log" >&2; exit 1; }

echo 'database = compliance' >>"$T/assay.conf"
# account NAME ROLE: makes it; use NAME: assay runs with it.
account() { as root -e "CREATE USER $1@localhost IDENTIFIED BY 'secret'; GRANT $2 TO $1@localhost; SET DEFAULT ROLE $2 FOR $1@localhost"; }
use() {
    printf '[client]\nuser = %s\npassword = secret\nsocket = %s\n' "$1" "$D/s.sock" >"$T/my.cnf"; chmod 600 "$T/my.cnf"
    sed -i '/^option-file/d' "$T/assay.conf"; echo "option-file = $T/my.cnf" >>"$T/assay.conf"
}
as root -e "CREATE DATABASE compliance DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin; CREATE USER boss@localhost IDENTIFIED BY 'secret'; GRANT ALL ON compliance.* TO boss@localhost"
use boss
check "init by an administrator" status 0 assay init
check "the grants" status 0 assay init --grants
check "are of this database" fails grep -q '`assay`\.' "$T/out"
cp "$T/out" "$T/grants.sql"
check "run by root" as root -e "source $T/grants.sql"
check "again" as root -e "source $T/grants.sql"
for r in run report siem admin; do account "the_$r" "assay_$r"; done

# ---- assay_run
use the_run
check "ingest" status 0 assay ingest "$SRC/samples/lynis" "$SRC/samples/stig"
check "delta and late files" status 0 assay ingest "$SRC/samples/pandora"
check "agents" status 0 assay agent add web01
check "report" status 0 assay report hardening-executive --allow-empty --output "$T/r1"
check "run" status 0 assay run
check "export" status 0 assay audit export -o "$T/log.jsonl"
check "verify" status 0 assay audit verify
check "doctor" status 0 assay doctor
check "publish" status 0 assay audit publish "$T/www"
check "rotate" status 0 assay audit rotate-key
check "no pruning" status 78 assay audit prune --before 2020-01-01 --force
check "nothing happened to the log" status 0 assay audit verify
for q in "UPDATE audit_log SET rec = NULL" "DELETE FROM audit_log" "UPDATE audit_log SET ts = NOW()" "DELETE FROM audit_checkpoint" \
    "DELETE FROM audit_head" "TRUNCATE audit_log" "DROP TABLE audit_log" "ALTER TABLE audit_log ADD COLUMN x INT" "CREATE TABLE x (y INT)"; do
    check "assay_run cannot: $q" fails as the_run compliance -e "$q"
done

# ---- assay_report
use the_report
check "report" status 0 assay report hardening-executive --allow-empty --output "$T/r2" --reason "by another account"
check "verify" status 0 assay verify "$T/r2"
check "audit verify" status 0 assay audit verify
check "no ingest" status 78 assay ingest "$SRC/samples/xccdf"
for q in "UPDATE audit_log SET rec = NULL" "DELETE FROM scan" "INSERT INTO agent_group VALUES (1, 'x')" "UPDATE export_cursor SET next_seq = 0"; do
    check "assay_report cannot: $q" fails as the_report compliance -e "$q"
done

# ---- assay_siem: the views and nothing else
check "siem reads records" equal "$(as the_siem compliance -e 'SELECT COUNT(*) = MAX(seq) + 1, SUM(record IS NULL) FROM v_audit')" "$(printf '1\t0')"
check "asks as the page says" [ "$(as the_siem compliance -e 'SELECT seq, ts, record FROM v_audit WHERE seq > 3 ORDER BY seq LIMIT 5' | wc -l)" -eq 5 ]
check "from the first on" equal "$(as the_siem compliance -e 'SELECT MIN(seq) FROM v_audit WHERE pruned = 0 AND seq > -1')" 0
check "reads checkpoints" [ "$(as the_siem compliance -e 'SELECT COUNT(*) FROM v_audit_checkpoint')" -ge 1 ]
check "the bytes are those of the log" equal "$(as the_siem compliance -e 'SELECT LOWER(SHA2(CONCAT(CHAR(0), record), 256)) = leaf FROM v_audit WHERE seq = 2')" 1
check "sees two tables" equal "$(as the_siem compliance -e 'SHOW TABLES' | tr '\n' ' ')" "v_audit v_audit_checkpoint "
for t in $(as root compliance -e 'SHOW TABLES'); do
    case $t in v_audit | v_audit_checkpoint) ;; *) check "siem does not read $t" fails as the_siem compliance -e "SELECT * FROM $t LIMIT 1" ;; esac
done
for q in "UPDATE v_audit SET event = 'x'" "DELETE FROM v_audit" "INSERT INTO v_audit_checkpoint VALUES ('a', 1, NOW(), 'x')" "DROP VIEW v_audit" \
    "UPDATE audit_log SET rec = NULL" "CREATE TABLE x (y INT)" "CREATE VIEW x AS SELECT * FROM v_audit"; do
    check "assay_siem cannot: $q" fails as the_siem compliance -e "$q"
done
use the_siem
check "nor with assay" fails assay audit verify

# ---- assay_admin
use the_admin
check "init" status 0 assay init
check "may prune" status 0 assay audit prune --before 2020-01-01 -v
done_tests
