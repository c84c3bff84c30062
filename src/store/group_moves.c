/* Called by scans.c and enrolment.c when rows of agents change, and by load.c for a report. */
#include "store/group_moves.h"

#include <assert.h>

#include "base/auto.h"
#include "base/env.h"
#include "model/moves.h"
#include "store/facts.h"
#include "store/unsent.h"

AUTO_DEFINE(struct arena *, arena_free)

/* When the next scan of the agent ended that is there; its last at the latest. */
static int
find_next(struct store *st, uint64_t agent_id, int64_t after, int64_t last, int64_t *ret,
          struct diag *d)
{
    struct stmt *s = unsent_send(st, d) == 0 ? stmt_get(st, "agent_next_scan", d) : NULL;
    *ret = last;
    if (!s)
        return -1;
    stmt_uint(s, agent_id);
    stmt_time(s, after);
    if (stmt_first(s, d) != STMT_ROW)
        return diag_failed(d) ? -1 : diag_fail(d, DIAG_INTERNAL, "no answer to agent_next_scan");
    if (!stmt_col_is_null(s, 0) && stmt_col_time(s, 0) < last)
        *ret = stmt_col_time(s, 0);
    return 0;
}

static int
load_history(struct store *st, struct str agent, struct arena *a, struct str *ret_key,
             struct str *ret, struct diag *d)
{
    *ret_key = moves_key(agent, a);
    return store_load_setting(st, *ret_key, a, ret, d);
}

/* Of a scan that is older than what is known of the agent. */
static int
say_late(struct store *st, const struct group_said *s, const struct fact_member *m,
         const struct move *move, struct arena *a, struct diag *d)
{
    struct str key, kept;
    int64_t next;
    if (load_history(st, s->agent, a, &key, &kept, d) != 0)
        return -1;
    if ((kept.len ? moves_at(kept, move->from, INT64_MAX) : m->group) == move->group)
        return 0;
    if (find_next(st, s->agent_id, move->from, m->last_seen, &next, d) != 0)
        return -1;
    if (!kept.len)
        kept = moves_begin(s->agent, m->group, a);
    return store_put_setting(st, key, moves_add_late(kept, move, next, a), d);
}

static int
add_move(struct store *st, struct str agent, uint64_t was, const struct move *move, struct arena *a,
         struct diag *d)
{
    struct str key, kept;
    if (load_history(st, agent, a, &key, &kept, d) != 0)
        return -1;
    if (!kept.len)
        kept = moves_begin(agent, was, a);
    return store_put_setting(st, key, moves_add(kept, move, a), d);
}

int
group_moves_said(struct store *st, const struct group_said *s, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    if (!st->facts) /* outside of acts nothing is told */
        return 0;
    struct fact_member *m = facts_member(st, s->agent_id);
    struct move move = {.from = s->seen,
                        .told = env_wall_us() / 1000000,
                        .group = s->group,
                        .by = sha256_hex(a, s->file)};
    int rc = 0;
    if (!m->group)
        m->group = s->group ? s->group : ids_group(STR(""));
    else if (s->group && s->seen < m->last_seen)
        rc = say_late(st, s, m, &move, a, d);
    else if (s->group && s->group != m->group) {
        rc = add_move(st, s->agent, m->group, &move, a, d);
        m->group = s->group;
    }
    m->last_seen = m->last_seen == CLOCK_NONE || s->seen > m->last_seen ? s->seen : m->last_seen;
    return rc;
}

int
group_moves_decided(struct store *st, uint64_t agent_id, struct str agent, uint64_t group,
                    int64_t from, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct fact_member *m = st->facts ? facts_member(st, agent_id) : NULL;
    struct move move = {.from = from,
                        .told = env_wall_us() / 1000000,
                        .group = group,
                        .by_officer = true,
                        .by = STR("")};
    if (!m || !m->group)
        return 0;
    int rc = add_move(st, agent, m->group, &move, a, d);
    m->group = group;
    return rc;
}

int
group_moves_load(const struct loading *l, struct map **ret)
{
    struct map *to = *ret = map_new(l->a);
    struct stmt *s = stmt_get(l->st, "group_moves", l->d);
    if (!s || stmt_run(s, l->d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, l->d)) == STMT_ROW) {
        struct str key = stmt_col_view(s, 0), kept = stmt_col_view(s, 1),
                   agent = arena_str(l->a, moves_agent(kept));
        uint64_t *group = ARENA_NEW(l->a, uint64_t);
        *group = moves_at(kept, l->q->to - 1, l->q->as_of ? l->q->as_of : INT64_MAX);
        if (!*group || !str_eq(key, moves_key(agent, l->a))) {
            diag_fail(l->d, DIAG_BAD_DATA,
                      "value: it is no history of the agent that the name says");
            return diag_at(l->d, "setting %.*s", STR_ARG(arena_str(l->a, key)));
        }
        map_put(to, agent, group);
    }
    return rc;
}
