#!/usr/bin/env bash
# MariaDB 11.8 of Debian 13, unpacked beside the installed one: all that mysql.sh and retention-servers.sh ask of a MySQL.
: "${SRC:?name the project root}"
[ "${ASSAY_LONG-no}" = yes ] || { echo "skipped: another MariaDB is for --long"; exit 77; }
worst=0
for test in mysql retention-servers; do
    rc=0
    SERVER=trixie bash "$SRC/tests/e2e/store/$test.sh" || rc=$?
    [ $rc -le $worst ] || worst=$rc
done
exit $worst
