/* Keeping what hosts write; used by the Lynis, Wazuh and Pandora readers for every value. */
#include "ingest/take.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/env.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "ingest/limits.h"
#include "ingest/times.h"

enum { DAY_S = 86400, MARK = 48 }; /* room for the mark of a cut */

struct str
take_text(struct arena *a, struct str s, size_t max, struct str place, struct diag *d)
{
    struct str whole = utf8_repair(a, s);
    if (whole.s != s.s)
        diag_warn(d, DIAG_WARN_TEXT, place, "invalid UTF-8 or NUL was replaced");
    if (whole.len <= max)
        return whole.s == s.s ? arena_str(a, s) : whole;
    assert(max > MARK);
    diag_warn(d, DIAG_WARN_TEXT, place, "a text of %zu bytes was cut to %zu", s.len, max);
    struct str head = utf8_cut(whole, max - MARK);
    struct str cut =
        arena_fmt(a, "%.*s \xe2\x80\xa6 [cut: %zu bytes in all]", STR_ARG(head), whole.len);
    assert(cut.len <= max && utf8_valid(cut));
    return cut;
}

/* An id too long to keep is kept by its beginning and its hash: two such ids stay two. */
struct str
take_id(struct arena *a, struct str s, struct diag *d)
{
    enum { HEAD = LIMIT_ID - 70 };
    struct str id = utf8_repair(a, s);
    if (id.len <= LIMIT_ID)
        return id.s == s.s ? arena_str(a, s) : id;
    struct sha256_digest h = sha256_of(id);
    struct str hex = sha256_hex(a, &h), head = utf8_cut(id, HEAD);
    diag_warn(d, DIAG_WARN_TEXT, head,
              "an id of %zu bytes was replaced by its beginning and its hash", s.len);
    return arena_fmt(a, "%.*s~%.*s", STR_ARG(head), STR_ARG(hex));
}

int
take_check_ids(const struct scan *s, struct diag *d)
{
    size_t n = s->asset.name.len > LIMIT_ID ? s->asset.name.len : s->policy.id.len;
    if (n <= LIMIT_ID)
        return 0;
    return diag_fail(d, DIAG_TOO_BIG, "the %s has %zu bytes or more: at most %d are allowed",
                     s->asset.name.len > LIMIT_ID ? "name of the asset" : "id of the policy", n,
                     LIMIT_ID);
}

/* ---- times ---- */

/* One finding of a kind and place is enough: the 88 controls of a file may all have the same fault. */
static bool
is_told(const struct diag *d, struct str place, const char *kind)
{
    for (size_t i = 0; i < d->warnings.n; i++) {
        const struct diag_note *w = &d->warnings.v[i];
        if (w->code == DIAG_WARN_TIME && str_eq(w->place, place) && str_ends(w->text, kind))
            return true;
    }
    return false;
}

static void
warn_time(struct diag *d, struct str place, struct str said, const char *kind)
{
    enum { SHOWN = 40 };
    if (!is_told(d, place, kind))
        diag_warn(d, DIAG_WARN_TIME, place, "\"%.*s\" %s",
                  STR_ARG(utf8_one_line(d->arena, utf8_repair(d->arena, utf8_cut(said, SHOWN)))),
                  kind);
}

int64_t
take_epoch(int64_t t, struct str said, struct str place, struct diag *d)
{
    if (t > env_now() + DAY_S)
        warn_time(d, place, said, "is in the future, more than a day ahead of the clock: not used");
    else if (t < LIMIT_FIRST_TIME)
        warn_time(d, place, said, "lies before 1990: not used");
    else
        return t;
    return CLOCK_NONE;
}

int64_t
take_time(const struct ingest_context *ctx, struct str s, bool *zone_assumed, struct str place,
          struct diag *d)
{
    struct times_reading r;
    s = str_trim(s);
    if (s.len == 0)
        return CLOCK_NONE;
    if (!times_parse(s, ctx->zone_offset_s, &r)) {
        warn_time(d, place, s, "is not a time: not used");
        return CLOCK_NONE;
    }
    if (r.order_assumed)
        warn_time(d, place, s, "may have its day or its month first: read with the month first");
    *zone_assumed = *zone_assumed || r.zone_assumed;
    return take_epoch(r.t, s, place, d);
}

void
take_settle_times(const struct ingest_context *ctx, struct scan *s, struct diag *d)
{
    assert(ctx && s);
    if (s->end == CLOCK_NONE) {
        s->end = ctx->mtime;
        s->end_assumed = true;
        diag_warn(d, DIAG_WARN_TIME, STR("end"), /* the same words: once a file */
                  "no usable end-time: the time of the file was taken");
    }
    if (s->start == CLOCK_NONE || s->end == CLOCK_NONE || s->start <= s->end)
        return;
    diag_warn(d, DIAG_WARN_TIME, s->policy.id, "the scan starts after its end: start not used");
    s->start = CLOCK_NONE;
}

/* ---- numbers ---- */

bool
take_number(struct str s, double *ret)
{
    char room[64];
    s = str_trim(s);
    if (!s.len || s.len >= sizeof room)
        return false;
    memcpy(room, s.s, s.len);
    for (size_t i = 0, n = 0; i < s.len; i++)
        if (room[i] == ',' && n++ == 0 && !memchr(s.s, '.', s.len))
            room[i] = '.';
    double n;
    bool ok = str_to_double(str_n(room, s.len), &n) && isfinite(n);
    *ret = ok ? n : *ret;
    return ok;
}
