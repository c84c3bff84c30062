#!/usr/bin/env bash
# Senders that write slowly, names that collide, clocks that jump, disks that are full: no file is lost,
# taken twice or read half.
. "$(dirname "$0")/../lib/lib.sh"
S=$T/spool
base=$(ls "$SRC"/samples/lynis/*.dat | head -1)
scan() { sed "s/^hostname=.*/hostname=$1/" "$base"; }
names() { find "$1" -maxdepth 1 -type f 2>/dev/null | wc -l; }

check init status 0 assay init
mkdir -p "$S"

# Written slowly onto its final name.
(
    exec 3>"$S/slow.dat"
    scan slow | head -c 400 >&3
    touch "$T/half"
    wait_for "the word to go on" 120 test -e "$T/go"
    scan slow | tail -c +401 >&3
) &
writer=$!
wait_for "half a file" 60 test -e "$T/half"
check "while it is written: nothing to do" status 0 assay ingest --spool "$S" --json
check "it stays" test -f "$S/slow.dat"
check "no file was counted" equal "$(jq .files "$T/out")" 0
touch "$T/go"; wait $writer
check "when it is whole" status 0 assay ingest --spool "$S" --json
check "it is stored" equal "$(jq -c '[.stored,.rejected]' "$T/out")" "[1,0]"

# One name, many files.
for i in $(seq 14); do
    scan "same$i" >"$S/results.dat"
    status 0 assay ingest --spool "$S" --quiet || n_failed=$((n_failed + 1))
done
check "none replaced another" equal "$(find "$S/done" -name 'results.dat*' | wc -l)" 14
check "all fourteen hosts are in" equal "$(cat "$S"/done/results.dat* | grep -c '^hostname=same')" 14
for i in 1 2 3; do echo "no scan $i" >"$S/bad.txt"; status 3 assay ingest --spool "$S" || n_failed=$((n_failed + 1)); done
check "rejected ones keep their names and reasons apart" equal \
    "$(find "$S/rejected" -name 'bad.txt*' ! -name '*.reason' | wc -l)/$(find "$S/rejected" -name 'bad.txt*.reason' | wc -l)" 3/3

# Two runs at a time, of one spool.
for i in $(seq 300); do scan "two$i" >"$S/host$i.dat"; done
"$ASSAY" ingest --spool "$S" --json >"$T/one.json" 2>"$T/one.err" & one=$!
"$ASSAY" ingest --spool "$S" --json >"$T/two.json" 2>"$T/two.err" & two=$!
check "the first ends well" wait $one
check "the second ends well" wait $two
check "together they took each once" equal "$(jq -s 'map(.stored) | add' "$T/one.json" "$T/two.json")" 300
check "nothing is left" equal "$(names "$S")/$(find "$S/work" -type f ! -name .lock | wc -l)" 0/0

# Locks that do not reach another host: a run takes the files of one that lives. None is lost or doubled.
for i in $(seq 400); do scan "unlocked$i" >"$S/host$i.dat"; done
"$ASSAY" ingest --spool "$S" --json >"$T/one.json" 2>"$T/one.err" & one=$!
has_claimed() { [ -n "$(find "$S/work" -name '*.dat' -print -quit)" ]; }
wait_for "its first claim" 60 has_claimed
find "$S/work" -name .lock -delete
check "another run" status 0 assay ingest --spool "$S" --json
wait $one; ended=$?
check "the first goes on or says why not" sh -c '[ "$1" = 0 ] || grep -q "locks of one host" "$2"' - $ended "$T/one.err"
check "what is left" status 0 assay ingest --spool "$S" --json
check "all are in done" equal "$(grep -l '^hostname=unlocked' "$S"/done/*.dat* | wc -l)" 400
check "no file is left" equal "$(names "$S")/$(find "$S/work" -type f ! -name .lock | wc -l)" 0/0
check "none was rejected" equal "$(grep -l '^hostname=unlocked' "$S"/rejected/* 2>/dev/null | wc -l)" 0
"$ASSAY" audit export -f json -o "$T/audit.json" --from 0 2>/dev/null
grep '"event":"ingest.file"' "$T/audit.json" | grep '"f":"verdict","new":"stored"' |
    grep -oE '"object":[{]"id":"[0-9a-f]+"' | sort >"$T/stored"
check "their records are there" test "$(wc -l <"$T/stored")" -ge 400
check "each was stored once" equal "$(uniq -d "$T/stored" | wc -l)" 0

# Clocks.
printf 'spool-settle = 3600\nspool-settle-all = yes\n' >>"$T/assay.conf"
scan future >"$S/future.dat"; touch -d 2038-01-01 "$S/future.dat"
cp "$SRC/samples/stig/web01.ckl" "$S/undated.ckl"; touch -d 2400-01-01 "$S/undated.ckl" # has no time but its file's
scan past >"$S/past.dat"; touch -d 2001-01-01 "$S/past.dat"
check "just arrived, whatever their times say" status 0 assay ingest --spool "$S" --json
check "they wait" equal "$(jq .files "$T/out")" 0
sed -i 's/^spool-settle.*/spool-settle = 1/' "$T/assay.conf"
sleep 1.1 # time itself: they have to be older than that, and no file's ctime can be set
check "settled" status 0 assay ingest --spool "$S" --json
check "all are stored" equal "$(jq .stored "$T/out")" 3
check "none is dated in the future" equal "$("$ASSAY" inspect "$S/done/undated.ckl" | jq -r '.end < "2100"')" true
sed -i '/spool-settle/d' "$T/assay.conf"

# A full disk: what cannot be written is not lost.
if mkdir -p "$T/small" && mount -t tmpfs -o size=256k none "$T/small" 2>/dev/null; then
    mkdir "$T/small/spool"
    scan small >"$T/small/spool/good.dat"; echo "no scan" >"$T/small/spool/bad.txt"
    check "the first run makes its folders" status 3 assay ingest --spool "$T/small/spool"
    echo "no scan either" >"$T/small/spool/bad2.txt"
    head -c 1M /dev/zero >"$T/small/filler" 2>/dev/null
    check "no room for the reason" status 73 assay ingest --spool "$T/small/spool"
    check "says so" says "No space left"
    check "the file is still there" equal "$(find "$T/small/spool" -name 'bad2.txt' | wc -l)" 1
    rm "$T/small/filler"
    check "with room again" status 3 assay ingest --spool "$T/small/spool"
    check "it is rejected with its reason" test -s "$T/small/spool/rejected/bad2.txt.reason"
    umount "$T/small"
else
    echo "not run here: a full disk (no mount)"
fi

# Watching.
W=$T/watched; mkdir -p "$W"
"$ASSAY" ingest --spool "$W" --watch >"$T/watch.out" 2>"$T/watch.err" & watch=$!
wait_for "the folders of the watch" 60 test -d "$W/work"
worst=0 best=60000
for i in 1 2 3; do
    scan "watched$i" >"$T/w.tmp"
    from=$(date +%s%N)
    if [ "$i" = 2 ]; then cp "$T/w.tmp" "$W/w$i.dat"; else mv "$T/w.tmp" "$W/w$i.dat"; fi
    check "arrival $i was taken" wait_for "w$i.dat" 60 test -e "$W/done/w$i.dat"
    took=$((($(date +%s%N) - from) / 1000000))
    [ "$took" -le "$worst" ] || worst=$took
    [ "$i" = 1 ] || [ "$took" -ge "$best" ] || best=$took
done
echo "from arrival to commit: $best to $worst ms"
# Without being told it looks every 10 s: the second and the third file arrive when it has just looked.
check "it was told, and did not find it when it looked again" test $best -lt 8000
check "a report has them" status 0 assay report hardening-monthly --period 2026 --output "$T/watched-report" -f csv
for i in 1 2 3; do check "watched$i is in it" grep -rqF "watched$i" "$T/watched-report"; done
check "it still runs" kill -0 $watch
kill $watch; wait $watch 2>/dev/null
check "an ended watch leaves nothing behind" equal "$(names "$W")" 0
check "another one begins where it was" status 0 assay ingest --spool "$W"

# An upgrade below a run: a parser program of another version, or none, ends the run and refuses nothing.
mkdir "$T/upgraded"; cp "$ASSAY" "$T/upgraded/assay"
scan upgraded >"$W/upgraded.dat"
check "no parser program" status 1 "$T/upgraded/assay" ingest --spool "$W"
check "is named" says "$T/upgraded/../libexec/assay/assay-parser, which reads files, is missing"
cp "$(type -P false)" "$T/upgraded/assay-parser"
check "one that ends" status 1 "$T/upgraded/assay" ingest --spool "$W"
check "says what to think of" says "was assay upgraded meanwhile?"
check "the file waits" test -e "$W/upgraded.dat" -a ! -e "$W/rejected/upgraded.dat"
check "a parser program started by another version says so" status 64 "${ASSAY%/*}/assay-parser" 0.9 "" </dev/null
check "in words" says "was started by assay 0.9: start that again"
check "the right one takes the file" status 0 assay ingest --spool "$W"
check "it is done" test -e "$W/done/upgraded.dat"
check "the audit log holds" status 0 assay audit verify
done_tests
