#!/usr/bin/env bash
# Messages that make several requests: the cursor, and with it the hold on the target, moves behind each request. An
# exporter that dies after the first has that one behind it, and nothing comes twice.
. "$(dirname "$0")/../lib/lib.sh"
need node jq
. "$(dirname "$0")/../lib/receivers.sh"
. "$(dirname "$0")/../lib/collector.sh"

check init status 0 assay init
mkdir "$T/in"
jq '.tests[0].results = [range(100) | {id: "1.\(.)", desc: "Check \(.)", result: "WARN", details: ("evidence \(.) " * 1200)}]' \
    "$SRC/samples/docker-bench/docker01@bench.json" >"$T/in/docker01@bench.json"
check ingest status 0 assay ingest "$T/in"
printf 'export = json:%s name=file send=results\n' "$T/a.json" >>"$ASSAY_CONFIG"
check "to a file" status 0 assay audit export --target file
check "is more than goes at once" test "$(wc -c <"$T/a.json")" -gt 1000000
(umask 077; echo secret >"$T/token")
posts() { jq -r 'select(.url | test("ack$") | not) | .bytes' "$got.requests"; }
uids() { case $1 in webhook) jq -r .uid "$got" ;; elastic) jq -r .doc.uid "$got" ;; splunk) jq -r .event.uid "$got" ;; esac }

for kind in webhook elastic splunk; do
    got=$T/$kind.got door_port='' path='' more=''
    case $kind in webhook) path=/in ;; elastic) path=/index ;; splunk) more="token-file=$T/token" ;; esac
    door $kind
    echo "export = json:$kind+http://127.0.0.1:$door_port$path name=$kind send=results $more" >>"$ASSAY_CONFIG"
    check "$kind: dies when the first request is noted" status 137 env ASSAY_FAULT=after_cursor:1 "$ASSAY" audit export --target $kind
    check "$kind: there was one" equal "$(posts | grep -c .)" 1
    check "$kind: the rest" status 0 assay audit export --target $kind
    check "$kind: in several" test "$(posts | grep -c .)" -gt 2
    check "$kind: none is much larger than 512 KiB" test "$(posts | sort -n | tail -1)" -lt 560000
    check "$kind: all of it came, once" equal "$(uids $kind)" "$(jq -r .uid "$T/a.json")"
    close_door
done
done_tests
