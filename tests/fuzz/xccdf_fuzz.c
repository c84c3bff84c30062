/* Any bytes through the XCCDF and ARF reader: no crash, and counts that add up. */
#include <assert.h>
#include <stdint.h>

#include "base/env.h"
#include "base/utf8.h"
#include "ingest/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_scan(const struct scan *s)
{
    int64_t sum = 0;
    assert(utf8_valid(s->asset.name) && utf8_valid(s->policy.title));
    for (int i = 0; i < STATUS__COUNT; i++)
        sum += s->counts[i];
    assert(sum == (int64_t)s->results.n + s->counts[STATUS_NOTSELECTED]);
    for (size_t i = 0; i < s->results.n; i++)
        assert(s->results.v[i].check < s->checks.n && utf8_valid(s->results.v[i].evidence));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct scan_file file = {0};
    struct ingest_context ctx = {.path = "fuzz", .mtime = 1795291200, .asset_name = STR("")};
    env_set_now(1795900000);
    struct ingest_reader *r = xccdf_format.open(&ctx, &file, a, &d);
    struct str bytes = str_n((const char *)data, size);
    size_t step = 1 + size % 61;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < size; i += step)
        rc = xccdf_format.push(r, str_n(bytes.s + i, size - i < step ? size - i : step));
    if (rc == 0)
        rc = xccdf_format.end(r);
    xccdf_format.close(r);
    assert(rc == 0 ? file.scans.n > 0 : diag_failed(&d));
    for (size_t i = 0; rc == 0 && i < file.scans.n; i++)
        check_scan(&file.scans.v[i]);
    arena_free(a);
    return 0;
}
