#!/usr/bin/env bash
# kill -9 at random moments of an ingest of 500 files; restarted, every scan is stored exactly once.
. "$(dirname "$0")/lib.sh"
rounds=20; [ "${ASSAY_LONG:-no}" = yes ] && rounds=200
base=$(ls "$SRC"/samples/lynis/*.dat | head -1)
check init status 0 assay init
all_kills=0

for round in $(seq $rounds); do
    S=$T/spool; rm -rf "$S"; mkdir -p "$S"
    awk -v round="$round" -v dir="$S" '
        { line[NR] = $0 }
        END { for (i = 1; i <= 500; i++) { f = dir "/host" i ".dat"
            for (k = 1; k <= NR; k++) { s = line[k]; if (s ~ /^hostname=/) s = "hostname=r" round "h" i
                print s >f } close(f) } }' "$base"
    kills=0
    while :; do
        "$ASSAY" ingest --spool "$S" --quiet >/dev/null 2>"$T/err" &
        pid=$!
        sleep "0.$(printf '%03d' $((RANDOM % 160 + 5)))"
        if kill -9 $pid 2>/dev/null; then kills=$((kills + 1)); wait $pid 2>/dev/null
        else wait $pid; break; fi
        [ $kills -lt 4 ] || break
    done
    "$ASSAY" ingest --spool "$S" --quiet || { cat "$T/err"; n_failed=$((n_failed + 1)); }
    all_kills=$((all_kills + kills))
    left=$(find "$S" -maxdepth 1 -type f | wc -l) work=$(find "$S/work" -type f ! -name .lock | wc -l)
    stored=$(ls "$S/done" | wc -l)
    check "round $round ($kills kills): all 500 in done, none elsewhere" equal "$stored/$left/$work" "500/0/0"
done
echo "$all_kills kills"
check "kills hit running ingests" test $all_kills -ge $rounds
# Every scan exactly once: each agent has one scan, each file one input, and the log holds.
want=$((rounds * 500))
check "the audit log holds" status 0 assay audit verify
"$ASSAY" audit export --format json -o "$T/audit.json" --from 0
news=$(grep -c '"event":"ingest.file"' "$T/audit.json")
stored=$(grep '"event":"ingest.file"' "$T/audit.json" | grep -c '"new":"stored"')
echo "$news ingest records, $stored of them stored"
check "each file was stored once" equal "$stored" "$want"
done_tests
