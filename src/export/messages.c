/* Records -> messages: store and audit room, on the way to the deliver room. Called by courier.c. */
#include "export/messages.h"

#include <assert.h>

enum { CHUNK = 128, MOST_RECORDS = 4096 };
#define MOST_BYTES ((size_t)64 << 20)
#define MOST_HELD  ((size_t)64 << 20) /* of a walk between two batches */

/* An export of nothing but earlier exports, or of a nightly look at the log, is not worth a record:
 * it would never end. */
static bool
is_news(struct str event)
{
    return !str_starts(event, "audit.export") && !str_starts(event, "export.") &&
           !str_eqc(event, "audit.heartbeat") && !str_eqc(event, "audit.verify") &&
           !str_eqc(event, "audit.publish") && !str_eqc(event, "audit.repeat");
}

static struct message_mark *
add(struct message_batch *b, const struct store_record *r, struct outlet_message m)
{
    *VEC_PUSH(b->a, &b->m) = m;
    struct message_mark *mark = VEC_PUSH(b->a, &b->marks);
    *mark = (struct message_mark){.behind = {.seq = r->seq + 1, .piece = STR("")},
                                  .stored = r,
                                  .piece = STR(MESSAGES_RECORD),
                                  .unreadable = STR(""),
                                  .is_news = is_news(r->event)};
    return mark;
}

static struct outlet_message
message_of(const struct target *t, const struct store_record *r, const struct audit_record *rec,
           struct arena *a)
{
    AUTO_BUF text = buf_init(MOST_BYTES);
    target_encode(t, rec, a, &text);
    assert(!buf_bad(&text));
    return (struct outlet_message){.text = arena_str(a, buf_view(&text)),
                                   .id = audit_record_uid(rec, a),
                                   .ts_ms = r->ts_us / 1000};
}

int
messages_of_record(const struct target *t, const struct store_record *r, bool reduced,
                   struct arena *a, struct outlet_message *ret, struct diag *d)
{
    struct audit_record rec;
    if (audit_record_parse(r->rec, a, &rec, d) != 0)
        return diag_context(d, "record %lld", (long long)r->seq);
    if (reduced)
        rec = audit_record_reduce(&rec, a);
    *ret = message_of(t, r, &rec, a);
    ret->is_reduced = reduced;
    return 0;
}

/* A record that cannot be read is told of when its turn comes: it stops nothing. */
static void
add_unreadable(struct message_batch *b, const struct store_record *r, const struct diag *why)
{
    struct outlet_message none = {.text = STR(""), .id = STR(""), .ts_ms = r->ts_us / 1000};
    add(b, r, none)->unreadable = arena_str(b->a, why->first.text);
}

static struct outlet_message
message_of_result(const struct target *t, const struct store_record *r,
                  const struct audit_record *rec, const struct result_event *v, struct arena *a)
{
    AUTO_BUF text = buf_init(MOST_BYTES);
    target_encode_result(t, rec, v, a, &text);
    assert(!buf_bad(&text));
    return (struct outlet_message){.text = arena_str(a, buf_view(&text)),
                                   .id = arena_str(a, RESULT_TEXT(v, UID)),
                                   .ts_ms = r->ts_us / 1000};
}

static void
add_result(struct message_batch *b, const struct target *t, const struct store_record *r,
           const struct audit_record *rec, const struct result_event *v, struct str key)
{
    struct message_mark *mark = add(b, r, message_of_result(t, r, rec, v, b->a));
    mark->piece = arena_str(b->a, key);
    mark->behind = (struct message_place){.seq = r->seq, .piece = mark->piece};
}

/* The event is made again from what the database holds now. */
static int
find_result(struct act *act, const struct target *t, const struct store_record *r,
            const struct audit_record *rec, struct str piece, struct arena *a,
            struct outlet_message *ret, struct diag *d)
{
    struct results w;
    struct result_event v;
    struct str key;
    int rc;
    if (!results_has(rec))
        return 1;
    if (results_open(act, rec, STR(""), a, &w, d) != 0)
        return -1;
    do
        rc = results_next(&w, &v, &key, d);
    while (rc == 1 && !str_eq(key, piece));
    if (rc == 1)
        *ret = message_of_result(t, r, rec, &v, a);
    results_close(&w);
    return rc < 0 ? -1 : rc == 0;
}

int
messages_again(struct act *act, const struct target *t, int64_t seq, struct str piece,
               struct arena *a, struct outlet_message *ret, struct diag *d)
{
    struct diag unreadable = diag_init(a);
    struct store_record *r;
    struct audit_record rec;
    size_t n;
    if (store_load_records(act->store, seq, 1, a, &r, &n, d) != 0)
        return -1;
    if (n != 1 || r->seq != seq || audit_record_parse(r->rec, a, &rec, &unreadable) != 0)
        return 1;
    if (!str_eqc(piece, MESSAGES_RECORD))
        return find_result(act, t, r, &rec, piece, a, ret, d);
    *ret = message_of(t, r, &rec, a);
    return 0;
}

/* ---- what a file brought ---- */

void
messages_forget(struct message_walk *w)
{
    results_close(&w->results);
    arena_free(w->a);
    *w = (struct message_walk){.a = NULL};
}

/* Goes on where the batch before ended, or begins anew: loading a scan for each batch of its results
 * would cost the square of them. 1 = the record brought none. */
static int
walk_from(struct message_walk *w, struct act *act, const struct store_record *r, struct str piece,
          struct diag *d)
{
    struct str behind = str_eqc(piece, MESSAGES_RECORD) ? STR("") : piece;
    if (w->a && w->record.seq == r->seq && str_eq(w->behind, behind))
        return 0;
    messages_forget(w);
    w->a = arena_new();
    struct diag ignored = diag_init(w->a);
    if (audit_record_parse(arena_str(w->a, r->rec), w->a, &w->record, &ignored) != 0 ||
        !results_has(&w->record))
        return 1;
    w->behind = arena_str(w->a, behind);
    return results_open(act, &w->record, w->behind, w->a, &w->results, d);
}

/* What is held until the next batch has a limit; beyond it is loaded again. */
static void
walk_to(struct message_walk *w, struct str key)
{
    w->behind = arena_str(w->a, key);
    if (arena_used(w->a) + (w->results.scan_a ? arena_used(w->results.scan_a) : 0) > MOST_HELD)
        messages_forget(w);
}

/* As much as the batch has room for. One at least, however much that takes: else nothing would ever
 * move. *ret_key = of the last, wanted or not. */
static int
take_results(struct message_batch *b, const struct target *t, const struct store_record *r,
             struct message_walk *w, size_t max, struct str *ret_key, struct diag *d)
{
    struct result_event v;
    int rc = 1;
    for (size_t n = 0; b->m.n < max && (n == 0 || arena_used(b->a) < MOST_BYTES) &&
                       (rc = results_next(&w->results, &v, ret_key, d)) == 1;
         n++)
        if (target_wants_result(t, &v, b->a))
            add_result(b, t, r, &w->record, &v, *ret_key);
    return rc;
}

/* What a file brought goes behind the record that says so, while the batch has room. */
static int
add_results(struct message_batch *b, struct act *act, const struct target *t,
            const struct store_record *r, struct str piece, size_t max, struct message_walk *w,
            struct diag *d)
{
    int rc = t->e->send == SEND_AUDIT ? 1 : walk_from(w, act, r, piece, d);
    if (rc != 0)
        return rc < 0 ? -1 : 0;
    struct str key = w->behind;
    rc = take_results(b, t, r, w, max, &key, d);
    if (rc == 1) {
        b->end = (struct message_place){
            .seq = r->seq, .piece = key.len ? arena_str(b->a, key) : STR(MESSAGES_RECORD)};
        walk_to(w, key);
    } else {
        messages_forget(w);
    }
    return rc;
}

/* What the record itself makes: its message, when the target wants it and has not got it. */
static void
add_record(struct message_batch *b, const struct target *t, const struct store_record *r,
           struct str piece)
{
    struct diag d = diag_init(b->a);
    struct audit_record rec;
    if (piece.len)
        return;
    if (audit_record_parse(r->rec, b->a, &rec, &d) != 0)
        add_unreadable(b, r, &d);
    else if (target_wants(t, &rec, b->a))
        add(b, r, message_of(t, r, &rec, b->a));
}

/* How many of the records follow each other from there on and have their text. */
static size_t
count_good(const struct store_record *r, size_t n, int64_t from)
{
    size_t i = 0;
    while (i < n && r[i].seq == from + (int64_t)i && r[i].rec.len)
        i++;
    return i;
}

static int
stopped(struct act *act, const struct store_record *r, size_t n, int64_t seq, struct diag *d)
{
    int64_t kept;
    if (n == 0 || r[0].seq != seq)
        return diag_fail(d, DIAG_VERIFY, "record %lld is missing from the log", (long long)seq);
    if (store_first_kept(act->store, INT64_MAX, &kept, d) != 0)
        return -1;
    return diag_fail(d, DIAG_VERIFY,
                     "record %lld was pruned and can be sent no more: --start %lld begins behind "
                     "what is gone",
                     (long long)seq, (long long)kept);
}

/* A record that makes several messages ends here in the middle when the batch is full: b->end then
 * is behind the last of them, and the next batch goes on with that piece. */
static int
add_some(struct message_batch *b, struct act *act, const struct target *t,
         const struct store_record *r, size_t n, size_t max, struct message_walk *w, struct diag *d)
{
    for (size_t i = 0; i < n && b->m.n < max; i++) {
        size_t before = b->m.n;
        add_record(b, t, &r[i], b->end.piece);
        bool has_own = b->m.n > before;
        b->is_news |= is_news(r[i].event);
        int rc = add_results(b, act, t, &r[i], b->end.piece, max, w, d);
        if (rc < 0)
            return -1;
        if (has_own && (b->m.n > before + 1 || rc == 1))
            b->marks.v[before].behind =
                (struct message_place){.seq = r[i].seq, .piece = STR(MESSAGES_RECORD)};
        if (rc == 1)
            return 1;
        b->end = (struct message_place){.seq = r[i].seq + 1, .piece = STR("")};
    }
    return 0;
}

int
messages_load(struct act *act, const struct target *t, struct message_place from, int64_t end,
              size_t max, struct message_walk *walk, struct arena *a, struct message_batch *ret,
              struct diag *d)
{
    struct message_batch b = {.a = a, .end = from};
    int64_t stop = end - from.seq < MOST_RECORDS ? end : from.seq + MOST_RECORDS;
    while (b.m.n < max && b.end.seq < stop && arena_used(a) < MOST_BYTES) {
        struct store_record *r;
        size_t n, some = (size_t)(stop - b.end.seq < CHUNK ? stop - b.end.seq : CHUNK);
        if (store_load_records(act->store, b.end.seq, some < max ? some : max, a, &r, &n, d) != 0)
            return -1;
        size_t n_good = count_good(r, n, b.end.seq);
        if (n_good == 0 && b.m.n > 0)
            break; /* what is before it goes first */
        if (n_good == 0)
            return stopped(act, r, n, b.end.seq, d);
        int rc = add_some(&b, act, t, r, n_good, max, walk, d);
        if (rc < 0)
            return -1;
        if (rc == 1)
            break;
    }
    *ret = b;
    return 0;
}
