#!/usr/bin/env bash
# Every event that the code makes stands in doc/audit-events.md and in the table of kinds (audit/encode.c), and
# the other way round.
set -u
: "${SRC:=$(cd "$(dirname "$0")/../.." && pwd)}"
cd "$SRC" || exit 1
n_broken=0
broken() { echo "$*"; n_broken=$((n_broken + 1)); }

# Names of files in the state folder look alike.
code=$(grep -rhoE '"(portal\.build|(schema|key|config|category|details|ingest|scan|month|facts|agent|report|output|audit|export|backup|outbox|secret|hold|data|spool)\.[a-z.]+)"' src/act src/intake src/ledger src/export src/job src/cli src/audit/prune.[ch] | tr -d '"' |
    grep -vxE 'audit\.(checkpoint|key|key\.new|lock|vkeys?)' | sort -u)
page=$(sed -n 's/^| \([a-z][a-z., ]*\.[a-z., ]*\) |.*/\1/p' doc/audit-events.md | tr ',' '\n' | tr -d ' ' | sort -u)
kinds=$(sed -n '/^static const struct encode_kind kinds/,/^};/s/^    {"\([a-z.]*\)".*/\1/p' src/audit/encode.c | sort -u)
for e in $code; do
    grep -qxF "$e" <<<"$page" || broken "not in doc/audit-events.md: $e"
    grep -qxF "$e" <<<"$kinds" || broken "not in the table of kinds: $e"
done
for e in $page $kinds; do grep -qxF "$e" <<<"$code" || broken "nothing makes it: $e"; done
echo "$(wc -l <<<"$code") events, $n_broken broken"
[ $n_broken -eq 0 ]
