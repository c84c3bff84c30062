# A log manager's HTTP door (collector.js) as a receiver. Sourced behind lib.sh and receivers.sh.
# Gives:     door, close_door, next_door, fault; what the door took stands in $got. export_to, faulty,
#            strangers_get_nothing, die_in_turn: what is tried with every kind of door.
# Needs:     node. The test says how it exports (export_with), what came (seqs: the numbers of the records in $got, sorted)
#            and, for faulty and the ones behind it, where to ($url).
# Cleans up: close_door; a door that is left open lib.sh kills.
# shellcheck shell=bash disable=SC2154
unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY
door_pid='' door_port=''

# door KIND [CERT KEY [CLIENT-CA]]: on a free port, with what stands in $got; settings in the environment.
door() {
    local kind=$1; shift
    [ -n "$door_port" ] || { free_ports 1; door_port=$port; }
    rm -f "$T/door.out"
    node "$SRC/tests/e2e/lib/collector.js" "$kind" "$door_port" "$got" "$@" >"$T/door.out" 2>&1 &
    door_pid=$!
    wait_for "a door" 60 ended_or_ready
    grep -qs ready "$T/door.out" || no_receiver door
}
ended_or_ready() { ! kill -0 $door_pid 2>/dev/null || grep -qs ready "$T/door.out"; }
close_door() { [ -z "$door_pid" ] || kill "${1:--TERM}" "$door_pid" 2>/dev/null; wait $door_pid 2>/dev/null; door_pid=''; }
fault() { if [ -n "$1" ]; then printf '%s' "$1" >"$got.fault"; else rm -f "$got.fault"; fi; }
requests() { lines_of "$got.requests"; }
# next_door NAME: the next one has another port, so that its target begins at 0, and $T/NAME.got.
next_door() { door_port='' got=$T/$1.got; }

export_with=() # format and options of every export
# export_to URL [ARGUMENT…]
export_to() { "$ASSAY" audit export "${export_with[@]}" -o "$@"; }
# faulty FAULT STATUS [ARGUMENT…]: how a test of $url ends while the door has that fault.
faulty() {
    local name=$1 want=$2
    shift 2
    fault "$name"
    check "a door with $name" status "$want" export_to "$url" --test "$@"
    fault ''
}
# strangers_get_nothing NAME [ARGUMENT…]: neither who has no certificate of our authority nor who is not
# the server that $url names.
strangers_get_nothing() {
    local name=$1 client before
    shift
    before=$(lines_of "$got")
    for client in other.test expired.test ''; do
        tls_files authority "$client"
        check "$name, client ${client:-without certificate}" status 69 export_to "$url" "$@"
    done
    tls_files stranger exporter.test
    check "$name: a server of another authority" status 69 export_to "$url" "$@"
    tls_files authority exporter.test
    check "$name: a server of another name" status 69 export_to "${url/127.0.0.1/localhost}" "$@"
    check "$name: nothing of it came" equal "$(lines_of "$got")" "$before"
}
# die_in_turn KIND SIZE [ARGUMENT…]: exporter and door are killed in turn until SIZE records came, 40 times
# at the most; $deaths counts. Who is killed has just brought or taken some records more, or none yet.
die_in_turn() {
    local kind=$1 size=$2 round exporter
    shift 2
    deaths=0
    for round in $(seq 40); do
        "$ASSAY" audit export --quiet "${export_with[@]}" -o "$url" "$@" >/dev/null 2>&1 &
        exporter=$!
        wait_for "some records more" 60 export_goes_on $(($(lines_of "$got") + RANDOM % 80 - 20))
        if [ $((round % 2)) = 0 ]; then kill -9 $exporter 2>/dev/null; else close_door -KILL; door "$kind"; fi
        wait $exporter 2>/dev/null
        deaths=$((deaths + 1))
        [ "$(seqs | uniq | wc -l)" -lt "$size" ] || break
    done
    close_door
}
export_goes_on() { [ "$(lines_of "$got")" -ge "$1" ] || ! kill -0 $exporter 2>/dev/null; }
