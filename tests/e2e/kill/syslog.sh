#!/usr/bin/env bash
# The same over syslog and TLS, which has no answers, to a real rsyslog and a real syslog-ng.
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/chaos.sh"
need_syslog_ng
export WINDOW=8192 # POSTED_MOST
for receiver in rsyslog syslog-ng; do
    for fault in receiver exporter; do under_fire $receiver syslogs $fault; done
done
for fault in points database; do under_fire rsyslog syslogs $fault; done
under_fire syslog-ng syslogs network 5
for fault in receiver exporter; do FOLLOW=yes under_fire syslog-ng syslogs $fault; done
# What the wait of a tenth of a second is for: without it a receiver that dies may lose, and in a long run does.
# kill/grace.sh has a receiver that dies at that very moment.
if [ "${ASSAY_LONG:-no}" = yes ]; then
    lost() { ASSAY_FAULT=grace under_fire rsyslog "$1" receiver 16 2>&1 | grep -o 'lost [0-9]*'; }
    echo "without the wait: $(lost syslogs), over TCP $(lost syslog)"
fi
check "the log itself holds" status 0 assay audit verify
done_tests
