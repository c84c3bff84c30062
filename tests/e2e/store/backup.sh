#!/usr/bin/env bash
# assay backup and assay restore: from the embedded server to a server of one's own and back, all of it the same; what was
# changed, cut off, is in the way, was killed, or does not verify; encrypted, with keys and without.
. "$(dirname "$0")/../lib/lib.sh"
need jq openssl python3 mariadbd
. "$SRC/tests/e2e/lib/server.sh"
cp "$T/assay.conf" "$T/own.conf" # the embedded server
server_start || exit 1
mv "$T/assay.conf" "$T/server.conf"
cp "$T/own.conf" "$T/assay.conf"
# on DATABASE COMMAND…: on the server, in that database, with a state folder of that name.
on() {
    local db=$1; shift
    { grep -v '^state-dir' "$T/server.conf"; printf 'database = %s\nstate-dir = %s\nsign = no\n' "$db" "$T/of-$db"; } >"$T/$db.conf"
    ASSAY_CONFIG=$T/$db.conf "$ASSAY" "$@"
}
tables() { sql "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = '$1'" mysql; }
report() { "$@" report hardening-executive --period 2026-11 --allow-empty -f csv,json -o "$T/$report" >"$T/out" 2>&1 || cat "$T/out" >&2; }
figures() { "$@" audit verify --no-record --json | jq -c '{facts,scans,revisions,inputs,agents,policies,enrolled,runs,cursors,detail_sets,evidence,schema_of_site,clock_steps,pruned}'; }

# ---- a site: texts of all planes, quotes, backslashes, NULLs, blobs; a list of agents; a long record
check init status 0 assay init
sed 's/web01/ウェブ-😀/g; s|<comments>[^<]*|&\\ '"'"'"; 100% \\0 😀|' "$SRC/samples/pandora/hardening-extended.data" >"$T/a.data" 2>/dev/null || true
mkdir "$T/in"; cp -r "$SRC"/samples/{lynis,stig,xccdf,pandora,wazuh} "$T/in"; [ ! -s "$T/a.data" ] || cp "$T/a.data" "$T/in"
assay ingest "$T/in" >"$T/out" 2>&1
sed "s/web01/o'ne \\\\ \"😀\"/g" "$SRC/samples/stig/web01.ckl" >"$T/in/b.ckl"
check "names of all kinds" status 0 assay ingest "$T/in/b.ckl"
check "a list" status 0 assay agent add "mail-😀" --alias 'm"a\il'
check "a long record" status 0 assay agent retire "mail-😀" --from 2026-11-01 --reason "$(printf 'ä%.0s' {1..240})"
check "a cursor" status 0 assay audit export -o "$T/first.jsonl"

# ---- embedded -> a server of one's own -> embedded, while files come in
report=r0 report assay
want=$(figures assay)
mkdir "$T/b"
check "a backup" status 0 assay backup "$T/b"
one=$(cat "$T/out")
check "its name is printed" test -s "$one"
check "others cannot read it" equal "$(stat -c %a "$one")" 600
check "the act is in the log" equal "$(assay audit export -o - | tail -1 | grep -o 'backup\.make' | head -1)" backup.make
assay audit export -o "$T/log1"
check "it is whole" status 0 assay restore --dry-run --json "$one"
n=$(jq .records "$T/out")
check "into a server" status 0 on one restore --json "$one"
check "as many rows" equal "$(jq .rows "$T/out")" "$(assay restore -n --json "$one" | jq .rows)"
check "they are the same there" equal "$(figures on one)" "$want"
report=r1 report on one
find "$T/r0" "$T/r1" -type f ! -name "*.csv" -delete
check "so is the report" diff -r "$T/r0" "$T/r1"
check "which has files" test "$(ls "$T/r0" | grep -c 'csv$')" -gt 5
check "the act is in that log" equal "$(sql "SELECT COUNT(*) FROM audit_log WHERE event = 'backup.restore'" one)" 1
( for k in 1 2 3 4 5 6 7 8; do sed "s/web01/host$k/g" "$SRC/samples/stig/web01.ckl" >"$T/h$k.ckl"; on one ingest "$T/h$k.ckl"; done ) >"$T/busy" 2>&1 & busy=$!
has_come() { [ "$(sql "SELECT COUNT(*) > 1 FROM agent WHERE name LIKE 'host%'" one)" = 1 ]; }
wait_for "files that come in" 60 has_come
on one backup - >"$T/two" 2>"$T/err"; check "from the server, meanwhile" equal $? 0
wait "$busy"
# the connection goes while the reader waits: the first bytes come out of the snapshot
mkfifo "$T/pipe"
on one backup - >"$T/pipe" 2>"$T/err" & lost=$!
exec 3<"$T/pipe"
check "one that begins" equal "$(head -c 14 <&3)" "assay-backup 1"
sql "$(sql "SELECT CONCAT('KILL ', id, ';') FROM information_schema.processlist WHERE db = 'one'" mysql)" mysql
cat <&3 >"$T/half"; exec 3<&-
wait "$lost"; check "and loses its connection" equal $? 69
check "is no backup" status 65 assay restore -n "$T/half"
check "and back" status 0 assay restore --json --state-dir "$T/back" "$T/two"
check "which is of one moment" test "$(jq .facts "$T/out")" -gt "$(jq .facts <<<"$want")"
assay audit export --state-dir "$T/back" -o "$T/log2" 2>/dev/null
check "the log begins as the first one" cmp <(head -"$n" "$T/log1") <(head -"$n" "$T/log2")
check "which goes on" status 0 assay audit verify --state-dir "$T/back"

# ---- changed or cut: refused before anything is made
python3 - "$one" "$T/bad" <<'PY'
import os, sys
data = open(sys.argv[1], 'rb').read()
os.mkdir(sys.argv[2])
at = data.index(b'\n') + 1
n = 0
def put(what, b):
    open(f'{sys.argv[2]}/{n:03}-{what}', 'wb').write(b)
put('magic', b'assay-backup 2' + data[14:])
while at < len(data):
    kind, size = chr(data[at]), int.from_bytes(data[at + 1:at + 5], 'big')
    n += 1
    middle = at + 5 + size // 2
    put(f'{kind}-byte', data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1:])
    if n % 20 == 0: put(f'{kind}-cut', data[:at]); put(f'{kind}-gone', data[:at] + data[at + 5 + size:])
    at += 5 + size
put('more', data + b'x')
PY
bad=0 all=0
for f in "$T"/bad/*; do
    all=$((all + 1))
    status 65 assay restore --state-dir "$T/none" "$f" || { bad=$((bad + 1)); echo "  ${f##*/}" >&2; }
done
check "there were many" test $all -gt 60
check "all of them are refused" equal $bad 0
check "and nothing is made" fails test -e "$T/none"
check "what is no backup is refused" status 65 assay restore "$SRC/samples/stig/web01.ckl"
check "a folder is none" status 1 assay restore "$T/b"

# ---- into what is not empty
check "not into a database that has something" status 73 on one restore "$one"
check "which says so" says "not empty"
sql 'CREATE DATABASE site; CREATE TABLE site.own (a INT)' mysql
check "nor into one of somebody else" status 73 on site restore "$one"
check "which stays as it was" equal "$(tables site)" 1

# ---- killed in the middle
(ASSAY_FAULT=restored_part:9 on killed restore "$one") >/dev/null 2>&1
check "killed" equal $? 137
check "after some tables" test "$(tables killed)" -gt 20
for c in "audit verify" init doctor "ingest $T/b" "report hardening-executive" run; do
    # shellcheck disable=SC2086
    check "is no database for $c" status 78 on killed $c
done
check "says what to do" says "run assay restore once more"
check "once more" status 0 on killed restore "$one"
check "is one" equal "$(figures on killed)" "$want"
sql "CREATE DATABASE busy; CREATE TABLE busy.schema_version LIKE killed.schema_version; INSERT INTO busy.schema_version VALUES (999999, 'elsewhere 1 1 x/y', NOW())" mysql
check "another host's is left alone" status 75 on busy restore "$one"

# ---- what does not verify
sql 'UPDATE scan SET n_fail = n_fail + 1 LIMIT 1' killed
check "a changed database is copied" status 0 on killed backup "$T/b"
changed=$(cat "$T/out")
check "and not restored" status 2 on wrong restore "$changed"
check "says that it is not kept" says "does not verify, so it is not kept"
check "nothing is left" equal "$(tables wrong)" 0
check "as evidence it is" status 0 on wrong restore --unverified "$changed"
check "still wrong" status 2 on wrong audit verify

# ---- what this host remembers beside the database
check "keys of that host" status 0 on one init
check "a checkpoint of later" status 0 on one audit checkpoint
sql 'DROP DATABASE one' mysql
check "an older log" status 2 on one restore "$one"
check "is restored, and what to do is said" says "After a restore"
check "it is there" equal "$(sql "SELECT COUNT(*) FROM audit_log WHERE event = 'backup.restore'" one)" 1

# ---- encrypted
openssl req -x509 -newkey rsa:3072 -nodes -keyout "$T/rsa.key" -out "$T/rsa.crt" -days 3 -subj /CN=vault 2>/dev/null
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$T/ec.key" -out "$T/ec.crt" -days 3 -subj /CN=vault 2>/dev/null
cat "$T/rsa.crt" "$T/ec.crt" >"$T/both.crt"
check "keys never leave in the clear" status 64 assay backup "$T/b" --with-keys
check "encrypted for two" status 0 assay backup "$T/b" --with-keys --recipient "$T/both.crt"
sealed=$(cat "$T/out")
check "nothing of it can be read" fails grep -qa "audit.key\|hardening" "$sealed"
check "a key is wanted" status 64 assay restore -n "$sealed"
for k in rsa ec; do check "by $k" status 0 assay restore -n --json "$sealed" --key "$T/$k.key"; done
check "with keys" equal "$(jq .keys "$T/out")" 6
openssl genrsa -out "$T/other.key" 2048 2>/dev/null
check "not by another key" status 65 assay restore -n "$sealed" --key "$T/other.key"
check "what cannot receive is refused" status 78 assay backup "$T" --recipient "$T/state/sign.crt"
check "and leaves nothing" equal "$(find "$T" -maxdepth 2 -name '*.backup*' ! -path "$T/b/*" | wc -l)" 0
python3 - "$sealed" "$T/s" <<'PY'
import sys
d = open(sys.argv[1], 'rb').read()
head = d.index(b'\n') + 1
n = int.from_bytes(d[head:head + 4], 'big')
body = head + 4 + n
cuts = {'byte': d[:body + 3000] + bytes([d[body + 3000] ^ 1]) + d[body + 3001:], 'cut': d[:-5000], 'block': d[:-16], 'header': d[:head + 40],
        'length': d[:head] + b'\xff\xff\xff\xff' + d[head + 4:], 'der': d[:head + 9] + bytes([d[head + 9] ^ 0x55]) + d[head + 10:]}
for k, v in cuts.items(): open(sys.argv[2] + k, 'wb').write(v)
open(sys.argv[2] + '.der', 'wb').write(d[head + 4:body])
open(sys.argv[2] + '.content', 'wb').write(d[body:])
PY
for k in byte cut block header length der; do check "changed: $k" status 65 assay restore --state-dir "$T/none" "$T/s$k" --key "$T/ec.key"; done
check "nothing was made" fails test -e "$T/none"
openssl cms -decrypt -inform DER -in "$T/s.der" -content "$T/s.content" -inkey "$T/rsa.key" -binary -out "$T/plain" 2>"$T/err"
check "openssl reads it" status 0 assay restore -n --state-dir "$T/none" "$T/plain"
check "from one to the other, with keys" status 0 on keys restore - --key "$T/ec.key" <"$sealed"
check "the log goes on under its key" cmp "$T/state/audit.vkey" "$T/of-keys/audit.vkey"
check "and verifies" status 0 on keys audit verify
check "by that key" says "checkpoints hold"
check "keys are for their owner" equal "$(stat -c %a "$T/of-keys/audit.key")" 600
sql 'DROP DATABASE `keys`' mysql
echo >>"$T/of-keys/audit.vkeys"
check "no key is written over" status 73 on keys restore "$sealed" --key "$T/ec.key"
check "which is named" says "of-keys/audit.vkeys"
check "none of this made anything" fails test -e "$T/none"
done_tests
