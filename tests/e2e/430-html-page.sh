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
node "$SRC/tests/e2e/430-html-page.js" "$browser" "$work/page.html" "$work/profile"
