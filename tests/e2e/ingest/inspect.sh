#!/usr/bin/env bash
# What assay ingest would reject assay inspect says, in the same words and with the same exit status.
. "$(dirname "$0")/../lib/lib.sh"
need jq
check init status 0 assay init
D=$T/files && mkdir "$D" && cd "$D" || exit 1

xccdf() { # xccdf HOST BENCHMARK [VERSION]
    printf '<TestResult xmlns="http://checklists.nist.gov/xccdf/1.2" id="t" version="%s" end-time="2026-11-20T10:00:00Z">' "${3-1}"
    printf '<benchmark id="%s"/><target>%s</target><rule-result idref="r"><result>pass</result></rule-result></TestResult>' "$2" "$1"
}
long() { printf "%0$1d" 0; }

xccdf alpha01 b >good.xml
xccdf "" b 2 >no-agent.xml
xccdf "" b >"h1@no-agent.xml"
xccdf alpha01 "" >no-policy.xml
xccdf "h$(long 200)" b >long-agent.xml
xccdf "h$(long 300)" b >longer-agent.xml
xccdf alpha01 "b$(long 300)" >long-policy.xml
printf '{"dockerbenchsecurity":"1","tests":[]}' >no-scan.json
printf '{"dockerbenchsecurity":"1","tests":[{"id":"1","result":"PASS"}]}{"dockerbenchsecurity":' >cut.json
printf '<html><body>Sign in</body></html>' >page.html
: >empty.xml
printf 'no scan at all\n' >text.txt
xccdf alpha01 b >early.xml && sed -i 's/ end-time="[^"]*"//' early.xml && touch -d 1960-01-01T00:00:00Z early.xml
xccdf alpha01 b | head -c 150 >half.xml
mkdir folder

# The reason, without the name of the file before it: inspect has it as it was given.
reason() { jq -r '.rejections[0].reason // ""' "$1" | sed 's/^[^ ]*: //'; }
n=0
for f in *; do
    want=0
    [ "$f" != folder ] || continue
    "$ASSAY" ingest --read-all --json "$f" >"$T/ingest.json" 2>/dev/null || want=$?
    check "$f: the same status" status "$want" assay inspect "$f"
    why=$(reason "$T/ingest.json")
    [ -z "$why" ] || check "$f: the same reason" says "$why"
    [ -n "$why" ] || check "$f: nothing is said" test ! -s "$T/err"
    n=$((n + 1))
done
check "all were tried" equal "$n" 14
check "several, one of them bad: 3" status 3 assay inspect good.xml no-agent.xml
check "the good one is printed" equal "$(jq -r 'select(.refused == null) | .asset.name' "$T/out")" alpha01
check "the other, too, with its reason" equal "$(jq -r 'select(.refused) | .refused' "$T/out")" \
    "the file names no agent: name it <agent>@<anything>, or give --agent"
check "with a name it is good" status 0 assay inspect --agent x no-agent.xml
check "ingest says so, too" status 0 assay ingest --agent x no-agent.xml
for verb in inspect ingest; do
    check "$verb: no such file" status 1 assay $verb good.xml missing.xml
    check "$verb: its name" says "missing.xml: cannot read: No such file"
done

# By the list of agents.
printf 'enrol = listed\n' >>"$ASSAY_CONFIG"
xccdf other b >other.xml
check "ingest: not on the list" status 3 assay ingest other.xml
check "inspect: not on the list" status 3 assay inspect other.xml
check "its reason" says "agent other: it is not on the list of agents"
done_tests
