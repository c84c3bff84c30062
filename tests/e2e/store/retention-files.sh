#!/usr/bin/env bash
# What retention does with files: copies in the spool, sealed reports, memories of exporters; rejected files that are taken once
# more. And what was pruned before a backup and a restore.
. "$(dirname "$0")/../lib/lib.sh"
need jq
later=$(date -u -d '+13 months' +%Y-%m-%dT12:00:00Z)
soon=$(date -u -d '+2 months' +%Y-%m-%dT12:00:00Z)
prune() { at "$later" assay prune "$@"; }
class() { jq -c ".classes[] | select(.class == \"$1\") | $2" "$T/out"; }
events() { assay audit export -f json --from 0 --no-record -o - --quiet | grep -c "\"event\":\"$1\""; }
S=$T/spool; mkdir -p "$S"
host() { # host NAME CHECKS
    local k
    echo "<agent_data agent_name='$1' group='Servers' timestamp='2026/10/20 09:24:00' timezone_offset='0'><hardening policy_id='p' policy_version='1' policy_title='P' scanner='t' start='2026-10-20T09:20:00Z' end='2026-10-20T09:24:00Z'>"
    for ((k = 1; k <= $2; k++)); do echo "<check id='$k' category='6' status='FAIL' severity='low'><title>Check $k</title></check>"; done
    echo '</hardening></agent_data>'
}
printf 'quota-checks = 5\nspool-settle = 0\n' >>"$T/assay.conf"
check init status 0 assay init
for n in 1 2 3; do host small$n 3 >"$S/small$n.data"; host big$n 9 >"$S/big$n.data"; done
echo '<html/>' >"$S/page.data"
check "three are over a quota, one is nothing" status 3 assay ingest --spool "$S"
check "they are rejected" equal "$(cd "$S/rejected" && ls | grep -vc reason)" 4

# ---- once more

check "which" status 64 assay spool retry
check "all, or some" status 64 assay spool retry --all big1.data
check "one that is not there" status 64 assay spool retry nothere.data
check "a rehearsal" status 0 assay spool retry --rule quota-checks --dry-run
check "names three" equal "$(wc -l <"$T/out")" 3
check "and moves nothing" equal "$(cd "$S/rejected" && ls | grep -vc reason)" 4
sed -i 's/^quota-checks.*/quota-checks = 10/' "$T/assay.conf"
check "one by its name" status 0 assay spool retry big1.data --json
check "is back" equal "$(jq -r '[.file, .back] | join(" ")' "$T/out")" "big1.data true"
check "with nothing of its reason" equal "$(ls "$S/rejected" | grep -c big1)" 0
(assay spool retry --rule quota-checks >"$T/a" 2>&1; echo $? >>"$T/a") & (assay spool retry --rule quota-checks >"$T/b" 2>&1; echo $? >>"$T/b") &
wait
check "two at once: each file once" equal "$(cat "$T/a" "$T/b" | grep -c '^big')" 2
check "the next run takes them" status 0 assay ingest --spool "$S" --json
check "all three, once" equal "$(jq -c '[.stored, .duplicates // .duplicate]' "$T/out")" "[3,0]"
check "what is no scan stays" equal "$(ls "$S/rejected" | grep -c page.data)" 2
check "told, each" test "$(events spool.retry)" -ge 3

# ---- copies in the spool

check "a month later" status 0 at "$soon" assay prune --class done --class rejected --json
check "nothing is old" equal "$(jq -c '[.classes[].n]' "$T/out")" "[0,0]"
check "a hold" status 0 assay hold add --agent small1 --reason x --by me
check "a year later, a rehearsal" status 0 prune --class done --class rejected --dry-run --json
check "counts" equal "$(jq -c '[.classes[] | [.n, .kept.held]]' "$T/out")" "[[5,1],[1,0]]"
check "removes nothing" equal "$(ls "$S/done" | wc -l)" 6
check "pruned" status 0 prune --class done --class rejected --json
check "but for what is held" equal "$(ls "$S/done")" small1.data
check "with its reason" equal "$(ls "$S/rejected" | wc -l)" 0
check "told by name" equal "$(assay audit export -f json --from 0 --no-record -o - --quiet | grep '"event":"data.prune"' | grep -c 'page.data')" 1

# ---- sealed reports

make() { assay report hardening-monthly --period 2026-10 -f csv "$@"; }
I=hardening-monthly-2026-10 R=$T/scheduled
check "a report" status 0 make
check "and a second version" status 0 make --reason again
cp -a "$R/$I" "$T/handed-out"
printf 'keep-reports = 12\n' >>"$T/assay.conf"
check "held" status 0 assay hold add --report "$I" --reason audit --by me
id=$(cat "$T/out")
check "a year later" status 0 prune --class reports --json
check "both stay" equal "$(class reports '[.n, .kept.held]')" "[0,2]"
check "released" status 0 assay hold release "$id" --reason over --by me
check "a year later" status 0 prune --class reports --json
check "both go" equal "$(class reports .n)" 2
check "with their folder" test ! -e "$R/$I"
check "what was handed out verifies" status 0 assay verify --trust "$T/state/sign.crt" "$T/handed-out/v1"
check "the run does not make it again" status 0 at "$(date -u -d '+1 day' +%Y-%m-%dT12:00:00Z)" assay run
check "it is gone" test ! -e "$R/$I"

# ---- memories of targets

check "a target once" status 0 assay audit export -f json -o "$T/once.json"
check "is remembered" equal "$(ls "$T/state/sent" | wc -l)" 1
check "a year later" status 0 prune --class exports --json
check "no more" equal "$(class exports .n) $(ls "$T/state/sent" | wc -l)" "1 0"

check "all of it verifies" status 0 assay audit verify --no-record
done_tests
