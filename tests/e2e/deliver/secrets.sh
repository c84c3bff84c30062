#!/usr/bin/env bash
# Every secret comes by the same three ways and under the same checks, also that of the database, which is set before there is one.
# Nobody sees one while it is used: not in the command line, the environment, a child, a core; nor afterwards in memory.
. "$(dirname "$0")/../lib/lib.sh"
need jq openssl python3 node mariadb mariadbd mariadb-install-db
ln -s "$(command -v openssl)" "$T/assay-openssl" # by that name its clock is moved, too
at 2026-01-01T00:00:00Z "$T/assay-openssl" req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9000 -keyout "$T/web.key" \
    -out "$T/web.pem" -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
. "$SRC/tests/e2e/lib/receivers.sh"
. "$SRC/tests/e2e/lib/server.sh"
. "$SRC/tests/e2e/lib/collector.sh"
. "$SRC/tests/e2e/lib/tsa.sh"
got=$T/door.got
mail=geheimes-Wort-4711 database=Datenbank-Wort-0815 token=B5A79AAD-D822-46CC-80D1-819F80D7BFB0 user=stempel:Uhren-Wort-2357
free_ports 1; silent=$port

# settings LINE…: these in the place of those of the same keys.
settings() {
    local line
    for line in "$@"; do grep -v "^${line%% =*} =" "$T/assay.conf" >"$T/conf"; { cat "$T/conf"; echo "$line"; } >"$T/assay.conf"; done
}
cat >>"$T/assay.conf" <<CONF
mail-server = smtps://localhost:$silent
mail-from = reports@example.test
mail-user = reports
mail-password-file = secret:mail
mail-ca = $T/web.pem
recipient = mail:anna@officers.test name=anna reports=hardening-monthly
CONF

# The password of the database, sealed while there is none; the log is told when there is one.
server_start
sql "CREATE USER assay@localhost IDENTIFIED BY '$database'; GRANT ALL ON assay.* TO assay@localhost" mysql
printf '[client]\nuser = assay\nsocket = %s\n' "$SOCKET" >"$T/my.cnf"
settings "database-password-file = secret:db"
server_stop
check "nobody knows it" status 78 assay init
check "it is a mistake of the settings" status 78 assay config check
check "which is said" says "database-password-file: no secret is called db (assay secret set)"
check "sealed without a database" status 0 assay secret set db <<<"$database"
check "the log is told later" says "the audit log is told by the next run that reaches the database"
check "one more" status 0 assay secret set gone <<<x
check "and away" status 0 assay secret rm gone
server_again
check init status 0 assay init
check "sealed" status 0 assay secret set mail <<<"$mail"
check "which is told at once" silent
"$ASSAY" audit export --quiet --format json -o "$T/log.json" --from 0 --no-record
check "each is told once, in order" equal "$(jq -r '.rec | select(.event | startswith("secret.")) | "\(.event) \(.object.id)"' "$T/log.json" | tr '\n' ' ')" \
    "secret.set db secret.set gone secret.remove gone secret.set mail "
check "and why it is late" grep -q 'when the database could not be reached' "$T/log.json"
check "a mistake is none any more" status 0 assay config check

# ---- the same ways and checks for all

mkdir "$T/credentials"
# ways NAME KEY SECRET COMMAND…: by each way the command works; {} in KEY is where the secret is.
ways() {
    local name=$1 key=$2 secret=$3 way
    shift 3
    (umask 077; printf '%s\nanother line\n' "$secret" >"$T/$name.secret"; printf '%s' "$secret" >"$T/credentials/$name")
    "$ASSAY" secret set "$name" <<<"$secret" >/dev/null 2>&1
    for way in "$T/$name.secret" "secret:$name" "credential:$name"; do
        settings "${key//\{\}/$way}"
        check "$name by $way" status 0 env CREDENTIALS_DIRECTORY="$T/credentials" "$@"
        check "$name by $way: the settings are right" status 0 env CREDENTIALS_DIRECTORY="$T/credentials" "$ASSAY" config check
    done
    check "$name: no credentials were handed over" status 78 "$@"
    check "$name: says so" says "systemd has handed over no credentials"
    settings "${key//\{\}/secret:nobody}"
    check "$name: missing" status 78 "$@"
    check "$name: says so" says "no secret is called nobody (assay secret set)"
    check "$name: a mistake of the settings" status 78 assay config check
    check "$name: says so" says "no secret is called nobody (assay secret set)"
    "$ASSAY" doctor >"$T/doctor" 2>&1
    check "$name: doctor tells" grep -q '^FAIL  secrets .*no secret is called nobody' "$T/doctor"
    settings "${key//\{\}/$T/$name.secret}"
    chmod 644 "$T/$name.secret"
    check "$name: others may read it" status 78 "$@"
    check "$name: says so" says "others may read it (chmod o= $T/$name.secret)"
    if [ "$(id -u)" -eq 0 ]; then
        chmod 600 "$T/$name.secret"; chown 65534 "$T/$name.secret"
        check "$name: of somebody else" status 78 "$@"
        check "$name: says so" says "$T/$name.secret belongs neither to root nor to this account"
        chown 65534 "$T/state"
        check "$name: of the account whose state folder it is" status 0 assay config check
        chown 0 "$T/state" "$T/$name.secret"
    fi
    chmod 640 "$T/$name.secret"
    : >"$T/empty"; chmod 600 "$T/empty"
    settings "${key//\{\}/$T/empty}"
    check "$name: empty" status 78 "$@"
    check "$name: says so" says "$T/empty: its first line is empty"
    settings "${key//\{\}/$T/$name.secret}"
    check "$name: the group may" status 0 "$@"
}
ways db 'database-password-file = {}' "$database" "$ASSAY" audit verify --no-record
printf '[client]\nuser = assay\nsocket = %s\npassword = "wrong"\n' "$SOCKET" >"$T/my.cnf"
check "it goes before the option file's" status 0 assay audit verify --no-record
settings "database-password-file ="
check "which is wrong" status 78 assay audit verify --no-record
check "as the server says" says "Access denied for user"
printf '[client]\nuser = assay\nsocket = %s\npassword = "%s"\n' "$SOCKET" "$database" >"$T/my.cnf"
check "right there it works as ever" status 0 assay audit verify --no-record
printf '[client]\nuser = assay\nsocket = %s\n' "$SOCKET" >"$T/my.cnf"
settings "database-password-file = secret:db"

check "something to send" status 0 assay ingest "$SRC/samples/lynis"
export TOKEN="Splunk $token"
door splunk
ways token "export = json:splunk+http://127.0.0.1:$door_port name=hec token-file={}" "$token" "$ASSAY" audit export --target hec
check "by which it came" test -s "$got"
close_door
unset TOKEN
grep -v '^export =' "$T/assay.conf" >"$T/conf"; cp "$T/conf" "$T/assay.conf"

settings "tsa-url = $url" "tsa-ca = $A/tsa.pem"
ways tsa 'tsa-user-file = {}' "$user" "$ASSAY" audit anchor
check "by which it asked" equal "$(grep -c "Basic $(printf %s "$user" | base64)" "$A/log")" "$(grep -c 'timestamp-query' "$A/log")"
check "four times" equal "$(grep -c 'timestamp-query' "$A/log")" 4

# ---- seen by nobody

looked_at() {
    local name=$1 kind=$2 secret=$3
    shift 3
    check "$name: it is looked at" status 0 python3 "$SRC/tests/e2e/deliver/secrets.py" "$kind" "$silent" "$secret" "$T" "$database" "$@"
    check "$name: nothing is seen" says "nothing is seen"
}
bash "$SRC/scripts/make-fleet" --agents 2 --weeks 6 --groups 1 --out "$T/spool" --seed 9 --end "$(date -d '-1 day' +%F)" >/dev/null
"$ASSAY" ingest "$T/spool" >/dev/null 2>&1
check "a report for her" status 0 assay report hardening-monthly --period last-month --deliver
cp "$T/my.cnf" "$T/my.bare"
for way in option-file "$T/db.secret" secret:db; do
    cp "$T/my.bare" "$T/my.cnf"
    [ "$way" != option-file ] || echo "password = $database" >>"$T/my.cnf"
    settings "database-password-file = ${way#option-file}"
    looked_at "mail, the database by $way" mail "$mail" "$ASSAY" outbox send
    "$ASSAY" outbox retry "$("$ASSAY" outbox list --json | jq -r '.[0].id')" >/dev/null 2>&1
done
settings "tsa-url = http://127.0.0.1:$silent/" "tsa-user-file = secret:tsa"
looked_at "time stamp" basic "$user" "$ASSAY" audit anchor
looked_at token http "$token" "$ASSAY" audit export --test -f json --option token-file=secret:token -o "splunk+http://127.0.0.1:$silent"
check "the log" status 0 assay audit export --format json -o "$T/log.json" --from 0
check "nor in what is kept" fails grep -rqE "$mail|$database|$token|$user" "$T/log.json" "$T/state" "$T/scheduled"
done_tests
