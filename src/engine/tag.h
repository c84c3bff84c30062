/* Tags: the words by which a check can be chosen.
 * What:   a tag of a check is an identifier that it has ("CCE-80644-8", "CCI-000366", "SV-238196"), a
 *         framework that it belongs to ("pci_dss"), or one of its controls ("pci_dss:8.2.3", whatever the
 *         edition). Patterns are compared without case; * is any text.
 * Owner:  texts stay where they are.
 * Errors: the code given, for a pattern that fits no check; "no tag "pci_ds"; the nearest is "pci_dss"".
 * See:    doc/reports/definitions.md, doc/formats/mappings.md (the words of frameworks) */
#ifndef ENGINE_TAG_H
#define ENGINE_TAG_H

#include "base/diag.h"
#include "model/fleet.h"

/* One of the patterns fits a tag of the check; true when there is no pattern. */
bool tag_fits(const struct scan_check *c, const struct str *patterns, size_t n, struct arena *a);
/* Each of the patterns fits a check of a policy that the fleet was scanned by; a fleet without a check is
 * not asked. */
int tag_check(const struct fleet *f, const struct str *patterns, size_t n, enum diag_code code,
              struct diag *d);

#endif
