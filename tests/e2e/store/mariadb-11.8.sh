#!/usr/bin/env bash
# MariaDB 11.8 of Debian 13, unpacked beside the installed one: all that mysql.sh asks of a MySQL.
: "${SRC:?name the project root}"
[ "${ASSAY_LONG-no}" = yes ] || { echo "skipped: another MariaDB is for --long"; exit 77; }
SERVER=trixie exec bash "$SRC/tests/e2e/store/mysql.sh"
