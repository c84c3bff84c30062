#!/usr/bin/env bash
# The portal of a fleet that one page does not hold: all agents are found, filtered, sorted, turned to and printed with script, and
# reached without it; what a host calls itself stays a text; and of what was made before only what changed is written.
. "${SRC:?name the project root}/tests/e2e/lib/lib.sh"
need node jq python3 pdftotext
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
[ -n "$browser" ] || skip "no chromium"

portal=$T/portal
printf 'portal-dir = %s\nspool-settle = 0\norganisation = Example Ltd\n' "$portal" >>"$T/assay.conf"
mkdir "$T/spool"
# scans GROUP POLICY CHECKS TIME: a file of each agent that is read, "NAME PASSED OS" with tabs between.
scans() {
    awk -F'\t' -v group="$1" -v policy="$2" -v checks="$3" -v t="$4" -v to="$T/spool/${1,,}" '{
        file = to NR ".data"
        printf "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<agent_data agent_name=\"%s\" group=\"%s\" os_name=\"%s\" address=\"192.0.2.7\" timestamp=\"%s\">\n", $1, group, $3, substr(t, 1, 10) " 03:00:00" >file
        printf "<hardening policy_id=\"%s\" policy_version=\"1\" policy_title=\"%s\" start=\"%s\" end=\"%s\">\n", policy, policy, t, t >file
        for (k = 1; k <= checks; k++) printf "<check id=\"%d\" status=\"%s\"><title>Setting number %d</title></check>\n", k, k <= $2 ? "PASS" : "FAIL", k >file
        print "</hardening></agent_data>" >file
        close(file) }'
}
for g in Servers:srv:190 Network:sw:130 Applications:app:110; do
    IFS=: read -r group prefix many <<<"$g"
    for ((k = 1; k <= many; k++)); do printf '%s%d\t%d\tSystem %d\n' "$prefix" $k $((k * 7 % 31)) $((k % 5)); done | scans "$group" Base 30 2026-06-14T03:00:00Z
done
line=$(printf '\u2028') evil='</script><script>document.title=1</script><!--'
printf '%s\t2\t%s\nquiet\t2\tplain\n' "zz\"'\\$evil" "a${line}b$evil" | sed 's/</\&lt;/g; s/"/\&quot;/g' | scans Odd Odd 2 2026-06-14T03:00:00Z
day=2026-06-15
check "init" at "$day 11:00 UTC" assay init --quiet
check "a night" at "$day 12:00 UTC" assay run --quiet --catch-up 1
fleet=$portal/fleet n=$(jq .agents_n "$portal/fleet/fleet.json")
check "more than two pages hold" equal "$n" 432

# ---- without script ----
cat >"$T/plain.py" <<'PY'
import json, os, re, sys
site = sys.argv[1]
fleet = json.load(open(site + "/fleet.json", encoding="utf-8"))["agents"]
def rows(page):
    text = open(os.path.join(site, page), encoding="utf-8").read()
    return re.findall(r'<tr role="row"><th role="rowheader" scope="row"><a href="(?:\.\./)?(agents/[^"]*)\.html">', text), text
first, index = rows("index.html")
pages = re.findall(r'href="(names/\d+\.html)"', index)
by_name = [rows(p)[0] for p in pages]
key = lambda a: [(0, int(w), "") if w.isdigit() else (1, 0, w) for w in re.findall(r"\d+|\D", a["name"].lower())]
names = [a["path"] for a in sorted(fleet, key=key) if a["name"].isascii()]
bad = [what for what, ok in {
    "the worst come first": first == [a["path"] for a in fleet[:200]],
    "three pages by name": len(pages) == 3 and sorted(os.listdir(site + "/names")) == ["1.html", "2.html", "3.html"],
    "each has 200 at most": [len(p) for p in by_name] == [200, 200, len(fleet) - 400],
    "they have everybody": sorted(sum(by_name, [])) == sorted(a["path"] for a in fleet),
    "in the order of names": [p for p in sum(by_name, []) if p in set(names)] == names,
    "which lead to each other": all(re.findall(r'href="\.\./(names/\d+\.html)"', rows(p)[1]) == pages for p in pages),
    "a small page": len(index) < 160000,
}.items() if not ok]
print("wrong:", bad, file=sys.stderr) if bad else None
sys.exit(1 if bad else 0)
PY
check "every agent is reached by links" python3 "$T/plain.py" "$fleet"

# ---- what hosts call themselves, in the script ----
check "no end of a script, no comment, no end of a line" equal "$(grep -cE '<|'"$line" "$fleet/fleet.js")" 0
check "one line" equal "$(wc -l <"$fleet/fleet.js")" 1
check "it is what it says" node --check "$fleet/fleet.js"
odd=$(dirname "$(grep -l '"group":"Odd",' "$portal"/groups/*/fleet.json)")
check "that of a group names its agents only" equal "$(sed 's/^self.assayFleet = //; s/;$//' "$odd/fleet.js" | jq -r '[.agents[][1]] | sort | join(" ")')" \
    "$(jq -r '[.agents[].path] | sort | join(" ")' "$odd/fleet.json")"

# ---- in a browser ----
axe=$(bash "$SRC/tests/e2e/lib/axe.sh") || { echo "no axe-core: that check is left out"; axe=-; }
looked() { # looked LANGUAGE [again]: pages, and what a printer gets
    check "$1" node "$SRC/tests/e2e/report/portal-large.js" "$browser" "$T/profile-$1" "$axe" "$fleet" "$T/$1.pdf" ${2-}
    check "printed: everybody, $1" equal "$(pdftotext -layout "$T/$1.pdf" - | tr '\f' '\n' | grep -cE '^ *(srv|sw|app|zz|quiet)[^ ]* +[0-9.]+ ?%')" "$n"
}
looked en

# ---- one agent is scanned again ----
stamps() { (cd "$portal" && find . -type f -printf '%P %T@ %i\n' | sort); }
stamps >"$T/before"
printf 'quiet\t1\tplain\n' | scans Odd Odd 2 2026-06-15T03:00:00Z
check "one scan" at "$day 12:20 UTC" assay ingest --quiet --spool "$T/spool"
check "build" at "$day 12:30 UTC" assay portal build --quiet
stamps | comm -13 "$T/before" - | cut -d' ' -f1 >"$T/changed"
page=$(jq -r '.agents[] | select(.name == "quiet") | .path' "$fleet/fleet.json")
check "of all agents its pages" equal "$(grep '/agents/' "$T/changed" | xargs)" "$(printf '%s\n' fleet "groups/${odd##*/}" | sed "s#.*#&/$page.html\n&/$page.json#" | xargs)"
check "by name the page that has it" equal "$(grep -c '/names/' "$T/changed")" 1
check "of other groups the first page and the state" equal \
    "$(grep -v "^fleet/\|^groups/${odd##*/}/" "$T/changed" | sed -E 's#^groups/[^/]*/##' | sort | uniq -c | awk '{ print $2 }' | xargs)" \
    "index.html state/SHA256SUMS state/manifest.json state/manifest.json.p7s"

# ---- Japanese ----
printf 'portal-language = ja\n' >>"$T/assay.conf"
check "in Japanese" at "$day 12:40 UTC" assay portal build --quiet
looked ja again
done_tests
