/* Posting and confirming: messages.c -> attempt.c -> cursor.c. Called by courier.c. */
#include "export/posted.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/env.h"
#include "base/fault.h"
#include "base/mem.h"

AUTO_DEFINE(struct arena *, arena_free)

enum {
    MOST_BYTES =
        OUTLET_SOME, /* that nobody confirmed yet, of a target that is only known by asking */
    KEEP_S = 20      /* of a lease of two minutes */
};

bool
posted_suits(const struct target *t)
{
    return t->outlet->post != NULL;
}

bool
posted_can(const struct message_batch *b)
{
    assert(b->m.n == b->marks.n);
    for (size_t i = 0; i < b->m.n; i++)
        if (b->marks.v[i].unreadable.len)
            return false;
    return true;
}

/* ---- portions ---- */

/* A portion that ends behind the first `upto` messages of a batch. */
static void
posted_push(struct posted *p, const struct message_batch *b, size_t upto)
{
    struct message_place behind = upto < b->m.n ? b->marks.v[upto - 1].behind : b->end;
    struct posted_portion made = {.upto = p->n, .since_us = env_wall_us(), .is_news = b->is_news};
    assert(p->n_portions < POSTED_PORTIONS);
    if (upto > 0)
        made.last = messages_mark(&b->marks.v[upto - 1]);
    char *piece = behind.piece.len ? mem_alloc(behind.piece.len) : NULL;
    if (piece)
        memcpy(piece, behind.piece.s, behind.piece.len);
    behind.piece = piece ? str_n(piece, behind.piece.len) : STR("");
    made.behind = p->behind = behind;
    p->is_own = b->is_own && (!p->is_ahead || p->is_own);
    p->is_ahead = true;
    p->v[p->n_portions++] = made;
}

/* Forgets the first n portions; without any left, nothing is ahead. */
static void
posted_pop(struct posted *p, size_t n)
{
    assert(n <= p->n_portions);
    for (size_t i = 0; i < n; i++)
        if (p->v[i].behind.piece.len)
            free((char *)p->v[i].behind.piece.s);
    memmove(p->v, p->v + n, (p->n_portions - n) * sizeof *p->v);
    p->n_portions -= n;
    if (p->n_portions == 0)
        *p = (struct posted){.kept_us = p->kept_us};
}

void
posted_forget(struct posted *p)
{
    posted_pop(p, p->n_portions);
}

/* The cursor goes behind what arrived. */
static int
posted_settle(struct posted *p, struct attempt *t, int64_t *ret_n, struct diag *d)
{
    size_t n = 0, upto = p->n_settled;
    struct cursor_step s = {.is_news = false};
    for (; n < p->n_portions && p->v[n].upto <= p->n - p->waiting; n++) {
        s.to = p->v[n].behind;
        s.is_news |= p->v[n].is_news;
        s.last = p->v[n].upto > upto ? p->v[n].last : s.last;
        upto = p->v[n].upto;
    }
    if (n == 0)
        return 0;
    s.arrived = upto > p->n_settled;
    fault_point("after_ack");
    if (cursor_move(t->cursor, &s, d) != 0)
        return -1;
    fault_point("after_cursor");
    *ret_n += (int64_t)(upto - p->n_settled);
    p->n_settled = upto;
    posted_pop(p, n);
    return 0;
}

/* What arrived before the failure is settled; the rest comes again. */
static int
posted_fail(struct posted *p, struct attempt *t, int64_t *ret_n)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag ignored = diag_init(a);
    posted_settle(p, t, ret_n, &ignored);
    posted_forget(p);
    return -1;
}

/* What is not asked for answers takes no longer than a lease between two moves. */
static int
posted_keep(struct posted *p, struct attempt *t, bool now, struct diag *d)
{
    int64_t age_us = env_wall_us() - p->kept_us;
    if (!t->cursor->fence || (!now && age_us >= 0 && age_us < KEEP_S * 1000000LL))
        return 0;
    p->kept_us = env_wall_us();
    return cursor_keep(t->cursor, d);
}

/* ---- the door ---- */

/* Asks, and settles: then nothing is ahead any more. */
static int
posted_ask(struct posted *p, struct attempt *t, int64_t *ret_n, struct diag *d)
{
    if (posted_keep(p, t, true, d) != 0)
        return -1;
    if (p->waiting > 0 && attempt_confirm(t, &p->waiting, d) != 0)
        return posted_fail(p, t, ret_n);
    return posted_settle(p, t, ret_n, d);
}

static int
posted_write_some(struct posted *p, struct attempt *t, const struct outlet_message *m, size_t n,
                  int64_t *ret_n, struct diag *d)
{
    if (posted_keep(p, t, false, d) != 0)
        return -1;
    p->n += n;
    if (attempt_post(t, m, n, &p->waiting, d) != 0)
        return posted_fail(p, t, ret_n);
    for (size_t i = 0; i < n; i++)
        p->bytes += m[i].text.len;
    return 0;
}

int
posted_write(struct posted *p, struct attempt *t, const struct message_batch *b, int64_t *ret_n,
             struct diag *d)
{
    size_t at = 0, n;
    *ret_n = 0;
    assert(posted_can(b) && b->m.n <= POSTED_WINDOW);
    do {
        n = at < b->m.n ? outlet_some(b->m.v + at, b->m.n - at) : 0;
        if ((p->n_portions == POSTED_PORTIONS || posted_is_due(p, t->target)) &&
            posted_ask(p, t, ret_n, d) != 0)
            return -1;
        if (posted_write_some(p, t, b->m.v + at, n, ret_n, d) != 0)
            return -1;
        at += n;
        posted_push(p, b, at);
        if (t->target->outlet->waiting && posted_settle(p, t, ret_n, d) != 0)
            return -1;
    } while (at < b->m.n);
    return 0;
}

bool
posted_is_due(const struct posted *p, const struct target *t)
{
    if (!p->is_ahead)
        return false;
    int64_t age_us = env_wall_us() - p->v[0].since_us; /* negative: the clock was set back */
    bool is_much =
        t->outlet->waiting ? p->waiting > POSTED_MOST - POSTED_WINDOW : p->bytes >= MOST_BYTES;
    return is_much || age_us < 0 || age_us >= t->e->confirm_s * 1000000;
}

int
posted_confirm(struct posted *p, struct attempt *t, int64_t *ret_n, struct diag *d)
{
    *ret_n = 0;
    return p->is_ahead ? posted_ask(p, t, ret_n, d) : 0;
}
