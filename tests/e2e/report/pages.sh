#!/usr/bin/env bash
# Pages: a summary of one page, none with a few lines only, no last row alone; sentences about one agent.
. "$(dirname "$0")/../lib/lib.sh"
need pdftotext pdfinfo jq
fewest=9 # lines of a page, its head and foot included
for agents in 30 1; do
    T_state=$T/$agents ASSAY_CONFIG=$T/$agents.conf
    export ASSAY_CONFIG
    mkdir -p "$T_state"
    sed "s#$T/state#$T_state/state#; s#$T/spool#$T_state/spool#" "$T/assay.conf" >"$ASSAY_CONFIG"
    check "$agents: init" status 0 assay init
    bash "$SRC/scripts/make-fleet" --agents $agents --weeks 6 --groups 4 --out "$T_state/spool" --seed 7 --end 2026-11-20 >/dev/null
    assay ingest --spool "$T_state/spool" --quiet; rc=$?
    check "$agents: ingested" test $rc -eq 0 -o $rc -eq 3
    for lang in en ja; do
        R=$T_state/$lang
        jq -r 'to_entries[] | select(.key | test("^(heading|section)[.]")) | .value' "$SRC/templates/lang/$lang/compose.json" >"$T/heads"
        check "$agents $lang: reports" status 0 assay report hardening-monthly hardening-executive --period 2026-10 -f pdf -l $lang -o "$R"
        for pdf in "$R"/*.pdf; do
            name="$agents $lang $(basename "$pdf" .pdf)"
            pages=$(pdfinfo "$pdf" | awk '/^Pages/ { print $2 }')
            pdftotext -layout "$pdf" "$R/t.txt"
            # A form feed ends a page; the cover and the page of contents are short by nature.
            awk -v min=$fewest 'BEGIN { RS = "\f" } NR > 3 { n = 0; k = split($0, line, "\n")
                for (i = 1; i <= k; i++) n += line[i] ~ /[^ ]/
                if (n && n < min) print NR ": " n }' "$R/t.txt" >"$R/few"
            # What stands above the foot of a page is no heading.
            awk -v heads="$T/heads" 'BEGIN { while ((getline h <heads) > 0) is[h]; RS = "\f" } NR > 3 {
                k = split($0, line, "\n"); last = before = ""
                for (i = 1; i <= k; i++) if (line[i] ~ /[^ ]/) { before = last; last = line[i] }
                gsub(/^ +| +$/, "", before); if (before in is) print NR ": " before }' "$R/t.txt" >"$R/alone"
            check "$name: no heading alone" equal "$(cat "$R/alone")" ""
            check "$name: no page of a few lines among $pages" equal "$(cat "$R/few")" ""
        done
    done
    pdftotext -layout "$T_state"/en/hardening-executive*.pdf "$T/ex-$agents"
    # From the heading of the summary to the next section lies one end of a page.
    check "$agents: the summary is one page" equal "$(awk 'BEGIN { RS = "\f" } /^[^\n]*\n+Summary\n/ { n++ } /score below 50|Agents by score/ { b++ } END { print n, b }' "$T/ex-$agents")" "1 1"
done
pdftotext -layout "$T/1/en"/hardening-monthly*.pdf "$T/one"
check "one agent is the only one" grep -q 'The only enrolled agent was assessed in October 2026' "$T/one"
check "not one of one" sh -c "! grep -q '1 of 1 enrolled' '$T/one'"
export ASSAY_CONFIG=$T/30.conf
check "days without a name" status 0 assay report hardening-executive --period 2026-10-01..2026-11-15 -f pdf,html -o "$T/days"
pdftotext -layout "$T"/days/*.pdf "$T/days.txt"
check "read as a sentence" sh -c "tr '\n' ' ' <'$T/days.txt' | tr -s ' ' | grep -q 'in the period from 1 October 2026 to'"
check "not \"in 1 October\"" sh -c "! tr '\n' ' ' <'$T/days.txt' | tr -s ' ' | grep -q 'in 1 October'"
done_tests
