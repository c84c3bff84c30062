# `audit export --follow` beside a test. Sourced behind receivers.sh.
# Gives:     start and stop of the follower ($follower), its workers, append: records for it to find.
# Needs:     audit_append of the build (BUILD), else the test is skipped; pgrep.
# Cleans up: follower and workers end with the test, however that ends.
# shellcheck shell=bash disable=SC2154
follower='' appender=$BUILD/tests/audit_append
[ -x "$appender" ] || skip "no tests/audit_append"
# append N [BATCH]: N changes of a setting, so many in a transaction.
append() { "$appender" "$1" "${2:-1}" <<<'{"name": "config.change", "type": "settings", "id": "x", "object_name": "assay.conf", "changes": [["paper", "a4", "letter"]]}'; }
start() { "$ASSAY" audit export --follow "$@" >"$T/follow.out" 2>"$T/follow.err" & follower=$!; }
stop() { kill -TERM "$follower"; wait "$follower"; }
workers() { pgrep -P "$follower"; }
end_follower() { [ -z "$follower" ] || kill -KILL "$follower" $(workers) 2>/dev/null; }
at_end end_follower
