/* A file inside the PDF: the checkpoint of the audit log. pdf.c calls it before the document ends.
 * It is not compressed, so that it can be found without a PDF reader. */
#include "render/pdf/doc.h"
#include "render/pdf/parts.h"

static uint32_t
put_specification(struct pdf_doc *doc, const char *name, struct str says, uint32_t bytes)
{
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    uint32_t id = pdf_file_reserve(doc->file);
    buf_fmt(&b, "<</Type/Filespec/F(%s)/UF(%s)/AFRelationship/Supplement/Desc", name, name);
    pdf_file_put_text(&b, says);
    buf_puts(&b, "/EF<</F ");
    pdf_file_put_ref(&b, bytes);
    buf_puts(&b, "/UF ");
    pdf_file_put_ref(&b, bytes);
    buf_puts(&b, ">>>>");
    pdf_file_object(doc->file, id, buf_view(&b));
    return id;
}

static void
put_entry(struct pdf_doc *doc, const char *key, const char *before, uint32_t id, const char *after)
{
    uint32_t entry = pdf_file_reserve(doc->file);
    struct str value = arena_fmt(doc->arena, "%s%u 0 R%s", before, (unsigned)id, after);
    pdf_file_object(doc->file, entry, value);
    pdf_haru_catalog_ref(doc->haru, key, entry);
}

void
pdf_doc_attach(struct pdf_doc *doc, const char *name, struct str says, struct str bytes)
{
    uint32_t stream = pdf_file_reserve(doc->file);
    struct str date = pdf_meta_date(doc->arena, doc->facts->created);
    struct str entries = arena_fmt(
        doc->arena, "/Type/EmbeddedFile/Subtype/text#2Fplain/Params<</Size %zu/ModDate(%s)>>",
        bytes.len, date.s);
    pdf_file_open_stream(doc->file, stream, entries.s, bytes);
    uint32_t id = put_specification(doc, name, says, stream);
    struct str names = arena_fmt(doc->arena, "<</EmbeddedFiles<</Names[(%s)", name);
    put_entry(doc, "AF", "[", id, "]");
    put_entry(doc, "Names", names.s, id, "]>>>>");
}
