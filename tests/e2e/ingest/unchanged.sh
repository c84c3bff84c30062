#!/usr/bin/env bash
# Named files that were stored and have not changed are not read again; whatever may have changed is.
. "$(dirname "$0")/../lib/lib.sh"
need jq pgrep
F=$T/files list=$T/state/unchanged-files
mkdir -p "$F"
template=$(ls "$SRC"/samples/lynis/*.dat | head -1)
make() { sed "s/^hostname=.*/hostname=$1/" "$template" >"$F/$1.dat"; }
counts() { jq -c '[.files, .stored, .duplicate, .unchanged, .rejected]' "$T/out"; }
run() { local want=$1; shift; status 0 assay ingest --json "$@" "$F" && equal "$(counts)" "$want"; }

check init status 0 assay init
for h in web01 web02 web03; do make $h; done
check "stored" run '[3,3,0,0,0]'
# Just written is what changed less than two seconds before it is read. A machine without time comes too late for that,
# finds the file at rest, and notes it: then again.
just_written() { touch "$F"/*.dat; run '[3,0,3,0,0]' && run '[3,0,3,0,0]'; }
check "just written: not trusted to stay as it is, so it is read again" wait_for "a run within two seconds" 240 just_written
touch "$F"/*.dat
at_rest() { sleep 2.1; } # time itself: the ctime of a file has to be two seconds ago, and cannot be set
at_rest
check "at rest: read, and noted" run '[3,0,3,0,0]'
check "then not even read" run '[3,0,3,3,0]'
check "nobody else may read the list" equal "$(stat -c %a "$list")" 600
check "unless wanted" run '[3,0,3,0,0]' --read-all
check "one record for all of them" equal \
    "$("$ASSAY" audit export -f json -o - | jq -c '.rec | select(.event == "ingest.unchanged") | [.outcome, .changes[0].new]')" '["success","3"]'
check "the log holds" status 0 assay audit verify

# A run that comes late finds at rest, and notes, what the test has just written. just_changed FILE…: it has changed
# since, so that the next run reads it however late it comes.
just_changed() { touch "${@/#/$F/}"; }
# Another file of the same length and the same time of change: only its ctime tells.
touch -r "$F/web01.dat" "$T/time"
sed -i 's/^hostname=web01/hostname=web0X/' "$F/web01.dat"; touch -r "$T/time" "$F/web01.dat"
check "written in place, its time put back" run '[3,1,2,2,0]'
cp -p "$F/web02.dat" "$F/copy"; sed -i 's/^hostname=web02/hostname=web0Y/' "$F/copy"
touch -r "$F/web02.dat" "$F/copy"; mv "$F/copy" "$F/web02.dat"
just_changed web01.dat
check "another file under its name" run '[3,1,2,1,0]'
make web04
just_changed web01.dat web02.dat
check "a new one beside" run '[4,1,3,1,0]'

# Whose it is, is asked of the database every time.
check "the same bytes for another agent" status 0 assay ingest --json --agent other "$F/web03.dat"
check "are the same file: it names its host" equal "$(counts)" '[1,0,1,0,0]'
nameless=$T/nameless.json # a name with @ would say whose it is
cp "$(ls "$SRC"/samples/kube-bench/*.json | head -1)" "$nameless"
check "a file that names nobody" status 0 assay ingest --json --agent one "$nameless"
check "is stored" equal "$(counts)" '[1,1,0,0,0]'
check "the same bytes for another agent" status 0 assay ingest --json --agent other "$nameless"
check "are another file" equal "$(counts)" '[1,1,0,0,0]'

# A file of that name is no standard input.
mkdir "$T/dash"; cp "$F/web03.dat" "$T/dash/-"; at_rest
cd "$T/dash"
check "a file named -" status 0 assay ingest ./-
check "is noted" status 0 assay ingest --json ./-
check "and known" equal "$(counts)" '[1,0,1,1,0]'
check "standard input" status 0 assay ingest --json - <"$F/web04.dat"
check "is read all the same" equal "$(counts)" '[1,0,1,0,0]'
cd "$T"

# What was refused is refused again.
echo 'no scan' >"$F/bad.txt"; at_rest
check "refused" status 3 assay ingest --json "$F"
check "and again" status 3 assay ingest --json "$F"
check "read both times" equal "$(counts)" '[5,0,4,4,1]'
rm "$F/bad.txt"

# The list is a help and nothing more.
check "known" run '[4,0,4,4,0]'
printf 'x' | dd of="$list" bs=1 seek=100 conv=notrunc 2>/dev/null
check "a list that was tampered with is none" run '[4,0,4,0,0]'
check "and is made anew" run '[4,0,4,4,0]'
: >"$list"
check "an empty one" run '[4,0,4,0,0]'
wait_for "the end of the server" 60 fails pgrep -f "datadir=$T/state/db"
rm -rf "$T/state/db"
check "another database" status 0 assay init
check "knows nothing: all are stored" run '[4,4,0,0,0]'
done_tests
