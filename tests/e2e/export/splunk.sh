#!/usr/bin/env bash
# The audit log to look-alikes of Splunk's event collector: 200 is no delivery, the acknowledgement is; what is
# not acknowledged comes again; a token without acknowledgement only for who asks for it.
. "$(dirname "$0")/../lib/lib.sh"
need node jq openssl
. "$(dirname "$0")/../lib/receivers.sh"
. "$(dirname "$0")/../lib/collector.sh"
. "$(dirname "$0")/../lib/pki.sh"
shared=${SHARED:-$SRC/../shared}
got=$T/splunk.got
guid=B5A79AAD-D822-46CC-80D1-819F80D7BFB0
(umask 077; echo $guid >"$T/token"; echo wrong >"$T/wrong")
export_with=(-f json --option token-file="$T/token")
seqs() { jq -r '.fields.assay_id | split(":")[-2]' "$got" 2>/dev/null | sort -n; }
missing() { comm -23 <(seq 0 $(($1 - 1)) | sort) <(seqs | sort -u) | wc -l; }

check init status 0 assay init
"$ASSAY" ingest --quiet "$SRC/samples/lynis" "$SRC/samples/pandora"

export TOKEN="Splunk $guid"
door splunk
url=splunk+http://127.0.0.1:$door_port
n=$(records)
check "export" status 0 export_to "$url"
check "all of it came" equal "$(seqs | tr '\n' ' ')" "$(seq 0 $((n - 1)) | tr '\n' ' ')"
check "as JSON" equal "$(jq -r '[.source, .sourcetype, (.event | type)] | join(" ")' "$got" | uniq)" "assay assay:json object"
check "with its time" equal "$(jq -r 'select((.time * 1000 | floor) != (.event.rec.ts | sub("\\.(?<ms>...).*"; "Z") | fromdate) * 1000 + (.event.rec.ts[20:23] | tonumber)) | .time' "$got" | wc -l)" 0
check "a test" status 0 assay audit export --test -f ocsf --option token-file="$T/token" -o "$url"
check "was taken" says "was taken by $url"
export_with[1]=cef
check "CEF goes as well, as a text" status 0 export_to "$url" --no-record --from 0
check "it came" equal "$(jq -r 'select(.sourcetype == "assay:text") | .event' "$got" | grep -c '^CEF:0|assay|')" "$((n + 2))"
export_with[1]=json

# ---- tokens

check "no token" status 78 assay audit export --test -f json -o "$url"
check "another token" status 78 assay audit export --test -f json --option token-file="$T/wrong" -o "$url"
check "says so" says "403: Invalid token (code 4)"
for how in 500:69 503:69 404:78 close:69 half:69 late:69 garbage:69 lose:69; do
    faulty ${how%:*} ${how#*:} --option ack=1
done
check "200 and nothing more is no delivery" says "not acknowledged within 1 s"
close_door
ACKS=no door splunk
check "a token without acknowledgement" status 78 assay audit export --test -f json --option token-file="$T/token" -o "$url"
check "says so" says "the token has no indexer acknowledgement"
before=$(lines_of "$got")
check "for who asks for it" status 0 assay audit export --test -f json --option token-file="$T/token" --option ack-less=yes -o "$url"
check "and is told what that means" says "what is lost before it is indexed is lost"
check "it came, once" equal "$(lines_of "$got")" $((before + 1))
close_door

# An event that is refused is named, comes reduced, and keeps no other back.
next_door refused
REFUSE='"seq":6' door splunk
url=splunk+http://127.0.0.1:$door_port
n=$(records)
check "one is refused" status 0 export_to "$url"
"$ASSAY" audit export -f json -o - --from 0 >"$T/out"
check "it is told why" says "400: refused: Event field is required"
check "all others are there" equal "$(missing "$n")" 0
check "this one reduced" equal "$(jq -r 'select(.fields.assay_id | test(":6:[0-9a-f]{16}$")) | .event.truncated' "$got")" 1
close_door

# ---- TLS

for version in 1.2 1.3; do
    TLS=$version door splunk "$T/server.pem" "$T/server.key"
    url=splunk+https://127.0.0.1:$door_port
    before=$(lines_of "$got")
    tls_files stranger ''
    check "TLS $version: a server of another authority" status 69 export_to "$url"
    tls_files authority ''
    check "TLS $version: a server of another name" status 69 export_to "${url/127.0.0.1/localhost}"
    check "TLS $version: nothing of it came" equal "$(lines_of "$got")" "$before"
    check "TLS $version: export" status 0 export_to "$url" --no-record --from 0
    check "TLS $version: it came" test "$(lines_of "$got")" -ge $((before + n))
    close_door
done
sed -i '/^tls-/d' "$ASSAY_CONFIG"

# ---- killed again and again, by a door that fails at random

next_door chaos
export CHAOS=0.2 ACK_MS=250
door splunk
url=splunk+http://127.0.0.1:$door_port
lengthen_log
size=$(records)
die_in_turn splunk "$size" --option ack=2
CHAOS=0 door splunk
check "the rest" status 0 export_to "$url"
check "nothing is lost" equal "$(missing "$size")" 0
echo "$deaths deaths, $(requests) requests, $(seqs | uniq -d | wc -l) records came twice"
close_door

# ---- the look-alike of the house: an indexer that loses what it took, and is busy

if [ ! -r "$shared/siem/tools/fakehec.js" ]; then
    echo "skipped: no ../shared"
    done_tests
    exit
fi
got=$T/fakehec.got
free_ports 1
ACKDELAY=50 LOSE=0.3 BUSY=0.3 node "$shared/siem/tools/fakehec.js" "$port" "$got" $guid >"$T/fakehec.out" 2>&1 &
fake=$!
wait_for "the look-alike" 60 grep -qs ready "$T/fakehec.out"
url=splunk+http://127.0.0.1:$port
rounds=0
until export_to "$url" --option ack=1 >/dev/null 2>"$T/err" || [ $((rounds += 1)) -gt 100 ]; do :; done
check "an indexer that loses what it took, after $rounds rounds" equal "$(missing "$size")" 0
echo "fakehec: $rounds rounds, $(seqs | uniq -d | wc -l) records came twice"
kill $fake; wait $fake 2>/dev/null
done_tests
