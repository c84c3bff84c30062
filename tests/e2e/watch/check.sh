#!/usr/bin/env bash
# assay check: states and exit status of every range, gates, one line that plugins of Debian understand, and metrics that promtool
# takes, with groups named by somebody who means no good.
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/server.sh"
need jq
server_start || { echo "no server"; exit 1; }
# file AGENT GROUP DATE RESULTS
file() {
    local k
    printf '<agent_data agent_name="%s" group="%s" timestamp="%s 03:00:00" timezone_offset="0">\n<hardening policy_id="linux" policy_version="1" policy_title="linux" end="%sT03:00:00Z">\n' \
        "$1" "$2" "${3//-//}" "$3"
    for ((k = 0; k < ${#4}; k++)); do
        printf '<check id="c%s" status="%s"><title>Check %s of all</title></check>\n' $k "$(sed 's/P/PASS/; s/F/FAIL/; s/?/INVALID/' <<<"${4:k:1}")" $k
    done
    printf '</hardening></agent_data>\n'
}
# Files of the program have the time of this machine: so has the test.
day() { date -u -d "$1 days" +%F; }
now() { assay "$@"; }
in_days() { local n=$1; shift; at "$(date -u -d "$n days" +%FT%TZ)" assay "$@"; }
printf 'metrics-file = %s/assay.prom\nexport = json:%s/siem.json name=siem\n' "$T" "$T" >>"$T/assay.conf"
check init status 0 assay init
mkdir -p "$T/spool"
file web01 Servers $(day -10) PPPPPPPPFF >"$T/spool/web01.1.data"
file web02 Servers $(day -9) 'PPPPPP?FFF' >"$T/spool/web02.1.data"
file db01 'a|b &quot;&#10;# HELP x' $(day -9) PPPPPPPPPP >"$T/spool/db01.1.data"
check "a night" status 0 now run

# ---- the line ----
check "all is well" status 0 now check
check "in the words of plugins" equal "$(sed 's/ |.*//' "$T/out")" "OK - score 82.22% agents 3/3"
check "one line" equal "$(wc -l <"$T/out")" 1
check "with its numbers" equal "$(grep -oE "'(score|failed|not-applied|passed|agents|silent)'=[^ ]*" "$T/out" | paste -sd' ')" \
    "'score'=82.22%;;;0;100 'failed'=5;;;0 'not-applied'=1;;;0 'passed'=24;;;0 'agents'=3;;;0;3 'silent'=0;0;;0;3"
check "labels as the guidelines have them" equal "$(sed 's/.*| *//' "$T/out" | tr ' ' '\n' | grep -cvE "^'[a-z-]+'=-?[0-9.]+(s|%|)(;[^;]*){0,4}$")" 0

# ---- ranges: value, options, state ----
while IFS='|' read -r want options; do
    # shellcheck disable=SC2086
    check "check $options" status "$want" now check $options
done <<'END'
0|--warn-score 80: --crit-score 70:
1|--warn-score 85: --crit-score 70:
2|--warn-score 95: --crit-score 90:
0|--warn-score 82.22:
1|--warn-score 82.23:
2|--crit-score @0:100
0|--crit-score @0:82.21
1|--warn-failed 4
0|--warn-failed 5
2|--warn-failed 3 --crit-failed 4
1|--warn-not-applied 0
2|--crit-passed 25:
0|--crit-passed 24:
2|--crit-agents 4:
1|--overdue-days 7 --warn-silent 3
0|--overdue-days 7 --warn-overdue 3 --warn-silent 3
0|--group Servers --warn-score 70:
1|--group Servers --warn-score 80:
0|--agent web01 --warn-score 80: --only score
1|--agent web02 --warn-score 80: --only score
3|--warn-score nonsense
3|--crit-score 20:10
3|--only nothing
3|--frob
3|--group Serverz
3|--min-score many
3|word
END
check "problems stand first" status 2 now check --crit-failed 4 --warn-passed 30:
check "with what was wanted" equal "$(sed 's/ |.*//' "$T/out" | head -1)" "CRITICAL - failed 5 (want 4), passed 24 (want 30:)"
check "states of the four" equal "$(now check --json --warn-score 85: --crit-failed 4 | jq -c '[.state, (.values[:4][] | .state)]')" '["CRITICAL","warning","critical","normal","normal"]'
check "a group is not the installation" equal "$(now check --group Servers --json | jq '[.values[].name] | index("run-age")')" null
file web09 Servers $(day -8) '????' >"$T/web09.data"

# ---- gates ----
check "a gate that is met" status 0 now check --min-score 70 --group Servers
check "says so" equal "$(cat "$T/out")" "OK - score 73.33% | 'score'=73.33%;;70:;0;100"
check "one that is not" status 2 now check --min-score 75 --group Servers
check "no new failures" status 0 now check --new-failures-only
file web01 Servers $(day -2) PPPPPPPFFP >"$T/w.data"
check "a change" status 0 now ingest "$T/w.data"
check "a new failure, an old one, and one that is mended" status 2 now check --new-failures-only
check "is the new one" equal "$(tail -n +2 "$T/out")" "$(printf 'new-failures:\nweb01: c7 Check 7 of all')"
check "not of others" status 0 now check --new-failures-only --agent web02
check "nothing to measure is no gate that was met" status 3 now check --min-score 10 --policy none
check "nor without a scan that was evaluated" status 3 sh -c "'$ASSAY' ingest -q '$T/web09.data'; '$ASSAY' check --min-score 10 --agent web09 --only score"

# ---- this installation ----
printf 'no scan at all' >"$T/spool/bad.data"
check "a night with a bad file" status 3 now run
check "rejected" status 1 now check --only rejected
check "how many" says "WARNING - rejected 1 (want 0)"
check "a certificate that ends soon" status 1 in_days 3630 check --only certificate-days
check "or has ended" status 2 in_days 3655 check --only certificate-days
check "a run that is missing" status 1 at "$(date -u -d "30 hours" +%FT%TZ)" assay check --only run-age
check "for too long" status 2 in_days 5 check --only run-age
check "a target that is late" status 2 in_days 5 check --only export-bad
check "names it" says "siem"

# ---- no database ----
printf '[client]\nuser = nobody\nsocket = %s/none.sock\n' "$T" >"$T/none.cnf"; chmod 600 "$T/none.cnf"
sed "s|^option-file.*|option-file = $T/none.cnf|" "$T/assay.conf" >"$T/away.conf"
SECONDS=0
check "no database" status 2 env ASSAY_CONFIG="$T/away.conf" "$ASSAY" check
check "says so at once" test $SECONDS -lt 20
check "in its line" says "CRITICAL - database:"
check "but no gate is judged by that" status 3 env ASSAY_CONFIG="$T/away.conf" "$ASSAY" check --min-score 10

# ---- plugins of Debian ----
plugins=/usr/lib/nagios/plugins
if [ -x $plugins/negate ]; then
    check "negate understands the state" status 0 $plugins/negate -s "$ASSAY" check --crit-failed 1
    check "and puts its word in the place of ours" says "OK - failed"
    check "the other way round" status 2 $plugins/negate "$ASSAY" check --only score
    check "unknown stays unknown" status 3 $plugins/negate "$ASSAY" check --group Serverz
fi

# ---- metrics ----
P=$T/assay.prom
check "metrics are there" test -s "$P"
value() { sed -n "s/^$1 //p" "$P"; }
check "the fleet's score" equal "$(value assay_fleet_score_ratio)" "$(awk '{ printf "%.4f", $1 / 100 }' <<<"$(now status --json | jq .score)")"
check "a group's failures" equal "$(value 'assay_group_failed_checks{group="Servers"}')" "$(now status --json | jq '.groups[] | select(.group == "Servers").failed')"
check "a name with a line end, a quote and a bar is a label" equal "$(value 'assay_group_agents{group="a|b \\"\\n# HELP x"}')" 1
check "rejected files" equal "$(value assay_rejected_files)" 1
check "how long the run took" test -n "$(value assay_run_duration_seconds)"
check "its end is OpenMetrics'" equal "$(tail -1 "$P")" "# EOF"
if command -v promtool >/dev/null; then
    check "promtool finds nothing" status 0 promtool check metrics <"$P"
    check "and says nothing" silent
    sed 's/^assay_groups /assay groups /' "$P" >"$T/broken.prom"
    check "it would" fails promtool check metrics <"$T/broken.prom"
    check "the alerts are rules" status 0 promtool check rules "$SRC/packaging/siem/grafana/assay-alerts.yaml"
fi
printf 'metrics-file = %s/away.prom\ndatabase-wait = 0\n' "$T" >>"$T/away.conf"
check "a run without a database" status 69 env ASSAY_CONFIG="$T/away.conf" "$ASSAY" run
check "is told" grep -qx 'assay_database_up 0' "$T/away.prom"
check "the rule of groups: at most 200" sh -c 'for i in $(seq 210); do printf "<agent_data agent_name=\"m%s\" group=\"many %s\"><hardening policy_id=\"linux\" policy_version=\"1\" policy_title=\"linux\" end=\"$2T03:00:00Z\"><check id=\"c0\" status=\"PASS\"><title>Check 0 of all</title></check></hardening></agent_data>" $i $i >"$1/spool/m$i.data"; done' - "$T" "$(day -8)"
check "another night" status 0 now run
check "series" equal "$(grep -c '^assay_group_agents{' "$P")/$(value assay_groups)/$(value assay_groups_omitted)" 200/212/12
done_tests
