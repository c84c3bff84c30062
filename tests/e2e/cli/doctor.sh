#!/usr/bin/env bash
# What the doctor finds around the program: rights, files that wait or were rejected, disks that are full, clocks that were set
# back; each with what to do.
. "$(dirname "$0")/../lib/lib.sh"
need jq setpriv
found() { jq -r --arg w "$1" '.checks[] | select(.what == $w) | "\(.ok) \(.text)"' "$T/out"; }
chmod 755 "$T"
check init status 0 assay init
check "all is well" status 0 assay doctor --json
check "nothing is found" equal "$(found rights)$(found rejected)$(found waiting)$(found clock)" ""
cp "$SRC/samples/xccdf/two-results.xml" "$T/spool/late.xml"
echo "no scan" >"$T/spool/bad.data"
check "a file is rejected" status 3 assay ingest --spool "$T/spool"
check "doctor" status 0 assay doctor --json
check "tells of rejected files and what to do" grep -q 'rejected: why stands beside each in NAME.reason' <<<"$(found rejected)"
cp "$SRC/samples/lynis/web01-report.dat" "$T/spool/"
check "files that wait for days, and no run" status 78 at "$(date -u -d '3 days' +%FT%TZ)" assay doctor --json
check "are told of" grep -q '^true 1 files wait .* the oldest for [23] days: is assay run' <<<"$(found waiting)"

# The clock: what was recorded lies ahead of it.
check "a record of tomorrow" status 0 at "$(date -u -d '1 day' +%FT%TZ)" assay agent add web09
check "the clock was set back" status 78 assay doctor --json
check "by how much" grep -qE '^false the newest record of the log was written 8[56][0-9]{3} seconds from now: .*NTP' <<<"$(found clock)"

# Another account.
if [ "$(id -u)" -eq 0 ]; then
    chmod 700 "$T/spool/web01-report.dat"; chmod 755 "$T/spool"
    as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    check "as somebody else" status 78 "${as[@]}" "$ASSAY" doctor --json
    check "who cannot read what waits" grep -q 'cannot read 1 of the files that wait, such as web01-report.dat' <<<"$(found rights)"
    check "nor write" grep -q "$T/spool: .* cannot write to it" <<<"$(found rights)"
    check "nor read the key" grep -qE 'sign.key|audit.key|state: .* cannot' <<<"$(found rights)"
    # A disk without room.
    if mkdir "$T/small" && mount -t tmpfs -o size=4m,nr_inodes=50 none "$T/small" 2>/dev/null; then
        at_end umount "$T/small"
        sed "s|^reports-dir.*|reports-dir = $T/small|" "$T/assay.conf" >"$T/small.conf"
        check "a small disk" status 78 env ASSAY_CONFIG="$T/small.conf" "$ASSAY" doctor --json
        check "megabytes" grep -q "^false $T/small: [0-4] MB are free: make room" <<<"$(found disk)"
        check "and names" grep -q "^false $T/small: the file system has room for [0-9]* more files" <<<"$(found disk)"
    fi
fi
done_tests
