/* What kind of file is it: the first bytes digested once, then every reader bids.
 * What:   byte order mark, XML root element with namespace, JSON keys with their depth. Files that
 *         are known not to be scan results are refused by name (an HTML page, a SCAP source
 *         stream).
 *         JSON is looked at as a document, as a list of them, as records with a _source, and behind lines
 *         of a log.
 * Owner:  the head points into the given bytes and the arena.
 * Units:  bytes; a bid is 0..100.
 * Errors: DIAG_FORMAT_UNKNOWN, DIAG_BAD_DATA (XML that breaks before its root, UTF-32); the place
 *         is ":line:column" or empty, the caller knows the file.
 * See:    doc/formats/detection.md */
#ifndef INGEST_DETECT_H
#define INGEST_DETECT_H

#include "ingest/format.h"

/* Digests the first bytes; whole = there are no more. */
int detect_head(struct str bytes, bool whole, struct arena *a, struct ingest_head *ret,
                struct diag *d);
/* The reader that bids highest, for the documents in the envelope and from the start that the head says
 * then. Of JSON and XML that nobody knows yet head->wants_more says that more bytes may help. */
int detect_format(struct ingest_head *head, struct arena *a, const struct ingest_format **ret,
                  struct diag *d);

/* True when "depth:name" is a line of head.json_keys. */
bool detect_has_key(struct str keys, const char *key);

#endif
