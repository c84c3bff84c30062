# A log manager's HTTP door (collector.js) as a receiver; what it took stands in $got. Sourced behind
# lib.sh and receivers.sh.
# shellcheck shell=bash disable=SC2154
unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY
door_pid='' door_port=''

# door KIND [CERT KEY [CLIENT-CA]]: on a free port, with what stands in $got; settings in the environment.
door() {
    local kind=$1; shift
    [ -n "$door_port" ] || { free_ports 1; door_port=$port; }
    rm -f "$T/door.out"
    node "$SRC/tests/e2e/collector.js" "$kind" "$door_port" "$got" "$@" >"$T/door.out" 2>&1 &
    door_pid=$!
    for _ in $(seq 200); do grep -qs ready "$T/door.out" && return 0; sleep 0.03; done
    cat "$T/door.out"; skip "no door on port $door_port"
}
close_door() { [ -z "$door_pid" ] || kill "${1:--TERM}" "$door_pid" 2>/dev/null; wait $door_pid 2>/dev/null; door_pid=''; }
fault() { if [ -n "$1" ]; then printf '%s' "$1" >"$got.fault"; else rm -f "$got.fault"; fi; }
requests() { lines_of "$got.requests"; }
