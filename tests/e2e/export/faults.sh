#!/usr/bin/env bash
# The exporter ended at every named point, once and in --follow, over RELP to a real rsyslog: nothing is lost, and what
# comes twice is within the window. Then a record that the receiver cannot take: shortened, told, sent again whole.
. "$(dirname "$0")/../lib/lib.sh"
need jq
. "$(dirname "$0")/../lib/receivers.sh"
MAXMSG=8k OVERSIZE=abort rsyslog_ready
. "$(dirname "$0")/../lib/follow.sh"
missing() { rsyslog_seqs | uniq | awk -v n="$1" '$1 < n { k++ } END { print n - k }'; }
twice() { rsyslog_seqs | uniq -d | wc -l; }

check init status 0 assay init
printf 'export = rfc5424:relp://127.0.0.1:%s name=siem max=65536\n' "$rs_relp" >>"$ASSAY_CONFIG"
for point in before_send after_send after_ack after_memory after_cursor; do
    for pass in 1 2; do
        append 300 50
        before=$(twice)
        check "$point, pass $pass: killed there" status 137 env ASSAY_FAULT=$point:$pass "$ASSAY" audit export --target siem
        check "$point, pass $pass: taken over at once" status 0 assay audit export --target siem
        check "$point, pass $pass: nothing lost" equal "$(missing $(($(records) - 1)))" 0
        check "$point, pass $pass: at most a window comes twice" test $(($(twice) - before)) -le 128
    done
done
check "no point of that name is none" status 0 env ASSAY_FAULT=nowhere "$ASSAY" audit export --target siem

for point in before_send after_send after_ack after_memory after_cursor; do
    ASSAY_FAULT=$point:4 start
    append 900 50
    n=$(records)
    none_missing() { equal "$(missing "$n")" 0; }
    check "$point in --follow: nothing lost, though every worker dies there" wait_for "all of it" 120 none_missing
    stop
done
check "doctor" status 0 assay doctor

# ---- a record that the receiver cannot take

long=$(printf '%4000s' '' | tr ' ' x)
"$appender" 1 <<<"{\"name\": \"config.change\", \"type\": \"settings\", \"id\": \"long\", \"changes\": [[\"a\", \"$long\", \"$long\"], [\"b\", \"$long\", \"$long\"]]}"
poison=$(($(records) - 1))
append 10
for _ in 1 2 3 4; do "$ASSAY" audit export --quiet --target siem 2>/dev/null && break; done
check "it holds nobody up" equal "$(missing $((poison + 10)))" 0
check "it came shortened, and says so" grep -q "seq=\"$poison\".*truncated=\"1\"" "$T/rsyslog.got"
check "deadletters" status 0 assay audit deadletters --json
check "name it" jq -e --argjson n "$poison" 'length == 1 and .[0].record == $n and .[0].state == "reduced"' "$T/out"
check "a record tells of it" test "$("$ASSAY" audit export -q -f json -o - --from 0 | jq -r 'select(.rec.event == "export.reduce").rec.object.id')" = siem
rsyslog_stop
sed -i 's/maxMessageSize="8k"/maxMessageSize="64k"/; s/maxDataSize="8k"/maxDataSize="64k"/' "$T/rsyslog.conf"
rsyslog_start
check "sent again" status 0 assay audit deadletters --resend
check "it came whole" grep -q "seq=\"$poison\".*$long" "$T/rsyslog.got"
check "nothing is left" equal "$("$ASSAY" audit deadletters --json)" '[]'
check "doctor is content" status 0 assay doctor

# ---- beginning further on

check "a start that is behind" status 64 assay audit export --target siem --start 3
check "a start that is not there yet" status 64 assay audit export --target siem --start 999999
append 5
n=$(records)
check "a start" status 0 assay audit export --target siem --start "$n"
check "goes on from there" status 0 assay audit export --target siem
check "and is told" equal "$("$ASSAY" audit export -q -f json -o - --from "$n" | jq -r 'select(.rec.event == "export.skip").rec.changes | map(select(.f != "facts")) | length')" 2
check "what lies between did not come" test "$(missing "$n")" -ge 5
check "the log holds" status 0 assay audit verify
rsyslog_stop
done_tests
