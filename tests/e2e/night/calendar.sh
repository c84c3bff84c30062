#!/usr/bin/env bash
# Calendar expressions mean what systemd says they mean: invented ones, in six zones, beside systemd-analyze.
. "$(dirname "$0")/../lib/lib.sh"
need python3 systemd-analyze
[ -f /usr/share/zoneinfo/Europe/Berlin ] || skip "no tzdata"
n=120
[ "${ASSAY_LONG-no}" != yes ] || n=5000
python3 "$SRC/tests/e2e/night/moments.py" "$BUILD/tests/calendar_next" $n >"$T/said" 2>&1
rc=$?
cat "$T/said"
check "none differs" test $rc -eq 0
check "they were compared" test "$(awk '/compared/ { print $1 }' "$T/said")" -ge 100
done_tests
