/* Values with thresholds, as monitoring plugins have them.
 * What:   each probe reads one number, and a range for warning and one for critical say what state it is in. What
 *         several probes need is loaded once.
 * Owner:  the given arena.
 * Units:  those of the probe.
 * Errors: those of what is read.
 * See:    job/probes_list.h, doc/thresholds.md */
#ifndef JOB_PROBES_H
#define JOB_PROBES_H

#include "job/health.h"
#include "job/watch.h"
#include "model/range.h"

/* The states of monitoring plugins, which are their exit status, too. */
enum probe_state { PROBE_OK, PROBE_WARNING, PROBE_CRITICAL, PROBE_UNKNOWN };

enum probe_scope { PROBE_FLEET, PROBE_SITE, PROBE_ASKED };

enum {
#define PROBE(id, ...) PROBE_AT_##id,
#include "job/probes_list.h"
    PROBE__COUNT
};

struct probe_value {
    bool is_none;       /* there is nothing to measure here */
    double value, most; /* most: of how many; 0 = there is no such number */
    int decimals;
    struct str detail; /* lines for people, empty = none */
};

/* What probes read from; what is loaded stays for the others. */
struct probe_site {
    struct act *act;
    struct arena *arena;
    struct watch_query query;
    struct watch *watch;   /* NULL = not loaded yet */
    struct health *health; /* the same */
    struct outbox_counts *outbox; /* the same */
};

struct probe {
    const char *name;
    enum probe_scope scope;
    const char *unit, *warning, *critical;
    int (*read)(struct probe_site *s, struct probe_value *ret, struct diag *d);
};

/* The probe of that number, 0 … PROBE__COUNT - 1. */
const struct probe *probe_at(size_t i);
/* A text of somebody else on one line of a plugin: what stands behind a bar would be taken for numbers. */
struct str probe_text(struct arena *a, struct str s);
/* Reads one. */
int probe_read(struct probe_site *s, size_t i, struct probe_value *ret, struct diag *d);
/* The state of a value: critical before warning. One that is none is ok. */
enum probe_state probe_judge(const struct probe_value *v, const struct range *warning,
                             const struct range *critical);
/* "OK", "WARNING" … */
const char *probe_state_word(enum probe_state state);
/* "normal", "warning" …: the words for the state of a module. */
const char *probe_module_word(enum probe_state state);

#endif
