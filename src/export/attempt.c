/* Attempts: messages.c -> here -> deliver room. Below proof.c, posted.c, courier.c, deadletter.c. */
#include "export/attempt.h"

#include <assert.h>

#include "base/fault.h"

/* What the outlet said, told of the target; the session is over. */
static int
attempt_end(struct attempt *t, const struct diag *why, struct diag *d)
{
    assert(diag_failed(why));
    t->peer_wait_s = target_wait_s(t->target);
    target_close(t->target);
    diag_pass_on(d, why);
    return diag_at(d, "%.*s", STR_ARG(t->target->e->path));
}

/* Who says why he fails is alive. Where nobody said anything, the receiver may have died of what it
 * was sent. */
static enum attempt_answer
attempt_answer_of(const struct attempt *t, const struct diag *why)
{
    switch (why->first.code) {
    case DIAG_CANNOT_WRITE:
    case DIAG_TOO_BIG:
        return ATTEMPT_REFUSED;
    case DIAG_CONFIG: /* at a wrong port nothing else is taken, either, and nothing is passed over */
        return t->target->outlet->is_mute ? ATTEMPT_LOST : ATTEMPT_LATER;
    case DIAG_UNAVAILABLE:
        return t->peer_wait_s ? ATTEMPT_LATER : ATTEMPT_LOST;
    default:
        return ATTEMPT_LATER;
    }
}

enum attempt_answer
attempt_send(struct attempt *t, const struct outlet_message *m, size_t n, size_t *ret_n,
             struct diag *d)
{
    const struct outlet *o = t->target->outlet;
    struct diag why = diag_init(d->arena), unsaid = diag_init(d->arena);
    *ret_n = 0;
    assert(n > 0);
    int rc = target_open(t->target, &why);
    fault_point("before_send");
    if (rc != 0) {
        attempt_end(t, &why, d);
        return ATTEMPT_ABSENT;
    }
    rc = o->send(t->target->session, m, n, ret_n, &why);
    assert(*ret_n <= n && (rc != 0 || *ret_n > 0));
    if (rc == 0)
        return ATTEMPT_TAKEN;
    bool is_all = *ret_n == n; /* then what failed behind it shows at the next attempt */
    attempt_end(t, &why, is_all ? &unsaid : d);
    return is_all ? ATTEMPT_TAKEN : attempt_answer_of(t, &why);
}

enum attempt_answer
attempt_one(struct attempt *t, const struct outlet_message *m, struct diag *d)
{
    size_t n;
    if (t->cursor->fence && cursor_keep(t->cursor, d) != 0)
        return ATTEMPT_FAILED;
    return attempt_send(t, m, 1, &n, d);
}

enum attempt_answer
attempt_record(struct attempt *t, const struct store_record *r, bool reduced, struct arena *a,
               struct diag *d)
{
    struct outlet_message m;
    return messages_of_record(t->target, r, reduced, a, &m, d) == 0 ? attempt_one(t, &m, d)
                                                                    : ATTEMPT_FAILED;
}

/* ---- targets that never answer ---- */

int
attempt_post(struct attempt *t, const struct outlet_message *m, size_t n, size_t *waiting,
             struct diag *d)
{
    const struct outlet *o = t->target->outlet;
    struct diag why = diag_init(d->arena);
    assert(o->post);
    if (n == 0)
        return 0;
    fault_point("before_send");
    *waiting += n;
    if (target_open(t->target, &why) != 0)
        return attempt_end(t, &why, d);
    int rc = o->post(t->target->session, m, n, &why);
    if (o->waiting) { /* what failed may not be counted there */
        size_t now = o->waiting(t->target->session) + (rc == 0 ? 0 : n);
        *waiting = now < *waiting ? now : *waiting;
    }
    return rc == 0 ? 0 : attempt_end(t, &why, d);
}

int
attempt_confirm(struct attempt *t, size_t *waiting, struct diag *d)
{
    const struct outlet *o = t->target->outlet;
    struct diag why = diag_init(d->arena);
    assert(t->target->session);
    int rc = o->confirm(t->target->session, &why);
    if (rc == 0)
        *waiting = 0;
    else if (o->waiting && o->waiting(t->target->session) < *waiting)
        *waiting = o->waiting(t->target->session);
    return rc == 0 ? 0 : attempt_end(t, &why, d);
}
