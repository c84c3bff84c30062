/* Scans in the making; above take.c, below the readers of checklists and of JSON results. */
#include "ingest/build.h"

#include <assert.h>
#include <ctype.h>

#include "base/map.h"
#include "base/utf8.h"
#include "ingest/identity.h"
#include "ingest/limits.h"
#include "ingest/take.h"

enum { MAX_WORD = 64 };

void
build_begin(struct build *b, const char *format, const struct ingest_context *ctx, struct arena *a,
            struct diag *d)
{
    const struct str none = STR("");
    *b = (struct build){.index = map_new(a), .ctx = ctx, .a = a, .d = d};
    b->scan = (struct scan){.format = str_c(format),
                            .asset = {.name = none, .alias = none, .os = none, .group = none},
                            .policy = {none, none, none, none},
                            .engine = none,
                            .start = CLOCK_NONE,
                            .end = CLOCK_NONE};
}

long
build_check(struct build *b, struct str id, bool *ret_is_new)
{
    assert(id.len);
    id = take_id(b->a, id, b->d);
    long at = map_get_index(b->index, id);
    *ret_is_new = at < 0;
    if (at >= 0)
        return at;
    if (b->scan.checks.n >= LIMIT_CHECKS)
        return diag_fail(b->d, DIAG_TOO_BIG, "more than %d checks in one scan", LIMIT_CHECKS);
    struct scan_check *c = VEC_PUSH(b->a, &b->scan.checks);
    *c = scan_check_new(id);
    *VEC_PUSH(b->a, &b->n_results) = 0;
    map_put_index(b->index, id, b->scan.checks.n - 1);
    return (long)b->scan.checks.n - 1;
}

struct scan_check *
build_at(struct build *b, long check)
{
    assert(check >= 0 && (size_t)check < b->scan.checks.n);
    return &b->scan.checks.v[check];
}

int
build_result(struct build *b, long check, struct scan_result r)
{
    assert(check >= 0 && (size_t)check < b->scan.checks.n && r.status != STATUS_NONE);
    if (b->scan.results.n >= LIMIT_RESULTS)
        return diag_fail(b->d, DIAG_TOO_BIG, "more than %d results in one scan", LIMIT_RESULTS);
    r.check = (size_t)check;
    r.ordinal = b->n_results.v[check]++;
    if (!r.native.len)
        r.native = STR("(empty)");
    if (!r.evidence.s)
        r.evidence = STR("");
    if (!r.waiver.s)
        r.waiver = STR("");
    scan_add_result(b->a, &b->scan, r);
    return 0;
}

void
build_leave_out(struct build *b, struct str place, const char *why)
{
    b->scan.partial = true;
    diag_warn(b->d, DIAG_WARN_PARTIAL, place, "%s: left out", why);
}

int
build_end(struct build *b, struct scan_file *file)
{
    struct scan *s = &b->scan;
    if (file->scans.n >= LIMIT_SCANS)
        return diag_fail(b->d, DIAG_TOO_BIG, "more than %d scans in one file", LIMIT_SCANS);
    for (size_t i = 0; i < s->checks.n; i++) {
        struct scan_check *c = &s->checks.v[i];
        if (!c->title.len)
            c->title = c->id;
    }
    if (!s->policy.title.len)
        s->policy.title = s->policy.id;
    if (!s->asset.name.len)
        identity_take(b->ctx, &s->asset, NULL, 0, b->a, b->d);
    if (!s->asset.alias.len)
        s->asset.alias = s->asset.name;
    take_settle_times(b->ctx, s, b->d);
    *VEC_PUSH(b->a, &file->scans) = *s;
    return take_check_ids(s, b->d);
}

/* The entry of a word, or the one that ends the table. */
static const struct build_word *
find_word(const struct build_word *words, struct str word)
{
    char room[MAX_WORD];
    size_t n = 0;
    for (size_t i = 0; i < word.len && n < MAX_WORD; i++)
        if (word.s[i] != ' ' && word.s[i] != '_' && word.s[i] != '-')
            room[n++] = (char)tolower((unsigned char)word.s[i]);
    struct str folded = str_n(room, n);
    while (words->word && !str_eqc(folded, words->word))
        words++;
    return words;
}

enum status
build_find_word(const struct build_word *words, struct str word)
{
    const struct build_word *w = find_word(words, word);
    return w->word ? w->status : STATUS_UNKNOWN;
}

enum status
build_status(const struct build *b, const struct build_word *words, struct str word,
             struct str place)
{
    const struct build_word *w = find_word(words, word);
    if (w->word)
        return w->status;
    diag_warn(b->d, DIAG_WARN_DATA, place, "status \"%.*s\" is not known: counted as unknown",
              STR_ARG(utf8_one_line(b->d->arena, utf8_cut(word, MAX_WORD))));
    return STATUS_UNKNOWN;
}
