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

static const char *const outputs[OUTPUT__COUNT] = {
    [OUTPUT_PDF] = "pdf",
    [OUTPUT_HTML] = "html",
    [OUTPUT_CSV] = "csv",
    [OUTPUT_JSON] = "json",
};

const char *
definition_section_word(enum section_kind k)
{
    assert(k < SECTION__COUNT);
    return sections[k];
}

const char *
definition_output_word(enum definition_output o)
{
    assert(o < OUTPUT__COUNT);
    return outputs[o];
}
