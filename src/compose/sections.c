/* The table of sections: what the reader of definitions, the report job and compose.c know of one
 * stands in its row and nowhere else. Called by compose.c through the definition. */
#include "compose/sections.h"

const struct section_type section_types[] = {
    {.word = "dashboard",
     .build = dashboard_build,
     .options = TAKES_N | TAKES_FILTER,
     .needs = NEEDS_POINTS,
     .begins_page = true},
    {.word = "top-agents", .build = top_agents_build, .options = TAKES_N | TAKES_FILTER, .n = 10},
    {.word = "top-checks", .build = top_checks_build, .options = TAKES_N | TAKES_FILTER, .n = 10},
    {.word = "top-categories",
     .build = top_categories_build,
     .options = TAKES_N | TAKES_FILTER,
     .n = 10},
    {.word = "category-pie",
     .build = category_pie_build,
     .options = TAKES_FILTER | TAKES_CATEGORY | TAKES_EACH_CATEGORY | TAKES_SKIPPED},
    {.word = "checks",
     .build = checks_build,
     .options = TAKES_N | TAKES_FILTER | TAKES_CATEGORY | TAKES_STATUSES | TAKES_EVIDENCE |
                TAKES_REMEDIATION | TAKES_TEXTS | TAKES_SEVERITIES,
     .needs = NEEDS_EVIDENCE,
     .begins_page = true},
    {.word = "scoring", .build = scoring_build, .options = TAKES_N | TAKES_FILTER},
    {.word = "evolution", .build = evolution_build, .options = TAKES_FILTER, .needs = NEEDS_POINTS},
    {.word = "scope", .build = scope_build, .options = TAKES_FILTER, .begins_page = true},
    {.word = "method", .build = method_build},
    {.word = "quality", .build = quality_build},
    {.word = "inputs",
     .build = inputs_build,
     .options = TAKES_FILES,
     .needs = NEEDS_INPUTS,
     .begins_page = true},
    {.word = "verify", .build = verify_build, .is_about_making = true},
    {.word = "glossary", .build = glossary_build},
    {0},
};
