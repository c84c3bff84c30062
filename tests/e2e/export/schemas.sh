#!/usr/bin/env bash
# Real records of every kind in OCSF and ECS, held against the schemas.
. "$(dirname "$0")/../lib/lib.sh"
siem=$SRC/../shared/siem
[ -d "$siem" ] || skip "no ../shared/siem"
need python3 jq
python3 -c 'import jsonschema' 2>/dev/null || skip "no python3-jsonschema"
schemas() { python3 "$SRC/tests/e2e/lib/schemas.py" "$@"; }

check init status 0 assay init
check ingest status 3 assay ingest "$SRC"/samples/lynis "$SRC/CMakeLists.txt"
check report status 0 assay report hardening-executive --allow-empty --output "$T/reports"
check "somebody verifies" status 0 assay verify "$T/reports"
check agents status 0 assay agent add srv01 --alias old01
check freeze status 0 env SUDO_USER=alice SSH_CONNECTION="192.0.2.7 50222 192.0.2.1 22" "$ASSAY" agent freeze srv01
check "the settings change" status 0 sh -c 'printf "organisation = Example\n" >>"$1"' sh "$ASSAY_CONFIG"
check "and are noticed" status 0 assay run
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do printf 'group = Group %d:srv%d*\n' $i $i >>"$ASSAY_CONFIG"; done
check "so are twelve groups" status 0 assay run
# What does not happen here, in the shape that all records have: every event of the page.
appender=$BUILD/tests/audit_append
[ -x "$appender" ] || skip "no tests/audit_append"
events=$(sed -n 's/^| \([a-z][a-z., ]*\.[a-z., ]*\) |.*/\1/p' "$SRC/doc/audit-events.md" | tr ',' '\n' | tr -d ' ')
for e in $events; do
    check "$e" status 0 sh -c 'printf "{\"name\": \"%s\", \"type\": \"file\", \"id\": \"x\", \"object_name\": \"y\", \"changes\": [[\"a\", \"\", \"1\"]]}" "$2" | "$1" 1' sh "$appender" "$e"
done
check export status 0 assay audit export --format json -o "$T/a.json"
check "all events are there" equal "$(jq -r .rec.event "$T/a.json" | sort -u)" "$(sort -u <<<"$events")"
for format in ocsf ecs gelf; do
    check "export $format" status 0 assay audit export --format $format -o "$T/a.$format" --from 0
    check "$format: as many events as records" test "$(wc -l <"$T/a.$format")" -ge "$(wc -l <"$T/a.json")"
    check "$format: each is an object" equal "$(jq -c type "$T/a.$format" | sort -u)" '"object"'
done
check "who called sudo, and from where" equal "$(jq -r 'select(.rec.event == "agent.freeze") | .rec.actor | "\(.sudo) \(.ssh)"' "$T/a.json" | head -n 1)" "alice 192.0.2.7 50222"
check "the account stays the account" equal "$(jq -r 'select(.rec.event == "agent.freeze") | .rec.actor.name' "$T/a.json" | head -n 1)" "$(id -un)"
login=$(cat /proc/self/loginuid 2>/dev/null || echo 4294967295)
check "who logged in, when somebody did" equal "$(jq -r 'select(.rec.event == "agent.freeze") | .rec.actor.login_id // 4294967295' "$T/a.json" | head -n 1)" "$login"
check "ECS: where from" equal "$(jq -r 'select(.event.action == "agent.freeze") | .source.ip' "$T/a.ecs" | head -n 1)" 192.0.2.7
check "OCSF: they are one member" equal "$(jq -c 'select(.metadata.event_code == "config.change") | .entity_result.data.group // empty | length' "$T/a.ocsf")" 12
for f in ecs ocsf gelf; do check "$f: each field has one type" schemas stable "$T/a.$f" "$siem" >/dev/null; done
check "OCSF holds against its schema" schemas ocsf "$T/a.ocsf" "$siem" >/dev/null
check "all classes were tried" equal "$(jq -r .class_uid "$T/a.ocsf" | sort -u | xargs)" "1008 3004 6002 6003"
check "ECS holds against its fields" schemas ecs "$T/a.ecs" "$siem" >/dev/null
check "a field that is none is noticed" status 1 sh -c 'jq -c ".user.nme = 1" "$1" >"$1.bad"; python3 "$2" ecs "$1.bad" "$3"' \
    sh "$T/a.ecs" "$SRC/tests/e2e/lib/schemas.py" "$siem"
check "and an attribute" status 1 sh -c 'jq -c ".actr = {}" "$1" >"$1.bad"; python3 "$2" ocsf "$1.bad" "$3"' \
    sh "$T/a.ocsf" "$SRC/tests/e2e/lib/schemas.py" "$siem"
check "LEEF" status 0 assay audit export --format leef -o "$T/a.leef"
check "one line a record" equal "$(grep -c '^LEEF:2.0|assay|assay|' "$T/a.leef")" "$(wc -l <"$T/a.leef")"
printf 'enterprise-number = 4711\n' >>"$ASSAY_CONFIG"
check "RFC 5424 with a number of one's own" status 0 assay audit export --format rfc5424 -o "$T/a.rfc5424" --from 0
check "stands in each line" equal "$(grep -c ' \[assay@4711 seq=' "$T/a.rfc5424")" "$(wc -l <"$T/a.rfc5424")"
check "and is read again" status 0 assay audit verify --no-record --expect "$T/a.rfc5424"
done_tests
