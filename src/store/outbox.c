/* The outbox, a row for each report and address. Called by job/outbox.c and job/report.c. */
#include "store/outbox.h"

#include <assert.h>

#include "base/clock.h"
#include "base/env.h"
#include "base/utf8.h"
#include "store/ids.h"
#include "store/session.h"
#include "store/stmt.h"

enum { MAX_ERROR = 2040, MAX_ANSWER = 500, MAX_TITLE = 500, MAX_OWNER = 510 };

uint64_t
store_outgoing_id(const struct store_outgoing *o)
{
    const struct str fields[] = {STR("outbox"), o->destination, o->report_id, o->version,
                                 o->language,   o->manifest_hex};
    return ids_of(fields, sizeof fields / sizeof *fields);
}

int
store_put_outgoing(struct store *st, const struct store_outgoing *o, struct diag *d)
{
    const struct str texts[] = {o->recipient, o->destination, o->definition,
                                o->report_id, o->version,     o->language,
                                utf8_fit(d->arena, o->title, MAX_TITLE), o->dir, o->host,
                                o->manifest_hex};
    struct stmt *s = stmt_get(st, "outbox_put", d);
    assert(st->in_transaction);
    if (!s)
        return -1;
    stmt_uint(s, store_outgoing_id(o));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        stmt_str(s, texts[i]);
    stmt_time(s, o->queued);
    stmt_time(s, o->queued);
    return stmt_run(s, d);
}

static struct store_outgoing
read_outgoing(struct stmt *s, struct arena *a)
{
    struct store_outgoing o = {.id = stmt_col_uint(s, 0)};
    struct str *const texts[] = {&o.recipient, &o.destination, &o.definition, &o.report_id,
                                 &o.version,   &o.language,    &o.title,      &o.dir,
                                 &o.host,      &o.manifest_hex, &o.state};
    int i = 1;
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
        *texts[k] = stmt_col_str(s, i++, a);
    o.queued = stmt_col_time(s, i++);
    o.since = stmt_col_time(s, i++);
    o.attempts = stmt_col_int(s, i++);
    o.retry_at = stmt_col_time(s, i++);
    o.ended = stmt_col_time(s, i++);
    o.owner = stmt_col_str(s, i++, a);
    o.is_leased = !stmt_col_is_null(s, i) && stmt_col_int(s, i) != 0;
    o.error = stmt_col_str(s, i + 1, a);
    o.answer = stmt_col_str(s, i + 2, a);
    o.sent_hex = stmt_col_str(s, i + 3, a);
    return o;
}

int
store_load_outbox(struct store *st, bool all, struct arena *a, store_outbox *ret, struct diag *d)
{
    static const char *const others[] = {"refused", "sent", "dropped"};
    struct stmt *s = stmt_get(st, "outbox_list", d);
    if (!s)
        return -1;
    for (size_t i = 0; i < 3; i++)
        stmt_str(s, str_c(i == 0 || all ? others[i] : "refused"));
    if (stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    *ret = (store_outbox){0};
    while ((rc = stmt_next(s, d)) == STMT_ROW)
        *VEC_PUSH(a, ret) = read_outgoing(s, a);
    return rc;
}

int
store_take_outgoing(struct store *st, uint64_t id, int64_t now, struct str owner, struct str dead,
                    int lease_s, uint64_t *ret_fence, struct diag *d)
{
    uint64_t fence = env_random_id();
    struct stmt *s = stmt_get(st, "outbox_take", d);
    assert(!st->in_transaction && owner.len);
    if (!s)
        return -1;
    stmt_uint(s, fence);
    stmt_str(s, utf8_fit(d->arena, owner, MAX_OWNER));
    stmt_int(s, lease_s);
    stmt_uint(s, id);
    stmt_time(s, now);
    stmt_str(s, dead);
    if (stmt_run(s, d) != 0)
        return -1;
    *ret_fence = stmt_affected(s) == 1 ? fence : 0;
    return 0;
}

int
store_end_outgoing(struct store *st, const struct store_outgoing *o, uint64_t fence, struct diag *d)
{
    struct stmt *s = stmt_get(st, "outbox_end", d);
    assert(st->in_transaction && fence);
    if (!s)
        return -1;
    stmt_str(s, o->state);
    stmt_time(s, o->retry_at);
    stmt_time(s, o->ended);
    stmt_str(s, utf8_fit(d->arena, o->error, MAX_ERROR));
    stmt_str(s, utf8_fit(d->arena, o->answer, MAX_ANSWER));
    stmt_str(s, o->sent_hex);
    stmt_uint(s, o->id);
    stmt_uint(s, fence);
    if (stmt_run(s, d) != 0)
        return -1;
    return stmt_affected(s) == 1 ? 0
                                 : diag_fail(d, DIAG_BUSY, "another host took over what goes to %.*s",
                                             STR_ARG(o->destination));
}

int
store_turn_outgoing(struct store *st, const struct store_outgoing *o, struct str state, int64_t now,
                    struct diag *d)
{
    struct stmt *s = stmt_get(st, "outbox_turn", d);
    assert(st->in_transaction);
    if (!s)
        return -1;
    stmt_str(s, state);
    stmt_time(s, now);
    stmt_uint(s, o->id);
    stmt_str(s, o->state);
    if (stmt_run(s, d) != 0)
        return -1;
    return stmt_affected(s) == 1
               ? 0
               : diag_fail(d, DIAG_BUSY, "what goes to %.*s is being sent, or was ended meanwhile",
                           STR_ARG(o->destination));
}
