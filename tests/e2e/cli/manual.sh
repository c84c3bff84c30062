#!/usr/bin/env bash
# The manual pages against what they tell of: views and their columns, names of formats, members of definitions, sections.
. "$(dirname "$0")/../lib/lib.sh"
. "$SRC/tests/e2e/lib/sql.sh"
need mariadb mariadbd
man=$SRC/doc/man
# words PAGE: every word of it, one a line, without markup.
words() { sed 's/\\-/-/g; s/\\fR//g' "$1" | grep -oE '[A-Za-z_][A-Za-z0-9_-]*' | sort -u; }
check init status 0 assay init -q
settle
sql "SELECT CONCAT(table_name, ' ', column_name) FROM information_schema.columns
    WHERE table_schema = 'assay' AND table_name LIKE 'v\_%' ORDER BY table_name, ordinal_position" >"$T/columns"
check "there are views" test "$(wc -l <"$T/columns")" -gt 40
while read -r view column; do
    # those of a view that has the columns of another stand there
    grep -A3 "^\.B $view\$" "$man/assay-views.5" | grep -q '^with the columns of\|columns of$\|: as$' && continue
    check "assay-views(5) has $view.$column" grep -qwF -- "$column" \
        <(awk -v v=".B $view" '$0 == ".TP" || /^\.SH/ { on = 0 } $0 == v { on = 1 } on' "$man/assay-views.5")
done <"$T/columns"
check "and every view" equal "$(grep -oE '^\.B v_[a-z_]+' "$man/assay-views.5" | cut -c4- | sort -u)" "$(cut -d' ' -f1 "$T/columns" | sort -u)"

formats=$(grep -rhoE '^    \.name = "[a-z-]+",$' "$SRC/src/ingest/readers" | cut -d'"' -f2 | sort)
check "assay-formats(7) has every format, and no other" equal \
    "$(sed -n '/^name;written by/,/^\.TE/s/^\([a-z-]*\);.*/\1/p' "$man/assay-formats.7" | grep -v '^name$' | sort)" "$formats"

words "$man/assay-report.5" >"$T/words"
for member in $(sed -n 's/^| \(`[a-z_`, ]*\) |.*/\1/p' "$SRC/doc/reports/definitions.md" | tr -d '`,'); do
    check "assay-report(5) has the member $member" grep -qx "$member" "$T/words"
done
for section in $(sed -n 's/^| [^|[]* \[`\([a-z-]*\)`\] |.*/\1/p' "$SRC/doc/reports/sections.md"); do
    check "assay-report(5) has the section $section" grep -q "^$section;" "$man/assay-report.5"
done
done_tests
