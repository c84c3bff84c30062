/* The tree in tiles: it is right whatever the tiles say, and says which of them are wrong. */
#include "ledger/log_tree.h"

#include "site.h"

enum { N = 600 };

static struct sha256_digest leaves[N + 300];

static bool
is_root(const struct sha256_digest *root, uint64_t n)
{
    struct sha256_digest want = audit_tree_root_of(leaves, n);
    return memcmp(root->b, want.b, SHA256_SIZE) == 0;
}

static struct audit_checkpoint
checkpoint_of(int64_t n)
{
    return (struct audit_checkpoint){
        .origin = STR("unit"), .size = n, .root = audit_tree_root_of(leaves, (uint64_t)n)};
}

static void
append(struct site *s, size_t n)
{
    site_append(s, n);
    int64_t size = site_number(s, "SELECT size FROM audit_head");
    CHECK(site_ok(s, store_load_leaves(s->act.store, 0, (size_t)size, leaves, &s->d)));
}

static void
grow(struct site *s, int64_t size, const struct audit_checkpoint *kept, bool rebuild)
{
    struct sha256_digest root;
    CHECK(site_ok(s, log_tree_grow(&s->act, size, kept, rebuild, &root, &s->d)));
    CHECK(is_root(&root, (uint64_t)size));
}

static int64_t
edge_size(struct site *s, const struct audit_checkpoint *cp)
{
    struct audit_edge e;
    CHECK(site_ok(s, log_tree_edge(&s->act, cp, &e, &s->d)));
    return (int64_t)e.size;
}

static void
spoil(struct site *s, int level, int at)
{
    site_sql(s, arena_fmt(s->a,
                          "UPDATE audit_tile SET hashes = CONCAT(REPEAT(x'55', 32), "
                          "SUBSTR(hashes, 33)) WHERE level = %d AND idx = %d",
                          level, at)
                    .s);
}

/* The edge is believed when it gives the signed root; the lowest tile may be missing. */
static void
test_edge(struct site *s)
{
    struct audit_checkpoint cp = checkpoint_of(N);
    grow(s, N, NULL, false);
    CHECK(site_number(s, "SELECT COUNT(*) FROM audit_tile") == 4); /* 3 of leaves, one above */
    CHECK(edge_size(s, &cp) == N);
    site_sql(s, "DELETE FROM audit_tile WHERE level = 0");
    CHECK(edge_size(s, &cp) == N);
    site_sql(s, "DELETE FROM audit_tile WHERE level = 1");
    CHECK(edge_size(s, &cp) == 0);
    grow(s, N, NULL, false);
    spoil(s, 1, 0);
    CHECK(edge_size(s, &cp) == 0);
    grow(s, N, NULL, false);
    spoil(s, 0, 2);
    CHECK(edge_size(s, &cp) == 0);
    struct audit_checkpoint other = cp;
    other.root.b[0] ^= 1;
    grow(s, N, NULL, false);
    CHECK(edge_size(s, &other) == 0);
    struct audit_checkpoint none = checkpoint_of(0);
    CHECK(edge_size(s, &none) == 0);
}

/* On from what was signed: by the edge, or by all leaves where the tiles are wrong. */
static void
test_grow(struct site *s)
{
    struct sha256_digest root;
    struct audit_checkpoint kept = checkpoint_of(N);
    append(s, 300);
    grow(s, N + 300, &kept, false);
    grow(s, N, NULL, false);
    spoil(s, 1, 0);
    grow(s, N + 300, &kept, false);
    CHECK(edge_size(s, &(struct audit_checkpoint){.size = N + 300,
                                                  .root = audit_tree_root_of(leaves, N + 300)}) ==
          N + 300); /* and the tiles are right again */
    grow(s, N + 300, &kept, true);
    kept.root.b[0] ^= 1; /* signed was something else */
    CHECK_FAILS(s, log_tree_grow(&s->act, N + 300, &kept, false, &root, &s->d), DIAG_VERIFY,
                "the first 600 records");
    CHECK_FAILS(s, log_tree_grow(&s->act, N, &kept, false, &root, &s->d), DIAG_VERIFY,
                "the first 600 records");
    site_cut_off(s, 300);
}

static void
test_proofs(struct site *s)
{
    struct audit_checkpoint cp = checkpoint_of(N), old = checkpoint_of(300);
    struct audit_proof p;
    grow(s, N, NULL, true);
    for (int round = 0; round < 2; round++) { /* with tiles that are right, then with wrong ones */
        for (int64_t at = 0; at < N; at += 299) {
            CHECK(site_ok(s, log_tree_prove(&s->act, &cp, at, &leaves[at], s->a, &p, &s->d)));
            CHECK(audit_tree_includes(&cp.root, N, (uint64_t)at, &leaves[at], &p));
        }
        CHECK(site_ok(s, log_tree_prove_extension(&s->act, &cp, &old, s->a, &p, &s->d)));
        CHECK(audit_tree_extends(&cp.root, N, &old.root, 300, &p));
        spoil(s, 0, 0);
        spoil(s, 1, 0);
    }
    CHECK_FAILS(s, log_tree_prove(&s->act, &cp, 1, &leaves[2], s->a, &p, &s->d), DIAG_VERIFY,
                "not those of the checkpoint of 600");
    old.root.b[0] ^= 1;
    CHECK_FAILS(s, log_tree_prove_extension(&s->act, &cp, &old, s->a, &p, &s->d), DIAG_VERIFY,
                "not those of the checkpoint of 600");
}

static int
check_tiles(struct site *s, struct log_tree_check *c)
{
    log_tree_check_start(c, &s->act);
    for (size_t i = 0; i < N; i++)
        if (log_tree_check_add(c, &leaves[i], &s->d) != 0)
            return -1;
    return log_tree_check_end(c, &s->d);
}

/* A tile that is missing is none that is wrong; one that has grown further begins the same. */
static void
test_check(struct site *s)
{
    struct log_tree_check c;
    grow(s, N, NULL, true);
    CHECK(site_ok(s, check_tiles(s, &c)) && c.n == 4 && c.n_wrong == 0);
    site_sql(s, "DELETE FROM audit_tile WHERE level = 0 AND idx = 1");
    CHECK(site_ok(s, check_tiles(s, &c)) && c.n == 3);
    append(s, 100);
    grow(s, N + 100, NULL, false);
    CHECK(site_ok(s, check_tiles(s, &c)) && c.n == 4);
    spoil(s, 0, 1);
    spoil(s, 1, 0);
    CHECK_FAILS(s, check_tiles(s, &c), DIAG_VERIFY, "tile 0/1: the records hold, but 2 tiles");
    spoil(s, 0, 2);
    CHECK_FAILS(s, check_tiles(s, &c), DIAG_VERIFY, "3 tiles");
}

int
main(void)
{
    struct site s;
    site_start(&s);
    append(&s, N);
    test_edge(&s);
    test_grow(&s);
    test_proofs(&s);
    test_check(&s);
    site_stop(&s);
    return CHECK_DONE();
}
