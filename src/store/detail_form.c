/* Detail sets <-> the bytes of their small form. Between detail.c, which gives sets their names, and
 * detail_base.c, which knows the bases. */
#include "store/detail_form.h"

#include <assert.h>
#include <string.h>
#include <zlib.h>

#include "base/buf.h"
#include "store/rules.h"

enum {
    VERSION = 1,
    HEAD = 1 + 3 + 3, /* version, positions, texts of its own */
    SIZES = 6,        /* of the pieces of a base's text */
    COLUMNS = 1 + 4 + 1 + 2 * SIZES,
    TEXTS = 5, /* native, waiver, three pieces of evidence */
    LENGTH = 4 /* before what is compressed */
};

enum said { SAID_NOTHING, SAID_AS_BASE, SAID_OWN };

const struct detail_text *
detail_form_at(const struct detail_form *f, size_t pos)
{
    return f && pos < f->n_pos ? f->at[pos] : NULL;
}

/* ---- evidence as pieces of another one ---- */

struct pieces {
    size_t sizes[SIZES]; /* head; skip, keep; skip, keep; tail */
    struct str own[3];   /* what stands between head, kept and tail */
};

/* How far two texts go on alike. */
static size_t
alike(struct str a, struct str b)
{
    size_t n = a.len < b.len ? a.len : b.len, i = 0;
    while (i < n && a.s[i] == b.s[i])
        i++;
    return i;
}

static size_t
alike_at_end(struct str a, struct str b)
{
    size_t n = a.len < b.len ? a.len : b.len, i = 0;
    while (i < n && a.s[a.len - 1 - i] == b.s[b.len - 1 - i])
        i++;
    return i;
}

/* Where two texts that begin differently are alike again: after the fewest bytes of both. */
static bool
meet(struct str base, struct str s, size_t *ret_skip, size_t *ret_own)
{
    enum { LEAST = 4, WINDOW = 40 };
    for (size_t sum = 1; sum <= 2 * WINDOW; sum++)
        for (size_t i = sum > WINDOW ? sum - WINDOW : 0; i <= sum && i <= WINDOW; i++) {
            size_t k = sum - i;
            if (i + LEAST > base.len || k + LEAST > s.len ||
                memcmp(base.s + i, s.s + k, LEAST) != 0)
                continue;
            *ret_skip = i;
            *ret_own = k;
            return true;
        }
    return false;
}

static struct pieces
find_pieces(struct str base, struct str s)
{
    struct pieces p = {.own = {s, STR(""), STR("")}};
    if (base.len > UINT16_MAX)
        return p;
    size_t head = alike(base, s);
    base = str_n(base.s + head, base.len - head);
    s = str_n(s.s + head, s.len - head);
    size_t tail = alike_at_end(base, s);
    base.len -= tail;
    s.len -= tail;
    p.sizes[0] = head;
    p.sizes[SIZES - 1] = tail;
    p.own[0] = s;
    for (size_t i = 0, skip, own; i < 2 && meet(base, s, &skip, &own); i++) {
        struct str from = str_n(base.s + skip, base.len - skip);
        struct str rest = str_n(s.s + own, s.len - own);
        size_t keep = alike(from, rest);
        p.sizes[1 + 2 * i] = skip;
        p.sizes[2 + 2 * i] = keep;
        p.own[i] = str_n(s.s, own);
        p.own[i + 1] = s = str_n(rest.s + keep, rest.len - keep);
        base = str_n(from.s + keep, from.len - keep);
    }
    return p;
}

/* ---- packing ---- */

struct packing {
    size_t most_here;
    struct buf index, columns[4], texts; /* columns: severity, number, kind, sizes */
    size_t n;
    bool is_sayable;
};

static void
put_number(struct buf *b, size_t v, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--)
        buf_putc(b, (char)(unsigned char)(v >> 8 * i));
}

static void
put_text(struct packing *p, struct str s)
{
    if (s.len && memchr(s.s, 0, s.len))
        p->is_sayable = false;
    buf_add(&p->texts, s.s, s.len);
    buf_putc(&p->texts, 0);
}

static bool
is_same(const struct detail_text *a, const struct detail_text *b)
{
    return a->severity == b->severity && a->n == b->n && str_eq(a->native, b->native) &&
           str_eq(a->waiver, b->waiver) && (a->kind == DETAIL_NONE) == (b->kind == DETAIL_NONE) &&
           memcmp(a->hash.b, b->hash.b, sizeof a->hash.b) == 0;
}

static void
put_evidence(struct packing *p, struct detail_text *t, const struct detail_text *base)
{
    bool has_base = base && base->kind == DETAIL_HERE;
    struct pieces v = {.own = {STR(""), STR(""), STR("")}};
    char hex[2 * sizeof t->hash.b + 1];
    if (t->kind != DETAIL_NONE)
        t->kind = t->evidence.len ? DETAIL_HERE : DETAIL_NAMED;
    if (t->kind == DETAIL_HERE)
        v = find_pieces(has_base ? base->evidence : STR(""), t->evidence);
    if (t->kind == DETAIL_HERE && v.own[0].len + v.own[1].len + v.own[2].len > p->most_here)
        t->kind = DETAIL_NAMED;
    if (t->kind == DETAIL_NAMED) {
        for (size_t i = 0; i < sizeof t->hash.b; i++) {
            hex[2 * i] = "0123456789abcdef"[t->hash.b[i] >> 4];
            hex[2 * i + 1] = "0123456789abcdef"[t->hash.b[i] & 15];
        }
        v = (struct pieces){.own = {str_n(hex, sizeof hex - 1), STR(""), STR("")}};
    }
    put_number(&p->columns[2], (size_t)t->kind, 1);
    for (size_t i = 0; i < SIZES; i++)
        put_number(&p->columns[3], v.sizes[i], 2);
    for (size_t i = 0; i < 3; i++)
        put_text(p, v.own[i]);
}

static void
put_said(struct packing *p, struct detail_text *t, const struct detail_text *base)
{
    if (!t || (base && is_same(t, base))) {
        if (t)
            t->kind = base->kind;
        buf_putc(&p->index, t ? SAID_AS_BASE : SAID_NOTHING);
        return;
    }
    buf_putc(&p->index, SAID_OWN);
    p->n++;
    put_number(&p->columns[0], t->severity, 1);
    put_number(&p->columns[1], t->n, 4);
    put_text(p, t->native);
    put_text(p, t->waiver);
    put_evidence(p, t, base);
}

struct str
detail_form_pack(struct detail_form *f, const struct detail_form *base, size_t most_here,
                 struct arena *a)
{
    struct packing p = {.most_here = most_here, .is_sayable = f->n_pos > 0};
    struct buf *const parts[] = {&p.index,      &p.columns[0], &p.columns[1],
                                 &p.columns[2], &p.columns[3], &p.texts};
    AUTO_BUF all = buf_init(DETAIL_MOST_BYTES);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        *parts[i] = buf_init(DETAIL_MOST_BYTES);
    for (size_t i = 0; i < f->n_pos; i++)
        put_said(&p, f->at[i], detail_form_at(base, i));
    put_number(&all, VERSION, 1);
    put_number(&all, f->n_pos, 3);
    put_number(&all, p.n, 3);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        p.is_sayable = p.is_sayable && !buf_bad(parts[i]);
        buf_str(&all, buf_view(parts[i]));
        buf_done(parts[i]);
    }
    return p.is_sayable && !buf_bad(&all) ? arena_str(a, buf_view(&all)) : STR("");
}

/* ---- unpacking ---- */

struct unpacking {
    const struct detail_form *base;
    const unsigned char *index, *severity, *number, *kind, *sizes; /* the rows that are left */
    struct str texts;                                              /* those that are left */
    size_t n_pos, n_own;
    struct arena *a;
    struct diag *d;
};

static size_t
get_number(const unsigned char *s, int bytes)
{
    size_t v = 0;
    for (int i = 0; i < bytes; i++)
        v = v << 8 | s[i];
    return v;
}

static int
split(struct unpacking *u, struct str body)
{
    const unsigned char *s = (const unsigned char *)body.s;
    if (body.len < HEAD || s[0] != VERSION)
        return diag_fail(u->d, DIAG_BAD_DATA, "records is in no form that is known");
    u->n_pos = get_number(s + 1, 3);
    u->n_own = get_number(s + 4, 3);
    if (u->n_pos == 0 || u->n_pos > RULES_MOST_CHECKS || u->n_own > u->n_pos)
        return diag_fail(u->d, DIAG_BAD_DATA, "records speaks of %zu checks, %zu by itself",
                         u->n_pos, u->n_own);
    size_t columns = HEAD + u->n_pos + u->n_own * COLUMNS;
    if (body.len < columns)
        return diag_fail(u->d, DIAG_BAD_DATA, "records ends in the middle");
    u->index = s + HEAD;
    u->severity = u->index + u->n_pos;
    u->number = u->severity + u->n_own;
    u->kind = u->number + 4 * u->n_own;
    u->sizes = u->kind + u->n_own;
    u->texts = str_n(body.s + columns, body.len - columns);
    return 0;
}

static int
next_text(struct unpacking *u, struct str *ret)
{
    const char *end = u->texts.len ? memchr(u->texts.s, 0, u->texts.len) : NULL;
    if (!end)
        return diag_fail(u->d, DIAG_BAD_DATA, "records: a text has no end");
    *ret = str_n(u->texts.s, (size_t)(end - u->texts.s));
    u->texts = str_n(end + 1, u->texts.len - ret->len - 1);
    return 0;
}

static int
nibble(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int
read_name(struct unpacking *u, const struct pieces *v, size_t pos, struct hash16 *ret)
{
    bool is = v->own[0].len == 2 * sizeof ret->b && !v->own[1].len && !v->own[2].len;
    for (size_t i = 0; is && i < sizeof ret->b; i++) {
        int high = nibble(v->own[0].s[2 * i]), low = nibble(v->own[0].s[2 * i + 1]);
        is = high >= 0 && low >= 0;
        ret->b[i] = (unsigned char)((unsigned)high << 4 | (unsigned)low);
    }
    for (size_t i = 0; i < SIZES; i++)
        is = is && v->sizes[i] == 0;
    return is ? 0
              : diag_fail(u->d, DIAG_BAD_DATA, "records: evidence of check %zu has no name", pos);
}

/* The text from its pieces, which follow each other in the base's text. */
static int
join_pieces(struct unpacking *u, const struct pieces *v, size_t pos, struct str *ret)
{
    const struct detail_text *base = detail_form_at(u->base, pos);
    struct str from = base && base->kind == DETAIL_HERE ? base->evidence : STR("");
    const size_t *n = v->sizes;
    size_t taken = 0, kept = n[0] + n[2] + n[4] + n[5];
    for (size_t i = 0; i < SIZES; i++)
        taken += n[i];
    if (taken > from.len)
        return diag_fail(u->d, DIAG_BAD_DATA, "records: check %zu takes %zu bytes of %zu", pos,
                         taken, from.len);
    if (!kept && !v->own[1].len && !v->own[2].len) {
        *ret = v->own[0];
        return ret->len
                   ? 0
                   : diag_fail(u->d, DIAG_BAD_DATA, "records: evidence of check %zu is empty", pos);
    }
    AUTO_BUF b = buf_init(kept + v->own[0].len + v->own[1].len + v->own[2].len);
    buf_add(&b, from.s, n[0]);
    buf_str(&b, v->own[0]);
    buf_add(&b, from.s + n[0] + n[1], n[2]);
    buf_str(&b, v->own[1]);
    buf_add(&b, from.s + n[0] + n[1] + n[2] + n[3], n[4]);
    buf_str(&b, v->own[2]);
    buf_add(&b, from.s + from.len - n[5], n[5]);
    assert(!buf_bad(&b));
    *ret = arena_str(u->a, buf_view(&b));
    return 0;
}

static int
read_evidence(struct unpacking *u, size_t pos, struct detail_text *t)
{
    struct pieces v = {0};
    unsigned kind = *u->kind++;
    bool is_empty = true;
    for (size_t i = 0; i < SIZES; i++, u->sizes += 2) {
        v.sizes[i] = get_number(u->sizes, 2);
        is_empty = is_empty && v.sizes[i] == 0;
    }
    for (size_t i = 0; i < 3; i++) {
        if (next_text(u, &v.own[i]) != 0)
            return -1;
        is_empty = is_empty && v.own[i].len == 0;
    }
    if (kind > DETAIL_NAMED || (kind == DETAIL_NONE && !is_empty))
        return diag_fail(u->d, DIAG_BAD_DATA, "records: check %zu has evidence of kind %u", pos,
                         kind);
    t->kind = (enum detail_evidence)kind;
    if (kind == DETAIL_NAMED)
        return read_name(u, &v, pos, &t->hash);
    if (kind == DETAIL_HERE && join_pieces(u, &v, pos, &t->evidence) != 0)
        return -1;
    if (kind == DETAIL_HERE)
        t->hash = ids_hash16(t->evidence);
    return 0;
}

static int
read_own(struct unpacking *u, size_t pos, struct detail_text **ret)
{
    struct detail_text *t = ARENA_NEW(u->a, struct detail_text);
    unsigned severity = *u->severity++;
    *t = (struct detail_text){.n = (unsigned)get_number(u->number, 4), .evidence = STR("")};
    u->number += 4;
    if (severity >= SEVERITY__COUNT)
        return diag_fail(u->d, DIAG_BAD_DATA, "records: check %zu has the severity %u", pos,
                         severity);
    if (t->n == 0)
        return diag_fail(u->d, DIAG_BAD_DATA, "records: check %zu is of no result", pos);
    t->severity = (enum severity)severity;
    *ret = t;
    return next_text(u, &t->native) != 0 || next_text(u, &t->waiver) != 0 ||
                   read_evidence(u, pos, t) != 0
               ? -1
               : 0;
}

static int
read_said(struct unpacking *u, size_t pos, size_t *n_own, struct detail_text **ret)
{
    const struct detail_text *base = detail_form_at(u->base, pos);
    switch (u->index[pos]) {
    case SAID_NOTHING:
        return 0;
    case SAID_AS_BASE:
        *ret = base ? u->base->at[pos] : NULL;
        return base ? 0
                    : diag_fail(u->d, DIAG_BAD_DATA, "records: of check %zu the base says nothing",
                                pos);
    case SAID_OWN:
        if (++*n_own <= u->n_own)
            return read_own(u, pos, ret);
        return diag_fail(u->d, DIAG_BAD_DATA, "records has more texts than it says");
    default:
        return diag_fail(u->d, DIAG_BAD_DATA, "records: check %zu is said in the way %u", pos,
                         u->index[pos]);
    }
}

int
detail_form_unpack(struct str body, const struct detail_form *base, struct arena *a,
                   struct detail_form *ret, struct diag *d)
{
    struct unpacking u = {.base = base, .a = a, .d = d};
    struct detail_form f = {0};
    size_t n_own = 0;
    if (split(&u, body) != 0)
        return -1;
    f.n_pos = u.n_pos;
    f.at = ARENA_ARRAY(a, struct detail_text *, f.n_pos);
    for (size_t i = 0; i < f.n_pos; i++) {
        if (read_said(&u, i, &n_own, &f.at[i]) != 0)
            return -1;
        f.n += f.at[i] != NULL;
    }
    if (n_own < u.n_own || u.texts.len || !f.at[f.n_pos - 1])
        return diag_fail(d, DIAG_BAD_DATA, "records has more than it says");
    *ret = f;
    return 0;
}

/* ---- compressing ---- */

struct str
detail_form_deflate(struct str body, struct arena *a)
{
    uLongf n = compressBound((uLong)body.len);
    unsigned char *out = arena_alloc(a, LENGTH + n);
    assert(body.len > 0 && body.len <= DETAIL_MOST_BYTES);
    for (int i = 0; i < LENGTH; i++) /* the only number with its low byte first: that of SQL */
        out[i] = (unsigned char)(body.len >> 8 * i);
    int rc = compress2(out + LENGTH, &n, (const Bytef *)body.s, (uLong)body.len, 6);
    assert(rc == Z_OK);
    (void)rc;
    return str_n((const char *)out, LENGTH + n);
}

int
detail_form_inflate(struct str packed, struct arena *a, struct str *ret, struct diag *d)
{
    const unsigned char *s = (const unsigned char *)packed.s;
    size_t n = 0;
    if (packed.len <= LENGTH)
        return diag_fail(d, DIAG_BAD_DATA, "records has %zu bytes, and words is empty", packed.len);
    for (int i = 0; i < LENGTH; i++)
        n |= (size_t)s[i] << 8 * i;
    if (n == 0 || n > DETAIL_MOST_BYTES)
        return diag_fail(d, DIAG_BAD_DATA,
                         "words is empty, but records is of %zu bytes when unpacked", n);
    unsigned char *out = arena_alloc(a, n + 1);
    uLongf got = (uLongf)n;
    uLong used = (uLong)(packed.len - LENGTH);
    if (uncompress2(out, &got, s + LENGTH, &used) != Z_OK || got != n ||
        used != packed.len - LENGTH)
        return diag_fail(d, DIAG_BAD_DATA,
                         "words is empty, but records cannot be unpacked: it was changed");
    *ret = str_n((const char *)out, n);
    return 0;
}
