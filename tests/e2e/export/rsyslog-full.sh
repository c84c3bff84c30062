#!/usr/bin/env bash
# A receiver whose disk is full: rsyslog with omfile confirms what it drops, which is why the page says so; with the settings
# and the script of doc/siem/rsyslog.md it keeps what it confirms, and the rest waits and comes.
. "$(dirname "$0")/../lib/lib.sh"
need jq
. "$(dirname "$0")/../lib/receivers.sh"
need_rsyslog
ls /usr/lib/*/rsyslog/omprog.so >/dev/null 2>&1 || skip "no omprog"
mkdir -p "$T/small"
mount -t tmpfs -o size=200k small "$T/small" 2>/dev/null || skip "mount is not permitted here"
at_end umount "$T/small"
. "$SRC/tests/e2e/lib/pki.sh"
appender=$BUILD/tests/audit_append
[ -x "$appender" ] || skip "no tests/audit_append"
page=$SRC/doc/siem/rsyslog.md
# block PATTERN: the block of code of the page in which a line fits, without its margin.
block() { awk -v pattern="$1" '/^    / { text = text substr($0, 5) "\n"; next } text ~ pattern { printf "%s", text; exit } { text = "" }' "$page"; }
# receiver: the page's settings, with names, port and paths of this test; $1 edits them.
receiver() {
    free_ports 1
    block 'type="omprog"' | sed -E "s|/etc/ssl/siem/ca.pem|$T/authority.pem|; s|/etc/ssl/siem/server|$T/server|g; s|assay.example.jp|exporter.test|
        s|/usr/local/sbin/assay-keep|$T/assay-keep|; s|/var/log/assay-audit|$T/small/got|; s|port=\"2514\"|address=\"127.0.0.1\" port=\"$port\"|
        s|^global\(|global(workDirectory=\"$T\" |" | sed -E "$1" >"$T/full.conf"
    block '^#!/bin/sh' >"$T/assay-keep"
    chmod 755 "$T/assay-keep"
    rs_command=(rsyslogd -n -f "$T/full.conf" -i "$T/rsyslog.pid") rs_ports=("$port")
    rsyslog_start
}
export_all() { "$ASSAY" audit export --quiet -f rfc5424 -o "relps://127.0.0.1:$port"; }
stored() { grep -o '^\[assay@32473 seq="[0-9]*".*rec_hash="[0-9a-f]\{64\}"' "$T/small/got" | grep -o 'seq="[0-9]*' | tr -dc '0-9\n' | sort -nu | below "$records" | wc -l; }

check init status 0 assay init
tls_files authority exporter.test
"$appender" 500 100 <<<'{"name": "config.change", "type": "settings", "id": "x", "object_name": "assay.conf", "changes": [["paper", "a4", "letter"]]}'
records=$(records)

# ---- omfile: everything is confirmed, and most of it is nowhere, whatever else stands there

says_lost() { grep -q 'message lost, could not be processed' "$T/rsyslog.out"; }
file="type=\"omfile\" file=\"$T/small/got\" template=\"assay\" asyncWriting=\"off\" flushOnTXEnd=\"on\""
spare="type=\"omfile\" file=\"$T/spare\" template=\"assay\""
omfile() { # NAME QUEUE ACTIONS
    : >"$T/rsyslog.out"
    receiver "s|queue.type=\"direct\"|$2|; s|action\(type=\"omprog\".*|$3|; /^ *action.resumeRetryCount=\"-1\" action.resumeInterval=\"1\"\)/d"
    check "omfile, $1: all is confirmed" status 0 export_all
    check "omfile, $1: rsyslog tells itself of what it drops" wait_for "a lost message" 60 says_lost
    check "omfile, $1: it is nowhere" test "$(cat "$T/small/got" "$T/spare" 2>/dev/null | wc -l)" -lt $((records / 2))
    rsyslog_stop -KILL
    rm -f "$T/small/got" "$T/spare"
}
omfile "direct" 'queue.type="direct"' "action($file action.resumeRetryCount=\"-1\" action.resumeInterval=\"1\")"
omfile "a queue on disk" 'queue.type="Disk" queue.filename="q" queue.syncQueueFiles="on" queue.checkpointInterval="1"' \
    "action($file action.resumeRetryCount=\"-1\" action.resumeInterval=\"1\")"
omfile "another file when it is suspended" 'queue.type="direct"' "action($file) action($spare action.execOnlyWhenPreviousIsSuspended=\"on\")"
omfile "a file for errors" 'queue.type="direct"' "action($file action.errorFile=\"$T/spare\")"

# ---- the page: what is confirmed is there

receiver ''
export_all 2>/dev/null &
exporter=$!
is_full() { [ "$(df --output=avail "$T/small" | tail -n 1 | tr -d ' ')" = 0 ] && test "$(stored)" -gt 100; }
check "the disk runs full" wait_for "a full disk" 60 is_full
kept=$(stored)
waits() { kill -0 $exporter 2>/dev/null; }
check "and the exporter waits" waits
check "for what is not there" test "$kept" -lt "$records"
mount -o remount,size=20m "$T/small"
wait $exporter
check "then all is confirmed" status 0 export_all
check "and there" wait_for "all of it" 60 eval '[ "$(stored)" = "$records" ]'
fragments() { echo $(($(grep -c . "$T/small/got") - $(grep -c 'rec_hash="[0-9a-f]\{64\}"\]' "$T/small/got"))); }
check "whole, but for a part that was cut off and stays a line of its own" test "$(fragments)" -le 1
gaps=$(block '^grep -o' | sed "s|/var/log/assay-audit|$T/small/got|")
check "the page's query finds no gap" equal "$(bash -c "$gaps")" ''
sed -i '/seq="77"/d' "$T/small/got"
check "and finds one" equal "$(bash -c "$gaps")" '77 to 77 are missing'
rsyslog_stop
done_tests
