/* Books of delivery. verify_log.c gives it each record; doctor asks for the newest alone. */
#include "ledger/export_books.h"

#include <assert.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "settings/target_options.h"

AUTO_DEFINE(struct arena *, arena_free)

struct export_span { /* records that a record says were sent, or skipped */
    int64_t first, end;
    bool is_skip;
};

struct export_missed { /* a message that a target did not take, and has not taken since */
    int64_t seq;
    struct str piece; /* "=" = the record itself */
    bool is_resent;
};

struct export_book {
    struct str target;
    VEC(struct export_span) spans;
    VEC(struct export_missed) missed;
};

/* ---- reading ---- */

/* As export/messages.c has it: a session in which there was nothing else needs no record. */
static bool
is_news(struct str event)
{
    return !str_starts(event, "audit.export") && !str_starts(event, "export.") &&
           !str_eqc(event, "audit.heartbeat") && !str_eqc(event, "audit.verify") &&
           !str_eqc(event, "audit.publish") && !str_eqc(event, "audit.repeat");
}

static bool
has_news(const struct export_books *b, int64_t seq)
{
    size_t at = (size_t)seq / 8;
    return at < b->news.n && b->news.v[at] >> seq % 8 & 1;
}

static struct export_book *
book_of(struct export_books *b, struct str target)
{
    long at = map_get_index(b->at, target);
    if (at >= 0)
        return &b->v.v[at];
    struct str key = arena_str(b->a, target);
    map_put_index(b->at, key, b->v.n);
    struct export_book *k = VEC_PUSH(b->a, &b->v);
    *k = (struct export_book){.target = key};
    return k;
}

/* A detail of a record; empty when it has none of that name. */
static struct str
detail_of(const struct audit_record *r, const char *field)
{
    for (size_t i = 0; i < r->changes.n; i++)
        if (str_eqc(r->changes.v[i].field, field))
            return r->changes.v[i].new_value;
    return STR("");
}

static bool
read_span(const struct audit_record *r, struct export_span *ret)
{
    int64_t n;
    if (!str_to_i64(detail_of(r, "first"), &ret->first) ||
        !str_to_i64(detail_of(r, "records"), &n) || ret->first < 0 || n < 0 ||
        n > INT64_MAX - ret->first)
        return false;
    ret->end = ret->first + n;
    return true;
}

static void
note_missed(struct export_books *b, struct export_book *k, const struct audit_record *r,
            bool is_resent)
{
    int64_t seq;
    struct str piece = detail_of(r, "piece");
    if (!str_to_i64(detail_of(r, "record"), &seq))
        return;
    if (!piece.len)
        piece = STR("=");
    for (size_t i = 0; i < k->missed.n; i++) {
        struct export_missed *m = &k->missed.v[i];
        if (m->seq != seq || !str_eq(m->piece, piece))
            continue;
        m->is_resent = is_resent;
        return;
    }
    if (!is_resent)
        *VEC_PUSH(b->a, &k->missed) =
            (struct export_missed){.seq = seq, .piece = arena_str(b->a, piece)};
}

static void
read_record(struct export_books *b, const struct store_record *r, struct arena *a)
{
    struct audit_record rec;
    struct export_span span;
    struct diag ignored = diag_init(a); /* of a record that cannot be read the chain has spoken */
    bool is_resent = str_eqc(r->event, "export.resend");
    if (audit_record_parse(r->rec, a, &rec, &ignored) != 0)
        return;
    struct export_book *k = book_of(b, rec.object_id);
    if (str_eqc(r->event, "audit.export") || str_eqc(r->event, "export.skip")) {
        if (read_span(&rec, &span)) {
            span.is_skip = str_eqc(r->event, "export.skip");
            *VEC_PUSH(b->a, &k->spans) = span;
        }
    } else {
        note_missed(b, k, &rec, is_resent);
    }
}

int
export_books_open(struct export_books *b, struct act *act, struct arena *a, struct diag *d)
{
    *b = (struct export_books){.a = a, .at = map_new(a)};
    return store_load_cursors(act->store, a, &b->cursors, &b->n_cursors, d);
}

void
export_books_add(struct export_books *b, const struct store_record *r, struct arena *a)
{
    static const char *const told[] = {"audit.export", "export.skip", "export.deadletter",
                                       "export.reduce", "export.resend"};
    assert(r->seq >= 0 && (size_t)r->seq / 8 <= b->news.n);
    if ((size_t)r->seq / 8 == b->news.n)
        *VEC_PUSH(b->a, &b->news) = 0;
    if (r->is_pruned) {
        b->n_pruned = r->seq + 1;
        return;
    }
    if (is_news(r->event))
        b->news.v[r->seq / 8] |= (unsigned char)(1u << r->seq % 8);
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        if (str_eqc(r->event, told[i]))
            read_record(b, r, a);
}

/* ---- comparing ---- */

/* The first record from there on that is worth one, and how far such ones go on; false = none. */
static bool
find_news(const struct export_books *b, int64_t from, int64_t end, struct export_span *ret)
{
    for (; from < end && !has_news(b, from); from++)
        ;
    *ret = (struct export_span){from, from, false};
    for (; ret->end < end; ret->end++)
        if (has_news(b, ret->end))
            from = ret->end;
    ret->end = from + 1;
    return ret->first < end;
}

static int
passed_over(struct str target, const struct export_span *s, const char *why, struct diag *d)
{
    diag_fail(d, DIAG_VERIFY, "records %lld to %lld %s", (long long)s->first,
              (long long)(s->end - 1), why);
    return diag_at(d, "export to %.*s", STR_ARG(target));
}

/* How far the records of the log say that a target is. Between their spans nothing may lie that is worth
 * one. */
static int
follow_spans(const struct export_books *b, const struct export_book *k, int64_t *ret,
             struct diag *d)
{
    int64_t at = b->n_pruned;
    for (size_t i = 0; i < k->spans.n; i++) {
        struct export_span s = k->spans.v[i], hole;
        if (find_news(b, at, s.first, &hole))
            return passed_over(k->target, &hole, "were passed over: no record tells of them", d);
        at = s.end > at ? s.end : at;
    }
    *ret = at;
    return 0;
}

/* What a cursor says, against what the log says. Whoever holds the cursor has not told of what he sent
 * since; whoever gave it back has. */
static int
compare_cursor(const struct export_books *b, const struct store_cursor_place *c, int64_t told,
               int64_t size, struct diag *d)
{
    struct export_span hole;
    if (c->seq < c->told_seq || c->seq > size)
        diag_fail(d, DIAG_VERIFY, "next_seq says %lld, told_seq %lld, the log has %lld records",
                  (long long)c->seq, (long long)c->told_seq, (long long)size);
    else if (c->told_seq < told && told > b->n_pruned)
        diag_fail(d, DIAG_VERIFY, "told_seq says %lld, the log that it was told up to %lld",
                  (long long)c->told_seq, (long long)told);
    if (diag_failed(d))
        return diag_at(d, "export to %.*s", STR_ARG(c->target));
    if (find_news(b, told, c->told_seq, &hole))
        return passed_over(c->target, &hole,
                           "are behind told_seq, and no record says that they were sent", d);
    if (c->is_live || !find_news(b, c->told_seq, c->seq, &hole))
        return 0;
    if (!c->is_owned)
        return passed_over(c->target, &hole,
                           "are behind next_seq, and nobody is sending: it was moved", d);
    diag_warn(d, DIAG_WARN_DATA, arena_fmt(d->arena, "export to %.*s", STR_ARG(c->target)),
              "records %lld to %lld were passed by an export that ended without a word",
              (long long)hole.first, (long long)(hole.end - 1));
    return 0;
}

static const struct store_cursor_place *
cursor_of(const struct export_books *b, struct str target)
{
    for (size_t i = 0; i < b->n_cursors; i++)
        if (str_eq(b->cursors[i].target, target))
            return &b->cursors[i];
    return NULL;
}

static int
compare_cursors(const struct export_books *b, int64_t size, struct diag *d)
{
    for (size_t i = 0; i < b->v.n; i++) {
        const struct export_book *k = &b->v.v[i];
        const struct store_cursor_place *c = cursor_of(b, k->target);
        int64_t told = 0;
        if (follow_spans(b, k, &told, d) != 0 || (c && compare_cursor(b, c, told, size, d) != 0))
            return -1;
        if (c || k->spans.n == 0)
            continue;
        diag_fail(d, DIAG_VERIFY, "the log tells of records up to %lld, export_cursor has no row",
                  (long long)told - 1);
        return diag_at(d, "export to %.*s", STR_ARG(k->target));
    }
    for (size_t i = 0; i < b->n_cursors; i++)
        if (map_get_index(b->at, b->cursors[i].target) < 0 &&
            compare_cursor(b, &b->cursors[i], b->n_pruned, size, d) != 0)
            return -1;
    return 0;
}

/* ---- letters ---- */

static const struct store_letter *
letter_of(const struct store_letter *v, size_t n, struct str target, const struct export_missed *m)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].seq == m->seq && str_eq(v[i].target, target) && str_eq(v[i].piece, m->piece))
            return &v[i];
    return NULL;
}

/* Each message that was not taken has its letter. */
static int
compare_letters(const struct export_books *b, struct act *act, struct diag *d)
{
    struct store_letter *v;
    size_t n;
    if (store_load_letters(act->store, b->a, &v, &n, d) != 0)
        return -1;
    for (size_t i = 0; i < b->v.n; i++) {
        const struct export_book *k = &b->v.v[i];
        for (size_t m = 0; m < k->missed.n; m++) {
            if (k->missed.v[m].is_resent || letter_of(v, n, k->target, &k->missed.v[m]))
                continue;
            diag_fail(d, DIAG_VERIFY,
                      "record %lld was not taken, and export_deadletter has no letter of it",
                      (long long)k->missed.v[m].seq);
            return diag_at(d, "export to %.*s", STR_ARG(k->target));
        }
    }
    return 0;
}

int
export_books_compare(const struct export_books *b, struct act *act, int64_t size, int64_t *ret_n,
                     struct diag *d)
{
    *ret_n = (int64_t)b->n_cursors;
    return compare_cursors(b, size, d) == 0 ? compare_letters(b, act, d) : -1;
}

/* ---- what a file lacks ---- */

static bool
is_same_file(struct str a, struct str b)
{
    struct stat x, y;
    return stat(a.s, &x) == 0 && stat(b.s, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* The book of the target that writes all records to that file; NULL = there is none. */
static const struct export_book *
book_of_file(const struct export_books *b, const struct config *f, struct str file, struct arena *a)
{
    for (size_t i = 0; i < f->exports.n; i++) {
        const struct config_export *e = &f->exports.v[i];
        bool gets_all = e->send != SEND_RESULTS && e->min_severity == 0 && !e->events.len;
        long at = map_get_index(b->at, target_key(e, a));
        if (gets_all && at >= 0 && is_same_file(e->path, file))
            return &b->v.v[at];
    }
    return NULL;
}

/* The log says that the record was sent, and not that it was refused. */
static bool
was_sent(const struct export_book *k, int64_t seq)
{
    bool sent = false;
    for (size_t i = 0; i < k->spans.n && !sent; i++)
        sent = !k->spans.v[i].is_skip && seq >= k->spans.v[i].first && seq < k->spans.v[i].end;
    for (size_t i = 0; i < k->missed.n && sent; i++)
        sent = k->missed.v[i].seq != seq;
    return sent;
}

/* The first record of a gap that should be in the file, -1 = none. */
static int64_t
find_lost(const struct export_books *b, const struct export_book *k, const struct statement_gap *g)
{
    for (int64_t seq = g->first; k && seq < g->end; seq++)
        if (seq >= b->n_pruned && was_sent(k, seq))
            return seq;
    return -1;
}

int
export_books_gaps(const struct export_books *b, struct act *act, const struct statement_gap *v,
                  size_t n, struct diag *d)
{
    enum { MOST_TOLD = 5 };
    struct str last = STR("");
    const struct export_book *k = NULL;
    for (size_t i = 0, told = 0; i < n; i++) {
        if (!str_eq(last, v[i].file)) {
            last = v[i].file;
            told = 0;
            k = book_of_file(b, &act->config, last, b->a);
        }
        if (find_lost(b, k, &v[i]) >= 0) {
            diag_fail(d, DIAG_VERIFY,
                      "records %lld to %lld are not in it, and the log says that they were written "
                      "there",
                      (long long)v[i].first, (long long)(v[i].end - 1));
            return diag_at(d, "%.*s", STR_ARG(last));
        }
        if (told++ < MOST_TOLD)
            diag_warn(d, DIAG_WARN_DATA, last, "records %lld to %lld are not in it",
                      (long long)v[i].first, (long long)(v[i].end - 1));
        else if (told == MOST_TOLD + 1)
            diag_warn(d, DIAG_WARN_DATA, last,
                      "more are not in it: is it of a target with a filter?");
    }
    return 0;
}

/* ---- one cursor, for doctor ---- */

/* Fills the books with the records from there on. */
static int
load_from(struct export_books *b, struct act *act, int64_t from, int64_t end, struct diag *d)
{
    enum { SOME = 200 };
    while ((int64_t)b->news.n * 8 < end)
        *VEC_PUSH(b->a, &b->news) = 0;
    for (size_t n = 1; from < end && n > 0;) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct store_record *r;
        size_t some = end - from < SOME ? (size_t)(end - from) : SOME;
        if (store_load_records(act->store, from, some, a, &r, &n, d) != 0)
            return -1;
        for (size_t i = 0; i < n; i++)
            if (!r[i].is_pruned && is_news(r[i].event) && r[i].seq < end)
                b->news.v[r[i].seq / 8] |= (unsigned char)(1u << r[i].seq % 8);
        from += (int64_t)n;
    }
    return 0;
}

int
export_books_check(struct act *act, const struct store_cursor *c, int64_t size, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct export_books b = {.a = a, .at = map_new(a)};
    struct store_cursor_place place = {.target = c->target,
                                       .seq = c->seq,
                                       .told_seq = c->told_seq,
                                       .is_owned = c->owner.len > 0,
                                       .is_live = c->owner.len > 0};
    struct export_span told = {0};
    struct audit_record rec;
    struct str text;
    struct diag ignored = diag_init(a);
    if (store_find_told(act->store, c->target, a, &text, d) != 0)
        return -1;
    if (text.len && audit_record_parse(text, a, &rec, &ignored) == 0)
        read_span(&rec, &told);
    if (c->seq <= size && load_from(&b, act, told.end, c->seq, d) != 0)
        return -1;
    return compare_cursor(&b, &place, told.end, size, d);
}
