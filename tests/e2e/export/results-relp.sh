#!/usr/bin/env bash
# Results over RELP to a real rsyslog: a record that makes more messages than go at once, and an exporter
# that dies in the middle of it. Nothing is lost, the order holds, and what comes twice is what was on its way.
. "$(dirname "$0")/../lib/lib.sh"
need jq
. "$(dirname "$0")/../lib/receivers.sh"
rsyslog_ready
printf 'export = rfc5424:relp://127.0.0.1:%s name=relp send=results\nexport = json:%s name=file send=results\n' \
    "$rs_relp" "$T/a.json" >>"$ASSAY_CONFIG"
uids() { sed -n 's/.*\[result@32473 event="[a-z.]*" uid="\([^"]*\)".*/\1/p' "$T/rsyslog.got"; }

check init status 0 assay init
mkdir "$T/in"
jq '.tests[0].results = [range(500) | {id: "1.\(.)", desc: "Check \(.) with \"quotes\" ]", result: "WARN"}]' \
    "$SRC/samples/docker-bench/docker01@bench.json" >"$T/in/docker01@bench.json"
check ingest status 0 assay ingest "$T/in"
check "to a file" status 0 assay audit export --target file
n=$(wc -l <"$T/a.json")
check "more than go at once" test "$n" -gt 500
check "dies between two batches" status 137 env ASSAY_FAULT=after_cursor:2 "$ASSAY" audit export --target relp
check "half of it is there" test "$(uids | wc -l)" -gt 100 -a "$(uids | wc -l)" -lt "$n"
check "dies with a batch sent and not noted" status 137 env ASSAY_FAULT=after_ack "$ASSAY" audit export --target relp
check "goes on" status 0 assay audit export --target relp
check "all of it, in order" equal "$(uids | awk '!seen[$0]++')" "$(jq -r .uid "$T/a.json")"
check "twice comes one batch at most" test "$(uids | wc -l)" -le $((n + 128))
check "but not nothing: the kill was in time" test "$(uids | wc -l)" -gt "$n"
done_tests
