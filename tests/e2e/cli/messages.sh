#!/usr/bin/env bash
# What is said on standard error: progress of what takes long, messages as JSON with the run they belong to, and every mistake of
# the settings at once, without a database.
. "$(dirname "$0")/../lib/lib.sh"
need jq script

# ---- all mistakes ----
check "settings that are right" status 0 assay config check
check "silent" silent
check "nothing was made" fails test -e "$T/state"
cp "$T/assay.conf" "$T/right.conf"
mkdir -p "$T/conf.d" "$T/templates/reports"
printf 'frob = 1\n\n# fine\njobs = many\nno equals sign\nzone = Europe/Berlim\npaper = a9\nspool-dir = in\ntemplates-dir = %s/templates\n' "$T" >>"$T/assay.conf"
printf 'quota-size = 0x10\nexport = json:/a\nexport = json:/a\n' >"$T/conf.d/10.conf"
echo '{"sections": [{"type": "nonsense"}]}' >"$T/templates/reports/broken.json"
check "many mistakes" status 78 assay config check
n=$(lines() { wc -l <"$T/err"; }; lines)
check "each has its line" equal "$n" 9
for place in assay.conf:5 assay.conf:8 assay.conf:9 assay.conf:10 assay.conf:11 assay.conf:12 conf.d/10.conf:1 conf.d/10.conf:3 broken.json; do
    check "one at $place" grep -q "$place" "$T/err"
done
check "as JSON" status 78 assay config check --json
check "the same" equal "$(jq -c '[.ok, (.files | length), (.mistakes | length)]' "$T/out")" '[false,2,9]'
check "the others stop at the first" status 78 assay doctor
check "which is the first of these" says 'assay.conf:5: unknown setting "frob"'
rm -r "$T/conf.d" "$T/templates"; cp "$T/right.conf" "$T/assay.conf"
check "a file that is not there" status 78 assay config check --config "$T/none.conf"
check "no arguments" status 64 assay config check all

# ---- messages as JSON ----
check init status 0 assay init
check "a failure" status 64 assay report hardening-monthly --period 2126-01 --log-format json
check "is an object a line" equal "$(jq -c '[.level, .command, .code, (.run | length)]' "$T/err")" '["error","report","usage",16]'
bash "$SRC/scripts/make-fleet" --agents 20 --weeks 2 --groups 2 --out "$T/spool" --seed 3 --with-bad >/dev/null
check "several messages" status 3 assay ingest --spool "$T/spool" --log-format json -v
check "all of one run" equal "$(jq -s 'map(.run) | unique | length' "$T/err")" 1
check "and there are several" test "$(jq -s length "$T/err")" -ge 2
check "each with its time" equal "$(jq -s 'all(.time | test("^20.*Z$"))' "$T/err")" true
check "another run has another name" equal "$({ jq -r .run "$T/err"; assay report x --log-format=json 2>&1 | jq -r .run; } | sort -u | wc -l)" 2
printf '<html>no\nscan</html>' >"$T/spool/bad"$'\e'"[31m.data"
check "a name of somebody who means no good" status 3 assay ingest --spool "$T/spool" --log-format json
check "is data, and no message of its own" equal "$(jq -s 'all(.level == "notice" or .level == "error" or .level == "warning")' "$T/err")" true
check "and moves no cursor" fails grep -q $'\e' "$T/err"
check "no such format" status 64 assay doctor --log-format xml
check "no such word" status 64 assay doctor --progress=often

# ---- progress ----
# haste COMMAND…: for the program two seconds are over at once.
haste() { E2E_HASTE=1000 LD_PRELOAD=$BUILD/tests/libe2e_clock.so "$@"; }
month=$(date -d "$(date +%Y-%m-01) -1 day" +%Y-%m)
mkdir "$T/b1"
check "silent when it is no terminal" status 0 haste assay backup "$T/b1" --quiet
check "nothing of progress" silent
check "asked for" status 0 haste assay report hardening-monthly --period "$month" -o "$T/r1" --progress always --allow-empty
check "steps of a report" grep -q '^assay: report, pdf$' "$T/err"
check "as JSON" status 0 haste assay report hardening-monthly --period "$month" -o "$T/r2" --progress always --allow-empty --log-format json --reason again
check "with its level" equal "$(jq -s 'map(select(.level == "progress")) | length > 1' "$T/err")" true
on_terminal() { haste script -qec "$*" /dev/null </dev/null >"$T/out" 2>"$T/err"; }
check "verify on a terminal" on_terminal "$ASSAY" verify "$T/r1"
check "one line that is written over" grep -q $'\rverify' "$T/out"
check "and taken away" sh -c 'tail -c 400 "$1" | grep -q "$(printf "\r\033\[K")"' - "$T/out"
check "no colour, whatever the terminal" fails grep -q $'\e\[[0-9;]*m' "$T/out"
check "never" on_terminal "$ASSAY" verify --progress never "$T/r1"
check "means never" fails grep -q $'\rverify' "$T/out"
check "ingest" status 0 haste assay ingest --spool "$T/spool" --progress always
check "quiet means quiet" status 0 haste assay audit verify --progress always -q
check "indeed" fails grep -q 'verify' "$T/err"
check "audit verify" status 0 haste assay audit verify --progress always
check "says how far it is" grep -qE '^assay: verify' "$T/err"
done_tests
