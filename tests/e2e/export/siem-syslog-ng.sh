#!/usr/bin/env bash
# doc/siem/syslog-ng.md as it is written, but for names, ports and paths: syslog-ng takes the settings, the
# line for assay.conf delivers to it, and a client without certificate does not.
. "$(dirname "$0")/../lib/lib.sh"
need jq openssl
. "$(dirname "$0")/../lib/receivers.sh"
need_syslog_ng
. "$(dirname "$0")/../lib/pki.sh"
page=$SRC/doc/siem/syslog-ng.md
free_ports 1
# block BEGINNING: the block of the page that begins so.
block() { awk -v want="$1" '/^    / { text = substr($0, 5); if (!is_in && index(text, want) == 1) is_in = 1; if (is_in) print text; next } { if (is_in) exit }' "$page"; }
here() { sed -E "s|/etc/ssl/siem/server|$T/server|g; s|/etc/ssl/siem/ca.pem|$T/authority.pem|g; s|/etc/assay/assay\.example\.jp|$T/exporter.test|g
    s|CN=assay\.example\.jp|CN=exporter.test|; s|/var/log/|$T/|g; s|port\(6514\)|ip(\"127.0.0.1\") port($port)|; s|siem\.example\.jp:6514|127.0.0.1:$port|"; }
block '@version' | here >"$T/syslog-ng.conf"
ng_command=("$syslog_ng/run" -f "$T/syslog-ng.conf" -R "$T/ng.persist" -c "$T/ng.ctl" -p "$T/ng.pid" -F --stderr) ng_ports=("$port")
check "syslog-ng takes the settings" status 0 "$syslog_ng/run" -s -f "$T/syslog-ng.conf" -R "$T/p" -c "$T/c"
syslog_ng_start

check init status 0 assay init
"$ASSAY" ingest --quiet "$SRC/samples/lynis"
records=$(records)
block 'export = ' | here >>"$ASSAY_CONFIG"
check "one line in the settings" equal "$(grep -c '^export = rfc5424:syslogs' "$ASSAY_CONFIG")" 1
check "assay run delivers" status 0 assay run
check "all of it came" come "$T/assay-audit" "$records"
n=$(lines_of "$T/assay-audit")
sed -i '/^export/d' "$ASSAY_CONFIG"
check "without a certificate nothing is taken" status 69 assay audit export -f rfc5424 -o "syslogs://127.0.0.1:$port" --from 0 --option tls-ca="$T/authority.pem"
check "and nothing came" equal "$(lines_of "$T/assay-audit")" "$n"
check "with number and hash of each" equal "$(head -n "$records" "$T/assay-audit" | jq -c '._SDATA["assay@32473"] | [(.seq | tonumber), (.rec_hash | length)]' | sort -u | wc -l)" "$records"
check "and the host of the record" equal "$(jq -r '.HOST == ._SDATA["assay@32473"].host' "$T/assay-audit" | sort -u)" true
syslog_ng_stop
done_tests
