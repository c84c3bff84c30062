/* Tiles of the audit log's tree: a cache. */
#include <string.h>

#include "store/bulk.h"
#include "store/stmt.h"
#include "store/store.h"

int
store_load_tile(struct store *st, int level, int64_t at, struct sha256_digest ret[STORE_TILE],
                size_t *ret_n, struct diag *d)
{
    struct stmt *s = stmt_get(st, "tile_load", d);
    *ret_n = 0;
    if (!s)
        return -1;
    stmt_int(s, level);
    stmt_int(s, at);
    if (stmt_run(s, d) != 0)
        return -1;
    int rc = stmt_next(s, d);
    if (rc != 1)
        return rc;
    int64_t width = stmt_col_int(s, 0);
    struct str bytes = stmt_col_str(s, 1, d->arena);
    if (width < 1 || width > STORE_TILE || bytes.len != (size_t)width * SHA256_SIZE)
        return 0; /* no tile of ours */
    memcpy(ret, bytes.s, bytes.len);
    *ret_n = (size_t)width;
    return 0;
}

int
store_put_tiles(struct store *st, const struct store_tile *t, size_t n, struct diag *d)
{
    struct bulk b = bulk_begin(st, "bulk_tile");
    for (size_t i = 0; i < n && !diag_failed(d); i++) {
        bulk_row(&b);
        bulk_int(&b, t[i].level);
        bulk_int(&b, t[i].at);
        bulk_int(&b, (int64_t)t[i].n);
        bulk_bytes(&b, t[i].hashes, t[i].n * SHA256_SIZE);
        bulk_row_end(&b, d);
    }
    return bulk_end(&b, d);
}
