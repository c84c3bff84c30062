/* Dead letters: what targets of the audit log did not take. */
#include <assert.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "store/ids.h"
#include "store/session.h"
#include "store/stmt.h"

enum { MAX_REASON = 2040 };

static uint64_t
letter_id(const struct store_letter *l, struct arena *a)
{
    struct str seq = arena_fmt(a, "%lld", (long long)l->seq);
    return ids_of((const struct str[]){STR("letter"), l->target, seq, l->piece}, 4);
}

int
store_put_letter(struct store *st, const struct store_letter *l, struct diag *d)
{
    struct stmt *s = stmt_get(st, "letter_put", d);
    assert(st->in_transaction);
    if (!s)
        return -1;
    stmt_uint(s, letter_id(l, d->arena));
    stmt_str(s, l->target);
    stmt_int(s, l->seq);
    stmt_str(s, l->piece);
    stmt_str(s, l->state);
    stmt_str(s, utf8_fit(d->arena, l->reason, MAX_REASON));
    stmt_int(s, l->size);
    stmt_time(s, l->made);
    return stmt_run(s, d);
}

int
store_load_letters(struct store *st, struct arena *a, struct store_letter **ret, size_t *ret_n,
                   struct diag *d)
{
    VEC(struct store_letter) list = {0};
    struct stmt *s = stmt_get(st, "letter_list", d);
    if (!s || stmt_run(s, d) != 0)
        return -1;
    int rc;
    while ((rc = stmt_next(s, d)) == 1)
        *VEC_PUSH(a, &list) = (struct store_letter){.target = stmt_col_str(s, 0, a),
                                                    .seq = stmt_col_int(s, 1),
                                                    .piece = stmt_col_str(s, 2, a),
                                                    .state = stmt_col_str(s, 3, a),
                                                    .reason = stmt_col_str(s, 4, a),
                                                    .size = stmt_col_int(s, 5),
                                                    .made = stmt_col_time(s, 6)};
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

int
store_delete_letter(struct store *st, const struct store_letter *l, struct diag *d)
{
    struct stmt *s = stmt_get(st, "letter_delete", d);
    assert(st->in_transaction);
    if (!s)
        return -1;
    stmt_uint(s, letter_id(l, d->arena));
    if (stmt_run(s, d) != 0)
        return -1;
    return stmt_affected(s) == 1 ? 0
                                 : diag_fail(d, DIAG_BUSY, "somebody else took care of record %lld",
                                             (long long)l->seq);
}
