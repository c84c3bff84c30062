/* Retention of files received, and what keeps rows: exporters, holds, groups. Called by job/prune.c and job/hold.c. */
#include <assert.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/env.h"
#include "model/moves.h"
#include "store/fact_rows.h"
#include "store/fact_state.h"
#include "store/ids.h"
#include "store/month.h"
#include "store/month_close.h"
#include "store/prune_rule.h"
#include "store/session.h"
#include "store/stmt.h"

AUTO_DEFINE(struct arena *, arena_free)

enum { MANY = 40 }; /* parameters of prune_drop_inputs and prune_drop_warnings */

/* ---- inputs ---- */

struct old_input {
    struct sha256_digest sha256;
    int64_t received, n_bytes;
};

typedef VEC(struct old_input) old_inputs;

/* The next ones that no scan names; *ret_looked: how many rows that was asked of. */
static int
load_inputs(struct store *st, const struct prune_order *o, struct prune_place *at, struct arena *a,
            old_inputs *to, struct diag *d)
{
    struct stmt *s = stmt_get(st, "prune_inputs", d);
    if (!s)
        return -1;
    stmt_time(s, o->before);
    stmt_time(s, at->received);
    stmt_time(s, at->received);
    stmt_bytes(s, at->sha256.b, SHA256_SIZE);
    stmt_int(s, PRUNE_PART);
    if (stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    int64_t n = 0;
    while ((rc = stmt_next(s, d)) == STMT_ROW) {
        struct old_input in = {.received = stmt_col_time(s, 1), .n_bytes = stmt_col_int(s, 2)};
        stmt_col_bytes(s, 0, in.sha256.b, SHA256_SIZE);
        *at = (struct prune_place){in.received, in.sha256};
        n++;
        if (stmt_col_int(s, 3) == 0) /* no scan names it */
            *VEC_PUSH(a, to) = in;
    }
    if (n < PRUNE_PART)
        at->received = CLOCK_NONE;
    return rc;
}

/* A period that is held keeps the files that came in it, also those that were rejected. */
static enum prune_why
judge_input(const struct prune_order *o, const struct old_input *in)
{
    for (size_t i = 0; i < o->n_holds; i++)
        if (in->received >= o->holds[i].from && in->received < o->holds[i].to &&
            !o->holds[i].is_of_agents && !o->holds[i].is_of_policies)
            return PRUNE_HELD;
    return in->received >= o->delivered ? PRUNE_EXPORTED : PRUNE_GOES;
}

static int
drop_hashes(struct store *st, const char *name, const old_inputs *v, size_t from, int64_t *n,
            struct diag *d)
{
    struct stmt *s = stmt_get(st, name, d);
    if (!s)
        return -1;
    for (size_t i = 0; i < MANY; i++)
        stmt_bytes(s, v->v[from + i < v->n ? from + i : from].sha256.b, SHA256_SIZE);
    if (stmt_run(s, d) != 0)
        return -1;
    *n += stmt_affected(s);
    return 0;
}

/* Touched before they are looked at: one that comes in anew meanwhile has another time, and its fact would be refused. */
static int
drop_inputs(struct store *st, const old_inputs *v, struct diag *d)
{
    int64_t n = 0, ignored = 0;
    for (size_t i = 0; i < v->n; i++) {
        const struct fact_item item = {.kind = FACT_INPUT, .sha256 = v->v[i].sha256};
        facts_touch(st, &item);
    }
    if (facts_look(st, d) != 0)
        return -1;
    for (size_t i = 0; i < v->n; i += MANY)
        if (drop_hashes(st, "prune_drop_warnings", v, i, &ignored, d) != 0 ||
            drop_hashes(st, "prune_drop_inputs", v, i, &n, d) != 0)
            return -1;
    return n == (int64_t)v->n ? 0 : diag_fail(d, DIAG_RETRY, "files came or went meanwhile");
}

int
prune_inputs(struct store *st, const struct prune_order *o, struct prune_place *at,
             struct prune_count *ret, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    old_inputs all = {0}, gone = {0};
    *ret = (struct prune_count){.oldest = CLOCK_NONE, .newest = CLOCK_NONE};
    if (load_inputs(st, o, at, a, &all, d) != 0)
        return -1;
    for (size_t i = 0; i < all.n; i++) {
        const struct old_input *in = &all.v[i];
        enum prune_why why = judge_input(o, in);
        struct prune_count one = {.n = why == PRUNE_GOES,
                                  .n_bytes = why == PRUNE_GOES ? in->n_bytes : 0,
                                  .oldest = why == PRUNE_GOES ? in->received : CLOCK_NONE,
                                  .newest = why == PRUNE_GOES ? in->received : CLOCK_NONE};
        one.kept[why] = why != PRUNE_GOES;
        prune_count_add(ret, &one);
        if (why == PRUNE_GOES)
            *VEC_PUSH(a, &gone) = *in;
    }
    return o->is_dry || !gone.n ? 0 : drop_inputs(st, &gone, d);
}

int
prune_is_file_held(struct store *st, const struct prune_order *o, const struct sha256_digest *file,
                   bool *ret, struct diag *d)
{
    *ret = false;
    struct stmt *s = o->n_holds ? stmt_get(st, "prune_scans_of_file", d) : NULL;
    if (!s)
        return o->n_holds ? -1 : 0;
    for (int i = 0; i < 2; i++)
        stmt_bytes(s, file->b, SHA256_SIZE);
    if (stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW)
        for (size_t i = 0; i < o->n_holds; i++)
            *ret = *ret || prune_rule_is_held(&o->holds[i], stmt_col_uint(s, 0), stmt_col_uint(s, 1),
                                              stmt_col_time(s, 2));
    return rc;
}

/* ---- what keeps them ---- */

int
prune_find_open_month(struct store *st, int64_t until, int64_t *ret, struct diag *d)
{
    int open;
    bool is_few;
    *ret = until;
    if (store_next_month(st, &open, &is_few, d) != 0)
        return -1;
    int64_t end = open ? month_start(open)
                       : month_start(month_of(env_wall_us() / 1000000 - MONTH_WAIT_S));
    *ret = end < until ? end : until;
    return 0;
}

int
prune_find_undelivered(struct store *st, int64_t since, struct arena *a, struct str *ret_target,
                       int64_t *ret_at, struct diag *d)
{
    struct stmt *s = stmt_get(st, "prune_undelivered", d);
    *ret_target = STR("");
    *ret_at = CLOCK_NONE;
    if (!s)
        return -1;
    stmt_time(s, since);
    enum stmt_answer rc = stmt_first(s, d);
    if (rc != STMT_ROW)
        return rc;
    *ret_target = stmt_col_str(s, 0, a);
    *ret_at = stmt_col_time(s, 1);
    return 0;
}

int
prune_load_settings(struct store *st, struct str prefix, struct arena *a, struct prune_setting **ret,
                    size_t *ret_n, struct diag *d)
{
    VEC(struct prune_setting) list = {0};
    assert(prefix.len && prefix.s[prefix.len - 1] == ':');
    struct stmt *s = stmt_get(st, "prune_settings", d);
    if (!s)
        return -1;
    stmt_str(s, prefix);
    stmt_str(s, arena_fmt(a, "%.*s;", (int)prefix.len - 1, prefix.s)); /* ';' is behind ':' */
    if (stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW)
        *VEC_PUSH(a, &list) =
            (struct prune_setting){stmt_col_str(s, 0, a), stmt_col_str(s, 1, a)};
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

int
prune_group_agents(struct store *st, struct str group, struct arena *a, uint64_t **ret,
                   size_t *ret_n, struct diag *d)
{
    VEC(uint64_t) ids = {0};
    struct prune_setting *moves;
    size_t n;
    struct stmt *s = stmt_get(st, "prune_group_agents", d);
    if (!s)
        return -1;
    stmt_uint(s, ids_group(group));
    if (stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW)
        *VEC_PUSH(a, &ids) = stmt_col_uint(s, 0);
    if (rc != STMT_END || prune_load_settings(st, STR("group:"), a, &moves, &n, d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (moves_has(moves[i].value, ids_group(group)))
            *VEC_PUSH(a, &ids) = ids_agent(moves_agent(moves[i].value));
    prune_sort_ids(ids.v, ids.n);
    *ret = ids.v;
    *ret_n = ids.n;
    return 0;
}

int
prune_find_record(struct store *st, struct str setting, int64_t *ret, struct diag *d)
{
    const struct fact_entry *e;
    struct fact_key key = fact_key_name(setting, STR(""));
    struct sha256_digest last;
    int64_t size;
    *ret = -1;
    if (store_audit_size(st, &size, &last, d) != 0 || fact_state_load(st, size, &last, d) != 0 ||
        fact_state_newest(st, FACT_SETTING, &key, &e, d) != 0)
        return -1;
    *ret = e ? e->seq : -1;
    return 0;
}
