#!/usr/bin/env bash
# One event of results that a receiver refuses: it keeps none back, is told of, and is made and sent again, it
# alone and as it was, once the receiver takes it; an event whose scan is gone is left and stops nothing.
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/sql.sh"
need node jq mariadb mariadbd
. "$(dirname "$0")/../lib/receivers.sh"
. "$(dirname "$0")/../lib/collector.sh"
got=$T/door.got
uids() { jq -r .uid "$1"; }
letters() { "$ASSAY" audit deadletters --json | jq -r "$1"; }

REFUSE='"check_id":"1.1.3"' door webhook
printf 'export = json:webhook+http://127.0.0.1:%s/in name=door send=results\nexport = json:%s name=file send=results\n' \
    "$door_port" "$T/a.json" >>"$ASSAY_CONFIG"
check init status 0 assay init
check ingest status 0 assay ingest "$SRC"/samples/docker-bench
check "to a file" status 0 assay audit export --target file
refused=$(jq -r 'select(.check_id == "1.1.3").uid' "$T/a.json")
# Record and piece, as a letter names them; the hash of the record stands between.
place=$(sed -E 's/^[^:]*:([0-9]+):[0-9a-f]{16}:/\1:/' <<<"$refused")
check "to the door" status 0 assay audit export --target door
check "the others are there" equal "$(jq -r 'select(.uid).uid' "$got" | sort -u | grep -c .)" "$(uids "$T/a.json" | grep -cvxF "$refused")"
check "the letter names the event" equal "$(letters '.[] | "\(.state) \(.record):\(.piece)"')" "refused $place"
told() { "$ASSAY" audit export -q -f json -o - --from 0 | jq -r "select(.rec.event == \"$1\").rec.changes | map(select(.f != \"size\" and .f != \"facts\").new) | join(\":\")"; }
check "so does the record about it" equal "$(told export.deadletter)" "$place"
check "still refused" fails assay audit deadletters --resend
check "is kept" equal "$(letters length)" 1
close_door
door webhook
n=$(wc -l <"$got")
check "sent again" status 0 assay audit deadletters --resend
check "it came, and nothing else" equal "$(tail -n +$((n + 1)) "$got")" "$(jq -c --arg u "$refused" 'select(.uid == $u)' "$T/a.json")"
check "the letter is gone" equal "$(letters length)" 0
check "a record tells of it" equal "$(told export.resend)" "$place"
close_door

# Of two that are refused one is still, the first: it does not keep the other back.
got=$T/two.got door_port=''
REFUSE='"check_id":"1.1.' door webhook
echo "export = json:webhook+http://127.0.0.1:$door_port/in name=two send=results" >>"$ASSAY_CONFIG"
check "two are refused" status 0 assay audit export --target two
check "and kept" equal "$(letters length)" 2
close_door
REFUSE='"check_id":"1.1.3"' door webhook
check "one is refused again" fails assay audit deadletters --resend --target two
check "it is the one that is left" equal "$(letters '.[] | "\(.record):\(.piece)"')" "$place"
close_door
door webhook
check "and goes as well" status 0 assay audit deadletters --resend --target two
check "nothing is left" equal "$(letters length)" 0
close_door
settle
sql "INSERT INTO export_deadletter (letter_id, target, seq, piece, state, reason, size, made) SELECT 1, 'door', MAX(seq), 'nothing', 'refused', 'x', 1, '2026-01-01' FROM audit_log" >/dev/null
check "what is gone" status 0 assay audit deadletters --resend -v
check "is left" says "0 arrived, 1 are left"
done_tests
