#!/usr/bin/env bash
# A build of the portal that is killed: the site stays one that leads from page to page, each of them whole, and the next build completes it.
. "${SRC:?name the project root}/tests/e2e/lib/lib.sh"
need python3

portal=$T/portal
printf 'portal-dir = %s\nportal-language = en\nspool-settle = 0\ngroup = Servers:srv*\ngroup = Network:sw*\n' "$portal" >>"$T/assay.conf"
bash "$SRC/scripts/make-fleet" --agents 8 --weeks 3 --groups 2 --seed 5 --out "$T/spool" >/dev/null
assay init --quiet
check "a night" assay run --quiet --catch-up 1

cat >"$T/look.py" <<'PY'
import os, re, sys
bad = n = 0
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        if not name.endswith(".html") or "/reports/" in folder:
            continue
        n += 1
        text = open(os.path.join(folder, name), encoding="utf-8").read()
        if not text.endswith("</html>\n"):
            bad += 1
            print("not whole:", folder, name, file=sys.stderr)
        for link in re.findall(r'(?:href|src)="([^"#]+)"', text):
            if not os.path.isfile(os.path.join(folder, link)):
                bad += 1
                print(name, "leads nowhere:", link, file=sys.stderr)
sys.exit(1 if bad or n < 50 else 0)
PY
check "whole at first" python3 "$T/look.py" "$portal"

# Another language changes every page. Killed early, while pages are written, and late, while they are renamed or removed.
language=en killed=0
for ms in 50 400 800 1200 1600 2000 2500 3000; do
    [ $language = en ] && language=ja || language=en
    sed -i "s/^portal-language = .*/portal-language = $language/" "$T/assay.conf"
    "$ASSAY" portal build --quiet 2>/dev/null &
    build=$!
    sleep "$(awk -v ms=$ms 'BEGIN { print ms / 1000 }')" # the moment of the kill is what is tested
    kill -KILL $build 2>/dev/null && killed=$((killed + 1))
    wait $build 2>/dev/null
    check "whole after a kill at $ms ms" python3 "$T/look.py" "$portal"
done
check "some were killed" test $killed -ge 2
check "the next completes it" assay portal build --quiet
check "whole" python3 "$T/look.py" "$portal"
check "nothing is left over" equal "$(find "$portal" -name '*.new')" ""
for site in "$portal/fleet" "$portal"/groups/*/; do
    check "as its sums say" bash -c "cd '$site' && sha256sum --check --quiet --strict state/SHA256SUMS"
    check "sealed" status 0 assay verify --no-record "$site/state"
done
done_tests
