# Packages of another release of Debian, unpacked beside the installed ones. Sourced by mysql.sh and mariadb.sh, whose "set -eu" it
# needs.
# Gives:     apart_begin, apart_fetch, apart_lib, apart_owner; the working folder is a temporary one that
#            holds the packages in debs and what is in them in root.
# Needs:     apt-get and an archive of Debian. Its lists of packages are kept apart from those of the system.
# Cleans up: what it downloaded.
# shellcheck shell=bash disable=SC2154

# apart_begin FOLDER SUITE…: ends the script when FOLDER is complete; else nobody else makes it at the same time.
apart_begin() {
    local suite archive label keys=/usr/share/keyrings/debian-archive-keyring.gpg
    to=$1; shift
    [ ! -e "$to/.unpacked" ] || exit 0
    command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || { echo "no Debian packages here" >&2; exit 1; }
    [ -e "$keys" ] || { echo "no keys of Debian's archive here" >&2; exit 1; }
    mkdir -p "$(dirname "$to")"
    exec 9>"$to.lock" # two tests may want it at the same time
    flock 9
    [ ! -e "$to/.unpacked" ] || exit 0
    tmp=$(mktemp -d)
    trap 'rm -rf "$tmp"' EXIT
    cd "$tmp"
    mkdir -p lists/partial cache/archives/partial debs root
    # The archives that this machine has its own packages from.
    for suite; do
        label=Debian
        case $suite in *-security) label=Debian-Security ;; esac
        # shellcheck disable=SC2016
        archive=$(apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' 'Created-By: Packages' |
            awk -v label="$label" '$1 == "Debian" && $2 == label { print $3; exit }')
        [ -n "$archive" ] || [ $label != Debian ] || { echo "apt knows no archive of Debian here" >&2; exit 1; }
        [ -z "$archive" ] || echo "deb [signed-by=$keys] $archive $suite main" >>sources.list
    done
    : >status
    apart update >out 2>&1 || { tail -5 out >&2; exit 1; }
}
# apart ARGUMENTS of apt-get: which knows nothing of what is installed here, and leaves the system's lists alone.
apart() {
    apt-get -q -o Dir::Etc::SourceList="$tmp/sources.list" -o Dir::Etc::SourceParts=- -o Dir::State::Lists="$tmp/lists" \
        -o Dir::State::status="$tmp/status" -o Dir::Cache="$tmp/cache" -o Acquire::Languages=none -o APT::Sandbox::User=root "$@"
}
# apart_fetch PATTERN NAME…: downloads and unpacks the packages, and of what they depend on those that the pattern names.
apart_fetch() {
    local pattern=$1 packages deb; shift
    mapfile -t packages < <(apart -s install --no-install-recommends "$@" 2>/dev/null |
        awk '$1 == "Inst" { print $2 }' | grep -E "$pattern" | grep -vE '^(libperl|libc6-dev|libc-dev-bin)')
    [ ${#packages[@]} -gt 0 ] || { echo "the archive has no $1" >&2; exit 1; }
    (cd debs && apart download "${packages[@]}") >out 2>&1 || { tail -5 out >&2; exit 1; }
    for deb in debs/*.deb; do dpkg-deb -x "$deb" root; done
}
# apart_lib: FOLDER is begun, with the loader and all libraries in one folder, whatever the machine is called.
apart_lib() {
    local loader
    mkdir lib
    find root/lib root/usr/lib -path '*-linux-gnu*/*.so*' -name 'l*' -exec cp -a {} lib/ \; 2>/dev/null || true
    loader=$(find root -name 'ld-linux-*.so.*' -type f | head -1)
    [ -n "$loader" ] || { echo "libc6 without a loader" >&2; exit 1; }
    rm -rf "$to" && mkdir "$to"
    cp "$loader" "$to/loader"
    mv lib "$to"
}
# apart_owner: whoever is root gets a folder where "nobody" makes the data: $tmp/made; says the option for it.
apart_owner() {
    mkdir "$tmp/made"
    [ "$(id -u)" -eq 0 ] || return 0
    chown nobody "$tmp/made" && chmod 755 "$tmp"
    echo --user=nobody
}
