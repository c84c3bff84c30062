/* Any bytes as a backup: no crash, memory only for what is there; what is accepted has a manifest that says what was
 * read. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "job/backup_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
    const uint8_t *at;
    size_t left;
};

static int
get(void *ctx, char *to, size_t n, size_t *ret_n, struct diag *d)
{
    struct input *in = ctx;
    (void)d;
    *ret_n = n < in->left ? n : in->left;
    memcpy(to, in->at, *ret_n);
    in->at += *ret_n;
    in->left -= *ret_n;
    return 0;
}

static int
row(void *ctx, const struct str *values, size_t n, struct diag *d)
{
    int64_t *n_rows = ctx;
    (void)d;
    assert(n > 0 && n <= STORE_MAX_COLUMNS);
    for (size_t i = 0; i < n; i++)
        assert(values[i].s || values[i].len == 0);
    ++*n_rows;
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct input in = {data, size};
    int64_t n_rows = 0, n_said = 0;
    struct backup_sink sink = {.row = row, .ctx = &n_rows};
    struct backup_read r;
    if (backup_read(get, &in, &sink, a, &r, &d) == 0) {
        for (size_t i = 0; i < r.manifest.parts.n; i++)
            n_said += r.manifest.parts.v[i].n_rows;
        assert(n_said == n_rows && r.n_rows == n_rows && r.n_bytes == (int64_t)size && in.left == 0);
    } else {
        assert(d.first.place.len || in.left == 0 || size < 15 || memcmp(data, BACKUP_MAGIC, 15) != 0);
    }
    arena_free(a);
    return 0;
}
