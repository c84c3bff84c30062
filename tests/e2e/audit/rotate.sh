#!/usr/bin/env bash
# Rotation of the log key: both sign one checkpoint, the old one is worth nothing afterwards; a stolen
# old key; a rotation that is cut off anywhere.
. "$(dirname "$0")/../lib/lib.sh"
need jq node openssl mariadb mariadbd pgrep
. "$(dirname "$0")/../lib/sql.sh"
tamper() { node "$SRC/tests/e2e/lib/tamper.js" "$@"; }
keys() { grep -v '^#' "$T/state/audit.vkeys"; }
size_of() { sed -n 2p "$1"; }

check init status 0 assay init
check ingest status 0 assay ingest "$SRC"/samples/lynis
check checkpoint status 0 assay audit checkpoint -o "$T/old.checkpoint"
check "a proof of the old key" status 0 assay audit prove --no-record 1 -o "$T/old.tlog-proof"
cp "$T/state/audit.key" "$T/stolen.key"; cp "$T/state/audit.vkey" "$T/old.vkey"
check "one key, without end" equal "$(keys)" "$(cat "$T/old.vkey") 0 -"
keep
check "rotate" status 0 assay audit rotate-key
cp "$T/out" "$T/new.vkey"; turn=$(size_of "$T/state/audit.checkpoint")
check "prints the new key" cmp "$T/out" "$T/state/audit.vkey"
check "it is another" fails cmp "$T/stolen.key" "$T/state/audit.key"
check "of mode 0600" equal "$(stat -c %a "$T/state/audit.key")" 600
check "nothing else is left" equal "$(ls "$T/state" | grep '^audit' | tr '\n' ' ')" "audit.checkpoint audit.key audit.lock audit.vkey audit.vkeys "
check "the list says who signs what" equal "$(keys)" "$(cat "$T/old.vkey") 0 $turn
$(cat "$T/new.vkey") $(size_of "$T/old.checkpoint") -"
check "two signatures" equal "$(grep -c '^— ' "$T/state/audit.checkpoint")" 2
cp "$T/state/audit.checkpoint" "$T/turn.checkpoint"; cp "$T/state/audit.vkeys" "$T/"
for k in old new; do
    check "its $k one holds" status 0 assay verify --no-record --log-key "$T/$k.vkey" "$T/turn.checkpoint"
done
check "a record says so" status 0 assay audit export -o "$T/log.jsonl"
check "with old and new" equal "$(jq -r '.rec | select(.event == "audit.key.rotate") | .changes[0].old, .changes[0].new' "$T/log.jsonl")" "$(cat "$T/old.vkey" "$T/new.vkey")"
check ingest status 0 assay ingest "$SRC"/samples/pandora
check "the new key signs" status 0 assay audit checkpoint -o "$T/new.checkpoint"
check "alone" equal "$(grep -c '^— ' "$T/new.checkpoint")" 1
check "all of it holds" status 0 assay audit verify -v --expect "$T/old.checkpoint" --expect "$T/turn.checkpoint" --expect "$T/new.checkpoint"
check "all checkpoints are of this host" fails grep -q "other hosts" "$T/err"
for f in old.checkpoint turn.checkpoint new.checkpoint old.tlog-proof; do
    check "$f by the list" status 0 assay verify --no-record --log-key "$T/audit.vkeys" "$T/$f"
done
check "by default" status 0 assay verify --no-record "$T/old.tlog-proof"
check "the list is published" status 0 assay audit publish "$T/www"
check "with the log" equal "$(cat "$T/www/vkeys")" "$(keys)"
check "which others verify" equal "$(node "$SRC/tests/e2e/lib/tiles.js" "$T/www" | jq .size)" "$(size_of "$T/new.checkpoint")"
check "twice in a row" status 0 assay audit rotate-key
check "and again" status 0 assay audit rotate-key
check "four keys" equal "$(keys | wc -l)" 4
check "all of it holds" status 0 assay audit verify --expect "$T/old.checkpoint" --expect "$T/new.checkpoint"

# ---- a stolen key, used after its time: the attacker has the database, too

# forge KEY VKEY SIZE ROOT: a checkpoint.
forge() {
    local name id; IFS=+ read -r name id _ <"$2"
    printf '%s\n%s\n%s\n' "$name" "$3" "$4" >"$T/body"
    openssl pkeyutl -sign -rawin -inkey "$1" -in "$T/body" -out "$T/sig"
    cat "$T/body"; printf '\n— %s %s\n' "$name" "$( (printf %s "$id" | xxd -r -p; cat "$T/sig") | base64 -w0)"
}
# stored FILE: SQL that puts a checkpoint of the old key into the database.
stored() { printf "REPLACE INTO audit_checkpoint VALUES ('%s', %s, NOW(6), '%s\n');" "$(cut -d+ -f1,2 "$T/old.vkey")" "$(size_of "$1")" "$(cat "$1")"; }
keep
size=$(size_of "$T/state/audit.checkpoint")
settle; sql "SELECT seq, HEX(rec) FROM audit_log ORDER BY seq" | tamper rebuild 2 >"$T/rebuild.sql"
sql "$(cat "$T/rebuild.sql")"; settle
root=$(sql "SELECT HEX(leaf) FROM audit_log ORDER BY seq" | tamper root)
back
forge "$T/stolen.key" "$T/old.vkey" "$size" "$root" >"$T/forged.checkpoint"
check "the forgery is well made" status 0 assay verify --no-record --log-key "$T/old.vkey" "$T/forged.checkpoint"
check "but the list knows better" status 2 assay verify --no-record --log-key "$T/state/audit.vkeys" "$T/forged.checkpoint"
check "and says so" says "was not in force then"
check "nor is it believed when somebody brings it" status 2 assay audit verify --expect "$T/forged.checkpoint"
check "and says so" says "was not in force then"
attack "put into the database" "$(stored "$T/forged.checkpoint")" "was not in force then"
attack "with a history that fits it" "$(cat "$T/rebuild.sql") DELETE FROM audit_checkpoint; DELETE FROM audit_tile; $(stored "$T/forged.checkpoint")" "was not in force then"
# … and within its time: it contradicts what the new keys signed. Who holds nothing else is told what such a key is worth.
sql "$(cat "$T/rebuild.sql")"; settle
root=$(sql "SELECT HEX(leaf) FROM audit_log WHERE seq < $turn ORDER BY seq" | tamper root)
back
forge "$T/stolen.key" "$T/old.vkey" "$turn" "$root" >"$T/forged.checkpoint"
check "who holds nothing else cannot know" status 0 assay verify --no-record --log-key "$T/state/audit.vkeys" "$T/forged.checkpoint"
check "but is told that the key was rotated out, and where" says "its key $(cut -d+ -f1,2 "$T/old.vkey") was rotated out at $turn records, which are these: whoever has that key can sign any log of up to $turn records"
check "what to do" says "hold it against the log (assay audit verify --expect) or a checkpoint of a later key"
check "the same of a proof" status 0 assay verify --no-record --log-key "$T/state/audit.vkeys" "$T/old.tlog-proof"
check "it says so" says "was rotated out at $turn records"
check "nothing of that of a key in force" status 0 assay verify --no-record --log-key "$T/state/audit.vkeys" "$T/state/audit.checkpoint"
check "no word" fails grep -q "rotated out" "$T/out"
attack "a forgery within its time" "$(cat "$T/rebuild.sql") DELETE FROM audit_checkpoint; DELETE FROM audit_tile; $(stored "$T/forged.checkpoint")" "is not in the database"
attack "alone" "$(stored "$T/forged.checkpoint")" "does not fit the records"
# The old key back in its place does not sign.
cp "$T/stolen.key" "$T/state/audit.key"
check "the old key in the place of the new one" status 78 assay audit checkpoint
check "is refused" says "is not the key that audit.vkeys has in force"
back

# ---- cut off anywhere: the next call ends it

cp "$T/state/audit.key" "$T/current.key"
for at in "key made" "both signed" "list written" "vkey written"; do
    back
    { echo "first $size"; openssl genpkey -algorithm ed25519 2>/dev/null; } >"$T/state/audit.key.new"; cp "$T/state/audit.key.new" "$T/next.key"
    cp "$T/state/audit.vkeys" "$T/was.vkeys"; cp "$T/state/audit.vkey" "$T/was.vkey"
    if [ "$at" != "key made" ]; then
        check "$at: rotate" status 0 assay audit rotate-key
        mv "$T/state/audit.key" "$T/state/audit.key.new"; cp "$T/current.key" "$T/state/audit.key"
        case $at in "both signed") cp "$T/was.vkeys" "$T/state/audit.vkeys" ;; esac
        case $at in "both signed" | "list written") cp "$T/was.vkey" "$T/state/audit.vkey" ;; esac
        check "$at: the log holds" status 0 assay audit verify
        case $at in "list written" | "vkey written") check "$at: the old key does not sign" status 78 assay audit checkpoint ;; esac
    fi
    check "$at: once more" status 0 assay audit rotate-key
    check "$at: the new key is in force" cmp "$T/next.key" "$T/state/audit.key"
    check "$at: one more on the list" equal "$(keys | wc -l)" 5
    check "$at: it signs" status 0 assay audit checkpoint
    check "$at: and all holds" status 0 assay audit verify --expect "$T/old.checkpoint" --expect "$T/new.checkpoint"
done

back; cp "$T/stolen.key" "$T/state/audit.key.new"
check "a key that nobody made for this" status 78 assay audit rotate-key

# ---- others at the same time: a witness that waits for us holds the rotation where both have signed

back
cat >"$T/slow" <<SLOW
#!/bin/bash
. "$SRC/tests/e2e/lib/wait.sh"
echo >>"$T/asked"
[ "\$(wc -l <"$T/asked")" -lt 2 ] || wait_for "the word to go on" 60 test -e "$T/go"
SLOW
chmod +x "$T/slow"
echo "audit-witness-ask = $T/slow" >>"$ASSAY_CONFIG"
"$ASSAY" audit rotate-key >/dev/null 2>&1 & rotating=$!
are_signing() { [ "$(wc -l <"$T/asked")" = 2 ]; }
check "both are signing" wait_for "the second question" 60 are_signing
check "a second rotation" status 75 assay audit rotate-key
check ingest status 0 assay ingest "$SRC"/samples/docker-bench
"$ASSAY" audit checkpoint >/dev/null 2>&1 & waiting=$!
touch "$T/go"
check "one rotation is done" wait $rotating
wait $waiting # may have come between the list and the key: then it could not sign
sed -i '/^audit-witness-ask/d' "$ASSAY_CONFIG"
check "what was signed holds" status 0 assay audit verify
check "the new key signs" status 0 assay audit checkpoint
check "and all of it holds" status 0 assay audit verify
check "one key more" equal "$(keys | wc -l)" 5

# ---- lists that are not right
back; sed -i '$d' "$T/state/audit.vkeys"
check "a list without the key in force" status 78 assay audit verify
echo junk >>"$T/state/audit.vkeys"
check "a list that cannot be read" status 78 assay audit checkpoint
back; rm "$T/state/audit.vkeys"
check "no list: the new key only" status 0 assay audit verify
check "the others count as those of others" says "checkpoints of other hosts"
done_tests
