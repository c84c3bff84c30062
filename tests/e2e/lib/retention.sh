# A site with old data, and what retention does to it. Sourced behind lib.sh.
# Gives:     $now, the time of the tests; old_site: four agents, one policy, 35 months from 2024-01 to 2026-11; one, a monthly report;
#            years, one of nothing but closed months; nothing_is_due; prune, class, keeps; scans, agent and events.
# Needs:     jq; sql, which asks the database behind the program's back.
# Cleans up: its files go with $T.
# shellcheck shell=bash disable=SC2154

now=2026-11-20T06:00:00Z
# scan_file AGENT YEAR-MONTH STATUSES [GROUP]: one scan of the 15th, each check with evidence of its own; that of the first is too
# long to stand in a detail set.
scan_file() {
    local k s word long=''
    for k in 1 2 3 4 5; do long+=" $(echo "$1 $2 $k" | sha512sum | cut -c1-128)"; done
    printf '<?xml version="1.0" encoding="UTF-8"?>\n<agent_data agent_name="%s" group="%s" timestamp="%s 03:00:00" timezone_offset="0">\n' \
        "$1" "${4:-Servers}" "${2/-//}/15"
    printf '<hardening policy_id="linux" policy_version="1" policy_title="House" scanner="house 1" start="%s-15T02:50:00Z" end="%s-15T03:00:00Z">\n' "$2" "$2"
    for ((k = 0; k < ${#3}; k++)); do
        s=${3:k:1}; word=PASS; [ "$s" = P ] || word=FAIL
        printf '<check id="c%s" category="%s" status="%s" severity="medium"><title>Check %s</title><evidence>seen on %s in %s: %s%s</evidence></check>\n' \
            "$k" $((k + 3)) $word "$k" "$1" "$2" $word "$long"; long=''
    done
    echo '</hardening></agent_data>'
}
months() { for y in 2024 2025 2026; do for m in 01 02 03 04 05 06 07 08 09 10 11 12; do echo $y-$m; done; done | grep -v 2026-12; }
prune() { at "$now" assay prune "$@"; }
class() { jq -c ".classes[] | select(.class == \"$1\") | $2" "$T/out"; }
scans() { sql "SELECT COUNT(*) FROM scan${1:+ WHERE $1}"; }
agent() { sql "SELECT agent_id FROM agent WHERE name = '$1'"; }
keeps() { sed -i '/^keep-/d' "$T/assay.conf"; printf 'keep-%s\n' "$@" | sed 's/=/ = /' >>"$T/assay.conf"; }
events() { sql "SELECT COUNT(*) FROM audit_log WHERE event = '$1'"; }
# old_site: all of it, stored when it came: that of 2024 by then, the rest now.
old_site() {
    local m
    mkdir "$T/in"
    for m in $(months); do
        scan_file web01 "$m" FPPPP >"$T/in/web01-$m.data"
        scan_file db01 "$m" FFPPP >"$T/in/db01-$m.data"
        scan_file app01 "$m" PPPPF Applications >"$T/in/app01-$m.data"
    done
    scan_file web01 2024-06 FFFPP >"$T/in/web01-again.data" # another of the same second
    scan_file gone01 2024-03 FFFFF >"$T/in/gone01.data"     # never again
    check init status 0 at 2024-01-01T00:00:00Z assay init
    check "what came in 2024" status 3 at 2025-01-05T06:00:00Z assay ingest "$T"/in/*-2024-*.data "$T/in/web01-again.data" "$T/in/gone01.data"
    check "and since" status 0 at "$now" assay ingest "$T"/in/*-202[56]-*.data
    echo '{"period": "month", "scheduled": true, "outputs": ["csv"], "sections": [{"type": "scoring"}, {"type": "evolution"}, {"type": "checks", "evidence": true}, {"type": "inputs"}]}' >"$T/monthly.json"
    echo '{"period": "month", "outputs": ["csv"], "sections": [{"type": "evolution"}, {"type": "method"}]}' >"$T/years.json"
}
# nothing_is_due: no definition is scheduled, so that no report waits for old scans.
nothing_is_due() {
    local f
    mkdir -p "$T/templates/reports"
    for f in "$SRC"/templates/reports/*.json; do jq '.scheduled = false' "$f" >"$T/templates/reports/${f##*/}"; done
    echo "templates-dir = $T/templates" >>"$T/assay.conf"
}
# years NAME [PERIOD]: a report that needs nothing but closed months, in the folder $T/NAME.
years() { local rc=0; rm -rf "$T/$1"; at "$now" assay report "$T/years.json" --period "${2-2025-01-01..2026-10-31}" -f csv -o "$T/$1" --reason again || rc=$?; return $rc; }
# one OPTION…: a monthly report, with those options, in $T/r.
one() { local rc=0; rm -rf "$T/r"; at "$now" assay report "$T/monthly.json" -f csv -o "$T/r" --reason again "$@" || rc=$?; return $rc; }
