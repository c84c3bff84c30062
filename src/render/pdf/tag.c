/* Elements of the structure tree and the parent tree. layout opens and closes elements, page.c
 * gives them content, file.c takes the objects. */
#include "render/pdf/tag.h"

#include <assert.h>

#include "base/mem.h"
#include "render/pdf/parts.h"

enum { LEAF = 64 }; /* entries in a leaf of the number tree */

struct pdf_elem *
pdf_tag_open(struct pdf_doc *doc, struct pdf_elem *parent, const char *type)
{
    struct pdf_elem *e = doc->unused;
    if (e)
        doc->unused = e->next;
    else {
        e = mem_alloc(sizeof *e);
        e->entries = buf_init(BUF_MAX_DEFAULT);
    }
    e->id = pdf_file_reserve(doc->file);
    e->parent = parent ? parent->id : doc->tree_id;
    e->type = type;
    e->n_kids = 0;
    e->next = NULL;
    buf_cut(&e->entries, 0);
    if (parent)
        pdf_tag_kid(parent, PDF_KID_ELEM, e->id, 0);
    return e;
}

void
pdf_tag_text(struct pdf_elem *e, const char *key, struct str text)
{
    buf_fmt(&e->entries, "/%s", key);
    pdf_file_put_text(&e->entries, text);
}

void
pdf_tag_scope(struct pdf_elem *e, const char *scope)
{
    buf_puts(&e->entries, "/A<</O/Table/Scope/");
    buf_puts(&e->entries, scope);
    buf_puts(&e->entries, ">>");
}

void
pdf_tag_box(struct pdf_elem *e, const struct pdf_page *p, const double box[4])
{
    const double rect[4] = {box[0], p->height - box[1] - box[3], box[0] + box[2],
                            p->height - box[1]};
    buf_puts(&e->entries, "/A<</O/Layout/Placement/Block/BBox[");
    for (int i = 0; i < 4; i++) {
        pdf_file_put_num(&e->entries, rect[i]);
        buf_puts(&e->entries, i < 3 ? " " : "]>>");
    }
}

void
pdf_tag_kid(struct pdf_elem *e, enum pdf_kid_kind kind, uint32_t value, uint32_t page)
{
    if (e->n_kids == e->cap) {
        e->cap = e->cap ? 2 * e->cap : 8;
        e->kids = mem_realloc(e->kids, e->cap * sizeof *e->kids);
    }
    e->kids[e->n_kids++] = (struct pdf_kid){.value = value, .page = page, .kind = kind};
}

/* ---- writing ---- */

static uint32_t
first_page(const struct pdf_elem *e)
{
    for (size_t i = 0; i < e->n_kids; i++)
        if (e->kids[i].kind == PDF_KID_CONTENT)
            return e->kids[i].page;
    return 0;
}

static void
put_kid(struct buf *b, const struct pdf_kid *k, uint32_t page)
{
    if (k->kind == PDF_KID_ELEM) {
        buf_putc(b, ' ');
        pdf_file_put_ref(b, k->value);
    } else if (k->kind == PDF_KID_OBJECT) {
        buf_fmt(b, "<</Type/OBJR/Pg %u 0 R/Obj %u 0 R>>", (unsigned)k->page, (unsigned)k->value);
    } else if (k->page == page) {
        buf_putc(b, ' ');
        buf_num(b, k->value);
    } else {
        buf_fmt(b, "<</Type/MCR/Pg %u 0 R/MCID %u>>", (unsigned)k->page, (unsigned)k->value);
    }
}

void
pdf_tag_close(struct pdf_doc *doc, struct pdf_elem *e)
{
    struct buf *b = &doc->closing;
    uint32_t page = first_page(e);
    bool several = e->n_kids > 1;
    assert(e != doc->unused);
    buf_cut(b, 0);
    buf_puts(b, "<</S/");
    buf_puts(b, e->type);
    buf_puts(b, "/P ");
    pdf_file_put_ref(b, e->parent);
    buf_str(b, buf_view(&e->entries));
    if (page) {
        buf_puts(b, "/Pg ");
        pdf_file_put_ref(b, page);
    }
    buf_puts(b, several ? "/K[" : e->n_kids ? "/K" : "");
    for (size_t i = 0; i < e->n_kids; i++)
        put_kid(b, &e->kids[i], page);
    buf_puts(b, several ? "]>>" : ">>");
    pdf_file_object(doc->file, e->id, buf_view(b));
    e->next = doc->unused;
    doc->unused = e;
}

uint32_t
pdf_tag_key(struct pdf_doc *doc, uint32_t object)
{
    *VEC_PUSH(doc->arena, &doc->parents) = object;
    return (uint32_t)doc->parents.n - 1;
}

/* ---- root ---- */

static void
write_leaves(struct pdf_doc *doc, struct buf *kids)
{
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    for (size_t first = 0; first < doc->parents.n; first += LEAF) {
        size_t end = first + LEAF < doc->parents.n ? first + LEAF : doc->parents.n;
        uint32_t id = pdf_file_reserve(doc->file);
        buf_cut(&b, 0);
        buf_fmt(&b, "<</Limits[%zu %zu]/Nums[", first, end - 1);
        for (size_t i = first; i < end; i++)
            buf_fmt(&b, "%zu %u 0 R ", i, (unsigned)doc->parents.v[i]);
        buf_puts(&b, "]>>");
        pdf_file_object(doc->file, id, buf_view(&b));
        buf_fmt(kids, "%u 0 R ", (unsigned)id);
    }
}

void
pdf_tag_end(struct pdf_doc *doc)
{
    AUTO_BUF kids = buf_init(BUF_MAX_DEFAULT);
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    assert(doc->root);
    uint32_t root = doc->root->id, tree = pdf_file_reserve(doc->file);
    pdf_tag_close(doc, doc->root);
    doc->root = NULL;
    write_leaves(doc, &kids);
    buf_fmt(&b, "<</Kids[%s]>>", kids.data);
    pdf_file_object(doc->file, tree, buf_view(&b));
    buf_cut(&b, 0);
    buf_fmt(&b, "<</Type/StructTreeRoot/K[%u 0 R]/ParentTree %u 0 R/ParentTreeNextKey %zu>>",
            (unsigned)root, (unsigned)tree, doc->parents.n);
    pdf_file_object(doc->file, doc->tree_id, buf_view(&b));
}
