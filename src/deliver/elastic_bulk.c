/* Requests and answers of _bulk, without a network. Before elastic.c. */
#include "deliver/elastic_bulk.h"

#include <assert.h>
#include <jansson.h>

#include "base/auto.h"
#include "base/json_put.h"
#include "base/sha256.h"
#include "deliver/verdict.h"

AUTO_DEFINE(json_t *, json_decref)

/* ---- request ---- */

struct str
elastic_id(const struct outlet_message *m, struct arena *a)
{
    struct str id = m->is_reduced ? arena_fmt(a, "%.*s:reduced", STR_ARG(m->id)) : m->id;
    if (id.len <= ELASTIC_MAX_ID)
        return id;
    struct sha256_digest hash = sha256_of(id);
    return sha256_hex(a, &hash);
}

void
elastic_put(struct buf *out, const struct outlet_message *m, struct arena *a)
{
    assert(!memchr(m->text.s, '\n', m->text.len));
    buf_puts(out, "{\"create\":{\"_id\":");
    json_put_quoted(out, elastic_id(m, a));
    buf_puts(out, "}}\n");
    buf_str(out, m->text);
    buf_putc(out, '\n');
}

/* ---- answer ---- */

static struct str
elastic_text(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return json_is_string(v) ? str_n(json_string_value(v), json_string_length(v)) : STR("");
}

static int
elastic_no_answer(const char *what, struct diag *d)
{
    return diag_fail(d, DIAG_UNAVAILABLE, "this is no answer of Elasticsearch: %s", what);
}

/* Failures that have a status of the document but are about the index, whatever is sent. */
static bool
elastic_is_about_index(struct str type)
{
    static const char *const types[] = {"invalid_index_name_exception", "index_closed_exception",
                                        "validation_exception", NULL};
    for (const char *const *t = types; *t; t++)
        if (str_eqc(type, *t))
            return true;
    return false;
}

/* Of one document. 409: a document of this id is there, ours of an earlier time. */
static int
elastic_read_item(const json_t *item, const struct outlet_message *m, bool *ret_is_there,
                  struct diag *d)
{
    const json_t *o = json_object_get(item, "create");
    const json_t *status = json_object_get(o, "status"), *error = json_object_get(o, "error");
    struct str id = elastic_text(o, "_id");
    if (!json_is_integer(status))
        return elastic_no_answer("an item has no status", d);
    if (id.len && !str_eq(id, elastic_id(m, d->arena)))
        return elastic_no_answer("its items are those of other messages", d);
    long n = (long)json_integer_value(status);
    if (n == 409) {
        *ret_is_there = true;
        return 0;
    }
    struct str type = elastic_text(error, "type"), reason = elastic_text(error, "reason");
    struct str said = arena_fmt(d->arena, "%.*s%s%.*s", STR_ARG(type),
                                type.len && reason.len ? ": " : "", STR_ARG(reason));
    if (elastic_is_about_index(type))
        return diag_fail(d, DIAG_CONFIG, "%.*s", STR_ARG(verdict_said(said, STR(""), d->arena)));
    if (verdict_of(n, said, STR(""), d) == 0)
        return 0;
    return diag_context(d, "%.*s", STR_ARG(verdict_said(m->id, STR(""), d->arena)));
}

int
elastic_read(struct str answer, const struct outlet_message *m, size_t n, size_t *ret_n,
             bool *ret_is_there, struct diag *d)
{
    *ret_n = 0;
    *ret_is_there = false;
    AUTO(json_decref_auto)
    json_t *root = json_loadb(answer.s, answer.len, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
    const json_t *items = json_object_get(root, "items");
    if (!root)
        return elastic_no_answer("no JSON", d);
    if (!json_is_array(items) || json_array_size(items) != n)
        return elastic_no_answer("it does not have an item for every message", d);
    for (; *ret_n < n; ++*ret_n)
        if (elastic_read_item(json_array_get(items, *ret_n), &m[*ret_n], ret_is_there, d) != 0)
            return -1;
    return 0;
}

/* ---- what is there under the ids ---- */

static const struct { /* where the formats have the hash of a record */
    const char *in, *leaf;
} leaves[] = {{"event", "hash"}, {"unmapped", "leaf"}, {NULL, "_leaf"}, {NULL, "leaf"}};

enum { N_LEAVES = sizeof leaves / sizeof *leaves };

void
elastic_put_search(struct buf *out, const struct outlet_message *m, size_t n, struct arena *a)
{
    struct json_put j = json_put_init(out);
    json_put_open(&j, '{');
    json_put_member_int(&j, "size", (int64_t)n);
    json_put_key(&j, "_source");
    json_put_open(&j, '[');
    for (size_t i = 0; i < N_LEAVES; i++)
        json_put_str(&j, arena_fmt(a, "%s%s%s", leaves[i].in ? leaves[i].in : "",
                                   leaves[i].in ? "." : "", leaves[i].leaf));
    json_put_close(&j, ']');
    json_put_key(&j, "query");
    json_put_open(&j, '{');
    json_put_key(&j, "ids");
    json_put_open(&j, '{');
    json_put_key(&j, "values");
    json_put_open(&j, '[');
    for (size_t i = 0; i < n; i++)
        json_put_str(&j, elastic_id(&m[i], a));
    json_put_close(&j, ']');
    json_put_close(&j, '}');
    json_put_close(&j, '}');
    json_put_close(&j, '}');
}

static struct str
elastic_leaf_of(const json_t *source)
{
    struct str leaf = STR("");
    for (size_t i = 0; i < N_LEAVES && !leaf.len; i++)
        leaf = elastic_text(leaves[i].in ? json_object_get(source, leaves[i].in) : source,
                            leaves[i].leaf);
    return leaf;
}

/* The hash that the document of that id says; empty = it is not among the hits, or says none. */
static struct str
elastic_find_leaf(const json_t *hits, struct str id)
{
    size_t i;
    json_t *hit;
    json_array_foreach(hits, i, hit)
    {
        if (str_eq(elastic_text(hit, "_id"), id))
            return elastic_leaf_of(json_object_get(hit, "_source"));
    }
    return STR("");
}

int
elastic_compare(struct str answer, const struct outlet_message *m, size_t n, size_t *ret_n,
                struct diag *d)
{
    AUTO(json_decref_auto) json_t *root = json_loadb(answer.s, answer.len, JSON_ALLOW_NUL, NULL);
    const json_t *hits = json_object_get(json_object_get(root, "hits"), "hits");
    for (*ret_n = 0; *ret_n < n; ++*ret_n) {
        struct str id = elastic_id(&m[*ret_n], d->arena), theirs = elastic_find_leaf(hits, id);
        if (!theirs.len)
            continue;
        AUTO(json_decref_auto)
        json_t *document = json_loadb(m[*ret_n].text.s, m[*ret_n].text.len, JSON_ALLOW_NUL, NULL);
        struct str ours = elastic_leaf_of(document);
        if (!ours.len || str_eq(theirs, ours))
            continue;
        return diag_fail(d, DIAG_CANNOT_WRITE,
                         "%.*s: another record has this id there, with the hash %.*s and not %.*s: "
                         "it is of another history of the log, or was written by somebody else",
                         STR_ARG(verdict_said(id, STR(""), d->arena)),
                         STR_ARG(verdict_said(theirs, STR(""), d->arena)), STR_ARG(ours));
    }
    return 0;
}
