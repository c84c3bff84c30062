#!/usr/bin/env bash
# The answer to a COMMIT is lost, and then the server refuses: what was done is found out, and never done twice. Every COMMIT
# of an act is lost in turn.
. "$(dirname "$0")/../lib/lib.sh"
need jq python3 mariadb mariadbd mariadb-install-db
. "$SRC/tests/e2e/lib/receivers.sh"
. "$SRC/tests/e2e/lib/server.sh"
# What is ingested has no time of its own: it is of the month in which the test runs, and due in the next one.
month=$(date +%Y-%m) next=$(date -d "$(date +%Y-%m-01) +1 month" +%Y-%m)
free_ports 2; proxy_port=$((port + 1))
check "a server" server_start "$port"
sql "CREATE USER assay@'127.0.0.1' IDENTIFIED BY 'secret'; GRANT ALL ON *.* TO assay@'127.0.0.1'" mysql
check init status 0 assay init
# Two ways to the same database: straight (ASSAY_CONFIG), and through a proxy that loses something.
printf '[client]\nhost = 127.0.0.1\nport = %s\nuser = assay\npassword = secret\n[assay]\nassay-allow-plaintext\n' "$proxy_port" >"$T/lossy.cnf"
chmod 600 "$T/lossy.cnf"
sed "s|^option-file = .*|option-file = $T/lossy.cnf|" "$T/assay.conf" >"$T/lossy.conf"
echo "database-wait = 30" >>"$T/lossy.conf"
lossy() { ASSAY_CONFIG=$T/lossy.conf "$ASSAY" "$@"; }

# between NTH WHEN REFUSAL TIMES: a proxy that does this; gone: it ends.
between() {
    rm -f "$T/lost"
    python3 "$SRC/tests/e2e/lib/losing.py" "$proxy_port" "$port" "$@" "$T/lost" 2>"$T/proxy.log" &
    proxy=$!
    wait_for "the proxy" 60 grep -q listens "$T/lost" || cat "$T/proxy.log" >&2
}
gone() { kill "$proxy" 2>/dev/null; wait "$proxy" 2>/dev/null; }

# Objects of their own for every try: a file and an agent nobody has seen.
n=0
fresh() { n=$((n + 1)) who=host$n; sed "s/web01/$who/g" "$SRC/samples/stig/web01.ckl" >"$T/$who.ckl"; }
# once_QUESTION: what the act made stands in the tables and in the log, once.
events() { sql "SELECT COUNT(*) FROM audit_log WHERE event = '$1' AND outcome = 0 AND rec LIKE '%$2%'"; }
once_ingest() { equal "$(sql "SELECT COUNT(*) FROM scan s JOIN agent a ON a.agent_id = s.agent_id WHERE a.name = '$who'") $(events ingest.file "$who.ckl")" "1 1"; }
once_agent() { equal "$(sql "SELECT COUNT(*) FROM enrolment WHERE name = '$who'") $(events agent.add "$who")" "1 1"; }
once_report() { equal "$(($(events report.make hardening-executive-$month) - made))" 1; }
once_verify() { equal "$(($(events audit.verify "") - verified))" 1; }
once_run() { equal "$(sql "SELECT COUNT(*) FROM report_run WHERE state = 'done'") $(($(events report.make hardening-monthly-$month) - monthly))" "1 1"; }
act_ingest() { lossy ingest "$T/$who.ckl"; }
act_agent() { lossy agent add "$who"; }
# A folder for each try: what a try left that was not recorded is nobody's to write over.
try=0
act_report() { try=$((try + 1)); lossy report hardening-executive --period $month -f csv --reason "made again" -o "$T/r$n-$try"; }
act_verify() { lossy audit verify; }
act_run() { at "$next-01T06:00:00Z" lossy run; }

# What stands outside of an act (a policy with its texts, which is there before the scans that name it) may cost the run
# that found nobody to talk to: exit 69, nothing of the act is done, and the next run does it.
# each_commit ACT WHEN REFUSAL TIMES: until there are no more COMMITs to be lost.
each_commit() {
    local act=$1 nth=1; shift
    while :; do
        fresh
        made=$(events report.make hardening-executive-$month)
        monthly=$(events report.make hardening-monthly-$month)
        verified=$(events audit.verify "")
        [ "$act" != run ] || sql "DELETE FROM report_run; DELETE FROM setting WHERE name LIKE 'version:hardening-monthly%'"
        between $nth "$@"
        act_"$act" >"$T/out" 2>"$T/err"; rc=$?
        gone
        grep -q lost "$T/lost" || break
        if [ $rc -eq 69 ] && ! grep -q "it is not known" "$T/err"; then
            echo "  $act, COMMIT $nth: nothing done ($(cat "$T/err"))"
            between 0 "$@"
            act_"$act" >"$T/out" 2>"$T/err"; rc=$?
            gone
        fi
        check "$act, COMMIT $nth lost ($*)" equal $rc 0 || cat "$T/err" >&2
        check "$act, COMMIT $nth lost ($*): once" "once_$act"
        nth=$((nth + 1))
    done
    check "$act: there were COMMITs to lose" test $nth -gt 1
    rm -rf "$T"/r[0-9]*
}

each_commit ingest answer close 1
each_commit ingest late close 1
each_commit ingest before close 1
each_commit report late q1047 1
each_commit verify answer close 3
each_commit run answer 1047 2
# What a server says that is going, coming, full or of a cluster that has lost its majority.
for error in 1040 1053 1927 3032 4031 q1047; do each_commit agent answer $error 1; done

# Nobody answers any more: that is said as it is, and the next run finds out.
fresh
between 1 answer close -1
check "refused for ever" status 69 act_agent
check "says what is not known" says "it is not known whether this was done"
check "it was asked for more than once" test "$(grep -c refused "$T/lost")" -gt 20
gone
between 0 answer close 0
check "the next run" status 0 act_agent
check "finds it done" once_agent
gone
check "the log holds" status 0 assay audit verify
done_tests
