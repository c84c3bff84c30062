#!/usr/bin/env bash
# Several results of one agent, policy and second: none is lost, none replaces another in silence, an officer decides.
. "$(dirname "$0")/../lib/lib.sh"
need jq python3 pgrep
. "$SRC/tests/e2e/lib/sql.sh"

# listed [ARGS…]: "agent:policy revision standing passed/failed" of the scans that stand beside others.
listed() {
    assay scan list --json "$@" | jq -rs 'group_by([.agent,.policy,.profile,.time]) | map(select(length > 1)) | flatten | .[]
        | "\(.agent + ":" + .policy | gsub("[ /]"; "_")) \(.revision) \(.standing) \(.passed)/\(.failed)"'
}
# counting AGENT: passed and failed of what counts.
counting() { assay scan list --json --agent "$1" | jq -rs 'map(select(.counts)) | .[] | "\(.passed)/\(.failed)"' | xargs; }
# reported AGENT: the same as the report of November has it.
reported() {
    rm -rf "$T/r"
    "$ASSAY" report hardening-monthly --period 2026-11 -f csv --reason "made again" -o "$T/r" >"$T/report.log" 2>&1 || cat "$T/report.log" >&2
    tr -d '\r' <"$T/r/hardening-monthly-2026-11.scoring.csv" | awk -F, -v a="$1" '$2 == a { print $4 "/" $5 }' | xargs
}
# quality: what the report's data quality says of them.
quality() { tr -d '\r' <"$T/r/hardening-monthly-2026-11.quality-revisions.csv"; }

# hold: the embedded server stays until the test ends, which spares every command its start.
hold() { mkdir -p "$T/spool"; "$ASSAY" ingest --default-spool --watch --quiet >/dev/null 2>&1 & }

# ---- in one file: the worse, in whatever order, in every format that can hold two ----
check init status 0 assay init
mkdir "$T/twice" && python3 "$SRC/tests/e2e/ingest/revisions.py" "$SRC/samples" "$T/twice"
keep
for order in worse-first better-first; do
    mapfile -t files < <(ls "$T"/twice/*-$order.*)
    n=${#files[@]}
    check "$order: both are stored, and told" status 3 assay ingest --json "${files[@]}"
    check "$order: on standard error" equal "$(grep -c 'another result of the same second: revision . counts, the worst of its file' "$T/err")" "$n"
    check "$order: one of each beside another" equal "$(jq .scans_revised "$T/out")" "$n"
    listed >"$T/listed"
    check "$order: both are kept" equal "$(wc -l <"$T/listed")" $((2 * n))
    check "$order: the worse counts" equal "$(awk '{ n = split($0, w, /[ \/]/); if (/worst of its file/) worse[$1] = w[n]; else better[$1] = w[n] }
        END { for (a in worse) if (worse[a] > better[a]) found++; print found }' "$T/listed")" "$n"
    check "$order: again is nothing new" status 0 assay ingest --read-all --json "${files[@]}"
    check "$order: not a row" equal "$(jq -c '[.duplicate,.scans]' "$T/out")" "[$n,0]"
    check "$order: the log holds" status 0 assay audit verify
    [ $order = better-first ] || back
done
check "formats" test "$n" -ge 7

# ---- of another file: the first, however good the second is ----
hold
sed -e 's/2026-10-20T/2026-11-20T/g; s/web01/front01/g; s/db01/back01/g' "$SRC/samples/xccdf/two-results.xml" >"$T/real.xml"
python3 - "$T/real.xml" "$T/forged.xml" <<'END'
import re, sys
text = open(sys.argv[1]).read()
text = re.sub(r"<x:result>(fail|error)<", "<x:result>pass<", text)
more = '<x:rule-result idref="xccdf_net.example_rule_more"><x:result>pass</x:result></x:rule-result>'
open(sys.argv[2], "w").write(re.sub(r"(<x:score)", more + r"\1", text))
END
check "the real one" status 0 assay ingest "$T/real.xml"
real=$(counting front01.example.net)
check "as the report has it" equal "$(reported front01.example.net)" "$real"
check "a forged one with one more rule that passed" status 3 assay ingest --json "$T/forged.xml"
check "is told" says "revision 1 counts, the first"
check "and replaces nothing" equal "$(counting front01.example.net)" "$real"
check "nor in the report" equal "$(reported front01.example.net)" "$real"
check "which names both" equal "$(quality | grep -c '^front01')" 2
check "with their files" equal "$(quality | grep -c 'forged.xml')/$(quality | grep -c 'real.xml')" "1/1"
check "both files are in the annex" equal "$(grep -cE 'forged.xml|real.xml' "$T/r/hardening-monthly-2026-11.inputs.csv")" 2
check "the real one again" status 0 assay ingest --read-all --json "$T/real.xml"
check "is known" equal "$(jq -c '[.duplicate,.scans]' "$T/out")" "[1,0]"
check "the forged one again" status 0 assay ingest --read-all --json "$T/forged.xml"
check "is known, too" equal "$(jq -c '[.duplicate,.scans]' "$T/out")" "[1,0]"
"$ASSAY" audit export --format json -o "$T/log.json" --from 0
check "the log says what came beside what" equal "$(grep '"event":"scan.revise"' "$T/log.json" | grep -c front01)" 1

# ---- an officer decides ----
at=$(assay scan list --json --contested --agent front01.example.net | jq -r .time | head -1)
check "no reason" status 64 assay scan accept front01.example.net "$at" 2
check "no such revision" status 64 assay scan accept front01.example.net "$at" 3 --reason x
check "says so" says "no such revision"
check "no such time" status 64 assay scan revoke front01.example.net 2026-11-20T00:00:00Z 1 --reason x
check "another policy" status 64 assay scan accept front01.example.net "$at" 2 --policy other --reason x
check "only looked at" status 0 assay scan accept front01.example.net "$at" 2 --reason x --dry-run
check "nothing changed" equal "$(counting front01.example.net)" "$real"
check accepted status 0 assay scan accept front01.example.net "$at" 2 --reason "ticket 4711" --json
check "the other one counts" equal "$(jq -c '[.changed,.counted,.counts]' "$T/out")" "[true,1,2]"
forged=$(counting front01.example.net)
check "is another" test "$forged" != "$real"
check "also in the report" equal "$(reported front01.example.net)" "$forged"
check "which says why" equal "$(quality | grep -c 'accepted by an officer')" 1
check "decided, not contested" equal "$(assay scan list --contested --agent front01.example.net)" ""
check "again is no change" status 0 assay scan accept front01.example.net "$at" 2 --reason "ticket 4711" --json
check "and leaves no record" equal "$(jq .changed "$T/out")" false
check revoked status 0 assay scan revoke front01.example.net "$at" 2 --reason "was forged" --json
check "the first counts again" equal "$(counting front01.example.net)/$(reported front01.example.net)" "$real/$real"
check "the report names what was revoked" equal "$(quality | grep -c 'revoked by an officer')" 1
check "revoked, too" status 0 assay scan revoke front01.example.net "$at" 1 --reason "and this one" --json
check "none is left" equal "$(jq .counts "$T/out")" 0
check "nor in the report" equal "$(reported front01.example.net)" ""
check "sent again it stays revoked" status 0 assay ingest --read-all "$T/real.xml"
check "none counts" equal "$(counting front01.example.net)" ""
check "accepted after all" status 0 assay scan accept front01.example.net "$at" 1 --reason "a mistake"
check "it counts" equal "$(reported front01.example.net)" "$real"
"$ASSAY" audit export --format json -o "$T/log2.json" --from 0
check "each act has one record" equal "$(grep -oE '"event":"scan\.(accept|revoke)"' "$T/log2.json" | wc -l)" 4
check "with the reason" grep -q 'was forged' "$T/log2.json"
check "the log holds" status 0 assay audit verify

# ---- kill -9 in the middle of decisions ----
for round in $(seq 12); do
    "$ASSAY" scan accept front01.example.net "$at" $((1 + round % 2)) --reason "round $round" >/dev/null 2>&1 &
    pid=$!
    sleep "0.$((RANDOM % 3))$((RANDOM % 10))" # anywhere between its start and its end: that is what is tested
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
done
assay scan list --json --agent front01.example.net | jq -c '[.revision,.counts]' >"$T/after"
check "one counts, and none is lost" equal "$(wc -l <"$T/after")/$(grep -c true "$T/after")" "2/1"
"$ASSAY" audit export --format json -o "$T/log3.json" --from 0
last=$(grep '"event":"scan.accept"' "$T/log3.json" | tail -1 | grep -oE '"f":"counts","new":"[0-9]+"' | grep -oE '[0-9]+')
check "the last record says which" equal "$(grep true "$T/after")" "[$last,true]"
check "the log holds after kills" status 0 assay audit verify

# ---- pages of an API, fetched one by one, of one second ----
api=$SRC/samples/wazuh/db01-api-checks.json
for n in 0 4 8; do
    jq -c ".data.affected_items |= .[$n:$((n + 4))]" "$api" >"$T/paged@page$n.json"
    touch -d 2026-11-20T10:00:00Z "$T/paged@page$n.json"
done
check "three pages" status 0 assay ingest --json "$T"/paged@page?.json
check "nothing is revised" equal "$(jq -c '[.stored,.scans_revised]' "$T/out")" "[3,0]"
check "together they are the whole" equal "$(counting paged)" 6/4

# ---- late, ahead ----
soon=$(date -u -d '+10 hours' +%Y-%m-%dT%H:%M:%SZ)
sed -e "s/2026-10-20T09:20:00/$soon/; s/2026-10-20T09:24:00/$soon/; s/web01/ahead/g" "$SRC/samples/xccdf/two-results.xml" >"$T/ahead.xml"
sed -e "s/2026-10-20T/2026-01-31T/g; s/web01/late/g; s/db01/late2/g" "$SRC/samples/xccdf/two-results.xml" >"$T/late.xml"
assay ingest "$T/ahead.xml" "$T/late.xml"
flags() { assay scan list --json --agent "$1" | jq -c '.flags'; }
check "ahead of the clock is flagged" equal "$(flags ahead.example.net | grep -c ahead)" 1
check "late is flagged" equal "$(flags late.example.net | grep -c late)" 1
rm -rf "$T/r"; "$ASSAY" report hardening-monthly --period 2026-01 -f csv -o "$T/r" >/dev/null 2>&1
check "the report of the closed month says so" equal "$(grep -c 'received after the end of the period' "$T/r/hardening-monthly-2026-01.quality-scans.csv")" 2
check "reports wait for its time" equal "$(assay report hardening-monthly --period this-year -f csv -o "$T/r2" >/dev/null 2>&1; grep -c '^ahead\|,ahead' "$T"/r2/*scoring.csv)" 0
done_tests
