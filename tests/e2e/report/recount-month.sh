#!/usr/bin/env bash
# Every number of a monthly report, recounted from the input files and from the audit log by a program that shares nothing
# with assay: ties, all passed, one failure, counts only, late, revised, known already, rejected; in PDF, HTML, CSV and JSON, in
# both languages, narrowed by group, operating system, score, severity and status, and of a month in which nothing was.
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
assay audit export -f json -o - --from 0 >"$T/log" 2>/dev/null
# report NAME OPTION…: in $T/NAME, the text of its PDF in $T/NAME.txt, what is attached to it in $T/NAME.attached.
report() {
    local name=$1; shift
    check "$name: report" status 0 assay report hardening-monthly --period "$period" -f pdf,html,csv,json -o "$T/$name" "$@"
    pdftotext -layout "$T/$name"/*.pdf "$T/$name.txt"
    mkdir "$T/$name.attached"
    pdfdetach -saveall -o "$T/$name.attached" "$T/$name"/*.pdf >/dev/null 2>&1
}
# compare NAME LANGUAGE FILTER…
compare() { check "$1: every number" python3 "$py" compare "$T/in" "$T/$1" "$T/$1.txt" "$T/$1.attached" "$T/log" "${@:2}"; }
report all && compare all en
report ja --language ja && compare ja ja
report group --group Odd && compare group en group=Odd
report os --os 'Debian*' -l ja && compare os ja 'os=Debian*'
report score --score-below 50 && compare score en below=50
echo '{"period": "month", "sections": [{"type": "checks"}]}' >"$T/checks.json"
listed() { # listed NAME OPTIONS FILTER…
    local name=$1 options=$2; shift 2
    # shellcheck disable=SC2086 # a list of words
    check "$name: report" status 0 assay report "$T/checks.json" --period "$period" -f csv -o "$T/$name" $options
    check "$name: every row" python3 "$py" checks "$T/in" "$T/$name" "$@"
}
listed rows ""
listed high "--severity high --status failed" severity=high status=failed
listed mixed "--severity low,high --status passed --group Even --score-below 90" severity=low,high status=passed group=Even below=90
period=$(date -u -d "$(date -u +%Y-%m-01) -40 days" +%Y-%m)
report nothing --allow-empty
check "nothing: of nothing" python3 "$py" empty "$T/nothing" "$T/nothing.txt"
done_tests
