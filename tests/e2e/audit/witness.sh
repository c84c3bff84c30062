#!/usr/bin/env bash
# A witness under another account: what it saw it remembers, whatever is done to database, state
# directory and log key together.
. "$(dirname "$0")/../lib/lib.sh"
need jq node openssl mariadb mariadbd pgrep setpriv
. "$(dirname "$0")/../lib/sql.sh"

# ---- the other account: nobody, when we are root; else ourselves in another folder

W=$(mktemp -d "${TMPDIR:-/tmp}/assay-witness-XXXXXX")
at_end rm -rf "$W"
cp "$ASSAY" "$W/assay"; chmod 755 "$W" "$W/assay"
as=(env)
if [ "$(id -u)" -eq 0 ]; then
    as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    mkdir -m 700 "$W/w"; chown 65534:65534 "$W/w"
fi
witness() { "${as[@]}" "$W/assay" witness "$@"; }
by="${as[*]} $W/assay witness cosign --dir $W/w"
settings() { grep -v '^audit-witness' "$T/assay.conf" >"$T/conf"; printf '%s\n' "$@" | cat "$T/conf" - >"$T/assay.conf"; }

check init status 0 assay init
cp "$T/state/audit.vkey" "$W/log.vkey"; chmod 644 "$W/log.vkey"
check "a witness" status 0 witness init --dir "$W/w" --name witness.test/w1 --log "$W/log.vkey"
vkey=$(cat "$T/out")
check "with a key of its own" equal "$(stat -c %a "$W/w/witness.key")" 600
check "which it keeps" status 78 witness init --dir "$W/w" --name witness.test/w1
check "the log is known already" status 0 witness trust -v --dir "$W/w" "$W/log.vkey"
check "it says so" says "0 new keys"
check "no witness there" status 78 witness cosign --dir "$W" </dev/null
settings "audit-witness = $vkey" "audit-witness-ask = $by"
check "ingest" status 0 assay ingest "$SRC"/samples/lynis
check "a checkpoint" status 0 assay audit checkpoint -o "$T/one.checkpoint"
check "without complaint" silent
check "two signatures" equal "$(grep -c '^— ' "$T/one.checkpoint")" 2
check "also outside" cmp "$T/one.checkpoint" "$T/state/audit.checkpoint"
check "all holds" status 0 assay audit verify
check "with the witness" says "1 cosignatures of witnesses hold"
check "as JSON" equal "$("$ASSAY" audit verify --json | jq -c '[.cosignatures, .without_cosignature, .witnesses_asked]')" '[1,0,1]'
assay doctor >"$T/out" 2>"$T/err"
check "doctor asks as well" says "1 asked, none has seen more; 0 checkpoints lack one"
if [ "$(id -u)" -eq 0 ]; then
    check "its memory is its own" equal "$(stat -c %u "$W"/w/*.checkpoint)" 65534
    check "the log's key is closed to it" fails "${as[@]}" cat "$T/state/audit.key"
fi

# ---- openssl agrees

awk '/^$/{exit} {print}' "$T/one.checkpoint" >"$T/body"
grep '^— witness.test/w1 ' "$T/one.checkpoint" | awk '{print $3}' | base64 -d >"$T/cosig"
time=$((16#$(tail -c +5 "$T/cosig" | head -c 8 | od -An -tx1 | tr -d ' \n')))
(printf 'cosignature/v1\ntime %s\n' "$time"; cat "$T/body") >"$T/message"
tail -c 64 "$T/cosig" >"$T/sig"
(printf '302a300506032b6570032100' | xxd -r -p; echo "${vkey#*+*+}" | base64 -d | tail -c 32) >"$T/w.der"
check "openssl verifies it" openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey "$T/w.der" -in "$T/message" -sigfile "$T/sig" >/dev/null
check "its time is now" test $(($(date +%s) - time)) -lt 300 -a "$time" -le "$(date +%s)"
sed -i 's/^time .*/time 1/' "$T/message"
check "and no other" fails openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey "$T/w.der" -in "$T/message" -sigfile "$T/sig"

# ---- the log grows; the nightly run asks as well

check "a run makes what is due, so that later ones make nothing, whatever day it is" status 0 assay run
settle; cp "$W"/w/*.checkpoint "$T/seen-first"
keep
check report status 0 assay report hardening-executive --allow-empty --output "$T/reports"
check "the manifest has both signatures" equal "$(jq -r .audit.checkpoint "$T/reports/manifest.json" | grep -c '^— ')" 2
check ingest status 0 assay ingest "$SRC"/samples/pandora
check "the nightly run" status 0 assay run
size=$(sed -n 2p "$T/state/audit.checkpoint")
check "is cosigned" equal "$(grep -c '^— witness.test/w1 ' "$T/state/audit.checkpoint")" 1
check "the witness knows as much" equal "$(sed -n 2p "$W"/w/*.checkpoint)" "$size"
check "all holds" status 0 assay audit verify --expect "$W"/w/*.checkpoint
settle; rm -rf "$T/honest"; cp -a "$T/state" "$T/honest"

# ---- database and state directory put back together: only the witness can tell

settle; back
settings
check "nobody here knows" status 0 assay audit verify
settings "audit-witness = $vkey" "audit-witness-ask = $by"
check "the witness does" status 2 assay audit verify
check "and says so" says "the log went back"
check "no checkpoint" status 2 assay audit checkpoint
check "no nightly one" status 2 assay run
check "which says why" says "the log went back"
check "nothing new was kept" cmp "$T/kept/audit.checkpoint" "$T/state/audit.checkpoint"
check "it is a record" test "$("$ASSAY" audit export -f json -o - --from 0 | grep -c '"event":"audit.witness"')" -ge 1
check "the evidence is kept" test "$(find "$W/w/refused" -name '*.request' | wc -l)" -ge 1
check "what it signed before" cmp "$W"/w/*.checkpoint "$(find "$W/w/refused" -name '*.known' | head -n 1)"
check "the memory stays" equal "$(sed -n 2p "$W"/w/*.checkpoint)" "$size"
check "its file tells without it" status 2 assay audit verify --expect "$W"/w/*.checkpoint
check "as what was cut off" says "its end was cut off, or the database is an"

# ---- another history from there on, longer than the first

settle; back
settings
for s in xccdf wazuh lynis pandora inspec ckl; do assay ingest "$SRC/samples/$s" >/dev/null 2>&1; done
while [ "$(records)" -le "$size" ] && assay audit verify >/dev/null; do :; done
check "the other history is longer" test "$(records)" -gt "$size"
settings "audit-witness = $vkey" "audit-witness-ask = $by"
check "the witness sees the fork" status 2 assay audit checkpoint
check "and names it" says "not a continuation of what the witness has seen"
check "nothing was kept" cmp "$T/kept/audit.checkpoint" "$T/state/audit.checkpoint"
check "its file tells" status 2 assay audit verify --expect "$W"/w/*.checkpoint

check "doctor says it" status 78 assay doctor
check "by its name" grep -q '^FAIL  witness ' "$T/out"

# ---- the key of the log swapped

settle; rm -rf "$T/state"; cp -a "$T/honest" "$T/state"
rm "$T"/state/audit.*
check "a new key" status 0 assay init
check "has no witness" status 2 assay audit checkpoint
check "which says why" says "signed by no key that this witness trusts"
check "nor a checkpoint" test ! -e "$T/state/audit.checkpoint"
cp "$T/state/audit.vkey" "$W/new.vkey"; chmod 644 "$W/new.vkey"
check "until somebody lets it know the key" status 0 witness trust --dir "$W/w" "$W/new.vkey"
check "then it has" status 0 assay audit checkpoint
check "and goes on from what was seen" equal "$(sed -n 1p "$W"/w/*.checkpoint)" test/assay

# ---- requests again, old ones, and nonsense

settle; rm -rf "$T/state"; cp -a "$T/honest" "$T/state"
sha() { sha256sum "$W"/w/*.checkpoint; }
size=$(sed -n 2p "$W"/w/*.checkpoint)
{ printf 'old %s\n\n' "$size"; cat "$W"/w/*.checkpoint; } >"$T/request"
sed -n '1,3p' "$W"/w/*.checkpoint >"$T/before"
check "the same request again" status 0 witness cosign --dir "$W/w" <"$T/request"
check "is signed again" test "$(grep -c '^— witness.test/w1 ' "$T/out")" = 1
check "and changes nothing but the time" cmp "$T/before" <(sed -n '1,3p' "$W"/w/*.checkpoint)
before=$(sha)
{ printf 'old 0\n\n'; cat "$T/seen-first"; } >"$T/request"
check "an old request" status 2 witness cosign --dir "$W/w" <"$T/request"
check "once more" status 2 witness cosign --dir "$W/w" <"$T/request"
{ printf 'old 1\n\n'; cat "$W"/w/*.checkpoint; } >"$T/request"
check "a proof from elsewhere" status 75 witness cosign --dir "$W/w" <"$T/request"
check "is told from where" equal "$(cat "$T/out")" "$size"
for text in '' 'old' $'old 0\n\n' $'old 0\n\nnothing\n' $'old 0\nx\n\n'; do
    printf %s "$text" >"$T/request"
    check "nonsense" status 2 witness cosign --dir "$W/w" <"$T/request"
done
head -c 100000 /dev/zero >"$T/request"
check "too much" status 65 witness cosign --dir "$W/w" <"$T/request"
check "the memory is as it was" equal "$(sha)" "$before"

# ---- cosignatures that do not hold, and witnesses that do not answer

rm "$W"/w/*.checkpoint
check "the honest log, and a witness that begins anew" status 0 assay audit checkpoint
keep
attack "the time of a cosignature moved" \
    "UPDATE audit_checkpoint SET note = REPLACE(note, SUBSTRING_INDEX(SUBSTRING_INDEX(note, 'witness.test/w1 ', -1), '\n', 1), CONCAT(LEFT(SUBSTRING_INDEX(SUBSTRING_INDEX(note, 'witness.test/w1 ', -1), '\n', 1), 14), 'AAAA', SUBSTRING(SUBSTRING_INDEX(SUBSTRING_INDEX(note, 'witness.test/w1 ', -1), '\n', 1), 19))) WHERE note LIKE '%witness.test%'" \
    "the cosignature of the witness witness.test/w1 does not hold"
for whom in "/nonexistent/witness" "false" "cat" "unix:$W/nobody" "echo 3x"; do
    settings "audit-witness = $vkey" "audit-witness-ask = $whom"
    check "$whom: a checkpoint all the same" status 0 assay audit checkpoint
    check "$whom: with a warning" says "warning: witness: "
    check "$whom: without a cosignature" fails grep -q '^— witness' "$T/state/audit.checkpoint"
done
check "they are records" test "$("$ASSAY" audit export -f json -o - --from 0 | grep -c '"event":"audit.witness"')" -ge 5
check "the nightly run" status 0 assay run
check "warns" says "checkpoint: warning: "
check "verification says what lacks" status 0 assay audit verify
check "so" says "checkpoints lack a cosignature of a witness"
settings "audit-witness = nonsense" "audit-witness-ask = $by"
check "a key that is none" status 78 assay audit checkpoint

# ---- over a socket, as systemd opens it

cat >"$T/server.js" <<'J'
const [path, ...argv] = process.argv.slice(2);
require('net').createServer({ allowHalfOpen: true }, (c) => {
  const p = require('child_process').spawn(argv[0], argv.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
  c.pipe(p.stdin); p.stdout.pipe(c);
}).listen(path, () => console.log('ready'));
J
node "$T/server.js" "$T/witness.sock" "${as[@]}" "$W/assay" witness cosign --dir "$W/w" >"$T/server.log" 2>&1 &
wait_for "the socket" 60 grep -q ready "$T/server.log"
settings "audit-witness = $vkey" "audit-witness-ask = unix:$T/witness.sock"
check "caught up over a socket" status 0 assay audit checkpoint
check "cosigned" equal "$(grep -c '^— witness.test/w1 ' "$T/state/audit.checkpoint")" 1
check "all holds" status 0 assay audit verify

# ---- eight at once: none goes back

cp "$T/state/audit.checkpoint" "$T/now"
for i in 1 2 3 4 5 6 7 8; do
    { printf 'old %s\n\n' "$(sed -n 2p "$T/now")"; cat "$T/now"; } | witness cosign --dir "$W/w" >"$T/answer.$i" 2>/dev/null &
    pids+=($!)
done
wait "${pids[@]}"
check "all are answered" equal "$(cat "$T"/answer.* | grep -c '^— witness.test/w1 ')" 8
check "all holds" status 0 assay audit verify
done_tests
