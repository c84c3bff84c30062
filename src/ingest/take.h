/* Words, texts and times of a host, made fit to keep.
 * What:   text is repaired to UTF-8 and cut at a character boundary with a visible mark; a time is
 *         read with the site's zone when it names none.
 * Owner:  results live in the given arena.
 * Units:  limits in bytes (ingest/limits.h); seconds UTC.
 * Errors: none; what was repaired, cut or is no time becomes a warning.
 * See:    doc/formats/limits.md */
#ifndef INGEST_TAKE_H
#define INGEST_TAKE_H

#include "ingest/ingest.h"

/* Copies s, repaired, at most max bytes with the mark; place names the field in warnings. */
struct str take_text(struct arena *a, struct str s, size_t max, struct str place, struct diag *d);
/* Copies an id (repaired). Longer than LIMIT_ID: its beginning, '~' and its SHA-256, because a cut
 * id would be another's. */
struct str take_id(struct arena *a, struct str s, struct diag *d);
/* Fails with DIAG_TOO_BIG when the name of the asset or the id of the policy is over LIMIT_ID:
 * they are identities, so readers keep them longer than that and ask here. */
int take_check_ids(const struct scan *s, struct diag *d);
/* The time in s; CLOCK_NONE when s is empty, no time (warning), or more than a day ahead of the
 * clock (warning). Sets *zone_assumed when s names no zone. */
int64_t take_time(const struct ingest_context *ctx, struct str s, bool *zone_assumed,
                  struct str place, struct diag *d);
/* The same check for a time in seconds. */
int64_t take_epoch(int64_t t, struct str place, struct diag *d);
/* Gives the scan the file's time when it has no end of its own; start must not lie behind it. */
void take_settle_times(const struct ingest_context *ctx, struct scan *s, struct diag *d);

#endif
