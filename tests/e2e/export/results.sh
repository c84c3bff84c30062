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
for f in $formats all fixed none severe; do check "export $f" status 0 assay audit export --target $f; done
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
