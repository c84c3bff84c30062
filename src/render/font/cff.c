/* Reads the head of a CFF table; embed.c asks before it cuts a subset. */
#include "render/font/cff.h"

#include <assert.h>

/* A position in the table; past its end it stays there and says so. */
struct cursor {
    struct str t;
    size_t at;
    bool bad;
};

static uint32_t
take_bytes(struct cursor *c, size_t bytes)
{
    uint32_t v = 0;
    assert(bytes <= 4);
    if (c->bad || c->at > c->t.len || c->t.len - c->at < bytes) {
        c->bad = true;
        return 0;
    }
    for (size_t i = 0; i < bytes; i++)
        v = v << 8 | (unsigned char)c->t.s[c->at++];
    return v;
}

/* Passes an INDEX and gives the bytes of its first entry. */
static struct str
take_index(struct cursor *c)
{
    uint32_t n = take_bytes(c, 2);
    if (n == 0)
        return STR("");
    uint32_t width = take_bytes(c, 1);
    if (width < 1 || width > 4) {
        c->bad = true;
        return STR("");
    }
    size_t offsets = c->at, data = offsets + (size_t)(n + 1) * width - 1;
    uint32_t first = take_bytes(c, width), second = take_bytes(c, width);
    c->at = offsets + (size_t)n * width;
    uint32_t last = take_bytes(c, width);
    if (c->bad || first < 1 || second < first || last < second || c->t.len < data + last) {
        c->bad = true;
        return STR("");
    }
    c->at = data + last;
    return str_n(c->t.s + data + first, second - first);
}

/* ---- the Top DICT ---- */

struct top {
    bool has_cids;
    long charset;
};

/* An operand of a DICT beginning with b0; reals are passed over. */
static long
take_operand(struct cursor *c, uint32_t b0)
{
    enum { REAL = 30, REAL_END = 15 };
    if (b0 == 28)
        return (int16_t)take_bytes(c, 2);
    if (b0 == 29)
        return (int32_t)take_bytes(c, 4);
    if (b0 == REAL) {
        uint32_t b = 0;
        do
            b = take_bytes(c, 1);
        while (!c->bad && (b & 15) != REAL_END && b >> 4 != REAL_END);
        return 0;
    }
    if (b0 >= 32 && b0 <= 246)
        return (long)b0 - 139;
    if (b0 >= 247 && b0 <= 250)
        return ((long)b0 - 247) * 256 + (long)take_bytes(c, 1) + 108;
    if (b0 >= 251 && b0 <= 254)
        return -((long)b0 - 251) * 256 - (long)take_bytes(c, 1) - 108;
    c->bad = true;
    return 0;
}

static struct top
read_top(struct str dict, bool *ret_bad)
{
    enum { ESCAPE = 12, ROS = 30, CHARSET = 15, OPERATORS = 22 };
    struct cursor c = {.t = dict};
    struct top top = {0};
    long operand = 0;
    while (c.at < dict.len && !c.bad) {
        uint32_t b0 = take_bytes(&c, 1);
        if (b0 >= OPERATORS)
            operand = take_operand(&c, b0);
        else if (b0 == ESCAPE)
            top.has_cids = take_bytes(&c, 1) == ROS || top.has_cids;
        else if (b0 == CHARSET)
            top.charset = operand;
    }
    *ret_bad = c.bad;
    return top;
}

/* ---- the charset ---- */

/* True when glyph 1, 2, 3 … have the CIDs 1, 2, 3 … */
static bool
is_identity(struct cursor *c, size_t n_glyphs)
{
    uint32_t format = take_bytes(c, 1);
    size_t glyph = 1;
    while (glyph < n_glyphs && !c->bad) {
        uint32_t first = take_bytes(c, 2);
        uint32_t left = format == 0 ? 0 : take_bytes(c, format == 1 ? 1 : 2);
        if (first != glyph || format > 2)
            return false;
        glyph += 1 + (size_t)left;
    }
    return !c->bad;
}

enum font_cff_numbers
font_cff_numbers(struct str table, size_t n_glyphs)
{
    enum { PREDEFINED = 2 };
    struct cursor c = {.t = table};
    bool bad = false;
    take_bytes(&c, 2); /* version */
    c.at = take_bytes(&c, 1);
    take_index(&c); /* names */
    struct top top = read_top(take_index(&c), &bad);
    if (c.bad || bad || top.charset < 0)
        return FONT_CFF_BROKEN;
    if (!top.has_cids)
        return FONT_CFF_NAMES;
    if (top.charset <= PREDEFINED)
        return FONT_CFF_OTHER_CIDS;
    c.at = (size_t)top.charset;
    bool same = is_identity(&c, n_glyphs);
    return c.bad ? FONT_CFF_BROKEN : same ? FONT_CFF_CIDS_ARE_GLYPHS : FONT_CFF_OTHER_CIDS;
}
