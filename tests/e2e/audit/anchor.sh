#!/usr/bin/env bash
# Checkpoints time-stamped by an authority (RFC 3161): kept, checked by openssl as well, and telling
# when a history is written anew with every key at hand.
. "$(dirname "$0")/../lib/lib.sh"
need jq node openssl mariadb mariadbd pgrep
. "$(dirname "$0")/../lib/sql.sh"
. "$(dirname "$0")/../lib/tsa.sh"
certificate lax timeStamping # may not stamp: its only purpose is not marked critical
certificate other critical,timeStamping
settings() { grep -v '^\(tsa-\|audit-anchor\)' "$T/assay.conf" >"$T/conf"; printf '%s\n' "$@" | cat "$T/conf" - >"$T/assay.conf"; }

check init status 0 assay init
check "none in the settings" status 78 assay audit anchor
settings "tsa-url = $url"
check "certificates are wanted" status 78 assay audit anchor
settings "tsa-url = $url" "tsa-ca = $A/tsa.pem" "audit-anchor = sometimes"
check "a word that is none" status 78 assay audit anchor
settings "tsa-url = $url" "tsa-ca = $A/tsa.pem" "audit-anchor = each"
check ingest status 0 assay ingest "$SRC"/samples/lynis
check "a time stamp" status 0 assay audit anchor -v
check "of whom" says "by CN=tsa"
n=$(sed -n 2p "$T/state/audit.checkpoint")
check "asked as RFC 3161 says" grep -q '^application/timestamp-query -$' "$A/log"
check "kept beside its checkpoint" cmp "$T/state/anchors/$n.checkpoint" "$T/state/audit.checkpoint"
check "all holds" status 0 assay audit verify
check "and is counted" says "2 time stamps hold"
check "as JSON" equal "$("$ASSAY" audit verify --json | jq .time_stamps)" 2

assay doctor >"$T/out" 2>"$T/err"
check "doctor says when" grep -q '^ok    time stamp' "$T/out"

# ---- openssl agrees

check "openssl verifies it" openssl ts -verify -data "$T/state/anchors/$n.checkpoint" -in "$T/state/anchors/$n.tsr" -CAfile "$A/tsa.pem" >/dev/null 2>&1
check "and not for other bytes" fails openssl ts -verify -data "$A/tsa.cnf" -in "$T/state/anchors/$n.tsr" -CAfile "$A/tsa.pem"
check "nor other certificates" fails openssl ts -verify -data "$T/state/anchors/$n.checkpoint" -in "$T/state/anchors/$n.tsr" -CAfile "$A/other.pem"

# ---- every run, hourly, daily, never

check "a run stamps" status 0 assay run
count() { find "$T/state/anchors" -name '*.tsr' | wc -l; }
was=$(count)
check "something new" status 0 assay ingest "$SRC"/samples/pandora
check "each" status 0 assay run
check "one more" equal "$(count)" $((was + 1))
for word in hourly daily no; do
    settings "tsa-url = $url" "tsa-ca = $A/tsa.pem" "audit-anchor = $word"
    "$ASSAY" run >/dev/null 2>&1
    check "$word: not yet" equal "$(count)" $((was + 1))
done
(umask 077; printf 'user:secret\n' >"$T/user")
settings "tsa-url = $url" "tsa-ca = $A/tsa.pem" "tsa-user-file = $T/user" "tsa-policy = 1.3.6.1.4.1.32473.1"
check "with a password and a policy" status 0 assay audit anchor
check "which is sent" grep -q "Basic $(printf user:secret | base64)" "$A/log"
settings "tsa-url = http://tsa.test/" "tsa-ca = $A/tsa.pem" "tsa-user-file = $T/user"
check "but not to everybody on the way" status 78 assay audit anchor
check "says so" says "over https only"
settings "tsa-url = $url" "tsa-ca = $A/tsa.pem" "tsa-user-file = $T/user" "tsa-policy = 1.3.6.1.4.1.32473.1"
settings "tsa-url = $url" "tsa-ca = $A/tsa.pem" "tsa-policy = 1.2.3.4"
check "a policy that it has not" status 2 assay audit anchor
check "and says so" says "gives no time stamp"

# ---- authorities that fail: nothing is held up, and it is caught up

settings "tsa-url = $url" "tsa-ca = $A/tsa.pem" "audit-anchor = each"
failures() { "$ASSAY" audit export -f json -o - --from 0 | grep -c '"event":"audit.anchor"'; }
check "works" status 0 assay run
before=$(failures)
for mode in down error garbage replay; do
    echo $mode >"$A/mode"
    check "$mode: the run goes on" status 0 assay run
    check "$mode: with a warning" says "time stamp: warning: "
    check "$mode: asked for, it fails" fails assay audit anchor
done
check "a checkpoint was made all the same" status 0 assay audit verify
check "records: once for each kind of failure" equal "$(failures)" $((before + 2))
was=$(count)
echo ok >"$A/mode"
check "caught up" status 0 assay run
check "silently" silent
check "with a stamp" equal "$(count)" $((was + 1))
check "and a record that it works again" equal "$(failures)" $((before + 3))

use lax
check "a certificate whose purpose is not critical: openssl itself gives no token" status 69 assay audit anchor
use other
check "one that nobody trusts" status 2 assay audit anchor
use tsa
check "the right one" status 0 assay audit anchor
keep

# ---- over TLS: the server's certificate counts, beside that of the stamps

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$A/web.key" -out "$A/web.pem" -days 30 \
    -subj "/CN=web" -addext "subjectAltName=IP:127.0.0.1" 2>/dev/null
node "$SRC/tests/e2e/lib/tsa.js" "$A" web >"$A/tlsport" 2>"$A/err" &
wait_for "the authority's port" 60 test -s "$A/tlsport"
secure=https://127.0.0.1:$(cat "$A/tlsport")/
settings "tsa-url = $secure" "tsa-ca = $A/tsa.pem"
check "a server that nobody knows" status 69 assay audit anchor
settings "tsa-url = $secure" "tsa-ca = $A/tsa.pem" "tls-ca = $A/web.pem"
check "one that tls-ca knows" status 0 assay audit anchor
grep -v '^tls-ca' "$T/assay.conf" >"$T/conf"; cp "$T/conf" "$T/assay.conf"
keep

# ---- doctor when there was none for long

settle; sql "UPDATE setting SET value = UNIX_TIMESTAMP() - 200000 WHERE name = 'anchor:last'"
settings "tsa-url = $url" "tsa-ca = $A/tsa.pem" "audit-anchor = daily"
assay doctor >"$T/out" 2>"$T/err"
check "doctor misses it" grep -q '^FAIL  time stamp' "$T/out"
back; settings "tsa-url = $url" "tsa-ca = $A/tsa.pem" "audit-anchor = each"

# ---- attacks

attack "a token of another checkpoint" "UPDATE audit_anchor a JOIN (SELECT MIN(size) AS lo, MAX(size) AS hi FROM audit_anchor) m ON a.size = m.hi JOIN (SELECT size, tsr FROM audit_anchor) b ON b.size = m.lo SET a.tsr = b.tsr" "does not hold"
attack "a stamped checkpoint changed" "UPDATE audit_anchor SET note = REPLACE(note, 'test/assay\n', 'test/assay\n1') LIMIT 1" "does not hold"
n=$(sed -n 2p "$T/state/audit.checkpoint")
settle; sql "DELETE FROM audit_anchor; DELETE FROM audit_log WHERE seq >= $n - 2; UPDATE audit_head SET size = $n - 2, last = (SELECT leaf FROM audit_log WHERE seq = $n - 3); DELETE FROM audit_checkpoint WHERE size > $n - 2"
rm "$T"/state/audit.checkpoint "$T"/state/audit.vkey* "$T"/state/audit.key
check "the end cut off, and every key and checkpoint with it" status 2 assay audit verify
check "the stamps know" says "the time-stamped checkpoint of"
back
settle; sql "SELECT seq, HEX(rec) FROM audit_log ORDER BY seq" | node "$SRC/tests/e2e/lib/tamper.js" rebuild 2 >"$T/rebuild.sql"
sql "$(cat "$T/rebuild.sql") DELETE FROM audit_anchor; DELETE FROM audit_checkpoint; DELETE FROM audit_tile"
rm "$T"/state/audit.checkpoint "$T"/state/audit.vkey* "$T"/state/audit.key
check "history written anew, and every key and checkpoint removed" status 2 assay audit verify
check "the stamps in the folder know" says "the time-stamped checkpoint of"
check "as what it is" says "does not fit the records"
mv "$T/state/anchors" "$T/anchors"
check "without the folder nobody here does" status 0 assay audit verify
for f in "$T"/anchors/*.checkpoint; do check "a copy of it does" status 2 assay audit verify --expect "$f"; done
back
settings "tsa-url = $url"
check "without certificates it says so" status 0 assay audit verify
check "so" says "time stamps were not checked"
settings "tsa-url = $url" "tsa-ca = $A/other.pem"
check "with others none holds" status 2 assay audit verify
done_tests
