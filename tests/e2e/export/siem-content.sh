#!/usr/bin/env bash
# packaging/siem against what the exporter really writes: every field, event, setting and metric that the content names is there,
# its expressions find in real lines what they are to find, and its files are what their products can read.
. "$(dirname "$0")/../lib/lib.sh"
need python3 jq xmllint openssl
content() { SRC=$SRC python3 "$SRC/tests/e2e/lib/siem_content.py" "$@"; }
appender=$BUILD/tests/audit_append
[ -x "$appender" ] || skip "no tests/audit_append"

# ---- records of every event, and results of scans that differ

check init status 0 assay init
cp -r "$SRC/samples" "$T/samples"
"$ASSAY" ingest --quiet "$T"/samples/{lynis,docker-bench,wazuh,xccdf,inspec,stig,pandora} >/dev/null 2>&1
sed 's/1795200000/1795286400/;s/1795200007/1795286407/;/1\.1\.3/s/WARN/PASS/;/1\.1\.1/s/PASS/WARN/' "$SRC/samples/docker-bench/docker01@bench.json" >"$T/docker01@bench.json"
check "a second scan" status 0 assay ingest "$T/docker01@bench.json"
sed -n 's/^| \([a-z][a-z., ]*\.[a-z., ]*\) |.*/\1/p' "$SRC/doc/audit-events.md" | tr ',' '\n' | tr -d ' ' | jq -Rc '
    {name: ., severity: 9, type: "file", id: "x", object_name: "y", changes: [["sign-key", "/a", "/b"], ["secret"]], reason: "a \"b\" ] = | \\ c"}
    | (., . + {outcome: "failure", severity: 3, user: "root", login: "alice", sudo: "alice", ssh: "192.0.2.7 50222"})' >"$T/acts"
jq -nc '("x" * 3000) as $long | {name: "report.make", user: $long, host: $long, reason: $long, id: "x", changes: [["a", "", "1"]]}' >>"$T/acts"
check "every event" status 0 "$appender" "$(wc -l <"$T/acts")" 1 "$T/acts"
printf 'metrics-file = %s/metrics.prom\n' "$T" >>"$ASSAY_CONFIG"
for f in json rfc5424 cef leef ecs ocsf gelf; do printf 'export = %s:%s name=%s send=all\n' $f "$T/a.$f" $f >>"$ASSAY_CONFIG"; done
check "assay run sends all" status 0 assay run
check "metrics are there" test -s "$T/metrics.prom"

# ---- the content

for part in splunk elastic sentinel graylog wazuh sigma grafana names; do check "$part" content $part "$T"; done
for name in assay_decoders assay_rules; do
    check "Wazuh: $name is XML" status 0 xmllint --noout - < <(echo '<all>'; cat "$SRC/packaging/siem/wazuh/$name.xml"; echo '</all>')
done
mkdir -p "$T/broken/packaging" && cp -r "$SRC/doc" "$SRC/src" "$T/broken/"
# broken PART FILE OLD NEW: the part complains when the file names something else.
broken() {
    rm -rf "$T/broken/packaging/siem" && cp -r "$SRC/packaging/siem" "$T/broken/packaging/"
    sed -i "s/$3/$4/" "$T/broken/packaging/siem/$2"
    ! cmp -s "$SRC/packaging/siem/$2" "$T/broken/packaging/siem/$2" && SRC=$T/broken fails python3 "$SRC/tests/e2e/lib/siem_content.py" "$1" "$T"
}
check "a field that is none: Splunk" broken splunk splunk/default/savedsearches.conf check_id chekc_id
check "Elastic" broken elastic elastic/detections.ndjson assay.result.sev assay.result.severity
check "a type" broken elastic elastic/index-template-results.json '"type": "double"' '"type": "long"'
check "Sentinel" broken sentinel sentinel/AssayFindings.kql assay_first_seen assay_frist_seen
check "Graylog" broken graylog graylog/pipeline.txt 'message.old_status' 'message.oldstatus'
check "Wazuh" broken wazuh wazuh/assay_rules.xml 'name="old_status"' 'name="oldstatus"'
check "a metric" broken grafana grafana/assay-delivery.json assay_export_lag_records assay_lag_records
check "an event" broken names sigma/assay_key.yml audit.key.rotate audit.key.rotated
! python3 -c 'import yaml' 2>/dev/null || check "Sigma" broken sigma sigma/assay_finding.yml 'sev|gte' 'severity|gte'

# ---- receivers: as on the pages, and taken by the daemons

page_block() { awk -v want="$2" '/^    / { text = substr($0, 5); if (!is_in && index(text, want) == 1) is_in = 1; if (is_in) print text; next } is_in && !/^$/ { exit } is_in && /^$/ { exit }' "$SRC/doc/siem/$1.md"; }
own() { sed '/^##/d' "$1"; }
check "rsyslog: the file is the page's" diff <(own "$SRC/packaging/siem/rsyslog/assay.conf") <(page_block rsyslog 'global(maxMessageSize')
check "and the program that confirms" diff "$SRC/packaging/siem/rsyslog/assay-keep" <(page_block rsyslog '#!/bin/sh')
check "syslog-ng: the file is the page's" diff <(own "$SRC/packaging/siem/syslog-ng/assay.conf") <(page_block syslog-ng '@version')
here() { sed "s|/etc/ssl/siem/ca.pem|$T/authority.pem|; s|/etc/ssl/siem/server|$T/server|g; s|/var/[a-z/]*/|$T/|g" "$SRC/packaging/siem/$1/assay.conf" >"$T/$1.conf"; }
. "$SRC/tests/e2e/lib/pki.sh"
PATH=$PATH:/usr/sbin
if command -v rsyslogd >/dev/null && ls /usr/lib/*/rsyslog/imrelp.so >/dev/null 2>&1; then
    here rsyslog
    check "rsyslog takes the file" status 0 rsyslogd -N1 -f "$T/rsyslog.conf"
fi
. "$SRC/tests/e2e/lib/receivers.sh"
if [ -x "$syslog_ng/run" ]; then
    here syslog-ng
    check "syslog-ng takes the file" status 0 "$syslog_ng/run" --syntax-only -f "$T/syslog-ng.conf" -R "$T/p" -c "$T/c"
fi
done_tests
