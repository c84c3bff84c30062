/* Signed notes, checkpoints and proofs: what another implementation wrote is read, and whatever is
 * changed no longer holds. */
#include "audit/checkpoint.h"

#include <string.h>

#include "array_tree.h"
#include "audit/record.h"
#include "check.h"
#include "signer.h"

/* From the documentation of golang.org/x/mod/sumdb/note. */
#define FOREIGN_KEY "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define FOREIGN_TEXT                                                                               \
    "If you think cryptography is the answer to your problem,\n"                                   \
    "then you don't know what your problem is.\n"
#define FOREIGN_LINE                                                                               \
    "\xe2\x80\x94 PeterNeumann "                                                                   \
    "x08go/ZJkuBS9UG/"                                                                             \
    "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"

static bool
opens(struct str note, const struct audit_vkey *k, const char *want)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct str text;
    bool ok = audit_note_open(note, k, a, &text, &d) == 0;
    ok = ok ? str_eqc(text, want) : (CHECK(d.first.code == DIAG_VERIFY), false);
    arena_free(a);
    return ok;
}

/* ---- notes ---- */

static void
test_foreign(struct arena *a)
{
    struct diag d = diag_init(a);
    struct audit_vkey k;
    CHECK(audit_vkey_parse(STR(FOREIGN_KEY), a, &k, &d) == 0);
    CHECK_STR(audit_vkey_text(&k, a), FOREIGN_KEY);
    CHECK(opens(STR(FOREIGN_TEXT "\n" FOREIGN_LINE), &k, FOREIGN_TEXT));
    /* Lines of keys that nobody here knows change nothing; a bad one of a known key does. */
    CHECK(
        opens(STR(FOREIGN_TEXT "\n\xe2\x80\x94 other AAAAAAAA\n" FOREIGN_LINE), &k, FOREIGN_TEXT));
    CHECK(!opens(STR(FOREIGN_TEXT "\n" FOREIGN_LINE "\xe2\x80\x94 PeterNeumann x08gowAA\n"), &k,
                 FOREIGN_TEXT));
    CHECK(!opens(STR(FOREIGN_TEXT FOREIGN_LINE), &k, FOREIGN_TEXT));
    CHECK(!opens(STR(FOREIGN_TEXT "\n"), &k, FOREIGN_TEXT));
    CHECK(!opens(STR(""), &k, "") && !opens(STR("\n"), &k, "") && !opens(STR("\n\n"), &k, ""));
    CHECK(!opens(STR(FOREIGN_TEXT "\n" FOREIGN_LINE "junk\n"), &k, FOREIGN_TEXT));
}

static void
test_keys(struct arena *a)
{
    static const char *const bad[] = {
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+AhpcAQcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"};
    static const char *const names[] = {"", "a b", "a+b", "a\tb", "a\xff"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct diag d = diag_init(a);
        struct audit_vkey k;
        CHECK(audit_vkey_parse(str_c(bad[i]), a, &k, &d) == -1 && d.first.code == DIAG_CONFIG);
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct diag d = diag_init(a);
        struct audit_signer *s = NULL;
        CHECK(audit_signer_make(str_c(names[i]), &s, &d) == -1 && !s);
    }
}

/* Stored and read again, a key signs the same. */
static void
test_pem(struct arena *a)
{
    struct diag d = diag_init(a);
    struct audit_signer *s = make_signer("log.example/one"), *again = NULL;
    struct str pem = audit_signer_pem(s, a), one, two;
    CHECK(str_starts(pem, "-----BEGIN PRIVATE KEY-----\n"));
    CHECK(audit_signer_read(pem, STR("log.example/one"), &again, &d) == 0);
    CHECK(audit_note_sign(STR("x\n"), s, a, &one, &d) == 0 &&
          audit_note_sign(STR("x\n"), again, a, &two, &d) == 0 && str_eq(one, two));
    audit_signer_free(again);
    CHECK(audit_signer_read(STR("nothing"), STR("x"), &again, &d) == -1);
    audit_signer_free(s);
}

/* Any one byte changed, taken out or put in: the note no longer says that text. */
static void
test_every_byte(struct arena *a)
{
    struct diag d = diag_init(a);
    struct audit_signer *s = make_signer("log.example/one");
    struct audit_vkey k = audit_signer_vkey(s);
    struct str note;
    size_t n_bad = 0;
    CHECK(audit_note_sign(STR("one\ntwo\n"), s, a, &note, &d) == 0 &&
          opens(note, &k, "one\ntwo\n"));
    char *copy = arena_alloc(a, note.len + 2);
    for (size_t i = 0; i < note.len; i++) {
        memcpy(copy, note.s, note.len);
        copy[i] ^= 1;
        n_bad += opens(str_n(copy, note.len), &k, "one\ntwo\n");
        memmove(copy + i, note.s + i + 1, note.len - i - 1);
        n_bad += opens(str_n(copy, note.len - 1), &k, "one\ntwo\n");
    }
    CHECK(n_bad == 0);
    audit_signer_free(s);
}

/* ---- checkpoints and proofs ---- */

enum { N = 21 };

static struct str records[N];
static struct sha256_digest leaves[N];

static struct str
checkpoint(const struct audit_signer *s, int64_t size, struct arena *a)
{
    struct diag d = diag_init(a);
    struct audit_tree t = audit_tree_start();
    struct str note = STR("");
    for (int64_t i = 0; i < size; i++)
        audit_tree_add(&t, &leaves[i]);
    struct sha256_digest root = audit_tree_root(&t);
    CHECK(audit_checkpoint_sign(size, &root, s, a, &note, &d) == 0);
    return note;
}

static void
test_checkpoint(struct arena *a)
{
    struct diag d = diag_init(a);
    struct audit_signer *s = make_signer("log.example/one"),
                        *other = make_signer("log.example/two");
    struct audit_vkey k = audit_signer_vkey(s), wrong = audit_signer_vkey(other);
    struct audit_checkpoint c;
    struct str note = checkpoint(s, N, a);
    CHECK(audit_checkpoint_open(note, &k, a, &c, &d) == 0 && c.size == N);
    CHECK_STR(c.origin, "log.example/one");
    CHECK(audit_checkpoint_open(note, &wrong, a, &c, &d) == -1 && d.first.code == DIAG_VERIFY);
    static const char *const bodies[] = {"log.example/one\n", "log.example/one\n1\n",
                                         "log.example/one\n01\nAAAA\n", "two\n3\nAAAA\n",
                                         "log.example/one\n-1\nAAAA\n"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        diag_clear(&d);
        CHECK(audit_note_sign(str_c(bodies[i]), s, a, &note, &d) == 0);
        CHECK(audit_checkpoint_open(note, &k, a, &c, &d) == -1 && d.first.code == DIAG_VERIFY);
    }
    audit_signer_free(s);
    audit_signer_free(other);
}

static bool
proves(struct str proof, const struct audit_vkey *k, int64_t want)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct audit_proven p;
    bool ok = audit_proof_check(proof, k, a, &p, &d) == 0;
    CHECK(ok || d.first.code == DIAG_VERIFY);
    ok = ok && p.at == want && str_eq(p.record, records[want]) && p.checkpoint.size == N;
    arena_free(a);
    return ok;
}

static void
test_proofs(struct arena *a)
{
    struct audit_signer *s = make_signer("log.example/one");
    struct audit_vkey k = audit_signer_vkey(s);
    struct str note = checkpoint(s, N, a);
    for (int64_t at = 0; at < N; at++) {
        struct audit_proof p = array_inclusion(leaves, N, (uint64_t)at, a);
        struct str text = audit_proof_text(at, &p, records[at], note, a);
        CHECK(proves(text, &k, at));
        CHECK(!proves(audit_proof_text(at, &p, records[(at + 1) % N], note, a), &k, at));
        CHECK(!proves(audit_proof_text((at + 1) % N, &p, records[at], note, a), &k, (at + 1) % N));
    }
    CHECK(!proves(note, &k, 0) && !proves(STR(""), &k, 0));
    CHECK(!proves(STR("c2sp.org/tlog-proof@v1\nindex 0\n"), &k, 0));
    CHECK(!proves(STR("c2sp.org/tlog-proof@v1\nextra e30=\nindex 0\n"), &k, 0));
    audit_signer_free(s);
}

int
main(void)
{
    struct arena *a = arena_new();
    for (int i = 0; i < N; i++) {
        records[i] = arena_fmt(a, "{\"seq\":%d}", i);
        leaves[i] = audit_record_leaf(records[i]);
    }
    test_foreign(a);
    test_keys(a);
    test_pem(a);
    test_every_byte(a);
    test_checkpoint(a);
    test_proofs(a);
    arena_free(a);
    return CHECK_DONE();
}
