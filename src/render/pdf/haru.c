/* The one file that knows libharu and its insides. doc.c and page.c come before, file.c
 * after. */
#include "render/pdf/haru.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <hpdf.h>
#include <hpdf_doc.h>
#include <hpdf_list.h>
#include <hpdf_objects.h>
#include <hpdf_pages.h>
#include <hpdf_version.h>

#include "base/mem.h"

/* The layout of HPDF_Doc, HPDF_Xref and HPDF_PageAttr is used below. */
#if HPDF_MAJOR_VERSION != 2 || HPDF_MINOR_VERSION < 3
#error "haru.c was written for libharu 2.3 and 2.4"
#endif

enum {
    PAGES_PER_NODE = 64, /* a flat tree ends at 32,767 pages */
    XREF_BLOCK = 16384,  /* libharu copies its whole list for every block */
    ID_MASK = 0x00ffffff,
    LAST_ID = 0x00f00000, /* far above what a PDF may have, see PDF_FILE_MAX_IDS */
    MAX_TEXT_BYTES = 32000,
};

struct pdf_haru {
    HPDF_Doc doc;
    struct pdf_file *file;
    struct arena *refs;  /* stand-ins for objects that libharu does not have */
    HPDF_Stream scratch; /* where libharu writes an object's text */
    bool failed;
};

/* ---- numbers and references ---- */

static uint32_t
id_of(const void *object)
{
    return ((const HPDF_Obj_Header *)object)->obj_id & ID_MASK;
}

/* True when nothing more can be done: an error, or more objects than numbers libharu can hold. */
static bool
is_stuck(struct pdf_haru *h)
{
    h->failed = h->failed || pdf_file_next_id(h->file) > LAST_ID;
    return h->failed;
}

/* libharu numbers an object start_offset + count: it goes on where the file stands … */
static void
enter(struct pdf_haru *h)
{
    HPDF_Xref x = h->doc->xref;
    assert(pdf_file_next_id(h->file) >= x->entries->count);
    x->start_offset = pdf_file_next_id(h->file) - x->entries->count;
}

/* … and the file behind what libharu took. */
static void
leave(struct pdf_haru *h)
{
    HPDF_Xref x = h->doc->xref;
    pdf_file_set_next_id(h->file, x->start_offset + x->entries->count);
    if (HPDF_GetError(h->doc) != HPDF_OK)
        h->failed = true;
}

/* Something libharu may refer to, but never writes or frees. */
static void *
ref_to(struct pdf_haru *h, uint32_t id)
{
    HPDF_Obj_Header *o = ARENA_NEW(h->refs, HPDF_Obj_Header);
    assert(id > 0 && id <= ID_MASK);
    o->obj_id = id | HPDF_OTYPE_INDIRECT;
    o->obj_class = HPDF_OCLASS_DICT;
    return o;
}

/* A text string: UTF-16BE, as libharu's own encoder knows no characters beyond the first plane. */
static HPDF_Binary
text_object(struct pdf_haru *h, struct str s)
{
    AUTO_BUF hex = buf_init(BUF_MAX_DEFAULT);
    unsigned char bytes[MAX_TEXT_BYTES + 16];
    HPDF_UINT n = 0;
    pdf_file_put_text(&hex, s);
    for (size_t i = 1; i + 2 < hex.len && n < sizeof bytes; i += 2, n++) {
        char two[3] = {hex.data[i], hex.data[i + 1], 0};
        bytes[n] = (unsigned char)strtoul(two, NULL, 16);
    }
    return HPDF_Binary_New(h->doc->mmgr, bytes, n);
}

static void
add(struct pdf_haru *h, HPDF_Dict dict, const char *key, void *value)
{
    if (!dict || !value || HPDF_Dict_Add(dict, key, value) != HPDF_OK)
        h->failed = true;
}

static void
write_object(struct pdf_haru *h, void *object, bool plain)
{
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    HPDF_UINT n = 0;
    HPDF_MemStream_FreeData(h->scratch);
    if (HPDF_Obj_WriteValue(object, h->scratch, NULL) != HPDF_OK)
        h->failed = true;
    HPDF_UINT blocks = HPDF_MemStream_GetBufCount(h->scratch);
    for (HPDF_UINT i = 0; i < blocks; i++) {
        HPDF_BYTE *p = HPDF_MemStream_GetBufPtr(h->scratch, i, &n);
        buf_add(&b, p, n);
    }
    struct str text = buf_view(&b);
    if (text.len == 0)
        h->failed = true;
    else if (plain)
        pdf_file_plain(h->file, id_of(object), text);
    else
        pdf_file_object(h->file, id_of(object), text);
}

/* ---- document ---- */

struct pdf_haru *
pdf_haru_new(struct pdf_file *f)
{
    struct pdf_haru *h = mem_alloc(sizeof *h);
    h->file = f;
    h->refs = arena_new();
    h->doc = HPDF_New(NULL, NULL);
    if (!h->doc) {
        h->failed = true;
        return h;
    }
    h->doc->pdf_version = HPDF_VER_17;
    h->doc->xref->entries->items_per_block = XREF_BLOCK;
    h->scratch = HPDF_MemStream_New(h->doc->mmgr, 4096);
    leave(h);
    enter(h);
    HPDF_SetPagesConfiguration(h->doc, PAGES_PER_NODE);
    HPDF_SetPageMode(h->doc, HPDF_PAGE_MODE_USE_OUTLINE);
    HPDF_AddPageLabel(h->doc, 0, HPDF_PAGE_NUM_STYLE_DECIMAL, 1, NULL);
    leave(h);
    h->failed = h->failed || !h->scratch;
    return h;
}

void
pdf_haru_free(struct pdf_haru *h)
{
    if (!h)
        return;
    if (h->scratch)
        HPDF_Stream_Free(h->scratch);
    if (h->doc)
        HPDF_Free(h->doc);
    arena_free(h->refs);
    free(h);
}

void
pdf_haru_info(struct pdf_haru *h, const char *key, struct str text)
{
    if (is_stuck(h))
        return;
    enter(h);
    add(h, h->doc->info, key, text_object(h, text));
    leave(h);
}

void
pdf_haru_catalog_ref(struct pdf_haru *h, const char *key, uint32_t id)
{
    if (!h->failed)
        add(h, h->doc->catalog, key, ref_to(h, id));
}

void
pdf_haru_catalog_text(struct pdf_haru *h, const char *key, struct str text)
{
    if (!h->failed)
        add(h, h->doc->catalog, key, text_object(h, text));
}

int
pdf_haru_end(struct pdf_haru *h, uint32_t *ret_root, uint32_t *ret_info, struct diag *d)
{
    if (!h->failed) {
        HPDF_List list = h->doc->xref->entries;
        for (HPDF_UINT i = 1; i < list->count; i++) {
            HPDF_XrefEntry e = HPDF_List_ItemAt(list, i);
            const HPDF_Obj_Header *o = e->obj;
            /* Numbers are lengths of contents that libharu does not write. */
            if (o->obj_class == HPDF_OCLASS_NUMBER || pdf_file_has(h->file, id_of(o)))
                continue;
            write_object(h, e->obj, e->obj == h->doc->catalog);
        }
        *ret_root = id_of(h->doc->catalog);
        *ret_info = id_of(h->doc->info);
    }
    if (h->failed)
        return diag_fail(d, DIAG_INTERNAL, "libharu refused an object of the PDF (error 0x%04lx)",
                         h->doc ? (unsigned long)HPDF_GetError(h->doc) : 0UL);
    return 0;
}

/* ---- pages ---- */

static HPDF_Page
haru(struct pdf_haru_page *p)
{
    return (HPDF_Page)(void *)p;
}

struct pdf_haru_page *
pdf_haru_page_new(struct pdf_haru *h, double width, double height)
{
    if (is_stuck(h))
        return NULL;
    enter(h);
    HPDF_Page p = HPDF_AddPage(h->doc);
    if (p) {
        HPDF_Page_SetWidth(p, (HPDF_REAL)width);
        HPDF_Page_SetHeight(p, (HPDF_REAL)height);
    }
    leave(h);
    return h->failed ? NULL : (struct pdf_haru_page *)(void *)p;
}

uint32_t
pdf_haru_page_id(const struct pdf_haru_page *p)
{
    return id_of(p);
}

static HPDF_Dict
content_of(const struct pdf_haru_page *p)
{
    const struct _HPDF_Dict_Rec *dict = (const void *)p;
    return ((HPDF_PageAttr)dict->attr)->contents;
}

uint32_t
pdf_haru_content_id(const struct pdf_haru_page *p)
{
    return id_of(content_of(p));
}

/* [page /XYZ null top null]: the reader keeps the zoom. libharu's own functions demand one. */
static void
fill_destination(HPDF_Array dst, HPDF_Page to, double top)
{
    HPDF_Array_Clear(dst);
    HPDF_Array_Add(dst, to);
    HPDF_Array_AddName(dst, "XYZ");
    HPDF_Array_Add(dst, HPDF_Null_New(dst->mmgr));
    HPDF_Array_AddReal(dst, (HPDF_REAL)top);
    HPDF_Array_Add(dst, HPDF_Null_New(dst->mmgr));
}

uint32_t
pdf_haru_link(struct pdf_haru *h, struct pdf_haru_page *from, const double rect[4],
              struct pdf_haru_page *to, double top, struct str says, uint32_t key)
{
    enum { PRINT = 4 };
    HPDF_Rect r = {(HPDF_REAL)rect[0], (HPDF_REAL)rect[1], (HPDF_REAL)rect[2], (HPDF_REAL)rect[3]};
    if (is_stuck(h))
        return 0;
    enter(h);
    HPDF_Destination dst = HPDF_Page_CreateDestination(haru(to));
    HPDF_Annotation a = dst ? HPDF_Page_CreateLinkAnnot(haru(from), r, dst) : NULL;
    if (a) {
        fill_destination(dst, haru(to), top);
        HPDF_LinkAnnot_SetBorderStyle(a, 0, 0, 0);
        HPDF_Dict_AddNumber(a, "F", PRINT);
        HPDF_Dict_AddNumber(a, "StructParent", (HPDF_INT32)key);
        add(h, a, "Contents", text_object(h, says));
    }
    leave(h);
    h->failed = h->failed || !a;
    return a ? id_of(a) : 0;
}

void
pdf_haru_annotation(struct pdf_haru *h, struct pdf_haru_page *p, uint32_t id)
{
    if (is_stuck(h))
        return;
    HPDF_Array list = HPDF_Dict_GetItem(haru(p), "Annots", HPDF_OCLASS_ARRAY);
    if (!list) {
        list = HPDF_Array_New(h->doc->mmgr);
        add(h, haru(p), "Annots", list);
    }
    if (list && HPDF_Array_Add(list, ref_to(h, id)) != HPDF_OK)
        h->failed = true;
}

void
pdf_haru_page_write(struct pdf_haru *h, struct pdf_haru_page *page, uint32_t resources,
                    uint32_t second_content, uint32_t key, bool plain)
{
    static const char *const keys[] = {"MediaBox",      "Contents", "Resources", "Annots",
                                       "StructParents", "Tabs",     "Type"};
    if (is_stuck(h))
        return;
    HPDF_Page p = haru(page);
    enter(h);
    HPDF_Array contents = HPDF_Array_New(h->doc->mmgr);
    HPDF_Array_Add(contents, content_of(page));
    HPDF_Array_Add(contents, ref_to(h, second_content));
    add(h, p, "Contents", contents);
    add(h, p, "Resources", ref_to(h, resources));
    HPDF_Dict_AddNumber(p, "StructParents", (HPDF_INT32)key);
    HPDF_Dict_AddName(p, "Tabs", "S");
    leave(h);
    write_object(h, p, plain);
    /* what it held goes; the shell stays for the page tree, outlines and links */
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        HPDF_Dict_RemoveElement(p, keys[i]);
}

/* ---- outline ---- */

struct pdf_haru_outline *
pdf_haru_outline_new(struct pdf_haru *h, struct pdf_haru_outline *parent, struct str title,
                     struct pdf_haru_page *to, double top)
{
    if (is_stuck(h))
        return NULL;
    enter(h);
    HPDF_Outline o = HPDF_CreateOutline(h->doc, (HPDF_Outline)(void *)parent, "-", NULL);
    HPDF_Array dst = o ? HPDF_Array_New(h->doc->mmgr) : NULL;
    if (dst) {
        fill_destination(dst, haru(to), top);
        add(h, o, "Dest", dst);
        add(h, o, "Title", text_object(h, title));
        HPDF_Outline_SetOpened(o, HPDF_FALSE);
    }
    leave(h);
    return h->failed ? NULL : (struct pdf_haru_outline *)(void *)o;
}
