#!/usr/bin/env bash
# The audit log over RELP to a real rsyslog, plain and over TLS: what was confirmed is there, whoever is
# killed when; certificates that do not fit are refused.
. "$(dirname "$0")/lib.sh"
export PATH=$PATH:/usr/sbin
need rsyslogd jq openssl
[ -e /usr/lib/x86_64-linux-gnu/rsyslog/imrelp.so ] || ls /usr/lib/*/rsyslog/imrelp.so >/dev/null 2>&1 || skip "no rsyslog-relp"
umask 022

. "$(dirname "$0")/pki.sh"

# ---- the receiver

port=$((20000 + RANDOM % 20000)); tls=$((port + 1))
cat >"$T/rsyslog.conf" <<CONF
global(workDirectory="$T" maxMessageSize="64k" parser.escapeControlCharactersOnReceive="off")
module(load="imrelp")
template(name="t" type="list") { property(name="structured-data") constant(value="\t") property(name="msg") constant(value="\n") }
# direct: what is confirmed is written, and not only in a queue in memory
ruleset(name="r" queue.type="direct") { action(type="omfile" file="$T/received" template="t" asyncWriting="off" flushOnTXEnd="on") }
input(type="imrelp" address="127.0.0.1" port="$port" ruleset="r" maxDataSize="64k")
input(type="imrelp" address="127.0.0.1" port="$tls" ruleset="r" maxDataSize="64k" tls="on" tls.caCert="$T/authority.pem"
      tls.myCert="$T/server.pem" tls.myPrivKey="$T/server.key" tls.authMode="name" tls.permittedPeer=["exporter.test"])
CONF
start() {
    rsyslogd -n -f "$T/rsyslog.conf" -i "$T/rsyslog.pid" >>"$T/rsyslog.out" 2>&1 &
    rs=$!
    for _ in $(seq 100); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port" 4<>"/dev/tcp/127.0.0.1/$tls") 2>/dev/null && return 0
        sleep 0.05
    done
    return 1
}
stop() { kill "${1:--TERM}" "$rs" 2>/dev/null; wait "$rs" 2>/dev/null; rm -f "$T/rsyslog.pid"; }
start || { cat "$T/rsyslog.out"; stop -KILL; skip "rsyslog does not listen here"; }
arrived() { sed -n 's/.* seq="\([0-9]*\)".*/\1/p;s/.*\[assay@32473 seq="\([0-9]*\)".*/\1/p' "$T/received" | sort -nu | wc -l; }
lines() { wc -l <"$T/received" 2>/dev/null || echo 0; }

# ---- plain

check init status 0 assay init
printf 'x' >"$T/bad \"quoted\" ]name\\.txt"
"$ASSAY" ingest --quiet "$SRC/samples/lynis" "$SRC/samples/pandora" "$T/"*.txt
check "export over RELP" status 0 assay audit export -f rfc5424 -o "relp://127.0.0.1:$port"
check "as many as there are" equal "$(arrived)" "$("$ASSAY" audit export --format json -o - --from 0 | wc -l | awk '{print $1 - 1}')"
check "a test" status 0 assay audit export --test -f rfc5424 -o "relp://127.0.0.1:$port"
check "was taken" says "was taken by relp://127.0.0.1:$port"
check "and came" test "$(grep -c 'event="audit.test"' "$T/received")" = 1
check "a test of nobody" status 69 assay audit export --test -f rfc5424 -o "relp://127.0.0.1:1"
check "again: only the record of the export" status 0 assay audit export -f rfc5424 -o "relp://127.0.0.1:$port"
check "and then nothing" status 0 assay audit export -f rfc5424 -o "relp://127.0.0.1:$port"
n=$(lines)
check "only the test came twice: the cursor stayed" equal "$(sort "$T/received" | uniq -d | grep -vc 'event="audit.test"')" 0
check "CEF in syslog" status 0 assay audit export -f cef -o "relp://127.0.0.1:$port"
check "arrived as CEF" test "$(grep -c $'^-\t *CEF:0|assay|' "$T/received")" -gt 5
wrong=0
while IFS=$'\t' read -r sd msg; do
    want=$(printf '%s' "$sd" | sed 's/.*rec_hash="\([0-9a-f]*\)".*/\1/')
    got=$( (printf '\0'; printf '%s' "${msg# }") | sha256sum | cut -d' ' -f1)
    [ "$want" = "$got" ] || wrong=$((wrong + 1))
done < <(head -n "$n" "$T/received")
check "hashes hold at the receiver" equal "$wrong" 0
check "OCSF is no syslog" status 78 assay audit export -f ocsf -o "relp://127.0.0.1:$port"
check "no such scheme" status 78 assay audit export -f cef -o "udp://127.0.0.1:$port"
check "no port" status 78 assay audit export -f cef -o "relp://127.0.0.1"
check "nobody listens" status 69 assay audit export -f cef -o "relp://127.0.0.1:1"
check "says where" says "127.0.0.1:1"

printf 'export = rfc5424:relp://127.0.0.1:%s\nexport = cef:%s/never.cef\n' "$port" "$T" >>"$ASSAY_CONFIG"
check doctor status 0 assay doctor
check "says what waits" says "cef:$T/never.cef, "
check "and for whom nothing does" says "relp://127.0.0.1:$port, records that wait: 1"
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

for i in $(seq 1500); do printf 'no scan %d\n' "$i" >"$T/spool-$i.txt"; done
"$ASSAY" ingest --quiet "$T"/spool-*.txt >/dev/null 2>&1
size=$("$ASSAY" audit verify --json | jq .records)
deaths=0
for round in $(seq 40); do
    "$ASSAY" audit export --quiet -f leef -o "relp://127.0.0.1:$port" >/dev/null 2>&1 &
    exporter=$!
    sleep "0.0$((RANDOM % 4))$((RANDOM % 10))"
    if [ $((round % 2)) = 0 ]; then kill -9 $exporter 2>/dev/null; else stop -KILL; start; fi
    wait $exporter 2>/dev/null
    deaths=$((deaths + 1))
    [ "$(grep -o 'LEEF:2.0.*' "$T/received" 2>/dev/null | wc -l)" -lt "$size" ] || break
done
check "the rest" status 0 assay audit export -f leef -o "relp://127.0.0.1:$port"
seqs=$(grep -ao '[|^~;!`$]seq=[0-9]*' "$T/received" | tr -dc '0-9\n' | sort -n)
check "nothing is lost" equal "$(printf '%s\n' "$seqs" | uniq | awk -v n="$size" '$1 < n' | wc -l)" "$size"
echo "$deaths deaths, $(printf '%s\n' "$seqs" | uniq -d | wc -l) records came twice"
twice=$(printf '%s\n' "$seqs" | uniq -d | wc -l)
check "what came twice is within the window ($twice in $deaths deaths)" test "$twice" -le $((deaths * 128))
stop
done_tests
