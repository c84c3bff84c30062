/* Whether those who were asked last answered, one setting of the database for each: empty when it did,
 * else how it failed. Called by witness.c and anchor.c. */
#include "ledger/outage.h"

#include <assert.h>

#include "base/sha256.h"

struct change {
    struct str key, state;
    struct event event;
};

static int
put_change(struct act *act, void *ctx, struct diag *d)
{
    const struct change *c = ctx;
    return store_put_setting(act->store, c->key, c->state, d) == 0
               ? act_append(act, &c->event, 1, d)
               : -1;
}

void
outage_note(struct act *act, const char *event, const char *kind, struct str whom,
            const struct diag *why)
{
    assert(event[0] && kind[0]);
    struct diag d = diag_init(why->arena);
    bool failed = diag_failed(why);
    struct sha256_digest h = sha256_of(whom);
    struct change c = {.key =
                           arena_fmt(d.arena, "outage:%s:%.16s", event, sha256_hex(d.arena, &h).s),
                       .state = failed ? str_c(diag_word(why->first.code)) : STR(""),
                       .event = {.name = event,
                                 .outcome = failed ? EVENT_FAILURE : EVENT_SUCCESS,
                                 .severity = !failed                          ? 3
                                             : why->first.code == DIAG_VERIFY ? 9
                                                                              : 5,
                                 .object_type = str_c(kind),
                                 .object_id = whom,
                                 .object_name = whom,
                                 .reason = failed ? diag_text(why) : STR("works again")}};
    struct str was;
    if (act->dry_run || store_load_setting(act->store, c.key, d.arena, &was, &d) != 0)
        return;
    if (!str_eq(was, c.state)) /* the same as last time has its record already */
        act_transact(act, put_change, &c, &d);
}
