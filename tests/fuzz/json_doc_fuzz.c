/* Any bytes through the splitter of JSON documents: it must accept exactly what jansson accepts
 * once the text is UTF-8, and hand over the same elements however the bytes were cut. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "ingest/json_doc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct tally {
    size_t n_elements, n_bytes;
};

static int
on_element(void *self, size_t path, const size_t index[JSON_DOC_INDEXES], const json_t *v)
{
    struct tally *t = self;
    char *text = json_dumps(v, JSON_ENCODE_ANY);
    assert(text && path < 2);
    (void)index;
    t->n_elements++;
    for (const char *c = text; *c; c++)
        t->n_bytes++;
    free(text);
    return 0;
}

static int
on_document(void *self, const json_t *v)
{
    (void)self;
    assert(json_is_object(v) || json_is_array(v));
    return 0;
}

static int
split(struct str bytes, size_t step, struct tally *t)
{
    static const struct json_doc_handlers h = {
        .paths = {"a[].b[]", "[]"}, .element = on_element, .document = on_document};
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct json_doc *j = json_doc_new(&h, t, "fuzz", &d);
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < bytes.len; i += step)
        rc = json_doc_push(j, str_n(bytes.s + i, bytes.len - i < step ? bytes.len - i : step));
    if (rc == 0)
        rc = json_doc_end(j);
    assert((rc == 0) == !diag_failed(&d));
    json_doc_free(j);
    arena_free(a);
    return rc;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = str_n((const char *)data, size);
    struct tally by_one = {0}, at_once = {0};
    int rc = split(bytes, 1, &by_one);
    int again = split(bytes, size + 1, &at_once);
    assert(rc == again && by_one.n_bytes == at_once.n_bytes);
    assert(by_one.n_elements == at_once.n_elements);
    if (bytes.len > 3 && str_starts(bytes, "\xef\xbb\xbf"))
        bytes = str_n(bytes.s + 3, bytes.len - 3);
    json_error_t e;
    struct arena *a = arena_new();
    bytes = utf8_repair(a, bytes); /* as the splitter does */
    json_t *whole = json_loadb(bytes.s, bytes.len, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &e);
    assert((rc == 0) == (whole != NULL) || json_error_code(&e) == json_error_stack_overflow);
    json_decref(whole);
    arena_free(a);
    return 0;
}
