/* An act of the program or of a person: what becomes one record of the audit log.
 * What:   nouns only; the chained record is made of it by audit/record.h.
 * Owner:  texts live in the caller's arena. Secrets never go in (a changed secret is
 *         {changed:true}: set is_secret).
 * Units:  severity 0 (least) to 10 as in CEF.
 * Errors: none.   See: doc/audit-events.md lists every event name */
#ifndef MODEL_EVENT_H
#define MODEL_EVENT_H

#include "base/str.h"

enum event_outcome { EVENT_SUCCESS, EVENT_FAILURE };

/* A field that changed, or a detail that is worth keeping (old empty). */
struct event_change {
    struct str field, old_value, new_value;
    bool is_secret; /* values are replaced by {"changed":true} */
};

struct event {
    const char *name; /* "ingest.file", "report.make", "output.write", "config.change" … */
    enum event_outcome outcome;
    int severity;
    struct str object_type, object_id, object_name; /* file, report, schedule, schema, key … */
    struct str reason;                              /* why it failed or was done, may be empty */
    const struct event_change *changes;
    size_t n_changes;
};

#endif
