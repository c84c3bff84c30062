/* Rows on their way to the server; filled by scans.c, sent by them and by store.c. */
#include "store/held.h"

#include <stdlib.h>

#include "base/mem.h"
#include "store/inner.h"

static struct held *
new_held(struct store *st)
{
    struct held *h = mem_alloc(sizeof *h);
    h->arena = arena_new();
    h->lines = map_new(h->arena);
    h->scans = bulk_begin(st, "bulk_scan");
    h->currents = bulk_begin(st, "bulk_current_move");
    h->agents = bulk_begin(st, "bulk_agent_touch");
    return h;
}

static void
free_held(struct store *st)
{
    arena_free(st->held->arena);
    free(st->held);
    st->held = NULL;
}

struct held *
held_rows(struct store *st, uint64_t agent_id, uint64_t line_id)
{
    const uint64_t key[] = {agent_id, line_id};
    if (!st->held)
        st->held = new_held(st);
    map_put_index(st->held->lines, store_key(st->held->arena, key, sizeof key), 0);
    return st->held;
}

bool
held_has(const struct store *st, uint64_t agent_id, uint64_t line_id)
{
    const uint64_t key[] = {agent_id, line_id};
    return st->held && map_get_index(st->held->lines, str_n((const char *)key, sizeof key)) >= 0;
}

int
held_send(struct store *st, struct diag *d)
{
    if (!st->held)
        return 0;
    struct bulk *const all[] = {&st->held->scans, &st->held->currents, &st->held->agents};
    int rc = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (rc == 0)
            rc = bulk_end(all[i], d);
        else
            bulk_drop(all[i]);
    free_held(st);
    return rc;
}

void
held_drop(struct store *st)
{
    if (!st->held)
        return;
    bulk_drop(&st->held->scans);
    bulk_drop(&st->held->currents);
    bulk_drop(&st->held->agents);
    free_held(st);
}
