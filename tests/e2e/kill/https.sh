#!/usr/bin/env bash
# The same over HTTPS, to look-alikes of a webhook, Elasticsearch and Splunk with client certificates: what
# comes again is there once in Elasticsearch.
. "$(dirname "$0")/../lib/lib.sh"
need node
. "$(dirname "$0")/../lib/chaos.sh"
unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY
export FORMAT=json POINTS="before_send after_ack before_cursor after_cursor" DELAY=5 ACK_MS=20
for fault in receiver exporter points database; do under_fire webhook webhook+https $fault; done
under_fire webhook webhook+https network 5
for fault in receiver exporter points; do WINDOW=0 under_fire elastic elastic+https $fault; done
WINDOW=0 under_fire elastic elastic+https network 5
(umask 077; echo B5A79AAD-D822-46CC-80D1-819F80D7BFB0 >"$T/token")
export OPTIONS="token-file=$T/token ack=3"
for fault in receiver exporter points; do under_fire splunk splunk+https $fault; done
under_fire splunk splunk+https network 5
check "the log itself holds" status 0 assay audit verify
done_tests
