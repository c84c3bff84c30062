/* Sealing a PDF: an incremental update (ISO 32000-1 §7.5.6) that rewrites the empty signature field
 * and adds the signature dictionary, then PAdES B-B over everything but its own bytes. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "sign/inner.h"
#include "sign/pdf.h"

enum { CMS_ROOM = 8192 /* bytes of DER kept free */ };

struct update {
    struct pdf_tail tail;
    struct pdf_object field;
    int64_t sig_number;                     /* object number of the signature dictionary */
    size_t field_at, sig_at, xref_at;       /* offsets in the new file */
    size_t range_at, hole_from, hole_to;    /* of the placeholders */
};

static void
put_field(struct buf *out, struct update *u)
{
    struct str dict = u->field.dict;
    u->field_at = out->len;
    buf_fmt(out, "%lld %lld obj\n", (long long)u->field.number, (long long)u->field.generation);
    buf_add(out, dict.s, dict.len - 2);
    buf_fmt(out, "/V %lld 0 R>>\nendobj\n", (long long)u->sig_number);
}

/* /Contents and /ByteRange are filled when all offsets are known; their room is fixed. */
static void
put_signature(struct buf *out, struct update *u, int64_t at)
{
    struct clock_civil c = clock_civil(at);
    u->sig_at = out->len;
    buf_fmt(out, "%lld 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached",
            (long long)u->sig_number);
    buf_fmt(out, "/M(D:%04d%02d%02d%02d%02d%02dZ)", c.year, c.month, c.day, c.hour, c.minute, c.second);
    buf_puts(out, "/ByteRange ");
    u->range_at = out->len;
    buf_fmt(out, "%-48s", "[0 0 0 0]");
    buf_puts(out, "/Contents ");
    u->hole_from = out->len;
    buf_putc(out, '<');
    for (int i = 0; i < CMS_ROOM; i++)
        buf_puts(out, "00");
    buf_putc(out, '>');
    u->hole_to = out->len;
    buf_puts(out, ">>\nendobj\n");
}

static void
put_trailer_members(struct buf *out, const struct update *u, int64_t size)
{
    buf_fmt(out, "/Size %lld/Root %.*s", (long long)size, STR_ARG(u->tail.root));
    if (u->tail.info.len)
        buf_fmt(out, "/Info %.*s", STR_ARG(u->tail.info));
    if (u->tail.id.len)
        buf_fmt(out, "/ID %.*s", STR_ARG(u->tail.id));
    buf_fmt(out, "/Prev %zu", u->tail.startxref);
}

static void
put_table(struct buf *out, const struct update *u)
{
    buf_puts(out, "xref\n");
    buf_fmt(out, "%lld 1\n%010zu %05lld n \n", (long long)u->field.number, u->field_at,
            (long long)u->field.generation);
    buf_fmt(out, "%lld 1\n%010zu 00000 n \n", (long long)u->sig_number, u->sig_at);
    buf_puts(out, "trailer\n<<");
    put_trailer_members(out, u, u->sig_number + 1);
    buf_puts(out, ">>\n");
}

static void
put_entry(struct buf *out, size_t offset, int64_t generation)
{
    const char row[7] = {1,
                         (char)(offset >> 24),
                         (char)(offset >> 16),
                         (char)(offset >> 8),
                         (char)offset,
                         (char)(generation >> 8),
                         (char)generation};
    buf_add(out, row, sizeof row);
}

/* A file with cross-reference streams gets another one (§7.5.8), which lists itself too. */
static void
put_stream(struct buf *out, const struct update *u)
{
    int64_t number = u->sig_number + 1;
    buf_fmt(out, "%lld 0 obj\n<</Type/XRef/W[1 4 2]/Index[%lld 1 %lld 2]/Length 21", (long long)number,
            (long long)u->field.number, (long long)u->sig_number);
    put_trailer_members(out, u, number + 1);
    buf_puts(out, ">>\nstream\n");
    put_entry(out, u->field_at, u->field.generation);
    put_entry(out, u->sig_at, 0);
    put_entry(out, u->xref_at, 0);
    buf_puts(out, "\nendstream\nendobj\n");
}

static void
put_update(struct buf *out, struct update *u, int64_t at)
{
    if (out->len && out->data[out->len - 1] != '\n')
        buf_putc(out, '\n');
    put_field(out, u);
    put_signature(out, u, at);
    u->xref_at = out->len;
    if (u->tail.is_stream)
        put_stream(out, u);
    else
        put_table(out, u);
    buf_fmt(out, "startxref\n%zu\n%%%%EOF\n", u->xref_at);
}

static void
fill_range(struct buf *out, const struct update *u)
{
    char text[64];
    int n = snprintf(text, sizeof text, "[0 %zu %zu %zu]", u->hole_from, u->hole_to,
                     out->len - u->hole_to);
    assert(n > 0 && n <= 48);
    memcpy(out->data + u->range_at, text, (size_t)n);
}

static int
fill_contents(struct buf *out, const struct update *u, const struct sign_signer *s,
              struct diag *d)
{
    struct str cms;
    struct sha256 *h = sha256_new();
    sha256_add(h, out->data, u->hole_from);
    sha256_add(h, out->data + u->hole_to, out->len - u->hole_to);
    struct sha256_digest digest = sha256_final(h);
    if (sign_cms_digest(s, &digest, false, d->arena, &cms, d) != 0)
        return -1;
    if (cms.len > CMS_ROOM)
        return diag_fail(d, DIAG_TOO_BIG, "the signature has %zu bytes, %d are free: leave out the "
                                          "certificate chain",
                         cms.len, CMS_ROOM);
    AUTO_BUF hex = buf_init(2 * CMS_ROOM);
    buf_hex(&hex, cms.s, cms.len);
    memcpy(out->data + u->hole_from + 1, hex.data, hex.len);
    return 0;
}

int
sign_pdf(const struct sign_signer *s, struct str pdf, const char *field, int64_t at,
         struct arena *a, struct str *ret, struct diag *d)
{
    struct update u = {0};
    if (pdf_tail_read(pdf, &u.tail, d) != 0 || pdf_find_field(pdf, field, &u.field, d) != 0)
        return -1;
    if (pdf_dict_get(u.field.dict, "V").len)
        return diag_fail(d, DIAG_BAD_DATA, "PDF: the field \"%s\" is signed already", field);
    u.sig_number = u.tail.size;
    AUTO_BUF out = buf_init(pdf.len + 4 * CMS_ROOM + 65536);
    buf_str(&out, pdf);
    put_update(&out, &u, at);
    if (buf_bad(&out))
        return diag_fail(d, DIAG_TOO_BIG, "PDF: the update does not fit");
    fill_range(&out, &u);
    if (fill_contents(&out, &u, s, d) != 0)
        return -1;
    *ret = arena_str(a, buf_view(&out));
    return 0;
}
