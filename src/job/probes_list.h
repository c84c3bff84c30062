/* The values that `assay check` looks at: a row here and the function that reads it are all that a new one takes.
 * What:   a row makes the probe, its two options of the command line, and its words in the output. Whoever includes
 *         this file says first what a row is to become; the macro ends with it.
 * Owner:  none.
 * Units:  as the row says: "%", "s" (seconds), "" (a number).
 * Errors: none here.
 * See:    doc/thresholds.md, doc/man/assay-check.1
 *
 *   PROBE(ID, name, scope, unit, warning, critical, read, help)
 *
 * scope: PROBE_FLEET is of the agents that are asked for, PROBE_SITE of this installation, PROBE_ASKED of the agents,
 * too, but looked at only when it is asked for by name. The ranges are those that hold unless others are given. */

PROBE(SCORE, "score", PROBE_FLEET, "%", "", "", read_score, "the mean score of the agents")
PROBE(FAILED, "failed", PROBE_FLEET, "", "", "", read_failed, "checks that failed")
PROBE(NOT_APPLIED, "not-applied", PROBE_FLEET, "", "", "", read_not_applied, "checks that were not applied")
PROBE(PASSED, "passed", PROBE_FLEET, "", "", "", read_passed, "checks that passed")
PROBE(AGENTS, "agents", PROBE_FLEET, "", "", "", read_agents, "agents with a scan")
PROBE(SILENT, "silent", PROBE_FLEET, "", "0", "", read_silent, "agents not heard of for overdue-days")
PROBE(OVERDUE, "overdue", PROBE_FLEET, "", "0", "", read_overdue, "agents whose newest scan is older than overdue-days")
PROBE(NEW_FAILURES, "new-failures", PROBE_ASKED, "", "", "0", read_new_failures, "checks that fail since the newest scan")
PROBE(REJECTED, "rejected", PROBE_SITE, "", "0", "", read_rejected, "files in the rejected folder of the spool")
PROBE(REPORTS_FAILED, "reports-failed", PROBE_SITE, "", "0", "", read_reports_failed, "scheduled reports that could not be made")
PROBE(EXPORT_LAG, "export-lag", PROBE_SITE, "s", "", "", read_export_lag, "how long the oldest record waits for a target")
PROBE(EXPORT_BAD, "export-bad", PROBE_SITE, "", "", "0", read_export_bad, "targets that fail, are late or are contradicted")
PROBE(DEAD_LETTERS, "dead-letters", PROBE_SITE, "", "0", "", read_dead_letters, "records that a target did not take")
PROBE(OUTBOX_AGE, "outbox-age", PROBE_SITE, "s", "7200", "", read_outbox_age, "how long the oldest report waits for a recipient")
PROBE(OUTBOX_REFUSED, "outbox-refused", PROBE_SITE, "", "0", "", read_outbox_refused, "reports that a recipient did not take")
PROBE(CERTIFICATE_DAYS, "certificate-days", PROBE_SITE, "", "30:", "7:", read_certificate_days, "days until the certificate ends that seals")
PROBE(RUN_AGE, "run-age", PROBE_SITE, "s", "93600", "180000", read_run_age, "seconds since assay run ended last")
PROBE(RUN_FAILED, "run-failed", PROBE_SITE, "", "0", "", read_run_failed, "1 when a step of it failed")
PROBE(CHECKPOINT_AGE, "checkpoint-age", PROBE_SITE, "s", "", "", read_checkpoint_age, "age of the newest checkpoint of the log")
PROBE(LOG_WRONG, "log-wrong", PROBE_SITE, "", "", "0", read_log_wrong, "1 when the log is not what its checkpoints say")

#undef PROBE
