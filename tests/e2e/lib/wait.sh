# Waiting for a state, not for a time. Sourced by lib.sh, and by receivers.sh for the benchmarks.
# Gives:     wait_for.
# Needs:     nothing.
# Cleans up: there is nothing to.
# shellcheck shell=bash

# wait_for WHAT SECONDS COMMAND…: until the command succeeds. When it has not by then, says what was waited for in vain,
# and the command what it has to say; fails. The seconds are for a machine that has no time: nobody waits them out.
wait_for() {
    local what=$1 end=$((SECONDS + $2)); shift 2
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -le $end ] || { echo "  waited in vain for $what" >&2; "$@"; return; }
        sleep 0.02 # between two looks
    done
}
