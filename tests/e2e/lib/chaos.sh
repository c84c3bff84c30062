# The frame of the tests in which everybody dies in turn (chaos.py). Sourced behind lib.sh.
# Gives:     a log of some thousand records, with ASSAY_LONG=yes of 60,000 and 8 deaths for each; under_fire.
# Needs:     python3, jq, rsyslog, audit_append of the build (BUILD). SEED says who is hurt when; it is printed.
# Cleans up: chaos.py ends its receiver and its exporters.
# shellcheck shell=bash
need python3 jq
. "$(dirname "$0")/../lib/receivers.sh"
need_rsyslog
. "$(dirname "$0")/../lib/pki.sh"
records=2500 deaths=3
[ "${ASSAY_LONG:-no}" != yes ] || records=60000 deaths=8
export SEED=${SEED:-$RANDOM}
echo "SEED=$SEED"
check init status 0 assay init
echo '{"name": "config.change", "type": "settings", "id": "assay.conf", "object_name": "assay.conf", "changes":
  [["organisation", "Example", "Example \"Ltd\" \\ ]"], ["paper", "a4", "letter"]]}' | tr -d '\n' | "$BUILD/tests/audit_append" $records
"$ASSAY" audit export --quiet -f json -o "$T/log.json" --no-record --from 0
tls_files authority exporter.test

# under_fire RECEIVER SCHEME FAULT [DEATHS]: a receiver at new ports, so that the target begins at 0.
under_fire() {
    local url command file
    case $1 in
    rsyslog) rsyslog_conf; command=("${rs_command[@]}") file=$T/rsyslog.got ;;
    syslog-ng) syslog_ng_conf; command=("${ng_command[@]}") file=$T/syslog-ng.got ;;
    webhook | elastic | splunk)
        free_ports 1
        file=$T/$1.got
        command=(node "$SRC/tests/e2e/lib/collector.js" "$1" "$port" "$file" "$T/server.pem" "$T/server.key" "$T/authority.pem") ;;
    esac
    case $1:$2 in
    rsyslog:relp) url=relp://127.0.0.1:$rs_relp ;;
    rsyslog:relps) url=relps://127.0.0.1:$rs_relps ;;
    rsyslog:syslog) url=syslog://127.0.0.1:$rs_tcp ;;
    rsyslog:syslogs) url=syslogs://127.0.0.1:$rs_tls ;;
    webhook:*) url=$2://127.0.0.1:$port/in ;;
    elastic:*) url=$2://127.0.0.1:$port/audit ;;
    splunk:*) url=$2://127.0.0.1:$port ;;
    syslog-ng:syslog) url=syslog://127.0.0.1:$ng_tcp ;;
    syslog-ng:syslogs) url=syslogs://127.0.0.1:$ng_tls ;;
    esac
    rm -f "$file"*
    check "$1, $2, $3" python3 "$SRC/tests/e2e/lib/chaos.py" "$3" "${4:-$deaths}" "$url" "$file" "$T/log.json" "${command[@]}"
}
