/* Keeping what hosts write; used by the Lynis, Wazuh and Pandora readers for every value. */
#include "ingest/take.h"

#include <assert.h>

#include "base/env.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "ingest/limits.h"

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

static bool
is_possible(int64_t t)
{
    return t >= 0 && t <= env_now() + DAY_S;
}

int64_t
take_epoch(int64_t t, struct str place, struct diag *d)
{
    if (is_possible(t))
        return t;
    diag_warn(d, DIAG_WARN_TIME, place, "the time %lld is in the future or before 1970: not used",
              (long long)t);
    return CLOCK_NONE;
}

int64_t
take_time(const struct ingest_context *ctx, struct str s, bool *zone_assumed, struct str place,
          struct diag *d)
{
    struct clock_time t;
    s = str_trim(s);
    if (s.len == 0)
        return CLOCK_NONE;
    bool is_time = clock_parse(s, ctx->zone_offset_s, &t);
    if (!is_time || !is_possible(t.t)) {
        struct str word = utf8_one_line(d->arena, utf8_cut(s, 64));
        diag_warn(d, DIAG_WARN_TIME, place, "\"%.*s\" is %s: not used", STR_ARG(word),
                  is_time ? "in the future or before 1970" : "not a time");
        return CLOCK_NONE;
    }
    if (t.zone_assumed)
        *zone_assumed = true;
    return t.t;
}

void
take_settle_times(const struct ingest_context *ctx, struct scan *s, struct diag *d)
{
    assert(ctx && s);
    if (s->end == CLOCK_NONE) {
        s->end = ctx->mtime;
        s->end_assumed = true;
    }
    if (s->start == CLOCK_NONE || s->end == CLOCK_NONE || s->start <= s->end)
        return;
    diag_warn(d, DIAG_WARN_TIME, s->policy.id, "the scan starts after its end: start not used");
    s->start = CLOCK_NONE;
}
