#!/usr/bin/env bash
# The same over syslog and TLS, which has no answers, to a real rsyslog and a real syslog-ng.
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/chaos.sh"
need_syslog_ng
export WINDOW=2048
for receiver in rsyslog syslog-ng; do
    for fault in receiver exporter; do under_fire $receiver syslogs $fault; done
done
for fault in points database; do under_fire rsyslog syslogs $fault; done
under_fire syslog-ng syslogs network 5
for fault in receiver exporter; do FOLLOW=yes under_fire syslog-ng syslogs $fault; done
check "the log itself holds" status 0 assay audit verify
done_tests
