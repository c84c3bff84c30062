#!/usr/bin/env bash
# Nobody sees a secret while it is used: not in the command line, the environment, a child, nor in a core.
. "$(dirname "$0")/../lib/lib.sh"
need jq openssl python3
ln -s "$(command -v openssl)" "$T/assay-openssl" # by that name its clock is moved, too
at 2026-01-01T00:00:00Z "$T/assay-openssl" req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9000 -keyout "$T/web.key" \
    -out "$T/web.pem" -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
. "$SRC/tests/e2e/lib/receivers.sh"
free_ports 1; echo "$port" >"$T/silent.port"
cat >>"$T/assay.conf" <<CONF
mail-server = smtps://localhost:$(cat "$T/silent.port")
mail-from = reports@example.test
mail-user = reports
mail-password-file = secret:mail
mail-ca = $T/web.pem
recipient = mail:anna@officers.test name=anna reports=hardening-monthly
CONF
check init status 0 assay init
check "sealed" status 0 assay secret set mail <<<'geheimes-Wort-4711'
bash "$SRC/scripts/make-fleet" --agents 2 --weeks 6 --groups 1 --out "$T/spool" --seed 9 --end "$(date -d '-1 day' +%F)" >/dev/null
"$ASSAY" ingest "$T/spool" >/dev/null 2>&1
check "a report for her" status 0 assay report hardening-monthly --period last-month --deliver
check "it is looked at" status 0 python3 "$SRC/tests/e2e/deliver/secrets.py" "$ASSAY" geheimes-Wort-4711 "$T"
check "nothing is seen" says "nothing is seen"
check "the log" status 0 assay audit export --format json -o "$T/log.json" --from 0
check "nor in what is kept" fails grep -rq 'geheimes-Wort' "$T/log.json" "$T/state" "$T/scheduled"
done_tests
