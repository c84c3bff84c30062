/* `assay rebuild`: categories policy by policy, then one transaction; detail sets in many. Beside intake.c, whose parsers derive
 * the same for what comes in. */
#include "intake/rebuild.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/map.h"
#include "ingest/category/category.h"
#include "ingest/tables.h"

AUTO_DEFINE(struct arena *, arena_free)

enum { SHOWN_MOVES = 40 };

struct rebuilding {
    struct act *act;
    struct arena *a; /* what lives until the end */
    struct diag *d;
    struct map *seen;                /* texts that were looked at */
    VEC(struct store_category) rows; /* what is to be written */
    struct map *move_of;             /* "from\nto" -> position in ret->moves */
    bool is_check; /* nothing is written: what today's tables would not say fails */
    struct rebuild_summary *ret;
};

/* ---- a check as it is stored ---- */

static struct str
control_of(const struct scan_check *c, const char *framework)
{
    for (size_t i = 0; i < c->mappings.n; i++)
        if (str_eqc(c->mappings.v[i].framework, framework))
            return c->mappings.v[i].control;
    return STR("");
}

/* The section that readers give such a check today. */
static struct str
section_of(struct arena *a, struct str policy, const struct scan_check *c)
{
    if (str_eqc(policy, "lynis"))
        return arena_fmt(a, "lynis:%.*s", STR_ARG(c->id));
    if (str_eqc(policy, "docker-bench-security"))
        return arena_fmt(a, "docker-bench:%.*s", STR_ARG(c->id));
    if (str_ieqc(policy, "prowler"))
        return STR("prowler:|");
    if (str_starts(policy, "xccdf_org.cisecurity.benchmarks_"))
        return arena_fmt(a, "cis:%.*s|%.*s", STR_ARG(policy), STR_ARG(control_of(c, "cis")));
    return STR("");
}

/* Whether the category that is kept with the texts is the input's own word. Texts whose category was never
 * derived are those of schema 13 or older, which kept what it derived in the same place. */
static bool
has_own_category(const struct scan_check *c, const struct store_category *kept)
{
    if (kept->source.len)
        return str_eqc(kept->source, "own");
    return c->own_category.len && !str_eq(c->own_category, category_of_schema_13(c));
}

/* ---- one check ---- */

static void
count_move(struct rebuilding *r, struct str from, struct str to)
{
    struct rebuild_summary *s = r->ret;
    struct str key = arena_fmt(r->a, "%.*s\n%.*s", STR_ARG(from), STR_ARG(to));
    long at = map_get_index(r->move_of, key);
    s->n_changed++;
    s->n_gained += !from.len;
    s->n_lost += !to.len;
    if (at < 0) {
        at = (long)s->moves.n;
        map_put_index(r->move_of, key, (size_t)at);
        *VEC_PUSH(r->a, &s->moves) =
            (struct rebuild_move){arena_str(r->a, from), arena_str(r->a, to), 0};
    }
    s->moves.v[at].n++;
}

/* The texts of a check are asked once, by the first policy version that has them. */
static void
take_check(struct rebuilding *r, struct str policy, struct scan_check *c,
           const struct store_category *kept, struct arena *a)
{
    struct str text = str_n((const char *)kept->text, sizeof kept->text);
    if (map_get_index(r->seen, text) >= 0)
        return;
    map_put_index(r->seen, arena_str(r->a, text), 0);
    struct str before = kept->source.len ? kept->category : c->own_category;
    if (!has_own_category(c, kept))
        c->own_category = STR("");
    if (!c->section.len)
        c->section = section_of(a, policy, c);
    category_derive(a, c);
    bool is_stale = !kept->source.len || !str_eq(kept->tables, r->ret->tables);
    bool is_same = str_eq(before, c->category);
    r->ret->n_checks++;
    r->ret->n_stale += is_stale;
    if (!is_same)
        count_move(r, before, c->category);
    if (!is_stale && is_same && str_eq(kept->source, c->category_source))
        return;
    if (!is_stale && r->is_check && !diag_failed(r->d)) {
        diag_fail(r->d, DIAG_BAD_DATA,
                  "check_category says \"%.*s\", the tables that it names give \"%.*s\": it was "
                  "changed (assay rebuild --categories)",
                  STR_ARG(kept->category), STR_ARG(c->category));
        diag_at(r->d, "policy %.*s, check %.*s", STR_ARG(policy), STR_ARG(c->id));
    }
    struct store_category *row = VEC_PUSH(r->a, &r->rows);
    *row = *kept;
    row->category = arena_str(r->a, c->category);
    row->source = arena_str(r->a, c->category_source);
    row->tables = r->ret->tables;
}

static int
take_policy(struct rebuilding *r, const struct store_policy *p)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct scan_check *checks;
    struct store_category *kept;
    size_t n, n_kept;
    struct store *st = r->act->store;
    if (store_load_policy_checks(st, p->policy_id, a, &checks, &n, r->d) != 0 ||
        store_load_policy_categories(st, p->policy_id, a, &kept, &n_kept, r->d) != 0)
        return -1;
    if (n != n_kept)
        return diag_fail(r->d, DIAG_INTERNAL, "policy %.*s has %zu checks and texts of %zu",
                         STR_ARG(p->id), n_kept, n);
    for (size_t i = 0; i < n; i++)
        take_check(r, p->id, &checks[i], &kept[i], a);
    return diag_failed(r->d) ? -1 : 0;
}

/* ---- all of them ---- */

static int
by_number(const void *x, const void *y)
{
    const struct rebuild_move *a = x, *b = y;
    if (a->n != b->n)
        return a->n > b->n ? -1 : 1;
    int c = str_cmp(a->from, b->from);
    return c ? c : str_cmp(a->to, b->to);
}

/* "412 of Data Protection to Account Management" in the record; the rest is counted. */
static size_t
describe_moves(struct rebuilding *r, struct event_change changes[SHOWN_MOVES])
{
    size_t n = r->ret->moves.n < SHOWN_MOVES ? r->ret->moves.n : SHOWN_MOVES;
    for (size_t i = 0; i < n; i++) {
        const struct rebuild_move *m = &r->ret->moves.v[i];
        changes[i] = (struct event_change){
            .field = arena_fmt(r->a, "checks_%zu", i + 1),
            .old_value = arena_fmt(r->a, "%lld %.*s", (long long)m->n, STR_ARG(m->from)),
            .new_value = arena_fmt(r->a, "%lld %.*s", (long long)m->n, STR_ARG(m->to))};
    }
    return n;
}

static int
write_all(struct act *act, void *ctx, struct diag *d)
{
    enum { COUNTS = 6 };
    struct rebuilding *r = ctx;
    const struct rebuild_summary *s = r->ret;
    struct event_change changes[COUNTS + SHOWN_MOVES];
    const struct {
        const char *field;
        int64_t n;
    } counts[COUNTS - 1] = {{"checks", s->n_checks},
                            {"stale", s->n_stale},
                            {"changed", s->n_changed},
                            {"gained", s->n_gained},
                            {"lost", s->n_lost}};
    size_t n = 0;
    changes[n++] = (struct event_change){STR("tables"), STR(""), s->tables, false};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        changes[n++] =
            (struct event_change){str_c(counts[i].field), STR(""),
                                  arena_fmt(r->a, "%lld", (long long)counts[i].n), false};
    n += describe_moves(r, changes + n);
    struct event e = {.name = "category.rebuild",
                      .severity = 5,
                      .object_type = STR("categories"),
                      .object_id = s->tables,
                      .object_name = STR(""),
                      .reason = STR(""),
                      .changes = changes,
                      .n_changes = n};
    return store_put_categories(act->store, r->rows.v, r->rows.n, d) == 0
               ? act_append(act, &e, 1, d)
               : -1;
}

int
rebuild_categories(struct act *act, struct rebuild_summary *ret, struct diag *d)
{
    struct rebuilding r = {.act = act, .a = d->arena, .d = d, .ret = ret};
    struct store_policy *policies;
    size_t n;
    if (tables_load(act->config.templates_dir.s, d) != 0 ||
        store_load_policies(act->store, r.a, &policies, &n, d) != 0)
        return -1;
    *ret = (struct rebuild_summary){.tables = arena_str(r.a, category_tables())};
    r.seen = map_new(r.a);
    r.move_of = map_new(r.a);
    for (size_t i = 0; i < n; i++) {
        if (take_policy(&r, &policies[i]) != 0)
            return -1;
        if (act->progress)
            act->progress("rebuild", i + 1, n);
    }
    assert(ret->n_changed <= ret->n_checks);
    if (ret->moves.n)
        qsort(ret->moves.v, ret->moves.n, sizeof *ret->moves.v, by_number);
    return act->dry_run || r.rows.n == 0 ? 0 : act_transact(act, write_all, &r, d);
}

static bool
is_among(struct str id, const struct str *ids, size_t n)
{
    bool found = !ids;
    for (size_t i = 0; i < n && !found; i++)
        found = str_eq(id, ids[i]);
    return found;
}

int
rebuild_check(struct act *act, const struct str *ids, size_t n_ids, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct rebuild_summary sum;
    struct rebuilding r = {.act = act, .a = a, .d = d, .ret = &sum, .is_check = true};
    struct store_policy *policies;
    size_t n;
    assert(!diag_failed(d));
    if (tables_load(act->config.templates_dir.s, d) != 0 ||
        store_load_policies(act->store, a, &policies, &n, d) != 0)
        return -1;
    sum = (struct rebuild_summary){.tables = arena_str(a, category_tables())};
    r.seen = map_new(a);
    r.move_of = map_new(a);
    for (size_t i = 0; i < n; i++)
        if (is_among(policies[i].id, ids, n_ids) && take_policy(&r, &policies[i]) != 0)
            return -1;
    return 0;
}

int
rebuild_count_stale(struct act *act, int64_t *ret, struct diag *d)
{
    return tables_load(act->config.templates_dir.s, d) == 0
               ? store_count_stale_categories(act->store, category_tables(), ret, d)
               : -1;
}

/* ---- detail sets ---- */

struct carrying_details {
    struct store_carry at, next; /* before the transaction, and in it */
};

static int
carry_some(struct act *act, void *ctx, struct diag *d)
{
    struct carrying_details *c = ctx;
    c->next = c->at;
    if (store_carry_details(act->store, &c->next, d) != 0)
        return -1;
    if (c->next.n_sets == c->at.n_sets)
        return 0;
    const struct {
        const char *field;
        int64_t n;
    } counts[] = {{"sets", c->next.n_sets - c->at.n_sets},
                  {"bytes_before", c->next.bytes_before - c->at.bytes_before},
                  {"bytes_after", c->next.bytes_after - c->at.bytes_after}};
    struct event_change changes[sizeof counts / sizeof *counts];
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        changes[i] =
            (struct event_change){str_c(counts[i].field), STR(""),
                                  arena_fmt(d->arena, "%lld", (long long)counts[i].n), false};
    struct event e = {.name = "details.rebuild",
                      .severity = 3,
                      .object_type = STR("details"),
                      .object_id = STR(""),
                      .object_name = STR(""),
                      .reason = STR(""),
                      .changes = changes,
                      .n_changes = sizeof counts / sizeof *counts};
    return act_append(act, &e, 1, d);
}

int
rebuild_details(struct act *act, struct rebuild_details *ret, struct diag *d)
{
    struct carrying_details c = {.at = {.n_sets = 0}};
    *ret = (struct rebuild_details){.n_large = 0};
    if (store_count_large_details(act->store, &ret->n_large, &ret->bytes_large, d) != 0)
        return -1;
    while (!act->dry_run && !c.at.is_done) {
        if (act_transact(act, carry_some, &c, d) != 0)
            return -1;
        c.at = c.next;
        if (act->progress)
            act->progress("rebuild", (size_t)c.at.n_sets, (size_t)ret->n_large);
    }
    ret->n_sets = c.at.n_sets;
    ret->bytes_before = c.at.bytes_before;
    ret->bytes_after = c.at.bytes_after;
    return 0;
}
