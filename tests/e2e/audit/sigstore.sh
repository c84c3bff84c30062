#!/usr/bin/env bash
# Checkpoints and proofs before an independent implementation (@sigstore/verify), also with a witness's line in
# the note; every manipulation is caught by it as well.
. "$(dirname "$0")/../lib/lib.sh"
need node npm
N=${BUILD:-$SRC/build/release}/../npm/sigstore
bash "$SRC/tests/e2e/lib/sigstore.sh" "$N" || skip "the verifier cannot be installed"
sigstore() { node "$SRC/tests/e2e/audit/sigstore.js" "$N/node_modules" "$T/state/audit.vkey" "$@"; }
check init status 0 assay init
check ingest status 0 assay ingest "$SRC"/samples/lynis "$SRC"/samples/pandora "$SRC"/samples/xccdf
for _ in 1 2 3 4 5 6 7 8; do assay audit export --test -f json -o "$T/x" -q; done
check checkpoint status 0 assay audit checkpoint -o "$T/one.checkpoint"
size=$(sed -n 2p "$T/one.checkpoint")
check "some records" test "$size" -gt 12
for seq in $(seq 0 $((size - 1))); do "$ASSAY" audit prove "$seq" -o "$T/$seq.tlog-proof"; done
check "every proof is accepted, every change refused" status 0 sigstore "$T"/*.tlog-proof
check "all of them" says "$size accepted, $((9 * size)) changed ones refused"
mkdir "$T/w"
check "a witness" status 0 assay witness init --dir "$T/w/w" --name witness.test/w1 --log "$T/state/audit.vkey"
printf 'audit-witness = %s\naudit-witness-ask = %s witness cosign --dir %s\n' "$(cat "$T/out")" "$ASSAY" "$T/w/w" >>"$T/assay.conf"
check cosigned status 0 assay audit checkpoint
check "a proof below a note of two signatures" status 0 assay audit prove 5 -o "$T/cosigned.tlog-proof"
check "with both" equal "$(grep -c '^— ' "$T/cosigned.tlog-proof")" 2
check "is accepted as well" status 0 sigstore "$T/cosigned.tlog-proof"
cp "$T/state/audit.vkey" "$T/old.vkey"
mkdir "$T/aside"; mv "$T"/state/audit.* "$T/aside"
check "another key" status 0 assay init
check "which did not sign" fails sigstore "$T/5.tlog-proof"
done_tests
