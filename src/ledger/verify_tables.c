/* The schema and the rows, for `assay audit verify`; the schema alone for `assay doctor`. */
#include "ledger/verify_tables.h"

#include <assert.h>

int
verify_tables_run(struct act *act, struct tables_verdict *ret, struct diag *d)
{
    struct diag rows = diag_init(d->arena);
    *ret = (struct tables_verdict){.rows = {.n_scans = 0}};
    if (store_verify_schema(act->store, &ret->schema, d) != 0 && d->first.code != DIAG_VERIFY)
        return -1;
    if (act->progress)
        act->progress("verify tables", 0, 0);
    int rc = store_verify_tables(act->store, &ret->rows, &rows);
    if (rc != 0 && rows.first.code == DIAG_BAD_DATA)
        rows.first.code = DIAG_VERIFY;
    if (rc != 0 && diag_failed(d))
        diag_warn(d, DIAG_WARN_DATA, rows.first.place, "%.*s", STR_ARG(rows.first.text));
    else if (rc != 0)
        diag_pass_on(d, &rows);
    for (size_t i = 0; i < rows.warnings.n; i++)
        diag_warn(d, DIAG_WARN_DATA, rows.warnings.v[i].place, "%.*s",
                  STR_ARG(rows.warnings.v[i].text));
    return diag_failed(d) ? -1 : 0;
}

int
verify_tables_schema(struct act *act, struct arena *a, struct str *ret, struct diag *d)
{
    struct store_schema s;
    if (store_verify_schema(act->store, &s, d) != 0)
        return -1;
    *ret = STR("tables, columns, indexes and views are as this program makes them");
    if (s.n_own)
        *ret = arena_fmt(a, "%.*s; %lld more are the site's", STR_ARG(*ret), (long long)s.n_own);
    if (s.n_unseen)
        *ret = arena_fmt(
            a, "%.*s; not looked at: the text of %lld views (the account lacks SHOW VIEW)",
            STR_ARG(*ret), (long long)s.n_unseen);
    if (!s.sees_triggers || !s.sees_events)
        *ret = arena_fmt(a, "%.*s; not looked at: %s%s%s (the account may not see them)",
                         STR_ARG(*ret), s.sees_triggers ? "" : "triggers",
                         s.sees_triggers || s.sees_events ? "" : " and ",
                         s.sees_events ? "" : "events");
    return 0;
}
