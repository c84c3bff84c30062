# Debian packages by what needs them; sourced by scripts/demo and scripts/test.
# shellcheck shell=bash disable=SC2034

packages_build="gcc clang cmake ninja-build pkg-config libhpdf-dev libcairo2-dev libharfbuzz-dev
 libfribidi-dev libunibreak-dev libmariadb-dev libxml2-dev libssl-dev libjansson-dev zlib1g-dev libbz2-dev liblzma-dev
 libseccomp-dev libcurl4-openssl-dev"
packages_run="mariadb-server-core mariadb-client-core fonts-noto-core fonts-noto-cjk fonts-noto-mono
 icc-profiles-free"
packages_demo="openscap-scanner ssg-debian lynis poppler-utils openssl xz-utils"
packages_test="systemd libxml2-utils jq qpdf xxd chromium valgrind universal-ctags gawk xz-utils bzip2
 fakeroot dpkg-dev lintian zsh fish rpm default-jre-headless libjaxb-java libnss3-tools man-db procps rsyslog rsyslog-relp rsyslog-gnutls liblognorm-utils nodejs
 python3-jsonschema exim4-daemon-light openssh-server nginx-light curl rsync lsof iproute2 prometheus monitoring-plugins-basic"

# install_packages NAME…: what is missing, as root or through sudo; silent when all is there.
install_packages() {
    local p missing=() as_root=()
    for p in "$@"; do
        dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null | grep -qx installed || missing+=("$p")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || { echo "install as root first: ${missing[*]}" >&2; return 1; }
        as_root=(sudo)
    fi
    echo "installing: ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# build_release DIR: configures and builds, silent unless it fails.
build_release() {
    local dir=$1; shift
    cmake -S . -B "$dir" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo "$@" >"$dir.log" 2>&1 &&
        cmake --build "$dir" >>"$dir.log" 2>&1 || { tail -40 "$dir.log" >&2; return 1; }
}
