#!/usr/bin/env bash
# The attacks on an audit log, each against what should notice it; and checkpoints and proofs checked
# by openssl and by a program that shares nothing with assay.
. "$(dirname "$0")/../lib/lib.sh"
need jq node openssl mariadb mariadbd pgrep
tamper() { node "$SRC/tests/e2e/lib/tamper.js" "$@"; }

. "$(dirname "$0")/../lib/sql.sh"

# ---- a log with checkpoints at 6 and at the end, all of them kept somewhere

check init status 0 assay init
check "a key for the log" test -s "$T/state/audit.vkey" -a "$(stat -c %a "$T/state/audit.key")" = 600
check "without checkpoints" status 0 assay audit verify
check "it says what that is worth" says "no checkpoint of this host"
check ingest status 0 assay ingest "$SRC"/samples/lynis
check "a checkpoint" status 0 assay audit checkpoint -o "$T/old.checkpoint"
check report status 0 assay report hardening-executive --allow-empty --output "$T/reports"
check ingest status 0 assay ingest "$SRC"/samples/pandora
check export status 0 assay audit export --format json -o "$T/events.jsonl"
check "another" status 0 assay audit checkpoint -o "$T/new.checkpoint"
size=$(sed -n 2p "$T/new.checkpoint")
check "the same when nothing came" status 0 assay audit checkpoint -o "$T/same.checkpoint"
check "byte by byte" cmp "$T/new.checkpoint" "$T/same.checkpoint"
check "all of it holds" status 0 assay audit verify --no-record -v --expect "$T/old.checkpoint" --expect "$T/new.checkpoint" \
    --expect "$T/reports/manifest.json" --expect "$T/events.jsonl"
check "three checkpoints: one is of the report, behind its records" says "3 checkpoints hold, the newest covers $size records"
check "as JSON" equal "$("$ASSAY" audit verify --no-record --json --expect "$T/events.jsonl" | jq '[.checkpoints, .covered, .records, (.expected > 5)] == [3, '"$size, $size"', true]')" true

# ---- others check it

awk '/^$/{exit} {print}' "$T/new.checkpoint" >"$T/body"
grep '^— ' "$T/new.checkpoint" | awk '{print $3}' | base64 -d | tail -c 64 >"$T/sig"
openssl pkey -in "$T/state/audit.key" -pubout -out "$T/log.pub" 2>/dev/null
check "openssl verifies the signature" openssl pkeyutl -verify -rawin -pubin -inkey "$T/log.pub" -in "$T/body" -sigfile "$T/sig" >/dev/null
for seq in 0 3 $((size - 1)); do
    check "proof of $seq" status 0 assay audit prove --no-record $seq -o "$T/$seq.tlog-proof"
    check "proof of $seq, by its specification" tamper proof "$T/$seq.tlog-proof" "$T/state/audit.vkey" >/dev/null
    check "proof of $seq, by us" status 0 assay verify --no-record "$T/$seq.tlog-proof"
done
sed 's/^index 3$/index 4/' "$T/3.tlog-proof" >"$T/moved.tlog-proof"
check "a moved proof" status 2 assay verify --no-record "$T/moved.tlog-proof"
for name in note.txt record.json record.pdf record; do
    cp "$T/3.tlog-proof" "$T/$name"
    check "a proof called $name" status 0 assay verify --no-record "$T/$name"
    check "$name: it is shown" says "record 3 of test/assay is below its checkpoint"
    sed 's/^index 3$/index 4/' "$T/3.tlog-proof" >"$T/$name"
    check "a moved one called $name" status 2 assay verify --no-record "$T/$name"
done
sed 's/$/\r/' "$T/3.tlog-proof" >"$T/spoiled.txt"
check "a proof that a mailer spoiled" status 2 assay verify --no-record "$T/spoiled.txt"
check "is known as one" says "not a proof with a record in it"
sed '1s/v1/v9/' "$T/3.tlog-proof" >"$T/other.txt"
check "another text" status 2 assay verify --no-record "$T/other.txt"
check "is none" says "neither a PDF"
check "beyond the log" status 64 assay audit prove --no-record "$size" -o "$T/x"
check "no number" status 64 assay audit prove --no-record x -o "$T/x"
cp "$T/new.checkpoint" "$T/bent.checkpoint"; sed -i "2s/.*/$((size + 1))/" "$T/bent.checkpoint"
check "a bent checkpoint" status 2 assay verify --no-record "$T/bent.checkpoint"
check "an expectation that says nothing" status 65 assay audit verify --expect "$T/assay.conf"
keep

# ---- fresh: what nobody signs, anybody can change

check "nothing came: not due" status 0 assay audit checkpoint --heartbeat -v
check "it says so" says "not due"
touch -d '90 minutes ago' "$T/state/audit.checkpoint"
check "a heartbeat passed: due" status 0 assay audit checkpoint --heartbeat -v
check "the same checkpoint" says "the same checkpoint of $size records"
check "is younger now" [ $(($(date +%s) - $(stat -c %Y "$T/state/audit.checkpoint"))) -lt 1800 ]
touch -d '3 hours ago' "$T/state/audit.checkpoint"
check "old, and nothing came" status 0 assay audit verify
check "is said" says "nothing shows that nothing happened since"
check "records come" status 0 assay ingest "$SRC"/samples/stig
touch -d '110 minutes ago' "$T/state/audit.checkpoint"
check "within two heartbeats" status 0 assay audit verify
touch -d '3 hours ago' "$T/state/audit.checkpoint"
check "stale" status 2 assay audit verify
check "it says what that means" grep -qE "are covered by no checkpoint, and the newest one is 18[0-9] minutes old" "$T/err" "$T/out"
check "the doctor finds it" status 78 assay doctor
check "too" says "FAIL  audit log"
settle; sql "UPDATE audit_checkpoint SET made = NOW(6)"
check "the database cannot say otherwise" status 2 assay audit verify
printf 'audit-heartbeat = 86400\n' >>"$T/assay.conf"
check "by the settings it is not" status 0 assay audit verify
sed -i '$d' "$T/assay.conf"
check "records came: due" status 0 assay audit checkpoint --heartbeat
check "fresh" status 0 assay audit verify
back

# ---- attacks that leave the chain broken

attack "a record changed" "UPDATE audit_log SET rec = REPLACE(rec, 'key.create', 'key.cremate') WHERE seq = 1" "record 1"
attack "a record gone" "DELETE FROM audit_log WHERE seq = 3" "record 3"
attack "two records swapped" "UPDATE audit_log SET seq = 999 WHERE seq = 3; UPDATE audit_log SET seq = 3 WHERE seq = 4; UPDATE audit_log SET seq = 4 WHERE seq = 999" "record 3"
attack "a column changed" "UPDATE audit_log SET outcome = 1 - outcome WHERE seq = 2" "column outcome"
attack "a checkpoint forged" "UPDATE audit_checkpoint SET note = REPLACE(note, '\n$size\n', '\n$((size - 1))\n') WHERE size = $size" "does not hold"

# ---- tiles of the tree: a cache that nobody trusts

poison="UPDATE audit_tile SET hashes = CONCAT(REPEAT(x'00', 32), SUBSTRING(hashes, 33)) WHERE level = 0 AND idx = 0"
attack "a tile changed" "$poison" "tile 0/0: the records hold, but 1 tiles of the tree"
settle; sql "$poison"
check "proofs do not follow it" status 0 assay audit prove --no-record 3 -o "$T/3b.tlog-proof"
check "but are the same" cmp "$T/3.tlog-proof" "$T/3b.tlog-proof"
check "nor does a signature" status 0 assay audit checkpoint -o "$T/poisoned.checkpoint"
check "which is the same" cmp "$T/new.checkpoint" "$T/poisoned.checkpoint"
check "nor one of more records" status 0 assay ingest "$SRC"/samples/xccdf
check "signed" status 0 assay audit checkpoint
check "and all holds: the tiles were made anew" status 0 assay audit verify --expect "$T/new.checkpoint"
back; settle; sql "$poison"
check "rebuilt" status 0 assay audit checkpoint --rebuild
check "holds" status 0 assay audit verify
back; settle; sql "DELETE FROM audit_tile"
check "without tiles all holds" status 0 assay audit verify
check "and can be proved" status 0 assay audit prove --no-record 3 -o "$T/3b.tlog-proof"
check "with the same proof" cmp "$T/3.tlog-proof" "$T/3b.tlog-proof"
back

# ---- attacks that mend the chain

cut="DELETE FROM audit_log WHERE seq >= $size - 2; UPDATE audit_head SET size = $size - 2, last = (SELECT leaf FROM audit_log WHERE seq = $size - 3)"
forget="DELETE FROM audit_checkpoint WHERE size > $size - 2"
attack "the end cut off" "$cut" "its end was cut off"
attack "and its checkpoints taken out" "$cut; $forget" "is not in the database"
settle; rm "$T/state/audit.checkpoint"
attack "and the one outside removed" "$cut; $forget" "audit.checkpoint is gone"
settle; cp "$T/old.checkpoint" "$T/state/audit.checkpoint"
attack "an old one in its place: what somebody else kept tells" "$cut; $forget" "its end was cut off" --expect "$T/new.checkpoint"

settle
sql "SELECT seq, HEX(rec) FROM audit_log ORDER BY seq" | tamper rebuild 2 >"$T/rebuild.sql"
rebuild=$(cat "$T/rebuild.sql")
attack "history rewritten" "$rebuild" "does not fit the records"
attack "and all checkpoints taken out" "$rebuild; DELETE FROM audit_checkpoint" "is not in the database"
settle; rm "$T/state/audit.checkpoint"
sql "$rebuild; DELETE FROM audit_checkpoint"
check "the exporter remembers what it sent" status 2 assay audit verify
check "and to whom" says "that was sent to json:$T/events.jsonl at "
settle; rm -r "$T/state/sent"
check "all other traces removed: the tiles of the tree still tell" status 2 assay audit verify
check "which ones" says "tile 0/0: the records hold"
settle; sql "DELETE FROM audit_tile"
check "all traces here removed: this host cannot know" status 0 assay audit verify
check "and says so" says "no checkpoint of this host"
check "a checkpoint elsewhere does" status 2 assay audit verify --expect "$T/old.checkpoint"
check "a report does" status 2 assay audit verify --expect "$T/reports/manifest.json"
check "an exported event does" status 2 assay audit verify --expect "$T/events.jsonl"
check "and says what" says "the log was rewritten"
back

# ---- a database put back from an old backup

keep
check "life goes on" status 0 assay ingest "$SRC"/samples/xccdf
check "with a checkpoint" status 0 assay audit checkpoint
settle; rm -rf "$T/state/db"; cp -a "$T/kept/db" "$T/state/db"
check "rolled back: noticed" status 2 assay audit verify
check "rolled back: no new signature" status 2 assay audit checkpoint
check "it says why" says "the database is an older one"
check "nor by the nightly run" status 2 assay run
check "which says so too" says "no new checkpoint"

# ---- an honest restore: the old key and its last word are put aside, a new key begins
mkdir "$T/aside"; mv "$T"/state/audit.* "$T/aside"
check "a new key" status 0 assay init
check "signs" status 0 assay audit checkpoint -o "$T/first.checkpoint"
check "and the log holds" status 0 assay audit verify --expect "$T/first.checkpoint"
check "with the checkpoints of the old key" says "3 checkpoints of other"
cp "$T/state/audit.vkey" "$T/new.vkey"
check "whose word is not taken for the new one's" status 2 assay verify --no-record "$T/new.checkpoint"
check "but for its own" status 0 assay verify --no-record --log-key "$T/aside/audit.vkey" "$T/new.checkpoint"
done_tests
