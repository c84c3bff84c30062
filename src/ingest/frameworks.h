/* Native compliance keys -> (framework, edition, control).
 * What:   scanners spell one framework in many ways (pci_dss_v3.2.1, PCI-DSS 3.2.1); reports need
 *         one. The table is templates/mappings/frameworks.tsv, built into the program.
 * Owner:  results live in the given arena.
 * Units:  none.   Errors: none; an unknown key is its own framework. A control that is too long or
 *         one too many is left out with a warning.
 * See:    doc/formats/mappings.md, section "Frameworks" */
#ifndef INGEST_FRAMEWORKS_H
#define INGEST_FRAMEWORKS_H

#include "base/diag.h"
#include "model/scan.h"

/* A framework as the table names it; rewriting says how its controls are normalised. */
struct framework {
    struct str name, edition, rewriting;
};

/* Reads the table now and not with the first key. */
void frameworks_warm(void);
/* The framework of a native key, with an edition given apart (empty = the key's own); false when
 * the key is no usable name. For readers that meet one key thousands of times. */
bool frameworks_find(struct arena *a, struct str key, struct str edition, struct framework *ret);
/* Adds the controls of a framework found before. */
void frameworks_add_to(struct arena *a, struct scan_check *c, const struct framework *f,
                       struct str values, struct diag *d);
/* Adds the controls of one native key to the check: values is one control or several, separated
 * by comma or semicolon outside brackets. Repeated controls are added once. */
void frameworks_add(struct arena *a, struct scan_check *c, struct str key, struct str values,
                    struct diag *d);
/* The same with an edition given apart; it wins over the key's own unless it is empty. */
void frameworks_add_edition(struct arena *a, struct scan_check *c, struct str key,
                            struct str edition, struct str values, struct diag *d);

#endif
