#!/usr/bin/env bash
# Nothing is sealed about nothing: unknown words, periods that have not begun and empty scopes are refused, with the nearest
# word; where an empty report is wanted, it says so first, and nowhere anything good.
. "$(dirname "$0")/../lib/lib.sh"
need jq pdftotext
check init status 0 at 2026-01-01T00:00:00Z assay init
month() { assay report "$@" --period 2026-10 -o "$T/never"; }
check "an empty database" status 64 month hardening-monthly
check "says so" says "no agent is in its scope; --allow-empty"
bash "$SRC/scripts/make-fleet" --agents 6 --weeks 2 --groups 2 --out "$T/spool" --seed 3 --end 2026-10-20 >/dev/null
"$ASSAY" ingest --spool "$T/spool" --quiet
group=$(assay agent list --json 2>/dev/null | jq -r '.[0].group? // empty' 2>/dev/null)
assay report hardening-monthly --period 2026-10 -f json -o "$T/all" >/dev/null
J=$T/all/hardening-monthly-2026-10.json
cells() { jq -r --arg t "$1" --arg c "$2" '.. | objects | select(.key? == $t and has("rows")) | .rows[].cells[$c]' "$J"; }
group=$(cells scope-groups group | head -1) agent=$(cells scoring agent | head -1) policy=$(cells scope-policies policy_id | head -1)
check "words to ask for" test -n "$group" -a -n "$agent" -a -n "$policy"

# One letter too many on the command line: 64, and the word that was meant.
while IFS='|' read -r what option word near; do
    check "$what" status 64 month hardening-monthly "$option" "$word"
    check "$what: nearest" says "no $what \"$word\"; the nearest is \"$near\""
done <<END
group|--group|${group}x|$group
agent|--agent|${agent}x|$agent
policy|--policy|${policy}x|$policy
END
check "language" status 64 month hardening-monthly --language jp
check "language: those there are" says 'no language "jp"; there is: en, ja'
check "format" status 64 month hardening-monthly --format pfd
check "definition" status 78 month hardening-monthy
check "definition: nearest" says 'the nearest is "hardening-monthly"'
check "the future" status 64 assay report hardening-monthly --period 2126-01 -o "$T/never"
check "week 53 of a year of 52" status 64 assay report hardening-monthly --period 2023-W53 -o "$T/never"
check "one agent, none named" status 64 month agent-detail
check "a month without scans" status 64 assay report hardening-monthly --period 2025-10 -o "$T/never"
check "says so" says "has a scan in the period"
check "nothing was made of all this" test ! -e "$T/never"

# The scope that is printed is what was asked for.
check "one group" status 0 assay report hardening-monthly --group "$group" --period 2026-10 -f json -o "$T/group"
check "its scope" equal "$(jq -r .scope "$T"/group/*-2026-10*.json | head -1)" "Groups: $group"
check "one policy" status 0 assay report hardening-monthly --policy "$policy" --period 2026-10 -f json -o "$T/policy"
check "its scope" equal "$(jq -r .scope "$T"/policy/*-2026-10*.json | head -1)" "Policy $policy"
check "whole" equal "$(jq -r .scope "$J")" "All groups"

# An empty one says so first, in every format and language, and nothing good about nobody.
for lang in en ja; do
    check "$lang: empty" status 0 assay report hardening-monthly --period 2025-10 --allow-empty -l $lang -f pdf,html,csv,json -o "$T/empty-$lang"
    pdftotext -layout "$T/empty-$lang"/*.pdf "$T/empty-$lang/all.txt"
done
first=$(jq -r .lead "$T"/empty-en/hardening*.json)
check "cover" test "${first#Nothing was assessed: }" != "$first"
first=$(jq -r .lead "$T"/empty-ja/hardening*.json)
check "cover, Japanese" test "${first#監査結果はありません。}" != "$first"
check "summary" equal "$(jq -r '[.sections[] | select(.key == "dashboard") | .. | objects | select(.type? == "lead") | .text][0]' "$T"/empty-en/hardening*.json)" \
    "$(jq -r .lead "$T"/empty-en/hardening*.json)"
for good in "Every agent in scope was assessed" "No check failed" "All scans are complete" "none is missing" "No findings about" \
    対象エージェントはすべて監査済み 不合格の検査項目はありません すべての監査が完全 入力データに関する指摘はありません; do
    check "nowhere: $good" sh -c "! grep -rqF '$good' '$T/empty-en' '$T/empty-ja'"
done

# Definitions are looked at where nothing is due, too.
mkdir -p "$T/tpl/reports"
echo '{"scheduled": false, "groups": ["'"${group}x"'"], "sections": [{"type": "scope"}]}' >"$T/tpl/reports/typo.json"
echo "templates-dir = $T/tpl" >>"$T/assay.conf"
check "doctor" status 78 assay doctor
check "names it" says "no group \"${group}x\"; the nearest is \"$group\""
check "run" status 78 at 2026-10-21T06:00:00Z assay run
check "names it" says "no group \"${group}x\"; the nearest is \"$group\""
check "a report of it" status 78 assay report typo --period 2026-10 -o "$T/never"
echo '{"language": "fr", "sections": [{"type": "scope"}]}' >"$T/tpl/reports/typo.json"
check "language of a definition" status 78 at 2026-10-21T06:00:00Z assay run
rm "$T/tpl/reports/typo.json"
check "all are well" status 0 at 2026-10-21T06:00:00Z assay run

# Settings: each of them alone, whatever is asked.
cp "$T/assay.conf" "$T/good.conf"
for line in "zone = Europe/Madird" "paper = a5" "language = fr"; do
    (cat "$T/good.conf"; echo "$line") >"$T/assay.conf"
    check "$line" status 78 at 2026-10-21T06:00:00Z assay run
    check "$line: doctor" status 78 assay doctor
done
cp "$T/good.conf" "$T/assay.conf"
check "TZ" status 78 at 2026-10-21T06:00:00Z env TZ=Europe/Madird "$ASSAY" run
check "no zone data" status 78 at 2026-10-21T06:00:00Z env TZDIR=/nonexistent TZ=Europe/Madrid "$ASSAY" run
done_tests
