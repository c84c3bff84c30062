/* Lists of facts out of records, as bytes: parsing each record once more would cost more than all else.
 * Called by verify_log.c. */
#include "ledger/verify_facts.h"

#include <assert.h>
#include <string.h>

#include "store/fact_state.h"

enum { EVERY = 64 /* states are compared: each is a hash over all buckets */ };

/* ---- the tables ---- */

static void *
look_at_tables(void *arg)
{
    struct verify_tables *t = arg;
    t->rc = store_check_facts_apart(t->store, &t->got, &t->d);
    return NULL;
}

static void
start_tables(struct verify_tables *t, const struct store *st)
{
    *t = (struct verify_tables){.store = st, .a = arena_new()};
    t->d = diag_init(t->a);
    t->is_running = pthread_create(&t->thread, NULL, look_at_tables, t) == 0;
    if (!t->is_running)
        look_at_tables(t);
}

static void
end_tables(struct verify_tables *t)
{
    if (t->is_running)
        pthread_join(t->thread, NULL);
    t->is_running = false;
}

/* ---- the log ---- */

void
verify_facts_start(struct verify_facts *v, struct act *act)
{
    *v = (struct verify_facts){.act = act, .a = arena_new(), .said = STR(""), .said_at = -1};
    v->pile.a = arena_new();
    start_tables(&v->tables, act->store);
}

void
verify_facts_free(struct verify_facts *v)
{
    end_tables(&v->tables);
    fact_buckets_free(&v->buckets);
    arena_free(v->tables.a);
    arena_free(v->pile.a);
    arena_free(v->a);
}

/* The value of a change whose field begins behind `at`, "KIND","new":"VALUE"; false = another shape. In
 * canonical JSON quotes within texts are escaped: what looks like a change is one. */
static bool
read_change(struct str rec, size_t at, struct str *kind, struct str *value, size_t *ret_end)
{
    static const char middle[] = ",\"new\":\"";
    struct str rest = str_n(rec.s + at, rec.len - at);
    const char *quote = memchr(rest.s, '"', rest.len);
    if (!quote)
        return false;
    *kind = str_n(rest.s, (size_t)(quote - rest.s));
    size_t from = kind->len + 1;
    if (rest.len < from + sizeof middle || memcmp(rest.s + from, middle, sizeof middle - 1) != 0)
        return false;
    from += sizeof middle - 1;
    const char *end = memchr(rest.s + from, '"', rest.len - from);
    if (!end)
        return false;
    *value = str_n(rest.s + from, (size_t)(end - rest.s) - from);
    *ret_end = at + (size_t)(end - rest.s);
    return true;
}

/* "BUCKET NUMBER HEAD": where a bucket begins that was adopted. */
static bool
adopt_bucket(struct verify_facts *v, struct str value)
{
    int64_t id, n;
    struct sha256_digest head;
    struct str a = str_cut(&value, ' '), b = str_cut(&value, ' ');
    if (!str_to_i64(a, &id) || !str_to_i64(b, &n) || id <= 0 || n <= 0 ||
        !sha256_from_hex(value, &head))
        return false;
    struct fact_bucket *to = fact_buckets_at(&v->buckets, (uint64_t)id);
    if (to->n)
        return false;
    to->n = (uint64_t)n;
    to->head = head;
    return true;
}

static int
take_changes(struct verify_facts *v, const struct store_record *r, struct diag *d)
{
    static const char mark[] = "{\"f\":\"fact.";
    struct str kind, value;
    size_t at = 0;
    const char *p;
    while ((p = memmem(r->rec.s + at, r->rec.len - at, mark, sizeof mark - 1))) {
        struct fact f;
        at = (size_t)(p - r->rec.s) + sizeof mark - 1;
        bool ok = read_change(r->rec, at, &kind, &value, &at);
        if (ok && str_eqc(kind, "bucket"))
            ok = adopt_bucket(v, value);
        else if ((ok = ok && fact_read(kind, value, &f))) {
            f.seq = r->seq;
            *VEC_PUSH(v->pile.a, &v->pile.facts) = f;
        }
        if (!ok)
            return diag_fail(d, DIAG_VERIFY, "a fact in the record cannot be read");
    }
    return 0;
}

static int
compare(const struct verify_facts *v, struct arena *a, struct diag *d)
{
    struct str is = fact_buckets_text(&v->buckets, a);
    if (str_eq(is, v->said))
        return 0;
    diag_fail(d, DIAG_VERIFY, "the record says that the facts are %.*s, and the records have %.*s",
              STR_ARG(v->said), STR_ARG(is));
    return diag_at(d, "record %lld", (long long)v->said_at);
}

/* The end of an act. */
static int
close_act(struct verify_facts *v, int64_t seq, struct str said, struct diag *d)
{
    if (fact_pile_close(&v->pile, &v->buckets, seq, NULL, NULL, d) != 0)
        return -1;
    arena_free(v->pile.a);
    v->pile = (struct fact_pile){.a = arena_new()};
    arena_free(v->a); /* the state before, and what comparing it left */
    v->a = arena_new();
    v->said = arena_str(v->a, said);
    v->said_at = seq;
    return v->n_states++ % EVERY == 0 ? compare(v, v->a, d) : 0;
}

/* Behind pruned records: the first act that ends in what is left has lost some of its own, maybe; it is
 * taken from the table whole. */
static int
begin_behind_pruned(struct verify_facts *v, int64_t seq, struct diag *d)
{
    v->is_pruned = false;
    v->pile.facts.n = 0;
    v->buckets.n = 0;
    return store_load_buckets(v->act->store, seq, &v->buckets, d);
}

void
verify_facts_pruned(struct verify_facts *v)
{
    v->is_pruned = true;
}

int
verify_facts_record(struct verify_facts *v, const struct store_record *r, struct diag *d)
{
    struct str said;
    bool ends = fact_state_said(r->rec, &said);
    assert(r->rec.len);
    if (v->is_pruned && !ends)
        return 0;
    if (v->is_pruned ? begin_behind_pruned(v, r->seq, d) != 0 : take_changes(v, r, d) != 0)
        return diag_at(d, "record %lld", (long long)r->seq);
    return ends ? close_act(v, r->seq, said, d) : 0;
}

int
verify_facts_end(struct verify_facts *v, struct facts_checked *ret, struct diag *d)
{
    if (v->pile.facts.n)
        return diag_fail(d, DIAG_VERIFY, "the last records tell facts, and none says the state");
    if (v->said_at >= 0 && compare(v, v->a, d) != 0)
        return -1;
    end_tables(&v->tables);
    *ret = v->tables.got;
    return v->tables.rc == 0 ? 0 : diag_pass_on(d, &v->tables.d);
}
