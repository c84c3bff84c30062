/* Section "glossary": what the words mean, from templates/lang. */
#include "compose/sections.h"

static const char *const terms[] = {"agent",   "policy", "check",   "scan",   "score",
                                    "passed",  "failed", "skipped", "waived", "category",
                                    "partial", "carry",  "dataset", "seal",   "audit-log"};

void
glossary_build(struct part *p)
{
    struct report_block *b = report_add(p->arena, p->section, BLOCK_PAIRS);
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        struct report_pair *pair = VEC_PUSH(p->arena, &b->pairs);
        pair->label = part_text(p, arena_fmt(p->arena, "term.%s", terms[i]).s);
        pair->value = part_text(p, arena_fmt(p->arena, "term.%s.text", terms[i]).s);
    }
}
