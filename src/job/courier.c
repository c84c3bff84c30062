/* Messages on their way: messages.c -> deliver room -> cursor.c. Called by export.c and follow.c. */
#include "job/courier.h"

#include <assert.h>

#include "base/auto.h"
#include "base/fault.h"

AUTO_DEFINE(struct arena *, arena_free)

enum { WINDOW = 128, FILE_WINDOW = 500 }; /* what comes twice when we are killed now */

/* What the outlet said, told of the target. */
static int
failed(struct courier *k, const struct diag *sending, struct diag *d)
{
    k->peer_wait_s = target_wait_s(k->target);
    target_close(k->target);
    diag_fail(d, sending->first.code, "%.*s", STR_ARG(sending->first.text));
    return diag_at(d, "%.*s",
                   STR_ARG(sending->first.place.len ? sending->first.place : k->target->e->path));
}

/* The cursor behind the first n messages of a batch; what did not arrive comes again. */
static int
settle(struct courier *k, const struct message_batch *b, size_t n, struct diag *d)
{
    struct message_place to = n == b->m.n ? b->end : b->marks.v[n - 1].behind;
    k->n_delivered += (int64_t)n;
    fault_point("after_ack");
    if (cursor_move(k->cursor, to, b->is_news, n > 0, NULL, 0, d) != 0)
        return -1;
    fault_point("after_cursor");
    return 0;
}

static int
send_batch(struct courier *k, const struct message_batch *b, struct arena *a, struct diag *d)
{
    struct diag sending = diag_init(a);
    size_t n = 0;
    if (b->m.n == 0)
        return settle(k, b, 0, d);
    int rc = target_open(k->target, &sending);
    fault_point("before_send");
    if (rc == 0)
        rc = k->target->outlet->send(k->target->session, b->m.v, b->m.n, &n, &sending);
    if (n > 0 && settle(k, b, n, d) != 0)
        return -1;
    return rc == 0 ? 0 : failed(k, &sending, d);
}

int
courier_run(struct courier *k, int64_t end, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct message_batch b;
    struct cursor *c = k->cursor;
    struct message_place from = {.seq = c->at.seq, .piece = c->at.piece};
    size_t max = k->target->outlet->scheme ? WINDOW : FILE_WINDOW;
    if (from.seq >= end)
        return 0;
    if (messages_load(c->job, k->target, from, end, max, a, &b, d) != 0)
        return -1;
    return send_batch(k, &b, a, d);
}
