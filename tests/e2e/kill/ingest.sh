#!/usr/bin/env bash
# kill -9 of two ingests of the same 500 files, and of their parsers, when so many files as chance says are through;
# restarted, every scan is stored exactly once.
. "$(dirname "$0")/../lib/lib.sh"
need pgrep
rounds=8; [ "${ASSAY_LONG:-no}" = yes ] && rounds=200
base=$(ls "$SRC"/samples/lynis/*.dat | head -1)
check init status 0 assay init
all_kills=0

# children PID: the processes below it, helpers and parsers.
children() { local p; for p in $(pgrep -P "$1"); do echo "$p"; children "$p"; done; }
# Some process of a running ingest: itself, or one of those that parse for it.
kill_one() { # PID
    local all victim
    mapfile -t all < <(echo "$1"; children "$1")
    victim=${all[$((RANDOM % ${#all[@]}))]}
    kill -9 "$victim" 2>/dev/null || return 1
    [ "$victim" = "$1" ] || parser_kills=$((parser_kills + 1))
}
parser_kills=0
through() { find "$S/done" -type f 2>/dev/null | wc -l; }
# go_on N: N files more are through, or nobody is at it any more.
go_on() { wait_for "$1 files" 60 is_through $(($(through) + $1)); }
is_through() { local n; n=$(through); [ "$n" -ge "$1" ] || [ "$n" -ge 500 ] || ! { kill -0 $pid || kill -0 $other; } 2>/dev/null; }

for round in $(seq $rounds); do
    S=$T/spool; rm -rf "$S"; mkdir -p "$S"
    awk -v round="$round" -v dir="$S" '
        { line[NR] = $0 }
        END { for (i = 1; i <= 500; i++) { f = dir "/host" i ".dat"
            for (k = 1; k <= NR; k++) { s = line[k]; if (s ~ /^hostname=/) s = "hostname=r" round "h" i
                print s >f } close(f) } }' "$base"
    # Every second round they watch the spool: such a run does not end before its kill, however late that comes.
    kills=0 watch=()
    [ $((round % 2)) = 0 ] || watch=(--watch)
    while :; do
        "$ASSAY" ingest --spool "$S" --quiet "${watch[@]}" >/dev/null 2>"$T/err" &
        pid=$!
        "$ASSAY" ingest --spool "$S" --quiet "${watch[@]}" >/dev/null 2>"$T/err2" &
        other=$!
        go_on $((RANDOM % 100))
        running=0
        { kill -0 $pid || kill -0 $other; } 2>/dev/null && running=1
        kill_one $pid # which may be a parser that has just ended
        kill_one $other
        [ $((RANDOM % 2)) = 0 ] || go_on $((RANDOM % 25)) # do they get over it?
        kill -9 $pid $other 2>/dev/null
        wait $pid $other 2>/dev/null
        [ $running = 1 ] || break
        kills=$((kills + 1))
        [ $kills -lt 4 ] || break
    done
    "$ASSAY" ingest --spool "$S" --quiet || { cat "$T/err"; n_failed=$((n_failed + 1)); }
    all_kills=$((all_kills + kills))
    left=$(find "$S" -maxdepth 1 -type f | wc -l) work=$(find "$S/work" -type f ! -name .lock | wc -l)
    stored=$(ls "$S/done" | wc -l)
    check "round $round ($kills kills): all 500 in done, none elsewhere" equal "$stored/$left/$work" "500/0/0"
done
echo "$all_kills times two runs were killed, $parser_kills times a parser before them"
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
