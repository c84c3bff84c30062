/* Fonts: which face draws what, what a glyph spells, and that no text and no font file can break
 * the shaping or the subset. */
#include <math.h>

#include <hb.h>

#include "check.h"

#include "base/utf8.h"
#include "render/font/cff.h"
#include "render/font/embed.h"

static struct font_text
shape(struct arena *a, enum font_style style, const char *s)
{
    return font_shape(style, 10, str_c(s), a);
}

/* What must hold of any text: real glyphs, clusters inside, widths that add up. */
static void
check_sound(const struct font_text *t)
{
    double width = 0;
    bool sound = true;
    for (size_t i = 0; i < t->n_runs; i++) {
        const struct font_run *r = &t->runs[i];
        double own = 0;
        for (size_t g = 0; g < r->n_glyphs; g++) {
            sound = sound && r->glyphs[g].cluster < r->text.len;
            sound = sound && r->glyphs[g].id < r->face->n_glyphs;
            own += r->glyphs[g].advance;
        }
        sound = sound && fabs(own - r->width) < 0.01 + 1e-6 * own;
        width += r->width;
    }
    CHECK(sound);
    CHECK(fabs(width - t->width) < 0.01 + 1e-6 * width);
}

static void
test_width(struct arena *a)
{
    struct font_text t = shape(a, FONT_REGULAR, "Ensure IP forwarding is disabled");
    check_sound(&t);
    CHECK(t.width > 120 && t.width < 170);
    CHECK(fabs(font_width(FONT_REGULAR, 10, STR("Ensure IP forwarding is disabled")) - t.width) <
          1e-6);
    CHECK(fabs(font_width(FONT_REGULAR, 20, STR("Ensure IP")) -
               2 * font_width(FONT_REGULAR, 10, STR("Ensure IP"))) < 1e-6);
    CHECK(font_width(FONT_BOLD, 10, STR("word")) > font_width(FONT_REGULAR, 10, STR("word")));
    CHECK(font_width(FONT_REGULAR, 10, STR("")) == 0);
    CHECK(shape(a, FONT_REGULAR, "").n_runs == 0);
    /* Numbers stand in columns: all digits are as wide as each other. */
    for (const char *s = "023456789"; *s; s++)
        for (int style = 0; style < FONT__STYLES; style++)
            CHECK(font_width(style, 10, str_n(s, 1)) == font_width(style, 10, STR("1")));
    CHECK(font_width(FONT_MONO, 10, STR("iiii")) == font_width(FONT_MONO, 10, STR("WWWW")));
}

static void
test_fallback(struct arena *a)
{
    static const char *const lines[] = {"Tiếng Việt Έκθεση déjà",
                                        "✓ ✗ – ! ? ⏸ ▲ ▼ ≥ ÷ ·",
                                        "العربية",
                                        "עברית",
                                        "ไทย",
                                        "हिन्दी",
                                        "한국어",
                                        "e\xcc\x81 a\xcc\x8a\xcc\x82"};
    const struct font_face *base = font_base_face(FONT_REGULAR);
    struct font_text t = shape(a, FONT_REGULAR, "監査A");
    check_sound(&t);
    CHECK(t.n_runs == 2 && t.runs[0].face != base && t.runs[1].face == base);
    CHECK_STR(t.runs[0].text, "監査");
    t = shape(a, FONT_BOLD, "監");
    CHECK(t.runs[0].face != font_face_for(FONT_REGULAR, 0x76e3)); /* bold has its own */
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        t = shape(a, FONT_REGULAR, lines[i]);
        check_sound(&t);
        for (size_t r = 0; r < t.n_runs; r++)
            for (size_t g = 0; g < t.runs[r].n_glyphs; g++)
                CHECK(t.runs[r].glyphs[g].id != 0);
    }
}

static void
test_actual(struct arena *a)
{
    struct font_text t = shape(a, FONT_REGULAR, "a😀b");
    check_sound(&t);
    CHECK(t.n_runs == 3);
    CHECK_STR(t.runs[1].text, "U+1F600"); /* seen */
    CHECK_STR(t.runs[1].actual, "😀");     /* read */
    CHECK(t.runs[1].face == font_base_face(FONT_MONO));
    CHECK(t.runs[0].actual.len == 0);
    t = shape(a, FONT_REGULAR, "b⚠️c👩‍💻"); /* a selector and a joiner show nothing */
    check_sound(&t);
    for (size_t i = 0; i < t.n_runs; i++)
        CHECK(!str_starts(t.runs[i].text, "U+FE0F") && !str_starts(t.runs[i].text, "U+200D"));
}

/* ---- from right to left ---- */

/* The texts of the runs as they stand on paper, from left to right. */
static struct str
seen(struct arena *a, const char *text)
{
    struct font_text t = shape(a, FONT_REGULAR, text);
    struct str out = STR("");
    double x = 0;
    check_sound(&t);
    for (size_t k = 0; k < t.n_runs; k++)
        for (size_t i = 0; i < t.n_runs; i++)
            if (fabs(t.runs[i].x - x) < 0.01 && t.runs[i].width > 0) {
                out = arena_fmt(a, "%.*s%.*s", STR_ARG(out), STR_ARG(t.runs[i].text));
                x += t.runs[i].width;
                break;
            }
    CHECK(fabs(x - t.width) < 0.01); /* no gap, nothing on top of each other */
    return out;
}

static void
test_order(struct arena *a)
{
    CHECK_STR(seen(a, "one two"), "one two");
    CHECK_STR(seen(a, "say שלום עולם now"), "say עולם שלום now");
    CHECK_STR(seen(a, "port ב 80 של"), "port של 80 ב");
    CHECK_STR(seen(a, "العربية كلمة"), "كلمة العربية");
    CHECK_STR(seen(a, "監査 שלום עולם 監査"), "監査 עולם שלום 監査");
    /* a line that runs from right to left as a whole */
    CHECK_STR(seen(a, FONT_LEFTWARD "של root ב"), "ב root של");
    CHECK_STR(seen(a, FONT_LEFTWARD "של 14 ב!"), "!ב 14 של");
    CHECK_STR(seen(a, FONT_LEFTWARD "של ב "), " ב של");
    CHECK_STR(seen(a, FONT_LEFTWARD), "");
    CHECK(font_reads_leftward(STR("- 12 שלום abc")) && !font_reads_leftward(STR("abc שלום")));
    CHECK(!font_reads_leftward(STR("12")) && !font_reads_leftward(STR("監査")));

    struct font_text t = shape(a, FONT_REGULAR, "שלום");
    CHECK(t.runs[0].actual.len == 0);                                 /* the glyphs tell it */
    CHECK(t.runs[0].glyphs[0].cluster > t.runs[0].glyphs[3].cluster); /* drawn right to left */
    /* a bracket turns round with its text */
    t = shape(a, FONT_REGULAR, "(");
    uint32_t opening = t.runs[0].glyphs[0].id;
    t = shape(a, FONT_REGULAR, FONT_LEFTWARD "(");
    CHECK(t.runs[0].glyphs[0].id != opening);
}

static void
test_heaps(struct arena *a)
{
    CHECK(!shape(a, FONT_REGULAR, "Tiếng Việt e\xcc\x81\xcc\xa3 عَرَبِيّ").is_heaped);
    CHECK(shape(a, FONT_REGULAR, "ab Z\xcc\xb8\xcc\xa1\xcc\xa2\xcc\x9b x").is_heaped);
}

/* ---- subsets ---- */

static struct str
subset(struct arena *a, const struct font_face *f, const char *text, size_t *ret_n)
{
    struct diag d = diag_init(a);
    struct str bytes = STR(""), s = str_c(text);
    uint32_t glyphs[32] = {0};
    for (*ret_n = 0; s.len && *ret_n < 32; ++*ret_n) {
        uint32_t cp = 0;
        int n = utf8_next(s.s, s.len, &cp);
        CHECK(hb_font_get_nominal_glyph(f->font, cp, &glyphs[*ret_n]));
        s = str_n(s.s + n, s.len - (size_t)n);
    }
    CHECK(font_embed_subset(f, glyphs, *ret_n, a, &bytes, &d) == 0);
    return bytes;
}

static void
test_subset(struct arena *a)
{
    size_t n = 0;
    const struct font_face *base = font_base_face(FONT_REGULAR);
    struct str bytes = subset(a, base, "Έaé", &n);
    CHECK(bytes.len > 500 && bytes.len < 60000);
    hb_blob_t *blob = hb_blob_create(bytes.s, (unsigned)bytes.len, HB_MEMORY_MODE_READONLY, 0, 0);
    hb_face_t *face = hb_face_create(blob, 0);
    hb_codepoint_t glyph = 0;
    CHECK(hb_font_get_nominal_glyph(base->font, 0xe9, &glyph));
    CHECK(hb_face_get_glyph_count(face) > glyph); /* numbers were kept */
    hb_font_t *font = hb_font_create(face);
    CHECK(hb_font_get_glyph_h_advance(font, glyph) * 1000.0 / base->upem ==
          font_embed_width(base, glyph));
    hb_font_destroy(font);
    hb_face_destroy(face);
    hb_blob_destroy(blob);
}

static void
test_cff(struct arena *a)
{
    const struct font_face *cjk = font_face_for(FONT_REGULAR, 0x76e3);
    struct font_embed_facts facts = font_embed_facts(cjk, a);
    size_t n = 0;
    CHECK(facts.cff && str_starts(facts.name, "NotoSansCJK"));
    CHECK(facts.ascent > 700 && facts.descent < 0);
    struct str bytes = subset(a, cjk, "監査日時", &n);
    CHECK(bytes.len < 20000);
    /* The subset has few glyphs, and they are still found by the CIDs they had. */
    CHECK(font_cff_numbers(bytes, n + 1) == FONT_CFF_OTHER_CIDS);
    hb_blob_t *table = hb_face_reference_table(cjk->face, HB_TAG('C', 'F', 'F', ' '));
    unsigned len = 0;
    const char *p = hb_blob_get_data(table, &len);
    CHECK(font_cff_numbers(str_n(p, len), cjk->n_glyphs) == FONT_CFF_CIDS_ARE_GLYPHS);
    /* Any cut and any changed byte of the head is read without harm. */
    for (size_t cut = 0; cut < 600; cut++)
        CHECK(font_cff_numbers(arena_str(a, str_n(p, cut)), cjk->n_glyphs) == FONT_CFF_BROKEN);
    for (size_t i = 0; i < bytes.len; i++) {
        char *copy = arena_copy(a, bytes.s, 400 < bytes.len ? 400 : bytes.len);
        copy[i % 400] = (char)(copy[i % 400] ^ (1 << i % 8) ^ (int)(i / 400));
        CHECK(font_cff_numbers(str_n(copy, 400), n + 1) <= FONT_CFF_OTHER_CIDS);
    }
    hb_blob_destroy(table);
}

/* ---- texts of hosts ---- */

static uint32_t seed = 20231001;

static uint32_t
next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    return seed ^= seed << 5;
}

static void
test_random(struct arena *a)
{
    static const uint32_t starts[] = {0x20,    0xa0,    0x300,   0x590,   0x600,  0x900,
                                      0xe00,   0x1000,  0x1780,  0x2000,  0x20d0, 0x2600,
                                      0x3000,  0x4e00,  0xac00,  0xe000,  0xfe00, 0xffe0,
                                      0x1d400, 0x1f600, 0xe0100, 0x10ff80};
    for (int round = 0; round < 400; round++) {
        char text[400];
        size_t n = 0;
        while (n < 150) {
            uint32_t cp = starts[next_random() % (sizeof starts / sizeof *starts)];
            n += (size_t)utf8_put(text + n, cp + next_random() % 96);
            if (round % 4 == 0)
                text[n++] = (char)next_random(); /* not always UTF-8 */
        }
        struct font_text t = font_shape(round % FONT__STYLES, 9.2, str_n(text, n), a);
        check_sound(&t);
        CHECK(fabs(font_width(round % FONT__STYLES, 9.2, str_n(text, n)) - t.width) < 0.01);
    }
}

int
main(void)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    const struct str nowhere = STR("/nowhere");
    CHECK(font_init(&nowhere, 1, &d) == 0);
    CHECK(font_init(NULL, 0, &d) == 0); /* again */
    test_width(a);
    test_fallback(a);
    test_actual(a);
    test_order(a);
    test_heaps(a);
    test_subset(a);
    test_cff(a);
    test_random(a);
    arena_free(a);
    return CHECK_DONE();
}
