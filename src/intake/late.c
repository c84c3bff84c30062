/* One act for each delta that is merged again. Called by intake.c and revise.c behind what they store. */
#include "intake/late.h"

#include "base/auto.h"
#include "base/clock.h"

AUTO_DEFINE(struct arena *, arena_free)

static int
merge_one(struct act *act, void *ctx, struct diag *d)
{
    const struct store_late *late = ctx;
    bool changed;
    if (store_merge_late(act->store, late, &changed, d) != 0)
        return -1;
    struct event_change at = {.field = STR("scanned_at"),
                              .old_value = STR(""),
                              .new_value = clock_iso(d->arena, late->end)};
    struct event e = {.name = "scan.merge",
                      .severity = 1,
                      .object_type = STR("agent"),
                      .object_id = late->agent,
                      .object_name = late->agent,
                      .reason = STR("a scan that lies before the delta came after it"),
                      .changes = &at,
                      .n_changes = 1};
    return act_append(act, &e, changed, d);
}

int
late_merge(struct act *act, struct diag *d)
{
    enum { TRIES = 8 };
    for (int try = 1;;) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct store_late late;
        if (store_next_late(act->store, a, &late, d) == 0 &&
            (!late.agent_id || act_transact(act, merge_one, &late, d) == 0)) {
            if (!late.agent_id)
                return 0;
            try = 1;
            continue;
        }
        if (!diag_may_pass(d) || try++ == TRIES)
            return -1;
        diag_clear(d);
    }
}
