#!/usr/bin/env bash
# Files of another account: written slowly, not readable, cut off; and senders that attack the folders of the spool.
. "$(dirname "$0")/../lib/lib.sh"
[ "$(id -u)" = 0 ] || skip "only root can be two accounts"
need setpriv
base=$(ls "$SRC"/samples/xccdf/*.xml | head -1)
lynis=$(ls "$SRC"/samples/lynis/*.dat | head -1)
U=$T/u S=$T/u/spool
mkdir -p "$S"
cat >"$U/assay.conf" <<END
state-dir = $U/state
spool-dir = $S
spool-settle = 3600
END
chmod 755 "$T"; chown 65534:65534 "$U" "$S"
as_nobody() { HOME=$U setpriv --reuid=65534 --regid=65534 --clear-groups "$ASSAY" "$@" -c "$U/assay.conf"; }
as_nobody init >/dev/null 2>&1 || skip "the other account cannot run the program"
settle() { sed -i "s/^spool-settle.*/spool-settle = $1/" "$U/assay.conf"; }
rested() { settle 1; sleep 2.1; } # time itself: nobody can set the time at which a name changed last

# Written slowly by root, whose file says nothing to nobody about its writers.
slow() { # NAME SOURCE
    (
        exec 3>"$S/$1"
        head -c 500 "$2" >&3; chmod 644 "$S/$1"; touch "$T/half-$1"
        wait_for "the word to go on" 120 test -e "$T/go-$1"
        tail -c +501 "$2" >&3
    ) &
}
slow slow.xml "$base"; slow slow.dat "$lynis"
wait_for "half a file" 60 test -e "$T/half-slow.xml" -a -e "$T/half-slow.dat"
check "while they are young" status 0 as_nobody ingest --spool "$S" --json
check "nothing is taken" equal "$(jq -c '[.files,.waiting]' "$T/out")" "[0,0]"
check "silently" test ! -s "$T/err"
touch "$T/go-slow.xml" "$T/go-slow.dat"
whole() { [ "$(stat -c %s "$S/slow.xml")" = "$(stat -c %s "$base")" ] && [ "$(stat -c %s "$S/slow.dat")" = "$(stat -c %s "$lynis")" ]; }
wait_for "the whole files" 60 whole
rested
check "when they are whole" status 0 as_nobody ingest --spool "$S" --json
check "both are stored, whole" equal "$(jq -c '[.stored,.rejected]' "$T/out")" "[2,0]"
check "as they were sent" cmp "$S/done/slow.xml" "$base"

settle 3600
# A sender that pauses for longer: rejected, and taken when it has gone on.
(
    exec 3>"$S/slower.xml"
    sed 's/<target>[^<]*/<target>slower/' "$base" | head -c 700 >&3; chmod 644 "$S/slower.xml"; touch "$T/half-slower"
    wait_for "the word to go on" 120 test -e "$T/go-slower"
    sed 's/<target>[^<]*/<target>slower/' "$base" | tail -c +701 >&3
) &
slower=$!
wait_for "half a file" 60 test -e "$T/half-slower"
rested
check "it has rested" status 3 as_nobody ingest --spool "$S" --json
check "and is rejected as what it is" grep -qi "truncated" "$S/rejected/slower.xml.reason"
touch "$T/go-slower"; wait $slower
rested
check "its rest came" status 0 as_nobody ingest --spool "$S" --json
rested # its name changed once more, as it came back
check "it is back" status 0 as_nobody ingest --spool "$S" --json
check "it is stored" equal "$(jq -c '[.stored,.rejected]' "$T/out")" "[1,0]"
check "no reason is left" test ! -e "$S/rejected/slower.xml.reason" -a -f "$S/done/slower.xml"
check "once is enough" status 0 as_nobody ingest --spool "$S" --json
check "nothing is there" equal "$(jq .files "$T/out")" 0

# A rejected file whose sender sends it again, whole, under its name.
sed 's/<target>[^<]*/<target>again/' "$base" >"$T/again.xml"; chmod 644 "$T/again.xml"
head -c 600 "$T/again.xml" >"$S/again.xml"; chown 65534 "$S/again.xml"
check "half of it, from before" sh -c 'touch -d 2020-01-01 "$1"' - "$S/again.xml"
check "is rejected" status 3 as_nobody ingest --spool "$S"
cp "$T/again.xml" "$S/again.xml"; chown 65534 "$S/again.xml"
check "the whole of it" status 0 as_nobody ingest --spool "$S" --json
check "is another file" equal "$(jq .stored "$T/out")" 1
check "both are kept" test -f "$S/rejected/again.xml" -a -f "$S/done/again.xml"

settle 3600
# The account's own file that ends too early: told by nobody, tried again, rejected when it has rested.
head -c 600 "$T/again.xml" | sed 's/again/early/' >"$T/early.xml"
install -o 65534 -m 644 "$T/early.xml" "$S/early.xml"
check "a moment ago" status 0 as_nobody ingest --spool "$S" --json
check "waits" equal "$(jq -c '[.files,.waiting,.rejected]' "$T/out")" "[0,1,0]"
check "in its place" test -f "$S/early.xml"
rested
check "rested" status 3 as_nobody ingest --spool "$S" --json
check "is rejected" equal "$(jq -c '[.files,.waiting,.rejected]' "$T/out")" "[1,0,1]"

# Not readable: left, told, taken when it can be read.
sed 's/<target>[^<]*/<target>secret/' "$base" >"$S/secret.xml"; chmod 600 "$S/secret.xml"
check "not readable" status 3 as_nobody ingest --spool "$S" --json
check "is named" says "left: secret.xml: cannot be read: Permission denied"
check "and counted" equal "$(jq -c '[.files,.rejected,(.left|length)]' "$T/out")" "[0,0,1]"
check "stays" test -f "$S/secret.xml"
chmod 644 "$S/secret.xml"
rested
check "readable" status 0 as_nobody ingest --spool "$S" --json
check "is taken" equal "$(jq .stored "$T/out")" 1

# Folders: whoever may put something in the place of a file is told of; a link is none.
chmod 777 "$S"
check "everybody may write" status 78 as_nobody ingest --spool "$S"
check "and is told how to mend it" says "chmod o-w, or +t"
chmod 1777 "$S"
check "with the sticky bit" status 0 as_nobody ingest --spool "$S"
chmod 755 "$S"
chmod 770 "$S/work"
check "others may write to the claims" status 78 as_nobody ingest --spool "$S"
chmod 700 "$S/work"
mv "$S/rejected" "$S/rejected-was"; mkdir "$T/elsewhere"; chown 65534 "$T/elsewhere"; ln -s "$T/elsewhere" "$S/rejected"
echo "no scan" >"$S/bad.txt"; touch -d 2020-01-01 "$S/bad.txt"; chown 65534 "$S/bad.txt"
check "a link in the place of a folder" status 78 as_nobody ingest --spool "$S"
check "is never followed" equal "$(ls "$T/elsewhere" | wc -l)" 0
check "the file waits" test -f "$S/bad.txt"
rm "$S/rejected"; mv "$S/rejected-was" "$S/rejected"
chown 65533 "$S/rejected"
check "a folder of somebody else" status 78 as_nobody ingest --spool "$S"
chown 65534 "$S/rejected"
check "as it was" status 3 as_nobody ingest --spool "$S"

# A folder is replaced by a link while a file is parsed: what was opened is what counts.
mkfifo "$T/gate"
"$ASSAY" ingest --spool "$S" --watch -c "$U/assay.conf" >"$T/watch.out" 2>"$T/watch.err" & watch=$!
has_claim() { [ -n "$(find "$S/work" -mindepth 1 -maxdepth 1 -type d -name '[!.]*' -print -quit)" ]; }
wait_for "the claim of the watch" 60 has_claim
mv "$S/rejected" "$S/rejected-moved"; ln -s "$T/elsewhere" "$S/rejected"
echo "no scan, either" >"$T/bad2.txt"; mv "$T/bad2.txt" "$S/bad2.txt"
wait_for "the verdict" 60 test -e "$S/rejected-moved/bad2.txt" -o -e "$T/elsewhere/bad2.txt"
check "it went to the folder that was opened" test -e "$S/rejected-moved/bad2.txt"
check "nothing went elsewhere" equal "$(ls "$T/elsewhere" | wc -l)" 0
kill $watch; wait $watch 2>/dev/null
rm -f "$S/rejected" # a link like others: it may have been rejected itself
mv "$S/rejected-moved" "$S/rejected"

check "the audit log holds" status 0 as_nobody audit verify
done_tests
