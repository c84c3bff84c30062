/* Called by check_facts.c. Reads only, but for the table of facts when rows are taken as they are. */
#include "store/checking.h"

#include <string.h>

#include "base/auto.h"
#include "base/buf.h"
#include "store/bulk.h"
#include "store/stmt.h"

/* ---- differences ---- */

struct str
checking_text(struct checking *c, const struct fact_entry *e)
{
    struct diag ignored = diag_init(c->a);
    struct store_record *r;
    size_t n;
    AUTO_BUF hex = buf_init(4096);
    buf_hex(&hex, e->key.b, e->key.n);
    buf_putc(&hex, ' ');
    if (e->seq < 0 || store_load_records(c->st, e->seq, 1, c->a, &r, &n, &ignored) != 0 || n != 1)
        return arena_str(c->a, str_n(hex.data, hex.len - 1));
    long at = str_find(r->rec, hex.data);
    if (at < 0)
        return arena_str(c->a, str_n(hex.data, hex.len - 1));
    struct str rest = str_n(r->rec.s + at + hex.len, r->rec.len - (size_t)at - hex.len);
    const char *end = memchr(rest.s, '"', rest.len);
    return arena_str(c->a, str_n(rest.s, end ? (size_t)(end - rest.s) : 0));
}

void
checking_stop(struct checking *c)
{
    if (c->rows)
        stmt_stop(c->rows);
    c->rows = NULL;
}

struct stmt *
checking_run(struct checking *c, struct stmt *s)
{
    if (!s || stmt_stream(s, c->d) != 0)
        return NULL;
    c->rows = s;
    return s;
}

static struct str
where_told(struct checking *c, const struct fact_entry *e)
{
    return e->seq < 0 ? STR("the record facts.adopt")
                      : arena_fmt(c->a, "record %lld", (long long)e->seq);
}

int
checking_differs(struct checking *c, const struct fact_entry *e)
{
    struct str told = where_told(c, e), what = checking_text(c, e);
    return diag_fail(c->d, DIAG_VERIFY,
                     "%s %.*s: the row is not what %.*s of the audit log says of it",
                     fact_word((enum fact_kind)e->kind), STR_ARG(what), STR_ARG(told));
}

/* ---- one row ---- */

bool
checking_has_agent(const struct checking *c, uint64_t agent_id)
{
    long at = c->scope ? roster_find_agent(c->roster, agent_id) : 0;
    return !c->scope || (at >= 0 && c->scope[at]);
}

/* The agent that the key of it, or of a scan begins with. */
static uint64_t
agent_of(const struct fact_entry *e)
{
    uint64_t id = 0;
    for (int i = 0; i < 8; i++)
        id = id << 8 | e->key.b[i];
    return id;
}

int64_t
checking_time(const struct fact_entry *e)
{
    uint64_t t = 0;
    for (int i = 16; i < 24; i++)
        t = t << 8 | e->key.b[i];
    return (int64_t)t;
}

bool
checking_has_fact(const struct checking *c, const struct fact_entry *e)
{
    if (e->kind == FACT_AGENT)
        return !c->is_of_one || agent_of(e) == c->agent_id;
    if (e->kind == FACT_INPUT && c->files) /* the key: time of receipt, hash */
        return map_get_index(c->files, str_n((const char *)e->key.b + 8, SHA256_SIZE)) >= 0;
    return (e->kind != FACT_SCAN && e->kind != FACT_REVISION) || checking_has_agent(c, agent_of(e));
}

int
checking_row(struct checking *c, enum fact_kind kind, const struct fact_key *key,
             const struct sha256_digest *digest, struct str text)
{
    if (c->adopting) {
        *VEC_PUSH(c->adopting->pile.a, &c->adopting->pile.facts) =
            (struct fact){.kind = kind, .key = *key, .digest = *digest};
        c->ret->n_rows[kind]++;
        return 0;
    }
    struct fact_entry *e = fact_index_find(&c->facts, kind, key);
    if (!e || fact_is_gone(&e->digest))
        return diag_fail(c->d, DIAG_VERIFY,
                         "%s %.*s: no record of the audit log tells of this row%s", fact_word(kind),
                         STR_ARG(text), e ? " after the one that took it away" : "");
    if (memcmp(e->digest.b, digest->b, SHA256_SIZE) != 0) {
        checking_stop(c);
        return checking_differs(c, e);
    }
    e->is_seen = true;
    c->ret->n_rows[kind]++;
    return 0;
}

int
checking_misses(struct checking *c, const struct fact_entry *e)
{
    struct str told = where_told(c, e), what = checking_text(c, e);
    return diag_fail(c->d, DIAG_VERIFY,
                     "%s %.*s: %.*s of the audit log tells of it, and it is gone",
                     fact_word((enum fact_kind)e->kind), STR_ARG(what), STR_ARG(told));
}

static int
put_adopted(void *self, const struct fact_bucket *to, const struct fact_block *block,
            struct diag *d)
{
    return fact_state_put_block(self, to, block, d);
}

/* Writes down what was taken as it is. */
static int
flush_adopted(struct checking *c)
{
    struct adopting *to = c->adopting;
    struct bulk b = bulk_begin(c->st, "bulk_fact");
    int rc = fact_pile_close(&to->pile, &to->buckets, FACT_ADOPTED, put_adopted, &b, c->d);
    arena_free(to->pile.a);
    to->pile = (struct fact_pile){.a = arena_new()};
    return bulk_end(&b, c->d) == 0 ? rc : -1;
}

int
checking_end(struct checking *c)
{
    if (c->adopting)
        return flush_adopted(c);
    for (size_t i = 0; i < c->facts.n; i++) {
        const struct fact_entry *e = &c->facts.v[i];
        if (!e->is_seen && !fact_is_gone(&e->digest) && checking_has_fact(c, e))
            return checking_misses(c, e);
    }
    return 0;
}

int
checking_read(struct checking *c, enum fact_kind kind)
{
    fact_index_clear(&c->facts);
    return c->adopting ? 0 : fact_state_read(c->st, fact_bucket_at(kind, 0), &c->facts, c->d);
}

struct str
checking_name(const struct checking *c, uint64_t agent_id)
{
    long at = roster_find_agent(c->roster, agent_id);
    return at < 0 ? STR("") : c->roster->agents.v[at].agent.name;
}
