/* What status, check and the list of agents share: their question, and how a score is printed.
 * What:   options become a query; scores become text and JSON.
 * Owner:  the arena given.
 * Units:  percent with two decimals.
 * Errors: none. */
#ifndef CLI_WATCHED_H
#define CLI_WATCHED_H

#include "base/json_put.h"
#include "cli/cli.h"
#include "job/watch.h"

/* The question of options: groups may be empty, agent and policy NULL. */
struct watch_query watched_query(struct cli *c, const struct opt_list *groups, const char *agent,
                                 const char *policy);
/* "87.40", "-" for none. */
struct str watched_score(struct rounded score, struct arena *a);
/* The same as a number of JSON, or null. */
void watched_put_score(struct json_put *j, struct rounded score, struct arena *a);

#endif
