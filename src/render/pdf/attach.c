/* Files inside the PDF: the checkpoint of the audit log, and the data of tables of which pages show a part.
 * pdf.c calls it before the document ends. */
#include <stdlib.h>
#include <string.h>

#include "render/pdf/doc.h"
#include "render/pdf/parts.h"

/* ASCII as it stands, so that it can be found without a PDF reader; else UTF-16. */
static bool
is_plain(struct str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (name.s[i] < 0x20 || name.s[i] > 0x7e || strchr("()\\", name.s[i]))
            return false;
    return true;
}

static void
put_name(struct buf *b, struct str name)
{
    if (is_plain(name))
        buf_fmt(b, "(%.*s)", STR_ARG(name));
    else
        pdf_file_put_text(b, name);
}

static uint32_t
put_specification(struct pdf_doc *doc, const char *name, const char *relation, struct str says,
                  uint32_t bytes)
{
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    uint32_t id = pdf_file_reserve(doc->file);
    buf_puts(&b, "<</Type/Filespec/F");
    put_name(&b, str_c(name));
    buf_puts(&b, "/UF");
    put_name(&b, str_c(name));
    buf_fmt(&b, "/AFRelationship/%s/Desc", relation);
    pdf_file_put_text(&b, says);
    buf_puts(&b, "/EF<</F ");
    pdf_file_put_ref(&b, bytes);
    buf_puts(&b, "/UF ");
    pdf_file_put_ref(&b, bytes);
    buf_puts(&b, ">>>>");
    pdf_file_object(doc->file, id, buf_view(&b));
    return id;
}

static struct str
describe_stream(struct pdf_doc *doc, const char *type, size_t size)
{
    return arena_fmt(doc->arena, "/Type/EmbeddedFile/Subtype/text#2F%s/Params<</Size %zu/ModDate(%s)>>",
                     type, size, pdf_meta_date(doc->arena, doc->facts->created).s);
}

static void
note_attached(struct pdf_doc *doc, const char *name, uint32_t id)
{
    *VEC_PUSH(doc->arena, &doc->attached) = (struct pdf_attached){str_c(name), id};
}

void
pdf_doc_attach(struct pdf_doc *doc, const char *name, struct str says, struct str bytes)
{
    uint32_t stream = pdf_file_reserve(doc->file);
    pdf_file_open_stream(doc->file, stream, describe_stream(doc, "plain", bytes.len).s, bytes);
    note_attached(doc, name, put_specification(doc, name, "Supplement", says, stream));
}

void
pdf_doc_attach_data(struct pdf_doc *doc, const char *name, struct str says, struct str bytes)
{
    uint32_t stream = pdf_file_reserve(doc->file);
    pdf_file_stream(doc->file, stream, describe_stream(doc, "csv", bytes.len).s, bytes);
    note_attached(doc, name, put_specification(doc, name, "Data", says, stream));
}

static int
by_attached_name(const void *x, const void *y)
{
    const struct pdf_attached *a = x, *b = y;
    if (is_plain(a->name) != is_plain(b->name)) /* UTF-16 begins with FE FF */
        return is_plain(a->name) ? -1 : 1;
    return str_cmp(a->name, b->name);
}

static void
put_entry(struct pdf_doc *doc, const char *key, struct str value)
{
    uint32_t entry = pdf_file_reserve(doc->file);
    pdf_file_object(doc->file, entry, value);
    pdf_haru_catalog_ref(doc->haru, key, entry);
}

/* The names of a name tree are sorted (ISO 32000-1, 7.9.6). */
void
pdf_attach_end(struct pdf_doc *doc)
{
    if (doc->attached.n == 0)
        return;
    AUTO_BUF files = buf_init(BUF_MAX_DEFAULT);
    AUTO_BUF names = buf_init(BUF_MAX_DEFAULT);
    qsort(doc->attached.v, doc->attached.n, sizeof *doc->attached.v, by_attached_name);
    buf_puts(&files, "[");
    buf_puts(&names, "<</EmbeddedFiles<</Names[");
    for (size_t i = 0; i < doc->attached.n; i++) {
        const struct pdf_attached *f = &doc->attached.v[i];
        buf_fmt(&files, "%s%u 0 R", i ? " " : "", (unsigned)f->id);
        put_name(&names, f->name);
        buf_fmt(&names, "%u 0 R", (unsigned)f->id);
    }
    buf_puts(&files, "]");
    buf_puts(&names, "]>>>>");
    put_entry(doc, "AF", buf_view(&files));
    put_entry(doc, "Names", buf_view(&names));
}
