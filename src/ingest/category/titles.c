/* Words of titles; asked when nothing of the content says where a check belongs, and by sections.c for
 * Kubernetes. */
#include "ingest/category/steps.h"

static bool
stands_at(const struct category_phrase *p, struct str title, size_t i)
{
    size_t end = i + p->text.len;
    return end <= title.len && memcmp(title.s + i, p->text.s, p->text.len) == 0 &&
           (p->is_open || end == title.len || !category_is_word(title.s[end]));
}

struct category_answer
category_title_words(struct arena *a, struct str title)
{
    const struct category_index *x = category_index();
    const struct category_phrase *best = NULL;
    struct str folded = category_fold(a, title);
    for (size_t i = 0; i + 1 < folded.len; i++) {
        if (!category_is_word(folded.s[i]) || (i > 0 && category_is_word(folded.s[i - 1])))
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
