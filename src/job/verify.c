/* Verification of what was handed out: which kind of thing a path is and what belongs to it is found out
 * here; whether it holds is asked of the rooms sign and audit, by verify_sealed.c in the sandbox. */
#include "job/verify.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "audit/keys.h"
#include "base/auto.h"
#include "base/clock.h"
#include "base/env.h"
#include "base/file.h"
#include "base/mem.h"
#include "job/verify_sealed.h"

enum {
    MAX_LOG_FILE = 1 << 20,
    MAX_SIGNATURE = 1 << 20,
    MAX_MANIFEST = 16 << 20,
    MAX_ANSWER = 64 << 20,
    HEAD = 64
};

struct verify {
    struct verify_keys keys;
    struct sign_trust *trust;
    struct sealed_reader reader;
};

static const char *const signer_words[VERIFY__COUNT] = {
    [VERIFY_NO_SIGNER] = "none",
    [VERIFY_NOT_CHECKED] = "not checked",
    [VERIFY_TRUSTED] = "trusted",
    [VERIFY_UNTRUSTED] = "untrusted",
};

int
verify_open(const struct config *c, const struct verify_keys *keys, struct verify **ret,
            struct diag *d)
{
    struct verify *v = mem_alloc(sizeof *v);
    *v = (struct verify){.keys = *keys};
    if (keys->trust_file && sign_trust_load(keys->trust_file, keys->crl_file,
                                            env_wall_us() / 1000000, &v->trust, d) != 0) {
        free(v);
        return -1;
    }
    sealed_warm();
    v->reader = (struct sealed_reader){.trust = v->trust,
                                       .limits = {.memory = c->parser_memory_mib << 20,
                                                  .seconds = (int)c->parser_seconds,
                                                  .answer = MAX_ANSWER,
                                                  .is_free = !c->confine}};
    *ret = v;
    return 0;
}

void
verify_close(struct verify *v)
{
    if (!v)
        return;
    sign_trust_free(v->trust);
    free(v);
}

const char *
verify_signer_word(enum verify_signer s)
{
    assert(s < VERIFY__COUNT);
    return signer_words[s];
}

enum verify_signer
verify_signers(const struct verify_report *r)
{
    static const int rank[VERIFY__COUNT] = {
        [VERIFY_TRUSTED] = 1, [VERIFY_NOT_CHECKED] = 2, [VERIFY_UNTRUSTED] = 3};
    enum verify_signer worst = VERIFY_NO_SIGNER;
    for (size_t i = 0; i < r->lines.n; i++)
        if (rank[r->lines.v[i].signer] > rank[worst])
            worst = r->lines.v[i].signer;
    return worst;
}

/* ---- lines ---- */

static struct verify_line *
add_line(struct verify_report *r, struct arena *a, struct str path, bool ok, struct str text)
{
    struct verify_line *l = VEC_PUSH(a, &r->lines);
    *l = (struct verify_line){.path = arena_str(a, path),
                              .ok = ok,
                              .signer = VERIFY_NO_SIGNER,
                              .text = text,
                              .reason = STR(""),
                              .judged_at = CLOCK_NONE,
                              .judged_by = STR("")};
    r->ok = r->ok && ok;
    return l;
}

/* What keeps a file from being looked at is a verdict about that file; what is wrong here ends all. */
static int
take_failure(struct verify_report *r, struct str path, struct diag *d)
{
    if (d->first.code == DIAG_INTERNAL || d->first.code == DIAG_CONFIG)
        return -1;
    add_line(r, d->arena, path, false, d->first.text);
    diag_clear(d);
    return 0;
}

/* Who, whether trusted, and as of when: of a signature that holds. */
static struct str
describe_signer(const struct sign_verdict *v, enum verify_signer signer, int64_t now,
                struct arena *a)
{
    const char *what = v->is_stamp ? "time stamp of" : "signed by";
    struct str id = v->signer.sha256_hex.len
                        ? arena_fmt(a, "; certificate SHA-256 %.16s…", v->signer.sha256_hex.s)
                        : STR("");
    struct str more = v->added
                          ? arena_fmt(a,
                                      "; the %zu bytes added since are signatures, time stamps or "
                                      "validation data only",
                                      v->added)
                          : STR("");
    struct str who =
        arena_fmt(a, "%s %.*s%s%.*s", what, STR_ARG(v->signer.subject), v->is_stamp ? " at " : "",
                  STR_ARG(v->is_stamp ? clock_iso(a, v->claimed_at) : STR("")));
    struct str how;
    if (signer == VERIFY_UNTRUSTED)
        how = arena_fmt(a, "not trusted: %.*s", STR_ARG(v->reason));
    else if (signer == VERIFY_NOT_CHECKED)
        how = v->signer.self_signed ? STR("not checked; self-signed, identity not proven")
                                    : STR("not checked");
    else if (v->is_stamp)
        how = STR("trusted");
    else if (v->proof.at != CLOCK_NONE)
        how = arena_fmt(a, "trusted as of %.*s, proven by a time stamp of %.*s",
                        STR_ARG(clock_iso(a, v->proof.at)), STR_ARG(v->proof.by));
    else
        how = arena_fmt(a, "trusted as of now, %.*s: no time stamp proves another time",
                        STR_ARG(clock_iso(a, now)));
    return arena_fmt(a, "%.*s (%.*s%.*s)%.*s", STR_ARG(who), STR_ARG(how), STR_ARG(id),
                     STR_ARG(more));
}

static void
add_verdict(const struct verify *v, struct verify_report *r, struct arena *a, struct str path,
            const struct sign_verdict *s)
{
    if (!s->valid) {
        add_line(r, a, path, false, s->reason.len ? s->reason : STR("it does not hold"));
        return;
    }
    enum verify_signer signer = !v->trust    ? VERIFY_NOT_CHECKED
                                : s->trusted ? VERIFY_TRUSTED
                                             : VERIFY_UNTRUSTED;
    int64_t now = v->trust ? sign_trust_now(v->trust) : CLOCK_NONE;
    struct verify_line *l =
        add_line(r, a, path, signer != VERIFY_UNTRUSTED, describe_signer(s, signer, now, a));
    l->signer = signer;
    l->reason = signer == VERIFY_TRUSTED ? STR("") : s->reason;
    l->judged_at = s->proof.at != CLOCK_NONE ? s->proof.at : now;
    l->judged_by = s->proof.by;
}

/* ---- the audit log ---- */

/* What a signature is worth whose key another one has followed. The list knows the size at which that was, not
 * the day. */
static struct str
describe_key(const struct audit_key_span *k, int64_t size, struct arena *a)
{
    if (k->last == INT64_MAX)
        return STR("");
    return arena_fmt(a,
                     "; its key %.*s was rotated out at %lld records%s: whoever has that key can sign "
                     "any log of up to %lld records, so this alone proves nothing to who holds nothing "
                     "else; hold it against the log (assay audit verify --expect) or a checkpoint of a "
                     "later key",
                     STR_ARG(audit_vkey_id(&k->key, a)), (long long)k->last,
                     size == k->last ? ", which are these" : "", (long long)k->last);
}

/* A proof or a checkpoint. *ret_size is that of the log under a checkpoint that holds, else -1. */
static int
verify_log_file(const struct verify *v, const char *path, struct verify_report *ret,
                int64_t *ret_size, struct diag *d)
{
    struct str bytes, vkey, text, p = arena_str(d->arena, str_c(path));
    struct audit_keys k;
    struct sealed s;
    *ret_size = -1;
    if (file_slurp(path, MAX_LOG_FILE, d->arena, &bytes, d) != 0)
        return take_failure(ret, p, d);
    if (file_slurp(v->keys.log_key, MAX_LOG_FILE, d->arena, &vkey, d) != 0)
        return -1;
    if (audit_keys_parse(vkey, d->arena, &k, d) != 0)
        return diag_context(d, "%s", v->keys.log_key);
    bool is_a_proof = audit_proof_is(bytes) || str_ends(p, ".tlog-proof");
    if (sealed_log(&v->reader, bytes, is_a_proof, &k, &s, d) != 0)
        return take_failure(ret, p, d);
    if (s.problem.len) {
        add_line(ret, d->arena, p, false, s.problem);
        return 0;
    }
    if (is_a_proof)
        text = arena_fmt(d->arena,
                         "record %lld of %.*s is below its checkpoint of %lld records: %.*s",
                         (long long)s.log.at, STR_ARG(s.log.origin), (long long)s.log.size,
                         STR_ARG(s.log.record));
    else
        text = arena_fmt(d->arena, "a checkpoint of %.*s: %lld records", STR_ARG(s.log.origin),
                         (long long)s.log.size);
    struct str old = describe_key(&k.v.v[s.log.key], s.log.size, d->arena);
    add_line(ret, d->arena, p, true,
             arena_fmt(d->arena, "%.*s%.*s", STR_ARG(text), STR_ARG(old)));
    *ret_size = s.log.size;
    return 0;
}

/* The checkpoint beside a manifest must be over the records of that run: one that made the report, one for
 * each file and one for the manifest. Without the key of the log nothing is said against it. */
static int
verify_carried(const struct verify *v, const char *dir, const struct manifest *m,
               struct verify_report *ret, struct diag *d)
{
    struct str path = file_join(d->arena, dir, MANIFEST_CHECKPOINT);
    int64_t size, least = m->audit_seq + 1 + (int64_t)m->outputs.n + 2;
    size_t at = ret->lines.n;
    if (!file_exists(path.s))
        return 0;
    if (!v->keys.log_key || !file_exists(v->keys.log_key)) {
        add_line(ret, d->arena, path, true,
                 STR("not checked: the key of the audit log is not here (--log-key)"));
        return 0;
    }
    if (verify_log_file(v, path.s, ret, &size, d) != 0)
        return -1;
    struct verify_line *l = &ret->lines.v[at];
    if (!l->ok || size >= least)
        return 0;
    l->ok = ret->ok = false;
    l->text = arena_fmt(d->arena,
                        "it is not over the records of this report: it ends at %lld, they at %lld "
                        "or later",
                        (long long)size, (long long)least);
    return 0;
}

/* ---- sealed files ---- */

static int
verify_pdf(const struct verify *v, const char *path, struct verify_report *ret, struct diag *d)
{
    struct sealed s;
    struct str p = str_c(path);
    if (sealed_pdf(&v->reader, path, &s, d) != 0)
        return take_failure(ret, p, d);
    if (s.problem.len)
        add_line(ret, d->arena, p, false, s.problem);
    else if (s.signatures.n == 0)
        add_line(ret, d->arena, p, false, STR("the PDF carries no signature"));
    for (size_t i = 0; i < s.signatures.n; i++)
        add_verdict(v, ret, d->arena, p, &s.signatures.v[i]);
    return 0;
}

/* The PDFs of a folder carry signatures of their own besides the manifest's hash. */
static int
verify_listed_pdfs(const struct verify *v, const char *dir, const struct manifest *m,
                   struct verify_report *ret, struct diag *d)
{
    for (size_t i = 0; i < m->outputs.n; i++) {
        const struct manifest_output *o = &m->outputs.v[i];
        if (!str_eqc(o->media_type, "application/pdf"))
            continue;
        struct str path = file_join(d->arena, dir, arena_str(d->arena, o->name).s);
        if (v->keys.progress)
            v->keys.progress("verify", i + 1, m->outputs.n);
        if (file_exists(path.s) && verify_pdf(v, path.s, ret, d) != 0)
            return -1;
    }
    return 0;
}

/* Empty when there is none, which is a verdict. */
static int
load_signature(const char *path, struct verify_report *ret, struct str *ret_cms, struct diag *d)
{
    *ret_cms = STR("");
    if (!file_exists(path)) {
        add_line(ret, d->arena, str_c(path), false,
                 STR("the manifest is not signed: no .p7s beside it"));
        return 0;
    }
    if (file_slurp(path, MAX_SIGNATURE, d->arena, ret_cms, d) != 0)
        return take_failure(ret, str_c(path), d);
    if (!ret_cms->len)
        add_line(ret, d->arena, str_c(path), false, STR("the signature is no CMS: it is empty"));
    return 0;
}

static int
verify_manifest(const struct verify *v, const char *path, struct verify_report *ret, struct diag *d)
{
    struct str bytes, cms, p = str_c(path), sig = arena_fmt(d->arena, "%s.p7s", path);
    struct sealed s;
    struct manifest_finding *f;
    size_t n;
    const char *slash = strrchr(path, '/');
    const char *dir = slash ? arena_str(d->arena, str_n(path, (size_t)(slash - path))).s : ".";
    if (file_slurp(path, MAX_MANIFEST, d->arena, &bytes, d) != 0)
        return take_failure(ret, p, d);
    if (load_signature(sig.s, ret, &cms, d) != 0)
        return -1;
    if (sealed_manifest(&v->reader, bytes, cms, &s, d) != 0)
        return take_failure(ret, p, d);
    for (size_t i = 0; i < s.signatures.n; i++)
        add_verdict(v, ret, d->arena, s.signatures.v[i].valid ? p : sig, &s.signatures.v[i]);
    if (s.problem.len) {
        add_line(ret, d->arena, p, false, s.problem);
        return 0;
    }
    if (manifest_check(&s.manifest, dir, d->arena, &f, &n, d) != 0)
        return take_failure(ret, p, d);
    for (size_t i = 0; i < n; i++)
        add_line(ret, d->arena, file_join(d->arena, dir, arena_str(d->arena, f[i].name).s), f[i].ok,
                 f[i].text);
    if (verify_carried(v, dir, &s.manifest, ret, d) != 0)
        return -1;
    return verify_listed_pdfs(v, dir, &s.manifest, ret, d);
}

/* ---- which kind of thing ---- */

/* Told by its first line and not by its name: people save proofs under names of their own. */
static bool
is_proof(const char *path)
{
    char head[HEAD];
    AUTO_FILE f = fopen(path, "rbe");
    return f && audit_proof_is(str_n(head, fread(head, 1, sizeof head, f)));
}

/* ".pdf" in any case, or a file that begins as one. */
static bool
is_pdf(const char *path, struct str name)
{
    char head[HEAD];
    if (name.len >= 4 && str_ieqc(str_n(name.s + name.len - 4, 4), ".pdf"))
        return true;
    AUTO_FILE f = fopen(path, "rbe");
    return f && str_starts(str_n(head, fread(head, 1, sizeof head, f)), "%PDF-");
}

int
verify_files(struct verify *v, const char *path, struct verify_report *ret, struct diag *d)
{
    struct stat st;
    int64_t size;
    struct str p = str_c(path);
    if (stat(path, &st) != 0) {
        add_line(ret, d->arena, p, false,
                 arena_fmt(d->arena, "cannot read it: %s", strerror(errno)));
        return 0;
    }
    if (S_ISDIR(st.st_mode)) {
        struct str m = file_join(d->arena, path, "manifest.json");
        if (!file_exists(m.s)) {
            add_line(ret, d->arena, p, false, STR("the folder holds no manifest.json"));
            return 0;
        }
        return verify_manifest(v, m.s, ret, d);
    }
    if (S_ISREG(st.st_mode) && is_proof(path))
        return verify_log_file(v, path, ret, &size, d);
    if (S_ISREG(st.st_mode) && is_pdf(path, p))
        return verify_pdf(v, path, ret, d);
    if (str_ends(p, ".json"))
        return verify_manifest(v, path, ret, d);
    if (str_ends(p, ".json.p7s"))
        return verify_manifest(v, arena_str(d->arena, str_n(p.s, p.len - 4)).s, ret, d);
    if (str_ends(p, ".tlog-proof") || str_ends(p, ".checkpoint"))
        return verify_log_file(v, path, ret, &size, d);
    add_line(ret, d->arena, p, false,
             STR("neither a PDF, a manifest.json, a folder, a proof nor a checkpoint: verify the "
                 "folder it came in"));
    return 0;
}
