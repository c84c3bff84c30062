/* The loops behind `assay audit export --follow`. Called by cli/workers.c, each in its own process. */
#include "export/follow.h"

#include <assert.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/env.h"
#include "export/courier.h"

AUTO_DEFINE(struct arena *, arena_free)

enum {
    POLL_MS = 200,
    KEEP_S = 20, /* of a lease of two minutes */
    TELL_S = 3600,
    TRY_AGAIN_S = 5 /* when another has the cursor, or the database is away */
};

struct follow {
    struct act *act;
    struct target *target;
    const volatile sig_atomic_t *stop;
    int64_t kept_us, told_us; /* when last */
    bool has_started;         /* its record is in the log */
};

/* ---- waiting ---- */

/* In short sleeps: a signal between the look at *stop and the sleep costs 200 ms, not the whole of
 * it. */
void
follow_wait_ms(const volatile sig_atomic_t *stop, int64_t ms)
{
    for (; ms > 0 && !*stop; ms -= POLL_MS)
        usleep((useconds_t)(ms < POLL_MS ? ms : POLL_MS) * 1000);
}

bool
follow_is_due(int64_t *last_us, int64_t every_s)
{
    assert(every_s > 0);
    int64_t now = env_wall_us();
    if (now >= *last_us && now - *last_us < every_s * 1000000)
        return false;
    *last_us = now;
    return true;
}

bool
follow_is_final(const struct diag *d)
{
    return d->first.code == DIAG_CONFIG || d->first.code == DIAG_SCHEMA;
}

/* ---- a target ---- */

/* That exporting began, or ends: a record of its own (PCI DSS 10.2.1.6). */
static int
say(struct cursor *c, const char *event, struct diag *d)
{
    struct event e = cursor_event(c, event, 3);
    struct cursor_step s = {.to = {.seq = c->at.seq, .piece = c->at.piece}, .event = &e};
    return cursor_move(c, &s, d);
}

/* Whose fault it was shows when it is noted: a database that is away notes nothing. Returns how long
 * to wait; -1 = the cursor is lost. */
static int64_t
note_failure(const struct courier *k, const struct diag *why)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag d = diag_init(a);
    int64_t wait_s;
    if (why->first.code == DIAG_BUSY)
        return -1;
    if (cursor_fail(k->cursor, why, k->peer_wait_s, &wait_s, &d) == 0)
        return wait_s;
    return d.first.code == DIAG_BUSY ? -1 : TRY_AGAIN_S;
}

static int
tend(struct follow *f, struct courier *k, struct diag *d)
{
    struct cursor *c = k->cursor;
    if (follow_is_due(&f->kept_us, KEEP_S) && cursor_keep(c, d) != 0)
        return -1;
    return follow_is_due(&f->told_us, TELL_S) ? cursor_tell(c, d) : 0;
}

/* One look at the log: sends what is new; *ret_idle: there was nothing. */
static int
look(struct follow *f, struct courier *k, bool *ret_idle, struct diag *d)
{
    struct sha256_digest last;
    int64_t size;
    if (tend(f, k, d) != 0 || store_audit_size(f->act->store, &size, &last, d) != 0)
        return -1;
    *ret_idle = (k->is_ahead ? k->posted.seq : k->cursor->at.seq) >= size;
    return courier_run(k, size, d);
}

/* Until it is stopped, or the cursor is somebody else's: -1. */
static int
work(struct follow *f, struct courier *k)
{
    while (!*f->stop) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct diag d = diag_init(a);
        bool is_idle = true;
        int64_t wait_s = 0;
        if (look(f, k, &is_idle, &d) != 0)
            wait_s = note_failure(k, &d);
        if (wait_s < 0)
            return -1;
        if (is_idle || wait_s)
            follow_wait_ms(f->stop, wait_s ? wait_s * 1000 : POLL_MS);
    }
    return 0;
}

/* What was posted is confirmed, what was done is told. What fails now comes again next time. */
static void
finish(struct courier *k)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag d = diag_init(a), ignored = diag_init(a);
    if (courier_confirm(k, &d) == 0 && cursor_tell(k->cursor, &d) == 0)
        say(k->cursor, "export.stop", &ignored);
    cursor_release(k->cursor);
}

/* From taking the cursor to letting it go; 0 = stopped. */
static int
hold(struct follow *f, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct cursor c;
    if (cursor_take(f->act, f->target, a, &c, d) != 0)
        return -1;
    f->kept_us = f->told_us = env_wall_us();
    struct courier k = courier_new(f->target, &c);
    k.may_trail = true;
    if (!f->has_started)
        f->has_started = say(&c, "export.start", d) == 0;
    diag_clear(d);
    int rc = work(f, &k);
    if (rc == 0)
        finish(&k);
    courier_close(&k);
    return rc;
}

int
follow_run(struct act *act, const struct config_export *e, const volatile sig_atomic_t *stop,
           struct diag *d)
{
    struct target t;
    struct follow f = {.act = act, .target = &t, .stop = stop};
    if (target_find(&act->config, e, d->arena, &t, d) != 0)
        return -1;
    while (!*stop) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct diag one = diag_init(a);
        if (hold(&f, &one) == 0)
            break;
        if (follow_is_final(&one))
            return diag_pass_on(d, &one);
        follow_wait_ms(stop, TRY_AGAIN_S * 1000);
    }
    return 0;
}
