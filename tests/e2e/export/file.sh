#!/usr/bin/env bash
# The audit log out: every record once, in order, in three formats; half lines; two exporters.
. "$(dirname "$0")/../lib/lib.sh"
need jq
check init status 0 assay init
check ingest status 0 assay ingest "$SRC"/samples/lynis

check "export json" status 0 assay audit export --format json -o "$T/a.json"
n=$(wc -l <"$T/a.json")
check "records were written" test "$n" -ge 4
check "each line is JSON" jq -es 'length > 0' "$T/a.json" >/dev/null
check "seq is dense from 0" equal "$(jq -s '[.[] | (.rec // .).seq] == [range(length)]' "$T/a.json")" true
check "each prev is the leaf before" equal "$(jq -s '[.[] | (.rec // .).prev][1:] == [.[] | .leaf][:-1]' "$T/a.json")" true

check "again: only the export's own record is new" status 0 assay audit export --format json -o "$T/a.json"
check "and an export of exports adds none" status 0 assay audit export --format json -o "$T/a.json"
n=$(wc -l <"$T/a.json")
check "quiet now" status 0 assay audit export --format json -o "$T/a.json"
check "no line was added" equal "$(wc -l <"$T/a.json")" "$n"

# A crash cut the last line in half before the cursor moved.
assay verify /dev/null >/dev/null 2>&1
printf '{"half' >>"$T/a.json"
check "export after a crash" status 0 assay audit export --format json -o "$T/a.json"
check "no half line is left" jq -es 'length > 0' "$T/a.json" >/dev/null
check "still dense" equal "$(jq -s '[.[] | (.rec // .).seq] == [range(length)]' "$T/a.json")" true

for f in rfc5424 cef; do
    check "export $f" status 0 assay audit export --format $f -o "$T/a.$f"
    check "$f: one line a record" equal "$(wc -l <"$T/a.$f")" "$(grep -cE '^<[0-9]+>1 |^CEF:0\|' "$T/a.$f")"
done
check "to standard output" status 0 assay audit export --format json -o - --from 0
check "all of it" test "$(wc -l <"$T/out")" -gt "$n"
check "unknown format" status 78 assay audit export --format xml -o "$T/x"
check "unwritable" status 73 assay audit export --format json -o /nonexistent/x

# A log manager's disk is full: nothing is lost, the cursor stays.
if [ -e /dev/full ]; then
    check "full disk" status 73 assay audit export --format cef -o /dev/full
fi
check verify status 0 assay audit verify
check "says how many" says "records"
done_tests
