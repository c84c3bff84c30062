/* Scans of one second that say different things: those that do not count, and beside them the one that
 * does. Called by load.c. */
#include "model/tally.h"
#include "store/load.h"
#include "store/scan_row.h"

static void
read_revision(struct loading *l, const struct stmt *s, size_t agent)
{
    enum { C_COUNTS = 9 };
    int64_t counts[STATUS__COUNT] = {0}, standing = stmt_col_int(s, 7);
    scan_row_read_counts(s, C_COUNTS, counts);
    struct tally t = tally_of(counts);
    bool is_known = standing >= 0 && standing < STANDING__COUNT;
    *VEC_PUSH(l->a, &l->f->revisions) = (struct fleet_revision){
        .agent = agent,
        .policy_id = stmt_col_str(s, 2, l->a),
        .policy_title = stmt_col_str(s, 3, l->a),
        .profile = stmt_col_str(s, 4, l->a),
        .end = stmt_col_time(s, 5),
        .number = (unsigned)stmt_col_int(s, 6),
        .standing = is_known ? (enum standing)standing : STANDING_SUPERSEDED,
        .file = stmt_col_str(s, 8, l->a),
        .passed = t.passed,
        .failed = t.failed,
        .skipped = t.skipped};
}

int
load_revisions(struct loading *l)
{
    struct stmt *s = stmt_get(l->st, "fleet_revisions", l->d);
    if (!s)
        return -1;
    load_give_scope(l, s, 2);
    if (stmt_run(s, l->d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, l->d)) == STMT_ROW) {
        long agent = load_find_agent(l, stmt_col_uint(s, 0));
        if (agent >= 0 && load_find_id(l->wanted, stmt_col_uint(s, 1)) >= 0)
            read_revision(l, s, (size_t)agent);
    }
    return rc;
}
