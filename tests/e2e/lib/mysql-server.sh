# A MySQL of the test's own, which listens on 127.0.0.1 with TLS 1.3 and the certificates that it made itself. Sourced behind
# lib.sh.
# Gives:     mysql_start [OPTION…], mysql_kill, mysql_again; sql; $PORT, $SOCKET and $CA (the authority of its certificate).
#            The program uses it from mysql_use on.
# Needs:     what lib/mysql.sh unpacks; the test is skipped by that name where it cannot be had. The mariadb client, with its
#            plug-in for caching_sha2_password.
# Cleans up: lib.sh ends what runs in the background; its folder goes with $T.
# shellcheck shell=bash

need mariadb
MYSQL=$SRC/build/mysql
bash "$SRC/tests/e2e/lib/mysql.sh" "$MYSQL" >"$T/mysql.out" 2>&1 || skip "MySQL of Debian unstable cannot be had: $(tail -1 "$T/mysql.out")"
D=$T/mysql SOCKET=$T/mysql/s.sock CA=$T/mysql-ca.pem
. "$SRC/tests/e2e/lib/receivers.sh"
free_ports 1; PORT=$port
mysql_options=() mysql_pid=''

sql() { printf '%s' "$1" | mariadb --no-defaults -S "$SOCKET" -u root -N -r "${2-assay}"; }

# mysql_again: starts it on the data that are there.
mysql_again() {
    local owner=()
    [ "$(id -u)" -ne 0 ] || owner=(--user=nobody)
    "$MYSQL/mysqld" "${owner[@]}" --datadir="$D" --socket="$SOCKET" --pid-file="$D/pid" --lower-case-table-names=1 \
        --bind-address=127.0.0.1 --port="$PORT" --mysqlx=OFF --tls-version=TLSv1.3 --innodb-flush-log-at-trx-commit=2 \
        --innodb-doublewrite=OFF --skip-log-bin --performance-schema=OFF --innodb-buffer-pool-size=64M --skip-name-resolve --secure-file-priv=NULL \
        "${mysql_options[@]}" >>"$T/mysql.log" 2>&1 &
    mysql_pid=$!
}
mysql_is_up() { sql 'SELECT 1' mysql; }
mysql_has_settled() { mysql_is_up || ! kill -0 "$mysql_pid"; }
# mysql_start OPTION…: with these options, now and whenever it is started again.
mysql_start() {
    mysql_options=("$@")
    cp -a "$MYSQL/data" "$D"
    cp "$D/ca.pem" "$CA"
    if [ "$(id -u)" -eq 0 ]; then chmod 755 "$T"; chown -R nobody "$D"; fi
    chmod 755 "$D"
    mysql_again
    wait_for "MySQL, or its end" 120 mysql_has_settled
    mysql_is_up || { tail -20 "$T/mysql.log" >&2; return 1; }
}
mysql_kill() { kill -KILL "$mysql_pid"; wait "$mysql_pid" 2>/dev/null; }
# mysql_use ACCOUNT PASSWORD [LINE…]: lines of the group [assay].
mysql_use() {
    local who=$1 password=$2; shift 2
    { printf '[client]\nhost = 127.0.0.1\nport = %s\nuser = %s\npassword = %s\n[assay]\n' "$PORT" "$who" "$password"; printf '%s\n' "$@"; } >"$T/my.cnf"
    chmod 600 "$T/my.cnf"
    sed -i '/^option-file/d' "$T/assay.conf"
    echo "option-file = $T/my.cnf" >>"$T/assay.conf"
}
