/* From the catalogue to the signature fields; pdf_file.c finds the objects, pades.c fills a field
 * and verify_pdf.c judges what is in one. */
#include "sign/pdf_form.h"

#include <assert.h>
#include <string.h>

enum { MAX_FIELDS = 1000, MAX_DEPTH = 16 };

struct walk {
    struct pdf_file *file;
    struct pdf_fields *out;
    VEC(int64_t) seen; /* object numbers */
    size_t n;
};

struct parent {
    struct str name, type;
    int depth;
};

static int walk_list(struct walk *w, struct str list, struct parent p, struct diag *d);

/* A form whose fields lead back to themselves would never end. */
static int
enter(struct walk *w, const struct pdf_object *o, struct diag *d)
{
    if (++w->n > MAX_FIELDS)
        return diag_fail(d, DIAG_TOO_BIG, "PDF: more than %d form fields", MAX_FIELDS);
    for (size_t i = 0; o->number && i < w->seen.n; i++)
        if (w->seen.v[i] == o->number)
            return diag_fail(d, DIAG_BAD_DATA, "PDF: the form field %lld is reached twice",
                             (long long)o->number);
    *VEC_PUSH(w->file->arena, &w->seen) = o->number;
    return 0;
}

/* Name and type go down to the children that have none of their own (§12.7.3.2). */
static int
visit(struct walk *w, struct str value, struct parent p, struct diag *d)
{
    struct pdf_object o;
    if (pdf_resolve(w->file, value, &o, d) != 0 || enter(w, &o, d) != 0)
        return -1;
    struct str t = pdf_get(o.value, "T"), type = pdf_get(o.value, "FT");
    struct str kids = pdf_get(o.value, "Kids");
    if (t.len)
        p.name = arena_fmt(w->file->arena, "%.*s%s%.*s", STR_ARG(p.name), p.name.len ? "." : "",
                           STR_ARG(pdf_text(t, w->file->arena)));
    if (type.len)
        p.type = type;
    if (t.len && pdf_is_name(p.type, "Sig"))
        *VEC_PUSH(w->file->arena, &w->out->list) =
            (struct pdf_field){.name = p.name, .object = o, .v = pdf_get(o.value, "V")};
    if (!kids.len)
        return 0;
    if (++p.depth > MAX_DEPTH)
        return diag_fail(d, DIAG_BAD_DATA, "PDF: form fields are nested deeper than %d", MAX_DEPTH);
    return walk_list(w, kids, p, d);
}

static int
walk_list(struct walk *w, struct str list, struct parent p, struct diag *d)
{
    struct str v;
    struct pdf_object array;
    assert(p.depth <= MAX_DEPTH);
    if (pdf_resolve(w->file, list, &array, d) != 0)
        return -1;
    struct pdf_members m = pdf_walk(array.value);
    while (pdf_next_element(&m, &v))
        if (visit(w, v, p, d) != 0)
            return -1;
    return 0;
}

int
pdf_form_fields(struct pdf_file *f, struct pdf_fields *ret, struct diag *d)
{
    struct pdf_object root, form;
    struct parent top = {.name = STR(""), .type = STR("")};
    *ret = (struct pdf_fields){0};
    struct walk w = {.file = f, .out = ret};
    if (pdf_resolve(f, pdf_get(f->trailer, "Root"), &root, d) != 0)
        return -1;
    if (!pdf_is_name(pdf_get(root.value, "Type"), "Catalog"))
        return diag_fail(d, DIAG_BAD_DATA, "PDF: /Root is no catalogue");
    struct str form_value = pdf_get(root.value, "AcroForm");
    if (!form_value.len)
        return 0;
    if (pdf_resolve(f, form_value, &form, d) != 0)
        return -1;
    struct str fields = pdf_get(form.value, "Fields");
    return fields.len ? walk_list(&w, fields, top, d) : 0;
}

/* ---- the signature dictionary ---- */

static bool
parse_range(struct str value, int64_t range[4])
{
    struct str v;
    struct pdf_members m = pdf_walk(value);
    for (int i = 0; i < 4; i++)
        if (!pdf_next_element(&m, &v) || !pdf_is_int(v, &range[i]))
            return false;
    return !pdf_next_element(&m, &v);
}

/* §12.8.1: two pieces, the first from byte 0, and between them nothing but the string /Contents. */
static const char *
check_range(struct str pdf, const int64_t *r, struct str contents)
{
    int64_t len = (int64_t)pdf.len;
    if (r[0] != 0)
        return "/ByteRange does not begin at the first byte";
    if (r[1] <= 0 || r[2] <= r[1] || r[2] > len || r[3] > len - r[2])
        return "/ByteRange does not lie inside the file";
    assert(contents.len >= 2);
    if (pdf.s + r[1] != contents.s || pdf.s + r[2] != contents.s + contents.len)
        return "/ByteRange leaves out something else than /Contents";
    return NULL;
}

static bool
is_inside(struct str outer, struct str inner)
{
    return inner.s >= outer.s && inner.s + inner.len <= outer.s + outer.len;
}

const char *
pdf_form_signature(struct pdf_file *f, const struct pdf_field *field, struct pdf_signature *ret)
{
    static const char *const once[] = {"ByteRange", "Contents", "SubFilter", "Filter"};
    struct pdf_object o;
    struct pdf_signature s;
    struct diag d = diag_init(f->arena);
    assert(field->v.len);
    if (pdf_resolve(f, field->v, &o, &d) != 0)
        return arena_strdup(f->arena, d.first.text.s);
    if (o.is_packed || !is_inside(f->bytes, o.value))
        return "the signature stands in a compressed stream";
    for (size_t i = 0; i < sizeof once / sizeof *once; i++)
        if (pdf_count(o.value, once[i]) != 1)
            return arena_fmt(f->arena, "the signature wants one /%s, has %d", once[i],
                             pdf_count(o.value, once[i]))
                .s;
    struct str contents = pdf_get(o.value, "Contents");
    if (contents.len < 2 || contents.s[0] != '<' || contents.s[1] == '<')
        return "/Contents is no hex string";
    if (!parse_range(pdf_get(o.value, "ByteRange"), s.range))
        return "/ByteRange is not four numbers";
    s.hex = str_n(contents.s + 1, contents.len - 2);
    s.sub_filter = pdf_get(o.value, "SubFilter");
    s.time = pdf_get(o.value, "M");
    *ret = s;
    return check_range(f->bytes, s.range, contents);
}
