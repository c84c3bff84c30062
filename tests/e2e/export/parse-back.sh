#!/usr/bin/env bash
# Records with every text that a host could make up, through every encoder, and read back field by field: by
# rsyslog and syslog-ng, by lognormalizer (CEF), and by parsers of this test. Every value survives.
. "$(dirname "$0")/../lib/lib.sh"
need jq python3 lognormalizer
GOT=json
. "$(dirname "$0")/../lib/receivers.sh"
need_rsyslog
need_syslog_ng
. "$(dirname "$0")/../lib/pki.sh"
back() { python3 "$SRC/tests/e2e/export/parse-back.py" "$@"; }
samples=${SHARED:-$SRC/../shared}/siem/tools/samples.py
[ -e "$samples" ] || { echo "without the samples of ../shared"; samples=''; }

check init status 0 assay init
back events $samples >"$T/events"
"$BUILD/tests/audit_append" "$(wc -l <"$T/events")" 50 "$T/events"
check "the log as JSON" status 0 assay audit export -f json -o "$T/log.json" --from 0
check "holds the texts" back texts "$T/log.json" "$T/events"
for format in ecs gelf ocsf leef cef; do
    check "export $format" status 0 assay audit export -f $format -o "$T/$format" --from 0
done
siem=${SHARED:-$SRC/../shared}/siem
[ ! -d "$siem" ] || for format in ecs ocsf; do check "$format holds against its schema" python3 "$SRC/tests/e2e/lib/schemas.py" $format "$T/$format" "$siem"; done
for format in ecs gelf ocsf leef; do check "$format" back $format "$T/log.json" "$T/$format"; done

# liblognorm 2.0.6 eats the first letter of the extension unless a blank stands before it.
cef() { # FILE of CEF lines
    printf 'version=2\nrule=:%%f:cef%%\n' >"$T/rules"
    awk '{ n = 0; o = ""; s = $0
           while (n < 7 && match(s, /\\.|\|/)) { t = substr(s, RSTART, RLENGTH); o = o substr(s, 1, RSTART + RLENGTH - 1); s = substr(s, RSTART + RLENGTH); if (t == "|") n++ }
           print o (s ~ /^ / ? "" : " ") s }' "$1" | lognormalizer -r "$T/rules" -e json >"$T/cef.json"
    back cef "$T/log.json" "$T/cef.json"
}
check "CEF" cef "$T/cef"

# ---- through the receivers, with settings that change nothing, and with their own defaults

n=$(wc -l <"$T/log.json")
only() { jq -rc 'select((.msg // "") | ltrimstr(" ") | startswith($p)) | .msg | ltrimstr(" ")' --arg p "$1" "$2"; }
for settings in faithful default; do
    if [ $settings = faithful ]; then MAXMSG=64k rsyslog_conf; else MAXMSG=8k ESC=on LOWER=on rsyslog_conf; fi
    syslog_ng_conf
    rsyslog_start; syslog_ng_start
    for target in "rsyslog relp://127.0.0.1:$rs_relp" "syslog-ng syslog://127.0.0.1:$ng_tcp"; do
        set -- $target
        file=$T/$1.got
        for format in rfc5424 cef leef; do
            rm -f "$file"
            [ "$1" = rsyslog ] && { rsyslog_stop; rsyslog_start; } || { syslog_ng_stop; syslog_ng_start; }
            check "$settings $1, $format" status 0 assay audit export -f $format -o "$2" --from 0
            come "$file" "$n" || break
            case $format in
            rfc5424) check "$settings $1, $format" back "$1" "$T/log.json" "$file" ;;
            cef) only CEF: "$file" >"$T/through"; check "$settings $1, $format" cef "$T/through" ;;
            leef) only LEEF: "$file" >"$T/through"; check "$settings $1, $format" back leef "$T/log.json" "$T/through" ;;
            esac
        done
    done
    rsyslog_stop; syslog_ng_stop
done
done_tests
