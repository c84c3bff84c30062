/* Where glyphs come from: files, faces, and the chain that looks for a character. shape.c
 * shapes with them, embed.c cuts out what a document used. */
#include "render/font/font.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include <hb-ot.h>

#include "base/arena.h"
#include "render/font/parts.h"

enum {
    MAX_DIRS = 8,
    KNOWN = 0x10000, /* characters whose face is remembered */
    UNKNOWN = 0,
    NOWHERE = 255,
};

/* A face to be loaded when it is first needed. */
struct slot {
    const char *stem; /* "NotoSans-Regular" */
    struct font_face face;
    bool tried;
};

static struct {
    struct arena *arena; /* for ever */
    struct str dirs[MAX_DIRS];
    size_t n_dirs;
    struct slot slots[FONT_MAX_FACES];
    size_t n_slots;
    unsigned char known[FONT__STYLES][KNOWN]; /* index of the face + 1 */
} fonts;

static const struct {
    hb_script_t script;
    const char *name;
} scripts[] = {
    {HB_SCRIPT_ARABIC, "Arabic"},
    {HB_SCRIPT_HEBREW, "Hebrew"},
    {HB_SCRIPT_THAI, "Thai"},
    {HB_SCRIPT_LAO, "Lao"},
    {HB_SCRIPT_DEVANAGARI, "Devanagari"},
    {HB_SCRIPT_BENGALI, "Bengali"},
    {HB_SCRIPT_GURMUKHI, "Gurmukhi"},
    {HB_SCRIPT_GUJARATI, "Gujarati"},
    {HB_SCRIPT_ORIYA, "Oriya"},
    {HB_SCRIPT_TAMIL, "Tamil"},
    {HB_SCRIPT_TELUGU, "Telugu"},
    {HB_SCRIPT_KANNADA, "Kannada"},
    {HB_SCRIPT_MALAYALAM, "Malayalam"},
    {HB_SCRIPT_SINHALA, "Sinhala"},
    {HB_SCRIPT_MYANMAR, "Myanmar"},
    {HB_SCRIPT_KHMER, "Khmer"},
    {HB_SCRIPT_ETHIOPIC, "Ethiopic"},
    {HB_SCRIPT_ARMENIAN, "Armenian"},
    {HB_SCRIPT_GEORGIAN, "Georgian"},
    {HB_SCRIPT_SYRIAC, "Syriac"},
    {HB_SCRIPT_THAANA, "Thaana"},
    {HB_SCRIPT_CHEROKEE, "Cherokee"},
    {HB_SCRIPT_MONGOLIAN, "Mongolian"},
    {HB_SCRIPT_TIFINAGH, "Tifinagh"},
    {HB_SCRIPT_NKO, "NKo"},
    {HB_SCRIPT_RUNIC, "Runic"},
    {HB_SCRIPT_OGHAM, "Ogham"},
    {HB_SCRIPT_YI, "Yi"},
};

/* ---- loading ---- */

static hb_blob_t *
open_file(const char *stem, const char **ret_path)
{
    static const char *const endings[] = {".ttf", ".otf", ".ttc"};
    for (size_t i = 0; i < fonts.n_dirs; i++)
        for (size_t e = 0; e < sizeof endings / sizeof *endings; e++) {
            struct str path =
                arena_fmt(fonts.arena, "%.*s/%s%s", STR_ARG(fonts.dirs[i]), stem, endings[e]);
            hb_blob_t *blob = hb_blob_create_from_file_or_fail(path.s);
            *ret_path = path.s;
            if (blob)
                return blob;
        }
    return NULL;
}

static void
load(struct slot *s)
{
    const char *path = NULL;
    s->tried = true;
    hb_blob_t *blob = open_file(s->stem, &path);
    if (!blob)
        return;
    hb_face_t *face = hb_face_create(blob, 0); /* index 0 of Noto Sans CJK is Japanese */
    hb_blob_destroy(blob);
    if (hb_face_get_glyph_count(face) == 0) { /* not a font */
        hb_face_destroy(face);
        return;
    }
    hb_face_make_immutable(face);
    s->face = (struct font_face){.index = (size_t)(s - fonts.slots),
                                 .path = path,
                                 .face = face,
                                 .font = hb_font_create(face),
                                 .upem = hb_face_get_upem(face),
                                 .n_glyphs = hb_face_get_glyph_count(face)};
    hb_font_make_immutable(s->face.font);
}

static const struct font_face *
face_named(const char *stem)
{
    size_t i = 0;
    while (i < fonts.n_slots && strcmp(fonts.slots[i].stem, stem) != 0)
        i++;
    if (i == FONT_MAX_FACES)
        return NULL;
    if (i == fonts.n_slots)
        fonts.slots[fonts.n_slots++] = (struct slot){.stem = arena_strdup(fonts.arena, stem)};
    struct slot *s = &fonts.slots[i];
    if (!s->tried)
        load(s);
    return s->face.face ? &s->face : NULL;
}

static void
add_dir(struct str dir)
{
    for (size_t i = 0; i < fonts.n_dirs; i++)
        if (str_eq(fonts.dirs[i], dir))
            return;
    if (fonts.n_dirs < MAX_DIRS)
        fonts.dirs[fonts.n_dirs++] = arena_str(fonts.arena, dir);
}

int
font_init(const struct str *dirs, size_t n_dirs, struct diag *d)
{
    static const char *const needed[] = {"NotoSans-Regular", "NotoSans-Bold",
                                         "NotoSansMono-Regular"};
    if (!fonts.arena)
        fonts.arena = arena_new();
    for (size_t i = 0; i < n_dirs; i++)
        add_dir(dirs[i]);
    add_dir(STR("/usr/share/fonts/truetype/noto"));
    add_dir(STR("/usr/share/fonts/opentype/noto"));
    for (size_t i = 0; i < fonts.n_slots; i++) /* what was missing may be there now */
        fonts.slots[i].tried = fonts.slots[i].face.face != NULL;
    memset(fonts.known, UNKNOWN, sizeof fonts.known);
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!face_named(needed[i]))
            return diag_fail(d, DIAG_CONFIG,
                             "font %s not found in %.*s or beside it; install the packages "
                             "fonts-noto-core and fonts-noto-mono",
                             needed[i], STR_ARG(fonts.dirs[0]));
    return 0;
}

/* ---- the chain ---- */

bool
font_has(const struct font_face *f, uint32_t cp)
{
    hb_codepoint_t glyph = 0;
    return hb_font_get_nominal_glyph(f->font, cp, &glyph) && glyph != 0;
}

/* The face "NotoSans<name>" in bold when asked and there. */
static const struct font_face *
weighted(const char *name, bool bold)
{
    char stem[64];
    const struct font_face *f = NULL;
    for (int regular = !bold; regular < 2 && !f; regular++) {
        int n = snprintf(stem, sizeof stem, "NotoSans%s-%s", name, regular ? "Regular" : "Bold");
        assert(n > 0 && (size_t)n < sizeof stem);
        f = face_named(stem);
    }
    return f;
}

const struct font_face *
font_base_face(enum font_style style)
{
    static const char *const stems[FONT__STYLES] = {
        [FONT_REGULAR] = "NotoSans-Regular",
        [FONT_BOLD] = "NotoSans-Bold",
        [FONT_MONO] = "NotoSansMono-Regular",
    };
    assert(fonts.arena && style < FONT__STYLES); /* font_init comes first */
    const struct font_face *f = face_named(stems[style]);
    assert(f);
    return f;
}

static bool
is_east_asian(uint32_t cp)
{
    return (cp >= 0x2e80 && cp < 0xa4d0) || (cp >= 0xac00 && cp < 0xd800) ||
           (cp >= 0xf900 && cp < 0xfb00) || (cp >= 0xfe30 && cp < 0xfe50) ||
           (cp >= 0xff00 && cp < 0xfff0) || (cp >= 0x20000 && cp < 0x32000);
}

/* In the order: the style's own face, CJK, the face of the character's script, symbols. */
static const struct font_face *
search(enum font_style style, uint32_t cp)
{
    static const char *const symbols[] = {"Symbols2", "Math", "Symbols", "CJK"};
    hb_script_t script = hb_unicode_script(hb_unicode_funcs_get_default(), cp);
    bool bold = style == FONT_BOLD;
    const struct font_face *f = font_base_face(style);
    if (font_has(f, cp))
        return f;
    if (style == FONT_MONO && font_has(f = font_base_face(FONT_REGULAR), cp))
        return f;
    if (is_east_asian(cp) && (f = weighted("CJK", bold)) && font_has(f, cp))
        return f;
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
        if (scripts[i].script == script && (f = weighted(scripts[i].name, bold)) && font_has(f, cp))
            return f;
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
        if ((f = weighted(symbols[i], bold)) && font_has(f, cp))
            return f;
    return NULL;
}

const struct font_face *
font_face_for(enum font_style style, uint32_t cp)
{
    assert(style < FONT__STYLES);
    if (cp >= KNOWN)
        return search(style, cp);
    unsigned char *known = &fonts.known[style][cp];
    if (*known == UNKNOWN) {
        const struct font_face *f = search(style, cp);
        *known = f ? (unsigned char)(f->index + 1) : NOWHERE;
    }
    return *known == NOWHERE ? NULL : &fonts.slots[*known - 1].face;
}
