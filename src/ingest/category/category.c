/* The order of the steps: the first that knows an answer gives it. */
#include "ingest/category/category.h"

#include <assert.h>

#include "ingest/category/steps.h"

/* Where a chapter holds a bit of everything, words that point at one of these say more than it does. */
static bool
outdoes_chapter(int number)
{
    return number == 3 || number == 5 || (number >= 7 && number <= 10);
}

/* Words of the title, category-titles.tsv, and chapters that only count when these say nothing. */
static struct category_answer
by_title(struct arena *a, const struct scan_check *c)
{
    struct category_answer words = category_title_words(a, c->title);
    struct category_answer chapter = category_chapter(a, c->section, 'd');
    return chapter.number && !outdoes_chapter(words.number) ? chapter : words;
}

/* From what is said of this very check to what is only likely. */
static category_step *const steps[] = {category_by_rule,    category_by_group, category_by_section,
                                       category_by_control, by_title,          category_by_old_cis};

static void
settle(struct scan_check *c, struct category_answer answer)
{
    assert(answer.number >= 0 && answer.number <= CATEGORY_CONTROLS && answer.source.len);
    c->category = scan_category_name(answer.number);
    c->category_source = answer.source;
}

/* The first step that answers; where CIS names several controls, the first that answers with one of them. */
static struct category_answer
ask_steps(struct arena *a, const struct scan_check *c, const struct category_set *cis)
{
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct category_answer answer = steps[i](a, c);
        if (answer.number && (cis->n == 0 || cis->has[answer.number]))
            return answer;
    }
    return (struct category_answer){0, STR("")};
}

/* What is left when no step answers. */
static struct category_answer
last_resort(struct arena *a, const struct scan_check *c)
{
    struct category_answer general = category_by_general(a, c);
    struct category_set old = category_old_cis(c);
    if (general.number)
        return general;
    return old.n ? (struct category_answer){old.first, STR("cis-v7-first")}
                 : (struct category_answer){0, STR("none")};
}

/* The input's own word; the name or number of a control becomes the one spelling. */
static void
settle_own(struct scan_check *c)
{
    int number = scan_category_number(c->own_category);
    if (number)
        c->own_category = scan_category_name(number);
    c->category = c->own_category;
    c->category_source = STR("own");
}

void
category_derive(struct arena *a, struct scan_check *c)
{
    struct category_set cis = category_cis(c);
    if (c->own_category.len) {
        settle_own(c);
        return;
    }
    if (cis.n == 1) {
        settle(c, (struct category_answer){cis.first, STR("cis-v8")});
        return;
    }
    struct category_answer answer = ask_steps(a, c, &cis);
    if (!answer.number)
        answer =
            cis.n ? (struct category_answer){cis.first, STR("cis-v8-first")} : last_resort(a, c);
    settle(c, answer);
}

void
category_settle(struct arena *a, struct scan_file *f)
{
    for (size_t i = 0; i < f->scans.n; i++) {
        struct scan *s = &f->scans.v[i];
        s->category_tables = category_tables();
        for (size_t k = 0; k < s->checks.n; k++)
            if (!s->checks.v[k].category_source.len) /* thousands of scans can share their checks */
                category_derive(a, &s->checks.v[k]);
    }
}
