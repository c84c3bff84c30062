#!/usr/bin/env bash
# The audit log as lines of JSON to a door of HTTPS: 2xx is delivered, nothing else; every way a door can
# fail; certificates over TLS 1.2 and 1.3; doors and exporters that are killed.
. "$(dirname "$0")/../lib/lib.sh"
need node jq openssl
. "$(dirname "$0")/../lib/receivers.sh"
. "$(dirname "$0")/../lib/collector.sh"
. "$(dirname "$0")/../lib/pki.sh"
got=$T/webhook.got
export_with=(-f json)
seqs() { jq -r .rec.seq "$got" 2>/dev/null | sort -n; }
leaf() { jq -r --argjson seq "$1" 'select(.rec.seq == $seq).leaf[:16]' "$got"; }
# Every line is the record whose hash it has.
hashes() {
    local wrong=0 line
    while read -r line; do
        rec=${line#*,\"rec\":}
        [ "$( (printf '\0'; printf '%s' "${rec%\}}") | sha256sum | cut -c1-64)" = "${line:9:64}" ] || wrong=$((wrong + 1))
    done <"$got"
    [ $wrong = 0 ]
}

check init status 0 assay init
"$ASSAY" ingest --quiet "$SRC/samples/lynis" "$SRC/samples/pandora"

# ---- without TLS, on this host only

door webhook
url=webhook+http://127.0.0.1:$door_port/in
n=$(records)
check "export" status 0 export_to "$url"
check "all of it came, each once, in order" equal "$(seqs | tr '\n' ' ')" "$(seq 0 $((n - 1)) | tr '\n' ' ')"
check "lines of JSON, said to be so" equal "$(jq -r '.headers["content-type"]' "$got.requests" | uniq)" application/x-ndjson
check "the request says which they are" equal "$(jq -r '.headers | "\(.["x-assay-first"]) \(.["x-assay-last"]) \(.["x-assay-count"])"' "$got.requests")" \
    "test/assay:0:$(leaf 0) test/assay:$((n - 1)):$(leaf $((n - 1))) $n"
check "no token, no header" equal "$(jq -r '.headers.authorization' "$got.requests")" null
check "a test" status 0 assay audit export --test -f json -o "$url"
check "was taken" says "was taken by $url"
check "CEF is no JSON" status 78 assay audit export -f cef -o "$url"
check "says so" says "takes JSON only"
check "without TLS only here" status 78 export_to "webhook+http://192.0.2.1/in"
check "says so" says "everybody on the way reads it"
check "a password does not belong in there" status 78 export_to "webhook+https://me:secret@siem.test/in"
check "no port of this world" status 78 export_to "webhook+https://siem.test:99999/in"
check "no path" status 78 export_to "${url}to"
check "says so" says "404: there is nothing at this path: {\"text\":\"not here\"}"

# ---- every way to fail; nothing is lost by it

faulty 500 69; faulty 503 69; faulty 429 69; faulty 408 69; check "says so" says "408: it took too long"
faulty 400 73; faulty 413 73; faulty 422 73; check "says what it said" says "422: refused: {\"text\":\"a fault\"}"
faulty 401 78; check "says so" says "401: the token is not taken"
faulty 403 78; faulty 404 78
before=$(requests)
faulty redirect 78; check "nobody follows" says "307: it sends us elsewhere"
check "in one request" equal "$(requests)" $((before + 1))
faulty close 69; faulty half 69; faulty late 69; faulty slow 0
before=$(lines_of "$got")
n=$(records)
check "the rest" status 0 export_to "$url"
check "everything is there" equal "$(seqs | uniq | below "$n" | wc -l)" "$n"
key() { jq -r '.headers["idempotency-key"]' "$got.requests" | tail -n "$1" | head -n 1; }
check "hashes hold" hashes
check "the same again" status 0 export_to "$url" --no-record --from 0
check "and once more" status 0 export_to "$url" --no-record --from 0
check "has the same key" equal "$(key 1)" "$(key 2)"
check "other lines have another" test "$(key 1)" != "$(key 3)"
"$ASSAY" audit export --quiet --follow -f json -o "$url" 2>"$T/follow.err" &
follower=$!
echo 'no scan' >"$T/one.txt"
"$ASSAY" ingest --quiet "$T/one.txt" 2>/dev/null
check "followed, it comes by itself" wait_for "the new record" 60 grep -q 'one.txt' "$got"
kill $follower; wait $follower 2>/dev/null
close_door
check "nobody is there" status 69 export_to "$url" --no-record --from 0

# A line that is refused is found, comes reduced, and keeps no other back.
next_door refused
REFUSE='"seq":6' door webhook
url=webhook+http://127.0.0.1:$door_port/in
n=$(records)
check "one is refused" status 0 export_to "$url"
"$ASSAY" audit export -f json -o - --from 0 >"$T/out"
check "it is told why" says "422: refused: {\\\"text\\\":\\\"this is not wanted here"
check "this one came reduced" equal "$(jq -r 'select(._seq == 6).truncated' "$got")" 1
check "all others are there" equal "$(seqs | uniq | below "$n" | tr '\n' ' ')" "$(seq 0 $((n - 1)) | grep -vx 6 | tr '\n' ' ')"
close_door

# ---- TLS

n=$(records)
for version in 1.2 1.3; do
    TLS=$version door webhook "$T/server.pem" "$T/server.key" "$T/authority.pem"
    url=webhook+https://127.0.0.1:$door_port/in
    before=$(lines_of "$got")
    strangers_get_nothing "TLS $version" --no-record --from 0
    check "TLS $version: the right client" status 0 export_to "$url" --no-record --from 0
    check "TLS $version: all of it came" equal "$(lines_of "$got")" $((before + n))
    sed -i "s|^tls-key.*|tls-key = $T/server.key|" "$ASSAY_CONFIG"
    check "TLS $version: a key of another certificate" status 78 export_to "$url" --no-record --from 0
    close_door
done
sed -i '/^tls-/d' "$ASSAY_CONFIG"

# ---- killed again and again, by a door that fails at random

next_door chaos
export CHAOS=0.2 DELAY=60
door webhook
url=webhook+http://127.0.0.1:$door_port/in
lengthen_log
size=$(records)
die_in_turn webhook "$size"
CHAOS=0 door webhook
check "the rest" status 0 export_to "$url"
check "nothing is lost" equal "$(seqs | uniq | below "$size" | wc -l)" "$size"
twice=$(seqs | uniq -d | wc -l)
check "what came twice is within the batches ($twice)" test "$twice" -le $(((deaths + $(grep -cE '"word":"(late|half)"' "$got.requests")) * 128))
echo "$deaths deaths, $(requests) requests, $twice records came twice"
close_door
done_tests
