#!/usr/bin/env bash
# How the fleet is, without a report: status, agent list, agent show and check say what the files say, as counted by another
# program; the same as a report over the same days; filters, sorting, limits; hostile names; and who only asks makes nothing.
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/server.sh"
need jq python3

# ---- nothing is made by asking ----
for c in status "agent list" "agent list --all" "agent show web01"; do
    # shellcheck disable=SC2086
    check "$c before init" status 78 assay $c
    check "$c says what to do" says "assay init"
done
check "check before init" status 3 assay check
check "check says so in its line" equal "$(cut -d' ' -f1-2 "$T/out")" "UNKNOWN -"
check "nothing was made" fails test -e "$T/state"
server_start || { echo "no server"; exit 1; }

# ---- a fleet ----
# file AGENT GROUP DATE LINUX SSH: P F and ? are results; the date is that of the scans.
file() {
    local part k
    printf '<?xml version="1.0" encoding="UTF-8"?>\n<agent_data agent_name="%s" agent_alias="%s" os_name="Linux" os_version="%s" address="192.0.2.9" group="%s" timestamp="%s 03:00:00" timezone_offset="0">\n' \
        "$1" "$1" "Linux 12" "$2" "${3//-//}"
    for part in linux:$4 ssh:$5; do
        [ -n "${part#*:}" ] || continue
        printf '<hardening policy_id="%s" policy_version="1" policy_title="%s" start="%sT02:50:00Z" end="%sT03:00:00Z">\n' "${part%%:*}" "${part%%:*}" "$3" "$3"
        part=${part#*:}
        for ((k = 0; k < ${#part}; k++)); do
            printf '<check id="c%s" category="4" status="%s"><title>Check %s</title></check>\n' $k "$(sed 's/P/PASS/; s/F/FAIL/; s/?/INVALID/' <<<"${part:k:1}")" $k
        done
        echo '</hardening>'
    done
    echo '</agent_data>'
}
NOW=2026-11-20T06:00:00Z
now() { at $NOW assay "$@"; }
mkdir "$T/in"
file web01 Servers 2026-10-18 PPFF PP >"$T/in/web01.1.data"
file web01 Servers 2026-11-18 PPPF PF >"$T/in/web01.2.data"
file web02 Servers 2026-11-01 PFFF '' >"$T/in/web02.1.data"
file web03 Servers 2026-11-02 PPPP PP >"$T/in/web03.1.data"
file db01 Databases 2026-10-03 'PPP?' '' >"$T/in/db01.1.data"
file db02 Databases 2026-09-05 FFFF PPPF >"$T/in/db02.1.data"
file old01 Databases 2026-03-05 FFFF P >"$T/in/old01.1.data"
file none01 'Sch&#246;ne &quot;Welt&quot;&#10;\' 2026-11-10 '????' '' >"$T/in/none01.1.data"
file 'ホスト一号' '情報|部門' 2026-11-12 'PPF?' PPPPPP >"$T/in/jp.1.data"
check init status 0 at 2026-01-01T00:00:00Z assay init
check "an empty fleet" status 0 now status --json
check "is empty" equal "$(jq -c '[.agents,.score,.groups]' "$T/out")" '[0,null,[]]'
check ingest status 0 now ingest "$T"/in/*

now status --json >"$T/status.json"
now agent list --all --json >"$T/agents.jsonl"
now check >"$T/check.txt"
check "status, list and check say what the files say" status 0 python3 "$SRC/tests/e2e/watch/recount.py" "$(date -d $NOW +%s)" 90 35 \
    "$T/status.json" "$T/agents.jsonl" "$T/check.txt" "$T"/in/*
check "of all that is expected" says "7 agents"
sed 's/"failed":[0-9]*/"failed":77/' "$T/status.json" >"$T/other.json"
check "the comparison can fail" status 1 python3 "$SRC/tests/e2e/watch/recount.py" "$(date -d $NOW +%s)" 90 35 "$T/other.json" "$T/agents.jsonl" "$T/check.txt" "$T"/in/*

# The same as a report over these days.
echo '{"period": "month", "outputs": ["json"], "sections": [{"type": "dashboard"}, {"type": "scoring"}]}' >"$T/d.json"
check "a report" status 0 now report "$T/d.json" --period 2026-08-22..2026-11-19 -o "$T/r"
J=$(ls "$T"/r/*.json | grep -v manifest)
check "the same scores" equal "$(jq -r 'select(.score != null) | "\(.name) \(.passed) \(.failed)"' "$T/agents.jsonl" | sort)" \
    "$(jq -r '.. | objects | select(.key? == "scoring" and has("rows")) | .rows[].cells | select(.passed + .failed > 0 and (.agent | startswith("Mean ") | not)) | "\(.agent) \(.passed) \(.failed)"' "$J" | sort)"

# ---- tables ----
check "status for people" status 0 now status
check "one line a group, and the sum" equal "$(wc -l <"$T/out")" 6
check "names cannot end a line" says 'Schöne "Welt"⟨U+000A⟩\'
check "list for people" status 0 now agent list --sort name --all
# A wide character takes two columns: what stands behind it is in line.
cp "$T/out" "$T/table"
check "in line for eyes" status 0 python3 - "$T/table" <<'END'
import sys, unicodedata
rows = ["".join(c + "\0" if unicodedata.east_asian_width(c) in "WF" else c for c in row)
        for row in open(sys.argv[1], encoding="utf-8").read().split("\n")[:-1]]
places = [rows[0].index(head) for head in ("GROUP", "OS", "ADDRESS", "SCANNED", "LAST CONTACT")]
sys.exit(not all(row[at - 1] == " " != row[at] for row in rows for at in places))
END

# ---- what is asked for ----
names() { now agent list --json "$@" | jq -sc 'map(.name)'; }
check "a group" equal "$(names --group Servers)" '["web01","web02","web03"]'
check "two groups" equal "$(names --group Servers --group Databases)" '["db01","db02","web01","web02","web03"]'
check "a score or better" equal "$(names --min-score 70 --group Servers)" '["web03"]'
check "a score or worse" equal "$(names --max-score 66.67 --group Servers)" '["web01","web02"]'
check "between" equal "$(names --min-score 25 --max-score 66.67 --group Servers)" '["web01","web02"]'
check "of one policy" equal "$(now agent list --json --policy ssh | jq -sc 'map([.name,.passed,.failed])')" '[["db02",3,1],["web01",1,1],["web03",2,0],["ホスト一号",6,0]]'
check "who is silent" equal "$(names --silent 40)" '["db01","db02"]'
check "without a scan only with --all" equal "$(now agent add never01 2>/dev/null; names --group "" 2>/dev/null; names --all | jq -c 'index("never01") != null'; names --sort name | jq -c 'index("never01") != null')" "$(printf '[]\ntrue\nfalse')"
check "by score" equal "$(names --sort score --group Servers)" '["web02","web01","web03"]'
check "and reversed, the first two" equal "$(names --sort score --reverse --limit 2 --group Servers)" '["web03","web01"]'
for key in name group score failed scanned contact; do
    for n in 1 2 3 7 8; do
        for how in "--sort $key" "--sort $key --reverse"; do
            # shellcheck disable=SC2086
            check "the first $n of $how" equal "$(names --all $how --limit $n 2>/dev/null)" "$(names --all $how | jq -c ".[:$n]")"
        done
    done
done
check "last change" equal "$(now agent list --json --group Servers | jq -sc 'map(.last_change)')" '["2026-11-18T03:00:00Z",null,null]'
for bad in "--min-score x" "--max-score 101" "--silent 0" "--limit 0" "--sort size"; do
    # shellcheck disable=SC2086
    check "agent list $bad" status 64 now agent list $bad
done
check "a group that nobody knows" status 64 now agent list --group Server
check "names the nearest" says 'the nearest is "Servers"'
check "the list of who may report is what it was" equal "$(now agent list)" never01

# ---- one agent ----
check "show" status 0 now agent show web01
check "its group" says "group         Servers"
check "its score" says "score         66.67"
check "show as JSON" status 0 now agent show web01 --json
check "its policies" equal "$(jq -c '[.policies[] | [.policy,.passed,.failed]] | sort' "$T/out")" '[["linux",3,1],["ssh",1,1]]'
check "an unknown one" status 64 now agent show web09
check "one that is not expected any more" status 64 now agent show old01
check "says why" says "has no scan of the last 90 days"

# ---- a scan ahead of the clock, which was set back, does not count before its time ----
file web02 Servers 2026-11-25 PPPP '' >"$T/in/ahead.data"
check "ahead" status 0 at 2026-11-26T00:00:00Z assay ingest "$T/in/ahead.data"
check "not yet" equal "$(now agent list --json --group Servers --max-score 30 | jq -c '[.name,.passed,.failed]')" '["web02",1,3]'
check "then" equal "$(at 2026-11-26T00:00:00Z assay agent show web02 --json | jq -c '[.passed,.failed]')" '[4,0]'
done_tests
