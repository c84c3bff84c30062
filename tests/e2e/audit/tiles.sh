#!/usr/bin/env bash
# The audit log published as static tlog-tiles, verified by a program that shares nothing with assay.
. "$(dirname "$0")/../lib/lib.sh"
need jq node mariadb mariadbd pgrep
. "$(dirname "$0")/../lib/sql.sh"
www=$T/www/audit
verified() { node "$SRC/tests/e2e/lib/tiles.js" "$www" "$T/state/audit.vkey"; }
# value FILTER: of what the verifier found.
value() { verified | jq -c "$1"; }
listing() { (cd "$www" && find . -type f ! -name checkpoint -printf '%p %T@ %s\n' | sort); }

"$SRC/scripts/make-fleet" --out "$T/fleet" --agents 60 --weeks 12 >/dev/null
mkdir "$T/some" "$T/more"
find "$T/fleet" -type f | sort >"$T/files"
head -150 "$T/files" | xargs cp -t "$T/some"

check init status 0 assay init
check "nothing to publish" status 64 assay audit publish "$www"
check "it says what to do" says "assay audit checkpoint"
check "checkpoint" status 0 assay audit checkpoint
check "a log of a few" status 0 assay audit publish "$www"
check "verifies" equal "$(value '[.size > 1, .entries == .size, .tiles]')" '[true,true,1]'
check "ingest" status 0 assay ingest "$T/some"
check "checkpoint" status 0 assay audit checkpoint
check "less than a tile" status 0 assay audit publish "$www"
check "verifies" equal "$(value '[.size < 256, .entries == .size, .tiles]')" '[true,true,1]'
listing >"$T/before"
check "again" status 0 assay audit publish -v "$www"
check "writes nothing" says "0 files written, 0 removed"
check "at all" equal "$(listing)" "$(cat "$T/before")"

# ---- more than two tiles: partial ones become full

sed -n '151,$p' "$T/files" | xargs cp -t "$T/more"
check "ingest more" status 0 assay ingest "$T/more"
check "checkpoint" status 0 assay audit checkpoint -o "$T/new.checkpoint"
check "several tiles" status 0 assay audit publish "$www"
size=$(sed -n 2p "$T/new.checkpoint")
check "there are several" [ "$size" -gt 600 ]
check "verifies" equal "$(value '[.size, .entries, .tiles]')" "[$size,$size,$((size / 256 + 2))]"
check "full ones have no partial ones beside them" equal "$(find "$www" -path '*/0/000.p*')" ""
check "the checkpoint is the signed one" cmp "$T/new.checkpoint" "$www/checkpoint"
find "$www" -type f -name '00?' | sort >"$T/full"
xargs sha256sum <"$T/full" >"$T/sums"; xargs stat -c '%n %Y %i' <"$T/full" >"$T/stats"
cp -a "$www" "$T/whole"

# ---- by the nightly run, and from nothing

printf 'audit-publish-dir = %s\n' "$www" >>"$T/assay.conf"
check "the nightly run publishes" status 0 assay run
check "what it signed" equal "$(value .size)" "$(sed -n 2p "$T/state/audit.checkpoint")"
check "what was full is untouched" sha256sum --quiet -c "$T/sums"
check "the same files" equal "$(xargs stat -c '%n %Y %i' <"$T/full")" "$(cat "$T/stats")"
cp -a "$www" "$T/grown"; rm -r "$www"
check "from nothing" status 0 assay audit publish "$www"
check "the same, but for partial tiles of the past" equal "$(diff -rq "$www" "$T/grown" | grep -v '^Only in.*grown')" ""
check "verifies" equal "$(value .size)" "$(sed -n 2p "$T/state/audit.checkpoint")"

# ---- the database without its tiles, or with wrong ones

settle; sql "DELETE FROM audit_tile"
rm -r "$www"
check "without tiles in the database" status 0 assay audit publish "$www"
check "verifies" equal "$(value '.entries == .size')" true
settle; sql "UPDATE audit_tile SET hashes = REPEAT('x', width * 32); UPDATE audit_tile SET width = 1, hashes = REPEAT('y', 32) WHERE level = 1"
rm -r "$www"
check "with wrong tiles" status 0 assay audit publish "$www"
check "verifies" equal "$(value '.entries == .size')" true
check "checkpoints make them anew" status 0 assay audit checkpoint --rebuild
check "verify" status 0 assay audit verify

# ---- many at once: every one is right, and what is kept and published never goes back

pids=()
for n in 1 2 3; do
    (for _ in 1 2 3 4 5; do "$ASSAY" audit checkpoint -q && "$ASSAY" audit verify -q || echo "checkpoint $n" >>"$T/failed"; done) 2>>"$T/failed" & pids+=($!)
    (for _ in 1 2 3 4 5; do "$ASSAY" verify -q "$www/checkpoint.pdf"; done) >/dev/null 2>&1 & pids+=($!) # each leaves a record
done
wait "${pids[@]}"
check "checkpoints and verifications at once" equal "$(cat "$T/failed" 2>/dev/null)" ""
check "the last one" status 0 assay audit checkpoint
check "holds" status 0 assay audit verify
check "publish" status 0 assay audit publish "$www"
check "verifies" equal "$(value '.entries == .size')" true

# ---- what must not be published

keep
settle; sql "UPDATE audit_log SET rec = REPLACE(rec, 'file', 'flie') WHERE seq = 300"
rm -r "$www"
check "a record that was changed" status 2 assay audit publish "$www"
check "is named" says "record 300 is not the one that was signed"
check "and nothing has a checkpoint" test ! -e "$www/checkpoint"
back; settle
sql "UPDATE audit_log SET leaf = REPEAT('x', 32) WHERE seq = 300; DELETE FROM audit_tile"
rm -r "$www"
check "a leaf that was changed" status 2 assay audit publish "$www"
check "nothing is written" equal "$(find "$www" -type f)" ""
back; rm -r "$www"; cp -a "$T/whole" "$www"; echo bent >>"$www/tile/0/002.p/$((size % 256))"
check "a tile that was not full yet, and was changed" status 2 assay audit publish "$www"
check "is named" says "tile/0/002.p/$((size % 256)): what was published is not what the log has"
for changed in tile/0/000 tile/entries/002.p/$((size % 256)) tile/1/000.p/2; do
    rm -r "$www"; cp -a "$T/whole" "$www"; echo bent >"$www/$changed"
    check "$changed" status 2 assay audit publish "$www"
    check "is named" says "$www/$changed"
    check "an auditor sees it, too" fails verified
done
rm -r "$www"; cp -a "$T/whole" "$www"; cp "$www/tile/0/002.p/$((size % 256))" "$www/tile/0/002.p/300"
check "a width that never was" status 2 assay audit publish "$www"
rm -r "$www"; cp -a "$T/whole" "$www"; echo bent >>"$www/tile/entries/000"
check "records of full tiles are not read again" status 0 assay audit publish "$www"
check "an auditor sees it" fails verified
rm -r "$www"; cp -a "$T/whole" "$www"; sed -i "2s/.*/$((size - 1))/" "$www/checkpoint"
check "a folder whose checkpoint was bent" status 2 assay audit publish "$www"
check "is named" says "$www/checkpoint"
done_tests
