/* Cosignatures: what a witness signed is found again, whatever is changed no longer holds; requests
 * are written and read. */
#include "audit/cosign.h"

#include <string.h>

#include "base/buf.h"
#include "check.h"
#include "signer.h"

#define TEXT "log.example/one\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

enum { NOON = 1795605120 };

static int
cosigned(struct str note, const struct audit_vkey *k, int64_t *ret_at)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    int rc = audit_cosigned(note, k, a, ret_at, &d);
    CHECK((rc < 0) == diag_failed(&d) && (rc >= 0 || d.first.code == DIAG_VERIFY));
    arena_free(a);
    return rc;
}

static void
test_line(struct arena *a)
{
    struct diag d = diag_init(a);
    struct audit_signer *log = make_signer("log.example/one"),
                        *w = make_signer("witness.example/w1");
    struct audit_vkey lk = audit_signer_vkey(log), wk = audit_signer_witness(w), again;
    struct audit_vkey as_log = audit_signer_vkey(w);
    struct str note, line, later, both, text;
    int64_t at;
    CHECK(audit_note_sign(STR(TEXT), log, a, &note, &d) == 0);
    CHECK(audit_cosign(note, NOON, w, a, &line, &d) == 0);
    CHECK(audit_cosign(note, NOON + 60, w, a, &later, &d) == 0);
    both = audit_note_with(note, line, a);
    CHECK(cosigned(note, &wk, &at) == 0 && cosigned(both, &wk, &at) == 1 && at == NOON);
    CHECK(audit_note_open(both, &lk, a, &text, &d) == 0 && str_eqc(text, TEXT));
    CHECK(audit_note_open(both, &as_log, a, &text, &d) == -1); /* its id is another one */
    CHECK(cosigned(audit_note_with(both, later, a), &wk, &at) == 1 && at == NOON + 60);
    CHECK(audit_note_with(both, later, a).len == both.len);
    CHECK(str_eq(audit_note_alone(both, a), note) && str_eq(audit_note_alone(note, a), note));
    CHECK(audit_note_alone(STR("nothing"), a).len == 0);
    CHECK(str_eq(audit_note_with(note, STR("nothing"), a), note));
    d = diag_init(a);
    CHECK(audit_vkey_parse_witness(audit_vkey_text(&wk, a), a, &again, &d) == 0);
    CHECK(str_eq(again.name, wk.name) && memcmp(again.id, wk.id, AUDIT_KEY_ID) == 0);
    CHECK(audit_vkey_parse(audit_vkey_text(&wk, a), a, &again, &d) == -1);
    d = diag_init(a);
    CHECK(audit_vkey_parse_witness(audit_vkey_text(&as_log, a), a, &again, &d) == -1);
    audit_signer_free(log);
    audit_signer_free(w);
}

/* Any one bit of the line changed: there is no cosignature, or one that does not hold. Also when it
 * is the time, or the size above it. */
static void
test_every_byte(struct arena *a)
{
    struct diag d = diag_init(a);
    struct audit_signer *log = make_signer("log.example/one"), *w = make_signer("w");
    struct audit_vkey wk = audit_signer_witness(w);
    struct str note, line = STR("");
    int64_t at;
    size_t n_bad = 0;
    CHECK(audit_note_sign(STR(TEXT), log, a, &note, &d) == 0 &&
          audit_cosign(note, NOON, w, a, &line, &d) == 0);
    struct str both = audit_note_with(note, line, a);
    char *copy = arena_alloc(a, both.len);
    for (size_t i = 0; i < both.len; i++) {
        bool is_log_line = i >= sizeof TEXT && i < note.len;
        memcpy(copy, both.s, both.len);
        copy[i] ^= 1;
        n_bad += !is_log_line && cosigned(str_n(copy, both.len), &wk, &at) == 1;
    }
    CHECK(n_bad == 0);
    CHECK(audit_cosign(STR("no note"), NOON, w, a, &line, &d) == -1);
    audit_signer_free(log);
    audit_signer_free(w);
}

/* A zero byte ends nothing: what stands behind it is cosigned as well. */
static void
test_zero(struct arena *a)
{
    static const char text[] = "one\n1\nAAAA\n\0more\n";
    struct diag d = diag_init(a);
    struct audit_signer *log = make_signer("one"), *w = make_signer("w");
    struct audit_vkey wk = audit_signer_witness(w);
    struct str head = str_n(text, sizeof text - 7), line = STR(""), note = STR(""), got;
    int64_t at;
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    CHECK(audit_note_sign(head, log, a, &note, &d) == 0 &&
          audit_cosign(note, NOON, w, a, &line, &d) == 0);
    buf_add(&b, text, sizeof text - 1);
    buf_fmt(&b, "\n%s", line.s);
    CHECK(cosigned(buf_view(&b), &wk, &at) == -1);
    struct audit_request r = {.note = buf_view(&b)}, again;
    got = audit_request_text(&r, a);
    CHECK(audit_request_read(got, a, &again, &d) == 0 && str_eq(again.note, r.note));
    audit_signer_free(log);
    audit_signer_free(w);
}

static void
test_requests(struct arena *a)
{
    static const char *const bad[] = {"",
                                      "old",
                                      "old \n\n",
                                      "old -1\n\nx",
                                      "old 01\n\n",
                                      "new 1\n\n",
                                      "old 1\nAAAA\n\n",
                                      "old 1\n",
                                      "old 1\n\xff\n\n",
                                      "old 9999999999999999999999\n\n"};
    struct diag d = diag_init(a);
    struct sha256_digest v[64] = {{{1}}, {{2}}};
    struct audit_request r = {.old_size = 3, .proof = {v, 2}, .note = STR("note\n")}, got;
    struct str text = audit_request_text(&r, a);
    CHECK(audit_request_read(text, a, &got, &d) == 0 && got.old_size == 3 && got.proof.n == 2);
    CHECK_STR(got.note, "note\n");
    CHECK(memcmp(got.proof.hashes, v, 2 * sizeof *v) == 0);
    r.proof.n = 63;
    CHECK(audit_request_read(audit_request_text(&r, a), a, &got, &d) == 0);
    r.proof.n = 64;
    CHECK(audit_request_read(audit_request_text(&r, a), a, &got, &d) == -1);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        diag_clear(&d);
        CHECK(audit_request_read(str_c(bad[i]), a, &got, &d) == -1 && d.first.code == DIAG_VERIFY);
    }
}

int
main(void)
{
    struct arena *a = arena_new();
    test_line(a);
    test_every_byte(a);
    test_zero(a);
    test_requests(a);
    arena_free(a);
    return CHECK_DONE();
}
