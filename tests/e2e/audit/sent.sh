#!/usr/bin/env bash
# The second part of the table of attacks on the log (matrix.sh has the first): what a log manager has got. For each
# attack who notices it, and, as it belongs to an honest account, who does not: verify, doctor, export (the target is
# stopped), checkpoint. The attacker has the database, and takes out of it what no longer fits; in the last rows he has
# the state directory, too.
. "$(dirname "$0")/../lib/lib.sh"
need jq node mariadb mariadbd pgrep
. "$(dirname "$0")/../lib/sql.sh"
tamper() { node "$SRC/tests/e2e/lib/tamper.js" "$@"; }
settings() { grep -v '^audit-witness' "$ASSAY_CONFIG" >"$T/conf"; printf '%s\n' "$@" | cat "$T/conf" - >"$ASSAY_CONFIG"; }
lines_of() { wc -l <"$1"; }
siem() { "$ASSAY" audit export --quiet --target siem "$@"; }
# events NAME: how many records of that event the log has.
events() { "$ASSAY" audit export --quiet --no-record -f json -o - --from 0 | grep -c "\"event\":\"$1\""; }

check init status 0 assay init
echo "export = json:$T/siem.json name=siem" >>"$ASSAY_CONFIG"
check "a witness" status 0 assay witness init --dir "$T/w" --name witness.test/w1 --log "$T/state/audit.vkey"
vkey=$(cat "$T/out") ask="$ASSAY witness cosign --dir $T/w"
settings "audit-witness = $vkey" "audit-witness-ask = $ask"
check ingest status 0 assay ingest "$SRC"/samples/lynis
check checkpoint status 0 assay audit checkpoint
check "what was published then" status 0 assay audit publish "$T/www"
keep; rm -rf "$T/early"; mv "$T/kept" "$T/early"
check ingest status 0 assay ingest "$SRC"/samples/stig "$SRC"/samples/pandora
check export status 0 assay audit export --target siem
check "the target has what is in the log" equal "$("$ASSAY" audit verify --no-record --json | jq .sent)" 1
keep; rm -rf "$T/kept-witness"; cp -a "$T/w" "$T/kept-witness"
all_back() { back; rm -rf "$T/w"; cp -a "$T/kept-witness" "$T/w"; }
last=$(sed -n '2s/ .*//p' "$T"/state/sent/*)
sql "SELECT seq, HEX(rec) FROM audit_log ORDER BY seq" >"$T/records"
tail=$(tamper rebuild "$last" <"$T/records")

# row ATTACK verify doctor export checkpoint: the state is as the attack left it. yes: it ends in a finding.
row() {
    local name=$1 who got; shift
    settle; rm -rf "$T/attacked"; cp -a "$T/state" "$T/attacked"; cp -a "$T/w" "$T/attacked-witness"
    for who in verify doctor export checkpoint; do
        case $who in
        verify) "$ASSAY" audit verify --no-record ;;
        doctor) "$ASSAY" doctor ;;
        export) siem ;;
        checkpoint) "$ASSAY" audit checkpoint ;;
        esac >"$T/out" 2>"$T/err"
        got=$?
        case $1$got in
        no0) check "$name: not noticed by $who" true ;;
        yes2 | yes78) check "$name: noticed by $who" grep -qE "$words" "$T/out" "$T/err" ;;
        *) check "$name, $who: want $1, exit $got: $(tail -1 "$T/err")" false ;;
        esac
        shift
        case $who in verify | doctor) continue ;; esac # they change nothing
        settle; rm -rf "$T/state" "$T/w"; cp -a "$T/attacked" "$T/state"; cp -a "$T/attacked-witness" "$T/w"
    done
    rm -rf "$T/attacked-witness"
}

words='sent to siem|contradicts what was sent'
#                                                                    verify doctor export checkpoint
row "nothing"                                                        no     no     no     no
sql "$tail"
row "what was exported is rewritten, the chain mended"               yes    yes    yes    no
check "the next checkpoint signs it" status 0 assay audit checkpoint
row "and signed by the next checkpoint"                              yes    yes    yes    no
all_back
sql "$tail"; settle; cp "$T/early/audit.checkpoint" "$T/state/audit.checkpoint"
row "and the checkpoint of before put back"                          yes    yes    yes    no
all_back; settle
rm -rf "$T/state/db"; cp -a "$T/early/db" "$T/state/db"
words='sent to siem|contradicts what was sent|were signed|covers'
row "the database put back, which had the checkpoint kept outside"   yes    yes    yes    no
all_back; check "a newer checkpoint" status 0 assay audit checkpoint; settle
rm -rf "$T/state/db"; cp -a "$T/early/db" "$T/state/db"
words="sent to siem|contradicts what was sent|were signed|not in the database|covers"
row "the database put back, and its checkpoint is the older one"     yes    yes    yes    yes
settle; rm -rf "$T/state"; cp -a "$T/early" "$T/state"
words='witness'
row "database and state directory put back"                          yes    yes    no     yes
settings
words='names? no more|do not name it'
row "and the witness taken out of the settings"                      no     yes    no     no
assay audit verify --no-record >"$T/out" 2>"$T/err"
check "verify holds, but says that there was one" says "a witness cosigned this log that the settings name no more: witness.test/w1+"
check "a witness that is retired" eval 'echo "audit-witness-retired = ${vkey%+*}" >>"$ASSAY_CONFIG"; "$ASSAY" doctor >"$T/out" 2>&1'
settings "audit-witness = $vkey"
check "or is asked no more" status 78 assay doctor
check "is noticed" says "nobody is asked any more"
settings "audit-witness = $vkey" "audit-witness-ask = $ask"

# ---- what stops, is told once, and goes on with a reason

all_back; settle
sql "$tail"
lines=$(lines_of "$T/siem.json")
for _ in 1 2 3; do check "it stays stopped" status 2 siem; done
check "says what to do" says "--accept-new-history --reason"
check "nothing was sent" equal "$(lines_of "$T/siem.json")" "$lines"
check "it is told once" equal "$(events export.history)" 1
check "and is no failure besides" equal "$(events export.fail)" 0
check "doctor fails" status 78 assay doctor
check "a reason is wanted" status 64 assay audit export --target siem --accept-new-history
check "and one alone says nothing" status 64 siem --reason because
check "accepted" status 0 siem --accept-new-history --reason "restored after the fire"
check "it is told, with the reason" equal "$("$ASSAY" audit export -q --no-record -f json -o - --from 0 | jq -r 'select(.rec.event == "export.accept").rec.reason')" "restored after the fire"
check "once is enough" status 64 siem --accept-new-history --reason again
check "it says so" says "there is nothing to accept"
check "it goes on" status 0 siem
check "with what came since" test "$(lines_of "$T/siem.json")" -gt "$lines"
check "doctor is content" status 0 assay doctor
check "verify, too" status 0 assay audit verify

settle; rm -rf "$T/state/sent"
check "a state directory that remembers nothing" status 0 assay audit verify
check "stops nothing" status 0 siem
done_tests
