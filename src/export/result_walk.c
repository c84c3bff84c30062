/* Stored scans -> events: store room, on the way to the encoders. Called by messages.c. */
#include "export/result_walk.h"

#include <assert.h>

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
results_open(struct act *act, const struct audit_record *r, const struct target *target,
             struct str behind, struct arena *a, struct results *ret, struct diag *d)
{
    struct results w = {.act = act, .record = r, .target = target, .a = a, .behind = behind};
    if (store_load_result_scans(act->store, r->object_id, a, &w.scans, &w.n_scans, d) != 0)
        return -1;
    *ret = w;
    return 0;
}

static void
results_give(const struct results *w, const struct result_event *v, struct str key,
             struct result_event *ret, struct str *ret_key)
{
    const struct audit_record *r = w->record;
    assert(key.len);
    *ret = *v;
    *ret_key = key;
    RESULT_TEXT(ret, EVENT) = str_c(result_event_name(v->kind));
    RESULT_TEXT(ret, ORIGIN) = r->origin;
    RESULT_TEXT(ret, SEQ) = arena_fmt(w->scan_a, "%lld", (long long)r->seq);
    RESULT_TEXT(ret, LEAF) = r->leaf_hex;
    struct str uid = audit_record_uid(r, w->scan_a);
    RESULT_TEXT(ret, UID) = arena_fmt(w->scan_a, "%.*s:%.*s", STR_ARG(uid), STR_ARG(key));
}

/* How many events follow the summary, for this target: one that is lost on the way shows. */
static struct str
results_count(const struct results *w)
{
    size_t n = 0;
    assert(w->scan_a);
    for (size_t i = 0; i < w->n_checks; i++) {
        struct result_event *v = &w->checks[i].event;
        RESULT_TEXT(v, EVENT) = str_c(result_event_name(v->kind));
        n += !w->target || target_wants_result(w->target, v, w->scan_a);
    }
    return arena_fmt(w->scan_a, "%zu", n);
}

/* Whether an event of that key is still to be given. */
static bool
results_wants(const struct results *w, struct str key)
{
    return !w->behind.len || str_cmp(key, w->behind) > 0;
}

static enum results_answer
results_next_of_scan(struct results *w, struct result_event *ret, struct str *ret_key,
                     struct diag *d)
{
    const struct store_result_scan *s = &w->scans[w->at_scan];
    if (!w->gave_summary) {
        w->gave_summary = true;
        arena_free(w->scan_a);
        w->scan_a = arena_new();
        w->at_check = 0;
        if (store_load_result_checks(w->act->store, s, w->scan_a, &w->checks, &w->n_checks, d) != 0)
            return RESULTS_FAILED;
        if (results_wants(w, s->key)) {
            results_give(w, &s->summary, s->key, ret, ret_key);
            RESULT_TEXT(ret, N_EVENTS) = results_count(w);
            return RESULTS_EVENT;
        }
    }
    while (w->at_check < w->n_checks) {
        const struct store_result_check *c = &w->checks[w->at_check++];
        struct str key = arena_fmt(w->scan_a, "%.*s-%.*s", STR_ARG(s->key), STR_ARG(c->key));
        if (!results_wants(w, key))
            continue;
        results_give(w, &c->event, key, ret, ret_key);
        return RESULTS_EVENT;
    }
    return RESULTS_END;
}

/* The keys of a scan's checks begin with the key of the scan. So when the key that the walk begins
 * behind is not smaller than the scan's, it is of one of this scan's checks, or the scan is over and
 * need not be loaded. */
static bool
results_is_over(const struct results *w, const struct store_result_scan *s)
{
    return !results_wants(w, s->key) && !str_starts(w->behind, s->key.s);
}

enum results_answer
results_next(struct results *w, struct result_event *ret, struct str *ret_key, struct diag *d)
{
    for (; w->at_scan < w->n_scans; w->at_scan++, w->gave_summary = false) {
        if (results_is_over(w, &w->scans[w->at_scan]))
            continue;
        enum results_answer got = results_next_of_scan(w, ret, ret_key, d);
        if (got != RESULTS_END)
            return got;
    }
    return RESULTS_END;
}

void
results_close(struct results *w)
{
    arena_free(w->scan_a);
    *w = (struct results){0};
}
