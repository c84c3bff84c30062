/* A scan in the making: checks told apart by id, results counted, limits kept.
 * What:   what every reader of single checks does alike. build_check() gives the place of a check,
 *         new or known; build_result() adds what it gave; build_end() settles titles and
 *         times and hands the scan to the file.
 * Owner:  everything lives in the arena of the file.
 * Units:  see model/scan.h.
 * Errors: DIAG_TOO_BIG (LIMIT_CHECKS, LIMIT_RESULTS, LIMIT_SCANS, identities), DIAG_BAD_DATA. */
#ifndef INGEST_BUILD_H
#define INGEST_BUILD_H

#include "ingest/ingest.h"

struct map;

struct build {
    struct scan scan;
    struct map *index;       /* id -> position in scan.checks */
    VEC(unsigned) n_results; /* of each check */
    const struct ingest_context *ctx;
    struct arena *a;
    struct diag *d;
};

/* An empty scan of that format: all texts empty, no times. */
void build_begin(struct build *b, const char *format, const struct ingest_context *ctx,
                 struct arena *a, struct diag *d);
/* The position of the check of that id (not empty); *ret_is_new: its texts are empty and want to be
 * filled. -1 when there are too many. */
long build_check(struct build *b, struct str id, bool *ret_is_new);
/* The check at a position; valid until the next build_check(). */
struct scan_check *build_at(struct build *b, long check);
/* Adds a result of that check; check and ordinal are set here, a missing native word becomes
 * "(empty)". */
int build_result(struct build *b, long check, struct scan_result r);
/* A result that cannot be kept: the scan is partial, and a warning about place says why. */
void build_leave_out(struct build *b, struct str place, const char *why);
/* Adds the scan to the file. A check without title is called by its id. */
int build_end(struct build *b, struct scan_file *file);

/* A word of a scanner and what it means here. */
struct build_word {
    const char *word; /* lower case, without blanks, '_' and '-' */
    enum status status;
};

/* The status of a word, compared without case, blanks, '_' and '-'; any other word is
 * STATUS_UNKNOWN. words end with a NULL word. */
enum status build_find_word(const struct build_word *words, struct str word);
/* The same, with a warning about place for any other word. */
enum status build_status(const struct build *b, const struct build_word *words, struct str word,
                         struct str place);

#endif
