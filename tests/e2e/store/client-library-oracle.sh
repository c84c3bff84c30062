#!/usr/bin/env bash
# Oracle's libmysqlclient in the place of MariaDB's library: the room that talks to it builds without a warning, and under
# ASSAY_LONG the whole program, which does with a real MySQL all that store/mysql asks of the other one.
. "$(dirname "$0")/../lib/lib.sh"
need cmake
MYSQL=$SRC/build/mysql
bash "$SRC/tests/e2e/lib/mysql.sh" "$MYSQL" >"$T/mysql.out" 2>&1 || skip "libmysqlclient cannot be had: $(tail -1 "$T/mysql.out")"
O=${BUILD:?the build folder}/oracle
configure() {
    PKG_CONFIG_PATH=$MYSQL cmake -S "$SRC" -B "$O" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DASSAY_WERROR=ON -DASSAY_MYSQL=mysql \
        -DBUILD_TESTING=OFF
}
build() { cmake --build "$O" --target "$@" -j2; }
check "configured for it" status 0 configure
check "the room builds" status 0 build room_store || tail -30 "$T/out" >&2
[ "${ASSAY_LONG-no}" = yes ] || done_tests || exit 1
[ "${ASSAY_LONG-no}" = yes ] || exit 0
check "the program builds" status 0 build assay assay-parser || tail -30 "$T/out" >&2
check "all that store/mysql asks" status 0 env ASSAY="$O/assay" ASSAY_MYSQL=mysql BUILD="$BUILD" SRC="$SRC" bash "$SRC/tests/e2e/store/mysql.sh" || cat "$T/out" >&2
done_tests
