/* Lists of keys: what each may sign, and what a stolen one is worth. */
#include "audit/keys.h"

#include <stdio.h>

#include "check.h"
#include "signer.h"

static struct str
note_of(const struct audit_signer *s, int64_t size, struct arena *a)
{
    struct str note = STR("");
    struct diag d = diag_init(a);
    struct sha256_digest root = sha256_of(STR("root"));
    CHECK(audit_checkpoint_sign(size, &root, s, a, &note, &d) == 0);
    return note;
}

/* The code of the failure, DIAG_OK when it opens. */
static enum diag_code
opens(const struct audit_keys *k, struct str note, struct arena *a)
{
    struct diag d = diag_init(a);
    struct audit_checkpoint cp;
    return audit_keys_open(k, note, a, &cp, NULL, &d) == 0 ? DIAG_OK : d.first.code;
}

static void
test_spans(struct arena *a)
{
    struct diag d = diag_init(a);
    struct audit_signer *one = make_signer("log.example/one"),
                        *two = make_signer("log.example/one"),
                        *other = make_signer("log.example/one");
    struct audit_vkey k1 = audit_signer_vkey(one), k2 = audit_signer_vkey(two);
    struct str text = arena_fmt(a, "# comment\n%s 0 40\n\n%s 40 -\n", audit_vkey_text(&k1, a).s,
                                audit_vkey_text(&k2, a).s);
    struct audit_keys k;
    CHECK(audit_keys_parse(text, a, &k, &d) == 0 && k.v.n == 2);
    CHECK(opens(&k, note_of(one, 0, a), a) == DIAG_OK);
    CHECK(opens(&k, note_of(one, 40, a), a) == DIAG_OK);
    CHECK(opens(&k, note_of(one, 41, a), a) == DIAG_VERIFY);
    CHECK(opens(&k, note_of(two, 39, a), a) == DIAG_VERIFY);
    CHECK(opens(&k, note_of(two, 40, a), a) == DIAG_OK);
    CHECK(opens(&k, note_of(two, 1000000, a), a) == DIAG_OK);
    CHECK(opens(&k, note_of(other, 40, a), a) == DIAG_VERIFY);
    CHECK(audit_keys_know(&k, note_of(one, 41, a), a));
    CHECK(!audit_keys_know(&k, note_of(other, 40, a), a));
    CHECK(audit_keys_find(&k, audit_vkey_id(&k2, a), a) == &k.v.v[1]);
    CHECK(!audit_keys_find(&k, STR("log.example/one"), a));
    CHECK_STR(
        audit_keys_text(&k, a),
        arena_fmt(a, "%s 0 40\n%s 40 -\n", audit_vkey_text(&k1, a).s, audit_vkey_text(&k2, a).s).s);
    audit_signer_free(one);
    audit_signer_free(two);
    audit_signer_free(other);
}

/* Both keys sign the checkpoint between them: each signature must hold and be within its sizes. */
static void
test_both(struct arena *a)
{
    struct diag d = diag_init(a);
    struct audit_signer *one = make_signer("log.example/one"),
                        *two = make_signer("log.example/one");
    struct audit_vkey k1 = audit_signer_vkey(one), k2 = audit_signer_vkey(two);
    struct audit_keys k = {0};
    struct audit_checkpoint cp;
    const struct audit_key_span *by = NULL;
    struct str both = STR(""), late = STR("");
    *VEC_PUSH(a, &k.v) = (struct audit_key_span){k1, 0, 40};
    *VEC_PUSH(a, &k.v) = (struct audit_key_span){k2, 40, INT64_MAX};
    CHECK(audit_note_add(note_of(one, 40, a), two, a, &both, &d) == 0);
    CHECK(audit_keys_open(&k, both, a, &cp, &by, &d) == 0 && cp.size == 40 && by == &k.v.v[1]);
    CHECK(audit_note_add(note_of(one, 41, a), two, a, &late, &d) == 0);
    CHECK(opens(&k, late, a) == DIAG_VERIFY);
    char *bent = arena_alloc(a, both.len);
    memcpy(bent, both.s, both.len);
    bent[both.len - 10] ^= 1; /* of the second signature */
    CHECK(opens(&k, str_n(bent, both.len), a) == DIAG_VERIFY);
    CHECK(audit_note_add(STR("no note"), two, a, &late, &d) == -1);
    audit_signer_free(one);
    audit_signer_free(two);
}

static void
test_bad_lists(struct arena *a)
{
    static const char vkey[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    static const char *const bad[] = {"",        "x",      "# nothing\n", "%s 1",     "%s 5 4",
                                      "%s -1 4", "%s a -", "%s 1 2 3",    "%s 1 2\nx"};
    struct audit_keys k;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct diag d = diag_init(a);
        char text[200];
        const char *at = strstr(bad[i], "%s");
        snprintf(text, sizeof text, "%s%s", at ? vkey : "", at ? at + 2 : bad[i]);
        CHECK(audit_keys_parse(str_c(text), a, &k, &d) == -1 && d.first.code == DIAG_CONFIG);
    }
    struct diag d = diag_init(a);
    CHECK(audit_keys_parse(str_c(vkey), a, &k, &d) == 0 && k.v.v[0].last == INT64_MAX);
}

int
main(void)
{
    struct arena *a = arena_new();
    test_spans(a);
    test_both(a);
    test_bad_lists(a);
    arena_free(a);
    return CHECK_DONE();
}
