#!/usr/bin/env bash
# The audit log to a real syslog-ng and a real rsyslog: octet counting over TCP, client certificates over
# TLS 1.2 and 1.3, and the sizes that the receivers take. What is refused is noticed, and nothing is lost.
. "$(dirname "$0")/../lib/lib.sh"
need jq
. "$(dirname "$0")/../lib/receivers.sh"
need_syslog_ng
need_rsyslog
. "$(dirname "$0")/../lib/pki.sh"
export_to() { "$ASSAY" audit export -f rfc5424 -o "$@"; }

check init status 0 assay init
printf 'x' >"$T/bad \"quoted\" ]name\\.txt"
"$ASSAY" ingest --quiet "$SRC/samples/lynis" "$SRC/samples/pandora" "$T/"*.txt
records=$(records)

# ---- TCP

syslog_ng_conf; syslog_ng_start
check "over TCP" status 0 export_to "syslog://127.0.0.1:$ng_tcp"
check "all of it came" come "$T/syslog-ng.got" "$records"
check "each once" equal "$(lines_of "$T/syslog-ng.got")" "$records"
check "with the right hashes" hashes_hold "$T/syslog-ng.got"
check "nothing was an error to syslog-ng" equal "$(cat "$T/syslog-ng.got" "$T/syslog-ng.own" 2>/dev/null | grep -c 'Error processing')" 0
check "CEF" status 0 assay audit export -f cef -o "syslog://127.0.0.1:$ng_tcp"
check "came" come "$T/syslog-ng.got" $((2 * records + 1))

# ---- TLS: who is refused is told so, and what was not taken comes later

rsyslog_conf; rsyslog_start
for version in 1.2 1.3; do
    only_tls $version
    for receiver in syslog-ng rsyslog relp; do
        case $receiver in
        syslog-ng) url=syslogs://127.0.0.1:$ng_tls file=$T/syslog-ng.got ;;
        rsyslog) url=syslogs://127.0.0.1:$rs_tls file=$T/rsyslog.got ;;
        relp) url=relps://127.0.0.1:$rs_relps file=$T/rsyslog.got ;;
        esac
        before=$(lines_of "$file")
        for client in other.test intruder.test expired.test ''; do
            tls_files authority "$client"
            check "$receiver, TLS $version, client ${client:-without certificate}" status 69 export_to "$url" --from 0
            check "$receiver, TLS $version, client ${client:-without certificate}: whose it is to mend" says "tls-cert"
        done
        [ $receiver != syslog-ng ] || check "$receiver, TLS $version: who says why is quoted" says "the receiver wants a client certificate and tls-cert names none"
        tls_files stranger exporter.test
        check "$receiver, TLS $version: a server of another authority" status 69 export_to "$url" --from 0
        check "$receiver, TLS $version: that it is we who refuse" says "we refuse the receiver's certificate"
        tls_files authority exporter.test
        check "$receiver, TLS $version: a server of another name" status 69 export_to "${url/127.0.0.1/localhost}" --from 0
        check "$receiver, TLS $version: nothing of it came" equal "$(lines_of "$file")" "$before"
        check "$receiver, TLS $version: the right client" status 0 export_to "$url" --from 0
        check "$receiver, TLS $version: all of it came" come "$file" $((before + records))
        check "$receiver, TLS $version: and nothing of the others, nor later" equal "$(tail -n +$((before + 1)) "$file" | grep -o 'seq="[0-9]*"' | sort | uniq -d)" ''
    done
done
only_tls ''
check "hashes hold" hashes_hold "$T/rsyslog.got"

# ---- sizes: what a receiver takes by default, and more

awk 'BEGIN { for (i = 0; i < 3900; i++) printf "x" }' >"$T/long.txt"
for n in 1 5 60; do # changes of 3,900 bytes: records of 4 kB to 60 kB (the log's own limit)
    jq -Rnc --argjson n $n 'input as $x | {name: "config.change", type: "settings", id: "long", changes: [range($n) | ["field\(.)", "", $x]]}' <"$T/long.txt" | "$BUILD/tests/audit_append" 1
done
records=$(records)
rsyslog_stop; syslog_ng_stop
for limit in default raised; do
    rm -f "$T/rsyslog.got" "$T/syslog-ng.got"
    if [ $limit = default ]; then MAXMSG=8k rsyslog_conf; MAXMSG=65536 syslog_ng_conf
    else MAXMSG=64k rsyslog_conf; MAXMSG=262144 syslog_ng_conf; fi
    rsyslog_start; syslog_ng_start
    for target in "rsyslog relp://127.0.0.1:$rs_relp" "rsyslog syslog://127.0.0.1:$rs_tcp" "syslog-ng syslog://127.0.0.1:$ng_tcp"; do
        set -- $target
        rm -f "$T/$1.got"
        [ "$1" = syslog-ng ] || { rsyslog_stop; rsyslog_start; }
        [ "$1" = rsyslog ] || { syslog_ng_stop; syslog_ng_start; }
        more=() cut=2
        [ $limit = default ] || more=(--option max=65000) cut=0
        check "$limit size, $2" status 0 export_to "$2" --from 0 "${more[@]}"
        check "$limit size, $2: as many messages as records" come "$T/$1.got" "$records"
        check "$limit size, $2: no record in pieces" equal "$(grep -c 'rec_hash="[0-9a-f]\{64\}"' "$T/$1.got")" "$(lines_of "$T/$1.got")"
        check "$limit size, $2: what was cut says so" test "$(grep -c 'truncated="1"' "$T/$1.got")" = $cut
        [ $limit = default ] || check "$2: a long one is whole" test "$(wc -L <"$T/$1.got")" -gt 50000
    done
    rsyslog_stop; syslog_ng_stop
done
done_tests
