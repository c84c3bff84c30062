#!/usr/bin/env bash
# veraPDF: every PDF is PDF/A-3a and PDF/UA-1, before and after sealing.
. "$(dirname "$0")/../lib/lib.sh"
V=$SRC/../shared/tools/verapdf/verapdf
[ -x "$V" ] || skip "no ../shared/tools/verapdf"
need java
check init status 0 assay init
bash "$SRC/scripts/make-fleet" --agents 8 --weeks 4 --groups 3 --out "$T/spool" --seed 5 --end 2026-11-20 >/dev/null
"$ASSAY" ingest --spool "$T/spool" --quiet
agent=$(ls "$T/spool/done" | sed -n 's/@.*//p' | head -1)
for lang in en ja; do
    "$ASSAY" report hardening-monthly hardening-executive --period 2026-11 --language $lang -o "$T/$lang"
    "$ASSAY" report agent-detail --agent "$agent" --period 2026-11 --language $lang -o "$T/$lang-agent"
    mv "$T/$lang-agent"/*.pdf "$T/$lang"
done
cp "$T/en/hardening-monthly-2026-11.pdf" "$T/signed.pdf"
echo "sign = no" >>"$T/assay.conf"
"$ASSAY" report hardening-monthly --period 2026-11 -o "$T/unsigned"
"$V" 3a,ua1 "$T"/en/*.pdf "$T"/ja/*.pdf "$T"/unsigned/*.pdf >"$T/vera" 2>&1
cat "$T/vera" | head -40
n=$(ls "$T"/en/*.pdf "$T"/ja/*.pdf "$T"/unsigned/*.pdf | wc -l)
check "every file passes both profiles" equal "$(grep -c PASS "$T/vera")" $((2 * n))
check "none fails" equal "$(grep -c FAIL "$T/vera")" 0
done_tests
