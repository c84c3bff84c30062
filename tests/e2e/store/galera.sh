#!/usr/bin/env bash
# A Galera cluster of three nodes, of MariaDB 10.11 and of 11.8: hosts that write by different nodes at the same time, COMMITs that
# the cluster refuses, nodes that are killed, halted, cut off and come back, a cluster without a majority. Whatever happens, every
# node has each scan once and the audit log tells of it; nothing waits for ever.
#   ASSAY_LONG=yes galera.sh [RUNS] [SUITE…]     RUNS (50) contended runs on each; PARTS in the environment: only these of them
. "$(dirname "$0")/../lib/lib.sh"
[ "${ASSAY_LONG-no}" = yes ] || skip "clusters are for --long"
need jq setpriv
. "$SRC/tests/e2e/lib/galera.sh"
runs=${1:-50}; shift || :
parts=${PARTS:-several_writers refused_commits lost_answers lost_nodes no_majority reports exports nights}
[ $# -gt 0 ] || set -- bookworm trixie
. "$SRC/tests/e2e/lib/hosts.sh"

conflicts() {
    local n sum=0
    for n in "${NODES[@]}"; do sum=$((sum + $(node_status "$n" wsrep_local_cert_failures) + $(node_status "$n" wsrep_local_bf_aborts))); done
    echo $sum
}
is_out() { ! node_is_in "$1" 2>/dev/null; }
is_alone_without() { equal "$(node_status 1 wsrep_cluster_size)" $((3 - $1)); }
cut_off() { node_cut "$1"; wait_for "node $1 to be out" 60 is_out "$1"; }
halt() { kill -STOP "${node_pid[$1]}"; wait_for "the others to go on" 60 is_alone_without 1; }

# ---- COMMITs that are refused, and such whose answer is lost

listed() { node_sql 3 "SELECT COUNT(*), COUNT(DISTINCT name) FROM enrolment WHERE name LIKE '$1%'" "$db"; }
# A host writes by node 2 what node 1 does not know when another commits there: what comes first is refused at its COMMIT.
refused_commits() {
    local i before
    database refused "database-wait = 60"
    lags_begin
    for i in $(seq 10); do
        before=$(refused)
        lag
        check "refused $i: by the other node" status 0 host 2 agent add "other$i"
        check "refused $i: this one does not know" is_behind
        check "refused $i: done" status 0 host 1 agent add "own$i"
        check "refused $i: after its COMMIT was refused" test "$(refused)" -gt "$before"
    done
    lag
    check "by the other node" status 0 host 2 agent add other11
    begin 1 "$fleet"; check "an ingester is done, too" end_of 1 0
    wait_for_all
    check "each agent once" equal "$(listed other) $(listed own)" "11	11 10	10"
    check "exact" is_exact
    lags_end
}
# in_commit: an ingester of host 1 has sent its COMMIT, which the other nodes have carried out, and its own has not.
in_commit() {
    hold_head 1
    begin 1 "$fleet"
    wait_for "all but the record" 60 head_waits 1
    lag
    release_head 1
    wait_for "a COMMIT that the others have" 60 has_scans 2 1
}
# goes_in_commit NAME BREAK BACK: node 1 goes when the others have carried out what its host still waits for.
goes_in_commit() {
    local name=$1 break=$2 back=$3
    database "$name" "database-wait = 200"
    lags_begin
    in_commit
    check "$name: without an answer" is_behind
    $break 1
    begin 2 "$fleet"
    check "$name: another goes on" end_of 2 0
    check "$name: it comes back" $back 1
    check "$name: who waited goes on" end_of 1 0
    lags_end
    check "$name: exact" is_exact
}
# The ingester itself is killed then, and the next one knows what was done.
dies_in_commit() {
    database dies
    lags_begin
    in_commit
    check "dies: without an answer" is_behind
    kill_host 1
    begin 1 "$fleet"; check "dies: the next one" end_of 1 0
    lags_end
    check "dies: exact" is_exact
}
lost_answers() {
    goes_in_commit commit_killed node_kill node_again
    goes_in_commit commit_cut cut_off node_mend
    dies_in_commit
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
    goes cut 69 1 cut_off node_mend
    goes cut_waited 0 200 cut_off node_mend
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

# over_and_over N COMMAND…: on host N until $T/enough is there; what came of it stands in $T/over.N, a status a line; 75 only when
# somebody else was at the same thing.
over_and_over() {
    local n=$1 i=0 rc; shift
    : >"$T/over.$n"
    until [ -e "$T/enough" ]; do
        i=$((i + 1)) rc=0
        "$@" "$n" $i >"$T/over.$n.out" 2>&1 || rc=$?
        [ $rc != 75 ] || grep -qE 'another (run|export)' "$T/over.$n.out" || rc=175
        echo $rc >>"$T/over.$n"
        case $rc in 0 | 69 | 75) ;; *) cat "$T/over.$n.out" >&2 ;; esac
    done
}
enough() { touch "$T/enough"; wait "$@"; rm "$T/enough"; }
only() { ! sort -u "$T/over.$1" | grep -vxE "$2"; }
report_once() {
    host "$1" report hardening-executive --period 2029-12 -f csv --reason "made again" -o "$T/reports/$1-$2" &&
        host "$1" verify --no-record "$T/reports/$1-$2"
}
reports() {
    local loops=() n
    database reports "database-wait = 1"
    begin 1 "$fleet"; check "files" end_of 1 0
    mkdir "$T/reports"
    for n in "${NODES[@]}"; do over_and_over "$n" report_once & loops+=($!); done
    node_kill 2; check "a node comes back" node_again 2
    cut_off 3; check "another one" node_mend 3
    enough "${loops[@]}"
    check "reports where the node stays" only 1 '0|75'
    for n in 2 3; do check "reports where it goes: made, or not" only $n '0|69|75'; done
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
    check "the log goes on from its checkpoint" status 0 host 1 audit checkpoint
    check "and holds" status 0 host 1 audit verify
    rm "$T/log.json"
}
exported() { host 1 audit export --target file; }
nights() {
    local n a b now=2030-02-01T00:15:00Z
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

several_writers() { contended "$runs"; }

campaign() {
    local part
    suite=$1
    galera_start || exit 1
    node_sql 1 'SELECT VERSION()' ''
    was=''
    alone
    for part in $parts; do $part; done
    galera_end
}
for suite; do need_galera "$suite"; done
for suite; do campaign "$suite"; done
done_tests
