/* Shared by cmd_status.c, cmd_agent_list.c and cmd_check.c. */
#include "cli/watched.h"

struct watch_query
watched_query(struct cli *c, const struct opt_list *groups, const char *agent, const char *policy)
{
    struct str *names = ARENA_ARRAY(c->arena, struct str, groups->n + 1);
    for (size_t i = 0; i < groups->n; i++)
        names[i] = str_c(groups->v[i]);
    return (struct watch_query){.groups = names,
                                .n_groups = groups->n,
                                .agent = agent,
                                .policy = policy,
                                .overdue_days = c->config.overdue_days};
}

struct str
watched_score(struct rounded score, struct arena *a)
{
    return score.none ? STR("-") : exact_digits(a, &score);
}

void
watched_put_score(struct json_put *j, struct rounded score, struct arena *a)
{
    double value;
    if (score.none || !str_to_double(exact_digits(a, &score), &value))
        json_put_null(j);
    else
        json_put_num(j, value, 2);
}
