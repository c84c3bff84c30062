#!/usr/bin/env bash
# Whose a scan is: what names no host is no agent, --agent and <agent>@ are for files that name none, several hosts in a file
# stay several, and an alias is nobody: it is printed beside the name, never matched, and told of when it is another's.
. "$(dirname "$0")/../lib/lib.sh"
need jq openssl pdftotext
base=$(cat "$T/assay.conf")
conf() { printf '%s\n' "$base" "$@" >"$T/assay.conf"; }
# data FILE NAME ALIAS WORD MINUTE [PASSWORD]: a Pandora file of one check.
data() {
    cat >"$1" <<XML
<?xml version="1.0" encoding="UTF-8"?>
<agent_data agent_name="$2" agent_alias="$3" group="Servers" group_password="${6:-}" timestamp="2026/10/20 09:24:00" timezone_offset="0">
<hardening policy_id="base" policy_version="1" policy_title="Base" profile="" scanner="test" start="2026-10-20T09:00:00Z"
 end="2026-10-20T09:$5:00Z"><check id="1" category="6" status="$4" severity="high"><title>One</title></check>
</hardening></agent_data>
XML
}
# result FILE TARGET: an XCCDF result of one rule.
result() {
    cat >"$1" <<XML
<TestResult xmlns="http://checklists.nist.gov/xccdf/1.2" id="t" end-time="2026-10-20T10:00:00Z"><benchmark id="house"/>
<target>$2</target><rule-result idref="r"><result>fail</result></rule-result></TestResult>
XML
}
# alert NAME RESULT: an alert of a Wazuh manager, with the agent's number.
alert() {
    printf '{"timestamp":"2026-10-20T10:00:00.000+0000","rule":{"id":"19007"},"agent":{"id":"%s","name":"%s"},' "$3" "$1"
    printf '"decoder":{"name":"sca"},"location":"sca","data":{"sca":{"type":"check","scan_id":"%s","policy":"House",' "$3"
    printf '"check":{"id":"1","title":"t","result":"%s"}}}}\n' "$2"
}
# agents: all that the database has, on one line.
agents() { assay report hardening-monthly --period 2026-10 -f json -o "$T/all" --reason "made again" >/dev/null 2>&1
    jq -r '[.. | objects | select(.key? == "scoring" and has("rows")) | .rows[] | select(.is_total | not) | .cells.agent] | sort | join(" ")' \
        "$T"/all/hardening-monthly*.json; rm -rf "$T/all"; }
named() { equal "$(assay inspect "$@" | jq -r .asset.name | sort | paste -sd' ')" "$want"; }

check init status 0 assay init
mkdir "$T/in"

# ---- no names ----
result "$T/in/chroot.xml" chroot:///host
check "a URL is no agent" status 3 assay ingest "$T/in/chroot.xml"
check "the reason says what stood there" says 'the file names no agent, only "chroot:///host", a URL'
check "and what to do" says 'name it <agent>@<anything>, or give --agent'
check "--agent is for such files" status 0 assay ingest "$T/in/chroot.xml" --agent host7
check "no name for --agent either" status 64 assay ingest "$T/in/chroot.xml" --agent localhost
check "inspect, too" status 64 assay inspect "$T/in/chroot.xml" --agent Prowler
check "which says why" says "the name of a product"
result "$T/in/unknown@x.xml" localhost.localdomain
check "no name before @" status 3 assay ingest "$T/in/unknown@x.xml"
check "the agents" equal "$(agents)" host7

# ---- --agent and <agent>@: for files that name none ----
result "$T/in/web77@named.xml" web01
want=web01 check "inspect: the file's own name" named "$T/in/web77@named.xml" --agent web88
check "ingest, the same" status 0 assay ingest "$T/in/web77@named.xml" --agent web88
check "it is web01" equal "$(agents)" "host7 web01"
cp "$T/in/web77@named.xml" "$T/in/web99@again.xml"
check "brought again under another name" status 0 assay ingest "$T/in/web99@again.xml" --json
check "it is the same file" equal "$(jq -c '[.stored,.duplicate]' "$T/out")" "[0,1]"
cp "$T/in/chroot.xml" "$T/in/host8@chroot.xml"
want=host8 check "the transport before --agent" named "$T/in/host8@chroot.xml" --agent host9
check "the same bytes of another host" status 0 assay ingest "$T/in/host8@chroot.xml" --agent host9 --json
check "are another file" equal "$(jq -c '[.stored,.duplicate]' "$T/out")" "[1,0]"
{ alert alpha passed 007; alert beta failed 008; } >"$T/in/mgr01@two.jsonl"
want="alpha beta" check "inspect: two hosts" named "$T/in/mgr01@two.jsonl"
check "two hosts stay two" status 0 assay ingest "$T/in/mgr01@two.jsonl"
{ alert "" passed 007; alert "" failed 008; } >"$T/in/mgr01@nameless.jsonl"
check "two hosts that nothing names" status 3 assay ingest "$T/in/mgr01@nameless.jsonl"
check "are not folded into one" says 'scans of 2 hosts and does not name them ("agent 007", "agent 008")'
check "inspect says the same" status 3 assay inspect "$T/in/mgr01@nameless.jsonl"
check "all agents" equal "$(agents)" "alpha beta host7 host8 web01"

# ---- the alias of an attacker, under each policy ----
K=$T/keys C=$T/certs && mkdir "$K" "$C"
for k in evil02 srv06.example.net; do
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$K/$k.key" -out "$C/$k.pem" \
        -days 30 -subj "/CN=$k" 2>/dev/null
done
sign() { openssl cms -sign -binary -in "$1" -signer "$C/$2.pem" -inkey "$K/$2.key" -outform DER -out "$1.p7s"; }
line=$(printf 'house-secret\n' | "$ASSAY" agent password Servers)
check "on the list" status 0 assay agent add evil02 srv06.example.net
n=10
for policy in open password listed; do
    case $policy in
    open) conf ;;
    password) conf "enrol = password" "$line" ;;
    listed) conf "enrol = listed" "agent-certs = $C" "require-signature = yes" ;;
    esac
    S=$T/$policy && mkdir "$S"
    data "$S/1.data" srv06.example.net "" FAIL $((n + 1)) house-secret
    data "$S/2.data" evil02 srv06.example.net PASS $((n + 2)) house-secret
    data "$S/3.data" evil02 srv06.example.net PASS $((n + 3)) house-secret
    [ $policy != open ] && [ $policy != password ] && sign "$S/1.data" srv06.example.net && sign "$S/2.data" evil02 &&
        sign "$S/3.data" srv06.example.net
    [ $policy = listed ] && want=3 || want=0
    [ $policy = open ] && told=1 || told=0
    check "$policy: ingest" status $want assay ingest "$S"
    [ $told = 0 ] || check "$policy: told of on standard error" says \
        'agent "evil02" gives itself the name of another agent as its alias: "srv06.example.net"'
    [ $want = 0 ] || check "$policy: the certificate belongs to the name" says \
        "agent evil02: the certificate of the signature is that of another agent"
    check "$policy: report" status 0 assay report hardening-monthly --period 2026-10 -f json,csv,html,pdf -o "$T/r-$policy" --reason "made again"
    R=$T/r-$policy/hardening-monthly-2026-10
    score() { jq -r --arg a "$1" '[.. | objects | select(.key? == "scoring" and has("rows")) | .rows[] |
        select(.cells.agent == $a) | .cells.score] | join(" ")' "$R.json"; }
    check "$policy: srv06 failed" equal "$(score srv06.example.net)" 0
    check "$policy: evil02 passed under its own name" equal "$(score evil02)" 100
    check "$policy: CSV has both columns" grep -qE '^[^,]*,evil02,.*,srv06.example.net' "$R.scoring.csv"
    check "$policy: HTML says both" grep -q 'evil02 (alias srv06.example.net)' "$R.html"
    pdftotext -layout "$R.pdf" "$T/pdf.txt"
    check "$policy: PDF says both" sh -c 'tr -s " \n" " " <"$1" | grep -q "evil02 (alias"' - "$T/pdf.txt"
    check "$policy: data quality" grep -q 'evil02,its alias is the name of agent srv06.example.net' "$R.quality-aliases.csv"
    check "$policy: of the other, too" grep -q 'srv06.example.net,agent evil02 gives itself this name' "$R.quality-aliases.csv"
    check "$policy: --agent is the name" status 0 assay report agent-detail --agent srv06.example.net --period 2026-10 -f json \
        -o "$T/a-$policy" --reason "made again"
    check "$policy: nothing of evil02 in it" sh -c '! jq -r ".sections[] | select(.key != \"quality\")" "$1"/agent-detail*.json | grep -q evil02' - "$T/a-$policy"
    n=$((n + 10))
done
conf

# ---- names that do not show as they are ----
data "$T/in/rlo.data" "srv&#x202E;60" "" PASS 50
data "$T/in/zwsp.data" "web&#x200B;01" "" PASS 51
data "$T/in/nbsp.data" "web&#xA0;01" "" PASS 52
check "they are stored" status 0 assay ingest "$T/in/rlo.data" "$T/in/zwsp.data" "$T/in/nbsp.data"
check report status 0 assay report hardening-monthly --period 2026-10 -f json,csv,html,pdf -o "$T/odd" --reason "made again"
R=$T/odd/hardening-monthly-2026-10
pdftotext "$R.pdf" "$T/pdf.txt"
for f in "$R.scoring.csv" "$R.html" "$T/pdf.txt"; do
    for c in 202E 200B 00A0; do check "U+$c in ${f##*.}" grep -q "U+$c" "$f"; done
    check "no raw one in ${f##*.}" sh -c '! grep -qE "srv\xe2\x80\xae|web\xe2\x80\x8b|web\xc2\xa001" "$1"' - "$f"
done
check "JSON is exact" sh -c 'jq -e "[.. | .agent? // empty] | index(\"srv\\u202e60\") != null" "$1" >/dev/null' - "$R.json"
check "agent add --seen goes on" status 0 assay agent add --seen
check "and names what it leaves out" says "srv⟨U+202E⟩60: not put on the list"
assay agent list >"$T/list" 2>&1
check "the others are on it" sh -c 'grep -q ^alpha "$1" && grep -q ^web01 "$1" && ! grep -q srv.*60 "$1"' - "$T/list"

# ---- cases of the field ----
Q=$SRC/../shared/samples/cases
if [ -d "$Q" ]; then
    want=X check "a CPE" named "$Q/hdf-target-is-cpe-hostA.json" -a X
    want=X check "a chroot" named "$Q/xccdf-target-chroot-only.xml" -a X
    want=web7.example check "the fqdn behind localhost" named "$Q/xccdf-target-localhost.xml" -a X
    want="alpha.example beta.example" check "OSCAL of two hosts" named "$Q/oscal-two-hosts-computer-name.json" -a X
    want="alpha beta" check "Wazuh of two agents" named "$Q/mgr01@wazuh-two-agents.jsonl"
    want=hosta check "a CKL" named "$Q/ckl-order.ckl" -a X
    want="dup.example dup.example" check "one host twice" named "$Q/nessus-same-host-twice.nessus" -a X
fi
done_tests
