/* Aliases that agents give themselves: noticed where one could be taken for another agent.
 * What:   an alias is no identity. One that is the name of another agent, or its alias too, is a
 *         finding about the file when it first comes in; reports say it for as long as it is so.
 * Owner:  what is known is kept until aliases_free(); it is loaded when the first alias comes in.
 * Units:  none.
 * Errors: those of the store, when the agents cannot be loaded.
 * See:    doc/identity.md */
#ifndef INTAKE_ALIASES_H
#define INTAKE_ALIASES_H

#include "base/diag.h"
#include "model/scan.h"
#include "store/store.h"

#define ALIASES_PLACE "alias" /* of the findings */

struct aliases;

/* Nothing is loaded yet. */
struct aliases *aliases_new(struct store *st);
/* NULL is allowed. */
void aliases_free(struct aliases *al);
/* Lists a finding in about when the alias of that asset is new to it and also another agent's; then
 * it is known. Fails (d) when the agents cannot be loaded. */
int aliases_judge(struct aliases *al, const struct scan_asset *as, struct diag *about,
                  struct diag *d);

#endif
