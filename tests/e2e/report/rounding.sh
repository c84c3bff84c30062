#!/usr/bin/env bash
# Percentages and means as a report prints them, against fractions of another language.
. "$(dirname "$0")/../lib/lib.sh"
need python3
check "every digit" python3 "$SRC/tests/e2e/report/rounding.py" "$BUILD/tests/round_numbers"
done_tests
