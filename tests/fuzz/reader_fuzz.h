/* Feeds bytes to one reader and holds the scans to what every reader promises. */
#ifndef TESTS_READER_FUZZ_H
#define TESTS_READER_FUZZ_H

#include <assert.h>
#include <stdint.h>

#include "base/env.h"
#include "base/utf8.h"
#include "ingest/category/category.h"
#include "ingest/format.h"

/* The counts are those of the results, and those of the scanner's own words. */
static inline void
reader_fuzz_counts(const struct scan *s)
{
    int64_t sum = 0, native = 0;
    for (int i = 0; i < STATUS__COUNT; i++)
        sum += s->counts[i];
    for (size_t i = 0; i < s->native_counts.n; i++)
        native += s->native_counts.v[i].n;
    for (size_t i = 0; i < s->results.n; i++) {
        assert(s->results.v[i].check < s->checks.n && utf8_valid(s->results.v[i].evidence));
        assert(s->results.v[i].status > STATUS_NONE && s->results.v[i].status < STATUS__COUNT);
    }
    assert(sum == native);
    assert(s->score_only ? s->results.n == 0
                         : sum == (int64_t)s->results.n + s->counts[STATUS_NOTSELECTED]);
    (void)native; /* asserts stay on in every build of ours */
}

static inline void
reader_fuzz_scan(const struct scan *s)
{
    assert(utf8_valid(s->asset.name) && utf8_valid(s->policy.id) && utf8_valid(s->policy.title));
    assert(s->format.len && s->policy.id.len);
    for (size_t i = 0; i < s->checks.n; i++) {
        assert(s->checks.v[i].id.len && utf8_valid(s->checks.v[i].id));
        assert(utf8_valid(s->checks.v[i].title) && utf8_valid(s->checks.v[i].description));
        assert(utf8_valid(s->checks.v[i].section) && s->checks.v[i].category_source.len);
        assert(utf8_valid(s->checks.v[i].category) && utf8_valid(s->checks.v[i].category_source));
        for (size_t k = 0; k < s->checks.v[i].mappings.n; k++)
            assert(s->checks.v[i].mappings.v[k].control.len &&
                   utf8_valid(s->checks.v[i].mappings.v[k].control));
    }
    reader_fuzz_counts(s);
}

static inline void
reader_fuzz(const struct ingest_format *f, const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct scan_file file = {0};
    struct ingest_context ctx = {
        .path = "fuzz", .mtime = 1795291200, .zone_offset_s = 3600, .asset_name = STR("")};
    env_set_now(1795900000);
    struct str bytes = str_n((const char *)data, size);
    struct ingest_reader *r = f->open(&ctx, &file, a, &d);
    assert(r);
    size_t step = 1 + size % 61;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < size; i += step)
        rc = f->push(r, str_n(bytes.s + i, size - i < step ? size - i : step));
    if (rc == 0)
        rc = f->end(r);
    f->close(r);
    if (rc == 0)
        category_settle(a, &file);
    assert(rc == 0 ? file.scans.n > 0 : diag_failed(&d));
    for (size_t i = 0; rc == 0 && i < file.scans.n; i++)
        reader_fuzz_scan(&file.scans.v[i]);
    arena_free(a);
}

#endif
