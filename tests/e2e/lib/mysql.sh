#!/usr/bin/env bash
# MySQL of Debian unstable beside the installed MariaDB (their packages exclude each other), and Oracle's client library.
#   tests/e2e/lib/mysql.sh [FOLDER]         FOLDER is build/mysql of the project, when not given
# Gives:     FOLDER/mysqld and FOLDER/mysqldump with their own libraries and loader; FOLDER/data, the data of one that was just made
#            (lower_case_table_names = 1, root without a password); FOLDER/mysqlclient.pc, by which the program is
#            linked with Oracle's library (PKG_CONFIG_PATH=FOLDER, -DASSAY_MYSQL=mysql). Nothing is installed. Done once; two who want it at
#            the same time wait for each other.
# Needs:     apt-get and an archive that has unstable. Its list of packages is kept apart from that of the system.
# Cleans up: what it downloaded; FOLDER is for the next ones.
set -eu
to=${1:-$(cd "$(dirname "$0")/../../.." && pwd)/build/mysql}
. "$(dirname "$0")/apart.sh"
apart_begin "$to" sid
# Of what they depend on only the libraries.
apart_fetch '^(mysql-(server|client)-core|lib|zlib1g|openssl-provider)' mysql-server-core mysql-client-core libmysqlclient-dev
apart_lib
mkdir -p "$to/root/usr/sbin" "$to/root/usr/lib"
mv root/usr/sbin/mysqld root/usr/bin/mysqldump "$to/root/usr/sbin/"
mv root/usr/lib/mysql "$to/root/usr/lib/"
mv root/usr/share "$to/root/usr/"
mkdir "$to/root/usr/include"
mv root/usr/include/mysql "$to/root/usr/include/"
cat >"$to/mysqld" <<'RUN'
#!/bin/sh
# mysqld ARGUMENTS: the server
here=$(cd "$(dirname "$0")" && pwd)
exec "$here/loader" --library-path "$here/lib" "$here/root/usr/sbin/mysqld" --no-defaults --basedir="$here/root/usr" \
    --plugin-dir="$here/root/usr/lib/mysql/plugin" --lc-messages-dir="$here/root/usr/share/mysql" "$@"
RUN
cat >"$to/mysqldump" <<'RUN'
#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)
exec "$here/loader" --library-path "$here/lib" "$here/root/usr/sbin/mysqldump" "$@"
RUN
chmod +x "$to/mysqld" "$to/mysqldump"
# What is linked with the library runs with the loader and the libraries that it came with.
cat >"$to/mysqlclient.pc" <<PC
Name: mysqlclient
Description: libmysqlclient of Debian unstable, unpacked
Version: $(dpkg-deb -f debs/libmysqlclient-dev_*.deb Version | sed 's/-.*//')
Cflags: -I$to/root/usr/include/mysql -I$to/root/usr/include
Libs: -L$to/lib -lmysqlclient -Wl,--allow-shlib-undefined -Wl,--disable-new-dtags -Wl,-rpath,$to/lib -Wl,--dynamic-linker,$to/loader
PC
chmod -R go+rX "$to"
mapfile -t owner < <(apart_owner)
"$to/mysqld" "${owner[@]}" --initialize-insecure --datadir="$tmp/made/data" --lower-case-table-names=1 \
    --innodb-redo-log-capacity=8M --innodb-data-file-path=ibdata1:5M:autoextend >out 2>&1 || { tail -5 out >&2; exit 1; }
mv made/data "$to/data"
"$to/mysqld" --version
touch "$to/.unpacked"
