/* Any bytes as the answer of _bulk: never more taken than was sent, a failure whenever it is less,
 * and every message that counts as taken has an item of its own that says so. */
#include <assert.h>
#include <stdint.h>

#include <jansson.h>

#include "deliver/elastic_bulk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { N = 3 };

static void
check_taken(struct str answer, size_t n)
{
    json_t *root = json_loadb(answer.s, answer.len, JSON_ALLOW_NUL, NULL);
    const json_t *items = json_object_get(root, "items");
    assert(n == 0 || json_array_size(items) == N);
    for (size_t i = 0; i < n; i++) {
        const json_t *o = json_object_get(json_array_get(items, i), "create");
        json_int_t status = json_integer_value(json_object_get(o, "status"));
        assert((status >= 200 && status < 300) || status == 409);
    }
    json_decref(root);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct outlet_message m[N] = {
        {STR_INIT("{\"leaf\":\"a1\"}"), STR_INIT("o:1"), 0, false, STR_INIT("")},
        {STR_INIT("{\"leaf\":\"a2\"}"), STR_INIT("o:2"), 0, false, STR_INIT("")},
        {STR_INIT("{\"leaf\":\"a3\"}"), STR_INIT("o:3"), 0, false, STR_INIT("")},
    };
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct str answer = str_n((const char *)data, size);
    size_t n = N + 1, n_same = N + 1;
    bool is_there;
    int rc = elastic_read(answer, m, N, &n, &is_there, &d);
    assert(n <= N && (rc == 0) == (n == N) && (rc == 0) == !diag_failed(&d));
    assert(d.first.text.len < 1000);
    check_taken(answer, n);
    diag_clear(&d);
    rc = elastic_compare(answer, m, N, &n_same, &d);
    assert(n_same <= N && (rc == 0) == (n_same == N) && d.first.text.len < 4000);
    arena_free(a);
    return 0;
}
