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
follow_say(struct cursor *c, const char *event, struct diag *d)
{
    struct event e = cursor_event(c, event, 3);
    struct cursor_step s = {.to = {.seq = c->at.seq, .piece = c->at.piece}, .event = &e};
    return cursor_move(c, &s, d);
}

/* Notes that an attempt failed; *ret_wait_s = how long to wait. A database that is away notes nothing,
 * and then it was not the target's fault. -1 = the cursor is somebody else's. */
static int
follow_note_failure(const struct courier *k, const struct diag *why, int64_t *ret_wait_s)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag d = diag_init(a);
    if (why->first.code == DIAG_BUSY)
        return -1;
    if (cursor_fail(k->attempt.cursor, why, k->attempt.peer_wait_s, ret_wait_s, &d) == 0)
        return 0;
    *ret_wait_s = TRY_AGAIN_S;
    return d.first.code == DIAG_BUSY ? -1 : 0;
}

/* One look at the log: keeps the lease and the books, and sends what is new; *ret_idle: there was
 * nothing. */
static int
follow_look(struct follow *f, struct courier *k, bool *ret_idle, struct diag *d)
{
    struct cursor *c = k->attempt.cursor;
    struct sha256_digest last;
    int64_t size;
    *ret_idle = true;
    if (follow_is_due(&f->kept_us, KEEP_S) &&
        (cursor_keep(c, d) != 0 || cursor_compare(c, d) != 0))
        return -1;
    if (cursor_recover(c, false, d) != 0)
        return -1;
    if (follow_is_due(&f->told_us, TELL_S) && cursor_tell(c, d) != 0)
        return -1;
    if (store_audit_size(f->act->store, &size, &last, d) != 0)
        return -1;
    *ret_idle = courier_next(k) >= size;
    return courier_run(k, size, d);
}

/* Until it is stopped; -1 = the cursor is somebody else's. */
static int
follow_work(struct follow *f, struct courier *k)
{
    while (!*f->stop) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct diag d = diag_init(a);
        bool is_idle;
        int64_t wait_s = 0;
        if (follow_look(f, k, &is_idle, &d) != 0 && follow_note_failure(k, &d, &wait_s) != 0)
            return -1;
        if (is_idle || wait_s)
            follow_wait_ms(f->stop, wait_s ? wait_s * 1000 : POLL_MS);
    }
    return 0;
}

/* What was posted is confirmed, what was done is told. What fails now comes again next time. */
static void
follow_finish(struct courier *k)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag d = diag_init(a), ignored = diag_init(a);
    if (courier_confirm(k, &d) == 0 && cursor_tell(k->attempt.cursor, &d) == 0)
        follow_say(k->attempt.cursor, "export.stop", &ignored);
    cursor_release(k->attempt.cursor);
}

/* From taking the cursor to letting it go; 0 = stopped. */
static int
follow_hold(struct follow *f, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct cursor c;
    if (cursor_take(f->act, f->target, a, &c, d) != 0)
        return -1;
    f->kept_us = f->told_us = env_wall_us();
    c.sent.is_followed = true;
    struct courier k = courier_new(f->target, &c);
    k.may_trail = true;
    if (!f->has_started)
        f->has_started = follow_say(&c, "export.start", d) == 0;
    diag_clear(d);
    int rc = follow_work(f, &k);
    if (rc == 0)
        follow_finish(&k);
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
        if (follow_hold(&f, &one) == 0)
            break;
        if (follow_is_final(&one))
            return diag_pass_on(d, &one);
        follow_wait_ms(stop, TRY_AGAIN_S * 1000);
    }
    return 0;
}
