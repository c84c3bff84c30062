/* Any bytes through the filter that takes documents out of others: the same comes out however they were cut,
 * and of a list that jansson accepts every element comes out as jansson has it. */
#include <assert.h>
#include <jansson.h>
#include <stdint.h>

#include "base/buf.h"
#include "ingest/envelope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
collect(void *self, struct str chunk)
{
    buf_str(self, chunk);
    return 0;
}

static int
filter(struct str bytes, size_t step, enum envelope_kind kind, enum envelope_join join,
       struct buf *out)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct envelope *e = envelope_new(kind, join, collect, out, "fuzz", &d);
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < bytes.len; i += step)
        rc = envelope_push(e, str_n(bytes.s + i, bytes.len - i < step ? bytes.len - i : step));
    if (rc == 0)
        rc = envelope_end(e);
    assert((rc == 0) == !diag_failed(&d));
    envelope_free(e);
    arena_free(a);
    return rc;
}

static bool
is_list_of_objects(const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!json_is_object(json_array_get(list, i)))
            return false;
    return json_array_size(list) > 0;
}

static void
check_list(struct str bytes)
{
    json_error_t e;
    json_t *list = json_loadb(bytes.s, bytes.len, JSON_ALLOW_NUL, &e);
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    if (json_is_array(list) && is_list_of_objects(list)) {
        assert(filter(bytes, bytes.len, ENVELOPE_LIST, JOIN_LIST, &out) == 0);
        json_t *again = json_loadb(out.data, out.len, JSON_ALLOW_NUL, &e);
        assert(again && json_equal(list, again));
        json_decref(again);
    }
    json_decref(list);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = str_n((const char *)data, size);
    for (int kind = ENVELOPE_LIST; kind <= ENVELOPE_SEQUENCE; kind++)
        for (int join = JOIN_ALONE; join <= JOIN_LIST; join++) {
            AUTO_BUF one = buf_init(BUF_MAX_DEFAULT);
            AUTO_BUF all = buf_init(BUF_MAX_DEFAULT);
            int rc = filter(bytes, 1, (enum envelope_kind)kind, (enum envelope_join)join, &one);
            int again =
                filter(bytes, size + 1, (enum envelope_kind)kind, (enum envelope_join)join, &all);
            assert(rc == again && (rc != 0 || str_eq(buf_view(&one), buf_view(&all))));
        }
    if (size)
        check_list(bytes);
    return 0;
}
