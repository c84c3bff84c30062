#!/usr/bin/env bash
# The settings that stand in doc/siem/, as they are written there but for names, ports and paths: what can
# run here takes everything, what cannot is at least well-formed.
. "$(dirname "$0")/../lib/lib.sh"
need node jq openssl xmllint
. "$(dirname "$0")/../lib/receivers.sh"
. "$(dirname "$0")/../lib/collector.sh"
need_rsyslog
. "$(dirname "$0")/../lib/pki.sh"
pages=$SRC/doc/siem

# block PAGE PATTERN: the first block of code in which a line fits the pattern, without its margin.
block() { awk -v pattern="$2" '
    function done() { if (text ~ pattern && !found) { printf "%s", text; found = 1 } text = "" }
    /^    / { text = text blank substr($0, 5) "\n"; blank = ""; next }
    /^$/ { if (text != "") blank = blank "\n"; next }
    { done(); blank = "" } END { done() }' "$pages/$1.md"; }
# here: paths and names of a page as those of this test.
here() { sed -E "s|/etc/ssl/[a-z]*/server\.pem|$T/server.pem|g; s|/etc/ssl/[a-z]*/server\.key|$T/server.key|g
    s|/etc/ssl/[a-z]*/[a-z_]*\.(pem\|crt)|$T/authority.pem|g; s|/etc/assay/([a-z]*)\.token|$T/\1.token|g
    s|/etc/assay/assay\.example\.jp|$T/exporter.test|g; s|\"assay\.example\.jp\"|\"exporter.test\"|g; s|/var/log/|$T/|g"; }
# target PAGE HOST:PORT: the line of the page for assay.conf, to that place.
target() { block "$1" '^export = ' | grep '^export = ' | here | sed -E "s#://[a-z]+\.example\.jp(:[0-9]+)?#://$2#"; }

check init status 0 assay init
"$ASSAY" ingest --quiet "$SRC/samples/lynis" "$SRC/samples/pandora"
mkdir -p "$T/assay"
(umask 077; for name in webhook elastic splunk; do echo B5A79AAD-D822-46CC-80D1-819F80D7BFB0 >"$T/$name.token"; done)

# ---- the doors

free_ports 4
web=$port es=$((port + 1)) hec=$((port + 2)) ama=$((port + 3))
for kind in webhook:$web:Bearer elastic:$es:ApiKey splunk:$hec:Splunk; do
    IFS=: read -r kind p scheme <<<"$kind"
    TOKEN="$scheme B5A79AAD-D822-46CC-80D1-819F80D7BFB0" node "$SRC/tests/e2e/lib/collector.js" "$kind" "$p" "$T/$kind.got" "$T/server.pem" "$T/server.key" >/dev/null &
    doors="${doors-} $!"
done
check "the doors are open" ports_open $$ $web $es $hec

# Sentinel's forwarder, and something in the place of the agent.
free_ports 1; forwarder=$port
block sentinel 'imrelp' | here | sed "s/28330/$ama/; s/port=\"2514\"/address=\"127.0.0.1\" port=\"$forwarder\"/" >"$T/forwarder.conf"
sed -i "s|^global(|global(workDirectory=\"$T\" |" "$T/forwarder.conf"
check "Sentinel: rsyslog takes the settings" status 0 rsyslogd -N1 -f "$T/forwarder.conf"
node -e 'require("net").createServer((s) => s.pipe(require("fs").createWriteStream(process.argv[2], { flags: "a" }))).listen(process.argv[1], "127.0.0.1")' "$ama" "$T/agent.got" &
doors="$doors $!"
rsyslogd -n -f "$T/forwarder.conf" -i "$T/forwarder.pid" >"$T/forwarder.out" 2>&1 &
doors="$doors $!"
check "rsyslog listens" ports_open $! $ama $forwarder
rsyslog_conf; rsyslog_start

# ---- assay

{
    target webhook 127.0.0.1:$web
    target elastic 127.0.0.1:$es
    target splunk 127.0.0.1:$hec
    target sentinel 127.0.0.1:$forwarder
    target qradar "127.0.0.1:$rs_tls"
    target wazuh ''
} >"$T/targets"
check "six lines" equal "$(grep -c '^export = ' "$T/targets")" 6
cat "$T/targets" >>"$ASSAY_CONFIG"
check "all of them are taken" status 0 assay run
n=$("$ASSAY" audit export -f json -o - --from 0 | jq -r .rec.event | grep -n '^audit.export$' | head -n 1 | cut -d: -f1)
at_least() { [ "$1" -ge "$2" ] || { echo "  $1 of $2" >&2; return 1; }; }
n=$((n - 1))
check "there is something to send" test "$n" -gt 5
check "webhook" at_least "$(lines_of "$T/webhook.got")" "$n"
check "Elasticsearch" at_least "$(lines_of "$T/elastic.got")" "$n"
check "Splunk" at_least "$(lines_of "$T/splunk.got")" "$n"
check "Wazuh" at_least "$(jq -c .rec.seq "$T/assay/audit.json" | wc -l)" "$n"
come "$T/agent.got" "$n"
check "Sentinel" at_least "$(grep -c '^<1[23][0-9]>[A-Z][a-z][a-z] [ 0-9][0-9] [0-9:]* [^ ]* CEF:0|assay|' "$T/agent.got")" "$n"
check "and no line of another form" equal "$(grep -vc '^<1[23][0-9]>[A-Z][a-z][a-z] [ 0-9][0-9] [0-9:]* [^ ]* CEF:0|assay|' "$T/agent.got")" 0
come "$T/rsyslog.got" "$n"
check "QRadar" at_least "$(grep -c 'LEEF:2.0|assay|' "$T/rsyslog.got")" "$n"
kill $doors; wait $doors 2>/dev/null; rsyslog_stop

# ---- the receiver of the webhook's page

block webhook 'createServer' | here | sed "s/8080/$web/" >"$T/receiver.js"
node "$T/receiver.js" &
receiver=$!
check "the receiver listens" ports_open $receiver $web
check "the receiver in twenty lines" status 0 assay audit export -f json -o "webhook+http://127.0.0.1:$web/in"
check "has it all" at_least "$(jq -c .rec.seq "$T/assay-audit.json" | wc -l)" "$n"
kill $receiver

# ---- what is only well-formed

for page in localfile 'group name'; do
    block wazuh "<$page" >"$T/wazuh.xml"
    check "Wazuh: <$page> is XML" status 0 xmllint --noout "$T/wazuh.xml"
done
check "Elasticsearch: the key's privileges are JSON" status 0 jq -e .role_descriptors.assay <(block elastic api_key | tail -n +2)
echo "$n records"; done_tests
