#!/usr/bin/env bash
# MySQL of Debian unstable beside the installed MariaDB (their packages exclude each other), and Oracle's client library.
#   tests/e2e/lib/mysql.sh [FOLDER]         FOLDER is build/mysql of the project, when not given
# Gives:     FOLDER/mysqld, the server with its own libraries and loader; FOLDER/data, the data of one that was just made
#            (lower_case_table_names = 1, root without a password); FOLDER/mysqlclient.pc, by which the program is
#            linked with Oracle's library (PKG_CONFIG_PATH=FOLDER, -DASSAY_MYSQL=mysql). Nothing is installed. Done once; two who want it at
#            the same time wait for each other.
# Needs:     apt-get and an archive that has unstable. Its list of packages is kept apart from that of the system.
# Cleans up: what it downloaded; FOLDER is for the next ones.
set -eu
to=${1:-$(cd "$(dirname "$0")/../../.." && pwd)/build/mysql}
[ ! -e "$to/.complete" ] || exit 0
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || { echo "no Debian packages here" >&2; exit 1; }
keys=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e "$keys" ] || { echo "no keys of Debian's archive here" >&2; exit 1; }
mkdir -p "$(dirname "$to")"
exec 9>"$to.lock" # two tests may want it at the same time
flock 9
[ ! -e "$to/.complete" ] || exit 0
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
mkdir -p lists/partial cache/archives/partial debs root
# The archive that this machine has its own packages from.
# shellcheck disable=SC2016
archive=$(apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' 'Created-By: Packages' |
    awk '$1 == "Debian" && $2 == "Debian" { print $3; exit }')
[ -n "$archive" ] || { echo "apt knows no archive of Debian here" >&2; exit 1; }
echo "deb [signed-by=$keys] $archive sid main" >sources.list
: >status
# apart ARGUMENTS of apt-get: which knows nothing of what is installed here, and leaves the system's lists alone.
apart() {
    apt-get -q -o Dir::Etc::SourceList="$tmp/sources.list" -o Dir::Etc::SourceParts=- -o Dir::State::Lists="$tmp/lists" \
        -o Dir::State::status="$tmp/status" -o Dir::Cache="$tmp/cache" -o Acquire::Languages=none -o APT::Sandbox::User=root "$@"
}
apart update >out 2>&1 || { tail -5 out >&2; exit 1; }
# Of what they depend on only the libraries.
mapfile -t packages < <(apart -s install --no-install-recommends mysql-server-core libmysqlclient-dev 2>/dev/null |
    awk '$1 == "Inst" { print $2 }' | grep -E '^(mysql-server-core|lib|zlib1g|openssl-provider)' | grep -vE '^(libperl|libc6-dev|libc-dev-bin)')
[ ${#packages[@]} -gt 0 ] || { echo "the archive has no mysql-server-core" >&2; exit 1; }
(cd debs && apart download "${packages[@]}") >out 2>&1 || { tail -5 out >&2; exit 1; }
for deb in debs/*.deb; do dpkg-deb -x "$deb" root; done
mkdir lib
find root/lib root/usr/lib -path '*-linux-gnu*/*.so*' -name 'l*' -exec cp -a {} lib/ \; 2>/dev/null || true
loader=$(find root -name 'ld-linux-*.so.*' -type f | head -1)
[ -n "$loader" ] || { echo "libc6 without a loader" >&2; exit 1; }
rm -rf "$to" && mkdir "$to"
cp "$loader" "$to/loader"
mkdir -p "$to/root/usr/sbin" "$to/root/usr/lib"
mv lib "$to"
mv root/usr/sbin/mysqld "$to/root/usr/sbin/"
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
chmod +x "$to/mysqld"
# What is linked with the library runs with the loader and the libraries that it came with.
cat >"$to/mysqlclient.pc" <<PC
Name: mysqlclient
Description: libmysqlclient of Debian unstable, unpacked
Version: $(dpkg-deb -f debs/libmysqlclient-dev_*.deb Version | sed 's/-.*//')
Cflags: -I$to/root/usr/include/mysql -I$to/root/usr/include
Libs: -L$to/lib -lmysqlclient -Wl,--allow-shlib-undefined -Wl,--disable-new-dtags -Wl,-rpath,$to/lib -Wl,--dynamic-linker,$to/loader
PC
chmod -R go+rX "$to"
owner=()
if [ "$(id -u)" -eq 0 ]; then
    mkdir "$tmp/made" && chown nobody "$tmp/made" && chmod 755 "$tmp"
    owner=(--user=nobody)
fi
"$to/mysqld" "${owner[@]}" --initialize-insecure --datadir="$tmp/made/data" --lower-case-table-names=1 \
    --innodb-redo-log-capacity=8M --innodb-data-file-path=ibdata1:5M:autoextend >out 2>&1 || { tail -5 out >&2; exit 1; }
mv made/data "$to/data"
"$to/mysqld" --version
touch "$to/.complete"
