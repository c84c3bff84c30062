# The frame of an end-to-end test. Sourced before everything else.
# Gives:     $T, an empty folder, and in it settings for the program (ASSAY_CONFIG); check and what is checked with it;
#            need and skip; wait_for (wait.sh); assay; records; done_tests, the last line of every test.
# Needs:     ASSAY, the program under test, SRC, the project root, and BUILD, where it was built, from CTest or by hand.
# Cleans up: at the end, however the test ends, what at_end was given is run, the last first, what was left running in the
#            background is killed, and $T is removed. A trap of one's own would lose the status of the test.
# shellcheck shell=bash
set -u
: "${ASSAY:?name the program under test}" "${SRC:?name the project root}"
T=$(mktemp -d "${TMPDIR:-/tmp}/assay-e2e-XXXXXX")
export HOME=$T ASSAY_CONFIG=$T/assay.conf TZ=UTC LC_ALL=C.UTF-8
n_passed=0 n_failed=0
. "$SRC/tests/e2e/lib/wait.sh"
printf 'state-dir = %s/state\nspool-dir = %s/spool\nreports-dir = %s/scheduled\norigin = test/assay\n' \
    "$T" "$T" "$T" >"$T/assay.conf"

at_end_commands=()
# at_end COMMAND…: is run when the test ends.
at_end() { at_end_commands=("$(printf '%q ' "$@")" "${at_end_commands[@]}"); }
cleanup() {
    local status=$? left command
    for command in "${at_end_commands[@]}"; do eval "$command"; done
    left=$(jobs -p)
    [ -z "$left" ] || { kill -KILL $left; wait $left; } 2>/dev/null
    # The embedded server ends when its last user is gone; it makes files until then.
    wait_for "the end of all that uses $T" 30 rm -rf "$T"
    exit $status
}
trap cleanup EXIT

# What failed before is not hidden by it.
skip() { [ "$n_failed" -eq 0 ] || { echo "$n_failed failed, and then: $*"; exit 1; }; echo "skipped: $*"; exit 77; }
need() { for c in "$@"; do command -v "$c" >/dev/null || skip "no $c"; done; }

# check NAME COMMAND…: counts, and says what failed.
check() {
    local name=$1; shift
    if "$@"; then n_passed=$((n_passed + 1)); else
        n_failed=$((n_failed + 1)); echo "FAILED: $name: $*" >&2
    fi
}
equal() { [ "$1" = "$2" ] || { echo "  got:  $1" >&2; echo "  want: $2" >&2; return 1; }; }
fails() { ! "$@" >/dev/null 2>&1; }
# status WANT COMMAND…: the exit status is WANT.
status() { local want=$1 got=0; shift; "$@" >"$T/out" 2>"$T/err" || got=$?
    [ "$got" -eq "$want" ] || { echo "  exit $got, want $want" >&2; cat "$T/err" >&2; return 1; }; }
says() { grep -qF -- "$1" "$T/err" "$T/out" || { echo "  no \"$1\" in:" >&2; cat "$T/err" "$T/out" >&2; return 1; }; }
silent() { [ ! -s "$T/out" ] && [ ! -s "$T/err" ] || { cat "$T/out" "$T/err" >&2; return 1; }; }
assay() { "$ASSAY" "$@"; }
# at TIME COMMAND…: the command, with the clock of assay at that time.
at() {
    local LD_PRELOAD=$BUILD/tests/libe2e_clock.so${LD_PRELOAD:+:$LD_PRELOAD} E2E_CLOCK=$(($(date -d "$1" +%s) - $(date +%s)))
    shift
    export LD_PRELOAD E2E_CLOCK
    "$@"
}
# records: how many the audit log has.
records() { "$ASSAY" audit verify --no-record --json | jq .records; }
# below N: of the numbers that are read those below N, such as what came of the first N records.
below() { awk -v n="$1" '$1 < n'; }
done_tests() { echo "$n_passed passed, $n_failed failed"; [ "$n_failed" -eq 0 ] && [ "$n_passed" -gt 0 ]; }
