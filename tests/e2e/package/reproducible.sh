#!/usr/bin/env bash
# The same bytes from any folder: two builds of the same source in two places, and the packages of both.
# Builds twice, so it is long: ASSAY_LONG=yes, as scripts/test --long sets it.
. "$(dirname "$0")/../lib/lib.sh"
[ "${ASSAY_LONG-no}" = yes ] || skip "only with --long"
need cpack dpkg-shlibdeps cmake ninja
cd "$SRC"
files() { git ls-files -z --cached --others --exclude-standard 2>/dev/null || find . -path ./build -prune -o -type f -print0; }
export SOURCE_DATE_EPOCH=1767225600
mkdir -p "$T/a" "$T/another"
files | while IFS= read -r -d '' f; do [ ! -e "$f" ] || printf '%s\0' "$f"; done | tar --null -T - -c | tar -x -C "$T/a"
cp -r "$T/a" "$T/another/place" # with the times of now
for place in "$T/a" "$T/another/place"; do
    check "configure in $place" status 0 cmake -S "$place" -B "$place/build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
        -DBUILD_TESTING=OFF -DASSAY_COMMIT=abc
    check "build in $place" status 0 nice cmake --build "$place/build"
    check "package in $place" status 0 env -C "$place/build" cpack -G DEB
done
for file in assay assay-parser assay.cdx.json "$(basename "$T"/a/build/*.deb)"; do
    check "$file is the same" cmp "$T/a/build/$file" "$T/another/place/build/$file"
done
done_tests
