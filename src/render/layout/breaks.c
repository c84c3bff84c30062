/* Places where lines of Japanese and its neighbours may end: libunibreak says which, the scripts on
 * both sides how good they are. wrap.c chooses among them. */
#include "render/layout/breaks.h"

#include <linebreak.h>

#include "base/utf8.h"

enum script { LATIN, DIGIT, HAN, HIRAGANA, KATAKANA, HANGUL, OPENING, CLOSING, OTHER };

/* Scripts without spaces; in other text a line ends at spaces, so that names and paths stay whole. */
static bool
is_dense(uint32_t cp)
{
    return (cp >= 0x2e80 && cp < 0xa4d0) || (cp >= 0xac00 && cp < 0xd7b0) ||
           (cp >= 0xf900 && cp < 0xfb00) || (cp >= 0xff00 && cp < 0xffe0) || cp >= 0x20000;
}

static enum script
script_of(uint32_t cp)
{
    static const uint32_t opening[] = {'(',    '[',    '{',    0x3008, 0x300a, 0x300c,
                                       0x300e, 0x3010, 0x3014, 0xff08, 0xff3b, 0xff5b};
    static const uint32_t closing[] = {')',    ']',    '}',    ',',    ';',    0x3001, 0x3002,
                                       0x3009, 0x300b, 0x300d, 0x300f, 0x3011, 0x3015, 0xff01,
                                       0xff09, 0xff0c, 0xff0e, 0xff1a, 0xff1b, 0xff1f, 0x30fb};
    for (size_t i = 0; i < sizeof opening / sizeof *opening; i++)
        if (opening[i] == cp)
            return OPENING;
    for (size_t i = 0; i < sizeof closing / sizeof *closing; i++)
        if (closing[i] == cp)
            return CLOSING;
    if ((cp >= '0' && cp <= '9') || (cp >= 0xff10 && cp <= 0xff19))
        return DIGIT;
    if (cp < 0x2000)
        return LATIN;
    if (cp >= 0x3041 && cp < 0x30a0)
        return HIRAGANA;
    if (cp >= 0x30a0 && cp < 0x3100)
        return KATAKANA;
    if (cp >= 0xac00 && cp < 0xd7b0)
        return HANGUL;
    if (cp == 0x3005 || (cp >= 0x3400 && cp < 0xa000) || cp >= 0x20000)
        return HAN;
    return OTHER;
}

/* A letter on its way through the text. */
struct letter {
    enum script script;
    uint32_t cp;
    size_t at, end;
    size_t run; /* letters of its script in front of it */
};

static struct letter
letter_at(struct str text, size_t at, const struct letter *before)
{
    struct letter l = {.at = at};
    int n = utf8_next(text.s + at, text.len - at, &l.cp);
    l.end = at + (n > 0 ? (size_t)n : 1);
    l.script = script_of(l.cp);
    l.run = before && before->script == l.script ? before->run + 1 : 0;
    return l;
}

/* Words of Chinese origin have two letters: 保存|期間 is two of them, 合格率 is one. */
static bool
ends_a_pair(struct str text, const struct letter *b)
{
    enum { SHORTEST = 4, LONGEST = 16 };
    size_t all = b->run + 1;
    for (struct letter l = *b; l.end < text.len && all < LONGEST; all++) {
        l = letter_at(text, l.end, &l);
        if (l.script != HAN)
            break;
    }
    return all >= SHORTEST && all % 2 == 0 && b->run % 2 == 0;
}

/* How well a line ends between two letters; the rules allow it. */
static enum layout_break
quality(struct str text, const struct letter *a, const struct letter *b)
{
    if (a->script == CLOSING || b->script == OPENING)
        return LAYOUT_BREAK_PHRASE;
    if (a->script == b->script)
        return a->script == HAN && ends_a_pair(text, b) ? LAYOUT_BREAK_PAIR : LAYOUT_BREAK_TORN;
    if (a->script == DIGIT || b->script == DIGIT) /* a number stays with what it counts */
        return a->script == HIRAGANA ? LAYOUT_BREAK_WORD : LAYOUT_BREAK_TORN;
    if (b->script == HIRAGANA) /* an ending or a particle belongs to what is before */
        return LAYOUT_BREAK_TORN;
    if (a->script == HIRAGANA)
        return LAYOUT_BREAK_WORD;
    return LAYOUT_BREAK_PAIR;
}

/* Small letters and long vowels never begin a line, whatever the version of the library says. */
static bool
belongs_to_before(uint32_t cp)
{
    static const uint32_t small[] = {0x3041, 0x3043, 0x3045, 0x3047, 0x3049, 0x3063, 0x3083,
                                     0x3085, 0x3087, 0x308e, 0x3095, 0x3096, 0x30a1, 0x30a3,
                                     0x30a5, 0x30a7, 0x30a9, 0x30c3, 0x30e3, 0x30e5, 0x30e7,
                                     0x30ee, 0x30f5, 0x30f6, 0x30fc, 0x30fb, 0x3005};
    for (size_t i = 0; i < sizeof small / sizeof *small; i++)
        if (small[i] == cp)
            return true;
    return utf8_is_mark(cp) || utf8_is_hidden(cp);
}

static bool
has_dense(struct str text)
{
    enum { FIRST_LEAD = 0xe2 }; /* of U+2E80 */
    for (size_t i = 0; i < text.len; i++) {
        uint32_t cp = 0;
        if ((unsigned char)text.s[i] >= FIRST_LEAD &&
            utf8_next(text.s + i, text.len - i, &cp) > 0 && is_dense(cp))
            return true;
    }
    return false;
}

/* What the rules say, a letter each. U+FFFF ends a text for some versions of the library, which then
 * give up the process. */
static char *
ask_rules(struct arena *a, struct str text)
{
    enum { NO_LETTER = 0xffff, REPLACEMENT = 0xfffd };
    static bool is_ready;
    utf32_t *cps = ARENA_ARRAY(a, utf32_t, text.len);
    char *rules = ARENA_ARRAY(a, char, text.len);
    size_t n = 0;
    for (size_t i = 0; i < text.len; n++) {
        struct letter l = letter_at(text, i, NULL);
        cps[n] = l.cp == NO_LETTER ? REPLACEMENT : l.cp;
        i = l.end;
    }
    if (!is_ready)
        init_linebreak();
    is_ready = true;
    set_linebreaks_utf32(cps, n, "ja", rules);
    return rules;
}

const unsigned char *
layout_breaks(struct arena *a, struct str text)
{
    if (!has_dense(text))
        return NULL;
    unsigned char *ret = ARENA_ARRAY(a, unsigned char, text.len); /* LAYOUT_BREAK_NEVER */
    const char *rule = ask_rules(a, text);
    for (struct letter l = letter_at(text, 0, NULL); l.end < text.len; rule++) {
        struct letter next = letter_at(text, l.end, &l);
        bool may = *rule == LINEBREAK_ALLOWBREAK && l.cp != ' ' && next.cp != ' ';
        if (may && (is_dense(l.cp) || is_dense(next.cp)) && !belongs_to_before(next.cp))
            ret[next.at] = (unsigned char)quality(text, &l, &next);
        l = next;
    }
    return ret;
}
