#!/usr/bin/env bash
# The monthly reports of small fleets, each with what a report must not get wrong, line by line beside reports/<case>/: the text
# of PDF and HTML, CSV and JSON. Both clocks stand still (reports.py has the fleets), so what differs from one making
# to the next is the keys of the site alone. To veraPDF they are
# PDF/A-3a and PDF/UA-1 (all of them with ASSAY_LONG=1), and axe-core finds nothing in their pages.
# REGENERATE=1 writes them anew: read the difference before committing it.
#   golden/reports.sh [CASE…]
. "$SRC/tests/e2e/lib/lib.sh"
need python3 jq openssl pdftotext mariadb mariadbd mariadb-install-db
. "$SRC/tests/e2e/lib/server.sh"
py=$SRC/tests/golden/reports.py golden=$SRC/tests/golden/reports
cases=(exact-tie all-pass one-failure empty one-agent provisional late revised mixed-script)

check "a server" server_start
# The database's clock stands for all who have no right to more: init_connect is not run for root.
sql "CREATE USER assay@localhost; GRANT ALL ON *.* TO assay@localhost; REVOKE SUPER, CONNECTION ADMIN ON *.* FROM assay@localhost" mysql
sed -i 's/^user = .*/user = assay/' "$T/my.cnf"
# A certificate that was valid then: openssl ca is the only one of Debian 12's openssl that can be told the days.
touch "$T/ca.index"
printf '[ca]\ndefault_ca=x\n[x]\ndatabase=%s/ca.index\nnew_certs_dir=%s\ndefault_md=sha256\npolicy=p\nrand_serial=yes\nx509_extensions=e\n[p]\nO=supplied\nCN=supplied\n[e]\nkeyUsage=critical,digitalSignature,nonRepudiation\n' "$T" "$T" >"$T/ca.cnf"
check "a key" status 0 openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$T/seal.key" -subj "/O=Example/CN=Seal" -out "$T/seal.csr"
check "its certificate" status 0 openssl ca -selfsign -batch -notext -config "$T/ca.cnf" -keyfile "$T/seal.key" -in "$T/seal.csr" -startdate 20260101000000Z \
    -enddate 20460101000000Z -out "$T/seal.pem"
chmod 600 "$T/seal.key"
printf 'sign-cert = %s/seal.pem\nsign-key = %s/seal.key\norganisation = Example Ltd\nclassification = Internal\n' "$T" "$T" >>"$T/assay.conf"
cp "$T/assay.conf" "$T/common.conf"

# still TIME COMMAND…: program and database have this time.
still() {
    local s; s=$(date -d "$1" +%s); shift
    sql "SET GLOBAL init_connect = 'SET timestamp = $s'" mysql
    LD_PRELOAD=$BUILD/tests/libe2e_clock.so E2E_CLOCK_STILL=$s E2E_HOST=golden "$@"
}

# fleet CASE: its files come when their folders say; the report is made when its month is over, or in the middle of it.
fleet() {
    local case=$1 D=$T/$1 made=2026-11-02T06:00:00Z arrival lang
    mkdir "$D"
    sed "s|^state-dir = .*|state-dir = $D/state|" "$T/common.conf" >"$T/assay.conf"
    echo "database = golden_${case//-/_}" >>"$T/assay.conf"
    python3 "$py" make "$case" "$D/in"
    check "$case: init" status 0 still 2026-09-01T00:00:00Z assay init
    for arrival in before=2026-09-14T04:00:00Z in-time=2026-10-12T04:00:00Z revised=2026-10-12T05:00:00Z after=2026-11-01T10:00:00Z; do
        [ -z "$(ls "$D/in/${arrival%%=*}")" ] || still "${arrival#*=}" assay ingest --quiet "$D/in/${arrival%%=*}"
    done
    [ "$case" != revised ] ||
        check "an officer chooses" status 0 still 2026-10-13T06:00:00Z assay scan accept chosen 2026-10-12T03:00:00Z 2 --policy base --reason "agent was misread"
    [ "$case" != provisional ] || made=2026-10-20T06:00:00Z
    for lang in en ja; do
        [ $lang = en ] || [ "$case" = mixed-script ] || continue
        check "$case: report" status 0 still $made assay report hardening-monthly --period 2026-10 -l $lang --allow-empty -f pdf,html,csv,json -o "$D/$lang"
    done
}

# texts FOLDER: its report as text, in FOLDER.text, the same for every key.
texts() {
    local r to=$1.text f words
    r=$(ls "$1"/*.pdf) && r=${r%.pdf}
    mkdir "$to"
    pdftotext -layout "$r.pdf" - | tr '\f' '\n' | sed 's/^ */ /; s/   */  /g; s/ *$//' | grep -v '^$' >"$to/pdf"
    python3 "$py" page "$r.html" >"$to/html"
    python3 "$py" data "$r.json" >"$to/json"
    for f in "$r".*.csv; do echo "== ${f#"$r."}"; tr -d '\r' <"$f"; done >"$to/csv"
    mapfile -t words < <(jq -r '(.audit.checkpoint | split("\n")) as $note | (.signer_fingerprint + "=<certificate>"), (.audit.sha256 + "=<record>"),
        (.audit.vkey + "=<log key>"), ($note[2] + "=<root>"), ($note[4] + "=<signature>"), (.generated_by + "=<who>"), (.tool + "=<tool>")' "$r.json")
    for f in pdf html json csv; do python3 "$py" steady "$to/$f" "${words[@]}" >"$to/$f.txt"; done
}

pages=() pdfs=()
for case in "${@:-${cases[@]}}"; do
    fleet "$case"
    for lang in en ja; do
        [ -d "$T/$case/$lang" ] || continue
        pages+=("$T/$case/$lang"/*.html) pdfs+=("$T/$case/$lang"/*.pdf)
        texts "$T/$case/$lang"
        want=$golden/$case; [ $lang = en ] || want=$golden/$case-$lang
        for f in pdf html csv json; do
            [ -z "${REGENERATE:-}" ] || { mkdir -p "$want"; cp "$T/$case/$lang.text/$f.txt" "$want/$f.txt"; }
            check "$case $lang $f" diff -u "$want/$f.txt" "$T/$case/$lang.text/$f.txt"
        done
    done
done

V=$SRC/../shared/tools/verapdf/verapdf
if [ -x "$V" ] && command -v java >/dev/null; then
    [ -n "${ASSAY_LONG:-}" ] || mapfile -t pdfs < <(printf '%s\n' "${pdfs[@]}" | grep -E 'empty|mixed-script/ja' || printf '%s\n' "${pdfs[0]}")
    "$V" 3a,ua1 "${pdfs[@]}" >"$T/vera" 2>&1
    check "every PDF passes both profiles" equal "$(grep -c PASS "$T/vera") $(grep -c FAIL "$T/vera")" "$((2 * ${#pdfs[@]})) 0"
else
    echo "no ../shared/tools/verapdf: that check is left out"
fi
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -n "$browser" ] && command -v node >/dev/null && axe=$(bash "$SRC/tests/e2e/lib/axe.sh"); then
    check "axe-core finds nothing" node "$SRC/tests/e2e/lib/browser.js" "$browser" "$T/profile" "$axe" "${pages[@]}"
else
    echo "no chromium, node or axe-core: that check is left out"
fi
done_tests
