#!/usr/bin/env bash
# Every command of README and doc runs as it is written: the blocks ```sh of a page, one after the other, by root on a copy
# of this system with assay installed as the package does it, beside some files of scanners. 2026-11 in a page stands for
# the last month.
# A block that needs something foreign says what: ```sh no-run REASON.
. "$(dirname "$0")/../lib/lib.sh"
need jq openssl pdfsig runuser
cd "$SRC"
pages=$(git ls-files '*.md' 2>/dev/null) || pages=$(find . -name '*.md' -not -path './build*' | sed 's/^\.\///')

# blocks PAGE: what the fences say, numbered; block PAGE N: its text.
blocks() { awk '/^ *```/ { if (!open) print ++n " " $0; open = !open }' "$1"; }
block() { awk -v want="$2" '/^ *```/ { open = !open; n += open; next } open && n == want' "$1"; }
for page in $pages; do
    check "$page: commands stand in fences" equal "$(grep -nE '^    (sudo )?(-u assay[a-z-]* )?assay [a-z]' "$page")" ""
    while read -r n fence word reason; do
        check "$page, block $n says what it is: $fence $word" test -n "${fence#\`\`\`}"
        case $fence in
        '```sh' | '```json' | '```sql' | '```conf' | '```text' | '```') ;;
        *) check "$page, block $n: a kind of block" false ;;
        esac
        [ -z "$word" ] || check "$page, block $n: no-run and a reason" test "$word" = no-run -a -n "$reason"
    done < <(blocks "$page")
done

[ "$(id -u)" -eq 0 ] || { echo "not run: not root"; done_tests; exit; }
if grep -q '^ASSAY_SANITIZE:BOOL=ON' "$BUILD/CMakeCache.txt"; then echo "not run: sanitizers"; done_tests; exit; fi
chmod 755 "$T"
mkdir "$T/over" "$T/page"
month=$(date -d "$(date +%Y-%m-01) -1 day" +%Y-%m)
cat >"$T/system.sh" <<'SH'
mount -t tmpfs tmpfs "$T/over" || exit 77
for dir in usr etc var root; do
    mkdir "$T/over/$dir" "$T/over/$dir.work"
    mount -t overlay overlay -o "lowerdir=/$dir,upperdir=$T/over/$dir,workdir=$T/over/$dir.work" "/$dir" || exit 77
done
[ ! -e /usr/bin/assay ] && ! getent passwd assay >/dev/null || { echo "assay is installed here"; exit 77; }
rm -rf /etc/assay /var/lib/assay /var/log/assay # what somebody left: only of the copy
cmake --install "$BUILD" --prefix /usr >/dev/null
sh "$SRC/packaging/deb/postinst" configure
unset ASSAY_CONFIG
export HOME=/root
cd "$T/page"
sed -E "/(start|end)-time=/s/20[0-9]{2}-[0-9]{2}-/$MONTH-/g" "$SRC/samples/xccdf/two-results.xml" >results.xml
sed -E "/datetime/s/=20[0-9]{2}-[0-9]{2}-/=$MONTH-/" "$SRC/samples/lynis/web01-report.dat" >lynis-report.dat
cp results.xml web01.data
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=web01 -keyout web01.key -out web01.pem 2>/dev/null
chmod -R a+rX .
case $1 in
README.md | doc/first-hour.md) ;;
*) assay init -q && runuser -u assay -- assay ingest results.xml lynis-report.dat || exit ;;
esac
exec bash -e "$T/commands"
SH
ran=0
for page in $pages; do
    echo 'shopt -s expand_aliases' >"$T/commands"
    n_runs=0
    while read -r n fence word _; do
        [ "$fence" = '```sh' ] && [ -z "$word" ] || continue
        block "$page" "$n" | sed "s/2026-11/$month/g" >>"$T/commands"
        check "$page, block $n: a line each, so that none fails unseen" fails grep -q '&&' <(block "$page" "$n")
        n_runs=$((n_runs + 1))
    done < <(blocks "$page")
    [ $n_runs -gt 0 ] || continue
    rm -rf "$T/page" && mkdir "$T/page"
    T=$T MONTH=$month unshare --mount --pid --fork --kill-child --mount-proc --propagation private \
        bash "$T/system.sh" "$page" >"$T/out" 2>&1
    case $? in
    0) check "$page: its $n_runs blocks run" true ;;
    77) echo "not run: $(tail -1 "$T/out")"; break ;;
    *) cat "$T/out" >&2; check "$page: its $n_runs blocks run" false ;;
    esac
    ran=$((ran + 1))
done
echo "$ran pages were run"
# What a page says of exit status is what the program does.
sed -n 's/^DIAG(\([A-Z_]*\), \([0-9]*\), "\(.*\)").*/\2 \3/p' src/base/diag_codes.h | awk '$1 > 0 || $2 == "ok"' | sort >"$T/codes"
sed -n 's/^| \([0-9]*\) | \([a-z-]*\) |.*/\1 \2/p' doc/troubleshooting.md | sort >"$T/page-codes"
check "troubleshooting.md has every status and word, and no other" equal "$(diff "$T/codes" "$T/page-codes")" ""
sed -n '/^.SH EXIT STATUS/,/^.TE/s/^\([0-9]*\);.*/\1/p' doc/man/assay.1 | sort >"$T/man-codes"
check "assay(1) has every status" equal "$(diff <(cut -d' ' -f1 "$T/codes" | sort -u) "$T/man-codes")" ""
done_tests
