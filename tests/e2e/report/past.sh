#!/usr/bin/env bash
# Of whom a past period is: agents are in the group in which they were at its end, and expected is who was on the list
# then, whatever has become of both since; by what was known at a time with --at.
. "$(dirname "$0")/../lib/lib.sh"
need jq
. "$SRC/tests/e2e/lib/sql.sh"
check init status 0 at 2026-09-01T00:00:00Z assay init
# scan NAME DAY GROUP [RECEIVED]: a scan of that day, stored on it or later.
scan() {
    cat >"$T/scan.data" <<XML
<?xml version="1.0" encoding="UTF-8"?>
<agent_data agent_name="$1" group="$3" timestamp="${2//-//} 09:24:00" timezone_offset="0">
<hardening policy_id="p" policy_version="1" policy_title="P" profile="" scanner="t" start="${2}T09:20:00Z" end="${2}T09:24:00Z">
<check id="1" category="6" status="PASS" severity="low"><title>Check</title></check></hardening></agent_data>
XML
    check "scan of $1, $2" status 0 at "${4:-$2}T10:00:00Z" assay ingest "$T/scan.data"
}
# report MONTH OPTION…: of the month, made in December.
report() {
    local month=$1; shift
    rm -rf "$T/r"
    at 2026-12-20T06:00:00Z assay report hardening-monthly --period "2026-$month" --reason "the past" -o "$T/r" -f json,html "$@" >/dev/null 2>"$T/err" ||
        { cat "$T/err"; return 1; }
}
# groups MONTH OPTION…: "agent:group …" of its report, by JSON.
groups() {
    report "$@" || return
    jq -r '[.. | objects | select(.key? == "scoring" and has("rows")) | .rows[].cells | select(.agent | startswith("Mean") | not) | "\(.agent):\(.group)"] | sort | join(" ")' "$T"/r/*.json
}
missing() { jq -r '[.. | objects | select(.key? == "scope-missing" and has("rows")) | .rows[].cells.agent] | sort | join(" ")' "$T"/r/*.json; }

# Two moves in one period, and back in the next one; one that always was in Web, one that never said a group.
scan web01 2026-09-10 Web; scan web02 2026-09-10 Web; scan app01 2026-09-10 ''
scan web01 2026-10-05 Data; scan web01 2026-10-20 Ops; scan web02 2026-10-20 Web; scan app01 2026-10-20 ''
scan web01 2026-11-10 Web; scan web02 2026-11-10 Web; scan app01 2026-11-10 ''
check "September" equal "$(groups 09)" "app01:no group web01:Web web02:Web"
check "October: the last of its two moves" equal "$(groups 10)" "app01:no group web01:Ops web02:Web"
check "in HTML, too" grep -q 'Ops' "$T"/r/*.html
check "November: back" equal "$(groups 11)" "app01:no group web01:Web web02:Web"
check "a group then" equal "$(groups 10 --group Ops)" "web01:Ops"
check "and the one it had left" equal "$(groups 10 --group Web)" "web02:Web"
check "a group to which it came back" equal "$(groups 11 --group Web)" "web01:Web web02:Web"

# A file that comes late says where the agent was at the end of October after all; later months do not change.
scan web01 2026-10-28 Late 2026-12-01
check "late: October" equal "$(groups 10)" "app01:no group web01:Late web02:Web"
check "late: November" equal "$(groups 11)" "app01:no group web01:Web web02:Web"
check "by what was known before" equal "$(groups 10 --at 2026-11-30T00:00:00Z)" "app01:no group web01:Ops web02:Web"
check "by what was known in October" equal "$(groups 10 --at 2026-10-15T00:00:00Z)" "web01:Data"

# An officer moves: from now on, or from a day on.
check "moved" status 0 at 2026-12-02T08:00:00Z assay agent move app01 --group Apps
check "not in November" equal "$(groups 11)" "app01:no group web01:Web web02:Web"
check "a day to come" status 64 at 2026-12-02T08:00:00Z assay agent move app01 --group Apps --from 2026-12-24
check "since when" status 0 at 2026-12-02T09:00:00Z assay agent move app01 --group Apps --from 2026-10-01
check "October" equal "$(groups 10)" "app01:Apps web01:Late web02:Web"
check "not September" equal "$(groups 09)" "app01:no group web01:Web web02:Web"
check "nor before it was said" equal "$(groups 10 --at 2026-12-02T08:30:00Z)" "app01:no group web01:Late web02:Web"
check "retired" status 0 at 2026-12-03T08:00:00Z assay agent retire web01 --from 2026-11-01 --reason sold
check "it is of October still" equal "$(groups 10 --group Late)" "web01:Late"
check "and is named in November with its group then" equal "$(groups 11 --group Web) $(jq -r '.. | objects | select(.key? == "scope-retired" and has("rows")) | .rows[].cells | "\(.agent):\(.group)"' "$T"/r/*.json)" \
    "web02:Web web01:Web"

# Who was on the list in a period is expected in it, whoever took him off it since.
check "added" status 0 at 2026-10-15T00:00:00Z assay agent add silent01 silent02
check "removed" status 0 at 2026-11-15T00:00:00Z assay agent remove silent01
report 09; check "before: nobody" equal "$(missing)" ""
report 10; check "on the list then" equal "$(missing)" "silent01 silent02"
report 11; check "off the list at the end" equal "$(missing)" "silent02"
report 10 --at 2026-10-14T00:00:00Z; check "not known yet" equal "$(missing)" "app01 web02"
report 11 --at 2026-11-14T00:00:00Z; check "still on it" equal "$(missing)" "silent01 silent02"
check "its name is known" report 10 --agent silent01 --allow-empty
check "added again" status 0 at 2026-12-04T00:00:00Z assay agent add silent01
report 11; check "not of the time between" equal "$(missing)" "silent02"
report 10; check "nor less of the time before" equal "$(missing)" "silent01 silent02"

# These histories are facts.
check "the log holds" status 0 assay audit verify --no-record
sql "UPDATE setting SET value = REPLACE(value, ' ', '  ') WHERE name LIKE 'group:%'" >/dev/null
check "no report of what somebody changed" status 65 assay report hardening-monthly --period 2026-10 -o "$T/no"
check "audit verify" status 2 assay audit verify --no-record
done_tests
