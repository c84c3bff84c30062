#!/usr/bin/env bash
# A Galera cluster of three nodes, of MariaDB 10.11 and of 11.8: hosts that write by different nodes at the same time, COMMITs that
# the cluster refuses, nodes that are killed, halted, cut off and come back, a cluster without a majority. Whatever happens, every
# node has each scan once and the audit log tells of it; nothing waits for ever.
#   ASSAY_LONG=yes galera.sh [RUNS] [SUITE…]     RUNS (50) contended runs on each
. "$(dirname "$0")/../lib/lib.sh"
[ "${ASSAY_LONG-no}" = yes ] || skip "clusters are for --long"
need jq setpriv
. "$SRC/tests/e2e/lib/galera.sh"
runs=${1:-50}; shift
[ $# -gt 0 ] || set -- bookworm trixie
fleet=$T/fleet now=2026-11-23T06:00:00Z

# host N COMMAND…: on the host that talks to node N; more than four minutes are a hang.
host() { local n=$1; shift; ASSAY_CONFIG=$T/h$n at $now timeout -k 5 240 "$ASSAY" "$@"; }
# database NAME LINE…: a new one, and hosts that know it, with more settings.
database() {
    local n
    db=$1; shift
    [ -z "${was-}" ] || node_sql 1 "DROP DATABASE $was" ''
    was=$db
    rm -rf "$T"/h[123].{state,reports}
    for n in "${NODES[@]}"; do
        node_use "$n" "$T/h$n" "database = $db" "$@"
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
        host "$n" audit verify --no-record >"$T/verify" 2>&1 || { cat "$T/verify" >&2; rc=1; }
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
conflicts() {
    local n sum=0
    for n in "${NODES[@]}"; do sum=$((sum + $(node_status "$n" wsrep_local_cert_failures) + $(node_status "$n" wsrep_local_bf_aborts))); done
    echo $sum
}
# plain N: what it said is for people.
plain() { ! grep -q "(internal)" "$T/out$1" && grep -q "the connection to the database was lost\|database: " "$T/out$1" || { cat "$T/out$1" >&2; return 1; }; }
# both BREAK…: hosts 1 and 2 take the same files in, and in the middle of it this is done.
both() {
    begin 1 "$fleet"; begin 2 "$fleet"
    wait_for "scans" 120 has_scans 1 40
    "$@"
}
is_out() { ! node_is_in "$1" 2>/dev/null; }
is_alone_without() { equal "$(node_status 1 wsrep_cluster_size)" $((3 - $1)); }
cut() { node_cut "$1"; wait_for "node $1 to be out" 60 is_out "$1"; }
halt() { kill -STOP "${node_pid[$1]}"; wait_for "the others to go on" 60 is_alone_without 1; }

# ---- two hosts, the same files, again and again

contended() {
    local i before=0
    database first
    begin 1 "$fleet"; check "one host alone" end_of 1 0
    wait_for_all
    want=$(node_sql 1 "$figures" "$db")
    check "has all files" equal "$(node_sql 1 'SELECT COUNT(*) FROM input' "$db")" "$(find "$fleet" -type f | wc -l)"
    check "exact" is_exact
    before=$(conflicts)
    for i in $(seq "$runs"); do
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
    echo "$suite: $runs contended runs, $(($(conflicts) - before)) transactions refused or rolled back by the cluster"
    check "COMMITs were refused" test "$(conflicts)" -gt "$before"
}

# ---- nodes that go

# goes NAME STATUS WAIT BREAK BACK: the node of host 2 goes by BREAK, and comes back by BACK: after the ingester has ended with that
# status, or, when that is 0, while it waits.
goes() {
    local name=$1 status=$2 wait=$3 break=$4 back=$5
    database "$name" "database-wait = $wait"
    both $break 2
    check "$name: the others go on" end_of 1 0
    if [ "$status" = 0 ]; then
        check "$name: it comes back" $back 2
        check "$name: who waited goes on" end_of 2 0
    else
        check "$name: who does not wait" end_of 2 "$status"
        check "$name: says so" plain 2
        check "$name: it comes back" $back 2
        begin 2 "$fleet"
        check "$name: and all is done" end_of 2 0
    fi
    check "$name: exact" is_exact
}
go_on() { kill -CONT "${node_pid[$1]}"; node_joins "$1"; }
lost_nodes() {
    goes killed 69 1 node_kill node_again
    goes killed_waited 0 200 node_kill node_again
    goes cut 69 1 cut node_mend
    goes cut_waited 0 200 cut node_mend
    goes halted 0 200 halt go_on
}
# Two of three are killed: the third takes nothing any more, until somebody says that it is the cluster.
no_majority() {
    database majority "database-wait = 2"
    both node_kill 3
    node_kill 2
    wait_for "node 1 to be out" 60 is_out 1
    check "without a majority: nothing is taken" end_of 1 69
    check "which is said" plain 1
    check "the other, too" end_of 2 69
    check "nor read" status 69 host 1 report hardening-executive --allow-empty -o "$T/none"
    check "nor verified" status 69 host 1 audit verify
    node_sql 1 "SET GLOBAL wsrep_provider_options = 'pc.bootstrap=YES'" ''
    check "said to be the cluster, it is" node_joins 1
    check "another comes back" node_again 2
    check "and the third" node_again 3
    begin 1 "$fleet"; begin 2 "$fleet"
    check "one goes on" end_of 1 0
    check "the other, too" end_of 2 0
    check "exact" is_exact
}

# ---- reports, exports and nights of several hosts

# over_and_over N COMMAND…: on host N until $T/enough is there; what came of it stands in $T/over.N, a status a line.
over_and_over() {
    local n=$1 i=0 rc; shift
    : >"$T/over.$n"
    until [ -e "$T/enough" ]; do
        i=$((i + 1)) rc=0
        "$@" "$n" $i >"$T/over.$n.out" 2>&1 || rc=$?
        echo $rc >>"$T/over.$n"
        case $rc in 0 | 69 | 75) ;; *) cat "$T/over.$n.out" >&2 ;; esac
    done
}
enough() { touch "$T/enough"; wait "$@"; rm "$T/enough"; }
only() { ! sort -u "$T/over.$1" | grep -vxE "$2"; }
report_once() {
    host "$1" report hardening-executive --period 2026-10 -f csv --reason "made again" -o "$T/reports/$1-$2" &&
        host "$1" verify --no-record "$T/reports/$1-$2"
}
reports() {
    local loops=() n
    database reports "database-wait = 1"
    begin 1 "$fleet"; check "files" end_of 1 0
    mkdir "$T/reports"
    for n in "${NODES[@]}"; do over_and_over "$n" report_once & loops+=($!); done
    node_kill 2; check "a node comes back" node_again 2
    cut 3; check "another one" node_mend 3
    enough "${loops[@]}"
    check "reports where the node stays" only 1 0
    for n in 2 3; do check "reports where it goes: made, or not" only $n '0|69'; done
    check "some were made" test "$(cat "$T"/over.? | grep -cx 0)" -gt 3
    check "all the same" equal "$(cat "$T"/reports/*/*.scoring.csv "$T"/reports/*/*.bands.csv | sort | uniq -c | awk '{ print $1 }' | sort -u | wc -l)" 1
    check "exact" is_exact
    rm -rf "$T/reports"
}
export_once() { host "$1" audit export --target file; }
# doubles: how many of the records came more than once; fails when one did not come.
doubles() {
    jq -r .rec.seq "$T/log.json" | sort -n >"$T/seqs"
    equal "$(sort -nu "$T/seqs" | wc -l)" "$(node_sql 1 "SELECT COALESCE((SELECT MIN(next_seq) FROM export_cursor), 0)" "$db")" || return 1
    [ "$(tail -1 "$T/seqs")" = $(($(sort -nu "$T/seqs" | wc -l) - 1)) ] && sort -n "$T/seqs" | uniq -d | wc -l
}
exports() {
    local loops=() n
    database exports "database-wait = 1" "export = json:$T/log.json name=file"
    for n in 1 2; do over_and_over $n export_once & loops+=($!); done
    begin 3 "$fleet"; check "files, while two hosts export" end_of 3 0
    enough "${loops[@]}"
    for n in 1 2; do check "host $n exports, or the other does" only $n '0|75'; done
    check "the rest" status 0 host 1 audit export --target file
    check "each record once" equal "$(doubles)" 0
    loops=()
    for n in 1 2; do over_and_over $n export_once & loops+=($!); done
    for n in 1 2 3; do begin 3 --read-all "$SRC/samples/lynis"; end_of 3 0; done
    node_kill 2
    begin 3 "$SRC/samples/stig"; end_of 3 0
    check "it comes back" node_again 2
    enough "${loops[@]}"
    check "host 1 exports" only 1 '0|75'
    check "host 2, too, while it can" only 2 '0|75|69'
    wait_for "the cursor" 400 exported
    n=$(doubles); check "no record is lost" test -n "$n"
    echo "$suite: a node of an exporter killed: ${n:-?} records came twice"
    check "audit verify" status 0 host 1 audit verify
    rm "$T/log.json"
}
exported() { host 1 audit export --target file; }
nights() {
    local n a b now=2027-01-01T00:15:00Z
    database nights
    begin 1 "$fleet"; check "files" end_of 1 0
    host 1 run --json >"$T/one" 2>"$T/one.err" & a=$!
    host 2 run --json >"$T/two" 2>"$T/two.err" & b=$!
    wait $a; check "a night on one host" equal $? 0 || cat "$T/one.err"
    wait $b; check "and on another" equal $? 0 || cat "$T/two.err"
    wait_for_all
    n=$(node_sql 1 "SELECT COUNT(*) FROM report_run WHERE state = 'done'" "$db")
    check "some periods were due" test "$n" -ge 3
    check "each was made once" equal "$(($(jq .reports "$T/one") + $(jq .reports "$T/two")))" "$n"
    check "with one record" equal "$(node_sql 1 "SELECT COUNT(*), COUNT(DISTINCT object_id) FROM audit_log WHERE event = 'report.make'" "$db")" "$n	$n"
    check "exact" is_exact
}

campaign() {
    suite=$1
    need_galera "$suite"
    check "three nodes of $suite" galera_start || exit 1
    node_sql 1 'SELECT VERSION()' ''
    was=''
    contended
    lost_nodes
    no_majority
    reports
    exports
    nights
    galera_end
}
bash "$SRC/scripts/make-fleet" --out "$fleet" --agents 30 --weeks 12 --groups 2 --seed 5 --end 2026-11-20 >/dev/null
for suite; do campaign "$suite"; done
done_tests
