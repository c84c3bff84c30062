/* Unpacking streams: deflate, then the predictors; pdf_file.c hands the raw bytes in. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "base/buf.h"
#include "sign/pdf_file.h"

enum { CHUNK = 65536, MAX_COLUMNS = 1 << 16, TIFF_PREDICTOR = 2, PNG_PREDICTORS = 10 };

static int
run_inflate(z_stream *z, struct buf *out)
{
    int rc = Z_OK;
    while (rc == Z_OK && !buf_bad(out)) {
        size_t room = out->max - out->len < CHUNK ? out->max - out->len : CHUNK;
        char *to = room ? buf_room(out, room) : NULL;
        if (!to)
            return Z_BUF_ERROR;
        z->next_out = (unsigned char *)to;
        z->avail_out = (unsigned)room;
        rc = inflate(z, Z_NO_FLUSH);
        buf_grew(out, room - z->avail_out);
    }
    return rc;
}

static int
inflate_all(struct str raw, struct buf *out, struct diag *d)
{
    z_stream z = {0};
    if (raw.len > UINT32_MAX || inflateInit(&z) != Z_OK)
        return diag_fail(d, DIAG_TOO_BIG, "PDF: a stream is too large");
    z.next_in = (unsigned char *)(uintptr_t)raw.s;
    z.avail_in = (unsigned)raw.len;
    int rc = run_inflate(&z, out);
    inflateEnd(&z);
    if (rc == Z_STREAM_END)
        return 0;
    if (out->len == out->max)
        return diag_fail(d, DIAG_TOO_BIG, "PDF: streams unpack to more than is allowed");
    return diag_fail(d, DIAG_BAD_DATA, "PDF: a stream breaks RFC 1950 (deflate)");
}

struct raster {
    int64_t predictor, columns, colors, bits;
    size_t pixel, row; /* bytes */
};

static unsigned char
paeth(int left, int up, int corner)
{
    int p = left + up - corner, dl = abs(p - left), du = abs(p - up), dc = abs(p - corner);
    return (unsigned char)(dl <= du && dl <= dc ? left : du <= dc ? up : corner);
}

/* One PNG row in place: row[-1] is the filter's byte, above the finished row before it. */
static bool
undo_png_row(unsigned char *row, const unsigned char *above, const struct raster *r)
{
    assert(r->pixel > 0);
    for (size_t i = 0; i < r->row; i++) {
        int left = i >= r->pixel ? row[i - r->pixel] : 0, up = above ? above[i] : 0;
        int corner = above && i >= r->pixel ? above[i - r->pixel] : 0;
        switch (row[-1]) {
        case 0:
            return true;
        case 1:
            row[i] = (unsigned char)(row[i] + left);
            break;
        case 2:
            row[i] = (unsigned char)(row[i] + up);
            break;
        case 3:
            row[i] = (unsigned char)(row[i] + (left + up) / 2);
            break;
        case 4:
            row[i] = (unsigned char)(row[i] + paeth(left, up, corner));
            break;
        default:
            return false;
        }
    }
    return true;
}

static int
undo_png(struct buf *b, const struct raster *r, struct diag *d)
{
    unsigned char *p = (unsigned char *)b->data, *above = NULL;
    assert(r->row > 0 && r->pixel <= r->row);
    size_t step = r->row + 1, rows = b->len / step;
    if (b->len % step)
        return diag_fail(d, DIAG_BAD_DATA, "PDF: a stream with predictor ends within a row");
    for (size_t i = 0; i < rows; i++) {
        if (!undo_png_row(p + i * step + 1, above, r))
            return diag_fail(d, DIAG_BAD_DATA, "PDF: a row has an unknown PNG filter");
        above = p + i * step + 1;
    }
    for (size_t i = 0; i < rows; i++) /* the filters' bytes go */
        memmove(p + i * r->row, p + i * step + 1, r->row);
    buf_cut(b, rows * r->row);
    return 0;
}

static int64_t
number_or(struct str dict, const char *key, int64_t otherwise)
{
    struct str v = pdf_get(dict, key);
    int64_t n = -1;
    if (!v.len)
        return otherwise;
    return pdf_is_int(v, &n) ? n : -1;
}

static int
undo_predictor(struct buf *b, struct str parms, struct diag *d)
{
    struct raster r = {.predictor = number_or(parms, "Predictor", 1),
                       .columns = number_or(parms, "Columns", 1),
                       .colors = number_or(parms, "Colors", 1),
                       .bits = number_or(parms, "BitsPerComponent", 8)};
    if (r.predictor == 1)
        return 0;
    bool is_png = r.predictor >= PNG_PREDICTORS && r.predictor <= 15;
    if ((!is_png && r.predictor != TIFF_PREDICTOR) || r.columns < 1 || r.columns > MAX_COLUMNS ||
        r.colors < 1 || r.colors > 32 || r.bits != 8)
        return diag_fail(d, DIAG_BAD_DATA, "PDF: a stream has /DecodeParms that are not read here");
    r.pixel = (size_t)r.colors;
    r.row = (size_t)(r.columns * r.colors);
    if (is_png)
        return undo_png(b, &r, d);
    unsigned char *p = (unsigned char *)b->data;
    assert(r.row > 0 && r.pixel <= r.row);
    for (size_t i = 0; i < b->len; i++)
        if (i % r.row >= r.pixel)
            p[i] = (unsigned char)(p[i] + p[i - r.pixel]);
    return 0;
}

/* The value itself, or the only element of an array. */
static struct str
only(struct str value)
{
    struct str one = value, more;
    struct pdf_members m = pdf_walk(value);
    if (value.len && value.s[0] == '[' &&
        (!pdf_next_element(&m, &one) || pdf_next_element(&m, &more)))
        return STR("[");
    return one;
}

int
pdf_decode(struct str dict, struct str raw, struct arena *a, size_t *budget, struct str *ret,
           struct diag *d)
{
    struct str filter = only(pdf_get(dict, "Filter"));
    AUTO_BUF b = buf_init(*budget);
    if (!filter.len) {
        *ret = raw;
        return 0;
    }
    if (!pdf_is_name(filter, "FlateDecode"))
        return diag_fail(d, DIAG_BAD_DATA,
                         "PDF: a stream has the filter %.*s, which is not read here",
                         (int)(filter.len > 40 ? 40 : filter.len), filter.s);
    if (inflate_all(raw, &b, d) != 0 ||
        undo_predictor(&b, only(pdf_get(dict, "DecodeParms")), d) != 0)
        return -1;
    assert(b.len <= *budget);
    *budget -= b.len;
    *ret = arena_str(a, buf_view(&b));
    return 0;
}
