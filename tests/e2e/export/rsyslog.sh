#!/usr/bin/env bash
# A real rsyslog takes the exported RFC 5424 lines: every record arrives, with its fields and its hash.
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/receivers.sh"
need rsyslogd jq
free_ports 1
cat >"$T/rsyslog.conf" <<CONF
global(workDirectory="$T" maxMessageSize="64k")
module(load="imtcp")
template(name="t" type="list") {
  property(name="msgid") constant(value="\t") property(name="structured-data") constant(value="\t")
  property(name="msg") constant(value="\n")
}
input(type="imtcp" address="127.0.0.1" port="$port")
action(type="omfile" file="$T/received" template="t")
CONF
rsyslogd -n -f "$T/rsyslog.conf" -i "$T/rsyslog.pid" >"$T/rsyslog.out" 2>&1 &
rs=$!
ports_open $rs "$port" || no_receiver rsyslog

check init status 0 assay init
printf 'x' >"$T/bad \"quoted\" ]name\\.txt"
"$ASSAY" ingest --quiet "$SRC/samples/lynis" "$SRC/samples/pandora" "$T/"*.txt
check export status 0 assay audit export -f rfc5424 -o "$T/log"
check "and as JSON" status 0 assay audit export -f json -o "$T/log.json" --from 0
n=$(wc -l <"$T/log")

cat "$T/log" >"/dev/tcp/127.0.0.1/$port"
come "$T/received" "$n"
kill $rs; wait $rs 2>/dev/null

check "every record arrived" equal "$(wc -l <"$T/received")" "$n"
check "each with its structured data" equal "$(cut -f2 "$T/received" | grep -c '^\[assay@32473 seq="')" "$n"
check "message ids are the events" equal "$(cut -f1 "$T/received" | sort | uniq -c | tr -s ' ' | tr '\n' ';')" \
    "$(head -n "$n" "$T/log.json" | jq -r .rec.event | sort | uniq -c | tr -s ' ' | tr '\n' ';')"
check "a quoted name came through escaped" grep -qF 'bad \"quoted\" \]name\\.txt' "$T/received"

# The hash of each received record, recomputed, is the one in its structured data.
wrong=0
while IFS=$'\t' read -r _ sd msg; do
    want=$(printf '%s' "$sd" | sed 's/.*rec_hash="\([0-9a-f]*\)".*/\1/')
    got=$( (printf '\0'; printf '%s' "${msg# }") | sha256sum | cut -d' ' -f1)
    [ "$want" = "$got" ] || wrong=$((wrong + 1))
done <"$T/received"
check "hashes hold at the receiver" equal "$wrong" 0
done_tests
