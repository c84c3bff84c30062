/* Stored scans -> events: store room, on the way to the encoders. Called by messages.c. */
#include "export/result_walk.h"

bool
results_has(const struct audit_record *r)
{
    bool is_stored = false;
    for (size_t i = 0; i < r->changes.n; i++)
        is_stored |= str_eqc(r->changes.v[i].field, "verdict") &&
                     str_eqc(r->changes.v[i].new_value, "stored");
    return is_stored && str_eqc(r->event, "ingest.file");
}

int
results_open(struct act *act, const struct audit_record *r, struct str behind, struct arena *a,
             struct results *ret, struct diag *d)
{
    struct results w = {.act = act, .record = r, .a = a, .behind = behind};
    if (store_load_result_scans(act->store, r->object_id, a, &w.scans, &w.n_scans, d) != 0)
        return -1;
    *ret = w;
    return 0;
}

static void
give(const struct results *w, const struct result_event *v, struct str key,
     struct result_event *ret, struct str *ret_key)
{
    const struct audit_record *r = w->record;
    *ret = *v;
    *ret_key = key;
    RESULT_TEXT(ret, EVENT) = str_c(result_event_name(v->kind));
    RESULT_TEXT(ret, ORIGIN) = r->origin;
    RESULT_TEXT(ret, SEQ) = arena_fmt(w->scan_a, "%lld", (long long)r->seq);
    RESULT_TEXT(ret, LEAF) = r->leaf_hex;
    struct str uid = audit_record_uid(r, w->scan_a);
    RESULT_TEXT(ret, UID) = arena_fmt(w->scan_a, "%.*s:%.*s", STR_ARG(uid), STR_ARG(key));
}

/* A scan whose events all arrived is not asked for: its last key is not known, the next scan's is. */
static bool
is_behind(const struct results *w, struct str key)
{
    return !w->behind.len || str_cmp(key, w->behind) > 0;
}

static int
load(struct results *w, const struct store_result_scan *s, struct diag *d)
{
    arena_free(w->scan_a);
    w->scan_a = arena_new();
    w->at_check = 0;
    return store_load_result_checks(w->act->store, s, w->scan_a, &w->checks, &w->n_checks, d);
}

static int
next_of_scan(struct results *w, struct result_event *ret, struct str *ret_key, struct diag *d)
{
    const struct store_result_scan *s = &w->scans[w->at_scan];
    if (!w->gave_summary) {
        w->gave_summary = true;
        if (load(w, s, d) != 0)
            return -1;
        if (is_behind(w, s->key)) {
            give(w, &s->summary, s->key, ret, ret_key);
            return 1;
        }
    }
    while (w->at_check < w->n_checks) {
        const struct store_result_check *c = &w->checks[w->at_check++];
        struct str key = arena_fmt(w->scan_a, "%.*s-%.*s", STR_ARG(s->key), STR_ARG(c->key));
        if (!is_behind(w, key))
            continue;
        give(w, &c->event, key, ret, ret_key);
        return 1;
    }
    return 0;
}

/* The keys of a scan's checks begin with its own: a key behind which the cursor stands is of this
 * scan, or of one that is over. */
static bool
is_over(const struct results *w, const struct store_result_scan *s)
{
    return !is_behind(w, s->key) && !str_starts(w->behind, s->key.s);
}

int
results_next(struct results *w, struct result_event *ret, struct str *ret_key, struct diag *d)
{
    for (; w->at_scan < w->n_scans; w->at_scan++, w->gave_summary = false) {
        if (is_over(w, &w->scans[w->at_scan]))
            continue;
        int rc = next_of_scan(w, ret, ret_key, d);
        if (rc != 0)
            return rc;
    }
    return 0;
}

void
results_close(struct results *w)
{
    arena_free(w->scan_a);
    *w = (struct results){0};
}
