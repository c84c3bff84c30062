/* Where the lines of a text break. paragraph.c, cell.c and contents.c ask; only the width of words
 * (draw.c) stands below. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "render/layout/layout.h"

enum {
    LONGEST_WORD = 400, /* bytes; what is longer is broken without looking for its end */
    GLAD_BYTES = 24,    /* a word up to this length should stay whole */
};

/* ---- characters ---- */

static bool
is_one_of(const char *set, const char *s, int n)
{
    for (size_t i = 0, len = strlen(set); i < len;) {
        uint32_t cp = 0;
        int m = utf8_next(set + i, len - i, &cp);
        if (m == n && memcmp(set + i, s, (size_t)n) == 0)
            return true;
        i += (size_t)m;
    }
    return false;
}

/* Scripts without spaces: a line may end between any two characters, but for the exceptions. */
static bool
breaks_anywhere(uint32_t cp)
{
    return (cp >= 0x2e80 && cp < 0xa4d0) || (cp >= 0xac00 && cp < 0xd7b0) ||
           (cp >= 0xf900 && cp < 0xfb00) || (cp >= 0xff00 && cp < 0xffe0) || cp >= 0x20000;
}

/* A mark belongs to the character before. */
static bool
is_mark(uint32_t cp)
{
    return (cp >= 0x300 && cp < 0x370) || (cp >= 0x200c && cp < 0x200e) ||
           (cp >= 0x3099 && cp < 0x309b) || (cp >= 0xfe00 && cp < 0xfe10);
}

static const char not_first[] =
    "、。，．・：；？！゛゜ヽヾゝゞ々ー’”）〕］｝〉》」』】％℃ぁぃぅぇぉっゃゅょゎ"
    "ァィゥェォッャュョヮヵヶ,.;:!?)]}%";
static const char not_last[] = "‘“（〔［｛〈《「『【([{";

/* May a line end between the character at a and the one right behind it? */
static bool
may_break(const char *a, int a_len, uint32_t a_cp, const char *b, int b_len, uint32_t b_cp)
{
    if (!breaks_anywhere(a_cp) && !breaks_anywhere(b_cp))
        return false;
    return !is_mark(b_cp) && !is_one_of(not_first, b, b_len) && !is_one_of(not_last, a, a_len);
}

/* Bytes of the word at the start of s: up to a space or a place where a line may end. */
static size_t
word_length(struct str s)
{
    uint32_t cp = 0, next = 0;
    int n = utf8_next(s.s, s.len, &cp);
    size_t i = (size_t)n;
    while (i < s.len && s.s[i] != ' ' && i < LONGEST_WORD) {
        int m = utf8_next(s.s + i, s.len - i, &next);
        if (m == 0) /* only in what is measured before it is repaired */
            return i;
        if (may_break(s.s + i - n, n, cp, s.s + i, m, next))
            break;
        i += (size_t)m;
        n = m;
        cp = next;
    }
    return i;
}

/* Bytes of a word that is too long which fit; at least one character. Prefers to end behind a
 * character that divides paths, addresses and names. */
static size_t
fitting(const struct layout_style *s, struct str word, double width)
{
    double used = 0;
    size_t i = 0, good = 0;
    while (i < word.len) {
        uint32_t cp = 0;
        int n = utf8_next(word.s + i, word.len - i, &cp);
        assert(n > 0);
        used += layout_width(s, str_n(word.s + i, (size_t)n));
        if (used > width && i > 0 && !is_mark(cp))
            break;
        i += (size_t)n;
        if (strchr("/\\-_.:,;=&?@+", (int)(cp < 128 ? cp : 'x')) && i < word.len)
            good = i;
    }
    return good > i / 2 ? good : i;
}

/* ---- lines ---- */

/* The text without tabs and carriage returns, which no font has. */
static struct str
plain(struct arena *a, struct str s)
{
    char *copy = NULL;
    for (size_t i = 0; i < s.len; i++) {
        if (s.s[i] != '\t' && s.s[i] != '\r')
            continue;
        if (!copy)
            copy = arena_copy(a, s.s, s.len);
        copy[i] = ' ';
    }
    return utf8_repair(a, copy ? str_n(copy, s.len) : s);
}

/* The first line of s; *ret_skip is where the next begins. */
static struct str
first_line(const struct layout_style *s, struct str text, double width, size_t *ret_skip)
{
    double used = 0, space = layout_width(s, STR(" "));
    size_t end = 0, i = 0; /* end of what fits, with the spaces behind it */
    while (i < text.len) {
        struct str rest = str_n(text.s + i, text.len - i);
        size_t n = rest.s[0] == ' ' ? 0 : word_length(rest);
        double w = n ? layout_width(s, str_n(rest.s, n)) : 0;
        if (used + w > width + 0.01) {
            if (end == 0)
                end = fitting(s, rest, width);
            break;
        }
        used += w;
        for (i += n; i < text.len && text.s[i] == ' '; i++)
            used += space;
        end = i;
    }
    assert(end > 0 && end <= text.len);
    *ret_skip = end;
    /* One space stays, so that extracted words do not run together. */
    while (end > 1 && text.s[end - 1] == ' ' && text.s[end - 2] == ' ')
        end--;
    return str_n(text.s, end);
}

struct layout_lines
layout_wrap(struct arena *a, const struct layout_style *s, struct str text, double width)
{
    struct layout_lines lines = {0};
    struct str rest = plain(a, text);
    bool more = rest.len > 0;
    while (more) {
        more = memchr(rest.s, '\n', rest.len) != NULL;
        struct str one = str_cut(&rest, '\n');
        if (one.len == 0)
            *VEC_PUSH(a, &lines.v) = STR("");
        while (one.len) {
            size_t skip = 0;
            *VEC_PUSH(a, &lines.v) = first_line(s, one, width, &skip);
            assert(skip > 0);
            one = str_n(one.s + skip, one.len - skip);
        }
    }
    return lines;
}

double
layout_word_width(const struct layout_style *s, struct str text)
{
    double widest = 0;
    enum { LOOK_AT = 2000 };
    text = utf8_cut(text, LOOK_AT);
    while (text.len) {
        if (text.s[0] == ' ' || text.s[0] == '\n' || text.s[0] == '\t') {
            text = str_n(text.s + 1, text.len - 1);
            continue;
        }
        uint32_t cp = 0;
        size_t n = utf8_next(text.s, text.len, &cp) > 0 ? word_length(text) : 1;
        assert(n > 0);
        widest = fmax(widest, layout_width(s, utf8_cut(str_n(text.s, n), GLAD_BYTES)));
        text = str_n(text.s + n, text.len - n);
    }
    return widest;
}
