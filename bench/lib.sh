# shellcheck shell=bash
# Sourced by the benchmarks: a folder, runs that are timed, medians of them.
export LC_ALL=C TZ=UTC
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
build=${BUILD:-build/release}
# shellcheck disable=SC2034 # used by those who source this
assay=${ASSAY:-$build/assay}
gnu_time=$(type -P time) || gnu_time=''
tmp=$(mktemp -d)
# A private database server that was just used ends a moment later.
trap 'sleep 1; rm -rf "$tmp"' EXIT

needs() { for c in "$@"; do command -v "$c" >/dev/null || { echo "$c is missing" >&2; exit 69; }; done; }

# timed NAME COMMAND…: one run; its wall time (µs) and peak memory (kB; 0 when time(1) is missing).
timed() {
    local name=$1 from to kb=0 rc=0
    shift
    from=$(date +%s%N)
    if [ -n "$gnu_time" ]; then
        "$gnu_time" -q -o "$tmp/kb" -f %M "$@" >/dev/null 2>"$tmp/said" || rc=$?
    else
        "$@" >/dev/null 2>"$tmp/said" || rc=$?
    fi
    to=$(date +%s%N)
    [ $rc -eq 0 ] || { echo "$name ended with $rc:" >&2; head -20 "$tmp/said" >&2; exit 1; }
    [ -z "$gnu_time" ] || kb=$(tail -1 "$tmp/kb")
    echo "$(((to - from) / 1000)) $kb" >>"$tmp/times.$name"
}
# The first run of each only warms the caches.
forget() { rm -f "$tmp"/times.*; }
sorted() { cut -d' ' -f"$2" "$tmp/times.$1" | sort -n; }
median() { sorted "$1" 1 | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'; }
peak() { sorted "$1" 2 | tail -1; }
# took NAME: "123 ms, 45 MB"; spread of the runs in brackets.
took() {
    awk -v m="$(median "$1")" -v lo="$(sorted "$1" 1 | head -1)" -v hi="$(sorted "$1" 1 | tail -1)" -v kb="$(peak "$1")" 'BEGIN {
        printf "%.0f ms (%.0f–%.0f)", m / 1000, lo / 1000, hi / 1000
        if (kb > 0) printf ", %.0f MB", kb / 1000 }'
}
# ratio A B: median of A / median of B.
ratio() { awk -v a="$(median "$1")" -v b="$(median "$2")" 'BEGIN { printf "%.2f", a / b }'; }
