#!/usr/bin/env bash
# A prune that is killed, again and again, beside a run that stores: every state between is consistent, the next one goes on,
# and nothing that is needed went with what was old.
. "$(dirname "$0")/../lib/lib.sh"
need jq mariadb mariadbd
. "$SRC/tests/e2e/lib/server.sh"
. "$SRC/tests/e2e/lib/retention.sh"
server_start || exit 1
# agent_file AGENT: six scans a month in one file, each check with evidence of its own; that of the third is too long to stand in
# its set, and is not like that of any other.
agent_file() {
    awk -v agent="$1" 'BEGIN {
        srand(substr(agent, 5) + 1)
        print "<agent_data agent_name=\"" agent "\" group=\"Servers\" timestamp=\"2026/11/19 03:00:00\" timezone_offset=\"0\">"
        for (m = 6; m <= 11; m++) for (d = 2; d <= 17; d += 3) {
            day = sprintf("2026-%02d-%02d", m, d)
            printf "<hardening policy_id=\"linux\" policy_version=\"1\" policy_title=\"House\" scanner=\"h\" start=\"%sT02:50:00Z\" end=\"%sT03:00:00Z\">\n", day, day
            long = ""
            for (i = 0; i < 100; i++) long = long sprintf(" %08x", rand() * 2147483647)
            for (k = 1; k <= 3; k++)
                printf "<check id=\"c%d\" category=\"%d\" status=\"%s\" severity=\"low\"><title>Check %d</title><evidence>%s %s %d%s</evidence></check>\n", k, k, (k + d + m) % 3 ? "PASS" : "FAIL", k, agent, day, k, k == 3 ? long : ""
            print "</hardening>"
        }
        print "</agent_data>"
    }'
}
mkdir "$T/in" "$T/more"
for n in $(seq -w 1 40); do agent_file "host$n" >"$T/in/host$n.data"; done
for n in $(seq -w 61 66); do agent_file "host$n" >"$T/more/host$n.data"; done
check init status 0 at 2026-06-01T00:00:00Z assay init
check ingest status 0 at "$now" assay ingest "$T"/in/*.data
nothing_is_due
echo 'keep-scans = 4' >>"$T/assay.conf"
all=$(sql "SELECT COUNT(*) FROM scan")
check "six months of forty agents" equal "$all" $((40 * 36))

# ---- killed at every named point
named() { sql "SELECT COUNT(*) FROM scan s LEFT JOIN detail_set d ON d.hash = s.detail_set WHERE s.detail_set IS NOT NULL AND d.hash IS NULL"; }
old_texts() { sql "SELECT COUNT(*) FROM evidence WHERE body LIKE 'host01 2026-07%'"; }
check "texts of what will go" equal "$(old_texts)" 6
for at in 4:prune_part:1 4:prune_sweep:1 3:prune_sweep:2; do # a month more each time there was nothing left
    point=${at#*:}
    sed -i "s/^keep-scans.*/keep-scans = ${at%%:*}/" "$T/assay.conf"
    export ASSAY_FAULT=$point
    check "$point: killed there" status 137 at "$now" assay prune --class scans
    unset ASSAY_FAULT
    check "$point: what is left verifies" status 0 assay audit verify --no-record
    check "$point: all of it has its details" equal "$(named)" 0
done
check "some went" test "$(sql "SELECT COUNT(*) FROM scan")" -lt "$all"

# ---- two at once: one ends its sweep while another takes scans out, and is killed before it sweeps
nobody_names() { sql "SELECT COUNT(*) FROM detail_set d WHERE NOT EXISTS (SELECT 1 FROM scan s WHERE s.detail_set = d.hash)"; }
wait_for_head() { [ "$(sql "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'")" = "$1" ] || { sleep 0.2; return 1; }; } # asked within 0.1 s InnoDB says what it said before
head_is_held() { [ "$(sql "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_rows_locked > 0")" = 1 ] || { sleep 0.2; return 1; }; } # asked within 0.1 s InnoDB says what it said before
check "the rest of what was killed" status 0 prune --class scans
check "is swept" equal "$(nobody_names)" 0
ASSAY_FAULT=prune_sweep:1 status 137 prune --class scans --before 2026-08-05 || check "killed in its sweep" false
sql "BEGIN; SELECT * FROM audit_head FOR UPDATE; DO SLEEP(300)" >"$T/holder" 2>&1 & holder=$!
wait_for "the head of the log to be held" 60 head_is_held
prune --class scans --before 2026-08-05 >"$T/one" 2>&1 & one=$!
wait_for "one in its sweep" 60 wait_for_head 1
ASSAY_FAULT=prune_part:1 prune --class scans --before 2026-08-11 >"$T/two" 2>&1 & two=$!
wait_for "another behind it" 60 wait_for_head 2
sql "KILL $(sql "SELECT MIN(trx_mysql_thread_id) FROM information_schema.innodb_trx WHERE trx_state = 'RUNNING'")"
wait "$holder"
wait "$one"; check "one ends" equal $? 0 || cat "$T/one"
wait "$two"; check "the other is killed behind its part" equal $? 137 || cat "$T/two"
check "its texts are there" test "$(nobody_names)" -gt 0
check "the next one" status 0 prune --class scans --before 2026-08-11
check "sweeps them" equal "$(nobody_names)" 0
check "all of it verifies" status 0 assay audit verify --no-record

# ---- and while another run stores what says the same, with texts that are just being swept
sed -i 's/^keep-scans.*/keep-scans = 2/' "$T/assay.conf" # so that there is work left
(for f in "$T"/more/*.data; do at "$now" "$ASSAY" ingest "$f" >>"$T/more.log" 2>&1 || echo "failed: $f" >>"$T/more.log"; done) &
more=$! killed=0
for i in 1 2 3; do
    (exec env LD_PRELOAD="$BUILD/tests/libe2e_clock.so" E2E_CLOCK=$(($(date -d "$now" +%s) - $(date +%s))) "$ASSAY" prune --class scans >/dev/null 2>&1) &
    victim=$!
    sleep "0.0$((i * 3))" # anywhere in its work
    kill -KILL $victim 2>/dev/null && killed=$((killed + 1))
    wait $victim 2>/dev/null
    check "killed $i: what is left verifies" status 0 assay audit verify --no-record
done
wait $more
check "some were killed" test $killed -ge 1
check "the rest" status 0 at "$now" assay prune --class scans --json
check "once more there is nothing" equal "$(at "$now" assay prune --class scans --json | jq .classes[0].n)" 0
check "of each line the first, what was current, and two months and what there is of this" \
    equal "$(sql "SELECT COUNT(*) FROM scan WHERE scanned_at < '2026-09-01' AND agent_id NOT IN (SELECT agent_id FROM agent WHERE name LIKE 'host6%')")" 80
check "texts of what went are swept" equal "$(old_texts)" 0
check "others are there" equal "$(named)" 0
check "all evidence that is named is there" status 0 assay audit verify --no-record
stored=$(sql "SELECT COUNT(DISTINCT s.agent_id) FROM scan s JOIN agent a ON a.agent_id = s.agent_id WHERE a.name LIKE 'host6%'")
check "what came meanwhile is stored, or is too old and told" equal "$((stored + $(grep -c 'comes too late' "$T/more.log")))" 6

# ---- a watcher that has seen texts which were swept meanwhile puts them again
mkdir -p "$T/spool"
agent_file host80 | sed "s/host80 2026/host01 2026/" | awk '/<hardening/ { keep = /2026-1[01]/ } !/<hardening|<check|<\/hardening/ || keep' >"$T/spool/host80.data"
check "the same evidence of another agent" status 0 at "$now" assay ingest --spool "$T/spool"
check "is all there" equal "$(named)" 0
check "all of it verifies" status 0 assay audit verify --no-record
done_tests
