#!/usr/bin/env bash
# A receiver of syslog that reads a batch, ends the connection in order, and dies before it has written: nothing is lost,
# because somebody has to show a tenth of a second later that he lives. Without that wait it is lost: the same test with
# the precaution left out has to fail, or it would prove nothing.
. "$(dirname "$0")/../lib/lib.sh"
need python3 jq
. "$(dirname "$0")/../lib/receivers.sh"
appender=$BUILD/tests/audit_append
[ -x "$appender" ] || skip "no tests/audit_append"
check init status 0 assay init
"$appender" 4000 500 <<<'{"name": "config.change", "type": "settings", "id": "x", "object_name": "assay.conf", "changes": [["paper", "a4", "letter"]]}'
records=$(records)

# round NAME [at-once]: all that the log has to a receiver of that name, which dies three times; how many never came in $lost, how
# many came more than once in $twice.
round() {
    local file=$T/$1.got target keeper through=no
    free_ports 1
    target=syslog://127.0.0.1:$port
    (while [ ! -e "$T/$1.over" ]; do python3 "$SRC/tests/e2e/lib/forgetful.py" "$port" "$file" 3 ${2-}; done) 2>/dev/null &
    keeper=$!
    for _ in $(seq 60); do
        ports_open $keeper "$port"
        "$ASSAY" audit export --quiet -f rfc5424 -o "$target" 2>/dev/null && { through=yes; break; }
    done
    check "$1: in the end it gets through" equal $through yes
    touch "$T/$1.over"; pkill -KILL -P $keeper; wait $keeper 2>/dev/null
    sed -n 's/.*\[assay@32473 seq="\([0-9]*\)".*/\1/p' "$file" | below "$records" | sort -n >"$T/$1.seqs"
    lost=$((records - $(uniq "$T/$1.seqs" | wc -l))) twice=$(uniq -d "$T/$1.seqs" | wc -l)
    echo "$1: $(lines_of "$file.deaths") deaths, lost $lost of $records, twice $twice"
    check "$1: it did die" test "$(lines_of "$file.deaths")" -ge 2
}
round waiting
check "nothing is lost" equal "$lost" 0
check "what comes twice has a limit" test "$twice" -le 8192
round reborn at-once
check "nothing is lost to one that is there again at once" equal "$lost" 0
export ASSAY_FAULT=grace
round hasty
check "without the wait it is: this test can fail" test "$lost" -gt 0
done_tests
