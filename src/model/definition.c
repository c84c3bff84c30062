/* What follows from a report definition that settings/definition.c has read: asked by the report job
 * before it loads and when it renders. */
#include "model/definition.h"

#include <assert.h>
#include <string.h>

const struct section_type *
section_find(const struct section_type *types, const char *word)
{
    assert(types && word);
    for (const struct section_type *t = types; t->word; t++)
        if (strcmp(t->word, word) == 0)
            return t;
    return NULL;
}

unsigned
definition_needs(const struct definition *def)
{
    unsigned needs = 0;
    for (size_t i = 0; i < def->sections.n; i++) {
        const struct definition_section *s = &def->sections.v[i];
        assert(s->type && (!s->with_evidence || s->type->options & TAKES_EVIDENCE));
        needs |= s->type->needs | (s->with_evidence ? NEEDS_EVIDENCE : 0);
    }
    return needs;
}

bool
definition_wants_output(const struct definition *def, const char *name)
{
    for (size_t i = 0; i < def->outputs.n; i++)
        if (str_eqc(def->outputs.v[i], name))
            return true;
    return false;
}

bool
definition_is_narrowed(const struct definition_section *s)
{
    return s->groups.n || s->agent.len || s->policy.len;
}
