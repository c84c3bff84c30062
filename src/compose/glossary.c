/* Section "glossary": what the words mean, from templates/lang. */
#include "compose/sections.h"

static const char *const terms[] = {"agent",   "policy", "check",   "scan",   "score",
                                    "passed",  "failed", "skipped", "waived", "category",
                                    "partial", "carry",  "dataset", "seal",   "audit-log"};

enum { N_CATEGORIES = 18 };

/* Readers meet the names of the categories everywhere; here stands what each is about. */
static void
add_categories(struct part *p)
{
    part_add(p, BLOCK_HEADING, "heading.glossary-categories");
    part_add(p, BLOCK_NOTE, "glossary.categories");
    struct report_block *b = report_add(p->arena, p->section, BLOCK_PAIRS);
    for (int i = 1; i <= N_CATEGORIES; i++) {
        struct report_pair *pair = VEC_PUSH(p->arena, &b->pairs);
        pair->label =
            LANG(p->lang, p->arena, "glossary.category", {"n", arena_fmt(p->arena, "%d", i)},
                 {"name", part_category(p, STR(""), i)});
        pair->value = part_text(p, arena_fmt(p->arena, "category.%d.text", i).s);
    }
}

void
glossary_build(struct part *p)
{
    struct report_block *b = report_add(p->arena, p->section, BLOCK_PAIRS);
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        struct report_pair *pair = VEC_PUSH(p->arena, &b->pairs);
        pair->label = part_text(p, arena_fmt(p->arena, "term.%s", terms[i]).s);
        pair->value = part_text(p, arena_fmt(p->arena, "term.%s.text", terms[i]).s);
    }
    add_categories(p);
}
