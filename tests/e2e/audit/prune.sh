#!/usr/bin/env bash
# Retention: old records lose their text and nothing else; the bounds; what somebody with the database
# can make of it.
. "$(dirname "$0")/../lib/lib.sh"
need jq node openssl mariadb mariadbd pgrep
. "$(dirname "$0")/../lib/sql.sh"
tamper() { node "$SRC/tests/e2e/lib/tamper.js" "$@"; }
tiles() { node "$SRC/tests/e2e/lib/tiles.js" "$T/www"; }
all="SELECT seq, HEX(rec) FROM audit_log WHERE rec IS NOT NULL ORDER BY seq"
count() { settle; sql "SELECT COUNT(*) FROM audit_log WHERE $1"; }

# ---- a log whose first 700 records are two years old

"$SRC/scripts/make-fleet" --out "$T/fleet" --agents 60 --weeks 12 >/dev/null
mkdir "$T/in"; find "$T/fleet" -type f | sort | head -720 | xargs cp -t "$T/in"
check init status 0 assay init
check ingest status 0 assay ingest "$T/in"
settle; sql "$all" | tamper age 700 730 >"$T/age.sql"; sql "$(cat "$T/age.sql")"
check "checkpoint" status 0 assay audit checkpoint -o "$T/old.checkpoint"
check "it holds" status 0 assay audit verify
check "a proof of before" status 0 assay audit prove 300 -o "$T/300.tlog-proof"
check "published" status 0 assay audit publish "$T/www"
check "with all records" equal "$(tiles | jq '.entries == .size')" true
keep

# ---- bounds

check "younger than 12 months: not without force" status 64 assay audit prune --keep 6
check "it says why" says "records are kept for 12 months at least"
check "the last three months: never" status 64 assay audit prune --keep 2 --force
check "it says why" says "always kept"
check "nor by a date" status 64 assay audit prune --before 2100-01-01 --force
check "no date" status 64 assay audit prune --before soon
check "both" status 64 assay audit prune --keep 12 --before 2024-01-01
printf 'audit-keep-months = 36\n' >>"$T/assay.conf"
check "longer by the settings" status 64 assay audit prune --keep 18
check "it says why" says "audit-keep-months is 36"
check "nothing is that old" status 0 assay audit prune -v
check "it says so" says "nothing to prune"
sed -i '$d' "$T/assay.conf"
printf 'export = json:%s/target.jsonl\n' "$T" >>"$T/assay.conf"
echo 'audit-witness-ask = false' >>"$T/assay.conf" # which is a record, behind the checkpoint that is made
check "a target that has nothing yet" status 64 assay audit prune
check "is named" says "target.jsonl has not got the records from 0 on"
sed -i '/^audit-witness-ask/d' "$T/assay.conf"
sed -i '$d' "$T/assay.conf"
check "a target" status 0 assay audit export -o "$T/all.jsonl"
settle; sql "UPDATE export_cursor SET next_seq = 500"
check "that is behind" status 64 assay audit prune
check "is named" says "all.jsonl has not got the records from 500 on"
check "less goes" status 0 assay audit prune --before 2020-01-01
check "nothing went" equal "$(count 'rec IS NULL')" 0
check "a rehearsal" status 0 assay audit prune --dry-run --force
check "says what would go" says "would be pruned: records 0 to 511"
check "and why not" says "forced: json:"
check "nothing went" equal "$(count 'rec IS NULL')" 0
settle; sql "UPDATE export_cursor SET next_seq = (SELECT size FROM audit_head)"

# ---- pruned: whole tiles, their hashes stay

check "prune" status 0 assay audit prune
check "it says what" says "pruned: records 0 to 511"
check "the texts are gone" equal "$(count 'rec IS NULL')" 512
check "the oldest ones" equal "$(count 'rec IS NULL AND seq >= 512')" 0
check "the hashes are there" equal "$(count 'LENGTH(leaf) = 32')" "$(count 1=1)"
check "the log holds, with all that was said" status 0 assay audit verify --expect "$T/old.checkpoint" --expect "$T/all.jsonl"
check "and says what is gone" says "512 records are pruned"
check "as JSON" equal "$("$ASSAY" audit verify --json | jq .pruned)" 512
check "a proof of before holds" status 0 assay verify --no-record "$T/300.tlog-proof"
check "none can be made" status 64 assay audit prove 300 -o "$T/x"
check "it says why" says "record 300 was pruned"
check "of what is left, one can" status 0 assay audit prove 600 -o "$T/600.tlog-proof"
check "which holds" status 0 assay verify --no-record "$T/600.tlog-proof"
settle
check "the view has the rest" equal "$(sql 'SELECT SUM(pruned), SUM(record IS NULL), COUNT(*) > 700 FROM v_audit')" "$(printf '512\t512\t1')"
check "again: nothing" status 0 assay audit prune -v
check "it says so" says "512 are pruned already"
check "checkpoints go on" status 0 assay ingest "$SRC/samples/lynis"
check "from the tiles" status 0 assay audit checkpoint
check "also from the leaves" status 0 assay audit checkpoint --rebuild
check "it holds" status 0 assay audit verify

# ---- what is published and exported

check "publish" status 0 assay audit publish -v "$T/www"
check "two bundles are gone" says "removed"
check "the rest verifies" equal "$(tiles | jq -c '[.minimum, .entries == .size - 512]')" "[512,true]"
rm -r "$T/www"
check "from nothing" status 0 assay audit publish "$T/www"
check "the same" equal "$(tiles | jq -c '[.minimum, .entries == .size - 512]')" "[512,true]"
check "export of what is gone" status 2 assay audit export --from 0 -o "$T/again.jsonl"
check "says where it begins" says "512"
check "from there on" status 0 assay audit export --from 512 -o "$T/again.jsonl"
check "the act is a record" equal "$(jq -c '.rec | select(.event == "audit.prune") | [.changes[] | select(.f != "note" and .f != "before" and .f != "facts") | .new]' "$T/again.jsonl")" '["0","511","512"]'
check "with the permission" equal "$(jq -r '.rec | select(.event == "audit.prune") | .changes[] | select(.f == "note") | .new' "$T/again.jsonl" | head -2)" "test/assay
pruned below 512"

# ---- attacks

check "up to date" status 0 assay audit checkpoint -o "$T/new.checkpoint"
keep
attack "one more text gone" "UPDATE audit_log SET rec = NULL WHERE seq = 512" "record 512: the text is gone, and nothing that is signed permits it"
attack "many" "UPDATE audit_log SET rec = NULL WHERE seq < 700" "record 512: the text is gone"
attack "all" "UPDATE audit_log SET rec = NULL" "record 0: the text is gone"
attack "one in the middle" "UPDATE audit_log SET rec = NULL WHERE seq = 600" "record 600: the text is gone, and older records have theirs"
attack "an empty one" "UPDATE audit_log SET rec = '' WHERE seq = 600" "record 600"
attack "a pruned one back with another text" "UPDATE audit_log SET rec = '{}' WHERE seq = 0" "record 0"
attack "the hash of a pruned one changed" "UPDATE audit_log SET leaf = REPEAT('x', 32) WHERE seq = 100" "does not fit the records"
attack "the last pruned hash changed" "UPDATE audit_log SET leaf = REPEAT('x', 32) WHERE seq = 511" "record 512: prev is not"
attack "a pruned one taken out" "DELETE FROM audit_log WHERE seq = 100" "record 100 is missing"
attack "the permission taken out" "UPDATE audit_log SET rec = REPLACE(rec, 'audit.prune', 'audit.prone') WHERE event = 'audit.prune'" "the record was changed"
settle; sql "$all" | tamper prune 768 >"$T/forged.sql"
attack "a permission written anew" "$(cat "$T/forged.sql") UPDATE audit_log SET rec = NULL WHERE seq < 700" "no checkpoint covers record"
settle; sql "$(cat "$T/forged.sql")"
check "and signed over by the next checkpoint" status 0 assay audit checkpoint
settle; sql "UPDATE audit_log SET rec = NULL WHERE seq < 700"
check "permits what was permitted before" status 2 assay audit verify
check "and no more" says "record 512: the text is gone, and nothing that is signed permits it"
back
openssl genpkey -algorithm ed25519 -out "$T/foreign.key" 2>/dev/null
printf 'test/assay\npruned below 768\n' >"$T/body"; openssl pkeyutl -sign -rawin -inkey "$T/foreign.key" -in "$T/body" -out "$T/sig"
for who in 00000000 "$(cut -d+ -f2 "$T/state/audit.vkey")"; do
    { cat "$T/body"; printf '\n— test/assay %s\n' "$( (printf %s "$who" | xxd -r -p; cat "$T/sig") | base64 -w0)"; } >"$T/note"
    settle; sql "$all" | tamper prune 768 "$T/note" >"$T/forged.sql"; sql "$(cat "$T/forged.sql")"
    check "a permission signed with another key" status 0 assay audit checkpoint
    settle; sql "UPDATE audit_log SET rec = NULL WHERE seq < 700"
    check "permits nothing" status 2 assay audit verify
    back
done
check "what was said last: no such key" says "nothing that is signed permits it: the signature of test/assay does not hold"

# ---- cut off, forced, and with a key that was rotated out

settle; sql "UPDATE audit_log SET rec = 'x' WHERE seq = 511"
check "tampering is not buried" status 2 assay audit prune
back
check "six months, by force" status 0 assay audit prune --keep 6 --force
check "another key" status 0 assay audit rotate-key
check "old permissions hold" status 0 assay audit verify
mv "$T/state/audit.vkeys" "$T/"; 
check "but not without the key that gave them" status 2 assay audit verify
check "it says so" says "audit.vkeys"
done_tests
