#!/usr/bin/env bash
# A real MySQL, and everything that it does otherwise than MariaDB: TLS 1.3 with its own certificates, caching_sha2_password,
# quotes and backslashes of other modes, keys that every table must have, small packets, names in small letters; and that it
# is killed while it works. mariadb-11.8.sh asks the same of a MariaDB (SERVER).
. "$(dirname "$0")/../lib/lib.sh"
need jq openssl
. "$SRC/tests/e2e/lib/mysql-server.sh"
modes=ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT,IGNORE_SPACE,STRICT_TRANS_TABLES,ONLY_FULL_GROUP_BY
if [ "$SERVER" = mysql ]; then
    product=MySQL plugin=caching_sha2_password want_keys=--sql-require-primary-key=ON to=TO
else
    product=MariaDB plugin=mysql_native_password want_keys=--innodb-force-primary-key=ON to=FOR
fi
check "a server" mysql_start --sql-mode=$modes $want_keys --max-allowed-packet=1M --require-secure-transport=ON
sql "CREATE DATABASE assay DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin; CREATE USER boss IDENTIFIED BY 'secret' REQUIRE SSL;
    GRANT ALL ON assay.* TO boss" mysql
equal "$(sql "SELECT plugin FROM user WHERE user = 'boss'" mysql)" $plugin || exit 1

# ---- whom it is
mysql_use boss secret "ssl-ca = $CA"
check "its certificate has no name" status 78 assay init
check "and what helps is said" says "say ssl-verify = ca"
openssl req -x509 -newkey ed25519 -nodes -keyout "$T/k" -out "$T/other.pem" -days 3 -subj /CN=x 2>/dev/null
mysql_use boss secret "ssl-ca = $T/other.pem" "ssl-verify = ca"
check "another authority is not taken" status 78 assay init
check "and what helps is said, too" says "ssl-ca is not the authority of the server's certificate"
# ASSAY_MYSQL=mysql: the program is linked with Oracle's library (client-library-oracle.sh), which knows no fingerprints.
if [ "${ASSAY_MYSQL-}" = mysql ]; then
    mysql_use boss secret "ssl-fingerprint = $(printf '0%.0s' {1..40})"
    check "which its library does not know" status 78 assay init
    check "what it knows is said" says "knows no fingerprints: use ssl-verify = ca"
    mysql_use boss secret "ssl-ca = $CA" "ssl-verify = ca"
    check init status 0 assay init
else
print=$(openssl x509 -in "$D/server-cert.pem" -noout -fingerprint -sha1 | cut -d= -f2)
mysql_use boss secret "ssl-fingerprint = ${print%??}00"
check "nor another fingerprint" status 78 assay init
check "which is said" says "another certificate than the one of ssl-fingerprint"
mysql_use boss secret "ssl-fingerprint = $print"
check "its own is" status 0 assay init
fi
mysql_use boss secret "ssl-ca = $CA" "ssl-verify = ca"
check "and its authority" status 0 assay doctor
check "over TLS 1.3" grep -q "database.*$product.*TLS.* TLS_.* verified by its authority alone" "$T/out"
check "the schema is as it must be" grep -q "^ok    schema" "$T/out"

# ---- killed while two take files in
S=$T/spool; mkdir -p "$S"
mkdir "$T/in"; cp -r "$SRC"/samples/{lynis,stig,xccdf,pandora,nessus} "$T/in"
"$ASSAY" ingest -j1 "$T/in" >"$T/one" 2>&1 & one=$!
"$ASSAY" ingest -j1 "$T/in" >"$T/two" 2>&1 & two=$!
has_scans() { [ "$(sql "SELECT COUNT(*) > $1 FROM scan")" = 1 ]; }
wait_for "the first scans" 60 has_scans 0
mysql_kill; mysql_again
wait "$one"; check "one ends well" equal $? 0 || cat "$T/one"
wait "$two"; check "the other, too" equal $? 0 || cat "$T/two"
check "nothing is lost" status 0 assay ingest -v --read-all "$T/in"
check "nothing is new" says "0 new scans"

# ---- one that stays: the server goes while nothing happens, is away for a while, and comes back
"$ASSAY" ingest --watch --spool "$S" 2>"$T/watch" & watch=$!
cp "$SRC/samples/stig/web01.ckl" "$S/a.ckl"
is_done() { [ -e "$S/done/$1" ] || compgen -G "$S/done/*/$1" >/dev/null; }
wait_for "the first file" 60 is_done a.ckl
mysql_kill
sed 's/web01/web02/g' "$SRC/samples/stig/web01.ckl" >"$S/b.ckl"
wait_for "the word that it waits" 60 grep -q "the database is away, waiting for it for as long as it takes" "$T/watch"
mysql_again
wait_for "the second file" 120 is_done b.ckl
check "the watch lives" kill -0 "$watch"
check "it was said once" equal "$(grep -c "is away" "$T/watch")" 1 || cat "$T/watch"
sql "KILL $(sql "SELECT MAX(id) FROM information_schema.processlist WHERE user = 'boss'")"
sed 's/web01/web03/g' "$SRC/samples/stig/web01.ckl" >"$S/c.ckl"
wait_for "the third file, over a connection that was killed" 120 is_done c.ckl
kill "$watch"; wait "$watch" 2>/dev/null

# ---- what is in it
check "a report" status 0 assay report hardening-executive --allow-empty --output "$T/r"
check "which holds" status 0 assay verify "$T/r"
check "the log and the tables hold" status 0 assay audit verify
check "all records leave" status 0 assay audit export -o "$T/log.jsonl"
check "as many as there are" equal "$(wc -l <"$T/log.jsonl")" "$(sql 'SELECT MAX(seq) FROM audit_log')"
for v in $(sql "SELECT table_name FROM information_schema.views WHERE table_schema = 'assay'"); do
    check "the view $v" sql "SELECT * FROM $v ORDER BY 1 LIMIT 3" >/dev/null
done
check "views are of a collation that every server knows" equal \
    "$(sql "SELECT DISTINCT collation_connection FROM information_schema.views WHERE table_schema = 'assay'")" utf8mb4_general_ci
check "scores add up" equal "$(sql 'SELECT COUNT(*) FROM v_scores')" "$(sql 'SELECT COUNT(*) FROM scan')"

# ---- a packet that is too small costs the file that needs more, and it is said what to set
check "doctor says it of one of 1 MB" status 0 assay doctor
check "with what to set" says "max_allowed_packet is 1024 kB: a file that needs a larger statement is refused; set max_allowed_packet = 64M"
sql "SET GLOBAL max_allowed_packet = 16384" mysql
mkdir "$T/large"
for n in 1 2 3; do sed "s/web01/small$n/g" "$SRC/samples/stig/web01.ckl" >"$T/large/$n.ckl"; done
long=$(printf 'x%.0s' {1..30000})
sed "s/web01/large/g; s/permitrootlogin yes/permitrootlogin $long/" "$SRC/samples/stig/web01.ckl" >"$T/large/2a.ckl"
check "three of four are stored" status 3 assay ingest -v "$T/large"
check "one is refused" says "4 files: 3 stored, 0 known already, 0 hold nothing to store, 1 rejected"
check "which is named, with what to set" says "rejected: 2a.ckl: the database takes no statement of more than 15360 bytes, and this needs one (bulk_evidence): set max_allowed_packet = 64M, or more, on the server"
sql "SET GLOBAL max_allowed_packet = 67108864" mysql
check "with it the file is stored" status 0 assay ingest --read-all -v "$T/large"
check "as the only one" says "4 files: 1 stored, 3 known already"

# ---- roles
check "the grants" status 0 assay init --grants
sql "$(cat "$T/out")" mysql
for role in run report siem; do
    sql "CREATE USER the_$role IDENTIFIED BY 'secret' REQUIRE SSL; GRANT assay_$role TO the_$role; SET DEFAULT ROLE assay_$role $to the_$role" mysql
done
mysql_use the_run secret "ssl-ca = $CA" "ssl-verify = ca"
check "assay_run takes in" status 0 assay ingest "$SRC/samples/kube-bench"
check "and runs" status 0 assay run
check "and prunes nothing" status 78 assay audit prune --before 2020-01-01 --force

# ---- to a MariaDB and back
figures() { assay audit verify --no-record --json "$@" | jq -c '{facts,scans,revisions,inputs,agents,policies,enrolled,runs,cursors,detail_sets,evidence}'; }
want=$(figures)
check "and copies all" status 0 assay backup "$T"
copy=$(cat "$T/out")
cp "$T/assay.conf" "$T/mysql.conf"
sed -i '/^option-file/d' "$T/assay.conf"
check "into the private server" status 0 assay restore --state-dir "$T/maria" "$copy"
check "where all is the same" equal "$(figures --state-dir "$T/maria")" "$want"
sql "CREATE DATABASE two; GRANT ALL ON two.* TO boss" mysql
cp "$T/mysql.conf" "$T/assay.conf"
mysql_use boss secret "ssl-ca = $CA" "ssl-verify = ca"
cp "$T/assay.conf" "$T/mysql.conf"
sed -i '/^option-file/d' "$T/assay.conf"
assay backup --state-dir "$T/maria" - >"$T/copy"; check "and back" equal $? 0
{ cat "$T/mysql.conf"; echo "database = two"; } >"$T/assay.conf"
check "into MySQL" status 0 assay restore --state-dir "$T/of-two" "$T/copy"
check "where all is the same, too" equal "$(figures --state-dir "$T/of-two")" "$want"
check "which has no difference to a database made there" status 0 assay audit verify --state-dir "$T/of-two"
cp "$T/mysql.conf" "$T/assay.conf"
mysql_use the_report secret "ssl-ca = $CA" "ssl-verify = ca"
check "assay_report verifies" status 0 assay audit verify
check "and takes nothing in" status 78 assay ingest "$SRC/samples/docker-bench"
mysql_use the_siem secret "ssl-ca = $CA" "ssl-verify = ca"
check "assay_siem does nothing with assay" fails assay audit verify
done_tests
