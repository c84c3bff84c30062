#!/usr/bin/env bash
# Events that a log manager kept, in any format, against a log whose history was written anew.
. "$(dirname "$0")/../lib/lib.sh"
need sed pgrep
check init status 0 assay init
check ingest status 0 assay ingest "$SRC"/samples/lynis
for format in json rfc5424 cef leef ecs ocsf gelf; do
    check "export $format" status 0 assay audit export -f $format -o "$T/kept.$format" --from 0
    check "the log is the one of $format" status 0 assay audit verify --json --expect "$T/kept.$format"
    check "it says how many" equal "$(sed 's/.*"expected": *\([0-9]*\).*/\1/' "$T/out")" "$(wc -l <"$T/kept.$format")"
    sed 's/^/Nov 25 10:00:00 collector /' "$T/kept.$format" >"$T/behind.$format"
    case $format in rfc5424 | cef | leef) check "$format behind a header" status 0 assay audit verify --expect "$T/behind.$format" ;; esac
done
for format in json rfc5424 cef leef ecs ocsf gelf; do
    printf 'export = %s:%s name=%s send=results\n' $format "$T/results.$format" $format >>"$ASSAY_CONFIG"
    check "results as $format" status 0 assay audit export --target $format
    check "there are some" test -s "$T/results.$format"
    check "the log is the one of the results as $format" status 0 assay audit verify --json --expect "$T/results.$format"
    check "it says how many" equal "$(sed 's/.*"expected": *\([0-9]*\).*/\1/' "$T/out")" "$(wc -l <"$T/results.$format")"
done
wait_for "the end of the server" 60 fails pgrep -f "datadir=$T/state/db"
mv "$T/state" "$T/state.was"
check "another log" status 0 assay init
check ingest status 0 assay ingest "$SRC"/samples/lynis
for format in json rfc5424 cef leef ecs ocsf gelf; do
    check "is not the one of $format" status 2 assay audit verify --json --expect "$T/kept.$format"
    check "and it says which record" says "the exported record 0"
    check "nor of its results" status 2 assay audit verify --json --expect "$T/results.$format"
done
printf 'not an event\n' >"$T/nothing"
check "a line that says nothing" status 65 assay audit verify --expect "$T/nothing"
done_tests
