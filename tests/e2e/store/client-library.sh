#!/usr/bin/env bash
# Every version of the database's client library that the archive has: unpacked beside the installed one,
# and loaded in its place. Values of any length come back whole, and a statement that failed runs again.
. "$(dirname "$0")/../lib/lib.sh"
need apt-get apt-cache dpkg-deb dpkg-query jq
B=${BUILD:?name the build folder}

installed=$(dpkg-query -W -f '${Version}' libmariadb3 2>/dev/null) || skip "libmariadb3 is no Debian package here"
mapfile -t versions < <(apt-cache madison libmariadb3 2>/dev/null | awk -F ' *[|] *' -v i="$installed" '$2 != i { print $2 }' | sort -u)
[ ${#versions[@]} -gt 0 ] || skip "the archive has no libmariadb3 but $installed"

# unpack VERSION: once; prints the folder of the library (a ":" would end it in LD_LIBRARY_PATH).
unpack() {
    local to=$B/client-library/${1//:/_} tmp=$T/unpack
    if [ ! -e "$to" ]; then
        mkdir -p "$tmp" "$B/client-library"
        (cd "$tmp" && apt-get download -q "libmariadb3=$1" && dpkg-deb -x ./*.deb root) >"$T/apt" 2>&1 || return 1
        mv "$tmp/root" "$to"
    fi
    dirname "$(find "$to" -name libmariadb.so.3)"
}

n_tried=0
for v in "${versions[@]}"; do
    dir=$(unpack "$v") || { echo "libmariadb3 $v cannot be had: $(tail -1 "$T/apt")"; continue; }
    with=(env "LD_LIBRARY_PATH=$dir")
    check "$v is loaded" grep -q "$dir" <("${with[@]}" ldd "$ASSAY")
    for unit in test_stmt test_half_open; do
        check "unit/store/$unit with $v" status 0 "${with[@]}" "$B/tests/unit_store_$unit"
        [ $unit != test_stmt ] || echo "$v: $(head -1 "$T/out")"
    done
    rm -rf "$T/state" "$T/spool"
    check "init with $v" status 0 "${with[@]}" "$ASSAY" init
    check "ingest with $v" status 0 "${with[@]}" "$ASSAY" ingest "$SRC/samples/lynis/"*.dat
    check "audit verify with $v" status 0 "${with[@]}" "$ASSAY" audit verify --no-record
    "${with[@]}" "$ASSAY" audit verify --no-record --json >"$T/theirs"
    "$ASSAY" audit verify --no-record --json >"$T/ours"
    check "both versions read the same log" equal "$(jq -cS 'del(.ms, .checkpoint_age)' "$T/theirs")" "$(jq -cS 'del(.ms, .checkpoint_age)' "$T/ours")"
    check "of several records" [ "$(jq .records "$T/ours")" -gt 2 ]
    n_tried=$((n_tried + 1))
done
[ $n_tried -gt 0 ] || skip "no other version could be downloaded"
done_tests
