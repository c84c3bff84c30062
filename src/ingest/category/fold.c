/* Text as words of titles are compared; below index.c, which folds the table, and titles.c. */
#include <ctype.h>

#include "ingest/category/steps.h"

enum { MAX_TITLE = 600 };

bool
category_is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (c & 0x80);
}

size_t
category_bucket(char one, char two)
{
    return ((unsigned char)one * 31u + (unsigned char)two) % PHRASE_BUCKETS;
}

/* The length of the word that begins at i. */
static size_t
word_at(const char *s, size_t n, size_t i)
{
    size_t end = i;
    while (end < n && category_is_word(s[end]))
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
                      (kept == 3 || !category_is_word(s[kept - 4]));
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
