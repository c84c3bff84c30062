#!/usr/bin/env bash
# MariaDB of a release of Debian beside the installed one, with what a node of a Galera cluster needs.
#   tests/e2e/lib/mariadb.sh SUITE [FOLDER]     bookworm (10.11) or trixie (11.8); FOLDER is build/mariadb-SUITE of the project,
#                                               when not given
# Gives:     FOLDER/usr/sbin/mariadbd, FOLDER/usr/bin/{mariadb,mariadb-dump,mariadb-install-db,…} with their own libraries and
#            loader; FOLDER/galera.so, the provider; FOLDER/data, the data of one that was just made (root without a password).
#            Nothing is installed. Done once; two who want it at the same time wait for each other.
# Needs:     apt-get and an archive that has the release. Its list of packages is kept apart from that of the system.
# Cleans up: what it downloaded; FOLDER is for the next ones.
set -eu
suite=$1
to=${2:-$(cd "$(dirname "$0")/../../.." && pwd)/build/mariadb-$suite}
. "$(dirname "$0")/apart.sh"
apart_begin "$to" "$suite" "$suite-security"
apart_fetch '^(mariadb-(server|client|backup)|galera-4$|lib|zlib1g)' mariadb-server galera-4 mariadb-backup
apart_lib
mv root/usr "$to"
# Programs that are called by their names, by each other as well.
mkdir "$to/programs"
for p in sbin/mariadbd bin/my_print_defaults bin/resolveip bin/mariadb bin/mariadb-dump bin/mariadb-backup; do
    mv "$to/usr/$p" "$to/programs/"
    cat >"$to/usr/$p" <<RUN
#!/bin/sh
here=\$(cd "\$(dirname "\$0")/../.." && pwd)
exec "\$here/loader" --library-path "\$here/lib" "\$here/programs/${p##*/}" "\$@"
RUN
    chmod +x "$to/usr/$p"
done
cp "$(find "$to/usr/lib" -name libgalera_smm.so | head -1)" "$to/galera.so"
chmod -R go+rX "$to"
mapfile -t owner < <(apart_owner)
PATH=$to/usr/bin:$to/usr/sbin:$PATH "$to/usr/bin/mariadb-install-db" --no-defaults "${owner[@]}" --basedir="$to/usr" --datadir="$tmp/made/data" \
    --auth-root-authentication-method=normal --skip-test-db --skip-name-resolve --innodb-log-file-size=8M >out 2>&1 || { tail -20 out >&2; exit 1; }
mv made/data "$to/data"
"$to/usr/sbin/mariadbd" --no-defaults --version
touch "$to/.unpacked"
