#!/usr/bin/env bash
# The spool: what is taken, where it goes, what is refused, and that nothing is taken twice.
. "$(dirname "$0")/../lib/lib.sh"
S=$T/spool

check init status 0 assay init
mkdir -p "$S"
cp "$SRC"/samples/lynis/*.dat "$S/"
n=$(ls "$SRC"/samples/lynis/*.dat | wc -l)
echo "this is no scan" >"$S/readme.txt"
printf '<html><body>502</body></html>' >"$S/error.xml"
cp "$SRC"/samples/lynis/*.dat "$T/" && f=$(ls "$T"/*.dat | head -1)
cp "$f" "$S/upload.tmp"; cp "$f" "$S/.hidden"; cp "$f" "$S/x.part"
ln -s /etc/passwd "$S/link"; mkfifo "$S/fifo"; mkdir "$S/folder"
bad=$S/$'two\nlines.txt'; echo nothing >"$bad"

check "some are rejected: 3" status 3 assay ingest --spool "$S" --json
check "counts stored" equal "$(jq .stored "$T/out")" "$n"
check "counts rejected" equal "$(jq .rejected "$T/out")" 5
check "done holds the good ones" equal "$(ls "$S/done" | wc -l)" "$n"
check "rejected are kept" test -f "$S/rejected/readme.txt" -a -f "$S/rejected/error.xml"
check "a reason stands beside" grep -q . "$S/rejected/readme.txt.reason"
check "the reason of an error page says so" grep -qi html "$S/rejected/error.xml.reason"
check "a name with a newline is kept" test -f "$S/rejected/"$'two\nlines.txt'
check "left alone: unfinished names" test -f "$S/upload.tmp" -a -f "$S/.hidden" -a -f "$S/x.part"
check "left alone: folders" test -d "$S/folder"
check "links and pipes are refused, not followed" test -L "$S/rejected/link" -a -p "$S/rejected/fifo"
check "a link: the reason" grep -q "symbolic link, which is never followed" "$S/rejected/link.reason"
check "a pipe: the reason" grep -q "not a regular file" "$S/rejected/fifo.reason"
check "work is empty" equal "$(find "$S/work" -type f | wc -l)" 0

check "again: nothing to do, silent" status 0 assay ingest --spool "$S" --quiet
check "silent" silent
cp "$f" "$S/again.dat"
check "same bytes are a duplicate" status 0 assay ingest --spool "$S" --json
check "duplicate counted" equal "$(jq -c '[.duplicate,.scans]' "$T/out")" "[1,0]"
check "and moved away" test -f "$S/done/again.dat"

# The files of a run that died come back.
mkdir -p "$S/work/dead-1-00000000"
sed 's/^hostname=.*/hostname=revenant/' "$f" >"$S/work/dead-1-00000000/late.dat"
: >"$S/work/dead-1-00000000/.lock"
check "a dead run's files are taken" status 0 assay ingest --spool "$S" --json
check "stored" equal "$(jq .stored "$T/out")" 1
check "its claim is gone" test ! -d "$S/work/dead-1-00000000"

# Removing instead of keeping.
echo "spool-delete = yes" >>"$T/assay.conf"
sed 's/^hostname=.*/hostname=deleted/' "$f" >"$S/del.dat"
check "ingest and remove" status 0 assay ingest --spool "$S"
check "it is gone" test ! -e "$S/del.dat" -a ! -e "$S/done/del.dat"

# A file that the account of assay may not read, and one whose folder it may not write to.
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    U=$T/unreadable; mkdir -p "$U/spool"
    sed 's/^hostname=.*/hostname=readable/' "$f" >"$U/spool/readable.dat"
    sed 's/^hostname=.*/hostname=secret/' "$f" >"$U/spool/secret.dat"; chmod 600 "$U/spool/secret.dat"
    printf 'state-dir = %s/state\nspool-dir = %s/spool\n' "$U" "$U" >"$U/assay.conf"
    chmod 755 "$T"; chown 65534:65534 "$U" "$U/spool" "$U/spool/readable.dat"
    as_nobody() { HOME=$U setpriv --reuid=65534 --regid=65534 --clear-groups "$ASSAY" "$@" -c "$U/assay.conf"; }
    if as_nobody init >/dev/null 2>&1; then
        check "one of two can be read" status 3 as_nobody ingest --spool "$U/spool" --json
        check "it is stored, the other left" equal "$(jq -c '[.stored,.rejected,(.left|length)]' "$T/out")" "[1,0,1]"
        check "and told of" says "left: secret.dat: cannot be read: Permission denied"
        check "it stays where it is" grep -q hostname=secret "$U/spool/secret.dat"
        chown 0:0 "$U/spool"; chmod 755 "$U/spool"
        cp "$f" "$U/spool/stuck.dat"
        check "a spool that cannot be written: 73" status 73 as_nobody ingest --spool "$U/spool"
        check "names it" says "$U/spool"
        check "the file stays" test -f "$U/spool/stuck.dat"
    else
        echo "not run here: another account (the program cannot be read by it?)"
    fi
fi

check "the audit log holds" status 0 assay audit verify
done_tests
