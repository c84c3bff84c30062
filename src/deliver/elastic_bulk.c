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
elastic_read_item(const json_t *item, const struct outlet_message *m, struct diag *d)
{
    const json_t *o = json_object_get(item, "create");
    const json_t *status = json_object_get(o, "status"), *error = json_object_get(o, "error");
    struct str id = elastic_text(o, "_id");
    if (!json_is_integer(status))
        return elastic_no_answer("an item has no status", d);
    if (id.len && !str_eq(id, elastic_id(m, d->arena)))
        return elastic_no_answer("its items are those of other messages", d);
    long n = (long)json_integer_value(status);
    if (n == 409)
        return 0;
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
             struct diag *d)
{
    *ret_n = 0;
    AUTO(json_decref_auto)
    json_t *root = json_loadb(answer.s, answer.len, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
    const json_t *items = json_object_get(root, "items");
    if (!root)
        return elastic_no_answer("no JSON", d);
    if (!json_is_array(items) || json_array_size(items) != n)
        return elastic_no_answer("it does not have an item for every message", d);
    for (; *ret_n < n; ++*ret_n)
        if (elastic_read_item(json_array_get(items, *ret_n), &m[*ret_n], d) != 0)
            return -1;
    return 0;
}
