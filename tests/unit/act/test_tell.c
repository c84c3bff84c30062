/* Which record tells which facts: behind the changes of their event, in records facts.more when there is
 * no room, none left out, in order; the last one says the state. */
#include "act/tell.h"

#include "audit/record.h"
#include "check.h"
#include "store/fact_chain.h"

static struct event_change own[64];

static struct event
event_of(size_t n_changes)
{
    return (struct event){.name = "ingest.file",
                          .severity = 1,
                          .object_type = STR("file"),
                          .object_id = STR("x"),
                          .object_name = STR("x"),
                          .reason = STR(""),
                          .changes = own,
                          .n_changes = n_changes};
}

/* n_facts[i] facts of event i, whose own changes are n_own[i]. */
static void
check_plan(const size_t *n_own, const size_t *n_facts, size_t n, size_t text, struct arena *a)
{
    struct tell_plan p;
    struct event events[4];
    size_t total = 0, told = 0;
    for (size_t i = 0; i < n; i++)
        total += n_facts[i];
    struct fact *facts = ARENA_ARRAY(a, struct fact, total + 1);
    char *name = memset(arena_alloc(a, text + 1), 'n', text);
    for (size_t i = 0, k = 0; i < n; i++) {
        events[i] = event_of(n_own[i]);
        for (size_t j = 0; j < n_facts[i]; j++, k++)
            facts[k] = (struct fact){.kind = FACT_SCAN,
                                     .key = fact_key_scan(k, 1, 2),
                                     .digest = {{1}},
                                     .text = str_n(name, text),
                                     .of = i};
    }
    tell_plan(events, n, facts, total, 100, a, &p);
    tell_state(&p, STR("7 abc"), a);
    for (size_t i = 0; i < p.events.n; i++) {
        const struct event *e = &p.events.v[i];
        bool is_more = strcmp(e->name, "facts.more") == 0;
        CHECK(is_more || strcmp(e->name, "ingest.file") == 0);
        CHECK(audit_record_fits(e->changes, e->n_changes, a) == e->n_changes);
        for (size_t k = 0; k < e->n_changes; k++) {
            struct fact f;
            if (!str_eqc(e->changes[k].field, "fact.scan"))
                continue;
            CHECK(fact_read(STR("scan"), e->changes[k].new_value, &f));
            CHECK(told < total && memcmp(f.key.b, facts[told].key.b, f.key.n) == 0);
            CHECK(facts[told].seq == 100 + (int64_t)i);
            told++;
        }
        bool is_last = i + 1 == p.events.n;
        bool says = e->n_changes && str_eqc(e->changes[e->n_changes - 1].field, "facts");
        CHECK(says == is_last);
    }
    CHECK(told == total);
}

int
main(void)
{
    struct arena *a = arena_new();
    for (size_t i = 0; i < 64; i++)
        own[i] =
            (struct event_change){.field = STR("f"), .old_value = STR(""), .new_value = STR("v")};
    check_plan((size_t[]){0}, (size_t[]){0}, 1, 10, a);
    check_plan((size_t[]){7, 7, 0}, (size_t[]){3, 0, 2}, 3, 10, a);
    check_plan((size_t[]){7, 7}, (size_t[]){500, 1}, 2, 100, a);
    check_plan((size_t[]){64, 0}, (size_t[]){1, 64}, 2, 10, a);
    check_plan((size_t[]){63}, (size_t[]){0}, 1, 10, a);
    check_plan((size_t[]){64}, (size_t[]){0}, 1, 10, a);
    check_plan((size_t[]){1}, (size_t[]){40}, 1, 600, a);
    arena_free(a);
    return CHECK_DONE();
}
