#!/usr/bin/env bash
# Who may report: passwords of groups, the list, aliases, frozen agents, signatures made by openssl;
# what is refused is kept with its reason and stands in the audit log, and no password anywhere.
. "$(dirname "$0")/../lib/lib.sh"
need jq openssl
S=$T/spool
base=$(cat "$T/assay.conf")

# conf LINE…: the settings of a site and these.
conf() { printf '%s\n' "$base" "$@" >"$T/assay.conf"; }
# agent FILE NAME GROUP PASSWORD MINUTE [POLICY]: a Pandora file of one check.
agent() {
    cat >"$1" <<EOF
<?xml version="1.0" encoding="UTF-8"?>
<agent_data agent_name="$2" agent_alias="Alias of $2" group="$3" group_password="$4" os_name="Linux $5"
 timestamp="2026/10/20 09:24:00" timezone_offset="0">
<hardening policy_id="${6:-base}" policy_version="1" policy_title="Base" profile="" scanner="test"
 start="2026-10-20T09:00:00Z" end="2026-10-20T09:$5:00Z">
<check id="1" category="6" status="PASS" severity="medium"><title>Check one</title></check>
</hardening>
</agent_data>
EOF
}
ingest() { status "$1" assay ingest --spool "$S" --json; }
counts() { equal "$(jq -c '[.stored,.rejected,.scans]' "$T/out")" "$1"; }
reason() { grep -qF -- "$2" "$S/rejected/$1.reason" || { cat "$S/rejected/$1.reason" >&2; return 1; }; }
# Custody, agents and the rest as the report has them.
report() {
    rm -rf "$T/r"
    status 0 assay report hardening-monthly --period 2026-10 -f json,csv -o "$T/r" --reason "made again"
}
# records EVENT: records of the audit log with that event, as JSON lines.
records() { assay audit export -f json -o - --from 0 2>/dev/null | jq -c ".rec | select(.event == \"$1\")"; }

check init status 0 assay init
mkdir -p "$S"

# ---- passwords ----
status 0 sh -c 'printf "s3cret-of-servers\n" | "$0" agent password Servers' "$ASSAY"
line=$(cat "$T/out")
check "a line for the settings" sh -c 'case $1 in "group-password = Servers:\$scrypt\$"*) ;; *) exit 1;; esac' - "$line"
check "no password, no line" status 64 sh -c '"$0" agent password Servers </dev/null' "$ASSAY"
check "an empty password" status 64 sh -c 'echo | "$0" agent password Servers' "$ASSAY"
conf "enrol = password"
agent "$S/p1.data" web01 Servers s3cret-of-servers 10
check "password without a group-password: 78" status 78 assay ingest --spool "$S"
check "nothing was taken" test -f "$S/p1.data"
conf "enrol = password" "$line"
check "the right password" ingest 0
check "stored" counts '[1,0,1]'
agent "$S/p2.data" web01 Servers wrong-one 11
check "a wrong one on the second file" ingest 3
check "refused" counts '[0,1,0]'
check "kept" test -f "$S/rejected/p2.data"
check "with its reason" reason p2.data "agent web01: the password is not that of its group"
agent "$S/p3.data" web01 Servers "" 12
agent "$S/p4.data" web01 Others s3cret-of-servers 13
check "none, and that of another group" ingest 3
check "both refused" counts '[0,2,0]'
check "none: the reason" reason p3.data "carries no group password"
check "another group: the reason" reason p4.data "has no group-password"
check "no password in messages" sh -c '! grep -rqE "s3cret-of|wrong-one" "$1"/*.reason "$2" "$3"' - "$S/rejected" "$T/out" "$T/err"
check "inspect says how" status 0 assay inspect "$S/done/p1.data"
check "custody: password" equal "$(jq -r .custody "$T/out")" password
check "inspect says why not" status 3 assay inspect "$S/rejected/p2.data"
check "refused" equal "$(jq -r .custody "$T/out")" ""
check "its reason" says "the password is not that of its group"
check "and not the password" sh -c '! grep -q wrong-one "$1"' - "$T/out"

# Whoever knows the password of one group does not speak for the agents of another.
status 0 sh -c 'printf "s3cret-of-others\n" | "$0" agent password Others' "$ASSAY"
conf "enrol = password" "$line" "$(cat "$T/out")"
agent "$S/g1.data" web01 Others s3cret-of-others 14
check "another group's agent" ingest 3
check "its reason" reason g1.data "it is stored under another group"
check "moved by the officer" status 0 assay agent move web01 --group Others --json
check "one moved" equal "$(jq .changed "$T/out")" 1
mv "$S/rejected/g1.data" "$S/"
check "now it may" ingest 0
check "nobody to move" status 64 assay agent move nobody --group Others
check "and back" status 0 assay agent move web01 -g Servers

# ---- the list ----
conf "enrol = listed"
agent "$S/l1.data" db01 Databases "" 10
check "not on the list" ingest 3
check "its reason" reason l1.data "agent db01: it is not on the list of agents"
check "add" status 0 assay agent add db01 --alias db01.old --json
check "one changed" equal "$(jq .changed "$T/out")" 1
check "again: none" status 0 assay agent add db01 --json
check "none changed" equal "$(jq .changed "$T/out")" 0
mv "$S/rejected/l1.data" "$S/"
check "the same file again" ingest 0
check "stored now" counts '[1,0,1]'
agent "$S/l2.data" db01.old Databases "" 11
check "under its alias" ingest 0
check "stored" counts '[1,0,1]'
check "an alias is nobody else's" status 64 assay agent add db02 --alias db01.old
check "an alias is no agent" status 64 assay agent add db01.old
check "nobody there" status 64 assay agent freeze nobody
check "list" status 0 assay agent list
check "one line" equal "$(cat "$T/out")" "db01  alias db01.old  last heard of 2026-10-20T09:11:00Z"
check "those that reported" status 0 assay agent add --seen --json
check "web01 is new" equal "$(jq .changed "$T/out")" 1
check "remove an alias" status 0 assay agent alias --remove db01 db01.old
agent "$S/l3.data" db01.old Databases "" 12
check "unknown again" ingest 3
check "dry run" status 0 assay agent remove -n db01
conf "enrol = listed" "agent = db09: db01.old"
mv "$S/rejected/l3.data" "$S/"
check "alias of the settings" ingest 0
check "list of both" status 0 assay agent list --json
check "who is on it" equal "$(jq -sc '[.[].name]' "$T/out")" '["db01","web01","db09"]'

# ---- frozen ----
conf
check "freeze" status 0 assay agent freeze web01
agent "$S/f1.data" web01 Elsewhere "" 20
check "a frozen agent reports on" ingest 0
check "stored" counts '[1,0,1]'
agent "$S/f2.data" web01 Servers "" 21 another
check "but nothing new" ingest 3
check "its reason" reason f2.data "it is frozen, and this policy is new to it"
check "report" report
J=$T/r/hardening-monthly-2026-10.json
check "it stays where it was" sh -c '! grep -q Elsewhere "$1" && ! grep -q "Linux 20" "$1"' - "$J"
check "the alias brought no second agent" sh -c '! grep -q "\"db01.old\"" "$1"' - "$J"
check unfreeze status 0 assay agent unfreeze web01
mv "$S/rejected/f2.data" "$S/"
check "thawed" ingest 0

# ---- signatures ----
K=$T/keys C=$T/certs
mkdir "$K" "$C"
key() { # NAME [CN]: a key and a certificate
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$K/$1.key" \
        -out "$K/$1.pem" -days 30 -subj "/O=Fleet/CN=${2:-$1}" 2>/dev/null
}
sign() { # FILE KEY [FORM]
    openssl cms -sign -binary -in "$1" -signer "$K/$2.pem" -inkey "$K/$2.key" -outform "${3:-DER}" -out "$1.p7s"
}
key app01; key app02; key stranger app01
openssl req -new -newkey rsa:2048 -nodes -keyout "$K/app03.key" -out "$K/app03.csr" -subj /CN=app03 2>/dev/null
openssl x509 -req -in "$K/app03.csr" -signkey "$K/app03.key" -days 0 -out "$K/app03.pem" 2>/dev/null
cp "$K/app01.pem" "$K/app02.pem" "$K/app03.pem" "$C/"
conf "require-signature = yes"
agent "$S/s1.data" app01 Apps "" 10; sign "$S/s1.data" app01
check "require-signature without certificates: 78" status 78 assay ingest --spool "$S"
check "both are still there" test -f "$S/s1.data" -a -f "$S/s1.data.p7s"
conf "require-signature = yes" "agent-certs = $C"
agent "$S/s2.data" app02 Apps "" 10; sign "$S/s2.data" app02 PEM
check "signed, DER and PEM" ingest 0
check "stored" counts '[2,0,2]'
check "the signature went along" test -f "$S/done/s1.data.p7s" -a -f "$S/done/s2.data.p7s"
check "and nothing is left" equal "$(find "$S" -maxdepth 1 -type f | wc -l)" 0
agent "$S/t1.data" app01 Apps "" 11
agent "$S/t2.data" app01 Apps "" 12; sign "$S/t2.data" app01; sed -i 's/PASS/FAIL/' "$S/t2.data"
agent "$S/t3.data" app01 Apps "" 13; sign "$S/t3.data" stranger
agent "$S/t4.data" app01 Apps "" 14; sign "$S/t4.data" app02
agent "$S/t5.data" app03 Apps "" 15; sign "$S/t5.data" app03
agent "$S/t6.data" app01 Apps "" 16; echo junk >"$S/t6.data.p7s"
agent "$S/t7.data" app01 Apps "" 17; ln -s "$S/done/s1.data.p7s" "$S/t7.data.p7s"
check "what does not hold" ingest 3
check "all refused" counts '[0,7,0]'
check "no signature" reason t1.data "there is no signature beside the file"
check "tampered" reason t2.data "the file was changed after signing"
check "a key of somebody else" reason t3.data "not among agent-certs"
check "another agent's" reason t4.data "that of another agent"
check "expired" reason t5.data "has expired"
check "junk" reason t6.data "no CMS"
check "a link is none" reason t7.data "there is no signature"
check "signatures are kept" test -f "$S/rejected/t2.data.p7s" -a -f "$S/rejected/t6.data.p7s"
agent "$T/direct.data" app01 Apps "" 18; sign "$T/direct.data" app01
check "a file named on the command line" status 0 assay ingest "$T/direct.data"
mkdir "$T/folder" && agent "$T/folder/x.data" app01 Apps "" 20 && sign "$T/folder/x.data" app01
check "a folder named on the command line" status 0 assay ingest "$T/folder" --json
check "its signature is no result" counts '[1,0,1]'
agent "$T/z" app01 Apps "" 19; gzip -c "$T/z" >"$S/z.data.gz"; sign "$S/z.data.gz" app01
check "compressed: signed as it travels" ingest 0
check inspect status 0 assay inspect "$S/done/s1.data"
check "custody names the signer" equal "$(jq -r .custody "$T/out")" "signature:CN=app01,O=Fleet"

check doctor status 0 assay doctor
check "says who is accepted" says "2 of 3 certificates valid; signatures are required"
check "no hash in its settings" sh -c '! grep -q scrypt "$1"' - "$T/out"

# A run that died between file and signature: both come together again.
mkdir -p "$S/work/dead-1-00000000" "$S/work/dead-1-00000001"
agent "$S/work/dead-1-00000000/d1.data" app02 Apps "" 30; sign "$S/work/dead-1-00000000/d1.data" app02
agent "$S/work/dead-1-00000001/d2.data" app02 Apps "" 31; sign "$S/work/dead-1-00000001/d2.data" app02
mv "$S/work/dead-1-00000001/d2.data.p7s" "$S/"
check "a dead run's files" ingest 0
check "stored" counts '[2,0,2]'
check "under their names" test -f "$S/done/d1.data.p7s" -a -f "$S/done/d2.data.p7s"
echo "spool-delete = yes" >>"$T/assay.conf"
agent "$S/e.data" app02 Apps "" 32; sign "$S/e.data" app02
check "removed together" ingest 0
check "nothing left" equal "$(find "$S" -name 'e.data*' | wc -l)" 0

# A stored file that today's policy refuses stays stored.
conf "enrol = listed"
cp "$T/z" "$T/once"; check "not listed" status 3 assay ingest "$T/once"
conf
check "known bytes" status 0 assay ingest "$S/done/p1.data" --json
check "are known" equal "$(jq .duplicate "$T/out")" 1

# ---- reports and the audit log ----
check report report
csv=$T/r/hardening-monthly-2026-10.inputs.csv
check "custody in the input evidence" grep -q "signature: CN=app01,O=Fleet" "$csv"
check "password in the input evidence" grep -q "group password" "$csv"
check "no password in any output" sh -c '! grep -rqE "s3cret-of|wrong-one" "$1"' - "$T/r"
records agent.freeze >"$T/freeze"
check "freeze is recorded with old and new" equal \
    "$(jq -c '[.object.id, .changes[0].f, .changes[0].old, .changes[0].new]' "$T/freeze")" '["web01","frozen","no","yes"]'
check "moves are recorded" equal "$(records agent.move | jq -c '[.changes[0].old, .changes[0].new]' | tr '\n' ' ')" \
    '["Servers","Others"] ["Others","Servers"] '
check "refusals are recorded" equal "$(records ingest.file | jq -c 'select(.outcome == "failure")' | grep -c "not that of its group")" 1
check "no password in the audit log" sh -c '! grep -qE "s3cret-of|wrong-one|scrypt" "$1"' - <(assay audit export -f json -o - --from 0)
check "the audit log holds" status 0 assay audit verify
done_tests
