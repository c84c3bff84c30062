/* Objects of a PDF, numbered and packed. doc.c and its neighbours come before, out.c after.
 */
#include "render/pdf/file.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "render/pdf/out.h"

enum {
    PACK_OBJECTS = 200,
    PACK_BYTES = 48 * 1024,
    ID_BYTES = 16,
    MAX_TEXT_BYTES = 16000, /* at most 32,000 as UTF-16; a string may have 32,767 */
};

int
pdf_file_start(struct pdf_file *f, struct arena *a, struct diag *d)
{
    *f = (struct pdf_file){
        .arena = a,
        .out = pdf_out_new("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", PDF_FILE_MAX, d),
        .pack = buf_init(PDF_FILE_MAX),
        .pack_head = buf_init(PDF_FILE_MAX),
    };
    VEC_PUSH(a, &f->places); /* number 0 heads the list of free ones */
    return f->out ? 0 : -1;
}

void
pdf_file_done(struct pdf_file *f)
{
    pdf_out_free(f->out);
    f->out = NULL;
    buf_done(&f->pack);
    buf_done(&f->pack_head);
}

uint32_t
pdf_file_reserve(struct pdf_file *f)
{
    uint32_t id = (uint32_t)f->places.n;
    VEC_PUSH(f->arena, &f->places);
    return id;
}

uint32_t
pdf_file_next_id(const struct pdf_file *f)
{
    return (uint32_t)f->places.n;
}

void
pdf_file_set_next_id(struct pdf_file *f, uint32_t next)
{
    assert(next >= f->places.n);
    while (f->places.n < next)
        VEC_PUSH(f->arena, &f->places);
}

bool
pdf_file_has(const struct pdf_file *f, uint32_t id)
{
    return id < f->places.n && f->places.v[id].kind != 0;
}

static struct pdf_place *
take_place(struct pdf_file *f, uint32_t id)
{
    assert(id > 0 && id < f->places.n);
    struct pdf_place *p = &f->places.v[id];
    assert(p->kind == 0); /* written once */
    return p;
}

/* Where it stands is known when it is written: settle_places(). */
static void
put_object(struct pdf_file *f, uint32_t id, enum pdf_out_kind kind, struct str entries,
           struct str bytes)
{
    take_place(f, id)->kind = 1;
    pdf_out_put(f->out, id, kind, entries, bytes);
}

void
pdf_file_plain(struct pdf_file *f, uint32_t id, struct str body)
{
    put_object(f, id, PDF_OUT_PLAIN, STR(""), body);
}

void
pdf_file_stream(struct pdf_file *f, uint32_t id, const char *entries, struct str bytes)
{
    put_object(f, id, PDF_OUT_DEFLATED, str_c(entries), bytes);
}

void
pdf_file_open_stream(struct pdf_file *f, uint32_t id, const char *entries, struct str bytes)
{
    put_object(f, id, PDF_OUT_STREAM, str_c(entries), bytes);
}

/* ---- object streams ---- */

static void
flush_pack(struct pdf_file *f)
{
    if (f->n_packed == 0)
        return;
    AUTO_BUF entries = buf_init(PDF_FILE_MAX);
    buf_fmt(&entries, "/Type/ObjStm/N %u/First %zu", (unsigned)f->n_packed, f->pack_head.len);
    buf_str(&f->pack_head, buf_view(&f->pack));
    put_object(f, f->pack_id, PDF_OUT_DEFLATED, buf_view(&entries), buf_view(&f->pack_head));
    buf_cut(&f->pack, 0);
    buf_cut(&f->pack_head, 0);
    f->n_packed = 0;
}

void
pdf_file_object(struct pdf_file *f, uint32_t id, struct str body)
{
    if (f->n_packed == 0)
        f->pack_id = pdf_file_reserve(f);
    *take_place(f, id) = (struct pdf_place){.at = f->pack_id, .index = f->n_packed++, .kind = 2};
    buf_num(&f->pack_head, id);
    buf_putc(&f->pack_head, ' ');
    buf_num(&f->pack_head, f->pack.len);
    buf_putc(&f->pack_head, ' ');
    buf_str(&f->pack, body);
    buf_putc(&f->pack, '\n');
    if (f->n_packed == PACK_OBJECTS || f->pack.len > PACK_BYTES)
        flush_pack(f);
}

/* ---- end ---- */

enum { AT_BYTES = 5, INDEX_BYTES = 2, PLACE_BYTES = 1 + AT_BYTES + INDEX_BYTES };

/* A row of the table: what it adds to the row above, byte by byte (PNG's filter "up"). Neighbours
 * differ in few bytes, so that next to nothing is left to compress. */
static void
put_place(struct buf *b, const struct pdf_place *p, unsigned char above[PLACE_BYTES])
{
    enum { UP = 2 };
    unsigned char row[PLACE_BYTES] = {(unsigned char)p->kind};
    for (int i = 0; i < AT_BYTES; i++)
        row[1 + i] = p->at >> (8 * (AT_BYTES - 1 - i)) & 0xff;
    for (int i = 0; i < INDEX_BYTES; i++)
        row[1 + AT_BYTES + i] = p->index >> (8 * (INDEX_BYTES - 1 - i)) & 0xff;
    buf_putc(b, UP);
    for (int i = 0; i < PLACE_BYTES; i++) {
        buf_putc(b, (char)(row[i] - above[i]));
        above[i] = row[i];
    }
}

static void
settle_places(struct pdf_file *f)
{
    size_t n = 0;
    const struct pdf_out_place *written = pdf_out_places(f->out, &n);
    for (size_t i = 0; i < n; i++) {
        assert(f->places.v[written[i].id].kind == 1);
        f->places.v[written[i].id].at = written[i].at;
    }
}

/* The xref stream, which lists itself. */
static void
put_xref(struct pdf_file *f, size_t at, uint32_t root, uint32_t info)
{
    uint32_t id = pdf_file_reserve(f);
    AUTO_BUF table = buf_init(PDF_FILE_MAX);
    AUTO_BUF entries = buf_init(PDF_FILE_MAX);
    struct sha256_digest content = pdf_out_hash(f->out);
    f->places.v[id] = (struct pdf_place){.at = at, .kind = 1};
    const struct pdf_place head = {.index = 65535}; /* of the list of free ones */
    unsigned char above[PLACE_BYTES] = {0};
    put_place(&table, &head, above);
    for (size_t i = 1; i < f->places.n; i++)
        put_place(&table, &f->places.v[i], above);
    buf_fmt(&entries,
            "/DecodeParms<</Predictor 12/Columns %d>>/Type/XRef/Size %zu/W[1 %d %d]/Root %u 0 "
            "R/Info %u 0 R/ID[",
            PLACE_BYTES, f->places.n, AT_BYTES, INDEX_BYTES, (unsigned)root, (unsigned)info);
    for (int i = 0; i < 2; i++) {
        buf_putc(&entries, '<');
        buf_hex(&entries, content.b, ID_BYTES);
        buf_putc(&entries, '>');
    }
    buf_putc(&entries, ']');
    pdf_out_put(f->out, id, PDF_OUT_DEFLATED, buf_view(&entries), buf_view(&table));
}

int
pdf_file_finish(struct pdf_file *f, uint32_t root, uint32_t info, struct str *ret, struct diag *d)
{
    flush_pack(f);
    pdf_out_wait(f->out);
    settle_places(f);
    struct buf *out = pdf_out_bytes(f->out);
    size_t at = out->len;
    put_xref(f, at, root, info);
    buf_fmt(out, "startxref\n%zu\n%%%%EOF\n", at);
    if (pdf_out_bad(f->out) || buf_bad(&f->pack) || buf_bad(&f->pack_head))
        return diag_fail(d, DIAG_TOO_BIG, "the PDF would be larger than %zu bytes", PDF_FILE_MAX);
    *ret = buf_view(out);
    return 0;
}

/* ---- pieces of objects ---- */

void
pdf_file_put_ref(struct buf *b, uint32_t id)
{
    buf_num(b, id);
    buf_puts(b, " 0 R");
}

void
pdf_file_put_num(struct buf *b, double v)
{
    char text[24];
    size_t n = sizeof text;
    assert(isfinite(v) && fabs(v) < 1e9);
    long long thousandths = llround(v * 1000);
    unsigned long long u = (unsigned long long)llabs(thousandths);
    int decimals = u % 10 ? 3 : u % 100 ? 2 : u % 1000 ? 1 : 0;
    for (int i = 3; i > decimals; i--)
        u /= 10;
    for (int i = 0; i < decimals; i++, u /= 10)
        text[--n] = (char)('0' + u % 10);
    if (decimals)
        text[--n] = '.';
    if (u || !decimals)
        do
            text[--n] = (char)('0' + u % 10);
        while (u /= 10);
    if (thousandths < 0)
        text[--n] = '-';
    buf_add(b, text + n, sizeof text - n);
}

void
pdf_file_put_utf16(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.len;) {
        uint32_t cp = 0xfffd;
        int n = utf8_next(s.s + i, s.len - i, &cp);
        i += n > 0 ? (size_t)n : 1;
        if (cp >= 0x10000)
            buf_fmt(b, "%04X%04X", 0xd800 + ((unsigned)cp - 0x10000) / 0x400,
                    0xdc00 + ((unsigned)cp - 0x10000) % 0x400);
        else
            buf_fmt(b, "%04X", (unsigned)cp);
    }
}

void
pdf_file_put_text(struct buf *b, struct str s)
{
    struct str most = utf8_cut(s, MAX_TEXT_BYTES);
    buf_puts(b, "<FEFF");
    pdf_file_put_utf16(b, most);
    buf_puts(b, most.len < s.len ? "2026>" : ">"); /* "…": the page itself has all of it */
}
