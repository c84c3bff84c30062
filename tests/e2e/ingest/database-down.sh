#!/usr/bin/env bash
# A database that cannot be reached: exit 69, and the spool is left as it was.
. "$(dirname "$0")/../lib/lib.sh"
S=$T/spool; mkdir -p "$S"
cp "$SRC"/samples/lynis/*.dat "$S/"
before=$(cd "$S" && sha256sum ./*.dat)
printf '[client]\nhost=127.0.0.1\nport=1\nuser=assay\nssl-ca=/etc/ssl/certs/ca-certificates.crt\n' >"$T/my.cnf"
chmod 600 "$T/my.cnf"
printf 'state-dir = %s/state\nspool-dir = %s\noption-file = %s\ndatabase-wait = 1\n' "$T" "$S" "$T/my.cnf" >"$T/assay.conf"
check "ingest says 69" status 69 assay ingest --spool "$S"
check "in plain words, and how long it waited" says "waited 1 s (database-wait): database: Can't connect to server"
check "spool untouched" equal "$(cd "$S" && sha256sum ./*.dat)" "$before"
check "run says 69" status 69 assay run
check "spool untouched by run" equal "$(cd "$S" && sha256sum ./*.dat)" "$before"
chmod 644 "$T/my.cnf"
check "a readable option file is refused" status 78 assay ingest --spool "$S"
check "names the file" says "my.cnf"
done_tests
