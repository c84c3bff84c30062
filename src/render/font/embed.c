/* Cuts the glyphs a document used out of a face; pdf/font.c wraps the result. */
#include "render/font/embed.h"

#include <assert.h>
#include <math.h>

#include <hb-ot.h>
#include <hb-subset.h>

#include "base/auto.h"
#include "render/font/cff.h"

AUTO_DEFINE(hb_subset_input_t *, hb_subset_input_destroy)
AUTO_DEFINE(hb_face_t *, hb_face_destroy)
AUTO_DEFINE(hb_blob_t *, hb_blob_destroy)

static bool
has_table(hb_face_t *face, hb_tag_t tag)
{
    AUTO(hb_blob_destroy_auto) hb_blob_t *b = hb_face_reference_table(face, tag);
    return hb_blob_get_length(b) > 0;
}

/* xMin yMin xMax yMax of the table head. */
static void
read_bbox(const struct font_face *f, double ret[4])
{
    enum { X_MIN = 36 };
    unsigned n = 0;
    AUTO(hb_blob_destroy_auto)
    hb_blob_t *b = hb_face_reference_table(f->face, HB_TAG('h', 'e', 'a', 'd'));
    const unsigned char *p = (const unsigned char *)hb_blob_get_data(b, &n);
    for (unsigned i = 0; i < 4; i++) {
        int v = n >= X_MIN + 8 ? p[X_MIN + 2 * i] << 8 | p[X_MIN + 2 * i + 1] : 0;
        ret[i] = round((v >= 0x8000 ? v - 0x10000 : v) * 1000.0 / f->upem);
    }
}

static struct str
postscript_name(const struct font_face *f, struct arena *a)
{
    char text[64];
    unsigned n = sizeof text, out = 0;
    hb_ot_name_get_utf8(f->face, HB_OT_NAME_ID_POSTSCRIPT_NAME, HB_LANGUAGE_INVALID, &n, text);
    for (unsigned i = 0; i < n && i < sizeof text - 1; i++) {
        char c = text[i];
        bool fine =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
        if (fine)
            text[out++] = c;
    }
    return out ? arena_str(a, str_n(text, out)) : STR("Font");
}

struct font_embed_facts
font_embed_facts(const struct font_face *f, struct arena *a)
{
    double k = 1000.0 / f->upem;
    hb_font_extents_t e = {0};
    hb_position_t cap = 0;
    struct font_embed_facts r = {.name = postscript_name(f, a)};
    r.cff = has_table(f->face, HB_TAG('C', 'F', 'F', ' '));
    r.mono = f == font_base_face(FONT_MONO);
    read_bbox(f, r.bbox);
    hb_font_get_h_extents(f->font, &e);
    if (!hb_ot_metrics_get_position(f->font, HB_OT_METRICS_TAG_CAP_HEIGHT, &cap))
        cap = (hb_position_t)(0.7 * f->upem);
    r.ascent = round(e.ascender * k);
    r.descent = round(e.descender * k);
    r.cap_height = round(cap * k);
    return r;
}

double
font_embed_width(const struct font_face *f, uint32_t glyph)
{
    assert(glyph < f->n_glyphs);
    return hb_font_get_glyph_h_advance(f->font, glyph) * 1000.0 / f->upem;
}

/* How the subset has to number its glyphs. Those of a CFF with CIDs keep them, so the subset may
 * close its ranks: 65,000 empty glyphs would take 110 KB. */
static enum font_cff_numbers
numbers_of(const struct font_face *f)
{
    unsigned n = 0;
    AUTO(hb_blob_destroy_auto)
    hb_blob_t *b = hb_face_reference_table(f->face, HB_TAG('C', 'F', 'F', ' '));
    const char *p = hb_blob_get_data(b, &n);
    return n ? font_cff_numbers(str_n(p, n), f->n_glyphs) : FONT_CFF_NAMES;
}

static hb_subset_input_t *
make_input(const uint32_t *glyphs, size_t n, enum font_cff_numbers numbers)
{
    static const hb_tag_t unneeded[] = {
        HB_TAG('G', 'S', 'U', 'B'), HB_TAG('G', 'P', 'O', 'S'), HB_TAG('G', 'D', 'E', 'F'),
        HB_TAG('n', 'a', 'm', 'e'), HB_TAG('p', 'o', 's', 't'), HB_TAG('c', 'm', 'a', 'p'),
        HB_TAG('O', 'S', '/', '2'), HB_TAG('v', 'h', 'e', 'a'), HB_TAG('v', 'm', 't', 'x'),
        HB_TAG('V', 'O', 'R', 'G'), HB_TAG('M', 'A', 'T', 'H'), HB_TAG('B', 'A', 'S', 'E'),
        HB_TAG('S', 'T', 'A', 'T'),
    };
    hb_subset_input_t *in = hb_subset_input_create_or_fail();
    if (!in)
        return NULL;
    hb_set_t *drop = hb_subset_input_set(in, HB_SUBSET_SETS_DROP_TABLE_TAG);
    for (size_t i = 0; i < sizeof unneeded / sizeof *unneeded; i++)
        hb_set_add(drop, unneeded[i]);
    hb_set_t *keep = hb_subset_input_glyph_set(in);
    for (size_t i = 0; i < n; i++)
        hb_set_add(keep, glyphs[i]);
    hb_subset_input_set_flags(in, HB_SUBSET_FLAGS_NO_HINTING | HB_SUBSET_FLAGS_NOTDEF_OUTLINE |
                                      (numbers == FONT_CFF_NAMES ? HB_SUBSET_FLAGS_RETAIN_GIDS
                                                                 : HB_SUBSET_FLAGS_DEFAULT));
    return in;
}

int
font_embed_subset(const struct font_face *f, const uint32_t *glyphs, size_t n, struct arena *a,
                  struct str *ret, struct diag *d)
{
    hb_tag_t cff = HB_TAG('C', 'F', 'F', ' ');
    enum font_cff_numbers numbers = numbers_of(f);
    if (numbers != FONT_CFF_NAMES && numbers != FONT_CFF_CIDS_ARE_GLYPHS)
        return diag_fail(d, DIAG_CONFIG, "%s numbers its glyphs as no PDF can follow", f->path);
    AUTO(hb_subset_input_destroy_auto) hb_subset_input_t *in = make_input(glyphs, n, numbers);
    AUTO(hb_face_destroy_auto) hb_face_t *out = in ? hb_subset_or_fail(f->face, in) : NULL;
    AUTO(hb_blob_destroy_auto) hb_blob_t *blob = NULL;
    if (out)
        blob =
            has_table(out, cff) ? hb_face_reference_table(out, cff) : hb_face_reference_blob(out);
    unsigned len = 0;
    const char *p = blob ? hb_blob_get_data(blob, &len) : NULL;
    if (len == 0)
        return diag_fail(d, DIAG_INTERNAL, "HarfBuzz cannot make a subset of %s", f->path);
    *ret = arena_str(a, str_n(p, len));
    return 0;
}
