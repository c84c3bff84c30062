/* Letters: courier.c -> here -> cursor.c. */
#include "export/letter.h"

#include <assert.h>

#include "base/env.h"

int
letter_put(struct cursor *c, const struct message_mark *m, enum letter_kind kind, struct str reason,
           struct diag *d)
{
    static const struct {
        const char *state, *event;
        int severity;
    } kinds[] = {
        [LETTER_REFUSED] = {"refused", "export.deadletter", 8},
        [LETTER_REDUCED] = {"reduced", "export.reduce", 5},
        [LETTER_UNREADABLE] = {"unreadable", "export.deadletter", 8},
    };
    assert(kind < sizeof kinds / sizeof *kinds && reason.len);
    struct store_letter l = {.target = c->at.target,
                             .seq = m->stored->seq,
                             .piece = m->piece,
                             .state = str_c(kinds[kind].state),
                             .reason = reason,
                             .size = (int64_t)m->stored->rec.len,
                             .made = env_wall_us() / 1000000};
    struct event_change changes[] = {
        cursor_detail("record", l.seq, d->arena),
        cursor_detail("size", l.size, d->arena),
        {.field = STR("piece"), .old_value = STR(""), .new_value = l.piece}};
    struct event e = cursor_event(c, kinds[kind].event, kinds[kind].severity);
    e.outcome = EVENT_FAILURE;
    e.reason = reason;
    e.changes = changes;
    e.n_changes = messages_is_record(l.piece) ? 2 : 3; /* the record itself is no piece of it */
    struct cursor_step s = {.to = m->behind,
                            .is_news = m->is_news,
                            .arrived = kind == LETTER_REDUCED,
                            .letter = &l,
                            .event = &e};
    return cursor_move(c, &s, d);
}
