#!/usr/bin/env bash
# The checks of agents in full: one CSV file, its counts those of the other formats, since when a check fails, and filters.
. "$(dirname "$0")/../lib/lib.sh"
need python3 jq pdftotext
check init status 0 assay init
bash "$SRC/scripts/make-fleet" --agents 8 --weeks 2 --groups 2 --out "$T/fleet" --seed 5 --end 2026-11-12 >/dev/null
"$ASSAY" ingest "$T"/fleet/* --quiet; rc=$?
check "ingested" test $rc -eq 0 -o $rc -eq 3
# A check that passed, failed, failed again, and one that always failed.
scc=$SRC/samples/xccdf/scc.xml
sed 's/2026-11-21T21/2026-11-05T10/g; s/ENCRYPT_METHOD is DES/first/' "$scc" >"$T/1.xml"
sed 's/2026-11-21T21/2026-11-15T10/g; 0,/result>pass</s//result>fail</' "$scc" >"$T/2.xml"
sed '0,/result>pass</s//result>fail</' "$scc" >"$T/3.xml"
check "three scans" status 0 assay ingest "$T"/[123].xml
cat >"$T/all.json" <<'E'
{"period": "month", "sections": [{"type": "scoring"},
  {"type": "checks", "statuses": ["failed"], "evidence": true, "texts": true, "remediation": true}, {"type": "checks"}]}
E
check report status 0 assay report "$T/all.json" --period 2026-11 -f pdf,html,csv,json -o "$T/r"
csv=$T/r/all-2026-11.all-checks.csv
check "no file an agent" equal "$(ls "$T/r" | grep -c 'csv$')" 2
check "the counts of all formats" python3 "$SRC/tests/e2e/report/all-checks.py" "$T/r/all-2026-11"
mail() { python3 -c 'import csv, sys
for r in csv.DictReader(open(sys.argv[1], encoding="utf-8", newline="")):
    if r["agent"].lower() == "mail-02": print(*(r[k] for k in ("status", "native", "severity", "since", "age_days", "os", "evidence")), sep="|")' "$csv"; }
check "since when, in whose words" equal "$(mail)" "fail|fail|high|2026-11-15T10:46:10Z|6|Example Linux 12|
fail|fail|medium|2026-11-05T10:46:10Z|16|Example Linux 12|ENCRYPT_METHOD is DES
notchecked|notchecked|low|||Example Linux 12|"
pdftotext -layout "$T/r/all-2026-11.pdf" - | tr -s ' \n' ' ' >"$T/pdf.txt"
for text in "failed since 15 November 2026 (age in days: 6)" "A release without maintenance keeps its holes." \
    "Upgrade to a maintained release." "CCI-000366"; do
    check "the PDF says: $text" grep -qF "$text" "$T/pdf.txt"
done

# Filters, on the command line as in a definition.
check "high and failed" status 0 assay report "$T/all.json" --period 2026-11 --severity high --status failed --os 'example*' \
    -f csv,pdf,json -o "$T/f"
csv=$(echo "$T"/f/*.all-checks.csv)
check "one row is left" equal "$(mail | cut -d'|' -f1,3)" "fail|high"
check "and one agent" equal "$(jq '[.. | objects | select(.key? == "scoring" and has("rows")) | .rows[] | select(.is_total | not)] | length' "$T"/f/*2026-11.json)" 1
check "the name says so" test -s "$(echo "$T"/f/all-os-example--status-failed-severity-high-*-2026-11.pdf)"
pdftotext -layout "$T"/f/*.pdf - | tr -s ' \n' ' ' >"$T/pdf.txt"
check "the cover says so" grep -q "operating system example.*checks listed: Failed and Severity high" "$T/pdf.txt"
check "score below" status 0 assay report "$T/all.json" --period 2026-11 --score-below 0.01 -f csv -o "$T/b"
check "leaves who has none" grep -qi mail-02 "$T"/b/all-score-below-0.01-*2026-11.scoring.csv
check "and nobody else" equal "$(tail -n +2 "$T"/b/all-score-below-0.01-*2026-11.scoring.csv | grep -vc ',1.$')" 1
check "uncategorised" status 0 assay report "$T/all.json" --period 2026-11 --category uncategorised -f csv -o "$T/u"
check "by tag" status 0 assay report "$T/all.json" --period 2026-11 --tag 'cci-000366' -f csv,pdf -o "$T/t"
csv=$(echo "$T"/t/*.all-checks.csv)
n=$(python3 -c 'import csv, sys; print(len(list(csv.DictReader(open(sys.argv[1], encoding="utf-8", newline="")))))' "$csv")
check "two of the three checks have it, and no other agent's" equal "$(mail | wc -l) $n" "2 2"
pdftotext -layout "$T"/t/*.pdf - | tr -s ' \n' ' ' >"$T/pdf.txt"
check "the cover says so" grep -q "checks listed: tag cci-000366" "$T/pdf.txt"
check "an unknown tag" status 64 assay report "$T/all.json" --period 2026-11 --tag CCI-00366 -f csv -o "$T/never"
check "is told" says '--tag: no tag "CCI-00366"; the nearest is "CCI-000366"'
check "an unknown severity" status 64 assay report "$T/all.json" --severity hihg
check "is told" says '--severity: no severity "hihg"; the nearest is "high"'
check "an unknown status" status 64 assay report "$T/all.json" --status fail
check "an unknown category" status 64 assay report "$T/all.json" --category 19
check "a score that is none" status 64 assay report "$T/all.json" --score-below 1000
check "no list to filter" status 64 assay report hardening-executive --status failed
check "is told, too" says "hardening-executive has none"

# CSV as the settings say.
printf 'csv-separator = semicolon\ncsv-formula-guard = no\n' >>"$T/assay.conf"
check "with a mark" status 0 assay report "$T/all.json" --period 2026-11 --bom -f csv -o "$T/s" --reason again
check "byte order mark and semicolons" equal "$(head -c 21 "$T/s/all-2026-11.all-checks.csv")" $'\xef\xbb\xbfagent;agent_alias;'
check "signed all the same" status 0 assay verify --trust "$T/state/sign.crt" "$T/s"
done_tests
