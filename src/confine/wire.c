/* Messages between parent and parser process: parser.c writes answers, confine.c reads them. */
#include "confine/wire.h"

#include <assert.h>
#include <endian.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"

enum { NUMBER = 8, CHECK_TEXTS = 11, FLUSH_AT = 1 << 16, MAX_PLACE = 8192 };
#define MAX_NAMED ((size_t)1 << 30) /* what the lists that an answer names would take if told */

/* One message on its way in either direction; after a broken rule it reads as nothing. */
struct wire {
    bool is_reading;
    const char *broken; /* the first rule that was broken, or NULL */
    struct str in;
    struct arena *a;
    struct buf out;
    char *to;        /* instead of a sink: memory that has room for all of it */
    char *list;      /* writing: memory for a list, which the next list takes over */
    size_t list_cap; /* its size */
    wire_sink *sink;
    void *self;
    int sink_rc;
    const struct catalogue_keys *keys; /* writing: lists that the other side has */
    struct catalogues *known;          /* reading: lists that were told before, or NULL */
    size_t named;                      /* reading: bytes of the lists that it named */
};

static const struct str magic = {"assay answer 3\n", 15};

/* ---- bytes ---- */

static void
breaks(struct wire *w, const char *rule)
{
    assert(w->is_reading);
    if (!w->broken)
        w->broken = rule;
    w->in.len = 0;
}

static void
flush(struct wire *w)
{
    if (w->sink_rc == 0 && w->out.len)
        w->sink_rc = w->sink(w->self, buf_view(&w->out));
    buf_cut(&w->out, 0);
}

static void
put_bytes(struct wire *w, const void *p, size_t n)
{
    if (w->to) {
        if (n)
            memcpy(w->to, p, n);
        w->to += n;
        return;
    }
    if (w->out.len && w->out.len + n > FLUSH_AT)
        flush(w);
    if (n > FLUSH_AT && w->sink_rc == 0)
        w->sink_rc = w->sink(w->self, str_n(p, n));
    else
        buf_add(&w->out, p, n);
}

/* The next n bytes, or NULL. */
static const char *
take_bytes(struct wire *w, size_t n)
{
    const char *at = w->in.s;
    if (n > w->in.len) {
        breaks(w, "it ends too early");
        return NULL;
    }
    w->in = str_n(at + n, w->in.len - n);
    return at;
}

/* ---- values: each either writes *x or fills it ---- */

static void
wire_u64(struct wire *w, uint64_t *x)
{
    uint64_t v;
    if (!w->is_reading) {
        v = htole64(*x);
        put_bytes(w, &v, NUMBER);
        return;
    }
    const char *at = take_bytes(w, NUMBER);
    *x = 0;
    if (at) {
        memcpy(&v, at, NUMBER);
        *x = le64toh(v);
    }
}

static void
wire_int(struct wire *w, int64_t *x)
{
    uint64_t u = (uint64_t)*x;
    wire_u64(w, &u);
    *x = (int64_t)u;
}

/* A number from 0 to below end: enums, indexes, counts. */
static uint64_t
wire_below(struct wire *w, uint64_t x, uint64_t end)
{
    wire_u64(w, &x);
    if (w->is_reading && !w->broken && x >= end)
        breaks(w, "a number is out of its range");
    return w->broken ? 0 : x;
}

static void
wire_bool(struct wire *w, bool *x)
{
    *x = wire_below(w, *x, 2) != 0;
}

static void
wire_real(struct wire *w, double *x)
{
    uint64_t u;
    memcpy(&u, x, sizeof u);
    wire_u64(w, &u);
    memcpy(x, &u, sizeof u);
    if (w->is_reading && !isfinite(*x)) {
        *x = 0;
        breaks(w, "a number is not finite");
    }
}

static void
wire_bytes(struct wire *w, void *p, size_t n)
{
    if (!w->is_reading) {
        put_bytes(w, p, n);
        return;
    }
    const char *at = take_bytes(w, n);
    if (at)
        memcpy(p, at, n);
}

static void
wire_text(struct wire *w, struct str *s)
{
    uint64_t n = w->is_reading ? 0 : s->len;
    wire_u64(w, &n);
    if (!w->is_reading) {
        put_bytes(w, s->s, s->len);
        return;
    }
    const char *at = n <= w->in.len ? take_bytes(w, (size_t)n) : NULL;
    *s = STR("");
    if (!at)
        breaks(w, "a text is longer than the answer");
    else if (!utf8_valid(str_n(at, (size_t)n)))
        breaks(w, "a text is not UTF-8");
    else if (n)
        *s = arena_str(w->a, str_n(at, (size_t)n));
}

/* The length of a list whose elements take at least min bytes each: no more than can follow. */
static size_t
wire_length(struct wire *w, size_t n, size_t min)
{
    uint64_t x = n;
    wire_u64(w, &x);
    if (w->is_reading && x > w->in.len / min)
        breaks(w, "a list is longer than the answer");
    return w->broken ? 0 : (size_t)x;
}

/* A list: its length, then every element through fn(w, element). */
#define WIRE_LIST(w, vec, min, fn)                                                                 \
    do {                                                                                           \
        size_t n_ = wire_length((w), (vec)->n, (min));                                             \
        if ((w)->is_reading) {                                                                     \
            (vec)->v = n_ ? arena_alloc((w)->a, n_ * sizeof *(vec)->v) : NULL;                     \
            (vec)->n = (vec)->cap = n_;                                                            \
        }                                                                                          \
        for (size_t i_ = 0; i_ < n_; i_++)                                                         \
            fn((w), &(vec)->v[i_]);                                                                \
    } while (0)

/* ---- the parts of a scan ---- */

static void
wire_mapping(struct wire *w, struct scan_mapping *m)
{
    wire_text(w, &m->framework);
    wire_text(w, &m->edition);
    wire_text(w, &m->control);
}

static void
wire_check(struct wire *w, struct scan_check *c)
{
    struct str *const texts[CHECK_TEXTS] = {
        &c->id,           &c->key,         &c->title,          &c->description,
        &c->rationale,    &c->remediation, &c->impact,         &c->section,
        &c->own_category, &c->category,    &c->category_source};
    for (size_t i = 0; i < CHECK_TEXTS; i++)
        wire_text(w, texts[i]);
    c->severity = (enum severity)wire_below(w, c->severity, SEVERITY__COUNT);
    WIRE_LIST(w, &c->mappings, 3 * NUMBER, wire_mapping);
    WIRE_LIST(w, &c->references, NUMBER, wire_text);
    WIRE_LIST(w, &c->idents, NUMBER, wire_text);
}

/* ---- lists of checks, each told once ---- */

/* How a list is told: in its place, when it is too long to be kept; as one text of bytes, which the
 * reader keeps under their hash; or by that hash. */
enum { CHECKS_HERE, CHECKS_KEPT, CHECKS_KNOWN, CHECKS__COUNT };

static size_t
text_list_size(const struct str *v, size_t n)
{
    size_t size = NUMBER;
    for (size_t i = 0; i < n; i++)
        size += NUMBER + v[i].len;
    return size;
}

/* Bytes that wire_check() makes of it. */
static size_t
check_size(const struct scan_check *c)
{
    size_t size = CHECK_TEXTS * NUMBER + c->id.len + c->key.len + c->title.len +
                  c->description.len + c->rationale.len + c->remediation.len + c->impact.len +
                  c->section.len + c->own_category.len + c->category.len + c->category_source.len;
    size += NUMBER /* severity */ + NUMBER /* mappings */;
    for (size_t i = 0; i < c->mappings.n; i++) {
        const struct scan_mapping *m = &c->mappings.v[i];
        size += 3 * NUMBER + m->framework.len + m->edition.len + m->control.len;
    }
    return size + text_list_size(c->references.v, c->references.n) +
           text_list_size(c->idents.v, c->idents.n);
}

static size_t
list_size(const struct scan *s)
{
    size_t size = NUMBER;
    for (size_t i = 0; i < s->checks.n && size <= CATALOGUE_BYTES; i++)
        size += check_size(&s->checks.v[i]);
    return size;
}

static void
wire_list(struct wire *w, struct scan *s)
{
    WIRE_LIST(w, &s->checks, CHECK_TEXTS * NUMBER, wire_check);
}

static void
put_list(struct wire *w, struct str bytes)
{
    struct sha256_digest key = sha256_of(bytes);
    bool is_known = false;
    for (size_t i = 0; w->keys && i < w->keys->n && !is_known; i++)
        is_known = memcmp(&w->keys->v[i], &key, sizeof key) == 0;
    wire_below(w, is_known ? CHECKS_KNOWN : CHECKS_KEPT, CHECKS__COUNT);
    if (is_known) {
        wire_bytes(w, key.b, SHA256_SIZE);
        return;
    }
    uint64_t n = bytes.len;
    wire_u64(w, &n);
    put_bytes(w, bytes.s, bytes.len);
}

static void
put_checks(struct wire *w, struct scan *s)
{
    size_t size = list_size(s);
    if (size > CATALOGUE_BYTES) {
        wire_below(w, CHECKS_HERE, CHECKS__COUNT);
        wire_list(w, s);
        return;
    }
    if (size > w->list_cap) {
        /* Twice what was there, so that the lists of a thousand scans take no more than a few of
         * the longest. */
        w->list_cap = size > 2 * w->list_cap ? size : 2 * w->list_cap;
        w->list = arena_alloc(w->a, w->list_cap);
    }
    struct wire list = {.to = w->list};
    wire_list(&list, s);
    assert(list.to == w->list + size);
    put_list(w, str_n(w->list, size));
}

/* A list in an arena of its own, which moves to where lists are kept, or becomes the scan's. */
static struct catalogue *
keep_list(struct wire *w, struct str bytes, struct scan *s)
{
    struct catalogue list = {.key = sha256_of(bytes), .arena = arena_new(), .size = bytes.len};
    struct catalogue *kept = w->known ? catalogues_find(w->known, &list.key) : NULL;
    struct wire r = {.is_reading = true, .in = bytes, .a = kept || !w->known ? w->a : list.arena};
    wire_list(&r, s);
    if (!r.broken && r.in.len)
        breaks(&r, "a list of checks goes on after its end");
    if (r.broken)
        breaks(w, r.broken);
    list.checks = s->checks.v;
    list.n = s->checks.n;
    if (!kept && w->known && !r.broken) {
        kept = catalogues_keep(w->known, &list);
        if (kept)
            return kept;
    }
    arena_adopt(w->a, list.arena);
    return kept;
}

static struct catalogue *
get_kept(struct wire *w, struct scan *s)
{
    uint64_t n;
    wire_u64(w, &n);
    if (n > CATALOGUE_BYTES)
        breaks(w, "a list of checks is longer than may be kept");
    const char *at = w->broken ? NULL : take_bytes(w, (size_t)n);
    return at ? keep_list(w, str_n(at, (size_t)n), s) : NULL;
}

/* A name of some bytes stands for thousands of checks, which cost as much as if they stood there:
 * no answer makes more of them than an honest parser could have in its memory. */
static struct catalogue *
get_known(struct wire *w)
{
    struct sha256_digest key = {{0}};
    wire_bytes(w, key.b, SHA256_SIZE);
    struct catalogue *c = w->known && !w->broken ? catalogues_find(w->known, &key) : NULL;
    if (!c)
        breaks(w, "it names checks that nobody told");
    else if (c->size > MAX_NAMED - w->named)
        breaks(w, "it names more checks than a file can have");
    else
        w->named += c->size;
    return c;
}

static void
get_checks(struct wire *w, struct scan *s)
{
    struct catalogue *c = NULL;
    uint64_t how = wire_below(w, 0, CHECKS__COUNT);
    if (how == CHECKS_HERE) {
        wire_list(w, s);
        if (!w->broken && list_size(s) <= CATALOGUE_BYTES)
            breaks(w, "a list of checks is not told as such");
    } else {
        c = how == CHECKS_KEPT ? get_kept(w, s) : get_known(w);
    }
    if (!c || w->broken)
        return;
    s->checks.v = c->checks;
    s->checks.n = s->checks.cap = c->n;
    catalogues_settle(w->known, c, s);
}

static void
wire_result(struct wire *w, struct scan_result *r)
{
    r->check = (size_t)wire_below(w, r->check, SIZE_MAX);
    r->ordinal = (unsigned)wire_below(w, r->ordinal, UINT32_MAX);
    r->status = (enum status)wire_below(w, r->status, STATUS__COUNT);
    wire_text(w, &r->native);
    r->severity = (enum severity)wire_below(w, r->severity, SEVERITY__COUNT);
    wire_text(w, &r->evidence);
    wire_text(w, &r->waiver);
    wire_int(w, &r->time);
}

static void
wire_count(struct wire *w, struct scan_count *c)
{
    wire_text(w, &c->word);
    wire_int(w, &c->n);
}

static void
wire_score(struct wire *w, struct scan_score *s)
{
    wire_text(w, &s->system);
    wire_real(w, &s->value);
    wire_real(w, &s->maximum);
}

static void
wire_flags(struct wire *w, struct scan *s)
{
    bool *const flags[] = {&s->zone_assumed, &s->end_assumed, &s->partial,
                           &s->delta,        &s->score_only,  &s->bare};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        wire_bool(w, flags[i]);
}

/* The rules that every reader keeps (tests/fuzz/reader_fuzz.h); the store relies on them. */
static void
check_scan(struct wire *w, const struct scan *s)
{
    int64_t sum = 0, native = 0, results[STATUS__COUNT] = {0};
    for (size_t i = 0; i < s->checks.n && !w->broken; i++)
        if (!s->checks.v[i].id.len)
            breaks(w, "a check has no id");
    for (size_t i = 0; i < s->results.n && !w->broken; i++) {
        const struct scan_result *r = &s->results.v[i];
        if (r->check >= s->checks.n || r->status == STATUS_NONE)
            breaks(w, "a result is of no check or says nothing");
        else
            results[r->status]++;
    }
    for (size_t i = 0; i < s->native_counts.n && !w->broken; i++) {
        if (s->native_counts.v[i].n < 0 || s->native_counts.v[i].n > INT32_MAX)
            breaks(w, "a count is out of its range");
        else
            native += s->native_counts.v[i].n;
    }
    for (int i = 0; i < STATUS__COUNT && !w->broken; i++) {
        bool is_stored = !s->score_only && i != STATUS_NOTSELECTED;
        if (s->counts[i] < 0 || s->counts[i] > INT32_MAX ||
            (is_stored && s->counts[i] != results[i]) || (s->score_only && results[i]))
            breaks(w, "the counts are not those of the results");
        sum += s->counts[i];
    }
    if (!w->broken && sum != native)
        breaks(w, "the counts are not those of the scanner's words");
}

static void
wire_scan(struct wire *w, struct scan *s)
{
    wire_text(w, &s->format);
    wire_text(w, &s->asset.name);
    wire_text(w, &s->asset.alias);
    wire_text(w, &s->asset.os);
    wire_text(w, &s->asset.group);
    WIRE_LIST(w, &s->asset.addresses, NUMBER, wire_text);
    WIRE_LIST(w, &s->asset.no_names, NUMBER, wire_text);
    wire_bool(w, &s->asset.is_given);
    wire_text(w, &s->policy.id);
    wire_text(w, &s->policy.version);
    wire_text(w, &s->policy.title);
    wire_text(w, &s->policy.profile);
    wire_text(w, &s->engine);
    wire_int(w, &s->start);
    wire_int(w, &s->end);
    wire_flags(w, s);
    wire_text(w, &s->category_tables);
    if (w->is_reading)
        get_checks(w, s);
    else
        put_checks(w, s);
    WIRE_LIST(w, &s->results, 8 * NUMBER, wire_result);
    WIRE_LIST(w, &s->native_counts, 2 * NUMBER, wire_count);
    for (int i = 0; i < STATUS__COUNT; i++)
        wire_int(w, &s->counts[i]);
    WIRE_LIST(w, &s->scores, 3 * NUMBER, wire_score);
    if (w->is_reading)
        check_scan(w, s);
}

static void
wire_file(struct wire *w, struct scan_file *f)
{
    wire_bytes(w, f->sha256.b, SHA256_SIZE);
    wire_int(w, &f->size);
    wire_text(w, &f->compression);
    wire_text(w, &f->secret);
    wire_bool(w, &f->holds_nothing);
    wire_text(w, &f->sender);
    wire_text(w, &f->sender_group);
    WIRE_LIST(w, &f->scans, 8 * NUMBER, wire_scan);
    if (w->is_reading && !w->broken && (f->scans.n == 0) != f->holds_nothing)
        breaks(w, f->scans.n ? "it holds scans and nothing" : "it holds no scan");
}

/* ---- findings and the failure ---- */

static void
wire_note(struct wire *w, struct diag_note *n)
{
    n->code = (enum diag_code)wire_below(w, n->code, DIAG__COUNT);
    wire_text(w, &n->place);
    wire_text(w, &n->text);
    if (w->is_reading && (n->place.len > MAX_PLACE || n->text.len > MAX_PLACE))
        breaks(w, "a message is too long");
}

/* A parser may judge its file; it may not speak for the database or the settings. */
static bool
is_of_a_file(enum diag_code c)
{
    return c == DIAG_OK || c == DIAG_BAD_DATA || c == DIAG_FORMAT_UNKNOWN || c == DIAG_TRUNCATED ||
           c == DIAG_TOO_BIG || c == DIAG_IO || c == DIAG_INTERNAL;
}

struct notes {
    VEC(struct diag_note) list;
};

static void
wire_findings(struct wire *w, const struct diag *from, struct notes *notes, uint64_t *n_dropped)
{
    if (from) {
        notes->list.v = from->warnings.v;
        notes->list.n = from->warnings.n;
        *n_dropped = from->n_dropped;
    }
    WIRE_LIST(w, &notes->list, 3 * NUMBER, wire_note);
    *n_dropped = wire_below(w, *n_dropped, INT32_MAX);
    for (size_t i = 0; w->is_reading && i < notes->list.n; i++)
        if (diag_exit_status(notes->list.v[i].code) != 0)
            breaks(w, "a finding is a failure");
}

/* ---- requests ---- */

static void
wire_context(struct wire *w, struct ingest_context *c)
{
    struct str path = str_c(c->path);
    int64_t zone = c->zone_offset_s;
    wire_text(w, &path);
    wire_int(w, &c->mtime);
    wire_int(w, &zone);
    wire_text(w, &c->asset_name);
    wire_bool(w, &c->suggestion_informational);
    wire_text(w, &c->fallback_encoding);
    c->path = path.s;
    c->zone_offset_s = (int)zone;
}

static void
wire_keys(struct wire *w, struct catalogue_keys *k)
{
    k->n = (size_t)wire_below(w, k->n, CATALOGUE_MAX + 1);
    for (size_t i = 0; i < k->n; i++)
        wire_bytes(w, k->v[i].b, SHA256_SIZE);
}

static struct wire
writer(wire_sink *sink, void *self)
{
    struct wire w = {.out = buf_init(2 * FLUSH_AT), .sink = sink, .self = self};
    buf_room(&w.out, FLUSH_AT);
    return w;
}

static int
finish_writing(struct wire *w)
{
    flush(w);
    assert(!buf_bad(&w->out));
    buf_done(&w->out);
    return w->sink_rc;
}

/* A file may have any name; over there it serves for messages only. */
int
wire_put_request(const struct ingest_context *ctx, const struct catalogue_keys *keys,
                 wire_sink *sink, void *self)
{
    struct arena *a = arena_new();
    struct wire w = writer(sink, self);
    struct ingest_context c = *ctx;
    c.path = arena_str(a, utf8_repair(a, str_c(ctx->path))).s;
    struct catalogue_keys copy = keys ? *keys : (struct catalogue_keys){.n = 0};
    wire_context(&w, &c);
    wire_keys(&w, &copy);
    arena_free(a);
    return finish_writing(&w);
}

int
wire_get_request(struct str bytes, struct arena *a, struct ingest_context *ret,
                 struct catalogue_keys *ret_keys, struct diag *d)
{
    struct wire w = {.is_reading = true, .in = bytes, .a = a};
    *ret = (struct ingest_context){0};
    ret_keys->n = 0;
    wire_context(&w, ret);
    wire_keys(&w, ret_keys);
    if (!w.broken && w.in.len)
        breaks(&w, "it goes on after its end");
    return w.broken ? diag_fail(d, DIAG_INTERNAL, "no request: %s", w.broken) : 0;
}

/* ---- answers ---- */

int
wire_put_answer(const struct scan_file *f, const struct diag *d, const struct catalogue_keys *keys,
                wire_sink *sink, void *self)
{
    struct wire w = writer(sink, self);
    w.keys = keys;
    w.a = d->arena;
    struct diag_note first = d->first;
    struct notes notes = {0};
    uint64_t n_dropped;
    put_bytes(&w, magic.s, magic.len);
    if (!diag_failed(d))
        first = (struct diag_note){.code = DIAG_OK, .place = STR(""), .text = STR("")};
    wire_note(&w, &first);
    wire_findings(&w, d, &notes, &n_dropped);
    if (!diag_failed(d)) {
        struct scan_file copy = *f;
        wire_file(&w, &copy);
    }
    return finish_writing(&w);
}

/* Hands the parser's findings on, and its failure when there is one. */
static int
take_over(const struct diag_note *first, const struct notes *notes, uint64_t n_dropped,
          struct diag *d)
{
    for (size_t i = 0; i < notes->list.n; i++) {
        const struct diag_note *n = &notes->list.v[i];
        diag_warn(d, n->code, n->place, "%.*s", STR_ARG(n->text));
    }
    d->n_dropped += n_dropped;
    if (first->code == DIAG_OK)
        return 0;
    /* A parser that is broken is broken by its file; the run goes on. */
    enum diag_code code = first->code == DIAG_INTERNAL ? DIAG_BAD_DATA : first->code;
    diag_fail(d, code, "%.*s", STR_ARG(first->text));
    return diag_at(d, "%.*s", STR_ARG(first->place));
}

int
wire_get_answer(struct str bytes, struct catalogues *known, struct arena *a, struct scan_file *ret,
                struct diag *d)
{
    struct wire w = {.is_reading = true, .in = bytes, .a = a, .known = known};
    struct scan_file f = {.path = ret->path};
    struct diag_note first = {0};
    struct notes notes = {0};
    uint64_t n_dropped = 0;
    const char *head = take_bytes(&w, magic.len);
    if (head && memcmp(head, magic.s, magic.len) != 0)
        breaks(&w, "it does not begin as one");
    wire_note(&w, &first);
    if (!w.broken && !is_of_a_file(first.code))
        breaks(&w, "its failure is not one of a file");
    wire_findings(&w, NULL, &notes, &n_dropped);
    if (!w.broken && first.code == DIAG_OK)
        wire_file(&w, &f);
    if (!w.broken && w.in.len)
        breaks(&w, "it goes on after its end");
    if (w.broken)
        return diag_fail(d, DIAG_BAD_DATA, "the parser's answer is none: %s", w.broken);
    if (take_over(&first, &notes, n_dropped, d) != 0)
        return -1;
    *ret = f;
    return 0;
}
