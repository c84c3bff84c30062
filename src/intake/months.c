/* One act a month. Called by intake.c behind what it stores, and by rebuild. */
#include "intake/months.h"

#include "base/auto.h"
#include "store/month_close.h"

AUTO_DEFINE(struct arena *, arena_free)

struct closing {
    int month;
    struct month_work *work;
    bool is_done;
};

static int
close_one(struct act *act, void *ctx, struct diag *d)
{
    struct closing *c = ctx;
    struct arena *a = d->arena;
    int chunks;
    int64_t scans;
    if (store_close_month(act->store, c->work, &c->is_done, d) != 0)
        return -1;
    if (!c->is_done) /* no row has changed */
        return act_append(act, NULL, 0, d);
    month_work_size(c->work, &chunks, &scans);
    struct str month = arena_fmt(a, "%04d-%02d", c->month / 100, c->month % 100);
    struct event_change changes[] = {
        {.field = STR("chunks"), .old_value = STR(""), .new_value = arena_fmt(a, "%d", chunks)},
        {.field = STR("scans"),
         .old_value = STR(""),
         .new_value = arena_fmt(a, "%lld", (long long)scans)}};
    struct event e = {.name = "month.close",
                      .severity = 1,
                      .object_type = STR("month"),
                      .object_id = month,
                      .object_name = month,
                      .reason = STR("the month is over"),
                      .changes = changes,
                      .n_changes = sizeof changes / sizeof *changes};
    return act_append(act, &e, 1, d);
}

/* Closes them one after the other, `most` at most; all: also those that are few. A month into which scans go on being
 * stored is left for the next run. */
static int
close_months(struct act *act, bool all, int64_t most, struct months_summary *ret, struct diag *d)
{
    enum { TRIES = 8 };
    for (int stale = 0; stale < TRIES && ret->n_months < most;) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct closing c = {.month = 0};
        bool is_few;
        int chunks;
        int64_t scans;
        if (store_next_month(act->store, &c.month, &is_few, d) != 0)
            return -1;
        if (!c.month || (is_few && !all))
            return 0;
        if (store_prepare_month(act->store, c.month, a, &c.work, d) != 0 ||
            act_transact(act, close_one, &c, d) != 0)
            return -1;
        stale += !c.is_done;
        if (!c.is_done)
            continue;
        all = true; /* those behind it are few only because it is closed */
        stale = 0;
        month_work_size(c.work, &chunks, &scans);
        ret->n_months++;
        ret->n_scans += scans;
        if (act->progress)
            act->progress("months", (size_t)ret->n_months, 0);
    }
    return 0;
}

int
months_settle(struct act *act, struct diag *d)
{
    enum { A_RUN = 3 };     /* so that the first run behind an upgrade goes on with its work */
    static bool has_failed; /* of this process: what the log contradicts stays so */
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag mine = diag_init(a);
    struct months_summary ignored = {0};
    if (has_failed || act->dry_run || close_months(act, false, A_RUN, &ignored, &mine) == 0)
        return 0;
    if (diag_may_pass(&mine)) /* the next run does it */
        return 0;
    if (mine.first.code != DIAG_VERIFY && mine.first.code != DIAG_BAD_DATA)
        return diag_pass_on(d, &mine);
    has_failed = true;
    diag_warn(d, DIAG_WARN_DATA, STR("months"), "a month was not closed: %.*s",
              STR_ARG(mine.first.text));
    return 0;
}

int
months_close_all(struct act *act, struct diag *d)
{
    struct months_summary ignored = {0};
    return close_months(act, true, INT64_MAX, &ignored, d);
}

static int
open_all(struct act *act, void *ctx, struct diag *d)
{
    struct months_summary *s = ctx;
    struct arena *a = d->arena;
    if (store_open_months(act->store, &s->n_opened, d) != 0)
        return -1;
    if (!s->n_opened)
        return act_append(act, NULL, 0, d);
    struct event_change chunks = {.field = STR("chunks"),
                                  .old_value = STR(""),
                                  .new_value = arena_fmt(a, "%lld", (long long)s->n_opened)};
    struct event e = {.name = "month.open",
                      .severity = 5,
                      .object_type = STR("month"),
                      .object_id = STR("all"),
                      .object_name = STR("all"),
                      .reason = STR("they are made anew"),
                      .changes = &chunks,
                      .n_changes = 1};
    return act_append(act, &e, 1, d);
}

int
months_make(struct act *act, struct months_summary *ret, struct diag *d)
{
    *ret = (struct months_summary){0};
    if (act->dry_run)
        return 0;
    return act_transact(act, open_all, ret, d) == 0 ? close_months(act, true, INT64_MAX, ret, d)
                                                    : -1;
}
