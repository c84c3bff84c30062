# Hosts that share a cluster, one a node, and the same files for all of them. Sourced behind galera.sh or group.sh.
# Gives:     $fleet, the files; host N COMMAND…; database NAME; begin, kill_host and end_of an ingester; has_scans, both, plain; alone, which
#            sets $want; is_exact, beside that; contended RUNS.
# Needs:     node_sql, node_lines, wait_for_all, NODES and conflicts (how many there were so far) of the cluster; $fleet_options, when the
#            fleet is to have another size; $writer, when node 1 is not one that takes writes.
# Cleans up: nothing runs on but what the test starts; its files go with $T.
# shellcheck shell=bash disable=SC2154

[ -v fleet_options ] || fleet_options=(--agents 30 --weeks 12)
fleet=$T/fleet now=2030-01-07T06:00:00Z want='' ingester=()
bash "$SRC/scripts/make-fleet" --out "$fleet" "${fleet_options[@]}" --groups 2 --seed 5 --end 2030-01-04 >/dev/null

# host N COMMAND…: on the host that talks to node N; more than four minutes are a hang.
host() { local n=$1; shift; ASSAY_CONFIG=$T/h$n at $now timeout -k 5 240 "$ASSAY" "$@"; }
# database NAME LINE…: a new one, and hosts that know it, with more settings.
database() {
    local n
    db=$1; shift
    [ -z "${was-}" ] || node_sql "${writer-1}" "DROP DATABASE $was" ''
    was=$db
    rm -rf "$T"/h[123].{state,reports}
    for n in "${NODES[@]}"; do
        node_lines "$n" >"$T/h$n.cnf"
        chmod 600 "$T/h$n.cnf"
        { grep -v '^state-dir\|^reports-dir\|^option-file' "$T/assay.conf"
            printf '%s\n' "option-file = $T/h$n.cnf" "state-dir = $T/h$n.state" "reports-dir = $T/h$n.reports" "database = $db" "$@"; } >"$T/h$n"
        check "$db: init of host $n" status 0 host "$n" init
        wait_for_all
    done
}
# All that came of the files, without what differs from one time to the next.
figures='SELECT COUNT(*), SUM(score), SUM(n_pass), SUM(n_fail), SUM(CRC32(vec)) FROM scan;
    SELECT COUNT(*), SUM(CRC32(CONCAT(agent_id, line_id, HEX(check_hash), changed_at, old_status, new_status))) FROM result_change;
    SELECT COUNT(*), COUNT(DISTINCT sha256) FROM input; SELECT COUNT(*) FROM scan_revision; SELECT COUNT(*) FROM late_delta;
    SELECT COUNT(*), SUM(CRC32(CONCAT(agent_id, line_id, scanned_at, n_scans))) FROM agent_current;
    SELECT COUNT(*), COUNT(DISTINCT object_id) FROM audit_log WHERE rec LIKE '"'%\"verdict\",\"new\":\"stored\"%'"
# is_exact: on each node, and the log, with what it says of the rows, holds there.
is_exact() {
    local n got rc=0
    for n in "${NODES[@]}"; do
        wait_for_all # what a node gets behind the checkpoint would be covered by none
        # The keys are of today, and the clock is another: only a checkpoint says that the log is not too old.
        { host "$n" audit checkpoint && host "$n" audit verify --no-record; } >"$T/verify" 2>&1 || { cat "$T/verify" >&2; rc=1; }
    done
    wait_for_all
    for n in "${NODES[@]}"; do
        got=$(node_sql "$n" "$figures" "$db")
        equal "$got" "$want" || { echo "  on node $n" >&2; rc=1; }
    done
    return $rc
}
has_scans() { [ "$(node_sql "$1" "SELECT COUNT(*) FROM scan" "$db")" -ge "$2" ]; }
# begin N WHAT…: an ingester of host N in the background; end_of N STATUS: how it ends.
begin() { local n=$1; shift; host "$n" ingest -j1 "$@" >"$T/out$n" 2>&1 & ingester[n]=$!; }
end_of() {
    local got=0
    wait "${ingester[$1]}" || got=$?
    equal $got "$2" || { cat "$T/out$1" >&2; return 1; }
}
# kill_host N: the ingester is killed.
kill_host() {
    local timeout
    timeout=$(pgrep -P "${ingester[$1]}")
    kill -KILL "$(pgrep -P "$timeout")"
    wait "${ingester[$1]}" 2>/dev/null
}
# plain N: what it said is for people.
plain() { ! grep -q "(internal)" "$T/out$1" && grep -q "the connection to the database was lost\|database: " "$T/out$1" || { cat "$T/out$1" >&2; return 1; }; }
# both BREAK…: hosts 1 and 2 take the same files in, and in the middle of it this is done.
both() {
    begin 1 "$fleet"; begin 2 "$fleet"
    wait_for "scans" 120 has_scans 1 40
    "$@"
}
# alone: what comes of the files when one host takes them in, undisturbed.
alone() {
    database first
    begin 1 "$fleet"; check "one host alone" end_of 1 0
    wait_for_all
    want=$(node_sql 1 "$figures" "$db")
    check "has all files" equal "$(node_sql 1 'SELECT COUNT(*) FROM input' "$db")" "$(find "$fleet" -type f | wc -l)"
    check "exact" is_exact
}
# contended RUNS: hosts 1 and 2 take the same files in at the same time, so often.
contended() {
    local i before
    before=$(conflicts)
    for i in $(seq "$1"); do
        database "run$i"
        if [ $((i % 2)) = 0 ]; then # from one spool: each takes what the other has not
            rm -rf "$T/spool"; cp -r "$fleet" "$T/spool"
            begin 1 --spool "$T/spool"; begin 2 --spool "$T/spool"
        else
            begin 1 "$fleet"; begin 2 "$fleet"
        fi
        check "run $i: one" end_of 1 0
        check "run $i: the other" end_of 2 0
        check "run $i: exact" is_exact
    done
    echo "$1 contended runs, $(($(conflicts) - before)) transactions refused or rolled back by the cluster"
    [ "$1" -lt 10 ] || check "some were refused" test "$(conflicts)" -gt "$before" # a few runs may have none
}
