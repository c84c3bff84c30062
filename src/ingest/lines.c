/* Line splitting below the Lynis and Wazuh readers; above base/buf. */
#include "ingest/lines.h"

#include <assert.h>
#include <string.h>

struct lines
lines_init(size_t max)
{
    return (struct lines){.rest = buf_init(max), .max = max};
}

void
lines_done(struct lines *l)
{
    buf_done(&l->rest);
}

static int
hand_out(struct lines *l, struct str line, lines_fn *fn, void *self)
{
    l->number++;
    assert(line.len <= l->max && !l->rest.bad);
    if (l->number == 1 && str_starts(line, "\xef\xbb\xbf"))
        line = str_n(line.s + 3, line.len - 3);
    if (str_ends(line, "\r"))
        line.len--;
    return fn(self, line);
}

int
lines_push(struct lines *l, struct str chunk, lines_fn *fn, void *self, struct diag *d)
{
    assert(fn);
    while (chunk.len) {
        const char *nl = memchr(chunk.s, '\n', chunk.len);
        size_t n = nl ? (size_t)(nl - chunk.s) : chunk.len;
        struct str piece = str_n(chunk.s, n);
        chunk = str_n(chunk.s + n + (nl != NULL), chunk.len - n - (nl != NULL));
        if (!nl || l->rest.len) {
            buf_str(&l->rest, piece);
            piece = buf_view(&l->rest);
        }
        if (buf_bad(&l->rest) || piece.len > l->max) {
            l->number++;
            return diag_fail(d, DIAG_TOO_BIG, "a line is longer than %zu bytes", l->max);
        }
        if (!nl)
            return 0;
        int rc = hand_out(l, piece, fn, self);
        if (rc != 0)
            return rc;
        buf_cut(&l->rest, 0);
    }
    assert(l->rest.len == 0);
    return 0;
}

int
lines_end(struct lines *l, lines_fn *fn, void *self)
{
    if (l->rest.len == 0)
        return 0;
    l->unfinished = true;
    return hand_out(l, buf_view(&l->rest), fn, self);
}
