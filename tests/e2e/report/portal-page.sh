#!/usr/bin/env bash
# The portal in a browser, from the disk, in English and Japanese.
. "${SRC:?name the project root}/tests/e2e/lib/lib.sh"
need node jq
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
[ -n "$browser" ] || skip "no chromium"

printf 'portal-dir = %s/portal\nspool-settle = 0\norganisation = Example Ltd\ngroup = Servers:srv*\ngroup = Network:sw*\n' "$T" >>"$T/assay.conf"
bash "$SRC/scripts/make-fleet" --agents 7 --weeks 2 --groups 2 --seed 5 --out "$T/spool" >/dev/null
assay init --quiet
check "a night" assay run --quiet --catch-up 1
axe=$(bash "$SRC/tests/e2e/lib/axe.sh") || { echo "no axe-core: that check is left out"; axe=-; }
check "English" node "$SRC/tests/e2e/report/portal-page.js" "$browser" "$T/profile" "$axe" "$T/portal/fleet"
printf 'portal-language = ja\n' >>"$T/assay.conf"
check "in Japanese" assay portal build --quiet
check "Japanese" node "$SRC/tests/e2e/report/portal-page.js" "$browser" "$T/profile-ja" "$axe" "$T/portal/fleet"
done_tests
