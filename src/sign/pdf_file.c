/* From startxref to objects; stands on pdf_token.c, serves pdf_form.c, pades.c and verify_pdf.c. */
#include "sign/pdf_file.h"

#include <assert.h>
#include <string.h>

enum {
    TAIL_SIZE = 2048,
    ROW_SIZE = 20,
    MAX_SECTIONS = 1000,
    MAX_RUNS = 100000,
    BUDGET_FLOOR = 64 << 20,
    BUDGET_FACTOR = 8, /* streams that signatures need unpack to far less than eight files */
};

struct row {            /* of a cross-reference section */
    int64_t kind, a, b; /* 0 free; 1 offset, generation; 2 object stream, index */
};

static int
broken(struct diag *d, const char *why)
{
    return diag_fail(d, DIAG_BAD_DATA, "PDF: %s", why);
}

/* ---- objects in the file ---- */

static int64_t
big_endian(const char *p, int n, int64_t otherwise)
{
    assert(n >= 0 && n <= 8);
    uint64_t v = 0;
    for (int i = 0; i < n; i++)
        v = v << 8 | (unsigned char)p[i];
    return n == 0 ? otherwise : v > INT64_MAX ? INT64_MAX : (int64_t)v;
}

static bool
read_row(const struct pdf_run *run, int64_t number, struct row *ret)
{
    const unsigned char *w = run->width;
    size_t i = (size_t)(number - run->first);
    assert(number >= run->first && number - run->first < run->n);
    if (w[1]) {
        const char *p = run->rows + i * ((size_t)w[0] + w[1] + w[2]);
        *ret = (struct row){big_endian(p, w[0], 1), big_endian(p + w[0], w[1], 0),
                            big_endian(p + w[0] + w[1], w[2], 0)};
        return true;
    }
    struct str s = str_n(run->rows + i * ROW_SIZE, ROW_SIZE); /* read_table has counted them */
    ret->kind = s.s[17] == 'n';
    return (s.s[17] == 'n' || s.s[17] == 'f') && str_to_i64(str_n(s.s, 10), &ret->a) &&
           str_to_i64(str_n(s.s + 11, 5), &ret->b);
}

/* The first run that has the number is the newest one: sections were read from the end of the
 * file. */
static int
find_row(const struct pdf_file *f, int64_t number, struct row *ret, struct diag *d)
{
    for (size_t i = 0; i < f->runs.n; i++) {
        const struct pdf_run *run = &f->runs.v[i];
        if (number < run->first || number - run->first >= run->n)
            continue;
        if (!read_row(run, number, ret))
            return broken(d, "a cross-reference table has rows that are not 20 bytes");
        if (ret->kind == 1 || ret->kind == 2)
            return 0;
        break;
    }
    return diag_fail(d, DIAG_BAD_DATA, "PDF: there is no object %lld", (long long)number);
}

/* The value behind "number generation obj" at offset at. */
static int
read_object_at(struct pdf_file *f, size_t at, struct pdf_object *ret, struct diag *d)
{
    struct pdf_object o = {0};
    if (at >= f->bytes.len || !pdf_number(f->bytes, &at, &o.number) ||
        !pdf_number(f->bytes, &at, &o.generation) ||
        !pdf_stands(f->bytes, at = pdf_skip(f->bytes, at), "obj"))
        return broken(d, "a cross-reference does not lead to an object");
    o.value = pdf_value(f->bytes, at + strlen("obj"));
    if (!o.value.len)
        return diag_fail(d, DIAG_BAD_DATA, "PDF: object %lld has no end", (long long)o.number);
    *ret = o;
    return 0;
}

static int
plain_object(struct pdf_file *f, int64_t number, const struct row *row, struct pdf_object *ret,
             struct diag *d)
{
    if (read_object_at(f, (size_t)row->a, ret, d) != 0)
        return -1;
    if (ret->number != number || ret->generation != row->b)
        return diag_fail(d, DIAG_BAD_DATA, "PDF: where object %lld should be stands %lld",
                         (long long)number, (long long)ret->number);
    return 0;
}

/* A length may be an object of its own, but a plain one: else reading it could need itself. */
static int
stream_length(struct pdf_file *f, struct str value, int64_t *ret, struct diag *d)
{
    int64_t number, generation;
    struct row row;
    struct pdf_object o = {.value = value};
    if (pdf_is_ref(value, &number, &generation)) {
        if (find_row(f, number, &row, d) != 0)
            return -1;
        if (row.kind != 1)
            return broken(d, "a stream's /Length stands in an object stream");
        if (plain_object(f, number, &row, &o, d) != 0)
            return -1;
    }
    return pdf_is_int(o.value, ret) ? 0 : broken(d, "a stream has no /Length");
}

int
pdf_raw_stream(struct pdf_file *f, const struct pdf_object *o, struct str *ret, struct diag *d)
{
    int64_t len;
    assert(!o->is_packed);
    size_t at = pdf_skip(f->bytes, (size_t)(o->value.s - f->bytes.s) + o->value.len);
    if (!pdf_stands(f->bytes, at, "stream"))
        return diag_fail(d, DIAG_BAD_DATA, "PDF: object %lld is no stream", (long long)o->number);
    at += strlen("stream");
    at += pdf_stands(f->bytes, at, "\r\n") ? 2 : 1;
    if (stream_length(f, pdf_get(o->value, "Length"), &len, d) != 0)
        return -1;
    if (at > f->bytes.len || len > (int64_t)(f->bytes.len - at) ||
        !pdf_stands(f->bytes, pdf_skip(f->bytes, at + (size_t)len), "endstream"))
        return diag_fail(d, DIAG_BAD_DATA, "PDF: the stream %lld has a wrong /Length",
                         (long long)o->number);
    *ret = str_n(f->bytes.s + at, (size_t)len);
    return 0;
}

int
pdf_stream(struct pdf_file *f, const struct pdf_object *o, struct str *ret, struct diag *d)
{
    struct str raw;
    if (pdf_raw_stream(f, o, &raw, d) != 0)
        return -1;
    return pdf_decode(o->value, raw, f->arena, &f->budget, ret, d);
}

/* ---- sections ---- */

static int
add_run(struct pdf_file *f, int64_t first, int64_t n, const char *rows, const unsigned char *width,
        struct diag *d)
{
    if (first < 0 || n < 0 || first > PDF_NUMBER_MAX || n > PDF_NUMBER_MAX + 1 - first)
        return broken(d, "an object number is above 8388607 (ISO 32000-1 Annex C)");
    if (f->runs.n >= MAX_RUNS)
        return broken(d, "the cross-reference sections have too many parts");
    assert(rows >= f->bytes.s || width);
    struct pdf_run *run = VEC_PUSH(f->arena, &f->runs);
    *run = (struct pdf_run){.first = first, .n = n, .rows = rows};
    if (width)
        memcpy(run->width, width, sizeof run->width);
    if (first + n > f->next_number)
        f->next_number = first + n;
    return 0;
}

/* "xref", parts of "first n" with n rows of 20 bytes, "trailer", a dictionary. */
static int
read_table(struct pdf_file *f, size_t at, struct str *ret_dict, struct diag *d)
{
    int64_t first, n;
    at += strlen("xref");
    while (pdf_number(f->bytes, &at, &first)) {
        if (!pdf_number(f->bytes, &at, &n))
            return broken(d, "a cross-reference table has a part without a length");
        at = pdf_skip(f->bytes, at);
        if (n > (int64_t)((f->bytes.len - at) / ROW_SIZE))
            return broken(d, "a cross-reference table is longer than the file");
        if (add_run(f, first, n, f->bytes.s + at, NULL, d) != 0)
            return -1;
        at += (size_t)n * ROW_SIZE;
    }
    at = pdf_skip(f->bytes, at);
    if (!pdf_stands(f->bytes, at, "trailer"))
        return broken(d, "a cross-reference table has no trailer, or rows that are not 20 bytes");
    *ret_dict = pdf_value(f->bytes, at + strlen("trailer"));
    return pdf_stands(*ret_dict, 0, "<<") ? 0 : broken(d, "a trailer is no dictionary");
}

static int
read_widths(struct str dict, unsigned char width[3], struct diag *d)
{
    int64_t w;
    struct str v;
    struct pdf_members m = pdf_walk(pdf_get(dict, "W"));
    for (int i = 0; i < 3; i++) {
        if (!pdf_next_element(&m, &v) || !pdf_is_int(v, &w) || w > 8)
            return broken(d, "/W of a cross-reference stream is not three small numbers");
        width[i] = (unsigned char)w;
    }
    return width[1] ? 0 : broken(d, "/W of a cross-reference stream leaves the offsets out");
}

static int
add_stream_runs(struct pdf_file *f, struct str dict, struct str rows, struct diag *d)
{
    unsigned char width[3];
    struct str v, index = pdf_get(dict, "Index");
    struct pdf_members m = pdf_walk(index);
    int64_t first = 0, n;
    if (read_widths(dict, width, d) != 0)
        return -1;
    size_t row = (size_t)width[0] + width[1] + width[2], at = 0;
    assert(row > 0); /* width[1] is not 0 */
    if (!index.len && (!pdf_is_int(pdf_get(dict, "Size"), &n) || n > (int64_t)(rows.len / row)))
        return broken(d, "a cross-reference stream is shorter than its /Size");
    if (!index.len)
        return add_run(f, 0, n, rows.s, width, d);
    while (pdf_next_element(&m, &v)) {
        if (!pdf_is_int(v, &first) || !pdf_next_element(&m, &v) || !pdf_is_int(v, &n) ||
            n > (int64_t)((rows.len - at) / row))
            return broken(d, "a cross-reference stream is shorter than its /Index");
        if (add_run(f, first, n, rows.s + at, width, d) != 0)
            return -1;
        at += (size_t)n * row;
    }
    return 0;
}

static int
read_stream_section(struct pdf_file *f, size_t at, struct str *ret_dict, struct diag *d)
{
    int64_t len;
    struct str rows;
    struct pdf_object o;
    if (read_object_at(f, at, &o, d) != 0)
        return -1;
    if (!pdf_is_name(pdf_get(o.value, "Type"), "XRef") ||
        !pdf_is_int(pdf_get(o.value, "Length"), &len))
        return broken(d,
                      "startxref or /Prev leads to something that is no cross-reference section");
    *ret_dict = o.value;
    return pdf_stream(f, &o, &rows, d) == 0 ? add_stream_runs(f, o.value, rows, d) : -1;
}

static int
read_section(struct pdf_file *f, int64_t at, struct str *ret_dict, struct diag *d)
{
    if (at <= 0 || at >= (int64_t)f->bytes.len)
        return broken(d, "a cross-reference section lies outside of the file");
    for (size_t i = 0; i < f->seen.n; i++)
        if (f->seen.v[i] == (size_t)at)
            return broken(d, "the cross-reference sections go round in a circle");
    if (f->seen.n >= MAX_SECTIONS)
        return broken(d, "there are more than 1000 cross-reference sections");
    assert(at > 0 && (size_t)at < f->bytes.len);
    *VEC_PUSH(f->arena, &f->seen) = (size_t)at;
    return pdf_stands(f->bytes, (size_t)at, "xref")
               ? read_table(f, (size_t)at, ret_dict, d)
               : read_stream_section(f, (size_t)at, ret_dict, d);
}

/* ---- opening ---- */

static int
find_startxref(struct str pdf, size_t *ret, struct diag *d)
{
    static const char word[] = "startxref";
    int64_t offset;
    size_t low = pdf.len > TAIL_SIZE ? pdf.len - TAIL_SIZE : 0;
    for (size_t i = pdf.len; i-- > low;) {
        size_t at = i + sizeof word - 1;
        if (!pdf_stands(pdf, i, word))
            continue;
        if (!pdf_number(pdf, &at, &offset) || !memmem(pdf.s + at, pdf.len - at, "%%EOF", 5))
            break;
        *ret = (size_t)offset;
        return 0;
    }
    return broken(d, "no startxref and %%EOF at the end: is the file complete?");
}

static int
read_sections(struct pdf_file *f, struct diag *d)
{
    int64_t at = (int64_t)f->startxref, hidden;
    for (bool is_newest = true; at >= 0; is_newest = false) {
        struct str dict, ignored, prev;
        if (read_section(f, at, &dict, d) != 0)
            return -1;
        if (is_newest)
            f->trailer = dict;
        /* §7.5.8.4: a table may hide a stream, which ranks behind it and before /Prev */
        if (pdf_is_int(pdf_get(dict, "XRefStm"), &hidden) &&
            read_section(f, hidden, &ignored, d) != 0)
            return -1;
        prev = pdf_get(dict, "Prev");
        at = -1;
        if (prev.len && !pdf_is_int(prev, &at))
            return broken(d, "/Prev is no offset");
    }
    return 0;
}

int
pdf_open(struct str bytes, struct arena *a, struct pdf_file *ret, struct diag *d)
{
    int64_t size;
    struct pdf_file f = {.bytes = bytes, .arena = a};
    if (!str_starts(bytes, "%PDF-"))
        return diag_fail(d, DIAG_BAD_DATA, "not a PDF: it does not begin with %%PDF-");
    if (bytes.len > INT32_MAX)
        return diag_fail(d, DIAG_TOO_BIG, "PDF: more than 2 GB");
    /* a small file that unpacks to gigabytes would stop whoever verifies it */
    f.budget = BUDGET_FLOOR + BUDGET_FACTOR * bytes.len;
    if (find_startxref(bytes, &f.startxref, d) != 0 || read_sections(&f, d) != 0)
        return -1;
    f.is_stream = !pdf_stands(bytes, f.startxref, "xref");
    if (!pdf_is_int(pdf_get(f.trailer, "Size"), &size) || size > PDF_NUMBER_MAX)
        return broken(d, "the trailer has no /Size, or one above 8388607");
    if (!pdf_get(f.trailer, "Root").len)
        return broken(d, "the trailer has no /Root");
    if (pdf_get(f.trailer, "Encrypt").len)
        return broken(d, "it is encrypted");
    assert(f.trailer.len && f.seen.n > 0);
    if (size > f.next_number)
        f.next_number = size;
    *ret = f;
    return 0;
}

/* ---- objects by number ---- */

/* An object stream must itself be a plain object (§7.5.7), so this goes one level deep only. */
static int
find_pack(struct pdf_file *f, int64_t number, struct pdf_pack *ret, struct diag *d)
{
    struct row row;
    struct pdf_object o;
    struct pdf_pack p = {.number = number};
    for (size_t i = 0; i < f->packs.n; i++)
        if (f->packs.v[i].number == number) {
            *ret = f->packs.v[i];
            return 0;
        }
    if (find_row(f, number, &row, d) != 0)
        return -1;
    if (row.kind != 1)
        return broken(d, "an object stream stands in an object stream");
    if (plain_object(f, number, &row, &o, d) != 0)
        return -1;
    if (!pdf_is_name(pdf_get(o.value, "Type"), "ObjStm") ||
        !pdf_is_int(pdf_get(o.value, "N"), &p.n) ||
        !pdf_is_int(pdf_get(o.value, "First"), &p.first))
        return diag_fail(d, DIAG_BAD_DATA, "PDF: object %lld is no object stream",
                         (long long)number);
    if (pdf_stream(f, &o, &p.bytes, d) != 0)
        return -1;
    *VEC_PUSH(f->arena, &f->packs) = p;
    *ret = p;
    return 0;
}

/* Number and place must agree: where only one of them counts, two readers can see two objects. */
static int
packed_object(struct pdf_file *f, int64_t number, const struct row *row, struct pdf_object *ret,
              struct diag *d)
{
    struct pdf_pack p = {0};
    int64_t n, offset;
    size_t at = 0;
    if (find_pack(f, row->a, &p, d) != 0)
        return -1;
    for (int64_t i = 0; i < p.n; i++) {
        if (!pdf_number(p.bytes, &at, &n) || !pdf_number(p.bytes, &at, &offset))
            break;
        if (n != number || i != row->b)
            continue;
        if (offset > (int64_t)p.bytes.len || p.first > (int64_t)p.bytes.len - offset)
            break;
        *ret = (struct pdf_object){.number = number, .is_packed = true};
        ret->value = pdf_value(p.bytes, (size_t)(p.first + offset));
        if (ret->value.len)
            return 0;
        break;
    }
    return diag_fail(d, DIAG_BAD_DATA, "PDF: object %lld is not in its object stream",
                     (long long)number);
}

int
pdf_object(struct pdf_file *f, int64_t number, struct pdf_object *ret, struct diag *d)
{
    struct row row;
    if (find_row(f, number, &row, d) != 0)
        return -1;
    return row.kind == 1 ? plain_object(f, number, &row, ret, d)
                         : packed_object(f, number, &row, ret, d);
}

int
pdf_resolve(struct pdf_file *f, struct str value, struct pdf_object *ret, struct diag *d)
{
    int64_t number, generation;
    if (pdf_is_ref(value, &number, &generation)) {
        if (pdf_object(f, number, ret, d) != 0)
            return -1;
        if (ret->generation == generation)
            return 0;
        return diag_fail(d, DIAG_BAD_DATA, "PDF: a reference to object %lld has a wrong generation",
                         (long long)number);
    }
    *ret = (struct pdf_object){.value = value};
    return 0;
}
