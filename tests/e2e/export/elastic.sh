#!/usr/bin/env bash
# The audit log to an Elasticsearch look-alike by _bulk: every document once, whoever is killed when; what
# becomes of each document is read from the answer, whatever its status.
. "$(dirname "$0")/../lib/lib.sh"
need node jq openssl
. "$(dirname "$0")/../lib/receivers.sh"
. "$(dirname "$0")/../lib/collector.sh"
. "$(dirname "$0")/../lib/pki.sh"
got=$T/elastic.got
export_with=(-f ecs)
seqs() { jq -r .doc.event.sequence "$got" 2>/dev/null | sort -n; }
# Documents that have another id than their record: short forms.
others() { jq -c 'select(._id != .doc.event.id)' "$got"; }
# each_once N: records 0 to N-1, each under its own id, none twice.
each_once() { equal "$(seqs | below "$1" | tr '\n' ' ')" "$(seq 0 $(($1 - 1)) | tr '\n' ' ')" && equal "$(others)" ''; }
# reductions: how many short forms the log tells of.
reductions() { "$ASSAY" audit export --quiet --no-record -f json -o - --from 0 | grep -c '"event":"export.reduce"'; }

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
check "it is told why" grep -q "test/assay:6:[0-9a-f]\{16\}: 400: refused: document_parsing_exception: \[1:2\] failed to parse field" "$T/out"
check "all but this one is there, each once" equal "$(seqs | below "$n" | tr '\n' ' ')" "$(seq 0 $((n - 1)) | grep -vx 6 | tr '\n' ' ')"
close_door

# ---- another history of the log

# Record 3 of it is there. Its name is another one, and so ours comes whole.
second() {
    next_door "$1"
    echo '{"_id":"test/assay:3","doc":{"event":{"sequence":3,"hash":"00ff","id":"test/assay:3"}}}' >"$got"
    jq -c '._id += ":00ff" | .doc.event.id = ._id' "$got" >>"$got.more"; cat "$got.more" >>"$got"
    door elastic
    url=elastic+http://127.0.0.1:$door_port/audit
}
second second
check "a second history" status 0 export_to "$url"
check "does not hide behind the first" equal "$(jq -r 'select(.doc.event.sequence == 3 and (.doc.event.hash | length) == 64)._id' "$got" | sed 's/:[0-9a-f]\{16\}$/:LEAF/')" "test/assay:3:LEAF"
close_door
# The old names have no hash. Who may read is told of the other record, and the short form comes; who may not is not.
second seq
check "under the old names" status 0 export_to "$url" --option id=seq
"$ASSAY" audit deadletters >"$T/out" 2>"$T/err"
check "it is told" grep -q "reduced.*$url: .*test/assay:3: another record has this id there, with the hash 00ff and not" "$T/out"
check "and its short form says so there" equal "$(jq -r 'select(.doc.event.sequence == 3 and .doc.event.hash != "00ff")._id' "$got")" "test/assay:3:reduced"
n=$(records)
check "the same again" status 0 export_to "$url" --option id=seq --no-record --from 4
check "is ours, and there already" equal "$(jq -r 'select(.doc.event.sequence > 3)._id' "$got" | below "$n" | uniq -d)" ''
close_door
export WRITE_ONLY=yes
second blind
check "who may only write" status 0 export_to "$url" --option id=seq
check "is not told" equal "$(jq -r 'select(.doc.event.sequence == 3).doc.event.hash' "$got" | sort -u)" 00ff
close_door
unset WRITE_ONLY

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

# A door that dies several times of what it is sent, and then no more: whether the record is what it dies of is asked
# with one that it has, and not with a short form, beside which the whole one would stand then.
next_door faint
door elastic
url=elastic+http://127.0.0.1:$door_port/audit
check "a door" status 0 export_to "$url"
more() { echo "no scan, $1" >"$T/$1.txt"; "$ASSAY" ingest --quiet "$T/$1.txt" >/dev/null 2>&1; n=$(records); }
for way in close half late; do
    more "$way"
    fault "close close $way none"
    check "$way: it dies" status 69 export_to "$url"
    check "$way: it dies again" status 69 export_to "$url"
    check "$way: it dies once more, and takes it" status 0 export_to "$url"
    check "$way: each once, and whole" each_once "$n"
    fault ''
    check "$way: what is left" status 0 export_to "$url"
done
# One that dies of a record whenever it comes gets the short form. (Twice: libcurl tries again by itself on a
# connection that has been used before.)
more poison
fault "close close close $(printf 'none close close %.0s' 1 2 3) none"
for _ in 1 2; do check "it dies of it" status 69 export_to "$url"; done
check "it dies of it four times with others between, and takes the short form" status 0 export_to "$url"
check "which is one" equal "$(others | jq -r ._id)" "$(others | jq -r .doc.event.id):reduced"
check "and is told" equal "$("$ASSAY" audit deadletters --json | jq -r --arg t "$url" '.[] | select(.target | endswith($t)).state')" reduced
check "nothing is lost, nothing twice" equal "$(seqs | below "$n" | tr '\n' ' ')" "$(seq 0 $((n - 1)) | tr '\n' ' ')"
fault ''
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
before=$(reductions)
die_in_turn elastic "$size"
CHAOS=0 DELAY=0 door elastic
check "the rest" status 0 export_to "$url"
check "nothing is lost" equal "$(seqs | uniq | below "$size" | wc -l)" "$size"
check "nothing twice" equal "$(jq -r ._id "$got" | sort | uniq -d)" ''
# Four faults at one record with others that get through between them look like deaths of that record.
check "short is only what the log says" equal "$(others | wc -l)" "$(($(reductions) - before))"
echo "$deaths deaths, $(requests) requests"
close_door
done_tests
