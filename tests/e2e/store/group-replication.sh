#!/usr/bin/env bash
# MySQL Group Replication of three members: with one that takes writes, which is killed in the middle, and with all of them taking
# writes at the same time. Every member has each scan once and the audit log tells of it; nothing waits for ever.
#   ASSAY_LONG=yes group-replication.sh [RUNS] [ELECTIONS]     RUNS (10) contended runs on the members that all take writes, and
#                                               ELECTIONS (5) times the one that alone takes writes is killed
. "$(dirname "$0")/../lib/lib.sh"
[ "${ASSAY_LONG-no}" = yes ] || skip "clusters are for --long"
need jq openssl
. "$SRC/tests/e2e/lib/group.sh"
. "$SRC/tests/e2e/lib/hosts.sh"
runs=${1:-10} elections=${2:-5}
conflicts() {
    local n sum=0
    for n in "${NODES[@]}"; do
        sum=$((sum + $(node_sql "$n" "SELECT count_conflicts_detected FROM performance_schema.replication_group_member_stats WHERE member_id = @@server_uuid" '')))
    done
    echo $sum
}

# ---- one member takes writes; a balancer sends all hosts there
balanced=yes writer=1
check "three members, one of which takes writes" group_start || exit 1
check "the first one" equal "$(primary)" 1
turn
node_sql 1 'SELECT VERSION()' ''
alone
balanced=no
node_lines 3 >"$T/reader.cnf"; chmod 600 "$T/reader.cnf"
balanced=yes
sed "s|^option-file.*|option-file = $T/reader.cnf|; \$a database-wait = 1" "$T/h3" >"$T/reader"
reader() { ASSAY_CONFIG=$T/reader at $now "$ASSAY" "$@"; }
reader ingest "$SRC/samples/stig" >"$T/out3" 2>&1
check "a member that only reads takes nothing in" equal $? 69
check "which is said" plain 3
check "what it has holds" status 0 reader audit verify --no-record
# The primary goes in the middle, again and again: another one is elected, and who was in the middle goes on there.
for i in $(seq "$elections"); do
    database "primary$i" "database-wait = 200"
    was_primary=$writer
    begin 1 "$fleet"; begin 2 "$fleet"
    wait_for "scans" 120 has_scans "$was_primary" $((i * 40))
    node_kill "$was_primary"
    check "$i: another one is elected" wait_for "a primary" 120 turn
    writer=$(primary)
    check "$i: it is another" test "$writer" != "$was_primary"
    check "$i: one goes on" end_of 1 0
    check "$i: the other, too" end_of 2 0
    check "$i: the one that was killed comes back" node_again "$was_primary"
    check "$i: exact" is_exact
done
group_end

# ---- all members take writes
balanced=no writer=1 was=''
check "three members that all take writes" group_start --loose-group-replication-single-primary-mode=OFF \
    --loose-group-replication-enforce-update-everywhere-checks=ON || exit 1
alone
contended "$runs"
database killed "database-wait = 200"
both node_kill 2
check "a member is killed: the other goes on" end_of 1 0
check "it comes back" node_again 2
check "who waited goes on" end_of 2 0
check "exact" is_exact
check "a report" status 0 host 3 report hardening-executive --period 2029-12 -o "$T/report"
check "which holds" status 0 host 3 verify --no-record "$T/report"
group_end
done_tests
