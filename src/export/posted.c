/* Posting and confirming: messages.c -> attempt.c -> cursor.c. Called by courier.c. */
#include "export/posted.h"

#include <assert.h>

#include "base/env.h"
#include "base/fault.h"

enum { MOST_POSTED = OUTLET_SOME /* bytes that nobody confirmed yet */ };

bool
posted_suits(const struct target *t)
{
    return t->outlet->post != NULL;
}

void
posted_cut(struct message_batch *b)
{
    size_t n = outlet_some(b->m.v, b->m.n);
    if (n == b->m.n || b->marks.v[n - 1].behind.piece.len)
        return;
    b->m.n = b->marks.n = n;
    b->end = b->marks.v[n - 1].behind;
}

bool
posted_can(const struct message_batch *b)
{
    bool ok = !b->end.piece.len && outlet_some(b->m.v, b->m.n) == b->m.n;
    assert(b->m.n == b->marks.n);
    for (size_t i = 0; i < b->m.n; i++)
        ok = ok && !b->marks.v[i].unreadable.len;
    return ok;
}

int
posted_write(struct posted *p, struct attempt *t, const struct message_batch *b, struct diag *d)
{
    assert(posted_can(b));
    if (attempt_post(t, b->m.v, b->m.n, d) != 0) {
        p->is_ahead = false;
        return -1;
    }
    if (!p->is_ahead)
        *p = (struct posted){.is_ahead = true, .is_own = true, .since_us = env_wall_us()};
    p->is_own &= b->is_own;
    p->n += (int64_t)b->m.n;
    p->is_news |= b->is_news;
    if (b->m.n > 0)
        p->last = messages_mark(&b->marks.v[b->m.n - 1]);
    p->behind = (struct message_place){.seq = b->end.seq, .piece = STR("")};
    for (size_t i = 0; i < b->m.n; i++)
        p->bytes += b->m.v[i].text.len;
    return 0;
}

bool
posted_is_due(const struct posted *p, const struct target *t)
{
    int64_t age_us = env_wall_us() - p->since_us; /* negative: the clock was set back */
    return p->is_ahead &&
           (p->bytes >= MOST_POSTED || age_us < 0 || age_us >= t->e->confirm_s * 1000000);
}

int
posted_confirm(struct posted *p, struct attempt *t, int64_t *ret_n, struct diag *d)
{
    struct cursor_step s = {.to = p->behind, .is_news = p->is_news, .arrived = p->n > 0, .last = p->last};
    *ret_n = 0;
    if (!p->is_ahead)
        return 0;
    if (cursor_keep(t->cursor, d) != 0)
        return -1;
    if (p->n > 0 && attempt_confirm(t, d) != 0) {
        p->is_ahead = false; /* all of it comes again */
        return -1;
    }
    fault_point("after_ack");
    if (cursor_move(t->cursor, &s, d) != 0)
        return -1;
    fault_point("after_cursor");
    *ret_n = p->n;
    p->is_ahead = false;
    return 0;
}
