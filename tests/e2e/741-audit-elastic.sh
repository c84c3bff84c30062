#!/usr/bin/env bash
# The audit log to an Elasticsearch look-alike by _bulk: every document once, whoever is killed when; what
# becomes of each document is read from the answer, whatever its status.
. "$(dirname "$0")/lib.sh"
need node jq openssl
. "$(dirname "$0")/receivers.sh"
. "$(dirname "$0")/collector.sh"
umask 022
. "$(dirname "$0")/pki.sh"
got=$T/elastic.got
export_to() { "$ASSAY" audit export -f ecs -o "$@"; }
records() { "$ASSAY" audit verify --no-record --json | jq .records; }
seqs() { jq -r .doc.event.sequence "$got" 2>/dev/null | sort -n; }
# each_once N: records 0 to N-1, each under its own id, none twice.
each_once() {
    equal "$(seqs | awk -v n="$1" '$1 < n' | tr '\n' ' ')" "$(seq 0 $(($1 - 1)) | tr '\n' ' ')" &&
        equal "$(jq -c 'select(._id != .doc.event.id)' "$got" | wc -l)" 0
}

check init status 0 assay init
"$ASSAY" ingest --quiet "$SRC/samples/lynis" "$SRC/samples/pandora"

# ---- a data stream

door elastic
url=elastic+http://127.0.0.1:$door_port/logs-assay.audit-default
n=$(records)
check "export" status 0 export_to "$url"
check "each once" each_once "$n"
check "the same again" status 0 export_to "$url" --no-record --from 0
check "is there already: nothing comes twice" each_once "$n"
check "a test" status 0 assay audit export --test -f ecs -o "$url"
check "was taken" says "was taken by $url"
check "CEF is no JSON" status 78 assay audit export -f cef -o "$url"
check "OCSF is" status 0 assay audit export --test -f ocsf -o "${url/logs-assay.audit-default/ocsf}"
check "but a data stream wants @timestamp" status 73 assay audit export --test -f ocsf -o "$url"
check "says so" says "400: refused: document_parsing_exception: data stream timestamp"
check "no index" status 78 export_to "elastic+http://127.0.0.1:$door_port"
check "says so" says "want HOST:PORT/INDEX"

# ---- answers

status_of() { # FAULT WANT
    fault "$1"
    check "a door with $1" status "$2" assay audit export --test -f ecs -o "$url"
    fault ''
}
status_of 500 69; status_of 429 69; status_of 413 73; status_of 401 78
status_of garbage 69; check "says so" says "this is no answer of Elasticsearch"
status_of huge 69; check "says so" says "the answer is larger than"
status_of close 69; status_of half 69; status_of late 69; status_of slow 0
status_of noindex 78; check "says so" says "index_not_found_exception: no such index"
close_door

# A document that is refused is named, and keeps no other back.
door_port='' got=$T/refused.got
REFUSE='"sequence":6' door elastic
url=elastic+http://127.0.0.1:$door_port/audit
n=$(records)
export_to "$url" 2>"$T/err"
"$ASSAY" audit export -f json -o - --from 0 >"$T/out"
check "it is told why" says "test/assay:6: 400: refused: document_parsing_exception: [1:2] failed to parse field"
check "all but this one is there, each once" equal "$(seqs | awk -v n="$n" '$1 < n' | tr '\n' ' ')" "$(seq 0 $((n - 1)) | grep -vx 6 | tr '\n' ' ')"
close_door

# Some of them later, again and again: in the end each once.
door_port='' got=$T/items.got
door elastic
url=elastic+http://127.0.0.1:$door_port/audit
fault items
rounds=0
until export_to "$url" >/dev/null 2>"$T/err" || [ $((rounds += 1)) -gt 200 ]; do grep -q '429: too much' "$T/err" || break; done
check "429 of some passes" test "$rounds" -gt 0 -a "$rounds" -le 200
check "each once, after $rounds rounds" each_once "$n"
close_door

# ---- TLS

door_port='' got=$T/tls.got
for version in 1.2 1.3; do
    TLS=$version door elastic "$T/server.pem" "$T/server.key" "$T/authority.pem"
    url=elastic+https://127.0.0.1:$door_port/audit-$version
    for client in other.test expired.test ''; do
        tls_files authority "$client"
        check "TLS $version, client ${client:-without certificate}" status 69 export_to "$url"
    done
    tls_files stranger exporter.test
    check "TLS $version: a server of another authority" status 69 export_to "$url"
    tls_files authority exporter.test
    check "TLS $version: a server of another name" status 69 export_to "${url/127.0.0.1/localhost}"
    check "TLS $version: nothing of it came" equal "$(lines_of "$got")" "${had:-0}"
    check "TLS $version: the right client" status 0 export_to "$url"
    had=$(lines_of "$got")
    close_door
done
check "over TLS: each once" each_once "$n"
sed -i '/^tls-/d' "$ASSAY_CONFIG"

# ---- killed again and again, by a door that fails at random

door_port='' got=$T/chaos.got
export CHAOS=0.3 DELAY=60
door elastic
url=elastic+http://127.0.0.1:$door_port/audit
for i in $(seq 1500); do printf 'no scan %d\n' "$i" >"$T/spool-$i.txt"; done
"$ASSAY" ingest --quiet "$T"/spool-*.txt >/dev/null 2>&1
size=$(records)
deaths=0
for round in $(seq 40); do
    "$ASSAY" audit export --quiet -f ecs -o "$url" >/dev/null 2>&1 &
    exporter=$!
    sleep "0.$((RANDOM % 3))$((RANDOM % 10))"
    if [ $((round % 2)) = 0 ]; then kill -9 $exporter 2>/dev/null; else close_door -KILL; door elastic; fi
    wait $exporter 2>/dev/null
    deaths=$((deaths + 1))
    [ "$(lines_of "$got")" -lt "$size" ] || break
done
close_door
CHAOS=0 DELAY=0 door elastic
check "the rest" status 0 export_to "$url"
check "nothing is lost and nothing twice" each_once "$size"
echo "$deaths deaths, $(requests) requests"
close_door
done_tests
