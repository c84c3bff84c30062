#!/usr/bin/env bash
# MySQL Group Replication of three members: with one that takes writes, which is killed in the middle, and with all of them taking
# writes at the same time. Every member has each scan once and the audit log tells of it; nothing waits for ever.
#   ASSAY_LONG=yes group-replication.sh [RUNS]     RUNS (10) contended runs on the members that all take writes
. "$(dirname "$0")/../lib/lib.sh"
[ "${ASSAY_LONG-no}" = yes ] || skip "clusters are for --long"
need jq openssl
. "$SRC/tests/e2e/lib/group.sh"
. "$SRC/tests/e2e/lib/hosts.sh"
runs=${1:-10}
conflicts() {
    local n sum=0
    for n in "${NODES[@]}"; do
        sum=$((sum + $(node_sql "$n" "SELECT count_conflicts_detected FROM performance_schema.replication_group_member_stats WHERE member_id = @@server_uuid" '')))
    done
    echo $sum
}

# ---- one member takes writes; the hosts of the others wait until theirs does
hosts_read=yes
group_start || exit 1
node_sql 1 'SELECT VERSION()' ''
alone
database refused "database-wait = 1"
begin 2 "$fleet"
check "a member that only reads takes nothing in" end_of 2 69
check "which is said" plain 2
database primary "database-wait = 200"
sed -i 's/^database-wait.*/database-wait = 1/' "$T/h1"
begin 1 "$fleet"; begin 2 "$fleet"
wait_for "scans" 120 has_scans 1 40
node_kill 1
check "the host of the member that was killed ends" end_of 1 69
check "and says so" plain 1
check "the other goes on with what is now the first" end_of 2 0
check "it comes back" node_again 1
sed -i 's/^database-wait.*/database-wait = 200/' "$T/h1"
check "exact" is_exact
group_end

# ---- all members take writes
hosts_read=''
was=''
group_start --loose-group-replication-single-primary-mode=OFF \
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
