# A database server of the test's own, which stays while the test runs. Sourced behind lib.sh.
# Gives:     server_start, server_stop, server_again; sql; $SOCKET and $PORT of it. The program uses it from then on (option-file), by the socket.
# Needs:     mariadb, mariadbd, mariadb-install-db; $server_options, when there is more to say to the server. Benchmarks source
#            it, too: then SRC, T and wait.sh are theirs.
# Cleans up: lib.sh ends what runs in the background; its folder goes with $T.
# shellcheck shell=bash

SOCKET=$T/server/s.sock PORT=''
server_options=(--innodb-log-file-size=32M)
server_owner=() server_net=()
# server_again: starts it on the data that are there.
server_again() {
    # In a folder that servers share, one that starts takes the temporary tables of the others away.
    mariadbd --no-defaults "${server_owner[@]}" --datadir="$T/server" --tmpdir="$T/server" --socket="$SOCKET" --pid-file="$T/server/pid" \
        "${server_net[@]}" "${server_options[@]}" --innodb-flush-log-at-trx-commit=0 --skip-innodb-doublewrite --performance-schema=0 \
        >>"$T/server.log" 2>&1 &
    wait_for "the server" 120 mariadb --no-defaults -S "$SOCKET" -u root -e 'SELECT 1' || { cat "$T/server.log" >&2; return 1; }
}
# server_stop: in order, so that nothing that was committed is lost.
server_stop() {
    local pid
    pid=$(cat "$T/server/pid")
    kill -TERM "$pid"
    wait "$pid" 2>/dev/null
}
# server_start [PORT]: with a port it listens on 127.0.0.1, too. Durability is not what is tested: it need not wait for disks.
server_start() {
    local who
    server_net=(--skip-networking)
    mkdir "$T/server"
    if [ "$(id -u)" -eq 0 ]; then
        chmod 755 "$T"
        for who in mysql nobody; do id "$who" >/dev/null 2>&1 && break; done
        chown "$who" "$T/server"; server_owner=(--user="$who")
    fi
    PORT=${1-}
    [ -z "$PORT" ] || server_net=(--bind-address=127.0.0.1 --port="$PORT" --skip-name-resolve)
    mariadb-install-db --no-defaults "${server_owner[@]}" --datadir="$T/server" --tmpdir="$T/server" --auth-root-authentication-method=normal --skip-test-db \
        >"$T/install.log" 2>&1 || { cat "$T/install.log" >&2; return 1; }
    server_again || return 1
    printf '[client]\nuser = root\nsocket = %s\n' "$SOCKET" >"$T/my.cnf"
    chmod 600 "$T/my.cnf"
    echo "option-file = $T/my.cnf" >>"$T/assay.conf"
}
# sql STATEMENTS [DATABASE]: rows without heads, tabs between columns.
sql() { printf '%s' "$1" | mariadb --no-defaults -S "$SOCKET" -u root -N -r "${2-assay}"; }
