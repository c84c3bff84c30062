#!/usr/bin/env bash
# The audit log to receivers that know nothing but lines over TCP and datagrams: closed to who did not ask for
# it, and told what it is worth to who did.
. "$(dirname "$0")/../lib/lib.sh"
export PATH=$PATH:/usr/sbin
need jq
. "$(dirname "$0")/../lib/receivers.sh"
need_rsyslog
umask 022
free_ports 2
tcp=$port udp=$((port + 1))
cat >"$T/rsyslog.conf" <<CONF
global(workDirectory="$T" maxMessageSize="64k" parser.escapeControlCharactersOnReceive="off" net.enableDNS="off")
module(load="imtcp")
module(load="imudp")
template(name="t" type="list") { property(name="structured-data") constant(value="\t") property(name="msg") constant(value="\n") }
ruleset(name="tcp" queue.type="direct") { action(type="omfile" file="$T/tcp.got" template="t" asyncWriting="off" flushOnTXEnd="on") }
ruleset(name="udp" queue.type="direct") { action(type="omfile" file="$T/udp.got" template="t" asyncWriting="off" flushOnTXEnd="on") }
input(type="imtcp" address="127.0.0.1" port="$tcp" ruleset="tcp" supportOctetCountedFraming="off")
input(type="imudp" address="127.0.0.1" port="$udp" ruleset="udp")
CONF
rs_command=(rsyslogd -n -f "$T/rsyslog.conf" -i "$T/rsyslog.pid") rs_ports=("$tcp")
rsyslog_start

check init status 0 assay init
printf 'x' >"$T/bad \"quoted\" ]name\\.txt"
awk 'BEGIN { for (i = 0; i < 200; i++) printf "long" }' >"$T/long.txt"
"$ASSAY" ingest --quiet "$SRC/samples/lynis" "$SRC/samples/pandora" "$T/"*.txt
n=$(records)
seqs() { sed -n 's/^\[assay@32473 .*\bseq="\([0-9]*\)".*/\1/p' "$1" 2>/dev/null | sort -n; }
for way in newline:$tcp udp:$udp; do
    scheme=${way%:*} url=${way%:*}://127.0.0.1:${way#*:} file=$T/${way%:*}.got
    [ "$scheme" = udp ] || file=$T/tcp.got
    check "$scheme: nobody asked for it" status 78 assay audit export -f rfc5424 -o "$url"
    check "$scheme: says how to" says "legacy=yes"
    check "$scheme: nothing came" equal "$(lines_of "$file")" 0
    check "$scheme: export" status 0 assay audit export -f rfc5424 -o "$url" --option legacy=yes
    come "$file" "$n"
    check "$scheme: all of it came, each once, in order" equal "$(seqs "$file" | below "$n" | tr '\n' ' ')" "$(seq 0 $((n - 1)) | tr '\n' ' ')"
    check "$scheme: each as a message of its own" equal "$(grep -vc '^\[assay@32473 ' "$file")" 0
    check "$scheme: a test" status 0 assay audit export --test -f cef -o "$url" --option legacy=yes
    case $scheme in udp) says "nobody knows whether it arrived" ;; *) says "confirms nothing" ;; esac
    check "$scheme: is told what it is worth" equal $? 0
done
rsyslog_stop
check "a datagram to nobody" status 69 assay audit export --test -f cef -o "udp://127.0.0.1:$udp" --option legacy=yes
check "a line to nobody" status 69 assay audit export --test -f cef -o "newline://127.0.0.1:$tcp" --option legacy=yes
done_tests
