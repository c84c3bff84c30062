#!/usr/bin/env bash
# Attacked and wrongly trusted files, and honest ones: what assay verify says of each, and pdfsig and openssl beside it. Where
# one of the others accepts what assay refuses, or the other way round, the last column says what assay knows more.
. "$(dirname "$0")/../lib/lib.sh"
need python3 pdfsig openssl certutil crlutil pk12util jq
D=$T/files; P=$D/pki; mkdir -p "$P"
tool=$(dirname "$0")/trust.py
check "keys" python3 "$tool" pki "$P" || exit 1
check "files" python3 "$tool" files "$D" || exit 1
check "what openssl sees of them" python3 "$tool" split "$D"/*.pdf
cat "$P/root.pem" "$P/root.crl" "$P/middle.crl" "$P/quiet-before.crl" >"$D/trust.pem"
mkdir "$D/nss"
certutil -N -d "sql:$D/nss" --empty-password && certutil -A -d "sql:$D/nss" -n root -t CT,C,C -i "$P/root.pem"
openssl crl -in "$P/root.crl" -outform DER -out "$P/root.crl.der"
crlutil -I -d "sql:$D/nss" -i "$P/root.crl.der" >/dev/null 2>&1

# ok: every signature is valid and its certificate trusted; part: the same, and bytes that none covers; none: no signature.
of_pdfsig() {
    pdfsig -nssdir "sql:$D/nss" "$1" >"$D/out" 2>/dev/null
    n=$(grep -c 'Signature Validation:' "$D/out")
    [ "$n" -gt 0 ] || { echo none; return; }
    stamps=$(grep -c 'has not yet been verified' "$D/out") # time stamps are not its business
    valid=$(grep -c 'Signature is Valid' "$D/out"); trusted=$(grep -c 'Certificate is Trusted' "$D/out")
    [ $((valid + stamps)) = "$n" ] && [ $((trusted + stamps)) = "$n" ] || { echo no; return; }
    grep -q '  - Total document signed' "$D/out" && echo ok || echo part
}

# Every signature by itself, over the bytes that it names, with the revocation list, for the purpose of S/MIME.
of_openssl() {
    local c b rc=0
    [ -e "$1.split/1.cms" ] || { echo none; return; }
    for c in "$1".split/*.cms; do
        b=${c%.cms}
        if grep -q RFC3161 "$b.kind"; then openssl ts -verify -data "$b.bytes" -in "$c" -token_in -CAfile "$P/root.pem" >/dev/null 2>&1 || rc=1
        else openssl cms -verify -binary -inform DER -in "$c" -content "$b.bytes" -CAfile "$D/trust.pem" -crl_check -out /dev/null >/dev/null 2>&1 || rc=1; fi
    done
    [ $rc = 0 ] && echo ok || echo no
}

v() { assay verify --no-record "$@"; }

# name assay pdfsig openssl reason-in-assay's-words what-assay-knows-more
rows=0
while IFS='|' read -r name assay pdfsig openssl reason more; do
    [ -n "$name" ] || continue
    rows=$((rows + 1))
    f=$D/$name.pdf
    v --trust "$D/trust.pem" "$f" >"$D/said" 2>"$D/err" && a=ok || a=FAIL
    p=$(of_pdfsig "$f"); o=$(of_openssl "$f")
    printf '%-26s %-5s %-6s %-7s %s\n' "$name" "$a" "$p" "$o" "${more:+($more)}"
    check "$name" equal "$a|$p|$o" "$assay|$pdfsig|$openssl"
    check "$name: reason" grep -qF -- "$reason" "$D/said"
    echo "$assay $f" >>"$D/wanted"
    case $a$p$o in okokok | FAILnono | FAILnonenone) ;; *) check "$name: why others differ" test -n "$more" ;; esac
done <<'TABLE'
good|ok|ok|ok|trusted as of now|
below|ok|ok|ok|trusted as of now|
mail|ok|ok|ok|trusted as of now|
rsa2048|ok|ok|ok|trusted as of now|
lookalike|FAIL|no|no|unknown issuer|
namesake|FAIL|no|no|unknown issuer|
chain-missing|FAIL|no|no|unknown issuer|
issuer-is-no-ca|FAIL|no|no|invalid CA|
expired|FAIL|no|no|expired: CN=expired|
future|FAIL|no|no|not yet valid: CN=future|
under-expired-ca|FAIL|no|no|expired: CN=oldca|
revoked|FAIL|no|no|revoked: CN=revoked|
tls|FAIL|no|no|wrong purpose|
code|FAIL|no|no|wrong purpose|
under-tls-ca|FAIL|no|no|wrong purpose: CN=tlsca|
crypt|FAIL|no|no|keyUsage does not allow signatures|
rsa1024|FAIL|ok|ok|too weak|RSA of 1024 bits can be broken
sha1cert|FAIL|ok|ok|weak hash|SHA-1 in a certificate
sha1-digest|FAIL|ok|ok|not SHA-2|SHA-1 over the file
stamped|ok|ok|ok|proven by a time stamp of CN=tsa|
stamped-then-expired|ok|no|no|proven by a time stamp of CN=tsa|the stamp proves that it was valid when it signed
expired-since|FAIL|no|no|expired: CN=brief|
stamped-then-revoked|ok|no|no|proven by a time stamp of CN=tsa|the stamp proves that it was revoked later
revoked-later-unstamped|FAIL|no|no|revoked: CN=late|
stamp-of-other|FAIL|ok|ok|of something else|the time stamp is not looked at by the others
stamp-by-stranger|FAIL|ok|ok|authority is not trusted: unknown issuer|the time stamp is not looked at by the others
stamp-by-signer|FAIL|ok|ok|for time stamps alone|the time stamp is not looked at by the others
archived|ok|ok|ok|proven by a time stamp of CN=tsa|
approved|ok|ok|ok|bytes added since are signatures|
approved-archived|ok|ok|ok|bytes added since are signatures|
dss|ok|part|ok|bytes added since are signatures|pdfsig leaves the added bytes to the reader, openssl does not see them
dss-list-revoked|FAIL|part|ok|revoked: CN=gone,O=Tests was revoked on|a list that the file carries
dss-list-in-vri|FAIL|part|ok|says a list that the file carries|a list that the file carries
dss-list-of-others|ok|part|ok|trusted as of now|pdfsig leaves the added bytes to the reader
dss-list-forged|ok|part|ok|trusted as of now|as above; the list is none of the issuer's
dss-answer-revoked|FAIL|part|ok|says an OCSP response that the file carries|a response that the file carries
dss-answer-delegated|FAIL|part|ok|revoked: CN=gone,O=Tests was revoked on|a response that the file carries
dss-answer-in-vri|FAIL|part|ok|revoked: CN=gone,O=Tests was revoked on|a response that the file carries
dss-answer-good|ok|part|ok|trusted as of now|pdfsig leaves the added bytes to the reader
dss-answer-by-no-responder|ok|part|ok|trusted as of now|as above; who signed the response may not answer
dss-answer-forged|ok|part|ok|trusted as of now|as above; the response is none of the issuer's
dss-answer-of-others|ok|part|ok|trusted as of now|as above; the response is about another
dss-answer-behind-stamp|ok|part|ok|proven by a time stamp of CN=tsa|as above; it was revoked later
dss-nonsense|ok|part|ok|trusted as of now|pdfsig leaves the added bytes to the reader
archive-of-other|FAIL|ok|no|of something else|pdfsig does not look at document time stamps
archive-by-stranger|FAIL|ok|no|authority is not trusted: unknown issuer|pdfsig does not look at document time stamps
dss-gone|FAIL|part|ok|/DSS is gone|openssl sees one revision only, as below
page-changed|FAIL|part|ok|changed after signing|revisions
page-changed-archived|FAIL|ok|ok|/Contents is a stream with another content|revisions: a genuine stamp over another page
page-changed-approved|FAIL|ok|ok|/Contents is a stream with another content|revisions: a genuine approval of another page
page-changed-in-approval|FAIL|ok|ok|/Contents is a stream with another content|revisions: the approval brought another page
page-swapped-archived|FAIL|ok|ok|changed after signing|revisions: another object is the page
dss-and-page|FAIL|part|ok|changed after signing|revisions: hidden behind validation data
font-changed-archived|FAIL|ok|ok|/BaseFont has another value|revisions: the same codes in another font
note-added-archived|FAIL|ok|ok|/Annots has a new entry|revisions: a note that says Approved
javascript-archived|FAIL|ok|ok|/OpenAction is new|revisions: a script at opening
title-changed-archived|FAIL|ok|ok|/Info/Title has another value|revisions: the title
seal-look-archived|FAIL|ok|ok|/AP is new|revisions: the look of the seal
appended|FAIL|part|ok|bytes follow what the signature covers|bytes that nobody signed
cut-out|FAIL|none|ok|no form field leads to|pdfsig finds no signature, openssl was shown where it is
flipped|FAIL|no|no|the digest of the bytes|
unsigned|FAIL|none|none|carries no signature|
TABLE
check "forty and more" test $rows -ge 40

# openssl of the same responses: whom it believes, and what it hears.
while read -r who by want; do
    openssl ocsp -respin "$P/$who-by-$by.ocsp" -issuer "$P/quiet.pem" -cert "$P/$who.pem" -CAfile "$P/root.pem" -no_nonce >"$D/out" 2>&1
    said=$(grep -q '^Response verify OK' "$D/out" && sed -n "s/.*$who.pem: //p" "$D/out")
    check "openssl of $who by $by" equal "${said:-not believed}" "$want"
done <<'TABLE'
gone quiet revoked
gone responder revoked
stays responder good
stays gone not believed
stays stranger-quiet not believed
TABLE

# All at once: the same verdicts in lines, in JSON and with --quiet; one that cannot be read ends nothing.
cut -d' ' -f2 "$D/wanted" >"$D/names"
mapfile -t all <"$D/names"
check "all" status 2 v --trust "$D/trust.pem" "$D/nowhere.pdf" "$D" "${all[@]}" "$D/UPPER.PDF"; cp "$T/out" "$D/lines"
check "all, JSON" status 2 v --trust "$D/trust.pem" --json "$D/nowhere.pdf" "$D" "${all[@]}" "$D/UPPER.PDF"; cp "$T/out" "$D/json"
check "all, quiet" status 2 v --trust "$D/trust.pem" --quiet "$D/nowhere.pdf" "$D" "${all[@]}" "$D/UPPER.PDF"
without_times() { sed 's/T[0-9:]*Z, now/, now/'; }
check "quiet has the failures" equal "$(without_times <"$T/out")" "$(grep '^FAIL' "$D/lines" | without_times)"
check "what cannot be read is a verdict" grep -q "^FAIL  $D/nowhere.pdf: cannot read it" "$D/lines"
check "and the last is looked at: .PDF is one" grep -q "^ok    $D/UPPER.PDF: signed by CN=good" "$D/lines"
jq -r --arg d "$D" '[.files[] | select(.path | endswith(".pdf")) | select(.path | endswith("nowhere.pdf") | not)] | group_by(.path)[] |
    (if all(.ok) then "ok" else "FAIL" end) + " " + .[0].path' "$D/json" | sort >"$D/got"
check "JSON has the verdicts" equal "$(cat "$D/got")" "$(sort "$D/wanted")"
check "JSON: in a word" equal "$(jq -r '[.ok, .signer] | @csv' "$D/json")" 'false,"untrusted"'
check "JSON: a reason" equal "$(jq -r '.files[] | select(.path | endswith("/tls.pdf")) | .signer, .judged_by' "$D/json" | paste -sd,)" "untrusted,clock"
check "JSON: a stamp" equal "$(jq -r '.files[] | select(.path | endswith("/stamped.pdf")) | .signer, .judged_by' "$D/json" | paste -sd,)" "trusted,CN=tsa,O=Tests"

# Without trust nothing is said of signers, and that is said last; what does not hold fails all the same.
for opt in "" --quiet; do
    check "no trust $opt" status 0 v $opt "$D/lookalike.pdf"
    check "no trust $opt: said last" equal "$(tail -n1 "$T/out")" "signer not checked: no trust given"
done
check "no trust, JSON" status 0 v --json "$D/lookalike.pdf"
check "no trust, JSON: its own field" equal "$(jq -r .signer "$T/out")" "not checked"
check "no trust, another stamp" status 2 v "$D/stamp-of-other.pdf"
check "no trust, changed" status 2 v "$D/page-changed-archived.pdf"
check "trust, no such line" sh -c "! '$ASSAY' verify --no-record --state-dir '$T/state' --trust '$D/trust.pem' '$D/good.pdf' | grep -q 'not checked'"
check "a list of its own" status 2 v --trust "$P/root.pem" --crl "$P/root.crl.der" "$D/revoked.pdf"
check "not known to be revoked" status 0 v --trust "$P/root.pem" "$D/revoked.pdf"
check "a signer by its own certificate" status 0 v --trust "$P/namesake.pem" "$D/namesake.pdf"
check "and no other of that name" status 2 v --trust "$P/namesake.pem" "$D/good.pdf"
check "a list without trust" status 64 v --crl "$P/root.crl" "$D/good.pdf"
check "trust that is none" status 78 v --trust "$D/good.pdf" "$D/good.pdf"

# An approval by pdfsig itself, in BER and in the empty field.
openssl pkcs12 -export -inkey "$P/good.key" -in "$P/good.pem" -name approver -passout pass: -out "$D/good.p12"
pk12util -i "$D/good.p12" -d "sql:$D/nss" -W "" >/dev/null
if pdfsig -nssdir "sql:$D/nss" -nick approver -sign Approval "$D/good.pdf" "$D/by-pdfsig.pdf" >/dev/null 2>&1; then
    check "approved by pdfsig" status 0 v --trust "$D/trust.pem" "$D/by-pdfsig.pdf"
fi

# Manifests: openssl signs, over a folder that a report could be.
M=$D/folder; mkdir "$M"; printf 'a,b\n' >"$M/x.csv"
printf '{"audit":{"hash":"","seq":-1},"created":"2026-11-01T00:00:00Z","dataset":"","libraries":{},"outputs":[{"media_type":"text/csv","name":"x.csv","sha256":"%s","size":4}],"report":"r","schema":"assay-manifest-1","tool":"t"}\n' \
    "$(sha256sum "$M/x.csv" | cut -d' ' -f1)" >"$M/manifest.json"
for row in good=0 mail=0 lookalike=2 namesake=2 expired=2 future=2 tls=2 revoked=2; do
    k=${row%=*}; want=${row#*=}
    openssl cms -sign -binary -cades -nosmimecap -outform DER -in "$M/manifest.json" -signer "$P/$k.pem" -inkey "$P/$k.key" -out "$M/manifest.json.p7s"
    check "manifest by $k" status "$want" v --trust "$D/trust.pem" "$M"
    openssl cms -verify -binary -inform DER -in "$M/manifest.json.p7s" -content "$M/manifest.json" -CAfile "$D/trust.pem" -crl_check -out /dev/null >/dev/null 2>&1 && o=0 || o=2
    check "manifest by $k: openssl agrees" equal "$o" "$want"
done
head -c 17000000 /dev/zero >"$D/large.json"
check "a manifest without end" status 2 v --trust "$D/trust.pem" "$D/large.json" "$D/good.pdf"
check "keeps nobody from the next" grep -q "^ok    $D/good.pdf" "$T/out"
done_tests
