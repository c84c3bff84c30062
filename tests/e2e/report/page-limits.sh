#!/usr/bin/env bash
# How many pages a monthly report has, of few and of many agents, and where the rest of long tables is.
. "$(dirname "$0")/../lib/lib.sh"
need pdfinfo
need pdftotext
need pdfdetach
pages() { pdfinfo "$1" | awk '/^Pages/ { print $2 }'; }
for most in 60:20 1000:40 100000:60; do
    n=${most%:*}
    check "$n agents as PDF" "$BUILD/tests/page_count" "$n" "$T/$n.pdf"
    check "$n agents: $(pages "$T/$n.pdf") pages, at most ${most#*:}" test "$(pages "$T/$n.pdf")" -le "${most#*:}"
done
pdftotext -layout "$T/1000.pdf" "$T/text"
check "a long table says how much of it is shown" grep -q '80 of 900 rows are shown' "$T/text"
check "the list of files is data" grep -q '1,000 rows, in the file' "$T/text"
mkdir "$T/in"
pdfdetach -saveall -o "$T/in" "$T/1000.pdf" >/dev/null 2>&1
check "every file received is attached" equal "$(($(wc -l <"$T/in/monthly.inputs.csv") - 1))" 1000
check "every score is attached" equal "$(grep -c '^2026' "$T/in/monthly.scoring.csv")" 900
for f in "$T"/in/*.csv; do
    check "the hash of $(basename "$f") is printed" grep -q "$(sha256sum "$f" | cut -d' ' -f1)" "$T/text"
done
done_tests
