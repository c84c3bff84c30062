#!/usr/bin/env bash
# Reports of a generated fleet in every format: valid, signed, the same totals everywhere.
. "$(dirname "$0")/../lib/lib.sh"
need jq pdftotext qpdf pdfsig openssl xmllint
check init status 0 assay init
bash "$SRC/scripts/make-fleet" --agents 12 --weeks 6 --groups 3 --out "$T/spool" --seed 3 --end 2026-11-20 >"$T/fleet.log" ||
    { cat "$T/fleet.log"; exit 1; }
"$ASSAY" ingest --spool "$T/spool" --quiet; rc=$?
check "ingested" test $rc -eq 0 -o $rc -eq 3

for lang in en ja; do
    R=$T/$lang
    check "$lang: report" status 0 assay report hardening-monthly hardening-executive \
        --period 2026-10 --language $lang --output "$R" --json
    check "$lang: signed" equal "$(jq .signed "$T/out")" true
    for f in $(jq -r '.outputs[].path' "$T/out"); do check "$f is there" test -s "$f"; done

    for pdf in "$R"/*.pdf; do
        check "$pdf: qpdf" sh -c "qpdf --check '$pdf' >/dev/null"
        check "$pdf: pdfsig" sh -c "pdfsig '$pdf' 2>/dev/null | grep -q 'Signature is Valid'"
        check "$pdf: covers all of it" sh -c "pdfsig '$pdf' 2>/dev/null | grep -q 'Total document signed'"
    done
    check "$lang: openssl" openssl cms -verify -binary -inform DER -in "$R/manifest.json.p7s" \
        -content "$R/manifest.json" -CAfile "$T/state/sign.crt" -purpose any -out /dev/null
    check "$lang: assay verify" status 0 assay verify --trust "$T/state/sign.crt" "$R"
    for html in "$R"/*.html; do
        check "$html: one file, no network" sh -c "! grep -qE '(src|href)=\"https?:' '$html'"
        check "$html: language" grep -q "<html lang=\"$lang\"" "$html"
        check "$html: no text is missing" sh -c "! grep -qE '\[[a-z]+\.[a-z.-]+\]' '$html'"
    done
done

# Totals agree: every number of the scoring table of report.json is in CSV, HTML and PDF.
R=$T/en; J=$R/hardening-monthly-2026-10.json
check "JSON parses" jq -es "length == 1" "$J" >/dev/null
jq -r '.. | objects | select(.key? == "scoring" and has("rows")) | .rows[] | select(.is_total | not) |
    .cells | "\(.agent)|\(.score)"' "$J" >"$T/scores"
check "the scoring table has rows" test "$(wc -l <"$T/scores")" -ge 5
pdftotext -layout "$R/hardening-monthly-2026-10.pdf" "$T/pdf.txt"
while IFS='|' read -r agent score; do
    [ "$score" != null ] || continue
    shown=$(printf '%.2f' "$score" | sed 's/\(\.[0-9]\)0$/\1/')
    check "$agent: CSV says $score" sh -c "grep -F '$agent' '$R'/hardening-monthly-2026-10.scoring.csv | grep -qF ',${shown%0}'"
    check "$agent: PDF says $shown" sh -c "grep -F '$agent' '$T/pdf.txt' | grep -qF '$shown %'"
    check "$agent: HTML says $shown" sh -c "grep -qF '$shown' '$R/hardening-monthly-2026-10.html'"
done <<<"$(grep -v '[<=]' "$T/scores" | head -8)"

# The same again gives the same dataset, and the next version.
check "again" status 0 assay report hardening-monthly --period 2026-10 --output "$T/again" --json --reason "made again"
check "same dataset" equal "$(jq -r .dataset_sha256 "$T/again/hardening-monthly-2026-10.json")" "$(jq -r .dataset_sha256 "$J")"
check "next version" equal "$(jq -r .version "$T/out")" 2

# One byte flipped anywhere is found, by name.
cp -r "$R" "$T/flip"
for f in "$T"/flip/*; do
    cp "$f" "$T/keep"
    size=$(stat -c %s "$f"); at=$((size / 2))
    byte=$(dd if="$f" bs=1 skip=$at count=1 2>/dev/null | od -An -tu1 | tr -d ' ')
    printf "\\$(printf %o $(((byte + 1) % 256)))" | dd of="$f" bs=1 seek=$at conv=notrunc 2>/dev/null
    check "flipped byte in $(basename "$f")" status 2 assay verify --trust "$T/state/sign.crt" "$T/flip"
    check "named" says "$(basename "$f")"
    cp "$T/keep" "$f"
done
rm "$T/flip/hardening-monthly-2026-10.html"
check "missing file" status 2 assay verify "$T/flip"
check "named" says hardening-monthly-2026-10.html

check "unknown definition" status 78 assay report no-such-report --period 2026-10
check "unknown period" status 64 assay report hardening-monthly --period soon
check "no write access" status 73 assay report hardening-monthly --period 2026-10 -o /proc/none --reason "made again"
done_tests
