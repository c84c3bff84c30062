#!/usr/bin/env bash
# A target that fails and takes messages by turns: told of once when that begins and once when it is over, however often it
# happens in between; what is told of exporting is no reason to fail and tell again.
. "$(dirname "$0")/../lib/lib.sh"
need node jq pgrep
. "$SRC/tests/e2e/lib/receivers.sh"
. "$SRC/tests/e2e/lib/collector.sh"
. "$SRC/tests/e2e/lib/follow.sh"
got=$T/webhook.got turns=5
# told EVENT: the log's records of it.
told() { "$ASSAY" audit export -f json -o - --from 0 --no-record | jq -c --arg e "$1" '.rec | select(.event == $e)'; }
n_told() { told "$1" | grep -c .; }
# What came of the changes of settings that are appended: no record about exporting is counted.
arrived() { [ "$(jq -r 'select(.rec.event == "config.change") | .rec.seq' "$got" 2>/dev/null | sort -u | wc -l)" -ge "$1" ]; }
is_over() { [ "$(n_told export.recover)" -ge 1 ]; }
has_refused() { [ "$("$ASSAY" doctor --json | jq '.exports[0].attempts > 0')" = true ]; }
has_taken() { [ "$("$ASSAY" doctor --json | jq '.exports[0] | .attempts == 0 and .lag_records == 0')" = true ]; }

check init status 0 assay init
door webhook
echo "export = json:webhook+http://127.0.0.1:$door_port/in name=flap steady=3" >>"$T/assay.conf"
append 3
start
check "the first ones" wait_for "3 records" 60 arrived 3
for turn in $(seq $turns); do
    fault 503
    append 1
    check "turn $turn: it is refused" wait_for "a refusal" 60 has_refused
    fault ''
    check "turn $turn: then it arrives" wait_for "record $((3 + turn))" 60 arrived $((3 + turn))
    check "turn $turn: and is noted" wait_for "the cursor" 60 has_taken
done
check "that it fails is told once" equal "$(n_told export.fail)" 1
check "that it is over as well" wait_for "the end" 60 is_over
check "once" equal "$(n_told export.recover)" 1
check "with how often it went on in between" test "$(told export.recover | jq -r '[.changes[] | select(.f == "between") | .new | tonumber] | first')" -ge $((turns - 1))
check "nothing more" equal "$(n_told export.fail)" 1
stop
check "the log holds" status 0 assay audit verify
done_tests
