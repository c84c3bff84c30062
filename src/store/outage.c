/* Waiting for a database that is away. Below connect.c and stmt.c, and called by act. */
#include <unistd.h>

#include "base/env.h"
#include "store/session.h"

enum {
    SHORT_WAITS = 30, /* 3 s: a restart, a killed connection, another node */
    SHORT_MS = 100,
    LONG_MS = 1000
};

/* Not before it has lasted for a moment: most are over before anybody could read it. */
static void
tell_outage(const struct store *st, struct store_outage *o, const struct diag *why)
{
    if (o->is_told || !st->config.tell || o->n_waits < SHORT_WAITS)
        return;
    o->is_told = true;
    struct str how_long = st->config.wait_s == STORE_WAIT_FOR_EVER
                              ? STR("for as long as it takes")
                              : arena_fmt(why->arena, "up to %lld seconds (database-wait)",
                                          (long long)st->config.wait_s);
    st->config.tell(arena_fmt(why->arena, "the database is away, waiting for it %.*s: %.*s",
                              STR_ARG(how_long), STR_ARG(why->first.text))
                        .s);
}

bool
store_outlast(struct store *st, struct store_outage *o, const struct diag *why)
{
    int64_t now = env_mono_ms();
    if (o->n_waits++ == 0) { /* a connection that was ended is simply made anew */
        o->since_ms = now;
        return true;
    }
    if (st->config.wait_s != STORE_WAIT_FOR_EVER && now - o->since_ms >= st->config.wait_s * 1000)
        return false;
    tell_outage(st, o, why);
    usleep((o->n_waits <= SHORT_WAITS ? SHORT_MS : LONG_MS) * 1000);
    return true;
}
