/* Report runs, which one host claims for a time, and settings seen last. Called by job and act. */
#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "base/env.h"
#include "base/utf8.h"
#include "store/fact_rows.h"
#include "store/session.h"
#include "store/stmt.h"

enum { MAX_REASON = 500 }; /* what the column takes */

/* ---- report runs ---- */

/* Before the row changes. */
static int
touch(struct store *st, enum fact_kind kind, struct str name, struct str second, struct diag *d)
{
    const struct fact_item item = {.kind = kind, .name = name, .second = second};
    facts_touch(st, &item);
    return facts_look(st, d);
}

static int
try_claim(struct store *st, const char *name, struct str definition, struct str period_key,
          int lease_s, uint64_t token, bool *ret_won, struct diag *d)
{
    bool insert = strcmp(name, "run_insert") == 0;
    struct stmt *s = stmt_get(st, name, d);
    if (!s)
        return -1;
    if (insert) {
        stmt_str(s, definition);
        stmt_str(s, period_key);
    }
    stmt_uint(s, token);
    stmt_int(s, lease_s);
    stmt_str(s, str_c(env_host()));
    if (!insert) {
        stmt_str(s, definition);
        stmt_str(s, period_key);
    }
    if (stmt_run(s, d) != 0)
        return -1;
    *ret_won = stmt_affected(s) == 1;
    return 0;
}

int
store_claim_run(struct store *st, struct str definition, struct str period_key, int lease_s,
                uint64_t *ret_token, struct diag *d)
{
    uint64_t token = env_random_id();
    bool won = false;
    assert(st->in_transaction);
    if (touch(st, FACT_RUN, definition, period_key, d) != 0)
        return -1;
    if (try_claim(st, "run_insert", definition, period_key, lease_s, token, &won, d) != 0)
        return -1;
    if (!won &&
        try_claim(st, "run_take_over", definition, period_key, lease_s, token, &won, d) != 0)
        return -1;
    if (!won) /* what another host made of the row meanwhile is told by its records, not by ours */
        facts_drop(st);
    *ret_token = won ? token : 0;
    return 0;
}

int
store_keep_run(struct store *st, uint64_t token, int lease_s, struct diag *d)
{
    struct stmt *s = stmt_get(st, "run_keep", d);
    assert(token != 0 && st->in_transaction);
    if (!s)
        return -1;
    stmt_int(s, lease_s);
    stmt_uint(s, token);
    return stmt_run(s, d); /* whether it was still ours, finishing tells */
}

int
store_clock(struct store *st, int64_t *ret, struct diag *d)
{
    struct stmt *s = stmt_get(st, "database_clock", d);
    if (!s || stmt_first(s, d) != STMT_ROW)
        return diag_failed(d) ? -1 : diag_fail(d, DIAG_INTERNAL, "no answer to database_clock");
    *ret = stmt_col_int(s, 0);
    return 0;
}

int
store_finish_run(struct store *st, uint64_t token, const struct store_run *run, struct diag *d)
{
    assert(token != 0);
    if (touch(st, FACT_RUN, run->definition, run->period_key, d) != 0)
        return -1;
    struct stmt *s = stmt_get(st, "run_finish", d);
    if (!s)
        return -1;
    stmt_str(s, run->state);
    stmt_str(s, run->report_id);
    stmt_str(s, run->dataset_hex);
    stmt_str(s, run->manifest_hex);
    stmt_str(s, utf8_fit(d->arena, run->reason, MAX_REASON));
    stmt_time(s, run->changed);
    stmt_str(s, run->definition);
    stmt_str(s, run->period_key);
    stmt_uint(s, token);
    if (stmt_run(s, d) != 0)
        return -1;
    if (stmt_affected(s) == 1)
        return 0;
    return diag_fail(d, DIAG_BUSY, "another host took over %.*s %.*s", STR_ARG(run->definition),
                     STR_ARG(run->period_key));
}

int
store_load_runs(struct store *st, struct str definition, struct arena *a, struct store_run **ret,
                size_t *ret_n, struct diag *d)
{
    VEC(struct store_run) runs = {0};
    struct stmt *s = stmt_get(st, "run_list", d);
    if (!s)
        return -1;
    stmt_str(s, definition);
    if (stmt_run(s, d) != 0)
        return -1;
    enum stmt_answer rc;
    while ((rc = stmt_next(s, d)) == STMT_ROW)
        *VEC_PUSH(a, &runs) = (struct store_run){.definition = definition,
                                                 .period_key = stmt_col_str(s, 0, a),
                                                 .state = stmt_col_str(s, 1, a),
                                                 .host = stmt_col_str(s, 2, a),
                                                 .report_id = stmt_col_str(s, 3, a),
                                                 .dataset_hex = stmt_col_str(s, 4, a),
                                                 .manifest_hex = stmt_col_str(s, 5, a),
                                                 .changed = stmt_col_time(s, 6),
                                                 .reason = stmt_col_str(s, 7, a),
                                                 .is_over = stmt_col_int(s, 8) != 0};
    *ret = runs.v;
    *ret_n = runs.n;
    return rc;
}

int
store_count_failed_runs(struct store *st, int64_t *ret, struct diag *d)
{
    struct stmt *s = stmt_get(st, "failed_runs", d);
    if (!s || stmt_first(s, d) != STMT_ROW)
        return diag_failed(d) ? -1 : diag_fail(d, DIAG_INTERNAL, "no answer to failed_runs");
    *ret = stmt_col_int(s, 0);
    return 0;
}

int
store_first_scan(struct store *st, int64_t *ret, struct diag *d)
{
    struct stmt *s = stmt_get(st, "first_scan", d);
    if (!s || stmt_first(s, d) != STMT_ROW)
        return diag_failed(d) ? -1 : diag_fail(d, DIAG_INTERNAL, "no answer to first_scan");
    *ret = stmt_col_time(s, 0);
    return 0;
}

/* ---- settings ---- */

int
store_load_setting(struct store *st, struct str key, struct arena *a, struct str *ret,
                   struct diag *d)
{
    struct stmt *s = stmt_get(st, "setting_load", d);
    if (!s)
        return -1;
    stmt_str(s, key);
    enum stmt_answer rc = stmt_first(s, d);
    *ret = rc == STMT_ROW ? stmt_col_str(s, 0, a) : STR("");
    return rc < 0 ? -1 : 0;
}

int
store_put_setting(struct store *st, struct str key, struct str value, struct diag *d)
{
    assert(key.len);
    if (!fact_is_note(key) && touch(st, FACT_SETTING, key, STR(""), d) != 0)
        return -1;
    struct stmt *s = stmt_get(st, "setting_put", d);
    if (!s)
        return -1;
    stmt_str(s, key);
    stmt_str(s, utf8_repair(d->arena, value));
    return stmt_run(s, d);
}
