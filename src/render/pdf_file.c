/* Objects -> bytes of a PDF. pdf.c and its parts come before; what leaves here is the file. */
#include "render/pdf_file.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include <zlib.h>

#include "base/mem.h"
#include "base/sha256.h"
#include "base/utf8.h"

enum {
    PACK_OBJECTS = 200,
    PACK_BYTES = 48 * 1024,
    ID_BYTES = 16,
    MAX_TEXT_BYTES = 16000, /* at most 32,000 as UTF-16; a string may have 32,767 */
    LEVEL = 4,              /* of deflate: 6 takes half as long again for some percent */
};

struct pdf_packer {
    z_stream z;
};

int
pdf_file_start(struct pdf_file *f, struct arena *a, struct diag *d)
{
    *f = (struct pdf_file){.arena = a,
                           .out = buf_init(PDF_FILE_MAX),
                           .pack = buf_init(PDF_FILE_MAX),
                           .pack_head = buf_init(PDF_FILE_MAX),
                           .deflated = buf_init(PDF_FILE_MAX)};
    f->packer = mem_alloc(sizeof *f->packer);
    VEC_PUSH(a, &f->places); /* number 0 heads the list of free ones */
    if (deflateInit(&f->packer->z, LEVEL) != Z_OK)
        return diag_fail(d, DIAG_INTERNAL, "zlib cannot start to compress");
    buf_puts(&f->out, "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
    return 0;
}

void
pdf_file_done(struct pdf_file *f)
{
    if (!f->packer)
        return;
    deflateEnd(&f->packer->z);
    free(f->packer);
    f->packer = NULL;
    buf_done(&f->out);
    buf_done(&f->pack);
    buf_done(&f->pack_head);
    buf_done(&f->deflated);
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

static void
place_plain(struct pdf_file *f, uint32_t id)
{
    *take_place(f, id) = (struct pdf_place){.at = f->out.len, .kind = 1};
}

void
pdf_file_plain(struct pdf_file *f, uint32_t id, struct str body)
{
    place_plain(f, id);
    buf_fmt(&f->out, "%u 0 obj\n", (unsigned)id);
    buf_str(&f->out, body);
    buf_puts(&f->out, "\nendobj\n");
}

/* ---- streams ---- */

static void
put_stream(struct pdf_file *f, uint32_t id, const char *entries, struct str bytes)
{
    place_plain(f, id);
    buf_fmt(&f->out, "%u 0 obj\n<</Length %zu%s>>stream\n", (unsigned)id, bytes.len, entries);
    buf_str(&f->out, bytes);
    buf_puts(&f->out, "\nendstream\nendobj\n");
}

/* The bytes deflated; valid until the next call. */
static struct str
deflated(struct pdf_file *f, struct str bytes)
{
    z_stream *z = &f->packer->z;
    int rc = deflateReset(z);
    assert(rc == Z_OK);
    buf_cut(&f->deflated, 0);
    size_t room = deflateBound(z, bytes.len);
    char *p = buf_room(&f->deflated, room);
    if (!p)
        return STR("");
    /* zlib's own types have no const */
    z->next_in = (Bytef *)(uintptr_t)bytes.s;
    z->avail_in = (uInt)bytes.len;
    z->next_out = (Bytef *)p;
    z->avail_out = (uInt)room;
    rc = deflate(z, Z_FINISH);
    assert(rc == Z_STREAM_END); /* deflateBound gave room for all */
    buf_grew(&f->deflated, room - z->avail_out);
    return buf_view(&f->deflated);
}

void
pdf_file_stream(struct pdf_file *f, uint32_t id, const char *entries, struct str bytes)
{
    assert(bytes.len < UINT32_MAX);
    struct str all = arena_fmt(f->arena, "/Filter/FlateDecode%s", entries);
    put_stream(f, id, all.s, deflated(f, bytes));
}

void
pdf_file_open_stream(struct pdf_file *f, uint32_t id, const char *entries, struct str bytes)
{
    put_stream(f, id, entries, bytes);
}

/* ---- object streams ---- */

static void
flush_pack(struct pdf_file *f)
{
    if (f->n_packed == 0)
        return;
    AUTO_BUF entries = buf_init(PDF_FILE_MAX);
    buf_fmt(&entries, "/Filter/FlateDecode/Type/ObjStm/N %u/First %zu", (unsigned)f->n_packed,
            f->pack_head.len);
    buf_str(&f->pack_head, buf_view(&f->pack));
    put_stream(f, f->pack_id, entries.data, deflated(f, buf_view(&f->pack_head)));
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

static void
put_big_endian(struct buf *b, uint64_t v, int bytes)
{
    while (bytes-- > 0)
        buf_putc(b, (char)(v >> (8 * bytes) & 0xff));
}

static void
put_places(const struct pdf_file *f, struct buf *b)
{
    put_big_endian(b, 0, 1 + 5);
    put_big_endian(b, 65535, 2);
    for (size_t i = 1; i < f->places.n; i++) {
        const struct pdf_place *p = &f->places.v[i];
        put_big_endian(b, p->kind, 1);
        put_big_endian(b, p->at, 5);
        put_big_endian(b, p->index, 2);
    }
}

int
pdf_file_finish(struct pdf_file *f, uint32_t root, uint32_t info, struct str *ret, struct diag *d)
{
    flush_pack(f);
    uint32_t id = pdf_file_reserve(f);
    size_t at = f->out.len;
    f->places.v[id] = (struct pdf_place){.at = at, .kind = 1};
    AUTO_BUF table = buf_init(PDF_FILE_MAX);
    AUTO_BUF entries = buf_init(PDF_FILE_MAX);
    put_places(f, &table);
    struct sha256_digest content = sha256_of(buf_view(&f->out));
    buf_fmt(&entries, "/Filter/FlateDecode/Type/XRef/Size %zu/W[1 5 2]/Root %u 0 R/Info %u 0 R/ID[",
            f->places.n, (unsigned)root, (unsigned)info);
    for (int i = 0; i < 2; i++) {
        buf_putc(&entries, '<');
        buf_hex(&entries, content.b, ID_BYTES);
        buf_putc(&entries, '>');
    }
    buf_putc(&entries, ']');
    f->places.v[id].kind = 0;
    put_stream(f, id, entries.data, deflated(f, buf_view(&table)));
    buf_fmt(&f->out, "startxref\n%zu\n%%%%EOF\n", at);
    if (buf_bad(&f->out) || buf_bad(&f->deflated) || buf_bad(&f->pack))
        return diag_fail(d, DIAG_TOO_BIG, "the PDF would be larger than %zu bytes", PDF_FILE_MAX);
    *ret = arena_str(f->arena, buf_view(&f->out));
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
