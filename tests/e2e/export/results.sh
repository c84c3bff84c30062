#!/usr/bin/env bash
# What scans bring, out to log managers: summaries, new, changed and fixed findings; as many as the
# database says, once, in order, filtered; also when the exporter is killed in the middle.
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/sql.sh"
need jq mariadb mariadbd
formats="json rfc5424 cef leef ecs ocsf gelf"
for f in $formats; do
    printf 'export = %s:%s name=%s send=results\n' $f "$T/a.$f" $f >>"$ASSAY_CONFIG"
done
{
    printf 'export = json:%s name=all send=all\n' "$T/all.json"
    printf 'export = json:%s name=killed send=results\n' "$T/killed.json"
    printf 'export = json:%s name=fixed send=results events=result.fixed\n' "$T/fixed.json"
    printf 'export = json:%s name=none send=results group=nobody*\n' "$T/none.json"
    printf 'export = json:%s name=severe send=results min-severity=7\n' "$T/severe.json"
    printf 'export = json:%s name=some send=results min-severity=3\n' "$T/some.json"
    printf 'export = json:%s name=counted send=results events=result.scan,result.fixed\n' "$T/counted.json"
    printf 'export = json:%s name=baseline send=results baseline=yes\n' "$T/baseline.json"
} >>"$ASSAY_CONFIG"
events() { jq -r .event "$1" | sort | uniq -c | awk '{print $2"="$1}' | xargs; }

check init status 0 assay init
mkdir "$T/one" "$T/two"
first=$SRC/samples/docker-bench/docker01@bench.json
cp "$first" "$T/one/"
# A day later: one check fixed, one that fails now, one changed, one as before; and two that were not there
# before, of which one passes.
sed 's/1795200000/1795286400/;s/1795200007/1795286407/;/1\.1\.3/s/WARN/PASS/;/1\.1\.1/s/PASS/WARN/;/5\.7/s/NOTE/WARN/' \
    "$first" | jq '.tests[0].results += [{id: "1.901", desc: "Comes and passes", result: "PASS"}, {id: "1.902", desc: "Comes and fails", result: "WARN"}]' \
    >"$T/two/docker01@bench.json"
check "first scan" status 0 assay ingest "$T/one"
check export status 0 assay audit export --target json
check "all that is no plain pass is new" equal "$(events "$T/a.json")" "result.new=4 result.scan=1"
cp "$first" "$T/one/again.json"
assay ingest "$T/one" >/dev/null 2>&1
check "second scan" status 0 assay ingest "$T/two"
check "scores only" status 0 assay ingest "$SRC"/samples/pandora
for f in $formats all fixed none severe some counted baseline; do check "export $f" status 0 assay audit export --target $f; done
n=$(wc -l <"$T/a.json")
check "what changed" equal "$(jq -r 'select(.event != "result.scan" and .old_status != "none") | [.event, .check_id, .old_status, .status] | join(" ")' "$T/a.json" | sort | paste -sd,)" \
    "result.changed 5.7 notchecked fail,result.fixed 1.1.3 fail pass,result.new 1.1.1 pass fail"
check "what comes and passes is nothing new; what comes and fails is" equal "$(jq -r 'select(.check_id // "" | startswith("1.90")) | [.event, .check_id, .old_status, .status] | join(" ")' "$T/a.json")" "result.new 1.902 none fail"
check "nothing new passes" equal "$(jq -r 'select(.event == "result.new" and .status == "pass") | .uid' "$T/a.json")" ""
settle
check "as many changes as the database has" equal "$(jq -s '[.[] | select(.event != "result.scan" and .old_status != "none")] | length' "$T/a.json")" "$(sql 'SELECT COUNT(*) FROM v_changes WHERE old_status <> 0')"
check "as many scans" equal "$(grep -c '"event":"result.scan"' "$T/a.json")" "$(sql 'SELECT COUNT(*) FROM scan')"
check "the last word on each check is what stands as a finding" equal \
    "$(jq -rs '[.[] | select(.check_id)] | group_by(.finding_uid) | map(last) | map(select(.status != "pass") | "\(.agent) \(.check_id) \(.status)") | sort[]' "$T/a.json")" \
    "$(sql "SELECT CONCAT(agent, ' ', check_id, ' ', ELT(status, 'pass', 'fixed', 'fail', 'error', 'unknown', 'notchecked', 'notapplicable', 'informational', 'notselected', 'waived')) AS x FROM v_findings ORDER BY x")"
check "each once" equal "$(jq -r .uid "$T/a.json" | sort | uniq -d)" ""
check "in order" equal "$(jq -s '[.[].seq] as $s | $s == ($s | sort)' "$T/a.json")" true
for f in rfc5424 cef leef ecs ocsf gelf; do
    check "$f: as many" equal "$(wc -l <"$T/a.$f")" "$n"
done
check "the same, record after record" equal "$(jq -r 'select(.uid) | .uid' "$T/all.json")" "$(jq -r .uid "$T/a.json")"
check "each event names its record's hash" equal "$(jq -rs '(map(select(.rec)) | map({key: (.rec.seq | tostring), value: .leaf}) | from_entries) as $l | [.[] | select(.uid) | .leaf == $l[.seq | tostring]] | all' "$T/all.json")" true
check "only what is fixed" equal "$(events "$T/fixed.json")" "result.fixed=1"
check "no such group" test ! -s "$T/none.json"
check "only what is severe" equal "$(jq -r .uid "$T/severe.json")" "$(jq -r 'select(.sev >= 7) | .uid' "$T/a.json")"

# What a summary promises comes, whatever the target leaves out; what is fixed is no alarm, and goes where it went.
promised() { jq -s '[group_by(.uid | split(":")[:3] | .[2][:46])[] | (map(select(.event == "result.scan")) | .[0].n_events) == (map(select(.event != "result.scan")) | length)] | all' "$1"; }
for f in a counted baseline; do check "$f: as many events as each summary says" equal "$(promised "$T/$f.json")" true; done
sed -n '/"event":"result.new"/{x;s/^/x/;/^x$/{x;d};x};p' "$T/a.json" >"$T/lost.json"
check "one that is lost shows" equal "$(promised "$T/lost.json")" false
check "the first scan of a line is its summary alone" equal "$(jq -r 'select(.marks // "" | test("first")) | .event' "$T/baseline.json" | sort -u)" result.scan
check "what comes behind it is told" equal "$(events "$T/baseline.json")" "$(events <(jq -c 'select(.event == "result.scan" or (.marks // "" | test("first") | not))' "$T/a.json"))"
check "what is fixed is little" equal "$(jq -r 'select(.event == "result.fixed") | .sev' "$T/a.json")" 2
check "and goes where the finding went" equal "$(jq -r 'select(.event == "result.fixed") | .uid' "$T/some.json")" "$(jq -r 'select(.event == "result.fixed") | .uid' "$T/a.json")"
check "it was first seen with the first scan" equal "$(jq -r 'select(.event == "result.fixed") | .first_seen' "$T/a.json")" "$(jq -r 'select((.marks // "" | test("first")) and .agent == "docker01" and .event == "result.scan") | .scanned_at' "$T/a.json")"
check "the event's time is the scan's" equal "$(jq -r '."@timestamp"[:19] == .assay.result.scanned_at[:19]' "$T/a.ecs" | sort -u)" true
check "in OCSF, too" equal "$(jq -r '.time / 1000 == (.unmapped.scanned_at | fromdate)' "$T/a.ocsf" | sort -u)" true
check "GELF is from the checked host" equal "$(jq -r '.host == ._agent' "$T/a.gelf" | sort -u)" true
check "OCSF: new, resolved" equal "$(jq -r '.status // empty' "$T/a.ocsf" | sort -u | xargs)" "New Resolved"
if command -v python3 >/dev/null; then
    for f in json ecs ocsf gelf; do
        check "$f: each field has one type, none stands twice" python3 "$SRC/tests/e2e/lib/schemas.py" stable "$T/a.$f" "$T" >/dev/null
    done
    check "a number in the place of a text is noticed" status 1 sh -c 'sed "2s/\"check_id\":\"[^\"]*\"/\"check_id\":7/" "$1" >"$1.bad"; python3 "$2" stable "$1.bad" .' sh "$T/a.json" "$SRC/tests/e2e/lib/schemas.py"
fi

# Killed with messages written and the cursor where it was: they come again, none is missing.
ASSAY_FAULT=after_ack assay audit export --target killed >/dev/null 2>&1
check "after a kill" status 0 assay audit export --target killed
check "nothing is lost" equal "$(jq -r .uid "$T/killed.json" | awk '!seen[$0]++')" "$(jq -r .uid "$T/a.json")"
check "once more, quiet" status 0 assay audit export --target json
check "nothing new" equal "$(wc -l <"$T/a.json")" "$n"

siem=$SRC/../shared/siem
if [ -d "$siem" ] && python3 -c 'import jsonschema' 2>/dev/null; then
    for f in ocsf ecs; do
        check "$f holds against its schema" python3 "$SRC/tests/e2e/lib/schemas.py" $f "$T/a.$f" "$siem" >/dev/null
    done
    check "OCSF: created, updated, closed" equal "$(jq -r .activity_id "$T/a.ocsf" | sort -u | xargs)" "1 2 3 99"
    ! command -v lognormalizer >/dev/null || check "CEF by a strict parser" sh "$siem/tools/cef_check.sh" "$T/a.cef" >/dev/null
fi
done_tests
