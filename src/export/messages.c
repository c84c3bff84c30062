/* Records -> messages: store and audit room, on the way to the deliver room. Called by courier.c. */
#include "export/messages.h"

#include <assert.h>

#include "base/clock.h"

enum { CHUNK = 128, MOST_RECORDS = 4096 };
#define MOST_BYTES ((size_t)64 << 20)
#define MOST_HELD  ((size_t)64 << 20) /* of a walk between two batches */

/* False for records that an export, or a nightly look at the log, makes itself. Were the export of
 * nothing else told by a record as well, that record would be exported and told, and so on for ever. */
static bool
messages_is_news(struct str event)
{
    return !str_starts(event, "audit.export") && !str_starts(event, "export.") &&
           !str_eqc(event, "audit.heartbeat") && !str_eqc(event, "audit.verify") &&
           !str_eqc(event, "audit.publish") && !str_eqc(event, "audit.repeat");
}

/* A target that fails at these would be told of by more of them. */
static bool
messages_is_own(struct str event)
{
    return str_starts(event, "audit.export") || str_starts(event, "export.");
}

bool
messages_is_record(struct str piece)
{
    return str_eqc(piece, MESSAGES_RECORD);
}

struct act_mark
messages_mark(const struct message_mark *m)
{
    return (struct act_mark){.seq = m->stored->seq, .leaf = audit_record_leaf(m->stored->rec)};
}

static struct message_mark *
messages_add(struct message_batch *b, const struct store_record *r, struct outlet_message m)
{
    *VEC_PUSH(b->a, &b->m) = m;
    struct message_mark *mark = VEC_PUSH(b->a, &b->marks);
    *mark = (struct message_mark){.behind = {.seq = r->seq + 1, .piece = STR("")},
                                  .stored = r,
                                  .piece = STR(MESSAGES_RECORD),
                                  .unreadable = STR(""),
                                  .is_news = messages_is_news(r->event)};
    return mark;
}

/* A record as this target is told of it. */
static int
messages_parse(const struct target *t, struct str rec, struct arena *a, struct audit_record *ret,
               struct diag *d)
{
    if (audit_record_parse(rec, a, ret, d) != 0)
        return -1;
    ret->has_short_uid = t->e->id == ID_SEQ;
    return 0;
}

static struct outlet_message
messages_encode(const struct target *t, const struct store_record *r,
                const struct audit_record *rec, struct arena *a)
{
    AUTO_BUF text = buf_init(MOST_BYTES);
    target_encode(t, rec, a, &text);
    assert(!buf_bad(&text));
    return (struct outlet_message){.text = arena_str(a, buf_view(&text)),
                                   .id = audit_record_uid(rec, a),
                                   .host = arena_str(a, rec->host),
                                   .ts_ms = r->ts_us / 1000};
}

int
messages_of_record(const struct target *t, const struct store_record *r, bool reduced,
                   struct arena *a, struct outlet_message *ret, struct diag *d)
{
    struct audit_record rec;
    if (messages_parse(t, r->rec, a, &rec, d) != 0)
        return diag_context(d, "record %lld", (long long)r->seq);
    if (reduced)
        rec = audit_record_reduce(&rec, a);
    *ret = messages_encode(t, r, &rec, a);
    ret->is_reduced = reduced;
    return 0;
}

static struct outlet_message
messages_encode_result(const struct target *t, const struct store_record *r,
                       const struct audit_record *rec, const struct result_event *v,
                       struct arena *a)
{
    AUTO_BUF text = buf_init(MOST_BYTES);
    struct clock_time scanned = {.t = r->ts_us / 1000000};
    bool has_time =
        RESULT_TEXT(v, SCANNED).len && clock_parse(RESULT_TEXT(v, SCANNED), 0, &scanned);
    target_encode_result(t, rec, v, a, &text);
    assert(!buf_bad(&text));
    return (struct outlet_message){.text = arena_str(a, buf_view(&text)),
                                   .id = arena_str(a, RESULT_TEXT(v, UID)),
                                   .host = arena_str(a, RESULT_TEXT(v, AGENT)),
                                   .ts_ms = has_time ? scanned.t * 1000 : r->ts_us / 1000};
}

/* The event is made again from what the database holds now. */
static enum messages_made
messages_find_result(struct act *act, const struct target *t, const struct store_record *r,
                     const struct audit_record *rec, struct str piece, struct arena *a,
                     struct outlet_message *ret, struct diag *d)
{
    struct results w;
    struct result_event v;
    struct str key;
    enum results_answer got;
    if (!results_has(rec))
        return MESSAGES_GONE;
    if (results_open(act, rec, t, STR(""), a, &w, d) != 0)
        return MESSAGES_FAILED;
    do
        got = results_next(&w, &v, &key, d);
    while (got == RESULTS_EVENT && !str_eq(key, piece));
    if (got == RESULTS_EVENT)
        *ret = messages_encode_result(t, r, rec, &v, a);
    results_close(&w);
    return got == RESULTS_EVENT ? MESSAGES_MADE
           : got == RESULTS_END ? MESSAGES_GONE
                                : MESSAGES_FAILED;
}

enum messages_made
messages_again(struct act *act, const struct target *t, int64_t seq, struct str piece,
               struct arena *a, struct outlet_message *ret, struct diag *d)
{
    struct diag unreadable = diag_init(a);
    struct store_record *r;
    struct audit_record rec;
    size_t n;
    assert(piece.len);
    if (store_load_records(act->store, seq, 1, a, &r, &n, d) != 0)
        return MESSAGES_FAILED;
    if (n != 1 || r->seq != seq || messages_parse(t, r->rec, a, &rec, &unreadable) != 0)
        return MESSAGES_GONE;
    if (!messages_is_record(piece))
        return messages_find_result(act, t, r, &rec, piece, a, ret, d);
    *ret = messages_encode(t, r, &rec, a);
    return MESSAGES_MADE;
}

/* ---- what a file brought ---- */

void
messages_forget(struct message_walk *w)
{
    results_close(&w->results);
    arena_free(w->a);
    *w = (struct message_walk){.a = NULL};
}

enum filled { /* what a batch holds of a record, or of some */
              FILLED_ALL,
              FILLED_PART, /* there is no room for more: the next batch goes on behind the last piece */
              FILLED_FAILED
};

/* Makes the walk stand behind a piece of a record; FILLED_ALL = the record brought no results. Where
 * the batch before ended there, the walk stands there already: loading a scan for each batch of its
 * results would cost the square of them. */
static enum filled
messages_walk_to(struct message_walk *w, struct act *act, const struct target *t,
                 const struct store_record *r, struct str piece, struct diag *d)
{
    struct str behind = messages_is_record(piece) ? STR("") : piece;
    if (w->a && w->record.seq == r->seq && str_eq(w->behind, behind))
        return FILLED_PART;
    messages_forget(w);
    w->a = arena_new();
    struct diag ignored = diag_init(w->a);
    if (messages_parse(t, arena_str(w->a, r->rec), w->a, &w->record, &ignored) != 0 ||
        !results_has(&w->record))
        return FILLED_ALL;
    w->behind = arena_str(w->a, behind);
    return results_open(act, &w->record, t, w->behind, w->a, &w->results, d) == 0 ? FILLED_PART
                                                                                  : FILLED_FAILED;
}

/* As many results as the batch has room for. One at least, however much that takes: else nothing
 * would ever move. *ret_key = of the last that was looked at, wanted or not. */
static enum filled
messages_add_walked(struct message_batch *b, const struct target *t, const struct store_record *r,
                    struct message_walk *w, size_t max, struct str *ret_key, struct diag *d)
{
    struct result_event v;
    for (size_t n = 0; b->m.n < max && (n == 0 || arena_used(b->a) < MOST_BYTES); n++) {
        enum results_answer got = results_next(&w->results, &v, ret_key, d);
        if (got != RESULTS_EVENT)
            return got == RESULTS_END ? FILLED_ALL : FILLED_FAILED;
        if (!target_wants_result(t, &v, b->a))
            continue;
        struct message_mark *mark =
            messages_add(b, r, messages_encode_result(t, r, &w->record, &v, b->a));
        mark->piece = arena_str(b->a, *ret_key);
        mark->behind = (struct message_place){.seq = r->seq, .piece = mark->piece};
    }
    return FILLED_PART;
}

/* What a file brought goes behind the record that says so, while the batch has room. */
static enum filled
messages_add_results(struct message_batch *b, struct act *act, const struct target *t,
                     const struct store_record *r, size_t max, struct message_walk *w,
                     struct diag *d)
{
    enum filled walk =
        t->e->send == SEND_AUDIT ? FILLED_ALL : messages_walk_to(w, act, t, r, b->end.piece, d);
    if (walk != FILLED_PART)
        return walk;
    struct str key = w->behind;
    enum filled filled = messages_add_walked(b, t, r, w, max, &key, d);
    if (filled != FILLED_PART) {
        messages_forget(w);
        return filled;
    }
    b->end = (struct message_place){.seq = r->seq,
                                    .piece = key.len ? arena_str(b->a, key) : STR(MESSAGES_RECORD)};
    w->behind = arena_str(w->a, key);
    /* What is kept until the next batch has a limit; beyond it is loaded again. */
    if (arena_used(w->a) + (w->results.scan_a ? arena_used(w->results.scan_a) : 0) > MOST_HELD)
        messages_forget(w);
    return FILLED_PART;
}

/* What the record itself makes: its message, when the target wants it and has not got it. A record that
 * cannot be read is told of when its turn comes: it stops nothing. */
static void
messages_add_record(struct message_batch *b, const struct target *t, const struct store_record *r)
{
    struct diag why = diag_init(b->a);
    struct audit_record rec;
    if (b->end.piece.len)
        return;
    if (messages_parse(t, r->rec, b->a, &rec, &why) != 0) {
        struct outlet_message none = {
            .text = STR(""), .id = STR(""), .host = STR(""), .ts_ms = r->ts_us / 1000};
        messages_add(b, r, none)->unreadable = arena_str(b->a, why.first.text);
    } else if (target_wants(t, &rec, b->a)) {
        messages_add(b, r, messages_encode(t, r, &rec, b->a));
    }
}

/* How many of the records follow each other from there on and have their text. */
static size_t
messages_count_good(const struct store_record *r, size_t n, int64_t from)
{
    size_t i = 0;
    while (i < n && r[i].seq == from + (int64_t)i && r[i].rec.len)
        i++;
    return i;
}

static int
messages_stopped(struct act *act, const struct store_record *r, size_t n, int64_t seq,
                 struct diag *d)
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
static enum filled
messages_add_some(struct message_batch *b, struct act *act, const struct target *t,
                  const struct store_record *r, size_t n, size_t max, struct message_walk *w,
                  struct diag *d)
{
    for (size_t i = 0; i < n && b->m.n < max; i++) {
        size_t before = b->m.n;
        messages_add_record(b, t, &r[i]);
        bool has_own = b->m.n > before;
        b->is_news |= messages_is_news(r[i].event);
        b->is_own &= messages_is_own(r[i].event);
        enum filled filled = messages_add_results(b, act, t, &r[i], max, w, d);
        if (filled == FILLED_FAILED)
            return FILLED_FAILED;
        if (has_own && (b->m.n > before + 1 || filled == FILLED_PART))
            b->marks.v[before].behind =
                (struct message_place){.seq = r[i].seq, .piece = STR(MESSAGES_RECORD)};
        if (filled == FILLED_PART)
            return FILLED_PART;
        b->end = (struct message_place){.seq = r[i].seq + 1, .piece = STR("")};
    }
    return FILLED_ALL;
}

int
messages_load(struct act *act, const struct target *t, struct message_place from, int64_t end,
              size_t max, struct message_walk *walk, struct arena *a, struct message_batch *ret,
              struct diag *d)
{
    struct message_batch b = {.a = a, .end = from, .is_own = true};
    int64_t stop = end - from.seq < MOST_RECORDS ? end : from.seq + MOST_RECORDS;
    enum filled filled = FILLED_ALL;
    assert(from.seq <= end && max > 0);
    while (filled == FILLED_ALL && b.m.n < max && b.end.seq < stop && arena_used(a) < MOST_BYTES) {
        struct store_record *r;
        size_t n, some = (size_t)(stop - b.end.seq < CHUNK ? stop - b.end.seq : CHUNK);
        if (store_load_records(act->store, b.end.seq, some < max ? some : max, a, &r, &n, d) != 0)
            return -1;
        size_t n_good = messages_count_good(r, n, b.end.seq);
        if (n_good == 0 && b.m.n > 0)
            break; /* what is before it goes first */
        if (n_good == 0)
            return messages_stopped(act, r, n, b.end.seq, d);
        filled = messages_add_some(&b, act, t, r, n_good, max, walk, d);
    }
    if (filled == FILLED_FAILED)
        return -1;
    *ret = b;
    return 0;
}
