/* Words of report definitions; read by settings/definition.c, used as section keys by compose. */
#include "model/definition.h"

#include <assert.h>

static const char *const sections[SECTION__COUNT] = {
    [SECTION_DASHBOARD] = "dashboard",
    [SECTION_TOP_AGENTS] = "top-agents",
    [SECTION_TOP_CHECKS] = "top-checks",
    [SECTION_TOP_CATEGORIES] = "top-categories",
    [SECTION_CATEGORY_PIE] = "category-pie",
    [SECTION_CHECKS] = "checks",
    [SECTION_SCORING] = "scoring",
    [SECTION_EVOLUTION] = "evolution",
    [SECTION_SCOPE] = "scope",
    [SECTION_METHOD] = "method",
    [SECTION_QUALITY] = "quality",
    [SECTION_INPUTS] = "inputs",
    [SECTION_VERIFY] = "verify",
    [SECTION_GLOSSARY] = "glossary",
};

const char *
definition_section_word(enum section_kind k)
{
    assert(k < SECTION__COUNT);
    return sections[k];
}

bool
definition_wants_output(const struct definition *def, const char *name)
{
    for (size_t i = 0; i < def->outputs.n; i++)
        if (str_eqc(def->outputs.v[i], name))
            return true;
    return false;
}
