/* Verification of what was handed out: which kind of thing a path is and what belongs to it is found out
 * here, whether it holds by the rooms sign and audit. */
#include "job/verify.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "audit/keys.h"
#include "base/auto.h"
#include "base/file.h"
#include "sign/manifest.h"

#define MAX_PDF ((size_t)1 << 30)

enum { MAX_LOG_FILE = 1 << 20, HEAD = 64 };

static void
add_line(struct verify_report *r, struct arena *a, struct str path, bool ok, bool trusted,
         struct str text)
{
    *VEC_PUSH(a, &r->lines) =
        (struct verify_line){.path = path, .ok = ok, .trusted = trusted, .text = text};
    r->ok = r->ok && ok;
}

static struct str
describe_verdict(const struct sign_verdict *v, struct arena *a)
{
    const char *trust = v->trusted              ? "trusted"
                        : v->signer.self_signed ? "self-signed, identity not proven"
                                                : "not trusted";
    if (!v->valid)
        return v->reason;
    return arena_fmt(a, "signed by %.*s (%s; certificate SHA-256 %.16s…)",
                     STR_ARG(v->signer.subject), trust, v->signer.sha256_hex.s);
}

static int
verify_pdf(const char *path, const char *trust, struct verify_report *ret, struct diag *d)
{
    struct str bytes;
    struct sign_verdict *v;
    size_t n;
    struct str p = arena_str(d->arena, str_c(path));
    if (file_slurp(path, MAX_PDF, d->arena, &bytes, d) != 0)
        return -1;
    if (sign_verify_pdf(bytes, trust, d->arena, &v, &n, d) != 0) {
        add_line(ret, d->arena, p, false, false, d->first.text);
        diag_clear(d);
        return 0;
    }
    if (n == 0)
        add_line(ret, d->arena, p, false, false, STR("the PDF carries no signature"));
    for (size_t i = 0; i < n; i++)
        add_line(ret, d->arena, p, v[i].valid, v[i].trusted, describe_verdict(&v[i], d->arena));
    return 0;
}

/* The PDFs of a folder carry signatures of their own besides the manifest's hash. */
static int
verify_listed_pdfs(const char *dir, const struct manifest *m, const char *trust,
                   struct verify_report *ret, struct diag *d)
{
    for (size_t i = 0; i < m->outputs.n; i++) {
        const struct manifest_output *o = &m->outputs.v[i];
        if (!str_eqc(o->media_type, "application/pdf"))
            continue;
        struct str path = file_join(d->arena, dir, arena_str(d->arena, o->name).s);
        if (file_exists(path.s) && verify_pdf(path.s, trust, ret, d) != 0)
            return -1;
    }
    return 0;
}

static int
verify_manifest_signature(const char *path, struct str bytes, const char *trust,
                          struct verify_report *ret, struct diag *d)
{
    struct str cms;
    struct sign_verdict v;
    struct str sig = arena_fmt(d->arena, "%s.p7s", path), p = arena_str(d->arena, str_c(path));
    if (!file_exists(sig.s)) {
        add_line(ret, d->arena, sig, false, false,
                 STR("the manifest is not signed: no .p7s beside it"));
        return 0;
    }
    if (file_slurp(sig.s, 1 << 20, d->arena, &cms, d) != 0)
        return -1;
    if (sign_verify_cms(cms, bytes, trust, d->arena, &v, d) != 0) {
        add_line(ret, d->arena, sig, false, false, d->first.text);
        diag_clear(d);
        return 0;
    }
    add_line(ret, d->arena, v.valid ? p : sig, v.valid, v.trusted, describe_verdict(&v, d->arena));
    return 0;
}

static int
verify_manifest(const char *path, const char *trust, struct verify_report *ret, struct diag *d)
{
    struct str bytes;
    struct manifest m;
    struct manifest_finding *f;
    size_t n;
    const char *slash = strrchr(path, '/');
    const char *dir = slash ? arena_str(d->arena, str_n(path, (size_t)(slash - path))).s : ".";
    if (file_slurp(path, 16 << 20, d->arena, &bytes, d) != 0 ||
        verify_manifest_signature(path, bytes, trust, ret, d) != 0)
        return -1;
    if (manifest_parse(bytes, d->arena, &m, d) != 0) {
        add_line(ret, d->arena, str_c(path), false, false, d->first.text);
        diag_clear(d);
        return 0;
    }
    if (manifest_check(&m, dir, d->arena, &f, &n, d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        add_line(ret, d->arena, file_join(d->arena, dir, arena_str(d->arena, f[i].name).s), f[i].ok,
                 true, f[i].text);
    return verify_listed_pdfs(dir, &m, trust, ret, d);
}

/* ---- the audit log ---- */

/* Checked with the key of the list that signed the checkpoint in the proof. */
static int
check_proof(struct str proof, const struct audit_keys *k, struct arena *a, struct audit_proven *ret,
            struct diag *d)
{
    size_t i = 0;
    while (i + 1 < k->v.n && !audit_note_names(proof, &k->v.v[i].key, a))
        i++;
    if (audit_proof_check(proof, &k->v.v[i].key, a, ret, d) != 0)
        return -1;
    return audit_key_covers(&k->v.v[i], ret->checkpoint.size, a, d);
}

static int
verify_log_file(const char *path, const char *log_key, struct verify_report *ret, struct diag *d)
{
    struct str bytes, vkey, p = arena_str(d->arena, str_c(path)), text = STR("");
    struct audit_keys k;
    struct audit_proven proven;
    struct audit_checkpoint c;
    if (file_slurp(path, MAX_LOG_FILE, d->arena, &bytes, d) != 0 ||
        file_slurp(log_key, MAX_LOG_FILE, d->arena, &vkey, d) != 0)
        return -1;
    if (audit_keys_parse(vkey, d->arena, &k, d) != 0)
        return diag_context(d, "%s", log_key);
    if (audit_proof_is(bytes) || str_ends(p, ".tlog-proof")) {
        if (check_proof(bytes, &k, d->arena, &proven, d) == 0)
            text = arena_fmt(d->arena,
                             "record %lld of %.*s is below its checkpoint of %lld records: %.*s",
                             (long long)proven.at, STR_ARG(proven.checkpoint.origin),
                             (long long)proven.checkpoint.size, STR_ARG(proven.record));
    } else if (audit_keys_open(&k, bytes, d->arena, &c, NULL, d) == 0) {
        text = arena_fmt(d->arena, "a checkpoint of %.*s: %lld records", STR_ARG(c.origin),
                         (long long)c.size);
    }
    bool ok = !diag_failed(d);
    add_line(ret, d->arena, p, ok, ok, ok ? text : d->first.text);
    diag_clear(d);
    return 0;
}

/* Told by its first line and not by its name: people save proofs under names of their own. */
static bool
is_proof(const char *path)
{
    char head[HEAD];
    AUTO_FILE f = fopen(path, "rbe");
    return f && audit_proof_is(str_n(head, fread(head, 1, sizeof head, f)));
}

int
verify_files(const char *path, const struct verify_keys *keys, struct verify_report *ret,
             struct diag *d)
{
    const char *trust_file = keys->trust_file;
    struct stat st;
    struct str p = str_c(path);
    if (stat(path, &st) != 0) {
        diag_fail(d, DIAG_IO, "cannot read it");
        return diag_at(d, "%s", path);
    }
    if (S_ISDIR(st.st_mode)) {
        struct str m = file_join(d->arena, path, "manifest.json");
        if (!file_exists(m.s)) {
            add_line(ret, d->arena, p, false, false, STR("the folder holds no manifest.json"));
            return 0;
        }
        return verify_manifest(m.s, trust_file, ret, d);
    }
    if (S_ISREG(st.st_mode) && is_proof(path))
        return verify_log_file(path, keys->log_key, ret, d);
    if (str_ends(p, ".pdf"))
        return verify_pdf(path, trust_file, ret, d);
    if (str_ends(p, ".json"))
        return verify_manifest(path, trust_file, ret, d);
    if (str_ends(p, ".json.p7s"))
        return verify_manifest(arena_str(d->arena, str_n(p.s, p.len - 4)).s, trust_file, ret, d);
    if (str_ends(p, ".tlog-proof") || str_ends(p, ".checkpoint"))
        return verify_log_file(path, keys->log_key, ret, d);
    add_line(ret, d->arena, p, false, false,
             STR("neither a PDF, a manifest.json, a folder, a proof nor a checkpoint: verify the "
                 "folder it came in"));
    return 0;
}
