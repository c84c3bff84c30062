/* Sealed files read inside the sandbox: what the reader says comes back whole, and one that answers as no
 * reader does is not believed. */
#include "../../../src/job/verify_sealed.c"

#include <signal.h>

#include "audit/record.h"
#include "unit/sign/pdf_make.h"

static const struct sealed_reader reader = {
    .limits = {.memory = (int64_t)1 << 30, .seconds = 20, .answer = 1 << 20}};

struct fixture {
    struct arena *a;
    struct make_key k;
};

static void
test_pdf(struct fixture *f)
{
    struct diag d = diag_init(f->a);
    struct sealed s = {.problem = STR("")};
    struct str out, path = file_join(f->a, f->k.dir, "x.pdf");
    struct sealed_reader r = reader;
    CHECK(sign_pdf(f->k.signer, make_pdf(f->a, MAKE_PACKED), "seal", 1795291200, f->a, &out, &d) ==
          0);
    CHECK(file_write_atomic(path.s, out, 0600, &d) == 0);
    CHECK(sealed_pdf(&r, path.s, &s, &d) == 0 && s.signatures.n == 1 && !s.problem.len);
    CHECK(s.signatures.v[0].valid && !s.signatures.v[0].trusted);
    CHECK_STR(s.signatures.v[0].signer.subject, "CN=Seal of the tests");
    r.trust = make_trust(f->k.cert, f->a);
    CHECK(sealed_pdf(&r, path.s, &s, &d) == 0 && s.signatures.v[0].trusted);
    CHECK(s.signatures.v[0].claimed_at == 1795291200 && s.signatures.v[0].proof.at == CLOCK_NONE);
    CHECK(file_write_atomic(path.s, STR("%PDF-1.7 and nothing"), 0600, &d) == 0);
    CHECK(sealed_pdf(&r, path.s, &s, &d) == 0 && s.problem.len && s.signatures.n == 0);
    CHECK(file_write_atomic(path.s, STR(""), 0600, &d) == 0);
    CHECK(sealed_pdf(&r, path.s, &s, &d) == -1 && make_has(d.first.text, "empty"));
    diag_clear(&d);
    CHECK(sealed_pdf(&r, f->k.dir, &s, &d) == -1 && make_has(d.first.text, "no regular file"));
}

static void
test_manifest(struct fixture *f)
{
    struct diag d = diag_init(f->a);
    struct sealed s = {.problem = STR("")};
    struct str bytes, cms;
    struct manifest m = {.report_id = STR("r"),
                         .dataset_hex = STR("00"),
                         .audit_hash_hex = STR(""),
                         .tool = STR("t"),
                         .audit_seq = 7};
    *VEC_PUSH(f->a, &m.outputs) = (struct manifest_output){
        .name = STR("a.pdf"), .media_type = STR("application/pdf"), .size = 3, .sha256 = {{1, 2}}};
    manifest_write(&m, f->a, &bytes);
    CHECK(sign_cms(f->k.signer, bytes, f->a, &cms, &d) == 0);
    CHECK(sealed_manifest(&reader, bytes, cms, &s, &d) == 0 && !s.problem.len);
    CHECK(s.signatures.n == 1 && s.signatures.v[0].valid && s.manifest.audit_seq == 7);
    CHECK(s.manifest.outputs.n == 1 && s.manifest.outputs.v[0].sha256.b[1] == 2);
    CHECK_STR(s.manifest.outputs.v[0].name, "a.pdf");
    CHECK(sealed_manifest(&reader, STR("{"), STR("no CMS"), &s, &d) == 0 && s.problem.len);
    CHECK(s.signatures.n == 1 && !s.signatures.v[0].valid && s.signatures.v[0].reason.len);
}

/* ---- the audit log ---- */

/* A log of one record, its checkpoint, and the list of its keys: a later key stands behind the one that signed. */
struct log {
    struct audit_keys keys;
    struct str record, note, proof;
};

static struct audit_key_span
span_of(struct fixture *f, struct audit_signer **ret, int64_t first, int64_t last)
{
    struct diag d = diag_init(f->a);
    CHECK(audit_signer_make(STR("unit/log"), ret, &d) == 0);
    struct audit_vkey k = audit_signer_vkey(*ret);
    k.name = arena_str(f->a, k.name);
    return (struct audit_key_span){.key = k, .first = first, .last = last};
}

static struct log
make_log(struct fixture *f)
{
    struct diag d = diag_init(f->a);
    struct audit_signer *old, *new;
    struct log l = {.record = STR("{\"seq\":0}")};
    struct sha256_digest leaf = audit_record_leaf(l.record);
    *VEC_PUSH(f->a, &l.keys.v) = span_of(f, &old, 0, 1);
    *VEC_PUSH(f->a, &l.keys.v) = span_of(f, &new, 1, INT64_MAX);
    CHECK(audit_checkpoint_sign(1, &leaf, old, f->a, &l.note, &d) == 0);
    l.proof = audit_proof_text(0, &(struct audit_proof){.n = 0}, l.record, l.note, f->a);
    audit_signer_free(old);
    audit_signer_free(new);
    return l;
}

static void
test_log(struct fixture *f)
{
    struct diag d = diag_init(f->a);
    struct sealed s = {.problem = STR("")};
    struct log l = make_log(f);
    CHECK(sealed_log(&reader, l.note, false, &l.keys, &s, &d) == 0 && !s.problem.len);
    CHECK_STR(s.log.origin, "unit/log");
    CHECK(s.log.size == 1 && s.log.key == 0 && s.log.at == -1 && s.log.record.len == 0);
    CHECK(sealed_log(&reader, l.proof, true, &l.keys, &s, &d) == 0 && !s.problem.len);
    CHECK(s.log.size == 1 && s.log.key == 0 && s.log.at == 0 && str_eq(s.log.record, l.record));
    CHECK(sealed_log(&reader, l.note, true, &l.keys, &s, &d) == 0);
    CHECK(make_has(s.problem, "not a proof"));
    CHECK(sealed_log(&reader, STR("hello\n"), false, &l.keys, &s, &d) == 0 && s.problem.len);
    l.keys.v.v[0].first = l.keys.v.v[0].last = 7; /* it was not in force then */
    CHECK(sealed_log(&reader, l.note, false, &l.keys, &s, &d) == 0);
    CHECK(make_has(s.problem, "was not in force"));
    CHECK(sealed_log(&reader, l.proof, true, &l.keys, &s, &d) == 0);
    CHECK(make_has(s.problem, "was not in force"));
}

/* ---- readers that hostile bytes have taken over ---- */

static void
open_a_file(void *self, struct buf *out)
{
    int fd = open("/etc/passwd", O_RDONLY);
    (void)self;
    buf_putc(out, (char)('0' + fd));
}

static void
crash(void *self, struct buf *out)
{
    (void)self;
    (void)out;
    raise(SIGKILL);
}

static void
answer_nonsense(void *self, struct buf *out)
{
    (void)self;
    buf_puts(out, "12345678");
}

#ifndef ASSAY_SANITIZED
static void
eat_memory(void *self, struct buf *out)
{
    struct buf b = buf_init((size_t)1 << 40);
    (void)self;
    buf_room(&b, (size_t)1 << 36);
    buf_putc(out, 'x');
}
#endif

static void
check_taken_over(struct fixture *f, confined_fn *fn, const char *want)
{
    struct diag d = diag_init(f->a);
    struct sealed s;
    struct job job = {.reader = &reader, .bytes = STR("x"), .signature = STR("")};
    CHECK(ask(&reader, fn, &job, &s, &d) == -1 && make_has(d.first.text, want));
    if (!make_has(d.first.text, want))
        fprintf(stderr, "  %s\n", d.first.text.s);
}

static void
say_the_bytes(void *self, struct buf *out)
{
    const struct job *job = self;
    buf_str(out, job->bytes);
}

/* What a reader says of the log, or "" when it is not believed. */
static struct str
believed(struct fixture *f, struct log *l, bool is_proof, struct sealed_log said)
{
    struct diag d = diag_init(f->a);
    struct sealed s = {.problem = STR(""), .log = said};
    AUTO_BUF out = buf_init(1 << 16);
    struct wire w = {.out = &out};
    pass_sealed(&w, &s);
    struct job job = {.reader = &reader,
                      .bytes = arena_str(f->a, buf_view(&out)),
                      .signature = STR(""),
                      .keys = &l->keys,
                      .is_proof = is_proof};
    if (ask(&reader, say_the_bytes, &job, &s, &d) == 0)
        return s.log.origin;
    CHECK(make_has(d.first.text, "answer as no reader does"));
    return STR("");
}

static void
test_impossible_answers(struct fixture *f)
{
    struct log l = make_log(f);
    const struct sealed_log proof = {
        .origin = STR("unit/log"), .size = 5, .key = 1, .at = 4, .record = STR("{}")};
    struct sealed_log one = proof;
    CHECK_STR(believed(f, &l, true, one), "unit/log");
    CHECK_STR(believed(f, &l, false, one), ""); /* a checkpoint has no record */
    one.at = -1;
    CHECK_STR(believed(f, &l, false, one), "unit/log");
    CHECK_STR(believed(f, &l, true, one), "");
    one.size = -1;
    CHECK_STR(believed(f, &l, false, one), "");
    one = proof;
    one.at = 5; /* behind the last */
    CHECK_STR(believed(f, &l, true, one), "");
    one = proof;
    one.key = 2; /* the list has two */
    CHECK_STR(believed(f, &l, true, one), "");
    one.key = SIZE_MAX;
    CHECK_STR(believed(f, &l, true, one), "");
    one = proof;
    one.origin = STR("other/log");
    CHECK_STR(believed(f, &l, true, one), "");
}

int
main(void)
{
    struct fixture f = {.a = arena_new()};
    struct diag d = diag_init(f.a);
    f.k = make_key(f.a, &d);
    sealed_warm();
    test_pdf(&f);
    test_manifest(&f);
    test_log(&f);
    test_impossible_answers(&f);
    check_taken_over(&f, open_a_file, "hostile");
    check_taken_over(&f, crash, "crash");
    check_taken_over(&f, answer_nonsense, "answer as no reader does");
#ifndef ASSAY_SANITIZED
    check_taken_over(&f, eat_memory, "memory");
#endif
    make_key_done(f.a, &f.k);
    arena_free(f.a);
    return CHECK_DONE();
}
