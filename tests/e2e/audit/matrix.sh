#!/usr/bin/env bash
# Each attack on the audit log against each anchor: what is noticed, and, as it belongs to an honest
# account, what is not. The attacker has the database, not the key, and takes out of the database
# whatever no longer fits.
#   chain      the records alone: no key, no checkpoints
#   stored     checkpoints in the database; what is kept outside is as old as the newest that still fits
#   fresh      the same, and the freshness rule: that one is older than two heartbeats
#   outside    the newest checkpoint is kept outside the database
#   elsewhere  stored, and somebody brings the older checkpoint
. "$(dirname "$0")/../lib/lib.sh"
need jq node mariadb mariadbd pgrep
. "$(dirname "$0")/../lib/sql.sh"
tamper() { node "$SRC/tests/e2e/lib/tamper.js" "$@"; }

check init status 0 assay init
check ingest status 0 assay ingest "$SRC"/samples/lynis "$SRC"/samples/stig
check "the older checkpoint" status 0 assay audit checkpoint -o "$T/old.checkpoint"
check ingest status 0 assay ingest "$SRC"/samples/pandora "$SRC"/samples/xccdf
check "the newest" status 0 assay audit checkpoint -o "$T/new.checkpoint"
old=$(sed -n 2p "$T/old.checkpoint"); size=$(sed -n 2p "$T/new.checkpoint")
check "there is room between them" [ $((size - old)) -ge 4 ]
keep
records="SELECT seq, HEX(rec) FROM audit_log ORDER BY seq"
sql "$records" >"$T/records"
early=$(tamper rebuild 2 <"$T/records"); late=$(tamper rebuild $((size - 2)) <"$T/records"); whole=$(tamper rebuild 0 <"$T/records")
cut="DELETE FROM audit_log WHERE seq >= $old + 2; UPDATE audit_head SET size = $old + 2, last = (SELECT leaf FROM audit_log WHERE seq = $old + 1);"
edit() { echo "UPDATE audit_log SET rec = REPLACE(rec, '\"host\":\"', '\"host\":\"x') WHERE seq = $1;"; }
swap() { echo "UPDATE audit_log SET seq = 999 WHERE seq = $1; UPDATE audit_log SET seq = $1 WHERE seq = $1 + 1; UPDATE audit_log SET seq = $1 + 1 WHERE seq = 999;"; }
double="UPDATE audit_log SET seq = seq + 1000 WHERE seq >= 3; UPDATE audit_log SET seq = seq - 999 WHERE seq >= 1003; INSERT INTO audit_log SELECT 3, ts, event, object_type, object_id, outcome, leaf, rec FROM audit_log WHERE seq = 2; UPDATE audit_head SET size = size + 1;"
none="DELETE FROM audit_log; UPDATE audit_head SET size = 0, last = REPEAT(CHAR(0), 32);"

# cell ATTACK STATEMENTS FITS ANCHOR WANT: FITS is the size up to which checkpoints still fit.
cell() {
    local name=$1 statements=$2 fits=$3 anchor=$4 want=$5 got=0 forget='' expect=()
    back
    case $anchor in
    chain) forget="DELETE FROM audit_checkpoint; DELETE FROM audit_tile;"; rm -f "$T"/state/audit.* ;;
    outside) forget="DELETE FROM audit_tile;" ;;
    *)
        forget="DELETE FROM audit_checkpoint WHERE size > $fits; DELETE FROM audit_tile;"
        if [ "$fits" -ge "$size" ]; then :; elif [ "$fits" -ge "$old" ]; then cp "$T/old.checkpoint" "$T/state/audit.checkpoint"; else rm "$T/state/audit.checkpoint"; fi
        ;;
    esac
    [ "$anchor" != fresh ] || touch -d '1 day ago' "$T"/state/audit.*
    [ "$anchor" != elsewhere ] || expect=(--expect "$T/old.checkpoint")
    sql "$statements $forget"; settle
    "$ASSAY" audit verify "${expect[@]}" >"$T/out" 2>"$T/err" || got=$?
    case $want$got in yes2 | no0) n_passed=$((n_passed + 1)) ;; *)
        n_failed=$((n_failed + 1)); echo "FAILED: $name, $anchor: want $want, exit $got" >&2; cat "$T/err" >&2 ;;
    esac
}
# row ATTACK STATEMENTS FITS WANT…: one word an anchor.
row() {
    local name=$1 statements=$2 fits=$3 anchor; shift 3
    for anchor in chain stored fresh outside elsewhere; do cell "$name" "$statements" "$fits" $anchor "$1"; shift; done
}

#   attack                      statements               fits         chain stored fresh outside elsewhere
row "nothing"                   ""                       "$size"      no    no     no    no      no
row "edit"                      "$(edit 2)"              "$size"      yes   yes    yes   yes     yes
row "delete"                    "DELETE FROM audit_log WHERE seq = 3;" "$size" yes yes yes yes yes
row "insert"                    "$double"                "$size"      yes   yes    yes   yes     yes
row "swap"                      "$(swap 3)"              "$size"      yes   yes    yes   yes     yes
row "edit early, chain mended"  "$early"                 1            no    no     yes   yes     yes
row "edit late, chain mended"   "$late"                  "$old"       no    no     yes   yes     no
# The facts that were told (doc/facts.md) do not fit a log that says less, unless somebody puts them back as well.
row "tail cut off"              "$cut"                   "$old"       yes   yes    yes   yes     yes
row "whole log replaced"        "$whole"                 0            no    no     yes   yes     yes
row "whole log deleted"         "$none"                  0            yes   yes    yes   yes     yes
row "texts taken out"           "UPDATE audit_log SET rec = NULL WHERE seq < 4;" "$size" yes yes yes yes yes
done_tests
