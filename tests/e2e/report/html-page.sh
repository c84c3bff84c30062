#!/usr/bin/env bash
# The HTML edition in a browser: sorting, filtering, folding, printing, and its content policy;
# and every drawing as well-formed XML.
set -eu
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
[ -n "$browser" ] || { echo "skipped: no chromium"; exit 77; }
command -v node >/dev/null || { echo "skipped: no node"; exit 77; }
command -v xmllint >/dev/null || { echo "skipped: no xmllint"; exit 77; }
writer=${WRITER:-$BUILD/tests/unit_render_test_html}
[ -x "$writer" ] || { echo "skipped: $writer is not built"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$writer" "$work/page.html" en 4 # a long list
"$writer" "$work/hostile.html" ja 1
for page in page hostile; do
    grep -o '<svg .*</svg>' "$work/$page.html" | sed 's/<\/svg>/<\/svg>\n/g' | grep -o '<svg .*</svg>' |
        { printf '<all>'; cat; printf '</all>'; } >"$work/$page.xml"
    xmllint --noout "$work/$page.xml"
    n=$(grep -c '<svg ' "$work/$page.xml")
    [ "$n" -eq 10 ] || { echo "$page: $n drawings, want 10"; exit 1; }
done
"$writer" "$work/words.html" en 17  # words of 120 letters, and what hosts may send
"$writer" "$work/many.html" en 40   # 50,000 rows
mkdir "$work/parts"
"$writer" "$work/parts" en 40 parts # the same in several files
axe=$(bash "$SRC/tests/e2e/lib/axe.sh") || { echo "no axe-core: that check is left out"; axe=-; }
node "$SRC/tests/e2e/report/html-page.js" "$browser" "$work/profile" "$axe" "$work/page.html" "$work/words.html" "$work/many.html" "$work/parts"

# On paper the head of the long list stands on each of its pages, and all 60 rows are there.
command -v pdftotext >/dev/null || exit 0
pdftotext -layout "$work/profile.pdf" "$work/paper.txt"
rows=$(grep -c 'Ensure rule' "$work/paper.txt")
heads=$(awk 'BEGIN { RS = "\f" } /Ensure rule/ { n += /Id +Check +Status/ ? 1 : 100 } END { print n }' "$work/paper.txt")
[ "$rows" -eq 60 ] || { echo "paper: $rows rows, want 60"; exit 1; }
[ "$heads" -ge 2 ] && [ "$heads" -lt 100 ] || { echo "paper: a page without the head ($heads)"; exit 1; }
grep -q 'Then flush the routes' "$work/paper.txt" || { echo "paper: a folded note"; exit 1; }

# The foot stands on every page, with what the report is, its period and which page of how many it is.
n=$(pdfinfo "$work/profile.page.pdf" | awk '/^Pages:/ { print $2 }')
pdftotext -layout "$work/profile.page.pdf" "$work/foot.txt"
for i in $(seq "$n"); do
    grep -q "HR-2023-09 v1 · *Internal .*1–30 September 2023 (UTC) .*Page $i of $n" "$work/foot.txt" ||
        { echo "paper: no foot on page $i of $n"; exit 1; }
done
# Nothing of what stands at the right edge is cut off.
for word in Score 46.1 "not evaluated" "Digest"; do
    grep -q "$word" "$work/foot.txt" || { echo "paper: no $word"; exit 1; }
done
