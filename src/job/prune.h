/* `assay prune`: retention by class and age.
 * What:   what is older than the settings say goes, a bounded part an act, each with its record; nothing goes that an
 *         exporter has not delivered, that a report not yet made needs, or that a hold keeps.
 * Owner:  the arena of the diag.
 * Units:  months in the settings; seconds UTC, bytes.
 * Errors: DIAG_USAGE; those of store.h; DIAG_IO, DIAG_CANNOT_WRITE for files.
 * See:    doc/retention.md, doc/decisions/0032-retention.md */
#ifndef JOB_PRUNE_H
#define JOB_PRUNE_H

#include "job/hold.h"

struct prune_request {
    const char *const *classes; /* NULL = all */
    size_t n_classes;
    int64_t before; /* CLOCK_NONE = as the settings say */
    bool force;     /* also what an exporter has not delivered: the log says so */
};

struct prune_result { /* of a class */
    const char *class;
    int64_t before; /* CLOCK_NONE = it is kept for ever */
    struct prune_count count;
    int64_t n_texts, n_text_bytes; /* swept behind it: detail sets and evidence */
    struct str waits;              /* what keeps more from going; empty = nothing */
    int64_t first_seq, last_seq;   /* records that tell of it, -1 = none */
};

struct prune_summary {
    VEC(struct prune_result) v;
};

struct prune_job {
    struct act *act;
    const struct prune_request *q;
    struct arena *arena;
    hold_list holds;
    struct prune_order order; /* of the class at hand */
    struct prune_result *result;
    bool has_reach; /* the next two are known */
    int64_t reach;  /* how far back reports reach that are to be made yet */
    struct str reach_what;
    bool was_open; /* a run that was killed did not come to the end of the class */
};

/* A class of what is kept. */
struct prune_class {
    const char *name; /* "scans" */
    size_t keep;      /* of the setting in struct config: months, 0 = for ever */
    bool is_data;     /* rows that reports read: whole months, bounded by reports to come */
    int (*run)(struct prune_job *p, struct diag *d);
};

extern const struct prune_class prune_class_scans, prune_class_evidence, prune_class_inputs,
    prune_class_done, prune_class_rejected, prune_class_reports, prune_class_exports;

/* Prunes, or says with act->dry_run what would go. */
int prune_job_run(struct act *act, const struct prune_request *q, struct prune_summary *ret,
                  struct diag *d);
/* The words of enum prune_why for people and JSON. */
const char *prune_why_word(enum prune_why why);

/* ---- for the classes ---- */

/* The record of a part that went: its class, bound, counts, and n changes more. */
struct event prune_event(const struct prune_job *p, const struct prune_count *count,
                         const struct event_change *more, size_t n, struct arena *a);
/* The last act was recorded: notes which records tell of the class. */
void prune_told(struct prune_job *p);

#endif
