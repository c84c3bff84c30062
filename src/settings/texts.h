/* Texts of a language for reports: templates/lang/<code>/<room>.json.
 * What:   flat JSON objects of key and text. The files built into the program come first; a folder
 *         of the site (templates-dir) with lang/<code>/<room>.json may replace single texts or add
 *         a language. What a language lacks falls back to English.
 * Owner:  the arena.
 * Units:  UTF-8.
 * Errors: DIAG_CONFIG: no such language, or a file that is not a flat object of texts (file and
 *         line, or file and member, are named).
 * See:    model/lang.h */
#ifndef SETTINGS_TEXTS_H
#define SETTINGS_TEXTS_H

#include "base/diag.h"
#include "model/lang.h"

/* Fails with the code and the nearest language unless there are texts of it, here or in the overlay; empty is
 * the standard one. */
int texts_check(struct str language, const char *overlay_dir, enum diag_code code, struct diag *d);
/* Loads the language of that code; overlay_dir NULL = built-in texts only. */
int texts_load(struct str code, const char *overlay_dir, struct arena *a, struct lang **ret,
               struct diag *d);

#endif
