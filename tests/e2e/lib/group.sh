# MySQL Group Replication of three members on this machine, which stays while the test runs. Sourced behind lib.sh.
# Gives:     group_start [OPTION…], group_end; of member N: node_sql N STATEMENTS [DATABASE], node_kill N, node_again N, node_lines N;
#            primary, which member takes writes, and turn, by which the balancer sends new connections to it; wait_for_all, until each
#            has what any has. With $balanced = yes all hosts talk to the balancer, else each to its member.
# Needs:     what lib/mysql.sh unpacks; the test is skipped by that name where it cannot be had. The mariadb client, python3.
# Cleans up: lib.sh ends what runs in the background; its folder goes with $T.
# shellcheck shell=bash

need mariadb python3
MYSQL=$SRC/build/mysql
bash "$SRC/tests/e2e/lib/mysql.sh" "$MYSQL" >"$T/mysql.out" 2>&1 || skip "MySQL of Debian unstable cannot be had: $(tail -1 "$T/mysql.out")"
[ -e "$MYSQL/root/usr/lib/mysql/plugin/group_replication.so" ] || skip "MySQL of Debian unstable without group_replication"
. "$SRC/tests/e2e/lib/receivers.sh"
balanced=no balancer=''
NODES=(1 2 3) node_port=() node_pid=() group_options=()

node_sql() { printf '%s' "$2" | mariadb --no-defaults -S "$T/m$1/s.sock" -u root -N -r "${3-assay}"; }
member_is() {
    equal "$(node_sql "$1" "SELECT member_state FROM performance_schema.replication_group_members WHERE member_port = ${node_port[$1]}" '' 2>/dev/null)" "$2"
}
# node_begin N OPTION…: the server, which is not yet of the group.
node_begin() {
    local n=$1 owner=(); shift
    [ "$(id -u)" -ne 0 ] || owner=(--user=nobody)
    "$MYSQL/mysqld" "${owner[@]}" --datadir="$T/m$n/data" --socket="$T/m$n/s.sock" --pid-file="$T/m$n/pid" --lower-case-table-names=1 \
        --bind-address=127.0.0.1 --port="${node_port[n]}" --mysqlx=OFF --skip-name-resolve --innodb-buffer-pool-size=64M --innodb-doublewrite=OFF \
        --innodb-flush-log-at-trx-commit=2 --sync-binlog=0 --secure-file-priv=NULL --server-id="$n" --gtid-mode=ON --enforce-gtid-consistency=ON \
        --report-host=127.0.0.1 --report-port="${node_port[n]}" --plugin-load-add=group_replication.so \
        --loose-group-replication-group-name=aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee --loose-group-replication-start-on-boot=OFF \
        --loose-group-replication-local-address=127.0.0.1:$((group_port + n)) --loose-group-replication-recovery-get-public-key=ON \
        --loose-group-replication-group-seeds="127.0.0.1:$((group_port + 1)),127.0.0.1:$((group_port + 2)),127.0.0.1:$((group_port + 3))" \
        --loose-group-replication-member-expel-timeout=0 --loose-group-replication-unreachable-majority-timeout=10 \
        --loose-group-replication-member-weight=$((100 - n * 10)) "${group_options[@]}" "$@" >>"$T/m$n.log" 2>&1 &
    node_pid[n]=$!
    wait_for "member $n" 180 node_sql "$n" 'SELECT 1' '' || { tail -20 "$T/m$n.log" >&2; return 1; }
}
node_joins() {
    node_sql "$1" "CHANGE REPLICATION SOURCE TO SOURCE_USER = 'copy', SOURCE_PASSWORD = 'secret' FOR CHANNEL 'group_replication_recovery';
        START GROUP_REPLICATION" '' && wait_for "member $1 to be one" 180 member_is "$1" ONLINE || { tail -20 "$T/m$1.log" >&2; return 1; }
}
# group_start OPTION…: with these options, now and whenever a member is started again. The first member begins the group.
group_start() {
    local n accounts
    group_options=("$@")
    free_ports 8; group_port=$port
    python3 "$SRC/tests/e2e/lib/balancer.py" "$group_port" "$T/backend" & balancer=$!
    for n in "${NODES[@]}"; do
        node_port[n]=$((group_port + 3 + n))
        mkdir "$T/m$n"
        cp -a "$MYSQL/data" "$T/m$n/data"
        rm -f "$T/m$n/data/auto.cnf"
    done
    cp "$MYSQL/data/ca.pem" "$T/ca.pem"
    if [ "$(id -u)" -eq 0 ]; then chmod 755 "$T"; chown -R nobody "$T"/m[123]; fi
    accounts="SET SQL_LOG_BIN = 0; CREATE USER copy IDENTIFIED BY 'secret'; GRANT REPLICATION SLAVE, BACKUP_ADMIN, GROUP_REPLICATION_STREAM ON *.* TO copy;
        CREATE USER assay IDENTIFIED BY 'secret' REQUIRE SSL; GRANT ALL ON *.* TO assay; SET SQL_LOG_BIN = 1; RESET BINARY LOGS AND GTIDS;"
    for n in "${NODES[@]}"; do
        node_begin "$n" && node_sql "$n" "$accounts" '' || return 1
        [ "$n" != 1 ] || node_sql 1 "SET GLOBAL group_replication_bootstrap_group = ON" ''
        node_joins "$n" || return 1
        [ "$n" != 1 ] || node_sql 1 "SET GLOBAL group_replication_bootstrap_group = OFF" ''
    done
}
node_kill() { kill -KILL "${node_pid[$1]}"; wait "${node_pid[$1]}" 2>/dev/null; }
# What is not of the group must take no writes: they would be nowhere else.
node_again() { node_begin "$1" --super-read-only=ON && node_joins "$1"; }
# primary: the member that takes writes, as the living ones say; nothing while there is none. turn: the balancer sends
# new connections there.
primary() {
    local n at
    for n in "${NODES[@]}"; do
        at=$(node_sql "$n" "SELECT member_port FROM performance_schema.replication_group_members WHERE member_role = 'PRIMARY' AND member_state = 'ONLINE'" '' 2>/dev/null)
        [ -z "$at" ] || [ "$(node_sql $((at - group_port - 3)) 'SELECT @@GLOBAL.super_read_only' '' 2>/dev/null)" != 0 ] || { echo $((at - group_port - 3)); return; }
    done
    return 1
}
turn() { local n; n=$(primary) && echo "${node_port[n]}" >"$T/backend"; }
group_end() {
    local n
    kill -KILL "$balancer"; wait "$balancer" 2>/dev/null
    for n in "${NODES[@]}"; do kill -KILL "${node_pid[n]}" 2>/dev/null; wait "${node_pid[n]}" 2>/dev/null; done
    rm -rf "$T"/m[123] "$T"/m[123].log
}
# node_lines N: the option file of a host that talks to this member, or to the balancer.
node_lines() {
    local at=${node_port[$1]}
    [ $balanced = no ] || at=$group_port
    printf '%s\n' '[client]' 'host = 127.0.0.1' "port = $at" 'user = assay' 'password = secret' "ssl-ca = $T/ca.pem" '[assay]' \
        'ssl-verify = ca'
}
# wait_for_all: until each has carried out what any of them has committed.
wait_for_all() {
    local n all=''
    for n in "${NODES[@]}"; do all="$all${all:+,}$(node_sql "$n" 'SELECT @@GLOBAL.gtid_executed' '' 2>/dev/null | tr -d '\n')"; done
    for n in "${NODES[@]}"; do
        [ "$(node_sql "$n" "SELECT WAIT_FOR_EXECUTED_GTID_SET('$all', 60)" '')" = 0 ] || { echo "  member $n lags" >&2; return 1; }
    done
}
