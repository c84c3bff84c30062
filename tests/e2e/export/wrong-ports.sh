#!/usr/bin/env bash
# Every scheme at every wrong port: receivers of another protocol, a web server, SSH, something that swallows all. Nothing
# of it is "delivered": no cursor moves, whoever is there is told by what he said, and --test says so first.
. "$(dirname "$0")/../lib/lib.sh"
need python3 mariadb mariadbd pgrep
. "$(dirname "$0")/../lib/receivers.sh"
. "$(dirname "$0")/../lib/sql.sh"
unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY
rsyslog_ready
free_ports 5
http=$port https=$((port + 1)) ssh=$((port + 2)) drain=$((port + 3)) tls_drain=$((port + 4))
python3 "$SRC/tests/e2e/lib/strangers.py" "$T/server.pem" "$T/server.key" $http $https $ssh $drain $tls_drain &
check "the strangers are there" ports_open $! $http $https $ssh $drain $tls_drain
tls_files authority exporter.test
(umask 077; echo secret >"$T/token")

# Right: what the scheme is for. config: told at once who is there (78). fails: an end, whatever it says. waits: nobody
# answers, which takes up to a minute; it is ended before that. mute: reads to the end and ends in order, as a receiver of
# syslog does, which nobody can tell apart (doc/siem/README.md says so).
cells() {
    cat <<'TABLE'
scheme        rs_tcp rs_tls rs_relp rs_relps http   https  ssh    drain tls_drain
relp          waits  fails  right   fails    config fails  config waits fails
relps         waits  waits  config  right    config config config waits waits
syslog        right  fails  config  config   config fails  config mute  fails
syslogs       waits  right  config  config   config config config waits mute
newline       right  fails  config  fails    config fails  config mute  fails
webhook+http  waits  fails  fails   fails    config fails  fails  waits fails
webhook+https waits  waits  fails   fails    fails  config fails  waits waits
elastic+http  waits  fails  fails   fails    fails  fails  fails  waits fails
elastic+https waits  waits  fails   fails    fails  fails  fails  waits waits
splunk+http   waits  fails  fails   fails    fails  fails  fails  waits fails
splunk+https  waits  waits  fails   fails    fails  fails  fails  waits waits
TABLE
}
cells | awk 'NR == 1 { for (i = 2; i <= NF; i++) door[i] = $i; next } { for (i = 2; i <= NF; i++) print $1, door[i], $i }' >"$T/table"
while read -r scheme door cell; do
    path='' more='' format=json
    case $scheme in
    webhook*) path=/in ;; elastic*) path=/index ;; splunk*) more="token-file=$T/token" ;;
    *) format=rfc5424; [ $scheme != newline ] || more=legacy=yes ;;
    esac
    echo "export = $format:$scheme://127.0.0.1:${!door}$path name=${scheme/+/-}.$door $more" >>"$ASSAY_CONFIG"
done <"$T/table"
check init status 0 assay init
"$ASSAY" ingest --quiet "$SRC/samples/lynis"

# try NAME CELL: one pair; who waits is ended after some seconds, and has not got what it waits for.
try() {
    local limit=100
    [ "$2" != waits ] || limit=4
    timeout $limit "$ASSAY" audit export --target "$1" >"$T/$1.out" 2>&1
    echo $? >"$T/$1.rc"
}
export -f try
export T ASSAY
awk '{ sub(/\+/, "-", $1); print $1 "." $2, $3 }' "$T/table" | xargs -P 24 -L 1 bash -c 'try "$@"' -

ended() { # NAME CELL
    local rc
    rc=$(cat "$T/$1.rc")
    case $2 in
    right | mute) [ "$rc" = 0 ] ;;
    config) [ "$rc" = 78 ] ;;
    *) [ "$rc" = 69 ] || [ "$rc" = 78 ] || [ "$2:$rc" = waits:124 ] ;;
    esac || { echo "  exit $rc" >&2; cat "$T/$1.out" >&2; return 1; }
}
words() { grep -qF -- "$2" "$T/$1.out" || { cat "$T/$1.out" >&2; return 1; }; }
while read -r scheme door cell; do check "$scheme at $door is $cell" ended "${scheme/+/-}.$door" "$cell"; done <"$T/table"
sql "SELECT target, next_seq, piece FROM export_cursor" >"$T/cursors"
moved() { awk '$2 > 0 || $3 != "" { print $1 }' "$T/cursors" | sort | xargs; }
rest() { awk '$3 == "right" || $3 == "mute" { sub(/\+/, "-", $1); print $1 "." $2 }' "$T/table" | sort | xargs; }
check "no cursor moves but at the right port, and where nobody can tell" equal "$(moved)" "$(rest)"
check "and nothing came anywhere else" test "$(grep -c 'seq="0"' "$T/rsyslog.got")" -le 5

# What the stranger said is quoted, and harmless to read.
never='a receiver of syslog never says anything, and this one said'
check "syslog at a web server" words syslog.http "$never \"<!DOCTYPE HTML>\\n"
check "names it" words syslog.http 'as a server of HTTP does'
check "syslog at SSH" words syslog.ssh "$never \"SSH-2.0-OpenSSH_9.2p1 Debian-2\\r\\n"
check "syslog at RELP" words syslog.rs_relp "$never \"0 serverclose 0\\n\", as a receiver of RELP does"
check "syslog over TLS at RELP over TLS" words syslogs.rs_relps "$never \"0 serverclose 0\\n\", as a receiver of RELP does"
check "syslog over TLS at HTTPS" words syslogs.https 'as a server of HTTP does'
check "syslog over TLS at a plain port" words syslogs.http 'it does not speak TLS, and said "<!DOCTYPE'
check "RELP over TLS at SSH" words relps.ssh 'it does not speak TLS, and said "SSH-2.0-OpenSSH_9.2p1 Debian-2'
check "RELP at SSH" words relp.ssh 'does not speak RELP, and said "SSH-2.0'
check "a webhook at a page to log in" words webhook-http.http '200: it is a page for people (a login?), and takes no records'

# --test says it first.
for name in syslog.http syslog.ssh syslog.rs_relp syslogs.rs_relps syslogs.https syslogs.ssh relp.http relps.rs_relp webhook-http.http; do
    check "--test, $name" status 78 assay audit export --test --target $name
done

# And --follow, which stays: the cursor does not creep on.
. "$(dirname "$0")/../lib/follow.sh"
settle
grep -v '^export' "$ASSAY_CONFIG" >"$T/few.conf"
sed -n '/^export/ { s/name=\(syslogs.rs_relps\|syslog.http\|syslog.rs_relp\) /name=f-\1 confirm=1/p }' "$ASSAY_CONFIG" >>"$T/few.conf"
ASSAY_CONFIG=$T/few.conf start
all_failed() { [ "$("$ASSAY" audit export --quiet -f json -o - --from 0 --no-record | grep -o '"event":"export.fail","[^}]*"id":"f-[a-z._]*"' | sort -u | wc -l)" = 3 ]; }
check "each fails in --follow" wait_for "three failures" 60 all_failed
stop
settle
check "and none goes on" equal "$(sql "SELECT COUNT(*) FROM export_cursor WHERE target LIKE 'f-%' AND (next_seq > 0 OR piece <> '')")" 0
check "there were three" equal "$(sql "SELECT COUNT(*) FROM export_cursor WHERE target LIKE 'f-%'")" 3
rsyslog_stop
done_tests
