# A MySQL of the test's own, or with SERVER=SUITE the MariaDB of that release of Debian, which listens on 127.0.0.1 with TLS 1.3 and
# certificates that name no host. Sourced behind lib.sh.
# Gives:     mysql_start [OPTION…], mysql_kill, mysql_again; sql; $PORT, $SOCKET and $CA (the authority of its certificate).
#            The program uses it from mysql_use on, or from mysql_use_socket on, as root.
# Needs:     what lib/mysql.sh or lib/mariadb.sh unpacks; the test is skipped by that name where it cannot be had. The mariadb client, with its
#            plug-in for caching_sha2_password.
# Cleans up: lib.sh ends what runs in the background; its folder goes with $T.
# shellcheck shell=bash

need mariadb
SERVER=${SERVER-mysql} MYSQL=$SRC/build/mysql
if [ "$SERVER" = mysql ]; then
    bash "$SRC/tests/e2e/lib/mysql.sh" "$MYSQL" >"$T/mysql.out" 2>&1 || skip "MySQL of Debian unstable cannot be had: $(tail -1 "$T/mysql.out")"
    mysql_command=("$MYSQL/mysqld")
    mysql_own=(--mysqlx=OFF --secure-file-priv=NULL --innodb-doublewrite=OFF)
else
    need openssl
    MYSQL=$SRC/build/mariadb-$SERVER
    bash "$SRC/tests/e2e/lib/mariadb.sh" "$SERVER" "$MYSQL" >"$T/mysql.out" 2>&1 || skip "MariaDB of Debian $SERVER cannot be had: $(tail -1 "$T/mysql.out")"
    mysql_command=("$MYSQL/usr/sbin/mariadbd" --no-defaults --basedir="$MYSQL/usr" --plugin-dir="$MYSQL/usr/lib/mysql/plugin")
    mysql_own=(--tmpdir="$T/mysql" --skip-innodb-doublewrite --ssl-ca="$T/mysql/ca.pem" --ssl-cert="$T/mysql/server-cert.pem" --ssl-key="$T/mysql/server-key.pem")
fi
D=$T/mysql SOCKET=$T/mysql/s.sock CA=$T/mysql-ca.pem
. "$SRC/tests/e2e/lib/receivers.sh"
free_ports 1; PORT=$port
mysql_options=() mysql_pid=''

sql() { printf '%s' "$1" | mariadb --no-defaults -S "$SOCKET" -u root -N -r "${2-assay}"; }

# mysql_again: starts it on the data that are there.
mysql_again() {
    local owner=()
    [ "$(id -u)" -ne 0 ] || owner=(--user=nobody)
    "${mysql_command[@]}" "${owner[@]}" --datadir="$D" --socket="$SOCKET" --pid-file="$D/pid" --lower-case-table-names=1 \
        --bind-address=127.0.0.1 --port="$PORT" --tls-version=TLSv1.3 --innodb-flush-log-at-trx-commit=2 \
        --skip-log-bin --performance-schema=OFF --innodb-buffer-pool-size=64M --skip-name-resolve \
        "${mysql_own[@]}" "${mysql_options[@]}" >>"$T/mysql.log" 2>&1 &
    mysql_pid=$!
}
mysql_is_up() { sql 'SELECT 1' mysql; }
mysql_has_settled() { mysql_is_up || ! kill -0 "$mysql_pid"; }
# mysql_start OPTION…: with these options, now and whenever it is started again.
mysql_start() {
    mysql_options=("$@")
    cp -a "$MYSQL/data" "$D"
    [ "$SERVER" = mysql ] || certificates
    cp "$D/ca.pem" "$CA"
    if [ "$(id -u)" -eq 0 ]; then chmod 755 "$T"; chown -R nobody "$D"; fi
    chmod 755 "$D"
    mysql_again
    wait_for "the server, or its end" 120 mysql_has_settled
    mysql_is_up >/dev/null || { tail -20 "$T/mysql.log" >&2; return 1; }
}
# certificates: such as a MySQL makes itself.
certificates() {
    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$D/ca-key.pem" -out "$D/ca.pem" -days 3 -subj /CN=Auto_CA
    openssl req -newkey rsa:2048 -nodes -keyout "$D/server-key.pem" -out "$T/csr" -subj /CN=Auto_Server
    openssl x509 -req -in "$T/csr" -CA "$D/ca.pem" -CAkey "$D/ca-key.pem" -CAcreateserial -days 3 -out "$D/server-cert.pem"
} 2>"$T/openssl.out"
mysql_kill() { kill -KILL "$mysql_pid"; wait "$mysql_pid" 2>/dev/null; }
mysql_use_socket() { use_lines '[client]' 'user = root' "socket = $SOCKET"; }
# mysql_use ACCOUNT PASSWORD [LINE…]: lines of the group [assay].
mysql_use() {
    local who=$1 password=$2; shift 2
    use_lines '[client]' 'host = 127.0.0.1' "port = $PORT" "user = $who" "password = $password" '[assay]' "$@"
}
use_lines() {
    printf '%s\n' "$@" >"$T/my.cnf"
    chmod 600 "$T/my.cnf"
    sed -i '/^option-file/d' "$T/assay.conf"
    echo "option-file = $T/my.cnf" >>"$T/assay.conf"
}
