/* A document from its first object to its last; layout comes before, file.c after. */
#include "render/pdf/doc.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "render/pdf/parts.h"

struct pdf_doc *
pdf_doc_new(const struct pdf_doc_facts *facts, struct diag *d)
{
    struct pdf_doc *doc = mem_alloc(sizeof *doc);
    assert(facts->width > 0 && facts->height > 0);
    doc->facts = facts;
    doc->arena = arena_new();
    doc->closing = buf_init(BUF_MAX_DEFAULT);
    doc->file = ARENA_NEW(doc->arena, struct pdf_file);
    if (pdf_file_start(doc->file, doc->arena, d) != 0) {
        pdf_doc_free(doc);
        return NULL;
    }
    doc->haru = pdf_haru_new(doc->file);
    doc->resources_id = pdf_file_reserve(doc->file);
    doc->tree_id = pdf_file_reserve(doc->file);
    doc->root = pdf_tag_open(doc, NULL, "Document");
    return doc;
}

static void
free_elem(struct pdf_elem *e)
{
    buf_done(&e->entries);
    free(e->kids);
    free(e);
}

void
pdf_doc_free(struct pdf_doc *doc)
{
    if (!doc)
        return;
    for (size_t i = 0; i < doc->pages.n; i++)
        pdf_page_done(doc->pages.v[i]);
    for (struct pdf_font *f = doc->fonts; f; f = f->next)
        free(f->used);
    if (doc->root)
        free_elem(doc->root);
    while (doc->unused) {
        struct pdf_elem *e = doc->unused;
        doc->unused = e->next;
        free_elem(e);
    }
    buf_done(&doc->closing);
    pdf_text_forget(doc);
    pdf_haru_free(doc->haru);
    pdf_file_done(doc->file);
    arena_free(doc->arena);
    free(doc);
}

struct pdf_elem *
pdf_doc_root(struct pdf_doc *doc)
{
    return doc->root;
}

struct pdf_page *const *
pdf_doc_pages(const struct pdf_doc *doc, size_t *ret_n)
{
    *ret_n = doc->pages.n;
    return doc->pages.v;
}

void *
pdf_doc_outline(struct pdf_doc *doc, void *parent, struct str title, struct pdf_page *page,
                double y)
{
    if (!page->haru)
        return NULL;
    return pdf_haru_outline_new(doc->haru, parent, title, page->haru, page->height - y);
}

/* ---- the signature field ---- */

struct pdf_page *
pdf_doc_field_begin(struct pdf_doc *doc, const struct pdf_doc_field *field)
{
    return pdf_page_loose(doc, field->height);
}

/* What the field shows until it is signed. */
static uint32_t
put_look(struct pdf_doc *doc, const struct pdf_doc_field *field, struct pdf_page *look)
{
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    uint32_t id = pdf_file_reserve(doc->file);
    buf_puts(&b, "/Type/XObject/Subtype/Form/BBox[0 0 ");
    pdf_file_put_num(&b, field->width);
    buf_putc(&b, ' ');
    pdf_file_put_num(&b, field->height);
    buf_fmt(&b, "]/Resources %u 0 R", (unsigned)doc->resources_id);
    pdf_file_stream(doc->file, id, b.data, buf_view(&look->ops));
    pdf_page_done(look);
    return id;
}

static void
put_rect(struct buf *b, const struct pdf_doc_field *f, double page_height)
{
    const double rect[4] = {f->x, page_height - f->y - f->height, f->x + f->width,
                            page_height - f->y};
    buf_puts(b, "/Rect[");
    for (int i = 0; i < 4; i++) {
        pdf_file_put_num(b, rect[i]);
        buf_putc(b, i < 3 ? ' ' : ']');
    }
}

void
pdf_doc_field_end(struct pdf_doc *doc, const struct pdf_doc_field *field, struct pdf_page *look,
                  struct pdf_page *page, struct pdf_elem *form)
{
    enum { PRINT = 4 };
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    assert(doc->field_id == 0); /* there is one */
    uint32_t look_id = put_look(doc, field, look);
    if (!page->haru)
        return;
    doc->field_id = pdf_file_reserve(doc->file);
    uint32_t key = pdf_tag_key(doc, form->id), page_id = pdf_haru_page_id(page->haru);
    pdf_tag_kid(form, PDF_KID_OBJECT, doc->field_id, page_id);
    pdf_haru_annotation(doc->haru, page->haru, doc->field_id);
    page->plain = true;
    buf_fmt(&b, "<</Type/Annot/Subtype/Widget/FT/Sig/T(%s)/F %d/P %u 0 R/StructParent %u",
            field->name, PRINT, (unsigned)page_id, (unsigned)key);
    put_rect(&b, field, page->height);
    buf_puts(&b, "/TU");
    pdf_file_put_text(&b, field->says);
    buf_fmt(&b, "/AP<</N %u 0 R>>>>", (unsigned)look_id);
    pdf_file_plain(doc->file, doc->field_id, buf_view(&b));
}

static void
put_form(struct pdf_doc *doc)
{
    if (!doc->field_id)
        return;
    uint32_t id = pdf_file_reserve(doc->file);
    /* SigFlags: signatures exist, and only appending keeps them valid. */
    struct str form =
        arena_fmt(doc->arena, "<</Fields[%u 0 R]/SigFlags 3>>", (unsigned)doc->field_id);
    pdf_file_plain(doc->file, id, form);
    pdf_haru_catalog_ref(doc->haru, "AcroForm", id);
}

/* ---- the end ---- */

int
pdf_doc_end(struct pdf_doc *doc, struct arena *a, struct str *ret, struct diag *d)
{
    uint32_t root = 0, info = 0;
    for (size_t i = 0; i < doc->pages.n; i++)
        assert(doc->pages.v[i]->ended);
    if (pdf_font_end(doc, d) != 0)
        return -1;
    pdf_tag_end(doc);
    pdf_meta_put(doc);
    put_form(doc);
    pdf_attach_end(doc);
    if (pdf_file_next_id(doc->file) > PDF_FILE_MAX_IDS)
        return diag_fail(d, DIAG_TOO_BIG, "the PDF would have more than %d objects",
                         PDF_FILE_MAX_IDS);
    if (pdf_haru_end(doc->haru, &root, &info, d) != 0)
        return -1;
    if (pdf_file_finish(doc->file, root, info, ret, d) != 0)
        return -1;
    *ret = arena_str(a, *ret); /* the document's arena goes with it */
    return 0;
}
