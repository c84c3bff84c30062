/* Words, texts and times of a host, made fit to keep.
 * What:   text is repaired to UTF-8 and cut at a character boundary with a visible mark; a time, in any
 *         form (ingest/times.h), is read with the site's zone when it names none.
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
/* The time in s, a text or a number in any form of ingest/times.h; CLOCK_NONE when s is empty, no time, or
 * one that take_epoch() refuses. Sets *zone_assumed when s names no zone. place names the field: what is
 * wrong with it is a warning once a file, which shows the first such text. */
int64_t take_time(const struct ingest_context *ctx, struct str s, bool *zone_assumed,
                  struct str place, struct diag *d);
/* t, or CLOCK_NONE with a warning that shows said when it is no time of a scan: more than a day ahead of the
 * clock, or before LIMIT_FIRST_TIME. */
int64_t take_epoch(int64_t t, struct str said, struct str place, struct diag *d);
/* Gives the scan the file's time when it has no end of its own, with a warning once a file; start must not
 * lie behind it. */
void take_settle_times(const struct ingest_context *ctx, struct scan *s, struct diag *d);
/* A number as people write it: 83.3, or 83,3 with the decimal comma of many locales; false = none, and *ret
 * is left alone. */
bool take_number(struct str s, double *ret);

#endif
