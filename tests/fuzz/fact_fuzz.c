/* Any bytes as what a record says of a fact, and as the entries of a block: what is read can be chained, and comes
 * back from the block it was put into. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "store/fact_chain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first fact of a block is the one that was put. */
static int
compare_block(void *self, const struct fact_bucket *b, const struct fact_block *block,
              struct diag *d)
{
    const struct fact *was = self;
    struct fact_key key;
    struct sha256_digest digest;
    uint32_t back;
    struct str rest = block->entries;
    (void)d;
    assert(fact_block_next(&rest, &key, &digest, &back) && rest.len == 0 && back == 0);
    assert(key.n == was->key.n && memcmp(key.b, was->key.b, key.n) == 0);
    assert(memcmp(digest.b, was->digest.b, SHA256_SIZE) == 0);
    assert(b->n == 1 && block->n == 1 && b->id == fact_bucket_of(was->kind, &was->key));
    return 0;
}

static void
read_told(struct str kind, struct str value, struct arena *a)
{
    struct fact f;
    if (!fact_read(kind, value, &f))
        return;
    assert(f.kind > 0 && f.kind < FACT__END && f.key.n > 0 && f.key.n <= FACT_KEY_MAX);
    assert(f.text.len <= value.len);
    struct fact_pile p = {.a = a};
    struct fact_buckets buckets = {0};
    struct diag d = diag_init(a);
    *VEC_PUSH(a, &p.facts) = f;
    int rc = fact_pile_close(&p, &buckets, 0, compare_block, &f, &d);
    assert(rc == 0 && buckets.n == 1);
    fact_buckets_free(&buckets);
}

static void
read_block(struct str rest)
{
    struct fact_key key;
    struct sha256_digest digest;
    uint32_t back;
    for (size_t left = rest.len; fact_block_next(&rest, &key, &digest, &back); left = rest.len)
        assert(key.n > 0 && key.n <= FACT_KEY_MAX && rest.len < left);
}

/* The first byte is the kind. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    struct arena *a = arena_new();
    struct str rest = str_n((const char *)data + 1, size - 1);
    struct str kind = data[0] % FACT__END ? str_c(fact_word((enum fact_kind)(data[0] % FACT__END)))
                                          : STR("nothing");
    read_told(kind, rest, a);
    read_block(rest);
    arena_free(a);
    return 0;
}
