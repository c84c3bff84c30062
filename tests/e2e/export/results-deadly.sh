#!/usr/bin/env bash
# One event of results that its receiver dies of, and is started again each time; or that it answers with an error of its
# own each time. It is found, whatever goes with it and whoever tries, becomes a dead letter, and the rest goes on.
. "$(dirname "$0")/../lib/lib.sh"
need node jq mariadb mariadbd
. "$(dirname "$0")/../lib/receivers.sh"
. "$(dirname "$0")/../lib/collector.sh"
# place_of UID: record and piece, as a letter names them; the hash of the record stands between.
place_of() { sed -E 's/^[^:]*:([0-9]+):[0-9a-f]{16}:/\1:/' <<<"$1"; }
uids() { jq -r 'select(.uid).uid' "$1" | awk '!seen[$0]++'; }
letters() { "$ASSAY" audit deadletters --json | jq -r "$1"; }

printf 'export = json:%s name=file send=results\n' "$T/a.json" >>"$ASSAY_CONFIG"
check init status 0 assay init
check ingest status 0 assay ingest "$SRC"/samples/docker-bench
check "to a file" status 0 assay audit export --target file
deadly=$(jq -r 'select(.check_id == "1.1.3").uid' "$T/a.json")
check "there is such an event" test -n "$deadly"

# tries NAME: until it gets through, every second exporter killed before it says anything; how often in $n. Each finds
# the receiver up again.
tries() {
    for n in $(seq 40); do
        ports_open $keeper "$door_port"
        "$ASSAY" audit export --quiet --target "$1" >/dev/null 2>&1 && return 0
        [ $((n % 2)) = 0 ] || ASSAY_FAULT=before_send "$ASSAY" audit export --quiet --target "$1" >/dev/null 2>&1
    done
    return 1
}

case_of() { # NAME VARIABLE SEND
    got=$T/$1.got door_port=''
    export "$2=\"check_id\":\"1.1.3\""
    free_ports 1; door_port=$port
    echo "export = json:webhook+http://127.0.0.1:$door_port/in name=$1 send=$3" >>"$ASSAY_CONFIG"
    (while [ ! -e "$T/$1.over" ]; do node "$SRC/tests/e2e/lib/collector.js" webhook "$door_port" "$got"; echo died >>"$T/$1.deaths"; done) >/dev/null 2>&1 &
    keeper=$!
    check "$1: in the end all is through" tries "$1"
    check "$1: but that" equal "$(uids "$got")" "$(uids "$T/a.json" | grep -vxF "$deadly")"
    check "$1: it is a dead letter, and nothing else is" equal "$(letters ".[] | select(.target == \"$1\") | \"\(.state) \(.record):\(.piece)\"")" "refused $(place_of "$deadly")"
    check "$1: a record tells of it" test "$("$ASSAY" audit export -q -f json -o - --from 0 | jq -r 'select(.rec.event == "export.deadletter").rec.object.id' | grep -cx "$1")" = 1
    echo "$1: $n tries, $(lines_of "$T/$1.deaths") deaths"
    touch "$T/$1.over"; pkill -P $keeper; wait $keeper
    unset "$2"
}
case_of dies DIE results
check "dies: not too often" test "$(lines_of "$T/dies.deaths")" -lt 16
case_of stumbles STUMBLE all

# Mended, it takes what it did not.
door_port=$port
door webhook
check "sent again" status 0 assay audit deadletters --resend --target stumbles
check "it came" equal "$(uids "$got" | grep -cxF "$deadly")" 1
close_door
done_tests
