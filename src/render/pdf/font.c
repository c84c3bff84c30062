/* Faces -> font objects of the file. page.c names the glyphs while it draws; the subsets are
 * made when the last page is done. */
#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "render/font/embed.h"
#include "render/pdf/parts.h"

enum { CMAP_BLOCK = 100 }; /* bfchar entries a block may have */

struct pdf_font *
pdf_font_of(struct pdf_doc *doc, const struct font_face *face)
{
    assert(face->index < FONT_MAX_FACES);
    struct pdf_font *f = doc->by_face[face->index];
    if (f)
        return f;
    f = ARENA_NEW(doc->arena, struct pdf_font);
    f->face = face;
    f->id = pdf_file_reserve(doc->file);
    f->number = ++doc->n_fonts;
    f->texts = ARENA_ARRAY(doc->arena, struct str, face->n_glyphs);
    f->next = doc->fonts;
    doc->fonts = doc->by_face[face->index] = f;
    hb_codepoint_t space = 0;
    /* Invisible characters are drawn as a space without width: it must go on to spell a space. */
    if (hb_font_get_nominal_glyph(face->font, ' ', &space))
        pdf_font_use(doc, f, space, STR(" "));
    return f;
}

/* Private characters and marks of the encoding say nothing without an ActualText. */
static bool
tells(struct str text)
{
    uint32_t cp = 0;
    int n = text.len ? utf8_next(text.s, text.len, &cp) : 0;
    return n > 0 && !(cp >= 0xe000 && cp < 0xf900) && cp < 0xf0000 && cp != 0xfeff;
}

bool
pdf_font_use(struct pdf_doc *doc, struct pdf_font *f, uint32_t glyph, struct str text)
{
    assert(glyph < f->face->n_glyphs);
    struct str *says = &f->texts[glyph];
    if (str_eqc(text, "\xc2\xa0")) /* drawn alike, read alike */
        text = STR(" ");
    if (says->s)
        return str_eq(*says, text) && tells(text);
    *says = arena_str(doc->arena, text);
    if (f->n_used == f->cap) {
        f->cap = f->cap ? 2 * f->cap : 64;
        f->used = mem_realloc(f->used, f->cap * sizeof *f->used);
    }
    f->used[f->n_used++] = glyph;
    return tells(text);
}

/* ---- objects ---- */

/* /W: runs of neighbours share a bracket. */
static void
put_widths(const struct pdf_font *f, struct buf *b)
{
    buf_puts(b, "/W[");
    for (size_t i = 0; i < f->n_used; i++) {
        if (i && f->used[i] == f->used[i - 1] + 1)
            buf_putc(b, ' ');
        else
            buf_fmt(b, "%s%u[", i ? "]" : "", (unsigned)f->used[i]);
        pdf_file_put_num(b, font_embed_width(f->face, f->used[i]));
    }
    buf_puts(b, f->n_used ? "]]" : "]");
}

static uint32_t
write_to_unicode(const struct pdf_font *f, struct pdf_file *file)
{
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    uint32_t id = pdf_file_reserve(file);
    buf_puts(&b, "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
                 "/CIDSystemInfo <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def\n"
                 "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
                 "1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n");
    for (size_t from = 0; from < f->n_used; from += CMAP_BLOCK) {
        size_t to = from + CMAP_BLOCK < f->n_used ? from + CMAP_BLOCK : f->n_used;
        buf_fmt(&b, "%zu beginbfchar\n", to - from);
        for (size_t i = from; i < to; i++) {
            buf_fmt(&b, "<%04X><", (unsigned)f->used[i]);
            pdf_file_put_utf16(&b, f->texts[f->used[i]]);
            buf_puts(&b, ">\n");
        }
        buf_puts(&b, "endbfchar\n");
    }
    buf_puts(&b, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
    pdf_file_stream(file, id, "", buf_view(&b));
    return id;
}

static int
write_program(struct pdf_doc *doc, const struct pdf_font *f, bool cff, uint32_t *ret,
              struct diag *d)
{
    struct str bytes;
    if (font_embed_subset(f->face, f->used, f->n_used, doc->arena, &bytes, d) != 0)
        return -1;
    *ret = pdf_file_reserve(doc->file);
    struct str entries =
        cff ? STR("/Subtype/CIDFontType0C") : arena_fmt(doc->arena, "/Length1 %zu", bytes.len);
    pdf_file_stream(doc->file, *ret, entries.s, bytes);
    return 0;
}

/* Six letters that depend on the glyphs, as 9.6.4 asks of subsets. */
static struct str
subset_name(struct pdf_doc *doc, const struct pdf_font *f, struct str name)
{
    uint64_t h = 1469598103934665603u;
    char tag[] = "AAAAAA";
    for (size_t i = 0; i < f->n_used; i++)
        h = (h ^ f->used[i]) * 1099511628211u;
    for (int i = 0; i < 6; i++, h /= 26)
        tag[i] = (char)('A' + h % 26);
    return arena_fmt(doc->arena, "%s+%.*s", tag, STR_ARG(name));
}

static uint32_t
write_descriptor(struct pdf_file *file, const struct font_embed_facts *facts, struct str name,
                 uint32_t program)
{
    enum { FIXED = 1, SYMBOLIC = 4 }; /* symbolic: a PDF reader has no encoding to look into */
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    uint32_t id = pdf_file_reserve(file);
    buf_fmt(&b,
            "<</Type/FontDescriptor/FontName/%.*s/Flags %d/ItalicAngle 0/StemV 80"
            "/Ascent %.0f/Descent %.0f/CapHeight %.0f/FontBBox[%.0f %.0f %.0f %.0f]/%s %u 0 R>>",
            STR_ARG(name), SYMBOLIC | (facts->mono ? FIXED : 0), facts->ascent, facts->descent,
            facts->cap_height, facts->bbox[0], facts->bbox[1], facts->bbox[2], facts->bbox[3],
            facts->cff ? "FontFile3" : "FontFile2", (unsigned)program);
    pdf_file_object(file, id, buf_view(&b));
    return id;
}

static int
by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static int
write_font(struct pdf_doc *doc, struct pdf_font *f, struct diag *d)
{
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    uint32_t program = 0;
    struct font_embed_facts facts = font_embed_facts(f->face, doc->arena);
    qsort(f->used, f->n_used, sizeof *f->used, by_number);
    if (write_program(doc, f, facts.cff, &program, d) != 0)
        return -1;
    struct str name = subset_name(doc, f, facts.name);
    uint32_t descriptor = write_descriptor(doc->file, &facts, name, program);
    uint32_t to_unicode = write_to_unicode(f, doc->file), cid = pdf_file_reserve(doc->file);
    buf_fmt(&b,
            "<</Type/Font/Subtype/CIDFontType%d/BaseFont/%.*s"
            "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            "/FontDescriptor %u 0 R%s",
            facts.cff ? 0 : 2, STR_ARG(name), (unsigned)descriptor,
            facts.cff ? "" : "/CIDToGIDMap/Identity");
    put_widths(f, &b);
    buf_puts(&b, ">>");
    pdf_file_object(doc->file, cid, buf_view(&b));
    buf_cut(&b, 0);
    buf_fmt(&b,
            "<</Type/Font/Subtype/Type0/BaseFont/%.*s/Encoding/Identity-H"
            "/DescendantFonts[%u 0 R]/ToUnicode %u 0 R>>",
            STR_ARG(name), (unsigned)cid, (unsigned)to_unicode);
    pdf_file_object(doc->file, f->id, buf_view(&b));
    return 0;
}

int
pdf_font_end(struct pdf_doc *doc, struct diag *d)
{
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    buf_puts(&b, "<</Font<<");
    for (struct pdf_font *f = doc->fonts; f; f = f->next) {
        if (write_font(doc, f, d) != 0)
            return -1;
        buf_fmt(&b, "/F%u %u 0 R", f->number, (unsigned)f->id);
    }
    buf_puts(&b, ">>>>");
    pdf_file_object(doc->file, doc->resources_id, buf_view(&b));
    return 0;
}
