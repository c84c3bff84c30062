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
node "$SRC/tests/e2e/report/html-page.js" "$browser" "$work/page.html" "$work/profile"

# On paper the head of the long list stands on each of its pages, and all 60 rows are there.
command -v pdftotext >/dev/null || exit 0
pdftotext -layout "$work/profile.pdf" "$work/paper.txt"
rows=$(grep -c 'Ensure rule' "$work/paper.txt")
heads=$(awk 'BEGIN { RS = "\f" } /Ensure rule/ { n += /Id +Check +Status/ ? 1 : 100 } END { print n }' "$work/paper.txt")
[ "$rows" -eq 60 ] || { echo "paper: $rows rows, want 60"; exit 1; }
[ "$heads" -ge 2 ] && [ "$heads" -lt 100 ] || { echo "paper: a page without the head ($heads)"; exit 1; }
grep -q 'Then flush the routes' "$work/paper.txt" || { echo "paper: a folded note"; exit 1; }
