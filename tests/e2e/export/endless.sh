#!/usr/bin/env bash
# Receivers that never come to an end, each over every way it is sent to: an exporter is held for a minute, not for
# ever, whether a byte comes now and then or more than anybody wants; and says why.
. "$(dirname "$0")/../lib/lib.sh"
need python3 jq
unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY

for manner in drip talk; do
    python3 "$SRC/tests/e2e/export/endless.py" $manner >"$T/$manner.port" 2>/dev/null &
done
for manner in drip talk; do
    wait_for "the receiver's port" 60 test -s "$T/$manner.port"
    port=$(cat "$T/$manner.port")
    for way in relp syslog newline webhook+http elastic+http splunk+http; do
        name=$manner-${way%+*} path='' more=''
        case $way in webhook*) path=/in ;; elastic*) path=/index ;; splunk*) more="token-file=$T/token" ;; newline) more=legacy=yes ;; esac
        format=json; case $way in relp | syslog | newline) format=rfc5424 ;; esac
        echo "export = $format:$way://127.0.0.1:$port$path name=$name $more" >>"$ASSAY_CONFIG"
    done
done
(umask 077; echo secret >"$T/token")
check init status 0 assay init

# All at once: most of them wait.
names=$(sed -n 's/.* name=\([a-z-]*\).*/\1/p' "$ASSAY_CONFIG")
for name in $names; do
    (timeout 300 "$ASSAY" audit export --target "$name" >"$T/$name.out" 2>&1; echo $? >"$T/$name.rc") &
    pids="${pids:-} $!"
done
wait $pids
for name in $names; do
    want=69
    case $name in *-syslog | *-newline | talk-relp) want=78 ;; esac # a receiver does not say that
    check "$name ends, and is to be tried again" equal "$(cat "$T/$name.rc")" $want
done
says_why() { grep -qF "$2" "$T/$1.out" || { cat "$T/$1.out" >&2; return 1; }; }
check "drip-relp: why" says_why drip-relp "does not come to an end in time"
check "talk-relp: why" says_why talk-relp "the receiver"
for name in {drip,talk}-{syslog,newline}; do check "$name: why" says_why $name 'never says anything, and this one said ".'; done
for name in drip-webhook drip-elastic drip-splunk; do check "$name: why" says_why $name "timed out"; done
for name in talk-webhook talk-elastic talk-splunk; do check "$name: why" says_why $name "the answer is larger than"; done
done_tests
