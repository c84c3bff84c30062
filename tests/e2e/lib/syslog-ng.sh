#!/usr/bin/env bash
# Debian's syslog-ng beside an installed rsyslog (their packages exclude each other).
#   tests/e2e/lib/syslog-ng.sh [FOLDER]     FOLDER is build/syslog-ng of the project, when not given
# Gives:     FOLDER/run, the program with the libraries it lacks, unpacked; nothing is installed. Done once; two who want
#            it at the same time wait for each other.
# Needs:     apt-get with lists of packages, or the right to fetch them.
# Cleans up: what it downloaded; FOLDER is for the next ones.
set -eu
to=${1:-$(cd "$(dirname "$0")/../../.." && pwd)/build/syslog-ng}
[ ! -e "$to/.complete" ] || exit 0
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || { echo "no Debian packages here" >&2; exit 1; }
# missing: it and the libraries that are not installed, under the names that this release has for them.
missing() { apt-get -s install --no-install-recommends syslog-ng-core syslog-ng-scl 2>&1 | awk '$1 == "Inst" { print $2 }'; }
# download: all of them into this folder.
download() {
    local packages
    mapfile -t packages < <(missing)
    [ ${#packages[@]} -gt 0 ] && apt-get download -q "${packages[@]}" >out 2>&1
}
mkdir -p "$(dirname "$to")"
exec 9>"$to.lock" # two tests may want it at the same time
flock 9
[ ! -e "$to/.complete" ] || exit 0
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
if ! download; then
    # The lists of packages are missing or old.
    as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
    "${as_root[@]}" apt-get update -qq && download || { cat out >&2; missing >&2; exit 1; }
fi
for deb in *.deb; do dpkg-deb -x "$deb" root; done
# All libraries in one folder, whatever the machine is called.
mkdir -p root/lib-all
find root/lib root/usr/lib -path '*-linux-gnu*/lib*.so*' -exec cp -a {} root/lib-all/ \; 2>/dev/null || true
rm -rf "$to"
mv root "$to"
cat >"$to/run" <<'RUN'
#!/bin/sh
# run ARGUMENTS of syslog-ng
here=$(cd "$(dirname "$0")" && pwd)
export LD_LIBRARY_PATH="$here/usr/lib/syslog-ng:$here/lib-all"
exec "$here/usr/sbin/syslog-ng" --module-path "$(echo "$here"/usr/lib/syslog-ng/[0-9]*)" --no-caps "$@"
RUN
chmod +x "$to/run"
"$to/run" --version | head -1
touch "$to/.complete"
