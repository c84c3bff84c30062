#!/usr/bin/env bash
# The lines of doc/audit-checkpoint.md, "Without assay", run as they stand there: openssl and a shell verify
# checkpoint, cosignature and time stamp, and refuse each when it was changed.
. "$(dirname "$0")/../lib/lib.sh"
need node openssl awk od
sed -n '/^## Without assay/,$p' "$SRC/doc/audit-checkpoint.md" | sed -n 's/^    //p; s/^$//p' >"$T/lines"
check "the page has lines" test "$(grep -c openssl "$T/lines")" -ge 5

# ---- an authority, a witness, a log

. "$(dirname "$0")/../lib/tsa.sh"
check init status 0 assay init
check "a witness" status 0 assay witness init --dir "$T/w" --name witness.test/w1 --log "$T/state/audit.vkey"
cat >>"$T/assay.conf" <<C
audit-witness = $(cat "$T/w/witness.vkey")
audit-witness-ask = $ASSAY witness cosign --dir $T/w
tsa-url = $url
tsa-ca = $A/tsa.pem
C
check ingest status 0 assay ingest "$SRC"/samples/lynis
check "a checkpoint, cosigned and stamped" status 0 assay audit anchor

# ---- the auditor

fresh() { # the auditor's folder
    rm -rf "$T/auditor"; mkdir -p "$T/auditor/anchors"
    cp "$T/state/audit.vkey" "$T/w/witness.vkey" "$T/state/audit.checkpoint" "$T/auditor"
    cp "$A/tsa.pem" "$T/auditor/tsa-ca.pem"
    for f in "$T"/state/anchors/*; do cp "$f" "$T/auditor/anchors/836.${f##*.}"; done
}
by_hand() { (cd "$T/auditor" && bash -e -o pipefail "$T/lines" >"$T/said" 2>&1); }
fresh
check "all of it holds" by_hand
check "two signatures" equal "$(grep -c 'Signature Verified Successfully' "$T/said")" 2
check "one stamp" grep -q 'Verification: OK' "$T/said"
check "with its time" grep -q '^Time stamp: ' "$T/said"
bend() { # NAME FILE SED
    fresh; sed -i "$3" "$T/auditor/$2"; check "$1" fails by_hand
}
bend "another size" audit.checkpoint '2s/.*/9&/'
bend "another name" audit.checkpoint '1s/$/x/'
bend "another time of the witness" audit.checkpoint '/^— witness/s/\( [A-Za-z0-9+/]\{12\}\)./\1_/; y/_/A/'
bend "no witness" audit.checkpoint '/^— witness/d'
bend "another checkpoint under the stamp" anchors/836.checkpoint '2s/.*/9&/'
fresh; (cd "$T/auditor"; "$ASSAY" witness init --dir "$T/w2" --name witness.test/w1 >/dev/null; cp "$T/w2/witness.vkey" .)
check "another witness of that name" fails by_hand
fresh; openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -out "$T/auditor/tsa-ca.pem" -subj /CN=tsa 2>/dev/null
check "another authority" fails by_hand
done_tests
