/* Words of titles; asked when nothing of the content says where a check belongs, and by sections.c for
 * Kubernetes. */
#include <ctype.h>

#include "ingest/category/steps.h"

enum { MAX_TITLE = 600 };

static bool
is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (c & 0x80);
}

/* The length of the word that begins at i. */
static size_t
word_at(const char *s, size_t n, size_t i)
{
    size_t end = i;
    while (end < n && is_word(s[end]))
        end++;
    return end - i;
}

/* "log on" -> "logon", "log in", "log off" and "log out" alike: they are no logs. Returns the new length. */
static size_t
join_log(char *s, size_t n)
{
    static const char *const ends[] = {"on", "in", "off", "out"};
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        bool is_gap = s[i] == ' ' && kept >= 3 && memcmp(s + kept - 3, "log", 3) == 0 &&
                      (kept == 3 || !is_word(s[kept - 4]));
        size_t len = is_gap ? word_at(s, n, i + 1) : 0;
        for (size_t k = 0; is_gap && k < sizeof ends / sizeof *ends; k++)
            if (str_eqc(str_n(s + i + 1, len), ends[k]))
                is_gap = false; /* the blank goes */
        if (s[i] != ' ' || is_gap || len == 0)
            s[kept++] = s[i];
    }
    return kept;
}

struct str
category_fold(struct arena *a, struct str title)
{
    char room[MAX_TITLE];
    size_t n = 0;
    for (size_t i = 0; i < title.len && n < sizeof room; i++) {
        char c = (char)tolower((unsigned char)title.s[i]);
        bool is_blank = isspace((unsigned char)c) != 0;
        if (!is_blank)
            room[n++] = c;
        else if (n && room[n - 1] != ' ')
            room[n++] = ' ';
    }
    struct str folded = arena_str(a, str_n(room, join_log(room, n)));
    long at = str_find(folded, " is set to ");
    return at < 0 ? folded : str_n(folded.s, (size_t)at);
}

static bool
stands_at(const struct category_phrase *p, struct str title, size_t i)
{
    size_t end = i + p->text.len;
    return end <= title.len && memcmp(title.s + i, p->text.s, p->text.len) == 0 &&
           (p->is_open || end == title.len || !is_word(title.s[end]));
}

struct category_answer
category_title_words(struct arena *a, struct str title)
{
    const struct category_index *x = category_index();
    const struct category_phrase *best = NULL;
    struct str folded = category_fold(a, title);
    for (size_t i = 0; i + 1 < folded.len; i++) {
        if (!is_word(folded.s[i]) || (i > 0 && is_word(folded.s[i - 1])))
            continue;
        size_t bucket = category_bucket(folded.s[i], folded.s[i + 1]);
        for (size_t k = 0; k < x->phrases[bucket].n; k++) {
            const struct category_phrase *p = &x->phrases[bucket].v[k];
            if ((!best || p->row < best->row) && stands_at(p, folded, i))
                best = p;
        }
    }
    if (!best)
        return (struct category_answer){0, STR("")};
    return (struct category_answer){
        best->number, arena_fmt(a, "title:%.*s%s", STR_ARG(best->text), best->is_open ? "*" : "")};
}

/* Where a chapter holds a bit of everything, words that point at one of these say more than it does. */
static bool
outdoes_chapter(int number)
{
    return number == 3 || number == 5 || (number >= 7 && number <= 10);
}

struct category_answer
category_by_title(struct arena *a, const struct scan_check *c)
{
    struct category_answer words = category_title_words(a, c->title);
    struct category_answer chapter = category_chapter(a, c->section, 'd');
    return chapter.number && !outdoes_chapter(words.number) ? chapter : words;
}
