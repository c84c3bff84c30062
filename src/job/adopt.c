/* Adoption of what is there. Called by init.c behind the migrations. */
#include "job/adopt.h"

#include "base/auto.h"
#include "base/buf.h"
#include "store/check_facts.h"

AUTO_DEFINE(struct arena *, arena_free)

static struct event_change
change_of(const struct fact_bucket *b, struct arena *a)
{
    return (struct event_change){
        .field = STR("fact.bucket"),
        .old_value = STR(""),
        .new_value = arena_fmt(a, "%llu %llu %s", (unsigned long long)b->id,
                               (unsigned long long)b->n, sha256_hex(a, &b->head).s)};
}

/* As many records as it takes, each spelling out all that it has. */
static int
append_buckets(struct act *act, const struct fact_buckets *b, const struct facts_checked *n,
               struct arena *a, struct diag *d)
{
    VEC(struct event) events = {0};
    struct event_change *c = ARENA_ARRAY(a, struct event_change, b->n + 1);
    for (size_t i = 0; i < b->n; i++)
        c[i] = change_of(&b->v[i], a);
    size_t at = 0;
    do {
        size_t fits = audit_record_fits(c + at, b->n - at, a);
        *VEC_PUSH(a, &events) = (struct event){
            .name = "facts.adopt",
            .severity = 5,
            .object_type = STR("schema"),
            .object_id = act->config.database,
            .object_name = act->config.database,
            .reason =
                arena_fmt(a,
                          "taken as they were, nothing of before can be told: %lld scans, %lld "
                          "files, %lld agents",
                          (long long)n->n_rows[FACT_SCAN], (long long)n->n_rows[FACT_INPUT],
                          (long long)n->n_rows[FACT_AGENT]),
            .changes = c + at,
            .n_changes = fits};
        at += fits;
    } while (at < b->n);
    return act_append(act, events.v, events.n, d);
}

/* The log is locked first: nothing is recorded while the tables are read. */
static int
adopt(struct act *act, void *ctx, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct fact_buckets b = {0};
    struct facts_checked n;
    struct sha256_digest last;
    int64_t size;
    (void)ctx;
    int rc = store_lock_audit_head(act->store, &size, &last, d) == 0 &&
                     store_adopt_facts(act->store, size, &last, &n, &b, d) == 0
                 ? append_buckets(act, &b, &n, a, d)
                 : -1;
    fact_buckets_free(&b);
    return rc;
}

int
adopt_run(struct act *act, struct diag *d)
{
    bool has;
    if (store_has_adopted(act->store, &has, d) != 0)
        return -1;
    return has ? 0 : act_transact(act, adopt, NULL, d);
}
