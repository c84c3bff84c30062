#!/usr/bin/env bash
# Charts of a report as pictures: one file a chart, whole, not blank, in the manifest like every other output.
. "$(dirname "$0")/../lib/lib.sh"
need jq python3
check init status 0 assay init
bash "$SRC/scripts/make-fleet" --agents 5 --weeks 3 --groups 2 --out "$T/spool" --seed 5 --end 2026-11-20 >"$T/fleet.log" ||
    { cat "$T/fleet.log"; exit 1; }
"$ASSAY" ingest --spool "$T/spool" --quiet; rc=$?
check "ingested" test $rc -eq 0 -o $rc -eq 3
stem=hardening-executive-2026-11
seen() { jq -se "$1" "$T/seen" >/dev/null || { jq -c . "$T/seen" >&2; return 1; }; }

for lang in en ja; do
    R=$T/$lang stem=hardening-executive-2026-11
    [ $lang = en ] || stem+=.$lang # the same version in another language
    check "$lang: report" status 0 assay report hardening-executive --period 2026-11 -l $lang -f json,png -o "$R"
    jq -r '[.. | objects | select(.type? == "chart") | .key][]' "$R/$stem.json" >"$T/keys"
    check "$lang: the report has charts" test "$(wc -l <"$T/keys")" -ge 2
    (cd "$R" && ls -- *.png) >"$T/names"
    check "$lang: a picture a chart, in its order, named by what it shows" equal "$(cat "$T/names")" \
        "$(awk -v stem=$stem '{ sub(/^chart-/, ""); printf "%s-%02d-%s.png\n", stem, NR, $0 }' "$T/keys")"
    check "$lang: decoded" status 0 python3 "$SRC/tests/e2e/report/pictures.py" "$R"/*.png
    cp "$T/out" "$T/seen"
    check "$lang: wide enough for a slide" seen 'all(.width == 1280 and .height > 400 and .height < 2000)'
    check "$lang: not blank, not black" seen 'all(.inked > 0.02 and .inked < 0.6)'
    check "$lang: nothing touches the border" seen 'all(.border)'
    check "$lang: passed, failed and ink in their colours" seen \
        '[.[].colours[]] | contains(["006b4f", "a84300", "1b2127"])'
    check "$lang: no time of making in it" seen 'all(.chunks - ["IHDR", "bKGD", "sBIT", "pHYs", "IDAT", "IEND"] == [])'
    check "$lang: in the manifest" equal \
        "$(jq -r '.outputs[] | select(.media_type == "image/png") | .name' "$R/manifest.json")" "$(cat "$T/names")"
    check "$lang: assay verify" status 0 assay verify --trust "$T/state/sign.crt" "$R"
done
stem=hardening-executive-2026-11
ls "$T"/en/*.png | sed 's|.*/||' >"$T/names"
check "languages differ" fails cmp "$T/en/$stem-01-evolution.png" "$T/ja/$stem.ja-01-evolution.png"

# The same again gives the same bytes; one bit of one picture is found, by name.
check "again" status 0 assay report hardening-executive --period 2026-11 -f png -o "$T/again" --reason "made again"
while read -r name; do check "$name: the same" cmp "$T/en/$name" "$T/again/$name"; done <"$T/names"
check "nothing else was written" equal "$(cd "$T/again" && ls | grep -vE '^(manifest|audit.checkpoint)')" "$(cat "$T/names")"
printf x | dd of="$T/again/$stem-01-evolution.png" bs=1 seek=900 conv=notrunc 2>/dev/null
check "a picture that was changed" status 2 assay verify "$T/again"
check "named" says "$stem-01-evolution.png"

# As an output of a definition; a report without charts has no picture, and is made all the same.
echo '{"outputs": ["png", "csv"], "language": "ja", "sections": [{"type": "evolution"}, {"type": "category-pie"}]}' >"$T/lines.json"
echo '{"outputs": ["png"], "sections": [{"type": "glossary"}]}' >"$T/words.json"
check "by definition" status 0 assay report "$T/lines.json" --period 2026-11 -o "$T/lines"
check "picture and table" test -s "$T/lines/lines-2026-11-01-evolution.png" -a -s "$T/lines/lines-2026-11.evolution.csv"
check "the pie" status 0 python3 "$SRC/tests/e2e/report/pictures.py" "$T/lines/lines-2026-11-02-category-pie.png"
cp "$T/out" "$T/seen"
check "a disc of passed and failed" seen 'all(.border and .inked > 0.1 and (.colours | contains(["006b4f", "a84300"])))'
check "no chart" status 0 assay report "$T/words.json" --period 2026-11 -o "$T/words"
check "only a manifest" equal "$(cd "$T/words" && echo *)" "audit.checkpoint manifest.json manifest.json.p7s"
check "which is good" status 0 assay verify --trust "$T/state/sign.crt" "$T/words"

# Files go out before they are recorded: what stops half-way leaves whole files and no record of any.
written() { "$ASSAY" audit export -f json --from 0 --no-record -o - | jq -r '.rec.event' | grep -cE '^(report.make|output.write)$'; }
mkdir -p "$T/blocked/manifest.json.p7s"
before=$(written)
check "the manifest has no place" status 73 assay report hardening-executive --period 2026-11 -f png -o "$T/blocked" --reason "made again"
check "names it" says "$T/blocked/manifest.json.p7s"
while read -r name; do check "$name: whole" cmp "$T/en/$name" "$T/blocked/$name"; done <"$T/names"
check "nothing is recorded" equal "$(written)" "$before"
rmdir "$T/blocked/manifest.json.p7s"; rm "$T/blocked/manifest.json"
check "now it has" status 0 assay report hardening-executive --period 2026-11 -f png -o "$T/blocked" --reason "made again"
check "a record for the report and one for each file" equal "$(written)" $((before + 3 + $(wc -l <"$T/names")))
check "which is good" status 0 assay verify --trust "$T/state/sign.crt" "$T/blocked"
done_tests
