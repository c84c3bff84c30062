/* Short titles of Lynis tests, because a report.dat holds none.
 * What:   look-up in templates/mappings/lynis-titles.tsv, built into the program.
 * Owner:  static.   Units: none.   Errors: an empty str = not listed.
 * See:    doc/formats/lynis.md */
#ifndef INGEST_READERS_LYNIS_TITLES_H
#define INGEST_READERS_LYNIS_TITLES_H

#include "base/str.h"

/* The title of a test id, or empty. */
struct str lynis_titles_find(struct str id);

#endif
