# The embedded database, asked behind the program's back. Sourced behind lib.sh.
# Gives:     sql; settle: the program's own server has ended; keep and back: the state as it was; attack.
# Needs:     mariadb, mariadbd, pgrep. No assay may run meanwhile.
# Cleans up: every server it starts ends with its statements; $T/kept goes with $T.
# shellcheck shell=bash

# sql STATEMENTS: rows without heads, tabs between columns.
sql() {
    local data=$T/state/db/data sock=$T/sql.sock pid
    mariadbd --no-defaults --user="$(stat -c %U "$data")" --datadir="$data" --socket="$sock" --pid-file="$T/sql.pid" \
        --tmpdir="$data" --skip-networking --innodb-log-file-size=32M --innodb-autoextend-increment=8 >"$T/sql.log" 2>&1 &
    pid=$!
    wait_for "the server" 60 mariadb --no-defaults -S "$sock" -e 'SELECT 1' || { cat "$T/sql.log" >&2; return 1; }
    printf "%s" "$1" | mariadb --no-defaults -S "$sock" -N -r assay
    kill "$pid"; wait "$pid" 2>/dev/null || true
}
# The server of the last command has gone: its folder may be copied.
settle() { wait_for "the end of the server" 60 fails pgrep -f "datadir=$T/state/db"; }
keep() { settle; rm -rf "$T/kept"; cp -a "$T/state" "$T/kept"; }
back() { settle; rm -rf "$T/state"; cp -a "$T/kept" "$T/state"; }
# attack NAME STATEMENTS WORDS [ARGS…]: the log verifies before and not after, with these words.
attack() {
    local name=$1 statements=$2 words=$3; shift 3
    settle
    sql "$statements" || echo "FAILED: $name: sql" >&2
    check "$name: noticed" status 2 assay audit verify "$@"
    check "$name: and named" says "$words"
    back
}
