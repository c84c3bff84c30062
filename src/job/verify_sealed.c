/* Both sides of the sandbox for sealed files: what the confined reader says, and how it is taken. verify.c
 * finds the files and makes verdicts of this. One description of an answer serves both directions. */
#include "job/verify_sealed.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/fault.h"

AUTO_DEFINE(struct arena *, arena_free)

enum { MAX_TEXT = 1 << 20, MAX_SIGNATURES = 64, NUMBER_SIZE = 8 };

struct wire { /* an answer as it is written (out) or read (rest) */
    struct buf *out;
    struct str rest;
    struct arena *arena;
    bool broken;
};

static void
pass_number(struct wire *w, int64_t *n)
{
    if (w->out) {
        buf_add(w->out, n, NUMBER_SIZE);
    } else if (w->rest.len < NUMBER_SIZE) {
        w->broken = true;
        *n = 0;
    } else {
        memcpy(n, w->rest.s, NUMBER_SIZE);
        w->rest = str_n(w->rest.s + NUMBER_SIZE, w->rest.len - NUMBER_SIZE);
    }
}

static void
pass_bool(struct wire *w, bool *b)
{
    int64_t n = *b;
    pass_number(w, &n);
    w->broken = w->broken || (n != 0 && n != 1);
    *b = n == 1;
}

static void
pass_text(struct wire *w, struct str *s)
{
    int64_t n = (int64_t)s->len;
    pass_number(w, &n);
    if (w->out) {
        buf_str(w->out, *s);
        return;
    }
    w->broken = w->broken || n < 0 || n > MAX_TEXT || n > (int64_t)w->rest.len;
    *s = w->broken ? STR("") : arena_str(w->arena, str_n(w->rest.s, (size_t)n));
    if (!w->broken)
        w->rest = str_n(w->rest.s + n, w->rest.len - (size_t)n);
}

static void
pass_verdict(struct wire *w, struct sign_verdict *v)
{
    int64_t added = (int64_t)v->added;
    pass_bool(w, &v->valid);
    pass_bool(w, &v->trusted);
    pass_bool(w, &v->is_stamp);
    pass_bool(w, &v->signer.self_signed);
    pass_number(w, &added);
    pass_number(w, &v->claimed_at);
    pass_number(w, &v->proof.at);
    pass_text(w, &v->proof.by);
    pass_text(w, &v->reason);
    pass_text(w, &v->signer.subject);
    pass_text(w, &v->signer.sha256_hex);
    v->added = (size_t)added;
    w->broken = w->broken || (v->trusted && !v->valid) || added < 0;
}

static void
pass_output(struct wire *w, struct manifest_output *o)
{
    struct str hash = str_n((const char *)o->sha256.b, SHA256_SIZE);
    pass_text(w, &o->name);
    pass_text(w, &o->media_type);
    pass_number(w, &o->size);
    pass_text(w, &hash);
    w->broken = w->broken || hash.len != SHA256_SIZE || !manifest_is_plain_name(o->name);
    if (!w->broken)
        memcpy(o->sha256.b, hash.s, SHA256_SIZE);
}

static void
pass_log(struct wire *w, struct sealed_log *l)
{
    int64_t key = (int64_t)l->key;
    pass_text(w, &l->origin);
    pass_number(w, &l->size);
    pass_number(w, &key);
    pass_number(w, &l->at);
    pass_text(w, &l->record);
    l->key = (size_t)key;
    w->broken = w->broken || key < 0;
}

static void
pass_sealed(struct wire *w, struct sealed *s)
{
    int64_t n = (int64_t)s->signatures.n, n_outputs = (int64_t)s->manifest.outputs.n;
    pass_text(w, &s->problem);
    pass_log(w, &s->log);
    pass_number(w, &s->manifest.audit_seq);
    pass_number(w, &n);
    w->broken = w->broken || n < 0 || n > MAX_SIGNATURES;
    for (int64_t i = 0; i < n && !w->broken; i++)
        pass_verdict(w, w->out ? &s->signatures.v[i] : VEC_PUSH(w->arena, &s->signatures));
    pass_number(w, &n_outputs);
    w->broken = w->broken || n_outputs < 0 || n_outputs > MANIFEST_MAX_OUTPUTS;
    for (int64_t i = 0; i < n_outputs && !w->broken; i++)
        pass_output(w,
                    w->out ? &s->manifest.outputs.v[i] : VEC_PUSH(w->arena, &s->manifest.outputs));
    w->broken = w->broken || (!w->out && w->rest.len);
}

/* ---- inside of the sandbox ---- */

struct job {
    const struct sealed_reader *reader;
    struct str bytes, signature;
    const struct audit_keys *keys; /* of a proof or a checkpoint; NULL = it is neither */
    bool is_proof;
};

static void
answer(struct sealed *s, const struct diag *d, struct buf *out)
{
    struct wire w = {.out = out};
    if (diag_failed(d))
        s->problem = d->first.text;
    pass_sealed(&w, s);
}

static void
read_pdf(void *self, struct buf *out)
{
    const struct job *job = self;
    struct sign_verdict *v = NULL;
    struct sealed s = {.problem = STR("")};
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag d = diag_init(a);
    s.signatures.n = 0;
    if (sign_verify_mapped_pdf(job->bytes, job->reader->trust, a, &v, &s.signatures.n, &d) == 0)
        s.signatures.v = v;
    answer(&s, &d, out);
}

/* A signature that cannot be read is one that does not hold, and says nothing about the manifest. */
static void
read_manifest(void *self, struct buf *out)
{
    const struct job *job = self;
    struct sealed s = {.problem = STR("")};
    struct sign_verdict v = {.valid = false, .claimed_at = CLOCK_NONE, .proof = {.at = CLOCK_NONE}};
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag d = diag_init(a);
    if (job->signature.len) {
        if (sign_verify_cms(job->signature, job->bytes, job->reader->trust, a, &v, &d) != 0) {
            v.reason = d.first.text;
            diag_clear(&d);
        }
        *VEC_PUSH(a, &s.signatures) = v;
    }
    manifest_parse(job->bytes, a, &s.manifest, &d);
    answer(&s, &d, out);
}

/* Checked with the key of the list that signed the checkpoint in the proof. */
static int
check_proof(const struct job *job, struct arena *a, struct sealed_log *ret, struct diag *d)
{
    struct audit_proven p;
    const struct audit_keys *k = job->keys;
    size_t i = 0;
    while (i + 1 < k->v.n && !audit_note_names(job->bytes, &k->v.v[i].key, a))
        i++;
    if (audit_proof_check(job->bytes, &k->v.v[i].key, a, &p, d) != 0)
        return -1;
    *ret = (struct sealed_log){.origin = p.checkpoint.origin,
                               .size = p.checkpoint.size,
                               .key = i,
                               .at = p.at,
                               .record = p.record};
    return audit_key_covers(&k->v.v[i], p.checkpoint.size, a, d);
}

static int
check_checkpoint(const struct job *job, struct arena *a, struct sealed_log *ret, struct diag *d)
{
    struct audit_checkpoint c;
    const struct audit_key_span *key;
    if (audit_keys_open(job->keys, job->bytes, a, &c, &key, d) != 0)
        return -1;
    *ret = (struct sealed_log){.origin = c.origin,
                               .size = c.size,
                               .key = (size_t)(key - job->keys->v.v),
                               .at = -1,
                               .record = STR("")};
    return 0;
}

static void
read_log(void *self, struct buf *out)
{
    const struct job *job = self;
    struct sealed s = {.problem = STR("")};
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag d = diag_init(a);
    fault_point("log_file");
    if (job->is_proof)
        check_proof(job, a, &s.log, &d);
    else
        check_checkpoint(job, a, &s.log, &d);
    answer(&s, &d, out);
}

/* ---- outside ---- */

void
sealed_warm(void)
{
    sign_warm();
    manifest_warm();
    tzset(); /* times are taken apart inside, and the zone's file can be read here only */
}

/* What is said of a proof or a checkpoint is of a key that the reader was given, and possible. */
static bool
is_of_keys(const struct sealed_log *l, const struct job *job)
{
    const struct audit_keys *k = job->keys;
    return l->key < k->v.n && str_eq(l->origin, k->v.v[l->key].key.name) && l->at < l->size &&
           (job->is_proof ? l->at >= 0 : l->at == -1);
}

static int
ask(const struct sealed_reader *r, confined_fn *fn, struct job *job, struct sealed *ret,
    struct diag *d)
{
    struct sealed s = {.problem = STR("")};
    struct wire w = {.arena = d->arena, .rest = STR("")};
    struct confined_limits limits = r->limits;
    assert(job->reader == r);
    if (limits.memory)
        limits.memory += (int64_t)job->bytes.len;
    if (confined_call(fn, job, &limits, d->arena, &w.rest, d) != 0)
        return -1;
    pass_sealed(&w, &s);
    if (w.broken || (job->keys && !s.problem.len && !is_of_keys(&s.log, job)))
        return diag_fail(d, DIAG_BAD_DATA,
                         "reading it made its reader answer as no reader does: treat the file and "
                         "its sender as hostile");
    *ret = s;
    return 0;
}

static int
map_file(const char *path, struct str *ret, struct diag *d)
{
    struct stat st;
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &st) != 0)
        return diag_fail(d, DIAG_IO, "cannot read it: %s", strerror(errno));
    if (!S_ISREG(st.st_mode))
        return diag_fail(d, DIAG_IO, "it is no regular file");
    if (st.st_size > INT32_MAX)
        return diag_fail(d, DIAG_TOO_BIG, "PDF: more than 2 GB");
    if (st.st_size == 0)
        return diag_fail(d, DIAG_BAD_DATA, "it is empty");
    void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (p == MAP_FAILED)
        return diag_fail(d, DIAG_IO, "cannot map it: %s", strerror(errno));
    *ret = str_n(p, (size_t)st.st_size);
    return 0;
}

int
sealed_pdf(const struct sealed_reader *r, const char *path, struct sealed *ret, struct diag *d)
{
    struct job job = {.reader = r, .signature = STR("")};
    if (map_file(path, &job.bytes, d) != 0)
        return -1;
    int rc = ask(r, read_pdf, &job, ret, d);
    munmap((void *)(uintptr_t)job.bytes.s, job.bytes.len);
    return rc;
}

int
sealed_manifest(const struct sealed_reader *r, struct str bytes, struct str signature,
                struct sealed *ret, struct diag *d)
{
    struct job job = {.reader = r, .bytes = bytes, .signature = signature};
    return ask(r, read_manifest, &job, ret, d);
}

int
sealed_log(const struct sealed_reader *r, struct str bytes, bool is_proof,
           const struct audit_keys *k, struct sealed *ret, struct diag *d)
{
    struct job job = {
        .reader = r, .bytes = bytes, .signature = STR(""), .keys = k, .is_proof = is_proof};
    assert(k->v.n > 0);
    return ask(r, read_log, &job, ret, d);
}
