# A small site of which everything is known, and changes behind the program's back. Sourced behind lib.sh.
# Gives:     site: three agents, two policies, three months, reports, a list of agents, an export; $db … and $linux … for
#            statements; attack: one change, and who notices it; aside: the program in a copy; from_copy.
# Needs:     jq and what server.sh needs.
# Cleans up: as server.sh.
# shellcheck shell=bash disable=SC2034
. "$SRC/tests/e2e/lib/server.sh"

# scan_file AGENT MONTH STATUSES [SECOND STATUSES]: eight checks under one policy and four under another.
scan_file() {
    local agent=$1 month=$2 day=15 k=0 status s group=Servers
    [ "$agent" != app01 ] || group=Applications
    printf '<?xml version="1.0" encoding="UTF-8"?>\n<agent_data agent_name="%s" agent_alias="%s-alias" os_name="Linux" os_version="Linux 12" address="192.0.2.%d" ' \
        "$agent" "$agent" $((10#$month))
    printf 'group="%s" timestamp="2026/%s/%s 03:00:00" timezone_offset="0">\n' "$group" "$month" "$day"
    for status in linux:$3 ssh:$4; do
        s=${status#*:}
        printf '<hardening policy_id="%s" policy_version="1" policy_title="House %s" scanner="house 1" start="2026-%s-%sT02:50:00Z" end="2026-%s-%sT03:00:00Z">\n' \
            "${status%%:*}" "${status%%:*}" "$month" $day "$month" $day
        for ((k = 0; k < ${#s}; k++)); do
            case ${s:k:1} in P) word=PASS ;; F) word=FAIL ;; *) word=strange ;; esac
            printf '<check id="%s-%s" category="%s" status="%s" severity="medium"><title>Check %s of %s</title><description>About %s.</description>' \
                "${status%%:*}" $k $((k + 3)) $word $k "${status%%:*}" $k
            printf '<remediation>Do this for %s.</remediation><compliance framework="pci_dss" edition="4.0" control="8.%s"/><evidence>seen on %s: %s %s</evidence></check>\n' \
                $k $((k + 1)) "$agent" "$word" "$month"
        done
        echo '</hardening>'
    done
    echo '</agent_data>'
}

# site: as it is when somebody who may write to the database comes; "older" is a copy from before the newest scans.
site() {
    local month
    # The nightly run is one of November: what it does not export may wait until the test runs, whenever that is.
    server_start || return 1
    printf 'organisation = Example Ltd\nexport = json:%s/siem.json name=siem lag=31622400\n' "$T" >>"$T/assay.conf"
    mkdir "$T/in"
    for month in 09 10 11; do
        scan_file db01 $month FFFPPPPP FFPP >"$T/in/db01-$month.data"
        scan_file web01 $month FPPPPPPP FPPP >"$T/in/web01-$month.data"
        scan_file app01 $month FFPPP?PP FPPF >"$T/in/app01-$month.data"
    done
    echo '<html><body>502 Bad Gateway</body></html>' >"$T/in/lost.data"
    echo '{"period": "month", "outputs": ["csv"], "sections": [{"type": "dashboard"}, {"type": "top-agents"}, {"type": "top-checks"},
        {"type": "evolution"}, {"type": "scoring"}, {"type": "checks", "evidence": true, "remediation": true}, {"type": "quality"},
        {"type": "inputs"}]}' >"$T/all.json"
    check init status 0 at 2026-01-01T00:00:00Z assay init
    check "agents on the list" status 0 assay agent add db01 web01
    check "an alias" status 0 assay agent alias web01 www
    check "two months" status 0 assay ingest "$T"/in/*-09.data "$T"/in/*-10.data
    check "reports are due" status 0 at 2026-11-02T06:00:00Z assay run
    copy assay older
    check "the third month and no scan" status 3 assay ingest "$T"/in/*-11.data "$T/in/lost.data"
    check "a group" status 0 assay agent move --group Databases db01
    check "a checkpoint" status 0 assay audit checkpoint
    check "export" status 0 at 2026-11-20T06:00:00Z assay run
    check "a report" status 0 assay report "$T/all.json" --period 2026-09-01..2026-11-30 -o "$T/untouched"
    check "a checkpoint" status 0 assay audit checkpoint
    check "all of it holds" status 0 assay audit verify --no-record
    check "and can be reported" status 0 reported
    check "the doctor agrees" status 0 assay doctor
    copy assay kept
    mkdir "$T/keys"; cp -a "$T"/state/audit.* "$T/keys"
    tables=$(tables_of assay)
    db=$(agent db01) web=$(agent web01) app=$(agent app01)
    linux=$(line linux) ssh=$(line ssh)
    newest="agent_id = $db AND line_id = $linux AND scanned_at = '2026-11-15 03:00:00'"
    web_newest="agent_id = $web AND line_id = $linux AND scanned_at = '2026-11-15 03:00:00'"
    middle="agent_id = $db AND line_id = $linux AND scanned_at = '2026-10-15 03:00:00'"
    linux_policy="(SELECT policy_id FROM policy WHERE id = 'linux')"
}
agent() { sql "SELECT agent_id FROM agent WHERE name = '$1'"; }
line() { sql "SELECT DISTINCT s.line_id FROM scan s JOIN policy p ON p.policy_id = s.policy_id WHERE p.id = '$1'"; }
tables_of() { sql "SELECT table_name FROM information_schema.tables WHERE table_schema = '$1' AND table_type = 'BASE TABLE'"; }
reported() { rm -rf "$T/r"; assay report "$T/all.json" --period 2026-09-01..2026-11-30 -f csv,json -o "$T/r" --dry-run --reason "made again"; }

# copy FROM TO: a database with the same tables and views.
copy() {
    local t text
    text="DROP DATABASE IF EXISTS $2; CREATE DATABASE $2 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;"
    for t in $(tables_of "$1"); do text+="CREATE TABLE $2.$t LIKE $1.$t; INSERT INTO $2.$t SELECT * FROM $1.$t;"; done
    sql "$text" mysql
    for t in $(sql "SELECT table_name FROM information_schema.views WHERE table_schema = '$1' ORDER BY table_name"); do
        sql "$(sql "SELECT CONCAT('CREATE VIEW ', table_name, ' AS ', REPLACE(view_definition, '\`$1\`', '\`$2\`'))
            FROM information_schema.views WHERE table_schema = '$1' AND table_name = '$t'")" "$2"
    done
}
sums() { sql "CHECKSUM TABLE $(printf "$1.%s, " $tables | sed 's/, $//')" | cut -d. -f2; }
# The tables are what they were, and what the program keeps of the log outside of them.
back() {
    local t
    for t in $(diff <(sums assay) <(sums kept) | sed -n 's/^> //p' | cut -f1); do
        sql "DELETE FROM assay.$t; INSERT INTO assay.$t SELECT * FROM kept.$t"
    done
    rm -f "$T"/state/audit.*; cp -a "$T"/keys/audit.* "$T/state/"
}
names() { grep -qE -- "$1" "$T/err" "$T/out" || { echo "  nothing like \"$1\" in:" >&2; head -qn3 "$T/err" "$T/out" >&2; return 1; }; }

# attack NAME WORDS REPORT DOCTOR STATEMENTS [UNDO]: `audit verify` fails and names it (a pattern), although nobody touched the
# log. REPORT is 65 where what was changed would be printed: then nothing is made; DOCTOR is 78 where the doctor sees it,
# too; - = not asked. UNDO is for what no table holds.
attack() {
    local name=$1 words=$2 report=$3 doctor=$4 undo=${6-}
    sql "$5" || check "$name: can be done" false
    check "$name: audit verify" status 2 assay audit verify --no-record
    check "$name: named" names "$words"
    if [ "$report" != - ]; then
        rm -rf "$T/r"
        check "$name: report" status "$report" assay report "$T/all.json" --period 2026-09-01..2026-11-30 -o "$T/r" --reason "made again"
        check "$name: named by the report" names "$words"
        check "$name: nothing is sealed" test ! -e "$T/r"
    fi
    [ "$doctor" = - ] || check "$name: doctor" status "$doctor" assay doctor
    [ -z "$undo" ] || sql "$undo"
    back
}

# aside COMMAND…: the program does that in a copy of the database, with a state folder and keys of its own.
aside() {
    copy kept side
    rm -rf "$T/side"; cp -a "$T/state" "$T/side"
    grep -vE '^(state-dir|database) ' "$T/assay.conf" >"$T/side.conf"
    printf 'state-dir = %s/side\ndatabase = side\n' "$T" >>"$T/side.conf"
    ASSAY_CONFIG=$T/side.conf "$@" >"$T/aside.log" 2>&1 || { cat "$T/aside.log" >&2; return 1; }
}
# Statements that take everything from the copy but the log: what somebody does who has the program, too.
from_copy() {
    local t
    for t in $tables; do
        case $t in audit_*) ;; *) printf 'DELETE FROM %s; INSERT INTO %s SELECT * FROM %s.%s; ' "$t" "$t" "$1" "$t" ;; esac
    done
}
