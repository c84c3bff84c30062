/* Any bytes through the whole room: unpacking, detection, whatever reader bids. */
#include <assert.h>
#include <stdint.h>

#include "base/env.h"
#include "ingest/ingest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct scan_file file = {0};
    struct ingest_context ctx = {.path = "fuzz", .mtime = 1795291200, .asset_name = STR("")};
    env_set_now(1795900000);
    int rc = ingest_bytes(&ctx, str_n((const char *)data, size), a, &file, &d);
    assert(rc == 0 ? file.scans.n > 0 : diag_failed(&d) && diag_text(&d).len > 0);
    arena_free(a);
    return 0;
}
