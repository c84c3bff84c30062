/* The list of agents, changed by a person.
 * What:   add, alias, freeze, remove; each change is one transaction with an audit record that has
 *         the old and the new value. What is so already is no change and leaves no record.
 * Owner:  the report's texts live in the arena given.
 * Units:  counts of agents.
 * Errors: DIAG_USAGE (a name that is not on the list, or is taken), DIAG_BUSY, those of the store.
 * See:    doc/man/assay-agent.1, doc/enrolment.md */
#ifndef INTAKE_AGENT_H
#define INTAKE_AGENT_H

#include "act/act.h"

enum agent_act {
    AGENT_ADD,
    AGENT_ALIAS,   /* gives the one agent further names */
    AGENT_UNALIAS, /* takes them away */
    AGENT_FREEZE,
    AGENT_UNFREEZE,
    AGENT_REMOVE
};

struct agent_change {
    enum agent_act act;
    const struct str *names;
    size_t n_names;
    const struct str *aliases; /* AGENT_ALIAS and AGENT_UNALIAS: of names[0]; AGENT_ADD with one
                                  name: may be given */
    size_t n_aliases;
};

/* Changes the list; *ret_n says how many agents were changed. With dry_run nothing is written. */
int agent_change(struct act *act, const struct agent_change *c, size_t *ret_n, struct diag *d);
/* Adds every agent that ever reported and is neither on the list nor an alias. A name that cannot be put
 * on the list (it does not show as it is, or names no host) is left out with a finding. */
int agent_add_seen(struct act *act, size_t *ret_n, struct diag *d);
/* Puts agents that have reported into a group, from a time on that is not to come (CLOCK_NONE = now): reports of periods
 * that end after it have them there. */
int agent_move(struct act *act, const struct str *names, size_t n_names, struct str group,
               int64_t from, size_t *ret_n, struct diag *d);

struct agent_entry { /* an agent on the list */
    struct str name;
    bool frozen;
    const struct str *aliases;
    size_t n_aliases;
    bool of_settings;     /* not of the database */
    int64_t last_contact; /* a scan, or a file that held nothing to store; CLOCK_NONE = never */
};

/* The whole list: that of the database by name, then that of the settings. */
int agent_list(struct act *act, struct arena *a, struct agent_entry **ret, size_t *ret_n,
               struct diag *d);

#endif
