/* One spelling of a framework's control, whatever the scanner writes.
 * What:   "ac_2_1", "AC-2 (1)" and "AC-02(01)" are AC-2(1). Which rewriting a framework wants is the
 *         last column of templates/mappings/frameworks.tsv.
 * Owner:  a new spelling lives in the given arena.
 * Units:  none.   Errors: none; what has another form than the rewriting knows stays as it is.
 * See:    doc/formats/mappings.md, section "Spellings" */
#ifndef INGEST_CONTROLS_H
#define INGEST_CONTROLS_H

#include "base/arena.h"

/* The control as the rewriting ("nist", "pci", …, or empty) spells it. */
struct str controls_rewrite(struct arena *a, struct str rewriting, struct str control);

#endif
