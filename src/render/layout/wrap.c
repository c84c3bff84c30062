/* Where the lines of a text break. paragraph.c, cell.c and contents.c ask; breaks.c knows where a line
 * of a script without spaces may end, draw.c how wide words are. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "render/layout/breaks.h"
#include "render/layout/layout.h"

enum {
    LONGEST_WORD = 400, /* bytes; what is longer is broken without looking for its end */
    GLAD_BYTES = 24,    /* a word up to this length should stay whole */
};

/* ---- words ---- */

/* Bytes of the word at the start of s: up to a blank or a place where a line may end at least that
 * well. */
static size_t
word_length(struct str s, const unsigned char *breaks, enum layout_break least)
{
    size_t i = 1;
    while (i < s.len && s.s[i] != ' ' && s.s[i] != '\n' && i < LONGEST_WORD &&
           !(breaks && breaks[i] >= least))
        i++;
    while (i < s.len && ((unsigned char)s.s[i] & 0xc0) == 0x80) /* a whole character */
        i++;
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
        if (used > width && i > 0 && !utf8_is_mark(cp) && !utf8_is_hidden(cp))
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

/* A text that is being broken. */
struct wrap {
    const struct layout_style *style;
    struct str text;
    const unsigned char *breaks; /* of its bytes; NULL: at spaces */
    double width;
};

/* The end of a line that costs least: its empty rest against how badly it ends. */
struct choice {
    size_t end;
    double cost;
};

/* What it costs to end a line in front of a place: as much as that part of it left empty. */
static double
tear_cost(const struct wrap *w, size_t end)
{
    static const double costs[] = {[LAYOUT_BREAK_NEVER] = 0, /* behind a space */
                                   [LAYOUT_BREAK_TORN] = 0.5,
                                   [LAYOUT_BREAK_PAIR] = 0.15,
                                   [LAYOUT_BREAK_WORD] = 0.05,
                                   [LAYOUT_BREAK_PHRASE] = 0};
    return end < w->text.len ? costs[w->breaks[end]] : 0;
}

static void
consider(struct choice *best, const struct wrap *w, size_t end, double used)
{
    double cost = (w->width - used) / w->width + tear_cost(w, end);
    if (best->end == 0 || cost <= best->cost)
        *best = (struct choice){end, cost};
}

/* Where the line that begins at from ends, the spaces behind it included. */
static size_t
line_end(const struct wrap *w, size_t from)
{
    const struct layout_style *s = w->style;
    double used = 0, space = layout_width(s, STR(" "));
    size_t end = 0, i = from; /* end of what fits, with the spaces behind it */
    struct choice best = {0};
    while (i < w->text.len) {
        struct str rest = str_n(w->text.s + i, w->text.len - i);
        const unsigned char *breaks = w->breaks ? w->breaks + i : NULL;
        size_t n = rest.s[0] == ' ' ? 0 : word_length(rest, breaks, LAYOUT_BREAK_TORN);
        double wide = n ? layout_width(s, str_n(rest.s, n)) : 0;
        if (used + wide > w->width + 0.01)
            return best.end ? best.end : end ? end : i + fitting(s, rest, w->width);
        used += wide;
        for (i += n; i < w->text.len && w->text.s[i] == ' '; i++)
            used += space;
        end = i;
        if (w->breaks)
            consider(&best, w, end, used);
    }
    return end;
}

/* One space stays at the end, so that extracted words do not run together. */
static struct str
line_of(const struct wrap *w, size_t from, size_t end)
{
    assert(end > from && end <= w->text.len);
    while (end > from + 1 && w->text.s[end - 1] == ' ' && w->text.s[end - 2] == ' ')
        end--;
    return str_n(w->text.s + from, end - from);
}

/* True when the last of several lines would be a letter, with the mark behind it perhaps. */
static bool
leaves_one(const struct wrap *w, size_t from)
{
    size_t letters = 0;
    for (size_t i = from; i < w->text.len && from > 0; i++)
        letters += ((unsigned char)w->text.s[i] & 0xc0) != 0x80;
    bool marked = str_ends(w->text, "。") || str_ends(w->text, ")");
    return from > 0 && letters <= (marked ? 2 : 1);
}

/* Adds the lines of a text without newlines; returns where the last one begins. */
static size_t
put_lines(struct arena *a, const struct wrap *w, bool leftward, struct layout_lines *to)
{
    size_t from = 0, last = 0;
    while (from < w->text.len) {
        size_t end = line_end(w, from);
        struct str line = line_of(w, from, end);
        *VEC_PUSH(a, &to->v) = leftward ? arena_fmt(a, FONT_LEFTWARD "%.*s", STR_ARG(line)) : line;
        last = from;
        from = end;
    }
    return last;
}

/* The same; a letter alone on the last line is given another one. */
static void
put_whole(struct arena *a, struct wrap w, bool leftward, struct layout_lines *to)
{
    enum { FEWEST_LETTERS = 4 };
    size_t first = to->v.n, last = put_lines(a, &w, leftward, to);
    if (!w.breaks || !leaves_one(&w, last) || w.width < FEWEST_LETTERS * w.style->size)
        return;
    w.width -= w.style->size;
    to->v.n = first;
    put_lines(a, &w, leftward, to);
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
        const struct wrap w = {s, one, layout_breaks(a, one), width};
        put_whole(a, w, s->is_foreign && font_reads_leftward(one), &lines);
    }
    return lines;
}

/* How a text would stand in lines of a width. */
struct trial {
    size_t n;    /* lines */
    double cost; /* words torn, and how uneven the lines are */
};

static struct trial
try_width(const struct wrap *w)
{
    struct trial t = {0};
    double longest = 0, shortest = w->width;
    for (size_t from = 0, end; from < w->text.len; from = end, t.n++) {
        end = line_end(w, from);
        double wide = layout_width(w->style, line_of(w, from, end));
        longest = fmax(longest, wide);
        shortest = fmin(shortest, wide);
        if (w->breaks && end < w->text.len)
            t.cost += tear_cost(w, end);
    }
    t.cost += fmax(longest - shortest, 0) / w->width / 2;
    return t;
}

struct layout_lines
layout_wrap_even(struct arena *a, const struct layout_style *s, struct str text, double width)
{
    enum { WIDTHS = 16, LONGEST = 600 };
    struct layout_lines lines = {0};
    struct str one = plain(a, text);
    struct wrap w = {s, one, layout_breaks(a, one), width};
    if (one.len > LONGEST || memchr(one.s, '\n', one.len) || layout_width(s, one) <= width)
        return layout_wrap(a, s, text, width);
    struct trial best = try_width(&w);
    double best_width = width;
    for (int i = 1; i < WIDTHS; i++) {
        w.width = width * (1 - 0.5 * i / WIDTHS);
        const struct trial t = try_width(&w);
        if (t.n > best.n)
            break;
        if (t.cost < best.cost) {
            best.cost = t.cost;
            best_width = w.width;
        }
    }
    w.width = best_width;
    put_whole(a, w, s->is_foreign && font_reads_leftward(one), &lines);
    return lines;
}

double
layout_word_width(const struct layout_style *s, struct str text)
{
    double widest = 0;
    enum { LOOK_AT = 2000 };
    struct arena *a = arena_new();
    text = utf8_repair(a, utf8_cut(text, LOOK_AT));
    const unsigned char *breaks = layout_breaks(a, text);
    for (size_t i = 0, n; i < text.len; i += n) {
        n = 1;
        if (text.s[i] == ' ' || text.s[i] == '\n' || text.s[i] == '\t')
            continue;
        struct str rest = str_n(text.s + i, text.len - i);
        n = word_length(rest, breaks ? breaks + i : NULL, LAYOUT_BREAK_PAIR);
        widest = fmax(widest, layout_width(s, utf8_cut(str_n(rest.s, n), GLAD_BYTES)));
    }
    arena_free(a);
    return widest;
}
