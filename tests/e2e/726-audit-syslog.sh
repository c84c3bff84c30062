#!/usr/bin/env bash
# The audit log over syslog with octet counting, TCP and TLS, to a real rsyslog: what the receiver read
# to the end is delivered, nothing else.
. "$(dirname "$0")/lib.sh"
export PATH=$PATH:/usr/sbin
need rsyslogd jq openssl
ls /usr/lib/*/rsyslog/lmnsd_gtls.so >/dev/null 2>&1 || skip "no rsyslog-gnutls"
umask 022
. "$(dirname "$0")/pki.sh"

port=$((20000 + RANDOM % 20000)); tls=$((port + 1))
cat >"$T/rsyslog.conf" <<CONF
global(workDirectory="$T" maxMessageSize="64k" parser.escapeControlCharactersOnReceive="off"
       defaultNetstreamDriverCAFile="$T/authority.pem" defaultNetstreamDriverCertFile="$T/server.pem"
       defaultNetstreamDriverKeyFile="$T/server.key")
module(load="imtcp")
template(name="t" type="list") { property(name="structured-data") constant(value="\t") property(name="msg") constant(value="\n") }
ruleset(name="r" queue.type="direct") { action(type="omfile" file="$T/received" template="t" asyncWriting="off" flushOnTXEnd="on") }
input(type="imtcp" address="127.0.0.1" port="$port" ruleset="r")
input(type="imtcp" address="127.0.0.1" port="$tls" ruleset="r" streamDriver.name="gtls" streamDriver.mode="1"
      streamDriver.authMode="x509/name" permittedPeer=["exporter.test"])
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
lines() { wc -l <"$T/received" 2>/dev/null || echo 0; }
# come N: the receiver writes in threads of its own.
come() { for _ in $(seq 60); do [ "$(lines)" -ge "$1" ] && return 0; sleep 0.05; done; echo "  $(lines) of $1 came" >&2; return 1; }

check init status 0 assay init
printf 'x' >"$T/bad \"quoted\" ]name\\.txt"
"$ASSAY" ingest --quiet "$SRC/samples/lynis" "$SRC/samples/pandora" "$T/"*.txt
records=$("$ASSAY" audit verify --json | jq .records)
check "export over TCP" status 0 assay audit export -f rfc5424 -o "syslog://127.0.0.1:$port"
check "all of it came" come "$records"
check "each as a message of its own" equal "$(grep -c '^\[assay@32473 seq="' "$T/received")" "$(lines)"
check "CEF" status 0 assay audit export -f cef -o "syslog://127.0.0.1:$port"
check "came" come $((2 * records + 1))

url=syslogs://127.0.0.1:$tls
conf() { sed -i '/^tls-/d' "$ASSAY_CONFIG"; printf 'tls-ca = %s\ntls-cert = %s\ntls-key = %s\n' "$T/$1.pem" "$T/$2.pem" "$T/$2.key" >>"$ASSAY_CONFIG"; }
before=$(lines)
conf stranger exporter.test
check "a server of another authority" status 69 assay audit export -f rfc5424 -o "$url"
conf authority other.test
check "a client of another authority" status 69 assay audit export -f rfc5424 -o "$url"
conf authority server
check "a client of another name" status 69 assay audit export -f rfc5424 -o "$url"
sed -i '/^tls-cert/d; /^tls-key/d' "$ASSAY_CONFIG"
check "a client without certificate" status 69 assay audit export -f rfc5424 -o "$url"
sleep 0.3
check "nothing of it came" equal "$(lines)" "$before"
conf authority exporter.test
check "the right client" status 0 assay audit export -f rfc5424 -o "$url"
check "and all of it, though it failed four times" come $((before + records))

# A receiver that is stopped takes nothing; one that dies ends no connection in order.
n=$(lines)
kill -STOP "$rs"
"$ASSAY" audit export --quiet -f leef -o "syslog://127.0.0.1:$port" 2>"$T/err" &
exporter=$!
sleep 0.5
stop -KILL
wait $exporter; rc=$?
check "a dead receiver is no success" equal "$rc" 69
start
check "it comes again" status 0 assay audit export -f leef -o "syslog://127.0.0.1:$port"
check "whole" come $((n + records))
stop
done_tests
