/* Any bytes as the answer of a parser process: refused, or a file that keeps every promise and that
 * is written as the same bytes again. */
#include <string.h>

#include "base/buf.h"
#include "confine/wire.h"
#include "reader_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
collect(void *self, struct str bytes)
{
    buf_str(self, bytes);
    return 0;
}

static void
check_same(const struct scan_file *f, const struct diag *d, struct str bytes)
{
    AUTO_BUF again = buf_init(1 << 26);
    assert(wire_put_answer(f, d, NULL, collect, &again) == 0);
    if (d->n_dropped == 0 && d->warnings.n == 0)
        assert(str_eq(buf_view(&again), bytes));
}

/* By a reader that keeps lists of checks, twice: they mean the same the second time, and when they
 * are named. */
static void
check_kept(const struct scan_file *f, bool is_good, struct str bytes)
{
    struct catalogues *known = catalogues_new();
    struct catalogue_keys keys;
    for (int round = 0; round < 3; round++) {
        struct arena *a = arena_new();
        struct diag d = diag_init(a), none = diag_init(a);
        struct scan_file g = {0};
        AUTO_BUF named = buf_init(1 << 26);
        catalogues_keys(known, &keys);
        if (round == 2 && is_good)
            assert(wire_put_answer(f, &none, &keys, collect, &named) == 0);
        int rc = wire_get_answer(named.len ? buf_view(&named) : bytes, known, a, &g, &d);
        assert(rc == 0 || !is_good);
        for (size_t i = 0; rc == 0 && i < g.scans.n; i++) {
            reader_fuzz_counts(&g.scans.v[i]);
            assert(!is_good || g.scans.v[i].checks.n == f->scans.v[i].checks.n);
        }
        arena_free(a);
    }
    catalogues_free(known);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct scan_file f = {0};
    struct ingest_context ctx;
    struct catalogue_keys keys;
    struct str bytes = str_n((const char *)data, size);
    int rc = wire_get_answer(bytes, NULL, a, &f, &d);
    assert(rc == 0 ? f.scans.n > 0 : diag_failed(&d));
    for (size_t i = 0; rc == 0 && i < f.scans.n; i++)
        reader_fuzz_counts(&f.scans.v[i]);
    if (rc == 0)
        check_same(&f, &d, bytes);
    check_kept(&f, rc == 0, bytes);
    struct diag other = diag_init(a);
    if (wire_get_request(bytes, a, &ctx, &keys, &other) == 0)
        assert(ctx.path && utf8_valid(ctx.asset_name));
    arena_free(a);
    return 0;
}
