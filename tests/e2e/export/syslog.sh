#!/usr/bin/env bash
# The audit log over syslog with octet counting to a real rsyslog: what the receiver read to the end is
# delivered, nothing else. Over TLS: export/syslog-ng.sh.
. "$(dirname "$0")/../lib/lib.sh"
need jq
. "$(dirname "$0")/../lib/receivers.sh"
rsyslog_ready
port=$rs_tcp file=$T/rsyslog.got

check init status 0 assay init
printf 'x' >"$T/bad \"quoted\" ]name\\.txt"
"$ASSAY" ingest --quiet "$SRC/samples/lynis" "$SRC/samples/pandora" "$T/"*.txt
records=$(records)
check "export over TCP" status 0 assay audit export -f rfc5424 -o "syslog://127.0.0.1:$port"
check "all of it came" come "$file" "$records"
check "each as a message of its own" equal "$(grep -c '^\[assay@32473 seq="' "$T/rsyslog.got")" "$(lines_of "$file")"
check "CEF" status 0 assay audit export -f cef -o "syslog://127.0.0.1:$port"
check "came" come "$file" $((2 * records + 1))

# A receiver that is stopped takes nothing; one that dies ends no connection in order.
n=$(lines_of "$file")
kill -STOP "$rs_pid"
"$ASSAY" audit export --quiet -f leef -o "syslog://127.0.0.1:$port" 2>"$T/err" &
exporter=$!
# unread PORT: something came to it that nobody has read.
unread() { awk -v p="$(printf ':%04X' "$1")" '$2 ~ p "$" && $4 != "0A" && $5 !~ /:00000000$/ { n++ } END { exit !n }' /proc/net/tcp; }
check "it sends" wait_for "bytes that nobody reads" 60 unread "$port"
rsyslog_stop -KILL
wait $exporter; rc=$?
check "a dead receiver is no success" equal "$rc" 69
rsyslog_start
check "it comes again" status 0 assay audit export -f leef -o "syslog://127.0.0.1:$port"
check "whole" come "$file" $((n + records))
rsyslog_stop
done_tests
