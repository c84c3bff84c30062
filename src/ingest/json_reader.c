/* The common part of the readers of JSON documents; above json_doc.c. */
#include "ingest/json_reader.h"

#include <assert.h>

struct ingest_reader *
json_reader_open(const struct json_doc_handlers *h, void *own, const struct ingest_context *ctx,
                 struct scan_file *file, struct arena *a, struct diag *d)
{
    struct ingest_reader *r = ARENA_NEW(a, struct ingest_reader);
    *r = (struct ingest_reader){.ctx = ctx, .file = file, .a = a, .d = d, .own = own};
    r->json = json_doc_new(h, r, ctx->path, d);
    return r;
}

int
json_reader_push(struct ingest_reader *r, struct str chunk)
{
    assert(r->json);
    return json_doc_push(r->json, chunk);
}

int
json_reader_push_document(struct ingest_reader *r, struct str chunk, struct str *ret_rest)
{
    assert(r->json);
    return json_doc_push_one(r->json, chunk, ret_rest);
}

int
json_reader_end(struct ingest_reader *r)
{
    return json_doc_end(r->json);
}

void
json_reader_close(struct ingest_reader *r)
{
    json_doc_free(r->json);
}

struct str
json_reader_get(struct ingest_reader *r, const json_t *object, const char *key, size_t max,
                struct str place)
{
    return str_trim(json_doc_text(r->a, object, key, max, place, r->d));
}
