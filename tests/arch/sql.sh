#!/usr/bin/env bash
# SQL stands in sql/ only: none in C, every query is used, and every query asked for exists.
set -eu
cd "$(dirname "$0")/../.."
bad=0 n=0
complain() { printf '%s\n' "$1" >&2; bad=$((bad + 1)); }

# No statement in a string of C. Words in upper case followed by a blank are SQL here.
words='SELECT|INSERT|UPDATE|DELETE FROM|REPLACE INTO|CREATE (TABLE|VIEW|DATABASE|OR)|ALTER TABLE|DROP|TRUNCATE|START TRANSACTION|SET (SESSION|NAMES|GLOBAL|TRANSACTION|sql_mode)|LOCK TABLES'
while IFS= read -r line; do
    complain "SQL in C: $line"
done < <(grep -rnE --include='*.[ch]' "\"([^\"\\\\]|\\\\.)*\\b($words)\\b" src || true)

# Every query is named in the room, as "name" or by its path.
for file in sql/query/*.sql; do
    name=$(basename "$file" .sql)
    n=$((n + 1))
    case $name in *_*) ;; *) complain "$file: a name has two words, so that it is found in C" ;; esac
    grep -qF -e "\"$name\"" -e "\"$file\"" src/store/*.c || complain "$file: nothing in src/store uses it"
    [ -s "$file" ] || complain "$file: empty"
done

# Every such name in the room is a query. Programs that the room starts look alike, and words of a server.
while read -r name; do
    [[ $name =~ ^(my_print_defaults|octet_length|utf8mb4_bin|binlog_format|innodb_buffer_pool_size|log_bin|max_allowed_packet|sql_mode)$ ]] || [ -f "sql/query/$name.sql" ] ||
        complain "src/store: \"$name\" has no sql/query/$name.sql"
done < <(grep -ohE '"[a-z0-9]+(_[a-z0-9]+)+"' src/store/*.c | tr -d '"' | sort -u)
while read -r path; do
    [ -f "$path" ] || complain "src/store: $path is not there"
done < <(grep -ohE '"sql/query/[a-z0-9_]+\.sql"' src/store/*.c | tr -d '"' | sort -u)

# No other room asks for a query.
while IFS= read -r line; do
    complain "outside of store: $line"
done < <(grep -rnE --include='*.c' '"sql/|[<"]mysql' src --exclude-dir=store || true)

# Every table that is left stands in the grants of the roles that run and report.
for table in $(grep -ohE 'CREATE TABLE [a-z_]+' sql/schema/*.sql | cut -d' ' -f3 | sort -u) schema_version; do
    ! grep -qE "^DROP TABLE IF EXISTS $table;" sql/schema/*.sql || continue
    for role in assay_run assay_report; do
        grep -qE "^GRANT [A-Z, ]+ ON \`assay\`\.$table TO $role;\$" sql/grants.sql ||
            complain "sql/grants.sql: $role has no rights on $table"
    done
done
grep -qE 'ON `assay`\.audit_log TO assay_run' sql/grants.sql && grep 'audit_log TO assay_r' sql/grants.sql | grep -qE 'UPDATE|DELETE' &&
    complain "sql/grants.sql: records of the audit log are written and read, no more"

# Parameters only: a query is never put together from text.
while IFS= read -r line; do
    complain "a place for text in a query: $line"
done < <(grep -nE '%[sd]|\$\{' sql/query/*.sql sql/schema/*.sql || true)

[ "$n" -gt 40 ] || complain "only $n queries were found: the test looks in the wrong place"
printf '%d queries checked, %d broken\n' "$n" "$bad"
[ "$bad" -eq 0 ]
