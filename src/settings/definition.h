/* Report definitions: JSON -> struct definition.
 * What:   reads a definition built into the program, one of the site (templates-dir/reports), or
 *         any file, and checks all of it: unknown members are errors, so that a misspelt option is
 *         never ignored.
 * Owner:  the arena.
 * Units:  see doc/reports/definitions.md.
 * Errors: DIAG_CONFIG; the place is the file, the text names the member and what it may be:
 *         "templates/reports/x.json: sections[2].n: want 1..1000, got "ten"".
 * See:    doc/reports/definitions.md, model/definition.h */
#ifndef SETTINGS_DEFINITION_H
#define SETTINGS_DEFINITION_H

#include "base/diag.h"
#include "model/definition.h"

/* What a definition may name. This room knows no section and no renderer: who calls hands the lists
 * in. */
struct definition_choices {
    const struct section_type *sections; /* ended by a NULL word */
    const char *(*output_at)(size_t i);  /* names of outputs by number from 0, NULL behind the last;
                                          * the first is for a definition that names none */
};

/* Fails with DIAG_CONFIG unless the word is a size of paper. */
int definition_check_paper(struct str word, struct diag *d);
/* Loads a definition by name (the site's folder first, then the built-in ones) or, when the name
 * has a slash or ends in .json, by path. overlay_dir NULL = none. */
int definition_load(const char *name, const char *overlay_dir,
                    const struct definition_choices *choices, struct arena *a,
                    struct definition *ret, struct diag *d);
/* Names of all definitions, built in and of the site, sorted, each once. */
int definition_list(const char *overlay_dir, struct arena *a, struct str **ret, size_t *ret_n,
                    struct diag *d);

#endif
