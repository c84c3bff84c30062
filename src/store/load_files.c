/* Files received in the period and what was odd about them. Called by load.c. */
#include "store/load.h"

#include "base/clock.h"
#include "store/stmt.h"

/* With a filter only files that hold a scan of it are of interest. */
int
load_files_list(struct loading *l)
{
    if (!l->q->n_groups && !l->q->agent.len && !l->q->policy.len)
        return 0;
    struct stmt *s = stmt_get(l->st, "fleet_files", l->d);
    if (!s)
        return -1;
    l->files = map_new(l->a);
    load_give_scope(l, s, 2);
    if (stmt_run(s, l->d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, l->d)) == STMT_ROW) {
        if (load_find_agent(l, stmt_col_uint(s, 0)) >= 0 &&
            load_find_id(l->wanted, stmt_col_uint(s, 1)) >= 0)
            map_put_index(l->files, stmt_col_str(s, 2, l->a), 0);
    }
    return rc;
}

static bool
wants_file(const struct loading *l, const unsigned char sha256[SHA256_SIZE])
{
    return !l->files || map_get_index(l->files, str_n((const char *)sha256, SHA256_SIZE)) >= 0;
}

/* It had come in by then. */
static bool
is_known(const struct loading *l, int64_t received)
{
    return !l->q->as_of || received <= l->q->as_of;
}

static void
read_input(struct loading *l, const struct stmt *s, struct load_input *ret)
{
    struct fleet_input *in = &ret->input;
    *ret = (struct load_input){.first_scan = stmt_col_time(s, 10)};
    stmt_col_bytes(s, 0, in->sha256.b, SHA256_SIZE);
    in->name = stmt_col_str(s, 1, l->a);
    in->format = stmt_col_str(s, 2, l->a);
    in->reason = stmt_col_str(s, 4, l->a);
    in->host = stmt_col_str(s, 5, l->a);
    in->size = stmt_col_int(s, 6);
    in->received = stmt_col_int(s, 7);
    in->n_scans = stmt_col_int(s, 8);
    in->custody = stmt_col_str(s, 9, l->a);
    in->kind = RECEIPT_OUTSIDE;
    bool of_agent = !l->q->policy.len && !stmt_col_is_null(s, 11) &&
                    (load_find_agent(l, stmt_col_uint(s, 11)) >= 0 ||
                     load_find_agent(l, stmt_col_uint(s, 12)) >= 0);
    ret->is_in_window =
        in->n_scans > 0 && ret->first_scan != CLOCK_NONE && ret->first_scan < l->q->to;
    ret->is_wanted = wants_file(l, in->sha256.b) || (of_agent && in->n_scans > 0);
}

/* By the log what was received in the window; behind it the files that came at another time and hold
 * scans of it. */
int
load_files_inputs(struct loading *l)
{
    VEC(struct load_input) rows = {0};
    struct map *at = map_new(l->a);
    struct stmt *s = stmt_get(l->st, "fleet_inputs", l->d);
    if (!s)
        return -1;
    load_give_window(l, s, 3);
    if (stmt_run(s, l->d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, l->d)) == STMT_ROW) {
        struct load_input *row = VEC_PUSH(l->a, &rows); /* what is outgrown stays: keys lie in it */
        read_input(l, s, row);
        map_put_index(at, str_n((const char *)row->input.sha256.b, SHA256_SIZE), rows.n - 1);
    }
    if (rc != STMT_END || load_received(l, rows.v, at) != 0)
        return -1;
    for (size_t i = 0; i < rows.n; i++)
        if (!rows.v[i].is_used && rows.v[i].is_in_window && rows.v[i].is_wanted &&
            is_known(l, rows.v[i].input.received))
            *VEC_PUSH_SOLE(l->a, &l->f->inputs) = rows.v[i].input;
    return 0;
}

/* Rows come sorted: the same finding of many files is one; false = there are too many. */
static bool
add_warning(struct loading *l, const struct stmt *s)
{
    enum { MAX_WARNINGS = 1000 };
    struct str word = stmt_col_str(s, 0, l->a);
    struct diag_note n = {.code = DIAG_WARN_DATA,
                          .place = stmt_col_str(s, 1, l->a),
                          .text = stmt_col_str(s, 2, l->a)};
    for (int c = 0; c < DIAG__COUNT; c++)
        if (str_eqc(word, diag_word((enum diag_code)c)))
            n.code = (enum diag_code)c;
    const struct diag_note *last =
        l->f->warnings.n ? &l->f->warnings.v[l->f->warnings.n - 1] : NULL;
    if (last && last->code == n.code && str_eq(last->place, n.place) && str_eq(last->text, n.text))
        return true;
    if (l->f->warnings.n >= MAX_WARNINGS)
        return false;
    *VEC_PUSH(l->a, &l->f->warnings) = n;
    return true;
}

int
load_files_warnings(struct loading *l)
{
    struct stmt *s = stmt_get(l->st, "fleet_warnings", l->d);
    if (!s)
        return -1;
    load_give_scope(l, s, 2);
    if (stmt_run(s, l->d) != 0)
        return -1;
    enum stmt_answer rc;
    size_t n_more = 0;
    while ((rc = stmt_next(s, l->d)) == STMT_ROW) {
        struct sha256_digest sha256;
        stmt_col_bytes(s, 3, sha256.b, SHA256_SIZE);
        if (wants_file(l, sha256.b) && is_known(l, stmt_col_time(s, 4)))
            n_more += !add_warning(l, s);
    }
    if (n_more)
        *VEC_PUSH(l->a, &l->f->warnings) =
            (struct diag_note){DIAG_WARN_DATA, STR(""),
                               arena_fmt(l->a, "%zu further findings are not listed", n_more)};
    return rc;
}
