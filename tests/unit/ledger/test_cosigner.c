/* The witness: what it signs, what it refuses and keeps as evidence, whom it knows. */
#include "ledger/cosigner.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "check.h"

enum { N = 20 };

static struct world {
    char dir[64];
    struct arena *a;
    struct audit_signer *log;
    struct sha256_digest leaves[2][N]; /* two histories, which part behind the tenth record */
} w;

static int
array_root(void *ctx, uint64_t from, uint64_t n, struct sha256_digest *ret, struct diag *d)
{
    (void)d;
    *ret = audit_tree_root_of((const struct sha256_digest *)ctx + from, n);
    return 0;
}

/* The log's request to cosign n records of a history, with the proof that they continue `old` of them. */
static struct str
request(int history, int64_t n, int64_t old, const struct audit_signer *by)
{
    struct diag d = diag_init(w.a);
    struct audit_request q = {.old_size = old};
    struct audit_parts parts = {array_root, w.leaves[history]};
    struct sha256_digest root = audit_tree_root_of(w.leaves[history], (uint64_t)n);
    CHECK(audit_checkpoint_sign(n, &root, by, w.a, &q.note, &d) == 0);
    if (old > 0 && old < n)
        CHECK(audit_tree_prove_extension(&parts, (uint64_t)n, (uint64_t)old, w.a, &q.proof, &d) ==
              0);
    return audit_request_text(&q, w.a);
}

static enum diag_code
answer(struct str text, struct cosigner_answer *ret)
{
    struct diag d = diag_init(w.a);
    int rc = cosigner_answer(w.dir, text, 1700000000, ret, &d);
    CHECK((rc == 0) == (ret->line.len > 0) && (rc == 0) == !diag_failed(&d));
    return d.first.code;
}

static enum diag_code
trust(struct str vkeys, size_t *n)
{
    struct diag d = diag_init(w.a);
    *n = 99;
    cosigner_trust(w.dir, vkeys, n, &d);
    return d.first.code;
}

static struct str
vkey_of(const struct audit_signer *s)
{
    struct audit_vkey k = audit_signer_vkey(s);
    return audit_vkey_text(&k, w.a);
}

static size_t
n_evidence(void)
{
    size_t n = 0;
    DIR *d = opendir(file_join(w.a, w.dir, "refused").s);
    for (struct dirent *e; d && (e = readdir(d));)
        n += e->d_name[0] != '.';
    if (d)
        closedir(d);
    return n;
}

/* ---- tests, each in a folder of its own ---- */

static void
test_init(void)
{
    struct str vkey;
    struct diag d = diag_init(w.a);
    struct cosigner_answer a;
    struct str key = {0};
    CHECK(file_slurp(file_join(w.a, w.dir, "witness.key").s, 1 << 16, w.a, &key, &d) == 0);
    CHECK(cosigner_init(w.dir, STR("unit/witness"), &vkey, &d) == -1 &&
          d.first.code == DIAG_CONFIG); /* never a second key over the first */
    struct str still = {0};
    diag_clear(&d);
    CHECK(file_slurp(file_join(w.a, w.dir, "witness.key").s, 1 << 16, w.a, &still, &d) == 0);
    CHECK(str_eq(key, still));
    CHECK(cosigner_init(file_join(w.a, w.dir, "other").s, STR("has a blank"), &vkey, &d) == -1 &&
          d.first.code == DIAG_CONFIG);
    diag_clear(&d);
    CHECK(cosigner_answer("/nonexistent", request(0, 1, 0, w.log), 1, &a, &d) == -1 &&
          d.first.code == DIAG_CONFIG && a.known == -1);
}

static void
test_trust(void)
{
    size_t n;
    struct diag d = diag_init(w.a);
    struct audit_signer *same_name = NULL;
    CHECK(trust(vkey_of(w.log), &n) == DIAG_OK && n == 1);
    CHECK(trust(vkey_of(w.log), &n) == DIAG_OK && n == 0); /* known already */
    CHECK(trust(arena_fmt(w.a, "# a list\n\n%.*s 0 -\n", STR_ARG(vkey_of(w.log))), &n) == DIAG_OK &&
          n == 0); /* a list of audit.vkeys */
    CHECK(trust(STR(""), &n) == DIAG_CONFIG && trust(STR("# none\n"), &n) == DIAG_CONFIG);
    CHECK(trust(STR("nonsense\n"), &n) == DIAG_CONFIG);
    CHECK(audit_signer_make(STR("unit/witness"), &same_name, &d) == 0);
    CHECK(trust(vkey_of(same_name), &n) == DIAG_CONFIG);
    audit_signer_free(same_name);
}

/* Somebody wrote the list with an editor that ends no last line. */
static void
test_list_without_end(void)
{
    size_t n;
    struct diag d = diag_init(w.a);
    struct cosigner_answer a;
    struct audit_signer *next = NULL;
    CHECK(audit_signer_make(STR("unit.example/assay"), &next, &d) == 0);
    CHECK(file_write_atomic(file_join(w.a, w.dir, "log.vkeys").s, vkey_of(w.log), 0600, &d) == 0);
    CHECK(trust(vkey_of(next), &n) == DIAG_OK && n == 1);
    CHECK(answer(request(0, 5, 0, w.log), &a) == DIAG_OK);
    CHECK(answer(request(0, 6, 5, next), &a) == DIAG_OK);
    audit_signer_free(next);
}

static void
test_too_many_keys(void)
{
    size_t n;
    struct diag d = diag_init(w.a);
    enum diag_code code = DIAG_OK;
    char name[3000];
    memset(name, 'x', sizeof name);
    int i = 0;
    for (; i < 40 && code == DIAG_OK; i++) {
        struct audit_signer *s = NULL;
        CHECK(audit_signer_make(str_n(name, sizeof name - (size_t)i), &s, &d) == 0);
        code = trust(vkey_of(s), &n);
        audit_signer_free(s);
    }
    CHECK(code == DIAG_TOO_BIG && i > 5);
    struct cosigner_answer a; /* the list that is there can still be read: this log is not on it */
    CHECK(answer(request(0, 1, 0, w.log), &a) == DIAG_VERIFY);
}

/* From nothing, from there on, the same again. */
static void
test_signs(void)
{
    size_t n;
    struct cosigner_answer a;
    CHECK(answer(request(0, 5, 0, w.log), &a) == DIAG_VERIFY); /* it knows no key yet */
    CHECK(n_evidence() == 0);                                  /* of whom? */
    trust(vkey_of(w.log), &n);
    CHECK(answer(request(0, 5, 0, w.log), &a) == DIAG_OK && a.known == 0);
    CHECK(answer(request(0, 12, 5, w.log), &a) == DIAG_OK && a.known == 5);
    CHECK(answer(request(0, 12, 12, w.log), &a) == DIAG_OK && a.known == 12);
    /* the proof begins elsewhere: it says where it has to */
    CHECK(answer(request(0, 15, 5, w.log), &a) == DIAG_RETRY && a.known == 12);
    CHECK(answer(request(0, 15, 0, w.log), &a) == DIAG_RETRY && a.known == 12);
    CHECK(answer(request(0, 15, 12, w.log), &a) == DIAG_OK);
    CHECK(n_evidence() == 0);
}

/* A rollback and another history; the same one twice is one piece of evidence. */
static void
test_refuses(void)
{
    size_t n;
    struct cosigner_answer a;
    trust(vkey_of(w.log), &n);
    CHECK(answer(request(0, 12, 0, w.log), &a) == DIAG_OK);
    CHECK(answer(request(0, 11, 0, w.log), &a) == DIAG_VERIFY && a.known == 12);
    CHECK(n_evidence() == 2);
    CHECK(answer(request(0, 11, 0, w.log), &a) == DIAG_VERIFY && n_evidence() == 2);
    CHECK(answer(request(1, 12, 12, w.log), &a) == DIAG_VERIFY && n_evidence() == 4);
    CHECK(answer(request(1, 15, 12, w.log), &a) == DIAG_VERIFY && n_evidence() == 6);
    /* and it still signs the true continuation */
    CHECK(answer(request(0, 15, 12, w.log), &a) == DIAG_OK);
}

/* Of a log with two keys either one counts; of a stranger with the log's name none. */
static void
test_keys(void)
{
    size_t n;
    struct diag d = diag_init(w.a);
    struct cosigner_answer a;
    struct audit_signer *next = NULL, *stranger = NULL;
    CHECK(audit_signer_make(STR("unit.example/assay"), &next, &d) == 0 &&
          audit_signer_make(STR("unit.example/assay"), &stranger, &d) == 0);
    CHECK(trust(arena_fmt(w.a, "%.*s\n%.*s\n", STR_ARG(vkey_of(w.log)), STR_ARG(vkey_of(next))),
                &n) == DIAG_OK &&
          n == 2);
    CHECK(answer(request(0, 5, 0, w.log), &a) == DIAG_OK);
    CHECK(answer(request(0, 7, 5, next), &a) == DIAG_OK && a.known == 5); /* the same log */
    CHECK(answer(request(0, 8, 7, stranger), &a) == DIAG_VERIFY && n_evidence() == 0);
    audit_signer_free(next);
    audit_signer_free(stranger);
}

/* What it remembers cannot be read: it signs nothing. */
static void
test_spoilt_memory(void)
{
    size_t n;
    struct cosigner_answer a;
    trust(vkey_of(w.log), &n);
    CHECK(answer(request(0, 5, 0, w.log), &a) == DIAG_OK);
    CHECK(system(arena_fmt(w.a, "for f in %s/*.checkpoint; do echo x >$f; done", w.dir).s) == 0);
    CHECK(answer(request(0, 6, 5, w.log), &a) == DIAG_VERIFY);
    CHECK(answer(STR("old 1\nnonsense"), &a) == DIAG_VERIFY && answer(STR(""), &a) == DIAG_VERIFY);
}

static void
in_a_folder(void (*test)(void))
{
    struct str vkey;
    w.a = arena_new();
    struct diag d = diag_init(w.a);
    snprintf(w.dir, sizeof w.dir, "/tmp/assay-unit-XXXXXX");
    CHECK(mkdtemp(w.dir));
    CHECK(cosigner_init(w.dir, STR("unit/witness"), &vkey, &d) == 0);
    test();
    CHECK(system(arena_fmt(w.a, "rm -rf %s", w.dir).s) == 0);
    arena_free(w.a);
}

int
main(void)
{
    static void (*const tests[])(void) = {
        test_init,    test_trust, test_list_without_end, test_too_many_keys, test_signs,
        test_refuses, test_keys,  test_spoilt_memory};
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    CHECK(audit_signer_make(STR("unit.example/assay"), &w.log, &d) == 0);
    for (int history = 0; history < 2; history++)
        for (int i = 0; i < N; i++)
            w.leaves[history][i] =
                sha256_of(arena_fmt(a, "record %d%s", i, history && i >= 10 ? " anew" : ""));
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        in_a_folder(tests[i]);
    audit_signer_free(w.log);
    arena_free(a);
    return CHECK_DONE();
}
