# Real receivers: rsyslog, and syslog-ng unpacked beside it; and ports for whatever receives. Sourced behind lib.sh.
# Gives:     rsyslog_ready, or need_rsyslog, rsyslog_conf, rsyslog_start, rsyslog_stop, and the same of syslog-ng; what they
#            receive stands in $T/rsyslog.got and $T/syslog-ng.got. free_ports, ports_open; lines_of, come, rsyslog_seqs,
#            hashes_hold of what came; tls_files and only_tls for the program's side; lengthen_log.
# Needs:     rsyslog with RELP and TLS, else the test is skipped; syslog-ng.sh fetches the other one; keys of pki.sh.
#            Benchmarks source it, too: then SRC, T and skip are theirs.
# Cleans up: a test stops what it started; what still runs at its end lib.sh kills.
# shellcheck shell=bash disable=SC2034
export PATH=$PATH:/usr/sbin
. "$SRC/tests/e2e/lib/wait.sh"
syslog_ng=${SYSLOG_NG:-$SRC/build/syslog-ng}
rs_pid='' ng_pid=''

# own_ports: a hundred ports that no other test of this account uses, from $next_port to $last_port, whatever runs at
# the same time. They are below those that the system gives to connections, and ours until the last of our processes ends.
next_port=1 last_port=0
own_ports() {
    local i dir
    dir=${TMPDIR:-/tmp}/assay-ports-$(id -u)
    mkdir -p "$dir"
    for i in $(shuf -i 150-319); do
        exec {ports_fd}>"$dir/$i"
        flock -n "$ports_fd" && { next_port=$((i * 100)) last_port=$((i * 100 + 99)); return; }
        exec {ports_fd}>&-
    done
    echo "no ports are left (locks in $dir)" >&2
    exit 1
}
nobody_listens() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
# free_ports N: so many ports in a row where nobody listens, from $port on; never the same ones twice.
free_ports() {
    local i n=$1
    while :; do
        [ $((next_port + n - 1)) -le "$last_port" ] || own_ports
        port=$next_port next_port=$((next_port + n))
        for ((i = 0; i < n; i++)); do nobody_listens $((port + i)) || continue 2; done
        return 0
    done
}
need_rsyslog() {
    need rsyslogd openssl
    ls /usr/lib/*/rsyslog/imrelp.so >/dev/null 2>&1 || skip "no rsyslog-relp"
    ls /usr/lib/*/rsyslog/lmnsd_gtls.so >/dev/null 2>&1 || skip "no rsyslog-gnutls"
}
need_syslog_ng() { [ -x "$syslog_ng/run" ] || bash "$SRC/tests/e2e/lib/syslog-ng.sh" "$syslog_ng" >/dev/null 2>&1 || skip "no syslog-ng (tests/e2e/lib/syslog-ng.sh)"; }

# What is kept of a message. GOT=lines: structured data, a tab, the message. GOT=json: an object with
# every part of the message as the receiver understood it.
got=${GOT:-lines}

# rsyslog_conf: $T/rsyslog.conf for TCP, TLS, RELP and RELP/TLS at rs_tcp, rs_tls, rs_relp, rs_relps.
# MAXMSG (64k), ESC and LOWER (off; the daemon's own default is on) as the daemon's settings are called;
# OVERSIZE is what RELP does with longer messages (the daemon cuts them).
rsyslog_conf() {
    free_ports 4
    rs_tcp=$port rs_tls=$((port + 1)) rs_relp=$((port + 2)) rs_relps=$((port + 3))
    local max=${MAXMSG:-64k} form oversize=${OVERSIZE:+oversizeMode=\"$OVERSIZE\"}
    form='template(name="t" type="list") { property(name="structured-data") constant(value="\t") property(name="msg") constant(value="\n") }'
    [ "$got" = lines ] || form='template(name="t" type="string" string="%$!%\n")'
    {
        cat <<CONF
global(workDirectory="$T" maxMessageSize="$max" parser.escapeControlCharactersOnReceive="${ESC:-off}" net.enableDNS="off" preserveFQDN="on"
       defaultNetstreamDriverCAFile="$T/authority.pem" defaultNetstreamDriverCertFile="$T/server.pem" defaultNetstreamDriverKeyFile="$T/server.key")
module(load="imtcp")
module(load="imrelp")
module(load="mmpstrucdata")
template(name="when" type="list") { property(name="timereported" dateFormat="rfc3339") }
$form
# direct: what is confirmed is written, and not only in a queue in memory
ruleset(name="r" queue.type="direct") {
CONF
        [ "$got" = lines ] || cat <<CONF
    action(type="mmpstrucdata" jsonRoot="\$!" sd_name.lowercase="${LOWER:-off}")
    set \$!host = \$hostname; set \$!app = \$app-name; set \$!proc = \$procid; set \$!msgid = \$msgid; set \$!msg = \$msg;
    set \$!pri = \$pri; set \$!ts = exec_template("when"); set \$!via = \$inputname;
CONF
        cat <<CONF
    action(type="omfile" file="$T/rsyslog.got" template="t" asyncWriting="off" flushOnTXEnd="on")
}
input(type="imtcp" address="127.0.0.1" port="$rs_tcp" ruleset="r" name="tcp")
input(type="imtcp" address="127.0.0.1" port="$rs_tls" ruleset="r" name="tls" streamDriver.name="gtls" streamDriver.mode="1"
      streamDriver.authMode="x509/name" permittedPeer=["exporter.test"])
input(type="imrelp" address="127.0.0.1" port="$rs_relp" ruleset="r" name="relp" maxDataSize="$max" $oversize)
input(type="imrelp" address="127.0.0.1" port="$rs_relps" ruleset="r" name="relps" maxDataSize="$max" $oversize tls="on" tls.caCert="$T/authority.pem"
      tls.myCert="$T/server.pem" tls.myPrivKey="$T/server.key" tls.authMode="name" tls.permittedPeer=["exporter.test"])
CONF
    } >"$T/rsyslog.conf"
    rs_command=(rsyslogd -n -f "$T/rsyslog.conf" -i "$T/rsyslog.pid")
    rs_ports=("$rs_tcp" "$rs_tls" "$rs_relp" "$rs_relps")
}

# syslog_ng_conf: $T/syslog-ng.conf for TCP and TLS with octet counting at ng_tcp, ng_tls. MAXMSG in
# bytes (65536, the daemon's own default); SETTINGS for more settings of the daemon.
syslog_ng_conf() {
    free_ports 2
    ng_tcp=$port ng_tls=$((port + 1))
    local form='$SDATA\t$MSG\n'
    [ "$got" = lines ] || form='$(format-json --scope sdata --pair host=$HOST --pair app=$PROGRAM --pair proc=$PID --pair msgid=$MSGID --pair msg=$MSG --pair pri=$PRI --pair ts=$S_ISODATE --pair via=$SOURCE)\n'
    cat >"$T/syslog-ng.conf" <<CONF
@version: 3.38
options { log-msg-size(${MAXMSG:-65536}); keep-hostname(yes); use-dns(no); stats-freq(0); frac-digits(6); time-reopen(1); ${SETTINGS-} };
source tcp { syslog(ip("127.0.0.1") port($ng_tcp) transport("tcp") max-connections(50)); };
source tls { syslog(ip("127.0.0.1") port($ng_tls) transport("tls") max-connections(50)
    tls(key-file("$T/server.key") cert-file("$T/server.pem") ca-file("$T/authority.pem") peer-verify(required-trusted) trusted-dn("CN=exporter.test"))); };
destination got { file("$T/syslog-ng.got" template("$form") flush-lines(1)); };
log { source(tcp); source(tls); destination(got); };
source own { internal(); };
destination own { file("$T/syslog-ng.own" flush-lines(1)); };
log { source(own); destination(own); };
CONF
    ng_command=("$syslog_ng/run" -f "$T/syslog-ng.conf" -R "$T/ng.persist" -c "$T/ng.ctl" -p "$T/ng.pid" -F --stderr)
    ng_ports=("$ng_tcp" "$ng_tls")
}

# ports_open PID PORT…: as soon as somebody listens at all of them; fails when that process has ended before.
ports_open() {
    local p pid=$1
    shift
    for p in "$@"; do
        wait_for "somebody at port $p" 60 ended_or_open "$pid" "$p"
        nobody_listens "$p" && return 1
    done
    return 0
}
ended_or_open() { ! kill -0 "$1" 2>/dev/null || ! nobody_listens "$2"; }
# no_receiver NAME: it does not listen. A test cannot begin without it; one that has begun has failed.
no_receiver() {
    cat "$T/$1.out"
    [ $((${n_passed:-0} + ${n_failed:-0})) -gt 0 ] || skip "$1 does not listen here"
    echo "FAILED: $1 does not listen" >&2
    exit 1
}
rsyslog_start() {
    rm -f "$T/rsyslog.pid"
    "${rs_command[@]}" >>"$T/rsyslog.out" 2>&1 &
    rs_pid=$!
    ports_open $rs_pid "${rs_ports[@]}" || { rsyslog_stop -KILL; no_receiver rsyslog; }
}
rsyslog_stop() { [ -z "$rs_pid" ] || kill "${1:--TERM}" "$rs_pid" 2>/dev/null; wait $rs_pid 2>/dev/null; rs_pid=''; rm -f "$T/rsyslog.pid"; }
# rsyslog_ready: running with all four doors, or the test is skipped.
rsyslog_ready() {
    need_rsyslog
    . "$SRC/tests/e2e/lib/pki.sh"
    rsyslog_conf
    rsyslog_start
}
# rsyslog_seqs: the numbers of the records that stand in structured data, sorted.
rsyslog_seqs() { sed -n 's/.*\[assay@32473 seq="\([0-9]*\)".*/\1/p' "$T/rsyslog.got" | sort -n; }
syslog_ng_start() {
    "${ng_command[@]}" >>"$T/syslog-ng.out" 2>&1 &
    ng_pid=$!
    ports_open $ng_pid "${ng_ports[@]}" || { syslog_ng_stop -KILL; no_receiver syslog-ng; }
}
syslog_ng_stop() { [ -z "$ng_pid" ] || kill "${1:--TERM}" "$ng_pid" 2>/dev/null; wait $ng_pid 2>/dev/null; ng_pid=''; }

lines_of() { { wc -l <"$1"; } 2>/dev/null || echo 0; }
# come FILE N: at least N lines, as soon as the receiver has written them.
come() { wait_for "$2 lines in ${1##*/}" 60 has_come "$1" "$2"; }
has_come() { [ "$(lines_of "$1")" -ge "$2" ] || { echo "  $(lines_of "$1") of $2 came" >&2; return 1; }; }
# lengthen_log: 1,500 records more, each of a file that is no scan.
lengthen_log() {
    local i
    for i in $(seq 1500); do printf 'no scan %d\n' "$i" >"$T/spool-$i.txt"; done
    "$ASSAY" ingest --quiet "$T"/spool-*.txt >/dev/null 2>&1
}
# hashes_hold FILE: every record that stands in a message has the hash beside it.
hashes_hold() {
    local wrong=0 n=0 sd msg
    while IFS=$'\t' read -r sd msg; do
        case $msg in *'{'*) ;; *) continue ;; esac
        n=$((n + 1))
        [ "$( (printf '\0'; printf '%s' "${msg# }") | sha256sum | cut -d' ' -f1)" = "$(sed 's/.*rec_hash="\([0-9a-f]*\)".*/\1/' <<<"$sd")" ] || wrong=$((wrong + 1))
    done <"$1"
    [ $wrong = 0 ] && [ $n -gt 0 ]
}
# tls_files CA CLIENT: the settings of the program for targets over TLS; CLIENT "" = none.
tls_files() {
    sed -i '/^tls-/d' "$ASSAY_CONFIG"
    printf 'tls-ca = %s\n' "$T/$1.pem" >>"$ASSAY_CONFIG"
    [ -z "$2" ] || printf 'tls-cert = %s\ntls-key = %s\n' "$T/$2.pem" "$T/$2.key" >>"$ASSAY_CONFIG"
}
# only_tls VERSION: the program's OpenSSL speaks only this version of TLS from now on ("" = all).
only_tls() {
    [ -n "$1" ] || { unset OPENSSL_CONF; return; }
    cat >"$T/openssl.cnf" <<CONF
openssl_conf = default
[default]
ssl_conf = ssl
[ssl]
system_default = limits
[limits]
MinProtocol = TLSv$1
MaxProtocol = TLSv$1
CONF
    export OPENSSL_CONF=$T/openssl.cnf
}
