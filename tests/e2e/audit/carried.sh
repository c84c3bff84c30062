#!/usr/bin/env bash
# Every report carries the checkpoint of the audit log that it was made under: it is taken out of the
# file, compared with the log, and tells when the log was written anew.
. "$(dirname "$0")/../lib/lib.sh"
need jq node openssl pdfdetach qpdf
check init status 0 assay init
check ingest status 0 assay ingest "$SRC"/samples/lynis "$SRC"/samples/pandora
check report status 0 assay report hardening-monthly --period 2026-11 --format pdf,html,json -o "$T/reports"
stem=$T/reports/hardening-monthly-2026-11
jq -rj .audit.checkpoint "$T/reports/manifest.json" >"$T/want.checkpoint"
check "the manifest has it" test "$(sed -n 1p "$T/want.checkpoint")" = test/assay
check "JSON has it" equal "$(jq -rj '.audit.checkpoint' "$stem.json"; echo x)" "$(cat "$T/want.checkpoint"; echo x)"
check "and the key" equal "$(jq -r '.audit.vkey' "$stem.json")" "$(cat "$T/state/audit.vkey")"
check "the PDF has it as a file" pdfdetach -save 1 -o "$T/detached" "$stem.pdf"
check "the same bytes" cmp "$T/detached" "$T/want.checkpoint"
check "named so" test "$(pdfdetach -list "$stem.pdf" | grep -c 'audit.checkpoint$')" = 1
check "and not compressed" grep -qaF "$(sed -n 3p "$T/want.checkpoint")" "$stem.pdf"
cat >"$T/pre.js" <<'J'
const m = require('fs').readFileSync(process.argv[2], 'utf8').match(/<pre id="audit-checkpoint"[^>]*>([^<]*)<\/pre>/);
process.stdout.write(m[1].replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&'));
J
node "$T/pre.js" "$stem.html" >"$T/pre"
check "HTML has it without script" cmp "$T/pre" "$T/want.checkpoint"
root=$(sed -n 3p "$T/want.checkpoint")
sed 's/<wbr>//g' "$stem.html" >"$T/seen.html" # where a line may end is no part of a word
check "HTML prints the root" test "$(grep -oF "$root" "$T/seen.html" | wc -l)" -ge 3
check "and the key" grep -qF "$(cut -d+ -f3- "$T/state/audit.vkey")" "$T/seen.html"
check "anybody checks it" status 0 assay verify --no-record --log-key "$T/state/audit.vkey" "$T/want.checkpoint"
for f in pdf html json; do
    check "$f: the log is still that one" status 0 assay audit verify --json --expect "$stem.$f"
    check "$f: it counts" test "$(sed 's/.*"expected": *\([0-9]*\).*/\1/' "$T/out")" -ge 1
done

# ---- the records of the report itself, under the checkpoint that its folder carries

own=$T/reports/audit.checkpoint
check "the folder carries one" test -s "$own"
check "over the records of the report" test "$(sed -n 2p "$own")" -gt "$(jq .audit.seq "$T/reports/manifest.json")"
check "which are the last" equal "$(sed -n 2p "$own")" "$(sed -n 2p "$T/state/audit.checkpoint")"
check "anybody checks it, too" status 0 assay verify --no-record --log-key "$T/state/audit.vkey" "$T/reports"
check "it says so" grep -q "audit.checkpoint: a checkpoint of" "$T/out"
check "the log continues it" status 0 assay audit verify --expect "$own"
cp "$own" "$T/kept"; cp "$T/want.checkpoint" "$own"
check "the one of before is not over them" status 2 assay verify --no-record --log-key "$T/state/audit.vkey" "$T/reports"
check "and that is said" grep -q "not over the records of this report" "$T/out"
sed '3{s/^X/Y/;t;s/./X/}' "$T/kept" >"$own"
check "a bent one" status 2 assay verify --no-record --log-key "$T/state/audit.vkey" "$T/reports"
cp "$T/kept" "$own"
check "without the key of the log" status 0 assay verify --no-record --log-key "$T/none.vkey" "$T/reports"

# ---- a proof or a checkpoint that its reader dies of costs its own verdict

check "a proof" status 0 assay audit prove 0 -o "$T/zero.tlog-proof"
printf 'confine = no\n' | cat "$ASSAY_CONFIG" - >"$T/free.conf"
for conf in "$ASSAY_CONFIG" "$T/free.conf"; do
    v() { status 2 env ASSAY_CONFIG="$conf" ASSAY_FAULT=log_file "$ASSAY" verify --no-record --log-key "$T/state/audit.vkey" "$@"; }
    check "it dies of each ($(basename "$conf"))" v "$T/zero.tlog-proof" "$T/want.checkpoint" "$T/reports"
    for f in "$T/zero.tlog-proof" "$T/want.checkpoint" "$own"; do
        check "$f: it says so" grep -qF "FAIL  $f: reading it made its reader crash" "$T/out"
    done
    check "and of nothing else" test "$(grep -c ^FAIL "$T/out")" = 3
    check "what comes behind has its verdicts" grep -q "^ok .*pdf: signed by" "$T/out"
done
for f in "$own" "$stem.pdf" "$stem.html"; do
    check "$f: its reader dies, not the verification" status 65 env ASSAY_FAULT=expected_file "$ASSAY" audit verify --expect "$f"
    check "and it says so" says "$f: reading it made its reader crash"
done
check "without that they hold" status 0 assay verify --no-record --log-key "$T/state/audit.vkey" "$T/zero.tlog-proof" "$T/want.checkpoint" "$T/reports"

# ---- other logs, and files that carry nothing

sed 's/<pre id="audit-checkpoint"/<pre id="other"/' "$stem.html" >"$T/none.html"
check "HTML without one" status 65 assay audit verify --expect "$T/none.html"
qpdf --remove-attachment=audit.checkpoint "$stem.pdf" "$T/none.pdf"
check "PDF without one" status 65 assay audit verify --expect "$T/none.pdf"
check "it says so" says "no attached file"
LC_ALL=C sed "s|$root|AAAA${root#????}|" "$stem.pdf" >"$T/bent.pdf"
check "one that was changed" status 2 assay audit verify --expect "$T/bent.pdf"
mv "$T/state" "$T/state.was"
check "another log" status 0 assay init
check ingest status 0 assay ingest "$SRC"/samples/pandora "$SRC"/samples/lynis
check "longer than the first" status 0 assay ingest "$SRC"/samples/xccdf
for f in pdf html json; do
    check "$f: is of another log" status 2 assay audit verify --expect "$stem.$f"
done
rm "$T"/state/audit.vkey* "$T/state/audit.key"
for f in pdf html json; do
    check "$f: also without a key: the records are others" status 2 assay audit verify --expect "$stem.$f"
    check "$f: and it says so" says "the log was rewritten"
done
done_tests
