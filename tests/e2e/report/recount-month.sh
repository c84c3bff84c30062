#!/usr/bin/env bash
# Every number of a monthly report, recounted from the input files and from the audit log by a program that shares nothing
# with assay: ties, all passed, one failure, counts only, late, revised, known already, rejected; in PDF, HTML, CSV and JSON.
. "$(dirname "$0")/../lib/lib.sh"
need python3
need pdftotext
need pdfdetach
py=$SRC/tests/e2e/report/recount_month.py
check init status 0 assay init
check fleet python3 "$py" make "$T/in"
for day in before now; do check "files of $day" status 0 assay ingest "$T/in/$day"; done
check "another result for a second" status 3 assay ingest "$T/in/revised"
check "the same again, read" status 0 assay ingest --read-all "$T/in/now"
check "the same again, not read" status 0 assay ingest "$T/in/now"
check "what is no scan" status 3 assay ingest "$T/in/bad"
check "standard input" status 0 assay ingest --json - <"$T/in/stdin.data"
period=$(date -u +%Y-%m)
check report status 0 assay report hardening-monthly --period "$period" -f pdf,html,csv,json -o "$T/r"
find "$T/r" -name "*.pdf" -exec cp {} "$T/r.pdf" \;
pdftotext -layout "$T/r.pdf" "$T/r.txt"
mkdir "$T/attached"
pdfdetach -saveall -o "$T/attached" "$T/r.pdf" >/dev/null 2>&1
assay audit export -f json -o - --from 0 >"$T/log" 2>/dev/null
check "every number" python3 "$py" compare "$T/in" "$T/r" "$T/r.txt" "$T/attached" "$T/log"
done_tests
