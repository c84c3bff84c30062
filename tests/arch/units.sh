#!/usr/bin/env bash
# The systemd units against systemd's own parser, with the program under test in the place of the
# installed one.
set -eu
cd "$(dirname "$0")/../.."
command -v systemd-analyze >/dev/null || { echo "skipped: no systemd-analyze"; exit 77; }
tmp=$(mktemp -d) bad=0 n=0
trap 'rm -rf "$tmp"' EXIT
for unit in packaging/systemd/*; do
    # manual pages and the program are not installed here
    sed -e "s|/usr/bin/assay|$ASSAY|" -e '/^Documentation=/d' "$unit" >"$tmp/${unit##*/}"
done
for unit in packaging/systemd/*.service packaging/systemd/*.timer; do
    n=$((n + 1))
    said=$(systemd-analyze verify --man=no "$tmp/${unit##*/}" 2>&1 | grep -F "${unit##*/}" || true)
    [ -z "$said" ] || { printf '%s\n' "$said" >&2; bad=$((bad + 1)); }
done
# What is begun again and again ends for good with wrong usage, settings or schema (64, 78).
for unit in $(grep -l '^Restart=always' packaging/systemd/*.service); do
    n=$((n + 1))
    grep -qx 'RestartPreventExitStatus=64 78' "$unit" ||
        { echo "$unit: restarts with settings that only somebody can change" >&2; bad=$((bad + 1)); }
done
for unit in packaging/systemd/*.service; do
    n=$((n + 1))
    exposure=$(systemd-analyze security --offline=true "$tmp/${unit##*/}" 2>/dev/null |
        sed -n 's/.*Overall exposure level for [^:]*: \([0-9.]*\).*/\1/p')
    awk -v e="$exposure" 'BEGIN { exit !(e != "" && e < 2.5) }' ||
        { echo "$unit: exposure ${exposure:-unknown}, want below 2.5" >&2; bad=$((bad + 1)); }
done
echo "$((n - bad)) passed, $bad failed"
[ "$bad" -eq 0 ]
