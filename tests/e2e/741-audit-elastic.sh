#!/usr/bin/env bash
# The audit log to an Elasticsearch look-alike by _bulk: every document once, whoever is killed when; what
# becomes of each document is read from the answer, whatever its status.
. "$(dirname "$0")/lib.sh"
need node jq openssl
. "$(dirname "$0")/receivers.sh"
. "$(dirname "$0")/collector.sh"
. "$(dirname "$0")/pki.sh"
got=$T/elastic.got
export_with=(-f ecs)
seqs() { jq -r .doc.event.sequence "$got" 2>/dev/null | sort -n; }
# each_once N: records 0 to N-1, each under its own id, none twice.
each_once() {
    equal "$(seqs | below "$1" | tr '\n' ' ')" "$(seq 0 $(($1 - 1)) | tr '\n' ' ')" &&
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

faulty 500 69; faulty 429 69; faulty 413 73; faulty 401 78
faulty garbage 69; check "says so" says "this is no answer of Elasticsearch"
faulty huge 69; check "says so" says "the answer is larger than"
faulty close 69; faulty half 69; faulty late 69; faulty slow 0
faulty noindex 78; check "says so" says "index_not_found_exception: no such index"
close_door

# A document that is refused is named, and keeps no other back.
next_door refused
REFUSE='"sequence":6' door elastic
url=elastic+http://127.0.0.1:$door_port/audit
n=$(records)
export_to "$url" 2>"$T/err"
"$ASSAY" audit export -f json -o - --from 0 >"$T/out"
check "it is told why" says "test/assay:6: 400: refused: document_parsing_exception: [1:2] failed to parse field"
check "all but this one is there, each once" equal "$(seqs | below "$n" | tr '\n' ' ')" "$(seq 0 $((n - 1)) | grep -vx 6 | tr '\n' ' ')"
close_door

# Some of them later, again and again: in the end each once.
next_door items
door elastic
url=elastic+http://127.0.0.1:$door_port/audit
fault items
rounds=0
until export_to "$url" >/dev/null 2>"$T/err" || [ $((rounds += 1)) -gt 200 ]; do grep -q '429: too much' "$T/err" || break; done
check "429 of some passes" test "$rounds" -gt 0 -a "$rounds" -le 200
check "each once, after $rounds rounds" each_once "$n"
close_door

# ---- TLS

next_door tls
for version in 1.2 1.3; do
    TLS=$version door elastic "$T/server.pem" "$T/server.key" "$T/authority.pem"
    url=elastic+https://127.0.0.1:$door_port/audit-$version
    strangers_get_nothing "TLS $version"
    check "TLS $version: the right client" status 0 export_to "$url"
    close_door
done
check "over TLS: each once" each_once "$n"
sed -i '/^tls-/d' "$ASSAY_CONFIG"

# ---- killed again and again, by a door that fails at random

next_door chaos
export CHAOS=0.3 DELAY=60
door elastic
url=elastic+http://127.0.0.1:$door_port/audit
lengthen_log
size=$(records)
die_in_turn elastic "$size"
CHAOS=0 DELAY=0 door elastic
check "the rest" status 0 export_to "$url"
check "nothing is lost and nothing twice" each_once "$size"
echo "$deaths deaths, $(requests) requests"
close_door
done_tests
