/* Status words of scanners that have none of their own standard.
 * What:   one case-blind table of the words of Pandora, Wazuh and of our own.
 * Owner:  static.   Units: none.   Errors: an unknown word is STATUS_UNKNOWN, never pass.
 * See:    doc/formats/pandora.md, doc/formats/wazuh-sca.md */
#ifndef INGEST_WORDS_H
#define INGEST_WORDS_H

#include "model/status.h"

/* The status of a word, without case and with '_' or '-' for blank. */
enum status words_status(struct str word);
/* True when words_status() knows the word (so that "unknown" itself needs no warning). */
bool words_known(struct str word);

#endif
