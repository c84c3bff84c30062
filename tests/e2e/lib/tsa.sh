# An authority for time stamps (tsa.js) beside a test. Sourced behind lib.sh.
# Gives:     it answers at $url; its keys, its log and its mode (how it fails) stand below $A; certificate and use.
# Needs:     node, openssl.
# Cleans up: it ends with the test.
# shellcheck shell=bash disable=SC2034
A=$T/tsa
mkdir "$A"
# certificate NAME USAGE: a key of its own, and the extended key usage as openssl writes it.
certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$A/$1.key" -out "$A/$1.pem" -days 30 \
        -subj "/CN=$1" -addext "keyUsage=critical,digitalSignature" -addext "extendedKeyUsage=$2" 2>/dev/null
}
# use NAME: which of them signs from now on.
use() {
    cat >"$A/tsa.cnf" <<C
[tsa]
serial = $A/serial
crypto_device = builtin
signer_cert = $A/$1.pem
signer_key = $A/$1.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.32473.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
C
}
certificate tsa critical,timeStamping
use tsa; echo ok >"$A/mode"; echo 01 >"$A/serial"; : >"$A/log"
node "$SRC/tests/e2e/lib/tsa.js" "$A" >"$A/port" 2>"$A/err" &
wait_for "the authority's port" 60 test -s "$A/port"
url=http://127.0.0.1:$(cat "$A/port")/
