#!/usr/bin/env bash
# From files to the numbers of a report: a program that shares nothing with assay counts the same results.
. "$(dirname "$0")/../lib/lib.sh"
need python3
[ -f "$SRC/doc/identity.md" ] || skip "reports print aliases"
check init status 0 assay init
# Other samples carry waivers and names by transport: goldens and unit tests have those.
files=("$SRC"/samples/xccdf/{arf-oval,scc,testresult-no-times,three-results-1.1}.xml "$SRC"/samples/stig/web01.ckl
    "$SRC"/samples/pandora/*.data "$SRC"/samples/prowler/findings.ocsf.json)
bash "$SRC/scripts/make-fleet" --agents 12 --weeks 3 --groups 3 --out "$T/fleet" --seed 5 --end 2026-11-20 >/dev/null
for f in "$T"/fleet/*; do grep -qE '<agent_data|<Benchmark|<TestResult' "$f" && files+=("$f"); done
cp "${files[@]}" "$T" # files without a time have that of the file
for i in "${!files[@]}"; do files[i]=$T/$(basename "${files[i]}"); done
touch -d 2026-11-21T20:00:00Z "${files[@]}"
check ingest status 0 assay ingest "${files[@]}"
echo '{"period": "month", "sections": [{"type": "scoring"}]}' >"$T/scores.json"
check report status 0 assay report "$T/scores.json" --period 2026 -f csv,json -o "$T/r"
check "every agent's numbers" python3 "$SRC/tests/e2e/report/recount.py" "$T"/r/scores-2026.scoring.csv "$T"/r/scores-2026.json "${files[@]}"
done_tests
