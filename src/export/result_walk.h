/* What a file brought, as events for a target: walked behind the record that says it was stored.
 * What:   scan by scan in a fixed order: its summary, then each check that changed. Every event has
 *         a key, rising within the record, so that a cursor can stand behind any of them, and names
 *         origin, number and hash of the record, which vouches for the file.
 * Owner:  the record and the arena stay the caller's as long as the walk, of which an event lives
 *         until the next; results_close releases it. It holds the checks of one scan at a time.
 * Units:  events.
 * Errors: those of store.h.   See: doc/results.md */
#ifndef EXPORT_RESULT_WALK_H
#define EXPORT_RESULT_WALK_H

#include "act/act.h"
#include "export/target.h"
#include "store/results.h"

struct results {
    struct act *act;
    const struct audit_record *record;
    const struct target *target; /* whose events are counted; NULL = of nobody in particular: all */
    struct arena *a;             /* of the list of scans */
    struct arena *scan_a; /* of the scan at hand and of what was given of it; NULL = none yet */
    struct str behind;    /* the key of the last one that arrived; empty = none */
    struct store_result_scan *scans;
    size_t n_scans, at_scan;
    struct store_result_check *checks; /* of the scan at hand, once its summary was given */
    size_t n_checks, at_check;
    bool gave_summary;
};

/* Whether a record says that scans were stored. */
bool results_has(const struct audit_record *r);
/* Begins behind the event of that key. A summary says how many events of its scan the target gets; the
 * target stays the caller's as long as the walk, NULL counts all. */
int results_open(struct act *act, const struct audit_record *r, const struct target *target,
                 struct str behind, struct arena *a, struct results *ret, struct diag *d);
enum results_answer {
    RESULTS_EVENT,
    RESULTS_END, /* there are no more */
    RESULTS_FAILED
};

/* The next event with its key. */
enum results_answer results_next(struct results *w, struct result_event *ret, struct str *ret_key,
                                 struct diag *d);
/* Ends it. */
void results_close(struct results *w);

#endif
