/* One scheduled run: what is due is done.
 * What:   ingests the spool, makes the reports of every scheduled definition whose period has
 *         closed since the first scan (missed ones are caught up, oldest first; one that is done or
 *         that another host holds is left alone), sends what the outbox has, then exports the audit log
 *         to the configured targets. A step that fails does not stop the others; the worst failure is returned.
 * Owner:  summaries live in the arena of the diag.
 * Units:  seconds.
 * Errors: the first failure of any step.
 * See:    doc/man/assay-run.1 */
#ifndef JOB_SCHEDULE_H
#define JOB_SCHEDULE_H

#include "export/export.h"
#include "intake/intake.h"
#include "job/report.h"

struct schedule_step {
    struct str what;     /* "hardening-monthly 2026-10" */
    struct str text;     /* what came of it */
    bool failed, warned; /* warned: it went well but for what the text says */
};

struct schedule_summary {
    struct intake_summary ingest;
    VEC(struct schedule_step) steps;
    int64_t n_reports, n_delivered, n_exported;
};

enum { SCHEDULE_MOST = 1000 };

struct schedule_options {
    int max_catch_up; /* at most so many closed periods of a definition are made */
    bool latest_only; /* of each definition only the newest that is due */
};

/* Does what is due at env_now(); with act->dry_run it only says what would be read, made and sent. */
int schedule_run(struct act *act, const struct schedule_options *o, struct schedule_summary *ret,
                 struct diag *d);

#endif
