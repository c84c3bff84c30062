/* Text -> glyphs, with a cache of words: the same words return in every row of a report. font.c
 * finds the faces, bidi.c the order; layout measures and pdf/text.c draws what comes out. */
#include <assert.h>
#include <string.h>

#include <hb-ot.h>

#include "base/map.h"
#include "base/utf8.h"
#include "render/font/bidi.h"
#include "render/font/parts.h"

enum {
    CACHED_WORD_BYTES = 96,         /* longer ones do not return */
    CACHE_BYTES = 48 * 1024 * 1024, /* then the cache starts again */
    HEAP = 3,                       /* as many marks on a letter are a heap */
};

/* A word at size 1. */
struct word {
    struct font_run *runs;
    size_t n_runs;
    double width;
    bool is_heaped;
};

static struct {
    struct arena *arena;
    struct map *words[FONT__STYLES][2]; /* from left to right, from right to left */
    hb_buffer_t *buffer;
} cache;

static void
prepare_cache(void)
{
    if (cache.arena && arena_used(cache.arena) < CACHE_BYTES)
        return;
    arena_free(cache.arena);
    cache.arena = arena_new();
    for (int i = 0; i < FONT__STYLES; i++)
        for (int rtl = 0; rtl < 2; rtl++)
            cache.words[i][rtl] = map_new(cache.arena);
    if (!cache.buffer)
        cache.buffer = hb_buffer_create();
}

/* ---- one run ---- */

static void
take_glyphs(struct font_run *run, struct arena *a)
{
    unsigned n = 0;
    double em = run->face->upem;
    const hb_glyph_info_t *info = hb_buffer_get_glyph_infos(cache.buffer, &n);
    const hb_glyph_position_t *pos = hb_buffer_get_glyph_positions(cache.buffer, &n);
    run->glyphs = ARENA_ARRAY(a, struct font_glyph, n);
    run->n_glyphs = n;
    for (unsigned i = 0; i < n; i++) {
        run->glyphs[i] = (struct font_glyph){.id = info[i].codepoint,
                                             .cluster = info[i].cluster,
                                             .advance = pos[i].x_advance / em,
                                             .dx = pos[i].x_offset / em,
                                             .dy = pos[i].y_offset / em};
        run->width += run->glyphs[i].advance;
        assert(run->glyphs[i].cluster < run->text.len);
    }
}

static struct font_run
shape_run(const struct font_face *face, struct str text, bool rtl, struct arena *a)
{
    struct font_run run = {.face = face, .text = text};
    hb_buffer_t *b = cache.buffer;
    hb_buffer_clear_contents(b);
    hb_buffer_set_cluster_level(b, HB_BUFFER_CLUSTER_LEVEL_MONOTONE_CHARACTERS);
    hb_buffer_add_utf8(b, text.s, (int)text.len, 0, (int)text.len);
    hb_buffer_set_direction(b, rtl ? HB_DIRECTION_RTL : HB_DIRECTION_LTR);
    hb_buffer_guess_segment_properties(b); /* script and language */
    /* The kerning of full-width scripts is meant for proportional kana, which are not asked for;
     * without it a line is as wide as its characters. */
    hb_script_t script = hb_buffer_get_script(b);
    bool is_full_width = script == HB_SCRIPT_HAN || script == HB_SCRIPT_HIRAGANA ||
                         script == HB_SCRIPT_KATAKANA || script == HB_SCRIPT_HANGUL;
    hb_feature_t no_kerning = {HB_TAG('k', 'e', 'r', 'n'), 0, 0, (unsigned)-1};
    hb_shape(face->font, b, &no_kerning, is_full_width ? 1 : 0);
    take_glyphs(&run, a);
    return run;
}

/* ---- one word ---- */

static bool
joins(uint32_t cp)
{
    hb_unicode_general_category_t c =
        hb_unicode_general_category(hb_unicode_funcs_get_default(), cp);
    return c == HB_UNICODE_GENERAL_CATEGORY_NON_SPACING_MARK ||
           c == HB_UNICODE_GENERAL_CATEGORY_ENCLOSING_MARK ||
           c == HB_UNICODE_GENERAL_CATEGORY_SPACING_MARK || c == HB_UNICODE_GENERAL_CATEGORY_FORMAT;
}

/* Selectors and joiners show nothing, in whatever face: HarfBuzz leaves them out. */
static bool
is_silent(uint32_t cp)
{
    return (cp >= 0xfe00 && cp < 0xfe10) || (cp >= 0x200b && cp < 0x200e) || cp == 0x2060 ||
           (cp >= 0xe0100 && cp < 0xe01f0);
}

/* Bytes at the start of s that one face draws; *ret NULL: one character that none has. Marks and
 * joiners stay with the character they belong to when its face has them. */
static size_t
one_face(enum font_style style, struct str s, const struct font_face **ret, uint32_t *ret_cp)
{
    const struct font_face *face = NULL;
    size_t i = 0;
    while (i < s.len) {
        uint32_t cp = 0;
        int n = utf8_next(s.s + i, s.len - i, &cp);
        assert(n > 0); /* repaired before */
        bool stays = i > 0 && is_silent(cp);
        stays = stays || (face && (cp == ' ' || joins(cp)) && font_has(face, cp));
        const struct font_face *own = stays ? face : font_face_for(style, cp);
        if (i && (own != face || (!own && !stays)))
            break;
        face = own;
        *ret_cp = i == 0 ? cp : *ret_cp;
        i += (size_t)n;
    }
    *ret = face;
    return i;
}

/* Do as many marks follow each other as no script needs? */
static bool
has_heap(struct str s)
{
    int marks = 0;
    for (size_t i = 0; i < s.len && marks < HEAP;) {
        uint32_t cp = 0;
        i += (size_t)utf8_next(s.s + i, s.len - i, &cp);
        marks = utf8_is_mark(cp) ? marks + 1 : 0;
    }
    return marks == HEAP;
}

static struct word
shape_word(enum font_style style, struct str s, bool rtl, struct arena *a)
{
    VEC(struct font_run) runs = {0};
    struct word w = {.is_heaped = has_heap(s)};
    while (s.len) {
        const struct font_face *face = NULL;
        uint32_t cp = 0;
        size_t n = one_face(style, s, &face, &cp);
        struct str text = arena_str(a, str_n(s.s, n));
        struct font_run *run = VEC_PUSH(a, &runs);
        if (face) {
            *run = shape_run(face, text, rtl, a);
        } else { /* no face has it: its code point, which says more than an empty box */
            struct str name = arena_fmt(a, "U+%04X", (unsigned)cp);
            *run = shape_run(font_base_face(FONT_MONO), name, false, a);
            run->actual = text;
        }
        w.width += run->width;
        s = str_n(s.s + n, s.len - n);
    }
    w.runs = runs.v;
    w.n_runs = runs.n;
    return w;
}

/* The word from the cache, or shaped into *store and a (long ones). */
static const struct word *
find_word(enum font_style style, struct str s, bool rtl, struct word *store, struct arena *a)
{
    struct map *words = cache.words[style][rtl];
    if (s.len > CACHED_WORD_BYTES) {
        *store = shape_word(style, s, rtl, a);
        return store;
    }
    struct word *w = map_get(words, s);
    if (w)
        return w;
    w = ARENA_NEW(cache.arena, struct word);
    *w = shape_word(style, s, rtl, cache.arena);
    map_put(words, arena_str(cache.arena, s), w);
    return w;
}

/* The next stretch of spaces or of other characters, all of one level where there are levels. */
static struct str
next_word(struct str s, const signed char *levels)
{
    size_t n = 1;
    bool space = s.s[0] == ' ';
    while (n < s.len && (s.s[n] == ' ') == space && (!levels || levels[n] == levels[0]))
        n++;
    return str_n(s.s, n);
}

/* ---- lines ---- */

static void
append(struct arena *a, struct font_run *to, const struct font_run *from, double size)
{
    *to = *from;
    to->width *= size;
    to->glyphs = arena_copy(a, from->glyphs, from->n_glyphs * sizeof *from->glyphs);
    for (size_t i = 0; i < to->n_glyphs; i++) {
        to->glyphs[i].advance *= size;
        to->glyphs[i].dx *= size;
        to->glyphs[i].dy *= size;
    }
    to->text = arena_str(a, from->text); /* the cache may start again */
    if (from->actual.len)
        to->actual = arena_str(a, from->actual);
}

/* A line of one direction, or with the level of each byte. */
static struct font_text
shape_line(enum font_style style, double size, struct str s, const signed char *levels,
           struct arena *a)
{
    VEC(struct font_run) runs = {0};
    VEC(signed char) run_levels = {0};
    struct font_text t = {0};
    for (size_t at = 0; at < s.len;) {
        const signed char *here = levels ? levels + at : NULL;
        struct str one = next_word(str_n(s.s + at, s.len - at), here);
        struct word store;
        const struct word *w = find_word(style, one, here && (*here & 1), &store, a);
        for (size_t i = 0; i < w->n_runs; i++) {
            struct font_run *run = VEC_PUSH(a, &runs);
            append(a, run, &w->runs[i], size);
            run->x = t.width;
            t.width += run->width;
            if (here)
                *VEC_PUSH(a, &run_levels) = *here;
        }
        t.is_heaped = t.is_heaped || w->is_heaped;
        at += one.len;
    }
    if (levels)
        font_bidi_place(runs.v, run_levels.v, runs.n);
    t.runs = runs.v;
    t.n_runs = runs.n;
    return t;
}

struct font_text
font_shape(enum font_style style, double size_pt, struct str s, struct arena *a)
{
    bool rtl = str_starts(s, FONT_LEFTWARD);
    const signed char *levels = NULL;
    prepare_cache();
    s = utf8_repair(a, rtl ? str_n(s.s + strlen(FONT_LEFTWARD), s.len - strlen(FONT_LEFTWARD)) : s);
    if (s.len && (rtl || font_bidi_matters(s)))
        levels = font_bidi_levels(s, rtl, a);
    return shape_line(style, size_pt, s, levels, a);
}

double
font_width(enum font_style style, double size_pt, struct str s)
{
    double width = 0;
    struct arena *scratch = NULL;
    prepare_cache();
    bool turns = font_bidi_matters(s); /* then the level of a word tells its direction */
    if (turns || s.len > CACHED_WORD_BYTES || !utf8_valid(s)) {
        scratch = arena_new();
        s = utf8_repair(scratch, s);
    }
    if (turns) {
        width = font_shape(style, 1, s, scratch).width;
        s.len = 0;
    }
    while (s.len) {
        struct str one = next_word(s, NULL);
        struct word store;
        width += find_word(style, one, false, &store, scratch)->width;
        s = str_n(s.s + one.len, s.len - one.len);
    }
    arena_free(scratch);
    return width * size_pt;
}
