#!/usr/bin/env bash
# Retention on a Galera cluster of three nodes, of MariaDB 10.11 and of 11.8: two hosts that prune by two nodes at the same time, a
# prune whose COMMIT is refused, a host that is killed at a chosen point, and a node that is killed in the middle of a prune. Whatever
# happens, every node has what one host alone would have left, and the audit log tells of it.
#   ASSAY_LONG=yes retention-galera.sh [SUITE…]
. "$(dirname "$0")/../lib/lib.sh"
[ "${ASSAY_LONG-no}" = yes ] || skip "clusters are for --long"
need jq
. "$SRC/tests/e2e/lib/galera.sh"
. "$SRC/tests/e2e/lib/retention.sh"
[ $# -gt 0 ] || set -- bookworm trixie
fleet_options=(--agents 40 --weeks 40)
. "$SRC/tests/e2e/lib/hosts.sh"
nothing_is_due
figures+='; SELECT COUNT(*), SUM(flags & 128) FROM scan; SELECT COUNT(*), SUM(CRC32(hash)) FROM detail_set; SELECT COUNT(*), SUM(CRC32(hash)) FROM evidence;
    SELECT COUNT(*) FROM month_close; SELECT COUNT(*), SUM(n_fail) FROM month_state'
# stored NAME LINE…: a database with the whole fleet, and settings of retention.
stored() {
    database "$@" "keep-scans = 2" "keep-evidence = 1"
    begin 3 "$fleet"; check "$db: files" end_of 3 0
    wait_for_all
    check "$db: all of them" equal "$(node_sql 1 'SELECT COUNT(*) FROM scan' "$db")" "$n_files"
}
mark() { node_sql "$1" "SELECT value FROM setting WHERE name = 'pruned:$2'" "$db"; }
n_gone() { jq -s '[.[].classes[] | select(.class == "scans" or .class == "evidence") | .n] | add' "$@"; }
# over NAME: all of it was done, and it is what one host alone would have left.
over() {
    check "$1: exact" is_exact
    for n in "${NODES[@]}"; do check "$1: its texts are swept" equal "$(mark "$n" sweep)" "done"; done
    check "$1: there is nothing left" status 0 host 3 prune --json --class scans --class evidence
    check "$1: of any class" equal "$(n_gone "$T/out")" 0
}
# pruner N: a prune of host N in the background, which ends as end_of says.
pruner() { host "$1" prune --json --class scans --class evidence >"$T/out$1" 2>"$T/err$1" & ingester[$1]=$!; }

alone_pruned() {
    stored first
    pruner 1; check "one host alone" end_of 1 0
    gone=$(n_gone "$T/out1")
    check "prunes several parts" test "$gone" -gt 1000
    wait_for_all
    want=$(node_sql 1 "$figures" "$db")
    over alone
}
two_at_once() {
    stored at_once
    pruner 1; pruner 2
    check "two at once: one" end_of 1 0
    check "two at once: the other" end_of 2 0
    check "two at once: each row by one of them" equal "$(n_gone "$T/out1" "$T/out2")" "$gone"
    echo "$suite: of $gone rows host 1 took $(n_gone "$T/out1")"
    over "two at once"
}
refused_prune() {
    local before
    stored refused
    lags_begin
    before=$(refused)
    lag
    check "refused: by the other node" status 0 host 2 agent add other
    check "refused: this one does not know" is_behind
    pruner 1; check "refused: done again" end_of 1 0
    check "refused: after its COMMIT was refused" test "$(refused)" -gt "$before"
    lags_end
    over refused
}
killed_hosts() {
    local at
    stored killed
    for at in 1:prune_part:1 2:prune_part:1 1:prune_sweep:1 2:prune_sweep:1; do
        ASSAY_FAULT=${at#*:} status 137 host "${at%%:*}" prune --class scans --class evidence || check "killed at $at" false
        wait_for_all
        for n in "${NODES[@]}"; do
            check "killed at $at: what is left verifies" status 0 host "$n" audit checkpoint
            check "killed at $at: by each node" status 0 host "$n" audit verify --no-record
            wait_for_all
        done
    done
    pruner 3; check "killed: the third host ends it" end_of 3 0
    over killed
}
killed_node() {
    stored node "database-wait = 200"
    hold_head 2
    pruner 2
    wait_for "the prune to have all but its record" 60 head_waits 2
    node_kill 2
    wait "$holder"
    pruner 1
    check "killed node: another host prunes" end_of 1 0
    check "killed node: it comes back" node_again 2
    check "killed node: who waited goes on" end_of 2 0
    over "killed node"
}

campaign() {
    suite=$1
    galera_start || exit 1
    node_sql 1 'SELECT VERSION()' ''
    was='' n_files=$(find "$fleet" -type f | wc -l)
    alone_pruned
    two_at_once
    refused_prune
    killed_hosts
    killed_node
    galera_end
}
for suite; do need_galera "$suite"; done
for suite; do campaign "$suite"; done
done_tests
