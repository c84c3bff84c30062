/* Sealing a PDF: an incremental update (ISO 32000-1 §7.5.6) that rewrites the empty signature field
 * and adds the signature dictionary, then PAdES B-B over everything but its own bytes. pdf_form.c
 * finds the field, cms.c makes the signature. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "sign/inner.h"
#include "sign/pdf_form.h"

enum { CMS_ROOM = 8192 /* bytes of DER kept free */, RANGE_ROOM = 48, UPDATE_ROOM = 65536 };

struct update {
    struct pdf_file file;
    struct pdf_field field;
    int64_t sig_number;                  /* object number of the signature dictionary */
    size_t field_at, sig_at, xref_at;    /* offsets in the new file */
    size_t range_at, hole_from, hole_to; /* of the placeholders */
};

/* The field's dictionary as it was, an explicit "/V null" left out, and /V. */
static void
put_field(struct buf *out, struct update *u)
{
    struct str key, value;
    struct pdf_members m = pdf_walk(u->field.object.value);
    u->field_at = out->len;
    buf_fmt(out, "%lld %lld obj\n<<", (long long)u->field.object.number,
            (long long)u->field.object.generation);
    while (pdf_next_member(&m, &key, &value)) {
        if (pdf_is_name(key, "V"))
            continue;
        buf_str(out, key);
        buf_putc(out, ' ');
        buf_str(out, value);
    }
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
    buf_fmt(out, "/M(D:%04d%02d%02d%02d%02d%02dZ)", c.year, c.month, c.day, c.hour, c.minute,
            c.second);
    buf_puts(out, "/ByteRange ");
    u->range_at = out->len;
    buf_fmt(out, "%-*s", RANGE_ROOM, "[0 0 0 0]");
    buf_puts(out, "/Contents ");
    u->hole_from = out->len;
    buf_putc(out, '<');
    for (int i = 0; i < CMS_ROOM; i++)
        buf_puts(out, "00");
    buf_putc(out, '>');
    u->hole_to = out->len;
    buf_puts(out, ">>\nendobj\n");
}

/* §14.4: the first half of /ID stays, the second changes with every update. */
static void
put_id(struct buf *out, const struct update *u, int64_t at)
{
    struct str id = pdf_get(u->file.trailer, "ID"), first;
    struct pdf_members m = pdf_walk(id);
    if (!pdf_next_element(&m, &first))
        return;
    struct sha256 *h = sha256_new();
    sha256_add_field(h, id);
    sha256_add(h, &u->xref_at, sizeof u->xref_at);
    sha256_add(h, &at, sizeof at);
    struct sha256_digest digest = sha256_final(h);
    buf_fmt(out, "/ID[%.*s<", STR_ARG(first));
    buf_hex(out, digest.b, 16);
    buf_puts(out, ">]");
}

static void
put_trailer_members(struct buf *out, const struct update *u, int64_t size, int64_t at)
{
    struct str root = pdf_get(u->file.trailer, "Root"), info = pdf_get(u->file.trailer, "Info");
    buf_fmt(out, "/Size %lld/Root %.*s", (long long)size, STR_ARG(root));
    if (info.len)
        buf_fmt(out, "/Info %.*s", STR_ARG(info));
    put_id(out, u, at);
    buf_fmt(out, "/Prev %zu", u->file.startxref);
}

static void
put_row(struct buf *out, size_t offset, int64_t generation)
{
    assert(offset <= UINT32_MAX && generation <= 65535);
    for (int shift = 32; shift >= 0; shift -= 8) /* the type, 1, stands above four bytes */
        buf_putc(out, (char)((UINT64_C(1) << 32 | offset) >> shift));
    buf_putc(out, (char)(generation >> 8));
    buf_putc(out, (char)generation);
}

/* A file with cross-reference streams gets another one (§7.5.8), which lists itself too. */
static void
put_stream(struct buf *out, const struct update *u, int64_t at)
{
    int64_t number = u->sig_number + 1;
    buf_fmt(out, "%lld 0 obj\n<</Type/XRef/W[1 4 2]/Index[%lld 1 %lld 2]/Length 21",
            (long long)number, (long long)u->field.object.number, (long long)u->sig_number);
    put_trailer_members(out, u, number + 1, at);
    buf_puts(out, ">>\nstream\n");
    put_row(out, u->field_at, u->field.object.generation);
    put_row(out, u->sig_at, 0);
    put_row(out, u->xref_at, 0);
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
    if (u->file.is_stream) {
        put_stream(out, u, at);
    } else {
        buf_puts(out, "xref\n");
        buf_fmt(out, "%lld 1\n%010zu %05lld n \n", (long long)u->field.object.number, u->field_at,
                (long long)u->field.object.generation);
        buf_fmt(out, "%lld 1\n%010zu 00000 n \n", (long long)u->sig_number, u->sig_at);
        buf_puts(out, "trailer\n<<");
        put_trailer_members(out, u, u->sig_number + 1, at);
        buf_puts(out, ">>\n");
    }
    buf_fmt(out, "startxref\n%zu\n%%%%EOF\n", u->xref_at);
}

/* The hole is /Contents with its brackets, and nothing else. */
static void
fill_range(struct buf *out, const struct update *u)
{
    char text[RANGE_ROOM + 1];
    assert(u->field_at < u->sig_at && u->sig_at < u->hole_from && u->hole_to < u->xref_at);
    int n = snprintf(text, sizeof text, "[0 %zu %zu %zu]", u->hole_from, u->hole_to,
                     out->len - u->hole_to);
    assert(n > 0 && n <= RANGE_ROOM);
    memcpy(out->data + u->range_at, text, (size_t)n);
}

/* Last: the digest is over everything else, /ByteRange as well. */
static int
fill_contents(struct buf *out, const struct update *u, const struct sign_signer *s, struct diag *d)
{
    struct str cms;
    AUTO_BUF hex = buf_init((size_t)2 * CMS_ROOM);
    struct sha256 *h = sha256_new();
    sha256_add(h, out->data, u->hole_from);
    sha256_add(h, out->data + u->hole_to, out->len - u->hole_to);
    struct sha256_digest digest = sha256_final(h);
    if (cms_make(s, &digest, CMS_PADES, d->arena, &cms, d) != 0)
        return -1;
    if (cms.len > CMS_ROOM)
        return diag_fail(d, DIAG_CONFIG,
                         "the signature has %zu bytes, the PDF has room for %d: leave "
                         "certificates of the chain out",
                         cms.len, CMS_ROOM);
    buf_hex(&hex, cms.s, cms.len);
    assert(!buf_bad(&hex) && u->hole_to - u->hole_from == 2 + (size_t)2 * CMS_ROOM);
    memcpy(out->data + u->hole_from + 1, hex.data, hex.len);
    return 0;
}

/* An object of its own, for the update writes it anew under its number. */
static int
find_field(struct update *u, const char *name, struct diag *d)
{
    struct pdf_fields fields;
    if (pdf_form_fields(&u->file, &fields, d) != 0)
        return -1;
    for (size_t i = 0; i < fields.list.n; i++) {
        const struct pdf_field *f = &fields.list.v[i];
        if (!str_eqc(f->name, name))
            continue;
        if (f->v.len)
            return diag_fail(d, DIAG_BAD_DATA, "PDF: the field \"%s\" is signed already", name);
        if (!pdf_is_dict(f->object.value))
            return diag_fail(d, DIAG_BAD_DATA, "PDF: the field \"%s\" is no dictionary", name);
        if (!f->object.number || f->object.generation > 65535)
            return diag_fail(d, DIAG_BAD_DATA, "PDF: the field \"%s\" is no object of its own",
                             name);
        u->field = *f;
        return 0;
    }
    return diag_fail(d, DIAG_BAD_DATA, "PDF: there is no signature field \"%s\"", name);
}

int
sign_pdf(const struct sign_signer *s, struct str pdf, const char *field, int64_t at,
         struct arena *a, struct str *ret, struct diag *d)
{
    struct update u = {0};
    if (pdf_open(pdf, a, &u.file, d) != 0 || find_field(&u, field, d) != 0)
        return -1;
    assert(u.field.object.number > 0 && u.field.object.number < u.file.next_number);
    u.sig_number = u.file.next_number;
    if (u.sig_number + 2 > PDF_NUMBER_MAX)
        return diag_fail(d, DIAG_TOO_BIG, "PDF: no object number is free");
    AUTO_BUF out = buf_init(pdf.len + u.field.object.value.len + u.file.trailer.len + 2 * CMS_ROOM +
                            UPDATE_ROOM);
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
