#!/usr/bin/env bash
# A file that cannot be moved costs itself only, whatever its name is and whatever became of the folders.
. "$(dirname "$0")/../lib/lib.sh"
S=$T/spool
base=$(ls "$SRC"/samples/lynis/*.dat | head -1)
scan() { sed "s/^hostname=.*/hostname=$1/" "$base"; }
check init status 0 assay init
mkdir -p "$S"

# Names that leave no room for what is put behind them.
long() { printf "%0$2d" 0 | sed "s/^/$1@/"; }
a=$(long web01 244) b=$(long web02 244) u=$(printf 'ü%.0s' $(seq 125))
scan long1 >"$S/$a"; echo "no scan" >"$S/$b"; echo "none" >"$S/$u"
for i in $(seq 150); do scan "plain$i" >"$S/plain$i.dat"; done
check "names of 250 bytes" status 3 assay run
check "nothing stays behind" equal "$(find "$S" -maxdepth 1 -type f | wc -l)/$(find "$S/work" -type f | wc -l)" 0/0
check "all others are done" equal "$(ls "$S/done" | grep -c '^plain')" 150
check "the good one is done" equal "$(ls "$S/done" | grep -c '^web01@')" 1
check "the bad ones are rejected with their reasons" equal "$(ls "$S/rejected" | wc -l)" 4
check "shortened, and recognised" equal "$(ls "$S/rejected" | grep -cE '^(web02@0+|ü+)~[0-9a-f]{16}$')" 2
check "again: nothing, silently" status 0 assay ingest --spool "$S"
check "silent" silent
# The same name once more, and one that begins alike.
echo "another" >"$S/$b"; echo "a third" >"$S/${b%?}1"
check "alike names" status 3 assay ingest --spool "$S"
check "are told apart" equal "$(ls "$S/rejected" | grep -c '^web02@.*~[0-9a-f]*\(.1\)\?$')" 3
# Taken back after a kill, to a spool where its name is taken.
mkdir -p "$S/work/dead-1-00000000"; : >"$S/work/dead-1-00000000/.lock"
scan back1 >"$S/work/dead-1-00000000/$a"; scan back2 >"$S/$a"
check "a long name comes back" status 0 assay ingest --spool "$S" --json
check "both are stored" equal "$(jq .stored "$T/out")" 2

# A folder that is gone is made anew.
"$ASSAY" ingest --spool "$S" --watch >"$T/watch.out" 2>"$T/watch.err" & watch=$!
has_claim() { [ -n "$(find "$S/work" -mindepth 1 -maxdepth 1 -type d -name '[!.]*' -print -quit)" ]; }
wait_for "the claim of the watch" 60 has_claim
rm -rf "$S/rejected" "$S/done"
echo "no scan at all" >"$T/gone.tmp"; mv "$T/gone.tmp" "$S/gone.txt"
scan gone >"$T/gone.tmp"; mv "$T/gone.tmp" "$S/gone.dat"
check "it was made again" wait_for "gone.txt" 60 test -e "$S/rejected/gone.txt"
check "both were" wait_for "gone.dat" 60 test -e "$S/done/gone.dat"
check "the watch goes on" kill -0 $watch
kill $watch; wait $watch 2>/dev/null

# What cannot be moved is told once a run, and does not stop a watch or a run.
if chattr +i "$S" 2>/dev/null && chattr -i "$S"; then
    echo "fixed" >"$S/fixed.txt"; scan good >"$S/good.dat"; chattr +i "$S/fixed.txt"
    at_end chattr -f -i "$S/fixed.txt"
    check "one cannot be moved" status 3 assay ingest --spool "$S" --json
    check "it is told" says "left: fixed.txt: cannot be claimed: Operation not permitted"
    check "the other is stored" equal "$(jq -c '[.stored,.rejected,(.left|length)]' "$T/out")" "[1,0,1]"
    check "run says so, too" status 3 assay run
    check "and names it" says "left: fixed.txt"
    chattr -i "$S/fixed.txt"; check "it can be moved again" status 3 assay ingest --spool "$S"
else
    echo "not run here: a file that cannot be moved (no chattr +i)"
fi

check "the audit log holds" status 0 assay audit verify
done_tests
