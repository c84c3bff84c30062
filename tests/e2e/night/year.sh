#!/usr/bin/env bash
# A year of two hosts on one database, a night a week: monthly reports, and weekly ones in two zones; one host is down for three weeks, the
# database away, the disk full, the certificate expired, an agent retired. In the end every period was made once, every scan is stored once,
# and the log explains whatever went wrong. With ASSAY_LONG 52 weeks, else the eleven in which all of that happens.
. "$(dirname "$0")/../lib/lib.sh"
. "$SRC/tests/e2e/lib/server.sh"
need jq openssl mariadbd mariadb-install-db mariadb
[ -f /usr/share/zoneinfo/Asia/Tokyo ] || skip "no tzdata"
weeks=11
[ "${ASSAY_LONG-no}" != yes ] || weeks=52
day() { date -u -d "2031-01-06 + $1 days" +%Y-%m-%d; } # a Monday, and those behind it
night() { echo "$(day $((7 * $1 + 1)))T03:00:00Z"; }    # the Tuesday behind week $1, which Monday 0 begins

server_start
mkdir -p "$T/tpl/reports" "$T/all" "$T/reports"
bash "$SRC/scripts/make-fleet" --agents 6 --weeks $weeks --groups 2 --out "$T/all" --seed 31 --end "$(day $((7 * weeks - 1)))" >/dev/null
sections='"outputs": ["json"], "sections": [{"type": "scoring"}]'
echo "{\"period\": \"month\", \"scheduled\": true, $sections}" >"$T/tpl/reports/hardening-monthly.json"
echo "{\"period\": \"week\", \"scheduled\": true, $sections}" >"$T/tpl/reports/weekly.json"
echo "{\"period\": \"week\", \"schedule\": \"Mon 06:00\", \"zone\": \"Asia/Tokyo\", $sections}" >"$T/tpl/reports/tokyo.json"

# certificate UNTIL: the one that both hosts seal with.
certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=Reports until $1" -keyout "$T/seal.key" -out "$T/seal-$1.crt" \
        -days $((($(date -d "$1" +%s) - $(date +%s)) / 86400)) -addext keyUsage=digitalSignature,nonRepudiation 2>/dev/null
    cp "$T/seal-$1.crt" "$T/seal.crt"
    chmod 600 "$T/seal.key"
}
certificate "$(day 60)"
for h in alpha beta; do
    mkdir -p "$T/$h/spool"
    { printf 'state-dir = %s\nspool-dir = %s/spool\nreports-dir = %s/reports\ntemplates-dir = %s/tpl\norigin = test/year\n' "$T/$h" "$T/$h" "$T" "$T"
      printf 'option-file = %s/my.cnf\ndatabase-wait = 1\nspool-settle = 0\nsign-cert = %s/seal.crt\nsign-key = %s/seal.key\n' "$T" "$T" "$T"; } >"$T/$h.conf"
done
# host NAME TIME COMMAND…: assay as that host.
host() {
    local name=$1 time=$2; shift 2
    ASSAY_CONFIG=$T/$name.conf E2E_HOST=$name at "$time" "$ASSAY" "$@"
}
check "the first host" status 0 host alpha "$(night -1)" init
# Hosts that share a log sign it with one key.
cp "$T"/alpha/audit.{key,vkey,vkeys} "$T/beta/"
check "the second host" status 0 host beta "$(night -1)" init

# both TIME [TAG]: a night of both hosts at once; what each says, and how it ended.
both() {
    local h
    for h in alpha beta; do
        [ "$h" = beta ] && is_down "$week" && continue
        host $h "$1" run --json >"$T/$h.json" 2>"$T/$h.err" & eval "pid_$h=$!"
    done
    for h in alpha beta; do
        eval "local pid=\${pid_$h-}; pid_$h="
        [ -n "$pid" ] || { eval "rc_$h=0"; continue; }
        wait "$pid"; eval "rc_$h=\$?"
    done
}
is_down() { [ "$1" -ge 3 ] && [ "$1" -le 5 ]; }
# What a good night may end with: 3 = there was something to look at.
fine() { case "$rc_alpha/$rc_beta" in [03]/[03]) ;; *) echo "  $rc_alpha $rc_beta" >&2; cat "$T"/{alpha,beta}.err >&2; return 1 ;; esac; }
# failed WANT WORDS: both that ran ended so, and said it.
failed() {
    [ "$rc_alpha" -eq "$1" ] && grep -qF -- "$2" "$T/alpha.err" && return
    echo "  $rc_alpha" >&2; cat "$T/alpha.err" >&2; return 1
}

for ((week = 0; week < weeks; week++)); do
    k=0
    find "$T/all" -maxdepth 1 -type f ! -newermt "$(day $((7 * week + 6))) 23:59:59 UTC" | sort >"$T/now"
    while read -r file; do
        if is_down $week || [ $((k++ % 2)) = 0 ]; then mv "$file" "$T/alpha/spool/"; else mv "$file" "$T/beta/spool/"; fi
    done <"$T/now"
    now=$(night $((week + 1)))
    case $week in
    2) # the database goes away; the next run makes up for it
        server_stop
        n=$(find "$T"/{alpha,beta}/spool -maxdepth 1 -type f | wc -l)
        both "$now"
        check "without the database" failed 69 "database"
        check "the spools keep their files" equal "$(find "$T"/{alpha,beta}/spool -maxdepth 1 -type f | wc -l)" "$n"
        server_again
        ;;
    6) # no file grows beyond 1 kB: the disk is full
        (ulimit -f 1; ASSAY_CONFIG=$T/alpha.conf E2E_HOST=alpha at "$now" env --ignore-signal=XFSZ "$ASSAY" run >"$T/alpha.out" 2>"$T/alpha.err")
        rc_alpha=$?
        check "on a full disk" failed 73 "$T/reports"
        ;;
    8) # the certificate ended; nothing is made until there is another
        both "$now"
        check "with an expired certificate" failed 78 "expired"
        certificate 2033-01-01
        ;;
    9)
        check "an agent retires" status 0 host alpha "$now" agent retire "$(awk -F'\t' 'NR == 2 { print $1 }' "$T/fleet-expected.tsv")" --from "$(day $((7 * week)))" --reason "replaced"
        ;;
    esac
    both "$now"
    check "week $week" fine
done

# Each period once, none left out: what the log says, and what lies there.
export ASSAY_CONFIG=$T/alpha.conf
end=$(night $weeks)
check "the log is exported" status 0 host alpha "$end" audit export --format json -o "$T/all.json" --from 0
made() { jq -r --arg d "$1" '.rec | select(.event == "report.make" and .outcome == "success") | .object.id | select(startswith($d))' "$T/all.json" | sort; }
wanted_weeks() { for ((w = 0; w < weeks; w++)); do date -u -d "$(day $((7 * w)))" "+$1-%G-W%V"; done | sort; }
wanted_months() { for ((m = 1; m <= 12; m++)); do [ "$(printf '2031-%02d-31' $m)" \< "$(day $((7 * weeks)))" ] && printf 'hardening-monthly-2031-%02d\n' $m; done; }
check "weekly reports" equal "$(made weekly)" "$(wanted_weeks weekly)"
check "those of Tokyo" equal "$(made tokyo)" "$(wanted_weeks tokyo)"
check "monthly ones" equal "$(made hardening-monthly)" "$(wanted_months)"
check "and nothing else lies there" equal "$(ls "$T/reports" | sort)" "$( (wanted_weeks weekly; wanted_weeks tokyo; wanted_months) | sort)"
# What an expired certificate sealed is asked for while it was good.
for dir in "$T"/reports/*; do
    host alpha "$(day 50)" verify --trust "$T/seal-$(day 60).crt" "$dir/latest" >"$T/why" 2>&1 ||
        host alpha "$end" verify --trust "$T/seal-2033-01-01.crt" "$dir/latest" >"$T/why" 2>&1 || cat "$T/why"
done >"$T/bad"
check "each is sealed by one of the two" equal "$(cat "$T/bad")" ""
check "every scan is stored once" equal "$(sql 'SELECT COUNT(*) FROM scan')" "$(($(wc -l <"$T/fleet-expected.tsv") - 1))"
check "nothing waits any more" equal "$(find "$T"/{alpha,beta}/spool -maxdepth 1 -type f)" ""
check "failures are explained" test "$(jq -r '.rec | select(.event == "report.make" and .outcome == "failure") | .reason' "$T/all.json" | grep -c expired)" -ge 1
check "the schedule has nothing left" equal "$(host alpha "$end" schedule --json | jq -r '[.[].state] | unique | join(" ")')" waits
check "signed once more" status 0 host alpha "$end" audit checkpoint
check "the log and the facts hold" status 0 host alpha "$end" audit verify
done_tests
