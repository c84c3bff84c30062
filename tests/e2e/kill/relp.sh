#!/usr/bin/env bash
# A long log over RELP to a real rsyslog, while receiver, exporter, database and network die in turn: every
# record arrives, in order, unaltered, and comes twice no more often than promised.
. "$(dirname "$0")/../lib/lib.sh"
. "$(dirname "$0")/../lib/chaos.sh"
under_fire rsyslog relp receiver
for fault in receiver exporter points database two; do under_fire rsyslog relps $fault; done
under_fire rsyslog relps network 5
for fault in receiver exporter; do FOLLOW=yes under_fire rsyslog relps $fault; done
check "the log itself holds" status 0 assay audit verify
done_tests
