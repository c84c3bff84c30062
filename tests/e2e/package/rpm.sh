#!/usr/bin/env bash
# packaging/rpm/assay.spec makes a package: nothing that is installed is left out, and the program in it runs.
# Builds once more, so it is long: ASSAY_LONG=yes, as scripts/test --long sets it. What a relative of Fedora brings (names of
# packages, macros of systemd's scripts) is not here.
. "$(dirname "$0")/../lib/lib.sh"
[ "${ASSAY_LONG-no}" = yes ] || skip "only with --long"
need rpmbuild rpm2archive cmake ninja
cd "$SRC"
version=$(sed -n 's/^Version: *//p' packaging/rpm/assay.spec)
says_version() { "$ASSAY" --version | grep -qF "$1"; }
check "the version is the program's" says_version "$version"
mkdir -p "$T/top/SOURCES" "$T/assay-$version"
{ git ls-files -z --cached --others --exclude-standard 2>/dev/null || find . -path ./build -prune -o -type f -print0; } |
    while IFS= read -r -d '' f; do [ ! -e "$f" ] || printf '%s\0' "$f"; done | tar --null -T - -c | tar -x -C "$T/assay-$version"
tar -C "$T" -czf "$T/top/SOURCES/assay-$version.tar.gz" "assay-$version"
check "it is built, and every installed file is named" status 0 nice rpmbuild --define "_topdir $T/top" --define 'debug_package %{nil}' \
    --define '__strip /bin/true' --nodeps -bb packaging/rpm/assay.spec
package=$(find "$T/top/RPMS" -name '*.rpm')
rpm -qpl "$package" >"$T/files" 2>/dev/null
for file in /usr/bin/assay /etc/assay/assay.conf /usr/lib/systemd/system/assay.timer /usr/share/man/man1/assay-portal.1.gz; do
    check "has $file" grep -qx "$file\(.gz\)\?" "$T/files"
done
check "settings are kept at an upgrade" grep -qx /etc/assay/assay.conf <(rpm -qpc "$package" 2>/dev/null)
mkdir "$T/root"
check "can be unpacked" status 0 rpm2archive "$package"
tar -xzf "$package.tgz" -C "$T/root"
check "the program in it runs" status 0 "$T/root/usr/bin/assay" --version
done_tests
