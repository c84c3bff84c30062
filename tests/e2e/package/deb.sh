#!/usr/bin/env bash
# The Debian package: what is in it, and its life over a copy of this system that only the test sees.
. "$(dirname "$0")/../lib/lib.sh"
need cpack dpkg-deb dpkg-shlibdeps fakeroot
chmod 755 "$T"
if grep -q '^ASSAY_SANITIZE:BOOL=ON' "$BUILD/CMakeCache.txt"; then skip "a build with sanitizers is no package"; fi
check "cpack" status 0 env -C "$BUILD" cpack -G DEB -B "$T/made"
deb=$(echo "$T"/made/*.deb)
dpkg-deb -R "$deb" "$T/tree"
field() { dpkg-deb -f "$deb" "$1"; }
check "libraries by what is linked" test -z "$(comm -13 <(field Depends | tr , '\n' | sed 's/^ *\([^ ]*\).*/\1/' | sort) \
    <(printf '%s\n' libc6 libmariadb3 | sort))"
for p in mariadb-server-core fonts-noto-core fonts-noto-cjk icc-profiles-free; do
    check "recommends $p" grep -qw "$p" <(field Recommends)
done
dpkg-deb -c "$deb" | awk '{ print $1, $2, $6 }' >"$T/list"
for row in "-rwxr-xr-x root/root ./usr/bin/assay" "-rwxr-xr-x root/root ./usr/libexec/assay/assay-parser" \
    "-rw-r----- root/root ./etc/assay/assay.conf" "-rw-r--r-- root/root ./usr/lib/systemd/system/assay.timer" \
    "-rw-r--r-- root/root ./usr/lib/sysusers.d/assay.conf" "-rw-r--r-- root/root ./usr/lib/tmpfiles.d/assay.conf" \
    "-rw-r--r-- root/root ./usr/share/man/man5/assay.conf.5.gz" "-rw-r--r-- root/root ./usr/share/doc/assay/copyright" \
    "-rw-r--r-- root/root ./usr/share/doc/assay/assay.cdx.json" "-rw-r--r-- root/root ./usr/share/doc/assay/examples/cron/assay"; do
    check "has ${row##* }" grep -qxF -- "$row" "$T/list"
done
check "settings are conffiles" equal "$(sort "$T/tree/DEBIAN/conffiles")" \
    "$(cd "$T/tree" && find etc -type f | sed 's/^/\//' | sort)"
check "nobody else may write" equal "$(grep -E '^.{5}w|^.{8}w' "$T/list" | grep -v '^l')" ""
for script in postinst prerm postrm; do
    check "$script is sh" sh -n "$T/tree/DEBIAN/$script"
done
if command -v lintian >/dev/null; then
    lintian --fail-on none "$deb" 2>/dev/null | grep '^E' | grep -v bogus-mail-host >"$T/out"
    check "lintian finds no error" equal "$(cat "$T/out")" ""
fi

# A page for every command.
while read -r c; do
    check "a page of $c" test -e "$T/tree/usr/share/man/man1/assay-${c// /-}.1.gz"
done < <(assay --help | sed -n 's/^  \([a-z][a-z -]*[a-z]\)  .*/\1/p')
if command -v man >/dev/null; then
    for page in $(cd "$T/tree/usr/share/man" && zgrep -L "^\.so " "$PWD"/man?/*.gz); do
        check "man takes ${page##*/}" equal "$(cd "$T/tree/usr/share/man" && MANWIDTH=80 man --warnings -E UTF-8 -l "$page" 2>&1 >/dev/null)" ""
    done
fi
check "completion for bash" bash -nu "$T/tree/usr/share/bash-completion/completions/assay"
check "the account, as systemd reads it" grep -q '^u assay ' "$T/tree/usr/lib/sysusers.d/assay.conf"

# Every library that is linked stands in the list, with its version.
sbom=$T/tree/usr/share/doc/assay/assay.cdx.json
for program in bin/assay libexec/assay/assay-parser; do
    needed=$(readelf -d "$T/tree/usr/$program" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | grep -v '^ld-linux' | sort)
    check "what $program needs" equal "$needed" \
        "$(jq -r --arg p "${program##*/}" '.dependencies[] | select(.ref == $p).dependsOn[]' "$sbom" | sort)"
done
check "CycloneDX" equal "$(jq -r '.bomFormat + " " + .specVersion' "$sbom")" "CycloneDX 1.5"
check "each has a version" equal "$(jq -r '.components[] | select(.version | not).name' "$sbom")" ""
check "no file says where it was built" equal "$(grep -rlF -e "$SRC/" -e "$BUILD" "$T/tree")" ""

# The RPM's list has the same files.
if command -v rpmspec >/dev/null; then
    check "rpm takes the spec" status 0 rpmspec -P "$SRC/packaging/rpm/assay.spec"
    check "of this version" grep -qE "^Version: +$(field Version)$" "$T/out"
    sed -n '/^%files/,/^%changelog/{s/^%\(dir\|doc\|config[^ ]*\) *//;s/^%attr([^)]*) *//;/^\//p}' "$T/out" >"$T/patterns"
    unlisted() {
        local file pattern
        (cd "$T/tree" && find . -type f -not -path './DEBIAN/*' | sed 's/^\.//; s/zsh.vendor-completions/zsh\/site-functions/') |
            while read -r file; do
                while read -r pattern; do
                    # shellcheck disable=SC2053
                    [[ $file == $pattern || $file == $pattern/* ]] && continue 2
                done <"$T/patterns"
                echo "$file"
            done
    }
    check "every file is in the RPM, too" equal "$(unlisted)" ""
fi

# From source, with a prefix: units and cron lines call what was installed there.
check "install below a prefix" status 0 cmake --install "$BUILD" --prefix "$T/opt"
check "units call it there" equal "$(grep -h '^ExecStart=' "$T"/opt/lib/systemd/system/*.service | sed 's/=\([^ ]*\).*/=\1/' | sort -u)" \
    "ExecStart=$T/opt/bin/assay"
check "the cron line, too" grep -q "  assay  $T/opt/bin/assay run --quiet" "$T/opt/share/doc/assay/examples/cron/assay"
check "no settings outside" test ! -e "$T/opt/etc"
if command -v systemd-analyze >/dev/null; then
    systemd-analyze verify --man=no "$T"/opt/lib/systemd/system/assay.{service,timer} 2>&1 | grep -F "$T" >"$T/out"
    check "systemd takes the units" equal "$(cat "$T/out")" ""
fi
check "and it works there" status 0 "$T/opt/bin/assay" inspect "$SRC"/samples/lynis/*.dat

[ "$(id -u)" -eq 0 ] || { echo "not installed: not root"; done_tests; exit; }
# A file system over this one for what changes; gone with the name space.
cat >"$T/over.sh" <<'SH'
mount -t tmpfs tmpfs "$1/over" || exit 77
for dir in usr etc var; do
    mkdir "$1/over/$dir" "$1/over/$dir.work"
    mount -t overlay overlay -o "lowerdir=/$dir,upperdir=$1/over/$dir,workdir=$1/over/$dir.work" "/$dir" || exit 77
done
[ ! -e /usr/bin/assay ] && ! getent passwd assay >/dev/null || { echo "assay is installed here"; exit 77; }
rm -rf /etc/assay /var/lib/assay /var/log/assay # what somebody left: only of the copy
exec bash "$3/tests/e2e/package/life" "$2" "$3" dpkg -i
SH
mkdir "$T/over"
unshare --mount --pid --fork --kill-child --mount-proc --propagation private bash "$T/over.sh" "$T" "$deb" "$SRC" >"$T/out" 2>&1
case $? in
0) check "the life of the package" true; tail -1 "$T/out" ;;
77) echo "not installed: no file system over this one: $(tail -1 "$T/out")" ;;
*) cat "$T/out" >&2; check "the life of the package" false ;;
esac
done_tests
