/* Section "method": how the numbers are made. The texts are in templates/lang; the list of what is
 * said is here. */
#include "compose/sections.h"

#include "compose/words.h"
#include "engine/category.h"

static const char *const statements[] = {"score",    "fleet",  "partial", "rounding",
                                         "change",   "carry",  "ties",    "titles",
                                         "category", "waived", "limits"};

/* The class of a status as a word, and whether it counts. */
static const char *
class_key(enum status s)
{
    switch (status_class(s)) {
    case CLASS_PASSED:
        return "class.passed";
    case CLASS_FAILED:
        return "class.failed";
    case CLASS_SKIPPED:
        return "class.skipped";
    case CLASS_WAIVED:
        return "class.waived";
    case CLASS_NONE:
    case CLASS__COUNT:
        break;
    }
    return "class.not-counted";
}

/* A score is passed / (passed + failed): passed checks count in both terms, failed ones below the
 * line only. */
static const char *
counting_key(enum status s)
{
    enum status_class class = status_class(s);
    return class == CLASS_PASSED   ? "counting.both"
           : class == CLASS_FAILED ? "counting.below"
                                   : "counting.not";
}

static void
add_statuses(struct part *p)
{
    struct report_table *t = part_table(p, "method-statuses", STR(""));
    part_column(p, t, "status", CELL_STATUS, 0);
    part_column(p, t, "meaning", CELL_TEXT, 3);
    part_column(p, t, "shown_as", CELL_TEXT, 1);
    part_column(p, t, "in_score", CELL_TEXT, 2);
    for (int s = STATUS_PASS; s < STATUS__COUNT; s++) {
        struct report_cell *c = report_add_row(p->arena, t)->cells;
        const char *word = status_word((enum status)s);
        c[0] = cell_status((enum status)s);
        c[1] = cell_text(part_text(p, arena_fmt(p->arena, "meaning.%s", word).s));
        c[2] = cell_text(part_text(p, class_key((enum status)s)));
        c[3] = cell_text(part_text(p, counting_key((enum status)s)));
    }
}

/* Which tables said where the checks belong; several when policies were stored at different times. */
static struct str
tables_of(const struct part *p)
{
    struct str all = STR("");
    for (size_t i = 0; i < p->fleet->policies.n; i++) {
        struct str one = p->fleet->policies.v[i].category_tables;
        if (!one.len || str_find(all, one.s) >= 0)
            continue;
        all = all.len ? arena_fmt(p->arena, "%.*s, %.*s", STR_ARG(all), STR_ARG(one)) : one;
    }
    return all.len ? all : part_text(p, "method.tables.unknown");
}

/* How many results have a category, and how that was found. */
static void
add_sources(struct part *p)
{
    static const char *const words[CATEGORY__COUNT] = {
        [CATEGORY_OWN] = "own",         [CATEGORY_CIS] = "cis",
        [CATEGORY_RULE] = "rule",       [CATEGORY_GROUP] = "group",
        [CATEGORY_SECTION] = "section", [CATEGORY_CONTROL] = "control",
        [CATEGORY_TITLE] = "title",     [CATEGORY_CIS_OLD] = "cis-old",
        [CATEGORY_GENERAL] = "general", [CATEGORY_UNKNOWN] = "unknown",
        [CATEGORY_NONE] = "none"};
    struct category_table k = category_count(p->pick, p->arena);
    part_add_str(p, BLOCK_TEXT,
                 LANG(p->lang, p->arena, "method.coverage",
                      {"n", words_int(p->lang, p->arena, k.evaluated - k.sources[CATEGORY_NONE])},
                      {"of", words_int(p->lang, p->arena, k.evaluated)}, {"tables", tables_of(p)}));
    struct report_table *t = part_table(p, "method-categories", STR(""));
    part_column(p, t, "source", CELL_TEXT, 3);
    part_column(p, t, "results", CELL_RATIO, 0);
    part_empty(p, t, "empty.no-categories");
    for (int i = 0; i < CATEGORY__COUNT; i++) {
        if (!k.sources[i])
            continue;
        struct report_cell *c = report_add_row(p->arena, t)->cells;
        c[0] = cell_text(part_text(p, arena_fmt(p->arena, "source.%s", words[i]).s));
        c[1] = cell_ratio(k.sources[i], k.evaluated);
    }
}

void
method_build(struct part *p)
{
    part_add(p, BLOCK_TEXT, "method.flow");
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        const char *key = arena_fmt(p->arena, "method.%s", statements[i]).s;
        part_add(p, BLOCK_TEXT, key);
    }
    part_add_str(p, BLOCK_TEXT,
                 LANG(p->lang, p->arena, "method.zone",
                      {"zone", p->report->zone},
                      {"offset", words_zone(p->arena, p->in->identity.period.from)}));
    part_add(p, BLOCK_HEADING, "heading.sources");
    add_sources(p);
    part_add(p, BLOCK_HEADING, "heading.statuses");
    add_statuses(p);
}
