#!/usr/bin/env bash
# A database moves by the tools of the servers: from MariaDB 10.11 to 11.8, to MySQL, and all the way back, by the dump of each. After
# each load the log and the tables hold, every view answers, and a report is the same to the byte.
. "$(dirname "$0")/../lib/lib.sh"
[ "${ASSAY_LONG-no}" = yes ] || skip "dumps of other servers are for --long"
need jq mariadb openssl
now=2030-01-07T06:00:00Z
bash "$SRC/scripts/make-fleet" --out "$T/fleet" --agents 10 --weeks 12 --groups 2 --seed 5 --end 2030-01-04 >/dev/null

# server NAME: a server in the background, which the program and sql use from then on.
server() {
    local into=$T/$1
    mkdir "$into"; chmod 755 "$T" "$into"
    case $1 in
    10.11*) SERVER=bookworm ;; 11.8*) SERVER=trixie ;; MySQL*) SERVER=mysql ;;
    esac
    . "$SRC/tests/e2e/lib/mysql-server.sh"
    D=$into/data SOCKET=$into/s.sock
    [ "$SERVER" = mysql ] || mysql_own=(--tmpdir="$into" --skip-innodb-doublewrite)
    [ "$(id -u)" -ne 0 ] || chown nobody "$into"
    mysql_start || exit 1
    mysql_use_socket
}
# dump FILE: of the server of now, by its own tool.
dump() {
    local tool=("$MYSQL/usr/bin/mariadb-dump" --no-defaults)
    [ "$SERVER" != mysql ] || tool=("$MYSQL/mysqldump" --no-defaults --set-gtid-purged=OFF --no-tablespaces)
    "${tool[@]}" -S "$SOCKET" -u root --single-transaction --hex-blob assay >"$1"
}
report() { at $now "$ASSAY" report hardening-executive --period 2029-12 -f csv --reason "made again" -o "$T/report-$1"; }
# holds NAME: what is to be seen in it, and the report of the first one.
holds() {
    local v
    check "$1: a checkpoint goes on from the last" status 0 at $now assay audit checkpoint
    check "$1: log, tables and schema hold" status 0 at $now assay audit verify --no-record --json
    check "$1: the schema is as it is made" equal "$(jq .schema_of_site "$T/out")" 0
    for v in $(sql "SELECT table_name FROM information_schema.views WHERE table_schema = 'assay'"); do
        check "$1: the view $v" sql "SELECT * FROM $v ORDER BY 1 LIMIT 3" >/dev/null
    done
    check "$1: a report" status 0 report "$1"
    (cd "$T/report-$1" && cat ./*.csv) >"$T/csv-$1"
    [ "$1" = 10.11 ] || check "$1: the same to the byte" cmp "$T/csv-$1" "$T/csv-10.11"
}
server 10.11
check init status 0 at $now assay init
check ingest status 0 at $now assay ingest "$T/fleet"
holds 10.11
check "there is something to compare" test "$(wc -c <"$T/csv-10.11")" -gt 2000
was=10.11
for to in 11.8 MySQL 11.8-again 10.11-again MySQL-of-10.11 10.11-of-MySQL; do
    check "$was is dumped" dump "$T/dump.sql"
    mysql_kill
    server $to
    sql 'CREATE DATABASE assay DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin' mysql
    check "and loaded into $to" sql "$(cat "$T/dump.sql")"
    holds $to
    was=$to
done
check "and on it goes" status 0 at $now assay ingest "$SRC/samples/lynis"
done_tests
