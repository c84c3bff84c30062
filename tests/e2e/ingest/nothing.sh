#!/usr/bin/env bash
# Files that are valid and hold nothing to store: no rejection, one record a run, and their agent was heard of.
. "$(dirname "$0")/../lib/lib.sh"
S=$T/spool
agent() { # NAME N [MODULES]
    cat <<END
<?xml version='1.0' encoding='UTF-8'?>
<agent_data group='Servers' os_name='linux' interval='300' timestamp='2026/11/30 12:00:00' agent_name='$1' agent_alias='$1'>
<module><name><![CDATA[CPU Load]]></name><type>generic_data</type><data><![CDATA[$2]]></data></module>
${3-}
</agent_data>
END
}
check init status 0 assay init
mkdir -p "$S"
check "db01 is on the list" status 0 assay agent add db01 listed02
n=$(records)
for i in $(seq 300); do agent "db0$((i % 3))" "$i" >"$S/db.$i.data"; done
check "ordinary files" status 0 assay ingest --spool "$S"
check "silent" silent
check "none was rejected" equal "$(ls "$S/rejected" | wc -l)" 0
check "they are kept" equal "$(ls "$S/done" | wc -l)" 300
check "one record" equal "$(($(records) - n))" 1
"$ASSAY" audit export -f json -o "$T/log.json" --from 0
check "that counts them" grep -q '"f":"files","new":"300".*"f":"agents","new":"1".*"event":"ingest.nothing"' "$T/log.json"
check "the list" status 0 assay agent list --json
check "db01 was heard of" equal "$(jq -r 'select(.name == "db01") | .last_contact[0:4]' "$T/out")" "$(date +%Y)"
check "the other was not" equal "$(jq -r 'select(.name == "listed02") | .last_contact' "$T/out")" null
check "for people, too" status 0 assay agent list
check "with its time" says "db01  last heard of 20"

# A newer contact counts, an older one changes nothing.
agent db01 old >"$S/old.data"; touch -d 2020-01-01 "$S/old.data"
check "an old file" status 0 assay ingest --spool "$S"
check "the list again" status 0 assay agent list --json
check "changes nothing" equal "$(jq -r 'select(.name == "db01") | .last_contact[0:4]' "$T/out")" "$(date +%Y)"

# Removed where the settings say so.
echo "spool-nothing = remove" >>"$T/assay.conf"
agent db01 removed >"$S/gone.data"; cp "$SRC"/samples/lynis/*.dat "$S/"
check "removing" status 0 assay ingest --spool "$S" --json
check "counted" equal "$(jq -c '[.nothing,.rejected]' "$T/out")" "[1,0]"
check "it is gone, the scans are not" test ! -e "$S/gone.data" -a ! -e "$S/done/gone.data" -a -n "$(ls "$S/done/"*.dat)"

# Hardening that is broken is still told of.
agent db01 1 "<module><name>Hardening - Score</name><data>many</data></module>" >"$S/broken.data"
agent db01 1 "<hardening policy_id='x'></hardening>" >"$S/empty.data"
check "broken hardening" status 3 assay ingest --spool "$S" --json
check "is rejected" equal "$(jq -c '[.nothing,.rejected]' "$T/out")" "[0,2]"

# Nobody is heard of whose files would be refused.
echo "enrol = listed" >>"$T/assay.conf"
agent stranger 1 >"$S/stranger.data"; agent listed02 1 >"$S/listed.data"
check "a stranger" status 0 assay ingest --spool "$S" --json
check "no rejection either" equal "$(jq -c '[.nothing,.rejected]' "$T/out")" "[2,0]"
check "list" status 0 assay agent list --json
check "who is listed was heard of" equal "$(jq -r 'select(.name == "listed02") | .last_contact[0:4]' "$T/out")" "$(date +%Y)"
check "no other" equal "$(jq -s length "$T/out")" 2

# Named files, and what inspect says.
agent db01 7 >"$T/named.data"
check "named" status 0 assay ingest "$T/named.data" --json
check "counted, and left there" equal "$(jq .nothing "$T/out")/$(test -f "$T/named.data" && echo yes)" 1/yes
check "inspect agrees" status 0 assay inspect "$T/named.data"
check "and says so" says "holds nothing to store"
check "a dry run" status 0 assay ingest --dry-run "$T/named.data" --json

# A run that is killed has counted none; a watch counts what it has at its end or later.
agent db01 8 >"$S/watched.data"
"$ASSAY" ingest --spool "$S" --watch >"$T/watch.out" 2>"$T/watch.err" & watch=$!
is_claimed() { [ ! -e "$S/watched.data" ]; }
wait_for "the claim" 60 is_claimed
kill -9 $watch; wait $watch 2>/dev/null
n=$(records)
check "the next run" status 0 assay ingest --spool "$S" --json
check "has it" equal "$(jq .nothing "$T/out")" 1
check "and records it" equal "$(($(records) - n))" 1
check "the audit log holds" status 0 assay audit verify
done_tests
