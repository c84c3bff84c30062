/* The folder of the portal: files that are put, and what is done about those that are there.
 * What:   a file that is there with the same bytes stays as it is, with its time. Others are written beside their
 *         places, and portal_place_commit() renames them in the order of putting and then takes away what was
 *         not put; a process that dies before that leaves the site as it was. A marker in the folder says
 *         that it is a portal: no other folder is written into.
 * Owner:  the given arena; portal_place_close() ends it.
 * Units:  bytes.
 * Errors: DIAG_CONFIG, DIAG_BUSY, DIAG_CANNOT_WRITE with the path. */
#ifndef JOB_PORTAL_PLACE_H
#define JOB_PORTAL_PLACE_H

#include "base/auto.h"
#include "base/diag.h"
#include "base/sha256.h"

struct portal_place;

/* Opens the folder, which is made when it is missing, and holds it against other processes. dry: nothing is
 * written. */
int portal_place_open(const char *dir, bool dry, struct arena *a, struct portal_place **ret,
                      struct diag *d);
/* Ends; temporary files that were not renamed are taken away. NULL is allowed. */
void portal_place_close(struct portal_place *p);
/* Puts a file; path is below the folder. */
int portal_place_put(struct portal_place *p, struct str path, struct str bytes, struct diag *d);
/* Puts another name of one that was put before. */
int portal_place_link(struct portal_place *p, struct str path, struct str of, struct diag *d);
/* Puts a copy of a file from elsewhere; sha256 is its hash. */
int portal_place_copy(struct portal_place *p, struct str path, const char *from,
                      const struct sha256_digest *sha256, struct diag *d);
/* Keeps a file that is there; false = there is none. */
bool portal_place_keep(struct portal_place *p, struct str path);
/* "<sha256>  <path>" of every file put below a folder, by path, as sha256sum writes and reads it. */
struct str portal_place_sums(const struct portal_place *p, struct str folder, struct arena *a);
/* Renames and removes. */
int portal_place_commit(struct portal_place *p, struct diag *d);
/* Files put so far; of these written; removed. */
void portal_place_counts(const struct portal_place *p, int64_t *ret_files, int64_t *ret_written,
                         int64_t *ret_removed);

AUTO_DEFINE(struct portal_place *, portal_place_close)

#endif
