/* Locks lines, many a statement. Called by scans.c, late.c and, for a batch, by intake/ingest.c. */
#include "store/lock.h"

#include <assert.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/ids.h"
#include "store/fact_agents.h"
#include "store/detail_base.h"
#include "store/seen.h"
#include "store/session.h"
#include "store/stmt.h"
#include "store/unsent.h"

enum { MANY = 20 }; /* lines of current_lock_many */

struct line {
    uint64_t agent_id, line_id;
    struct lock_state state;
    bool is_stale; /* a scan was put into it since */
};

struct locks {
    struct arena *arena;
    struct map *lines; /* bytes of (agent id, line id) -> struct line */
};

/* ---- what is locked ---- */

static struct line *
find_locked(const struct store *st, uint64_t agent_id, uint64_t line_id)
{
    const uint64_t key[] = {agent_id, line_id};
    return st->locks ? map_get(st->locks->lines, str_n((const char *)key, sizeof key)) : NULL;
}

static void
remember_locked(struct store *st, const struct line *l)
{
    const uint64_t key[] = {l->agent_id, l->line_id};
    if (!st->locks) {
        st->locks = mem_alloc(sizeof *st->locks);
        st->locks->arena = arena_new();
        st->locks->lines = map_new(st->locks->arena);
    }
    struct line *kept = ARENA_NEW(st->locks->arena, struct line);
    *kept = *l;
    map_put(st->locks->lines, ids_key(st->locks->arena, key, sizeof key), kept);
}

void
lock_drop(struct store *st)
{
    if (!st->locks)
        return;
    arena_free(st->locks->arena);
    free(st->locks);
    st->locks = NULL;
}

void
lock_moved(struct store *st, uint64_t agent_id, uint64_t line_id)
{
    struct line *l = find_locked(st, agent_id, line_id);
    if (l)
        l->is_stale = true;
}

/* ---- locking ---- */

/* agent_current has a row for every line that was prepared; its time means nothing until it has
 * scans. */
static struct lock_state
read_state(const struct stmt *s, int i)
{
    return (struct lock_state){.end = stmt_col_int(s, i + 1) ? stmt_col_time(s, i) : CLOCK_NONE,
                               .has_revoked = stmt_col_int(s, i + 2) > 0};
}

int
lock_line(struct store *st, uint64_t agent_id, uint64_t line_id, struct lock_state *ret,
          struct diag *d)
{
    const struct line *l = find_locked(st, agent_id, line_id);
    assert(st->in_transaction && !unsent_has(st, agent_id, line_id));
    if (l && !l->is_stale) {
        *ret = l->state;
        return 0;
    }
    struct stmt *s = stmt_get(st, "current_lock", d);
    if (!s)
        return -1;
    stmt_uint(s, agent_id);
    stmt_uint(s, line_id);
    enum stmt_answer rc = stmt_first(s, d);
    if (rc == STMT_END) {
        seen_forget(st);
        detail_bases_forget(st);
        return diag_fail(d, DIAG_RETRY, "a line was not prepared");
    }
    if (rc == STMT_ROW)
        *ret = read_state(s, 0);
    return rc < 0 ? -1 : 0;
}

static int
by_line(const void *a, const void *b)
{
    const struct line *p = a, *q = b;
    if (p->agent_id != q->agent_id)
        return p->agent_id < q->agent_id ? -1 : 1;
    return p->line_id < q->line_id ? -1 : p->line_id > q->line_id;
}

/* Locks up to MANY; the parameters that are left over name the first once more. */
static int
lock_some(struct store *st, const struct line *v, size_t n, struct diag *d)
{
    struct stmt *s = stmt_get(st, "current_lock_many", d);
    assert(n > 0 && n <= MANY);
    if (!s)
        return -1;
    for (size_t i = 0; i < MANY; i++) {
        stmt_uint(s, v[i < n ? i : 0].agent_id);
        stmt_uint(s, v[i < n ? i : 0].line_id);
    }
    if (stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW)
        remember_locked(st, &(struct line){.agent_id = stmt_col_uint(s, 0),
                                           .line_id = stmt_col_uint(s, 1),
                                           .state = read_state(s, 2)});
    return rc;
}

int
store_lock_lines(struct store *st, const struct scan_file *const *files, size_t n, struct diag *d)
{
    assert(st->in_transaction);
    size_t n_scans = 0, n_lines = 0;
    int rc = 0;
    for (size_t i = 0; i < n; i++)
        n_scans += files[i]->scans.n;
    struct line *lines = mem_alloc((n_scans + 1) * sizeof *lines);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < files[i]->scans.n; k++) {
            const struct scan *s = &files[i]->scans.v[k];
            const struct fact_item agent = {.kind = FACT_AGENT, .id = ids_agent(s->asset.name)};
            facts_touch(st, &agent);
            if (!s->delta) /* it may name its policy by a title only, and is locked when it is put */
                lines[n_lines++] = (struct line){.agent_id = ids_agent(s->asset.name),
                                                 .line_id = ids_line(&s->policy)};
        }
    }
    qsort(lines, n_lines, sizeof *lines, by_line);
    for (size_t i = 0; i < n_lines && rc == 0; i += MANY)
        rc = lock_some(st, lines + i, n_lines - i < MANY ? n_lines - i : MANY, d);
    free(lines);
    return rc == 0 ? fact_agents_look(st, d) : -1;
}
