#!/usr/bin/env bash
# The hard rules of size and style: functions, files, forbidden calls, documented prototypes.
set -eu
cd "$(dirname "$0")/../.."
command -v ctags >/dev/null || { echo "skipped: no universal-ctags"; exit 77; }
bad=0
complain() { printf '%s\n' "$1" >&2; bad=$((bad + 1)); }

# Files of at most 1000 lines.
while read -r lines file; do
    [ "$file" = total ] || [ "$lines" -le 1000 ] || complain "$file: $lines lines, at most 1000"
done < <(find src tests -name '*.[ch]' -print0 | xargs -0 wc -l)

# Functions of at most 120 lines.
while IFS=$'\t' read -r name file start end; do
    [ $((end - start + 1)) -le 120 ] || complain "$file: $name has $((end - start + 1)) lines"
done < <(find src -name '*.c' | ctags -L - --languages=C --kinds-C=f --fields=+ne -f - |
    awk -F'\t' '{ s = e = 0; for (i = 4; i <= NF; i++) { if ($i ~ /^line:/) s = substr($i, 6);
        if ($i ~ /^end:/) e = substr($i, 5) } if (e) print $1 "\t" $2 "\t" s "\t" e }')

# Calls that are not used anywhere.
if grep -rnE --include='*.[ch]' '\b(strcpy|strcat|sprintf|vsprintf|strtok|gets|alloca|setjmp|longjmp)[ ]*\(' src; then
    complain "forbidden calls above"
fi
# Rooms below cli neither print nor exit; base/mem.c and base/env.c end the program when they must, and a program's
# main() says how it was called wrongly.
if grep -rnE --include='*.c' '\b(printf|puts|putchar|perror|exit|fprintf)[ ]*\(' src --exclude-dir=cli |
    grep -vE 'src/base/(mem|env)\.c|src/confine/main\.c|vsnprintf|snprintf|_exit'; then
    complain "a room below cli prints or exits"
fi

# Every prototype of a public header has a comment right above it, or follows one that has.
while read -r line; do complain "$line"; done < <(awk '
    FNR == 1 { commented = 0; depth = 0 }
    /^\/\*/ || /^ \*/ || /\*\/[ \t]*$/ { commented = 1; next }
    /^[ \t]*$/ { commented = 0; next }
    /^(static inline|typedef|#|extern|struct [a-z0-9_]+;|enum|})/ { next }
    /^[a-z].*\(/ && !/[{]/ {
        if (!commented) print FILENAME ":" FNR ": prototype without a comment"
        commented = 0; next
    }' $(find src -name '*.h'))

printf '%d broken\n' "$bad"
[ "$bad" -eq 0 ]
