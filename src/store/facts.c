/* Keys of facts, and the list of rows that a transaction touches. Filled by who writes (scans.c,
 * input_files.c …), read by fact_settle.c. */
#include "store/facts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "store/ids.h"
#include "store/month.h"
#include "store/session.h"

enum { DAY_S = 86400 };

/* ---- keys ---- */

static void
key_number(struct fact_key *k, uint64_t v, int bytes)
{
    assert(k->n + bytes <= FACT_KEY_MAX);
    for (int i = bytes - 1; i >= 0; i--)
        k->b[k->n++] = (unsigned char)(v >> 8 * i);
}

struct fact_key
fact_key_scan(uint64_t agent_id, uint64_t line_id, int64_t end)
{
    struct fact_key k = {0};
    key_number(&k, agent_id, 8);
    key_number(&k, line_id, 8);
    key_number(&k, (uint64_t)end, 8);
    return k;
}

struct fact_key
fact_key_revision(uint64_t agent_id, uint64_t line_id, int64_t end, uint32_t revision)
{
    struct fact_key k = fact_key_scan(agent_id, line_id, end);
    key_number(&k, revision, 4);
    return k;
}

struct fact_key
fact_key_id(uint64_t id)
{
    struct fact_key k = {0};
    key_number(&k, id, 8);
    return k;
}

struct fact_key
fact_key_input(int64_t received, const struct sha256_digest *sha256)
{
    struct fact_key k = {0};
    key_number(&k, (uint64_t)received, 8);
    memcpy(k.b + k.n, sha256->b, SHA256_SIZE);
    k.n += SHA256_SIZE;
    return k;
}

struct fact_key
fact_key_name(struct str name, struct str second)
{
    struct fact_key k = {.n = SHA256_SIZE};
    struct sha256 *h = sha256_new();
    sha256_add_field(h, name);
    sha256_add_field(h, second);
    struct sha256_digest d = sha256_final(h);
    memcpy(k.b, d.b, SHA256_SIZE);
    return k;
}

uint64_t
fact_bucket_at(enum fact_kind kind, int64_t t)
{
    bool by_day = kind == FACT_SCAN || kind == FACT_REVISION || kind == FACT_INPUT;
    uint64_t day = by_day && t > 0 ? (uint64_t)t / DAY_S : 0;
    return (uint64_t)kind << 32 | (day & UINT32_MAX);
}

uint64_t
fact_bucket_of(enum fact_kind kind, const struct fact_key *key)
{
    uint64_t t = 0;
    if (kind == FACT_MONTH) { /* a bucket a month */
        for (size_t i = 0; i < 4; i++)
            t = t << 8 | key->b[i];
        return (uint64_t)kind << 32 | t;
    }
    size_t at = kind == FACT_INPUT ? 0 : 16; /* of the time */
    for (size_t i = at; i < at + 8 && i < key->n; i++)
        t = t << 8 | key->b[i];
    return fact_bucket_at(kind, (int64_t)t);
}

const char *
fact_word(enum fact_kind kind)
{
    static const char *const words[FACT__END] = {
        [FACT_AGENT] = "agent",       [FACT_POLICY] = "policy", [FACT_SCAN] = "scan",
        [FACT_REVISION] = "revision", [FACT_INPUT] = "input",   [FACT_ENROLMENT] = "enrolment",
        [FACT_SETTING] = "setting",   [FACT_RUN] = "run",       [FACT_CURSOR] = "cursor",
        [FACT_MONTH] = "month"};
    return (unsigned)kind < FACT__END ? words[kind] : NULL;
}

bool
fact_is_note(struct str setting)
{
    return str_eqc(setting, "last-run") || str_eqc(setting, "anchor:last");
}

bool
fact_is_gone(const struct sha256_digest *digest)
{
    static const struct sha256_digest zeros;
    return memcmp(digest->b, zeros.b, SHA256_SIZE) == 0;
}

struct str
fact_value(const struct fact *f, struct arena *a)
{
    AUTO_BUF b = buf_init(4096);
    if (fact_is_gone(&f->digest))
        buf_puts(&b, "gone");
    else
        buf_hex(&b, f->digest.b, SHA256_SIZE);
    buf_putc(&b, ' ');
    buf_hex(&b, f->key.b, f->key.n);
    buf_putc(&b, ' ');
    buf_str(&b, f->text);
    assert(!buf_bad(&b));
    return arena_str(a, buf_view(&b));
}

/* ---- touching ---- */

/* Bytes that tell an item from all others. */
static struct str
item_name(const struct fact_item *it, unsigned char out[1 + FACT_KEY_MAX])
{
    struct fact_key k;
    switch (it->kind) {
    case FACT_SCAN:
        k = fact_key_scan(it->id, it->line_id, it->end);
        break;
    case FACT_AGENT:
    case FACT_POLICY:
        k = fact_key_id(it->id);
        break;
    case FACT_INPUT:
        k = fact_key_input(0, &it->sha256);
        break;
    case FACT_MONTH:
        k = month_key(it->month, it->chunk);
        break;
    default:
        k = fact_key_name(it->name, it->second);
    }
    out[0] = (unsigned char)it->kind;
    memcpy(out + 1, k.b, k.n);
    return str_n((const char *)out, 1 + (size_t)k.n);
}

static struct facts *
facts_of(struct store *st)
{
    if (!st->facts) {
        st->facts = mem_alloc(sizeof *st->facts);
        memset(st->facts, 0, sizeof *st->facts);
        st->facts->a = arena_new();
        st->facts->index = map_new(st->facts->a);
    }
    return st->facts;
}

void
facts_touch(struct store *st, const struct fact_item *item)
{
    unsigned char name[1 + FACT_KEY_MAX];
    if (!st->in_transaction) /* no act, and no record that could tell it */
        return;
    struct facts *f = facts_of(st);
    assert(!f->is_settled && item->kind != FACT_REVISION);
    struct str key = item_name(item, name);
    long at = map_get_index(f->index, key);
    if (at >= 0) { /* who touches it last tells what it became */
        f->items.v[at].of = st->facts_of;
        return;
    }
    map_put_index(f->index, arena_str(f->a, key), f->items.n);
    struct fact_item *it = VEC_PUSH(f->a, &f->items);
    *it = *item;
    it->of = st->facts_of;
    it->name = arena_str(f->a, item->name);
    it->second = arena_str(f->a, item->second);
}

bool
facts_is_touched(const struct store *st, const struct fact_item *item)
{
    unsigned char name[1 + FACT_KEY_MAX];
    return st->facts && map_get_index(st->facts->index, item_name(item, name)) >= 0;
}

struct fact_member *
facts_member(struct store *st, uint64_t agent_id)
{
    struct facts *f = facts_of(st);
    if (!f->members)
        f->members = map_new(f->a);
    struct fact_member *m = map_get(f->members, str_n((const char *)&agent_id, sizeof agent_id));
    if (!m) {
        m = ARENA_NEW(f->a, struct fact_member);
        *m = (struct fact_member){.last_seen = CLOCK_NONE};
        map_put(f->members, ids_key(f->a, &agent_id, sizeof agent_id), m);
    }
    return m;
}

size_t
facts_event_of(const struct store *st, const struct fact *f)
{
    unsigned char name[1 + FACT_KEY_MAX];
    size_t n = f->kind == FACT_REVISION ? 24 : f->key.n; /* a revision is touched as its scan */
    assert(st->facts);
    name[0] = (unsigned char)(f->kind == FACT_REVISION ? FACT_SCAN : f->kind);
    memcpy(name + 1, f->key.b, n);
    if (f->kind == FACT_INPUT)
        memset(name + 1, 0, 8); /* its time is not known when it is touched */
    long at = map_get_index(st->facts->index, str_n((const char *)name, 1 + n));
    assert(at >= 0);
    return st->facts->items.v[at].of;
}

void
store_facts_for(struct store *st, size_t event)
{
    st->facts_of = event;
}

bool
store_has_facts(const struct store *st)
{
    const struct facts *f = st->facts;
    return f && (f->is_settled ? f->settled.n : f->items.n) > 0;
}

void
facts_keep_months(struct store *st)
{
    assert(st->in_transaction);
    facts_of(st)->keeps_months = true;
}

void
facts_drop(struct store *st)
{
    st->facts_of = 0;
    if (!st->facts)
        return;
    arena_free(st->facts->a);
    free(st->facts);
    st->facts = NULL;
}
