#!/usr/bin/env bash
# The audit log over RELP to a real rsyslog, plain and over TLS: what was confirmed is there, whoever is
# killed when; certificates that do not fit are refused.
. "$(dirname "$0")/../lib/lib.sh"
need jq
. "$(dirname "$0")/../lib/receivers.sh"
rsyslog_ready
port=$rs_relp tls=$rs_relps
lines() { lines_of "$T/rsyslog.got"; }

# ---- plain

check init status 0 assay init
printf 'x' >"$T/bad \"quoted\" ]name\\.txt"
"$ASSAY" ingest --quiet "$SRC/samples/lynis" "$SRC/samples/pandora" "$T/"*.txt
check "export over RELP" status 0 assay audit export -f rfc5424 -o "relp://127.0.0.1:$port"
check "as many as there are" equal "$(rsyslog_seqs | uniq | wc -l)" "$("$ASSAY" audit export --format json -o - --from 0 | wc -l | awk '{print $1 - 1}')"
check "a test" status 0 assay audit export --test -f rfc5424 -o "relp://127.0.0.1:$port"
check "was taken" says "was taken by relp://127.0.0.1:$port"
check "and came" test "$(grep -c 'event="audit.test"' "$T/rsyslog.got")" = 1
check "a test of nobody" status 69 assay audit export --test -f rfc5424 -o "relp://127.0.0.1:1"
check "again: only the record of the export" status 0 assay audit export -f rfc5424 -o "relp://127.0.0.1:$port"
check "and then nothing" status 0 assay audit export -f rfc5424 -o "relp://127.0.0.1:$port"
n=$(lines)
check "only the test came twice: the cursor stayed" equal "$(sort "$T/rsyslog.got" | uniq -d | grep -vc 'event="audit.test"')" 0
check "CEF in syslog" status 0 assay audit export -f cef -o "relp://127.0.0.1:$port"
check "arrived as CEF" test "$(grep -c $'^-\t *CEF:0|assay|' "$T/rsyslog.got")" -gt 5
head -n "$n" "$T/rsyslog.got" >"$T/first"
check "hashes hold at the receiver" hashes_hold "$T/first"
check "OCSF is no syslog" status 78 assay audit export -f ocsf -o "relp://127.0.0.1:$port"
check "no such scheme" status 78 assay audit export -f cef -o "udp://127.0.0.1:$port"
check "no port" status 78 assay audit export -f cef -o "relp://127.0.0.1"
check "nobody listens" status 69 assay audit export -f cef -o "relp://127.0.0.1:1"
check "says where" says "127.0.0.1:1"

printf 'export = rfc5424:relp://127.0.0.1:%s\nexport = cef:%s/never.cef\n' "$port" "$T" >>"$ASSAY_CONFIG"
check doctor status 0 assay doctor
check "says what waits" says "cef:$T/never.cef, "
check "and for whom nothing does" says "relp://127.0.0.1:$port, records that wait: 3"
check "and how far checkpoints reach" says "the newest checkpoint covers 0"
sed -i '/^export/d' "$ASSAY_CONFIG"

# ---- TLS

url=relps://127.0.0.1:$tls
printf 'tls-ca = %s/stranger.pem\ntls-cert = %s/exporter.test.pem\ntls-key = %s/exporter.test.key\n' "$T" "$T" "$T" >>"$ASSAY_CONFIG"
before=$(lines)
check "a server of another authority" status 69 assay audit export -f rfc5424 -o "$url"
check "is refused for its certificate" says "TLS handshake"
sed -i "s|^tls-ca.*|tls-ca = $T/authority.pem|; s|^tls-cert.*|tls-cert = $T/other.test.pem|; s|^tls-key.*|tls-key = $T/other.test.key|" "$ASSAY_CONFIG"
check "a client of another authority" status 69 assay audit export -f rfc5424 -o "$url"
sed -i "/^tls-cert/d; /^tls-key/d" "$ASSAY_CONFIG"
check "a client without certificate" status 69 assay audit export -f rfc5424 -o "$url"
check "the name must fit" status 69 assay audit export -f rfc5424 -o "relps://localhost:$tls"
check "nothing of it arrived" equal "$(lines)" "$before"
printf 'tls-cert = %s/exporter.test.pem\ntls-key = %s/exporter.test.key\n' "$T" "$T" >>"$ASSAY_CONFIG"
check "the right client" status 0 assay audit export -f rfc5424 -o "$url"
check "and all of it came, though it failed four times" test "$(lines)" -gt $((before + 8))
sed -i "s|^tls-key.*|tls-key = $T/server.key|" "$ASSAY_CONFIG"
check "a key of another certificate" status 78 assay audit export -f rfc5424 -o "$url"
sed -i '/^tls-/d' "$ASSAY_CONFIG"

# ---- killed again and again

lengthen_log
size=$(records)
deaths=0
export_goes_on() { [ "$(lines)" -ge "$1" ] || ! kill -0 $exporter 2>/dev/null; }
for round in $(seq 40); do
    "$ASSAY" audit export --quiet -f leef -o "relp://127.0.0.1:$port" >/dev/null 2>&1 &
    exporter=$!
    wait_for "some records more" 60 export_goes_on $(($(lines) + RANDOM % 240 - 40))
    if [ $((round % 2)) = 0 ]; then kill -9 $exporter 2>/dev/null; else rsyslog_stop -KILL; rsyslog_start; fi
    wait $exporter 2>/dev/null
    deaths=$((deaths + 1))
    [ "$(grep -o 'LEEF:2.0.*' "$T/rsyslog.got" 2>/dev/null | wc -l)" -lt "$size" ] || break
done
check "the rest" status 0 assay audit export -f leef -o "relp://127.0.0.1:$port"
seqs=$(grep -ao '[|^~;!`$]seq=[0-9]*' "$T/rsyslog.got" | tr -dc '0-9\n' | sort -n)
check "nothing is lost" equal "$(printf '%s\n' "$seqs" | uniq | below "$size" | wc -l)" "$size"
echo "$deaths deaths, $(printf '%s\n' "$seqs" | uniq -d | wc -l) records came twice"
twice=$(printf '%s\n' "$seqs" | uniq -d | wc -l)
check "what came twice is within the window ($twice in $deaths deaths)" test "$twice" -le $((deaths * 128))
rsyslog_stop
done_tests
