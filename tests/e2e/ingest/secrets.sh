#!/usr/bin/env bash
# What stands in a file that is none of ours stays there: no byte of it comes into a message, a reason, the audit log or the
# database. Tried in every way a file can be told not to be a result, and in every format that can be broken.
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/sql.sh"
need mariadb mariadbd pgrep gzip iconv
S=$T/spool X=S3kr1tT0ken
check init status 0 assay init
echo 'spool-settle = 0' >>"$T/assay.conf"
mkdir -p "$S"
put() { cat >"$S/$1"; }

# Text, and what looks like a format that it is not.
printf '%s\n' "$X" | put line.txt
printf 'group-password = Servers:%s\n' "$X" | put assay.conf
printf 'root:$y$j9T$%s:19000:0:99999:7:::\n' "$X" | put shadow
printf '%s,%s,%s\n1,2,3\n' "$X" "$X" "$X" | put table.csv
printf '\0\1%s' "$X" | put binary
printf 'apiVersion: v1\nkind: Secret\ndata: %s\n' "$X" | put secret.yml
printf -- '-----BEGIN PRIVATE KEY-----\n%s\n' "$X" | put key.pem
printf '{"%s":{"%s":"%s"}}' "$X" "$X" "$X" | put keys.json
printf '{"a":%s}' "$X" | put token.json
printf '{%s' "$X" | put open.json
printf '["%s"' "$X" | put cut-array.json
printf '{"password":"%s' "$X" | put cut.json
printf '{"password":"%s"} %s' "$X" "$X" | put behind.json
printf '{"a":"\\ud800%s"}' "$X" | put surrogate.json
printf '{"error":"%s"}' "$X" | put error.json
# XML: in names, namespaces, attributes, comments, instructions, entities, encodings, and cut at each of them.
printf '<%s/>' "$X" | put root.xml
printf '<a xmlns="urn:%s"/>' "$X" | put ns.xml
printf '<Benchmark xmlns="urn:%s"/>' "$X" | put benchmark.xml
printf '<CHECKLIST xmlns="urn:%s"/>' "$X" | put checklist.xml
printf '<%s' "$X" | put cut-root.xml
printf '<a %s="1" %s="2"/>' "$X" "$X" | put twice.xml
printf '<a %s/>' "$X" | put no-value.xml
printf '<a b="%s' "$X" | put cut-value.xml
printf '<a b="&%s;"/>' "$X" | put entity.xml
printf '<a b="<%s"/>' "$X" | put less.xml
printf '<!-- %s' "$X" | put comment.xml
printf '<?%s' "$X" | put instruction.xml
printf '<?xml version="1.0" encoding="%s"?><a/>' "$X" | put encoding.xml
printf '<?xml version="%s"?><a/>' "$X" | put version.xml
printf '<!DOCTYPE a [<!ENTITY x "%s">]><a/>' "$X" | put doctype.xml
printf '<html><body>%s</body></html>' "$X" | put page.html
printf '<a>%s</%s>' "$X" "$X" | put mismatch.xml
printf '<a>\377%s</a>' "$X" | put latin.xml
printf '<%s>' "$X" | iconv -t UTF-16 | put utf16.xml
printf '<%s/>' "$X" | iconv -t UTF-32 | put utf32.xml
# Packed, and damaged.
printf '%s' "$X" | gzip -c | put text.gz
printf '<%s/>' "$X" | gzip -c | put xml.gz
printf '{"%s":1' "$X" | gzip -c | put json.gz
head -c 100000 /dev/urandom | base64 | sed "s/^/$X/" | gzip -c | head -c 5000 | put cut.gz
printf '\037\213%s' "$X" | put damaged.gz
# Ours, broken where a password may stand.
pandora() { printf '<agent_data agent_name="a" %s><module><name>x</name></module></agent_data>' "$1"; }
pandora "group_password=\"a\"$X\"" | put quote.data
pandora "group_password=\"a&$X;\"" | put amp.data
pandora "group_password=\"a<$X\"" | put lt.data
pandora "group_password=$X" | put bare.data
pandora "group_password=\"$X\" group_password=\"$X\"" | put double.data
printf '<agent_data agent_name="a" group_password="%s' "$X" | put cut.data
printf '<%s/><agent_data agent_name="a"></agent_data>' "$X" | put second.data
printf '{"type":"check","policy_id":"x","check":{"id":%s}}' "$X" | put event.jsonl
printf '{"decoder":{},"agent":{},"data":{}}\npassword %s\n' "$X" | put log.jsonl
for f in samples/stig/*.cklb samples/inspec/*.json samples/oscal/*.json samples/ciscat/*.json samples/kube-bench/*.json samples/prowler/*.json; do
    [ -f "$SRC/$f" ] || continue
    # from the middle on it is the stray text
    { head -c $(($(stat -c %s "$SRC/$f") / 2)) "$SRC/$f"; printf '\n%s\n' "$X"; } | put "half-$(basename "$f")"
done

n=$(find "$S" -maxdepth 1 -type f | wc -l)
for f in "$S"/*; do [ -f "$f" ] && "$ASSAY" inspect "$f" >>"$T/inspected" 2>&1; done
check "all are rejected" status 3 assay ingest --spool "$S" --json
check "each of them" equal "$(jq .rejected "$T/out")" "$n"
cat "$T/out" "$T/err" >"$T/said"
cat "$S"/rejected/*.reason >"$T/reasons"
"$ASSAY" audit export -f json -o "$T/log.json" --from 0
settle
sql 'SELECT * FROM input; SELECT * FROM input_warning; SELECT rec FROM audit_log' >"$T/rows"
for where in inspected said reasons log.json rows; do
    check "$where: there is something" test -s "$T/$where"
    for part in "$X" "${X%oken}" 53336b723174; do # whole, its beginning, as hexadecimal digits
        check "$where: not in it" fails grep -i "$part" "$T/$where"
    done
    grep -i "$X" "$T/$where" | head -3 >&2
done
check "the database files" fails grep -rlq "$X" "$T/state"
check "name, size and hash are there" test "$(grep -c 'line.txt' "$T/log.json")" -ge 1
done_tests
