# A Galera cluster of three nodes on this machine, which stays while the test runs. Sourced behind lib.sh.
# Gives:     need_galera SUITE, the MariaDB that the nodes are of from then on; galera_start [OPTION…], galera_end; of node N: node_sql N
#            STATEMENTS [DATABASE], node_kill N, node_again N, node_cut N, node_mend N, node_is_in N, node_lines N;
#            wait_for_all, until every node has what any has; lag, by which node 1 has not for a while (between lags_begin and lags_end);
#            refused, how many COMMITs were refused there; hold_head N, release_head N and head_waits N, by which an act on node N
#            has done all but its record.
# Needs:     what lib/mariadb.sh unpacks, and rsync, lsof and ss, by which a node hands its data to another; the test is skipped by that
#            name where they cannot be had.
# Cleans up: lib.sh ends what runs in the background; its folder goes with $T.
# shellcheck shell=bash

. "$SRC/tests/e2e/lib/receivers.sh"
NODES=(1 2 3) node_port=() node_pid=() galera_options=() holder=''

need_galera() {
    need rsync lsof ss flock
    MARIA=$SRC/build/mariadb-$1
    bash "$SRC/tests/e2e/lib/mariadb.sh" "$1" "$MARIA" >"$T/mariadb.out" 2>&1 || skip "MariaDB and Galera of Debian $1 cannot be had: $(tail -1 "$T/mariadb.out")"
}
node_sql() { printf '%s' "$2" | "$MARIA/usr/bin/mariadb" --no-defaults -S "$T/g$1/s.sock" -u root -N -r "${3-assay}"; }
node_status() { node_sql "$1" "SHOW STATUS LIKE '$2'" '' | cut -f2; }
# node_is_in N: it belongs to the majority and takes statements.
node_is_in() { equal "$(node_status "$1" wsrep_ready 2>/dev/null) $(node_status "$1" wsrep_cluster_status 2>/dev/null)" "ON Primary"; }
# node_run N OPTION…: becomes the server, with all that is of this node.
node_run() {
    local n=$1 owner=() p; shift
    [ "$(id -u)" -ne 0 ] || owner=(--user=nobody)
    p=$((galera_port + n * 4))
    exec env PATH="$MARIA/usr/bin:$MARIA/usr/sbin:$PATH" "$MARIA/usr/sbin/mariadbd" --no-defaults "${owner[@]}" --basedir="$MARIA/usr" \
        --plugin-dir="$MARIA/usr/lib/mysql/plugin" --datadir="$T/g$n/data" --tmpdir="$T/g$n" --socket="$T/g$n/s.sock" --pid-file="$T/g$n/pid" \
        --bind-address=127.0.0.1 --port=$p --skip-name-resolve --performance-schema=0 --innodb-buffer-pool-size=64M \
        --innodb-log-file-size=32M --innodb-flush-log-at-trx-commit=0 --skip-innodb-doublewrite --innodb-autoinc-lock-mode=2 --binlog-format=ROW \
        --loose-plugin-wsrep-provider=OFF --wsrep-on=ON --wsrep-provider="$MARIA/galera.so" --wsrep-cluster-name=assay --wsrep-node-name="n$n" --wsrep-node-address=127.0.0.1:$p \
        --wsrep-cluster-address="gcomm://127.0.0.1:$((galera_port + 5)),127.0.0.1:$((galera_port + 9)),127.0.0.1:$((galera_port + 13))" \
        --wsrep-sst-method=rsync --wsrep-sst-receive-address=127.0.0.1:$((p + 3)) --wsrep-slave-threads=2 \
        --wsrep-provider-options="gmcast.listen_addr=tcp://127.0.0.1:$((p + 1));ist.recv_addr=127.0.0.1:$((p + 2));gcache.size=64M;evs.keepalive_period=PT0.5S;evs.inactive_check_period=PT0.25S;evs.suspect_timeout=PT3S;evs.inactive_timeout=PT6S" \
        "${galera_options[@]}" "$@"
}
# node_begin N OPTION…: in the background.
node_begin() {
    local n=$1; shift
    node_run "$n" "$@" >>"$T/g$n.log" 2>&1 &
    node_pid[n]=$!
}
# node_comes N: as node_is_in; a look costs several processes, and a node that comes takes what they take.
node_comes() { node_is_in "$1" || { sleep 0.5; return 1; }; } # between two looks
node_joins() {
    wait_for "node $1" 600 node_comes "$1" || { tail -40 "$T/g$1.log" >&2; return 1; }
}
# galera_start OPTION…: with these options, now and whenever a node is started again. The second and the third node get all that they
# have from the first.
galera_start() {
    local n
    galera_options=("$@")
    free_ports 16; galera_port=$port
    for n in "${NODES[@]}"; do
        node_port[n]=$((galera_port + n * 4))
        mkdir "$T/g$n"
        : >"$T/g$n.log"
    done
    cp -a "$MARIA/data" "$T/g1/data"
    mkdir "$T/g2/data" "$T/g3/data"
    if [ "$(id -u)" -eq 0 ]; then chmod 755 "$T"; chown -R nobody "$T"/g[123]; fi
    node_begin 1 --wsrep-new-cluster
    node_joins 1 || return 1
    for n in 2 3; do node_begin $n; node_joins $n || return 1; done
    node_sql 1 "CREATE USER assay@'127.0.0.1' IDENTIFIED BY 'secret'; GRANT ALL ON *.* TO assay@'127.0.0.1'" mysql
    wait_for_all
}
node_kill() { kill -KILL "${node_pid[$1]}"; wait "${node_pid[$1]}" 2>/dev/null; }
# node_again N: on the data that are there; what it missed it gets from another node.
node_again() {
    local at
    at=$(node_run "$1" --wsrep-recover 2>&1 | tee -a "$T/g$1.log" | sed -n 's/.*Recovered position: *//p' | tail -1)
    node_begin "$1" ${at:+--wsrep-start-position="$at"}
    node_joins "$1"
}
# node_cut N: it runs, and neither hears nor is heard by the others. node_mend N: it does again.
node_cut() { node_sql "$1" "SET GLOBAL wsrep_provider_options = 'gmcast.isolate=1'" ''; }
node_mend() { node_sql "$1" "SET GLOBAL wsrep_provider_options = 'gmcast.isolate=0'" '' && node_joins "$1"; }
galera_end() {
    local n
    for n in "${NODES[@]}"; do kill -KILL "${node_pid[n]}" 2>/dev/null; wait "${node_pid[n]}" 2>/dev/null; done
    rm -rf "$T"/g[123] "$T"/g[123].log
}
# node_lines N: the option file of a host that talks to this node.
node_lines() {
    printf '%s\n' '[client]' 'host = 127.0.0.1' "port = ${node_port[$1]}" 'user = assay' 'password = secret' '[assay]' assay-allow-plaintext
}
# wait_for_all: until every node has carried out what any of them has committed.
wait_for_all() {
    local n most=0 at
    for n in "${NODES[@]}"; do at=$(node_status "$n" wsrep_last_committed); [ "${at:-0}" -le "$most" ] || most=$at; done
    for n in "${NODES[@]}"; do wait_for "node $n to have $most" 60 node_has "$n" "$most" || return 1; done
}
node_has() { [ "$(node_status "$1" wsrep_last_committed)" -ge "$2" ]; }
# lag: what comes to node 1 from now on waits there for some seconds, behind a statement that looks for each of its rows among all of
# them. The others have it at once.
lag() { node_sql 2 "UPDATE slow.t SET v = v + 1 ORDER BY v DESC" ''; }
lags_begin() {
    node_sql 1 "SET GLOBAL wsrep_slave_threads = 1" ''
    node_sql 2 "CREATE DATABASE slow; CREATE TABLE slow.t (v INT); INSERT INTO slow.t SELECT seq FROM slow.seq_1_to_2500" ''
    wait_for_all
}
lags_end() { node_sql 2 "DROP DATABASE slow" ''; node_sql 1 "SET GLOBAL wsrep_slave_threads = 2" ''; }
is_behind() { [ "$(node_status 1 wsrep_last_committed)" -lt "$(node_status 2 wsrep_last_committed)" ]; }
refused() { node_status 1 wsrep_local_cert_failures; }
# hold_head N: in the background, until release_head N or the end of the node.
hold_head() {
    node_sql "$1" "BEGIN; SELECT * FROM audit_head FOR UPDATE; DO SLEEP(300)" "$db" >"$T/holder" 2>&1 & holder=$!
    wait_for "the head of the log to be held" 60 head_is_held "$1"
}
release_head() { node_sql "$1" "KILL $(node_sql "$1" "SELECT id FROM information_schema.processlist WHERE info LIKE 'DO SLEEP%'" '')" ''; wait "$holder"; }
head_is_held() { [ "$(node_sql "$1" "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_rows_locked > 0" '')" = 1 ] || { sleep 0.2; return 1; }; } # asked within 0.1 s InnoDB says what it said before
head_waits() { [ "$(node_sql "$1" "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'" '')" = 1 ] || { sleep 0.2; return 1; }; } # asked within 0.1 s InnoDB says what it said before
