#!/usr/bin/env bash
# audit export --follow against a real rsyslog: records arrive at once, over sessions that stay; two exporters never
# meet; receivers and exporters that die cost no record; SIGTERM ends it with everything told.
. "$(dirname "$0")/../lib/lib.sh"
need jq python3
. "$(dirname "$0")/../lib/receivers.sh"
rsyslog_ready
. "$(dirname "$0")/../lib/follow.sh"
arrived() { rsyslog_seqs | uniq | below "$1" | wc -l; }
# all_come N: records 0 to N-1 arrived.
all_come() { wait_for "$1 records" 120 all_arrived "$1" || { cat "$T/follow.err" >&2; return 1; }; }
all_arrived() { local n; n=$(arrived "$1"); [ "$n" -ge "$1" ] || { echo "  $n of $1 came" >&2; return 1; }; }
# export_says FILTER: what doctor says of the first target is so.
export_says() { [ "$("$ASSAY" doctor --json | jq ".exports[0] | $1")" = true ]; }
events() { "$ASSAY" audit export -q -f json -o - --from 0 | jq -r --arg e "$1" 'select(.rec.event == $e) | .rec.object.id' | wc -l; }
other_workers() { local now; now=$(workers) && [ "$now" != "$1" ]; }
alive() { kill -0 "$follower" 2>/dev/null; }

check init status 0 assay init
check "nothing to follow" status 78 assay audit export --follow
tls_files authority exporter.test
cat >>"$ASSAY_CONFIG" <<CONF
export = rfc5424:relps://127.0.0.1:$rs_relps name=siem steady=1
export = json:$T/audit.json name=file
metrics-file = $T/assay.prom
export-heartbeat = 2
CONF

# ---- delay

cat >"$T/delay.py" <<'PY'
import json, re, sys, time
path, want = sys.argv[1], int(sys.argv[2])
delays, at, end = [], 0, time.time() + 240
f = open(path, "rb"); f.seek(0, 2)
rest = b""
print("ready", flush=True)
while len(delays) < want and time.time() < end:
    more = f.read()
    if not more:
        time.sleep(0.002); continue  # between two looks: the clock is read as soon as something is there
    now = time.time(); lines = (rest + more).split(b"\n"); rest = lines.pop()
    for line in lines:
        if b'event="config.change"' not in line: continue
        ts = re.search(rb'"ts":"([0-9T:.-]+)Z"', line).group(1).decode()
        delays.append(now - time.mktime(time.strptime(ts[:19], "%Y-%m-%dT%H:%M:%S")) - float("0" + ts[19:]))
delays.sort()
print(json.dumps({"n": len(delays), "median": delays[len(delays)//2], "p95": delays[len(delays)*95//100]}))
PY
start
all_come "$(records)"
python3 "$T/delay.py" "$T/rsyslog.got" 20 >"$T/delay" & watcher=$!
wait_for "the watcher" 60 grep -qs ready "$T/delay"
for _ in $(seq 20); do append 1; sleep 0.0$((RANDOM % 90 + 10)); done # time itself: not in step with the exporter's looks
wait $watcher
median=$(tail -1 "$T/delay" | jq .median)
echo "delay from the record to the receiver over RELP/TLS: median $median s, 95 % $(tail -1 "$T/delay" | jq .p95) s"
# On an idle machine 0.2 s. Five is what an exporter waits that has to try again: nothing here may be as late as that.
check "at once, and not at the next attempt" jq -e '.n == 20 and .median < 5 and .median > 0' <(tail -1 "$T/delay")

# ---- one at a time, and the books

check "another export to the same target is refused" status 75 assay audit export --target siem
check "assay run leaves it alone" status 0 assay run
check "a heartbeat came" wait_for "a heartbeat" 60 grep -q 'event="audit.heartbeat".*checkpoint_size' "$T/rsyslog.got"
check "it is no news: nothing tells of exporting it" equal "$(events audit.export)" 0
check "one start for each target" equal "$(events export.start)" 2
check "the metrics" wait_for "the metrics" 60 grep -q '^assay_export_lag_records{target="siem"} [0-9]' "$T/assay.prom"
check "and the run" grep -q '^assay_run_failed 0' "$T/assay.prom"
file_has() { [ "$(wc -l <"$T/audit.json")" -ge "$1" ]; }
check "and the file has it all" wait_for "the file" 60 file_has "$(rsyslog_seqs | uniq | wc -l)"
check "SIGTERM ends it" stop
check "and leaves nobody behind" test -z "$(workers)"
check "it is told once for each target" equal "$(events audit.export)" 2
check "with its end" equal "$(events export.stop)" 2
check "free again" status 0 assay audit export --target siem

# ---- the receiver dies, and comes back; so does the exporter

start --target siem
append 200 20
all_come "$(records)"
rsyslog_stop -KILL
append 300 20
wait_for "a failure" 60 export_says .failing
check "doctor says that it fails" status 78 assay doctor
check "since when and why" says "siem, records that wait: 3"
check "as JSON" status 78 assay doctor --json
check "with the reason" jq -e '.exports[] | select(.target == "siem") | .failing and .attempts > 0 and (.error | length > 0)' "$T/out"
check "it waits" alive
rsyslog_start
check "all of it came" all_come "$(records)"
check "one record that it failed" equal "$(events export.fail)" 1
check "one that it is well" equal "$(events export.recover)" 1
for i in 1 2 3 4; do append 100 10; was=$(workers); kill -KILL $was; wait_for "another worker" 60 other_workers "$was"; done
check "workers that are killed come back" all_come "$(records)"
check "SIGTERM" stop
check doctor status 0 assay doctor

# ---- syslog, where nobody answers

sed -i '/^export/d' "$ASSAY_CONFIG"
printf 'export = rfc5424:syslogs://127.0.0.1:%s name=plain confirm=1\n' "$rs_tls" >>"$ASSAY_CONFIG"
: >"$T/rsyslog.got"
start
check "all of it over TLS" all_come "$(records)"
append 50 1
check "and what comes then" all_come "$(records)"
rsyslog_stop -KILL
append 500 50
rsyslog_start
append 100 50
check "a death costs nothing" all_come "$(records)"
check "the cursor follows" wait_for "the cursor" 60 export_says '.lag_records < 10'
check "SIGTERM asks once more" stop
check "and nothing is left" equal "$("$ASSAY" doctor --json | jq '.exports[0].lag_records <= 3')" true
tls_files authority other.test
start
check "a refused certificate is noticed" wait_for "a failure" 60 export_says .failing
stop
tls_files authority exporter.test
check "and with the right one all comes" status 0 assay audit export --target plain
check "the log holds" status 0 assay audit verify
rsyslog_stop
done_tests
