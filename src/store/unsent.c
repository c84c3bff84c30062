/* Rows that wait to be sent; filled by scans.c, sent by it, input_files.c and transaction.c. */
#include "store/unsent.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store/ids.h"
#include "store/session.h"

static void
free_unsent(struct store *st)
{
    arena_free(st->unsent->arena);
    free(st->unsent);
    st->unsent = NULL;
}

struct unsent *
unsent_rows(struct store *st, uint64_t agent_id, uint64_t line_id)
{
    const uint64_t key[] = {agent_id, line_id};
    assert(st->in_transaction);
    if (!st->unsent) {
        struct unsent *u = mem_alloc(sizeof *u);
        u->arena = arena_new();
        u->lines = map_new(u->arena);
        u->scans = bulk_begin(st, "bulk_scan");
        u->currents = bulk_begin(st, "bulk_current_move");
        u->agents = bulk_begin(st, "bulk_agent_touch");
        st->unsent = u;
    }
    map_put_index(st->unsent->lines, ids_key(st->unsent->arena, key, sizeof key), 0);
    return st->unsent;
}

bool
unsent_has(const struct store *st, uint64_t agent_id, uint64_t line_id)
{
    const uint64_t key[] = {agent_id, line_id};
    return st->unsent &&
           map_get_index(st->unsent->lines, str_n((const char *)key, sizeof key)) >= 0;
}

int
unsent_send(struct store *st, struct diag *d)
{
    if (!st->unsent)
        return 0;
    struct bulk *const all[] = {&st->unsent->scans, &st->unsent->currents, &st->unsent->agents};
    int rc = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (rc == 0)
            rc = bulk_end(all[i], d);
        else
            bulk_drop(all[i]);
    free_unsent(st);
    return rc;
}

void
unsent_drop(struct store *st)
{
    if (!st->unsent)
        return;
    bulk_drop(&st->unsent->scans);
    bulk_drop(&st->unsent->currents);
    bulk_drop(&st->unsent->agents);
    free_unsent(st);
}
