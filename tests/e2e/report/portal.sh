#!/usr/bin/env bash
# The portal: its numbers against those of the input files, folders of groups that name nobody else, what is written and
# what is left alone, names that hosts choose, verification, and a folder that is not a portal.
. "${SRC:?name the project root}/tests/e2e/lib/lib.sh"
need jq python3 openssl

portal=$T/portal
printf 'portal-dir = %s\nspool-settle = 0\n' "$portal" >>"$T/assay.conf"
for g in Servers:srv Network:sw Applications:app Workstations:pc Databases:db; do
    printf 'group = %s:%s*\n' "${g%:*}" "${g#*:}" >>"$T/assay.conf"
done
day=2026-06-15 # no day of this month: nothing here may depend on it
bash "$SRC/scripts/make-fleet" --agents 15 --weeks 6 --groups 5 --seed 3 --end 2026-06-14 --out "$T/spool" >/dev/null
check "init" at "$day 11:00 UTC" assay init --quiet
check "a night" at "$day 12:00 UTC" assay run --quiet --catch-up 1
check "the site is there" test -s "$portal/fleet/index.html"
check "as for the web server" equal "$(stat -c %a "$portal/fleet/agents" "$portal/fleet/index.html" | xargs)" "755 644"

# ---- numbers ----
check "the numbers are those of the files" python3 "$SRC/tests/e2e/report/portal.py" "$T/fleet-expected.tsv" "$portal/fleet" $day
n=0
for site in "$portal"/groups/*/; do
    group=$(jq -r .group "$site/fleet.json")
    check "those of $group" python3 "$SRC/tests/e2e/report/portal.py" "$T/fleet-expected.tsv" "$site" $day "$group"
    n=$((n + 1))
done
check "a site a group" equal $n 5

# ---- a group's folder names nobody else ----
names_nobody() { # names_nobody SITE: of all files in it, whatever they are
    local site=$1 group foreign
    group=$(jq -r .group "$site/fleet.json")
    jq -r --arg g "$group" '.agents[] | select(.group != $g) | .name' "$portal/fleet/fleet.json" >"$T/foreign"
    [ "$(wc -l <"$T/foreign")" -gt 8 ] || { echo "too few names to look for" >&2; return 1; }
    [ "$(cat "$site"/fleet.json "$site"/agents/*.json "$site"/checks/*.json | jq -r '.. | .group? // empty' | sort -u)" = "$group" ] || return 1
    ! grep -rlwFf "$T/foreign" "$site" >&2
    ! find "$site" | grep -Ff <(jq -r --arg g "$group" '.agents[] | select(.group != $g) | .path' "$portal/fleet/fleet.json") >&2
}
check "reports of a group and of an agent" at "$day 12:05 UTC" assay report hardening-executive --period 2026-05 --group Servers --quiet
srv=$(jq -r '[.agents[] | select(.group == "Servers") | .name][0]' "$portal/fleet/fleet.json")
check "of one agent" at "$day 12:06 UTC" assay report agent-detail --period 2026-05 --agent "$srv" --quiet
check "build" at "$day 12:10 UTC" assay portal build --quiet
for site in "$portal"/groups/*/; do check "only what is theirs: $site" names_nobody "$site"; done
reports() { jq -r '[.reports[].scope] | sort | join("|")' "$1/reports.json"; }
servers=$(dirname "$(grep -l '"group":"Servers","newest_scan"' "$portal"/groups/*/fleet.json)")
databases=$(dirname "$(grep -l '"group":"Databases","newest_scan"' "$portal"/groups/*/fleet.json)")
check "all reports" equal "$(reports "$portal/fleet")" "agent $srv|all|group Servers"
check "theirs" equal "$(reports "$servers")" "agent $srv|group Servers"
check "none of others" equal "$(reports "$databases")" ""
check "with their verdict" equal "$(jq -c '[.reports[].verified] | unique' "$portal/fleet/reports.json")" "[true]"

# ---- what is written ----
stamps() { find "$portal" -type f -printf '%P %T@ %i\n' | sort; }
written() { jq .written "$T/out"; }
not_before() { [[ ! $1 < $2 ]]; }
stamps >"$T/before"
check "a moment later" status 0 at "$day 12:13 UTC" assay portal build --json
check "first page, sums, manifest and signature of six sites" equal "$(written)" 24
stamps >"$T/after"
comm -13 "$T/before" "$T/after" | cut -d' ' -f1 >"$T/changed"
check "and no other" equal "$(sed -E 's#^(fleet|groups/[^/]*)/##' "$T/changed" | grep -vxE 'index.html|state/.*' | wc -l)" 0
check "which say when" not_before "$(jq -r .created "$portal/fleet/state/manifest.json")" 2026-06-15T12:13:00Z
check "lists say of when their data are" equal "$(jq -r .newest_scan "$portal/fleet/checks.json")" "$(jq -r '[.agents[].last_scan] | max' "$portal/fleet/fleet.json")"
check "the rest keeps its time" equal "$(($(comm -12 "$T/before" "$T/after" | wc -l) > 1000))" 1
cp -r "$portal/fleet" "$T/first"
one=$(jq -r '.agents[5].path' "$portal/fleet/fleet.json")
printf 'x' >>"$portal/fleet/$one.html"
rm -f "$portal/fleet/agents/"*.json
touch "$portal/fleet/stranger.html" "$portal/groups/left-over"
mkdir -p "$portal/groups/gone/agents"; touch "$portal/groups/gone/agents/a.html"
check "repairs" at "$day 12:13 UTC" assay portal build --quiet
check "a page that was changed is put back" cmp "$T/first/$one.html" "$portal/fleet/$one.html"
check "data, too" diff -r "$T/first/agents" "$portal/fleet/agents"
check "strangers go" equal "$(find "$portal" -name 'stranger*' -o -name 'left-over' -o -name gone -o -name '*.new')" ""
check "links of one file" equal "$(stat -c %i "$portal/fleet/$one.html")" "$(stat -c %i "$portal"/groups/*/"$one.html")"

# ---- the same data and clock give the same bytes ----
mv "$portal" "$T/old"
check "anew" at "$day 12:13 UTC" assay portal build --quiet
differs() { # but for the log, which has a record more
    for dir in "$T/old" "$portal"; do
        find "$dir" \( -name '*.html' -o -name '*.json' \) ! -path '*/reports/*' -exec sed -i -E \
            's#^<footer><p>Made by .*##' {} +
    done
    diff -rq "$T/old" "$portal" | grep -v '/state/'
}
cp -r "$portal" "$T/kept"
check "the same bytes" equal "$(differs)" ""
rm -rf "$portal"
mv "$T/kept" "$portal"

# ---- verification ----
check "the state verifies" status 0 assay verify --no-record "$portal/fleet/state"
for site in "$portal/fleet" "$servers"; do
    check "and so does every page below it" bash -c "cd '$site' && sha256sum --check --quiet --strict state/SHA256SUMS"
    check "which names them all" equal "$(cd "$site" && find . -type f ! -path './state/*' | wc -l)" "$(wc -l <"$site/state/SHA256SUMS")"
done
check "openssl says so, too" bash -c "openssl cms -verify -binary -inform DER -in '$portal/fleet/state/manifest.json.p7s' \
    -content '$portal/fleet/state/manifest.json' -noverify -purpose any >/dev/null 2>&1"
hash=$(sha256sum "$portal/fleet/state/manifest.json" | cut -d' ' -f1)
check "the record names it" equal "$("$ASSAY" audit export -f json --from 0 --no-record -o - |
    jq -r '.rec | select(.event == "portal.build") | .changes[] | select(.f == "manifest") | .new' | tail -1)" "$hash"
touch "$T/moment"

# ---- a report that does not hold ----
pdf=$(find "$T/scheduled" -name '*.pdf' | head -1)
printf 'x' >>"$pdf"
check "after a report was changed" at "$day 12:20 UTC" assay portal build --quiet
check "says so" equal "$(jq '[.reports[] | select(.verified == false)] | length' "$portal/fleet/reports.json")" 1
check "and does not offer it" equal "$(jq -r '[.reports[] | select(.verified == false) | .files | length] | add' "$portal/fleet/reports.json")" 0

# ---- names that hosts and officers choose ----
agents=$(jq -r '.agents[].name' "$portal/fleet/fleet.json" | head -4)
i=0
while read -r agent; do
    i=$((i + 1))
    group=$(printf '%s\n' '../../../etc' '<script>alert(1)</script>' 'a/b' 'A/B' | sed -n "${i}p")
    check "into $group" at "$day 12:30 UTC" assay agent move "$agent" --group "$group" --quiet
done <<<"$agents"
check "build with them" at "$day 12:31 UTC" assay portal build --quiet
check "four sites more" equal "$(ls "$portal/groups" | wc -l)" 9
check "none outside" equal "$(find "$T" -newer "$T/moment" -name index.html ! -path "$portal/*" | wc -l)" 0
check "plain names" equal "$(find "$portal" -path "$portal/fleet/reports" -prune -o -type f -printf '%P\n' | grep -vE '^[A-Za-z0-9./-]+$|^\.assay-portal$|SHA256SUMS$' | wc -l)" 0
check "no markup of theirs" equal "$(grep -rl --include=*.html '<script>alert' "$portal" | wc -l)" 0
check "two folders of a/b and A/B" equal "$(ls "$portal/groups" | grep -c '^a-b-')" 2

# ---- Japanese ----
printf 'portal-language = ja\n' >>"$T/assay.conf"
check "in Japanese" at "$day 12:40 UTC" assay portal build --quiet
check "says so" grep -q '<html lang="ja">' "$portal/fleet/index.html"
check "no text is missing" equal "$(grep -rlE --include=*.html '>\[[a-z]+\.[a-z.-]+\]' "$portal" | wc -l)" 0

# ---- what is refused ----
check "dry" status 0 at "$day 12:50 UTC" assay portal build --dry-run --json
mkdir "$T/home"; touch "$T/home/precious"
sed -i "s#^portal-dir = .*#portal-dir = $T/home#" "$T/assay.conf"
check "a folder with other things" status 78 assay portal build
check "says which" says "holds precious"
check "and is left alone" equal "$(ls -A "$T/home")" precious
sed -i '/^portal-dir/d' "$T/assay.conf"
check "no folder" status 78 assay portal build
check "says so" says "portal-dir is not set"
done_tests
