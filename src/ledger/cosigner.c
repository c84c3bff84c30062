/* The witness's half of cosigning: its folder and its rules. Called by cli/cmd_witness.c, which may
 * run as an account that has no rights on the log. */
#include "ledger/cosigner.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/utf8.h"

AUTO_DEFINE(struct audit_signer *, audit_signer_free)

enum { MAX_FILE = 1 << 16, MAX_REFUSED = 1000 };

static const char *
witness_path(const char *dir, struct arena *a, const char *name)
{
    return file_join(a, dir, name).s;
}

/* ---- the folder ---- */

int
cosigner_init(const char *dir, struct str name, struct str *ret, struct diag *d)
{
    AUTO(audit_signer_free_auto) struct audit_signer *s = NULL;
    const char *path = witness_path(dir, d->arena, "witness.key");
    if (file_exists(path)) {
        diag_fail(d, DIAG_CONFIG, "there is a witness already: its key and memory stay");
        return diag_at(d, "%s", path);
    }
    if (audit_signer_make(name, &s, d) != 0 || file_mkdirs(dir, 0700, d) != 0 ||
        file_write_atomic(path, audit_signer_pem(s, d->arena), 0600, d) != 0)
        return -1;
    struct audit_vkey k = audit_signer_witness(s);
    *ret = audit_vkey_text(&k, d->arena);
    return file_write_atomic(witness_path(dir, d->arena, "witness.vkey"),
                             arena_fmt(d->arena, "%s\n", ret->s), 0644, d);
}

static int
load_vkey(const char *dir, struct audit_vkey *ret, struct diag *d)
{
    struct str text;
    const char *path = witness_path(dir, d->arena, "witness.vkey");
    if (!file_exists(path)) {
        diag_fail(d, DIAG_CONFIG, "there is no witness here: assay witness init --dir %s", dir);
        return diag_at(d, "%s", path);
    }
    if (file_slurp(path, MAX_FILE, d->arena, &text, d) != 0)
        return -1;
    return audit_vkey_parse_witness(text, d->arena, ret, d) == 0 ? 0 : diag_at(d, "%s", path);
}

/* The private key under the name that witness.vkey gives it. */
static int
load_signer(const char *dir, struct audit_signer **ret, struct diag *d)
{
    struct str pem;
    struct audit_vkey k;
    const char *path = witness_path(dir, d->arena, "witness.key");
    if (load_vkey(dir, &k, d) != 0 || file_slurp(path, MAX_FILE, d->arena, &pem, d) != 0)
        return -1;
    return audit_signer_read(pem, k.name, ret, d) == 0 ? 0 : diag_at(d, "%s", path);
}

/* One question at a time: of two at once the later answer could be remembered first, and then be written
 * over by one about fewer records. */
static int
lock_folder(const char *dir, struct arena *a, struct diag *d)
{
    const char *path = witness_path(dir, a, "lock");
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0 && flock(fd, LOCK_EX) == 0)
        return fd;
    diag_fail(d, DIAG_CANNOT_WRITE, "%s", strerror(errno));
    if (fd >= 0)
        close(fd);
    return diag_at(d, "%s", path);
}

/* ---- the keys of logs ---- */

struct log_vkeys {
    struct str text; /* of log.vkeys */
    VEC(struct audit_vkey) keys;
};

/* The vkeys of a text, one a line. */
static int
read_keys(struct str text, struct log_vkeys *k, struct diag *d)
{
    while (text.len) {
        struct str line = str_trim(str_cut(&text, '\n')), vkey = str_cut(&line, ' ');
        struct audit_vkey one;
        if (!vkey.len || vkey.s[0] == '#')
            continue;
        if (audit_vkey_parse(vkey, d->arena, &one, d) != 0)
            return -1;
        *VEC_PUSH(d->arena, &k->keys) = one;
    }
    return 0;
}

static int
load_log_vkeys(const char *dir, struct log_vkeys *ret, struct diag *d)
{
    const char *path = witness_path(dir, d->arena, "log.vkeys");
    *ret = (struct log_vkeys){.text = STR("")};
    if (file_exists(path) && file_slurp(path, MAX_FILE, d->arena, &ret->text, d) != 0)
        return -1;
    return read_keys(ret->text, ret, d) == 0 ? 0 : diag_at(d, "%s", path);
}

static bool
knows(const struct log_vkeys *all, const struct audit_vkey *k)
{
    for (size_t i = 0; i < all->keys.n; i++)
        if (str_eq(all->keys.v[i].name, k->name) &&
            memcmp(all->keys.v[i].key, k->key, AUDIT_KEY) == 0)
            return true;
    return false;
}

/* A witness must not have the name of a log: the name is all that tells their lines in a note apart. */
static int
check_names(const struct audit_vkey *mine, const struct log_vkeys *added, struct diag *d)
{
    if (added->keys.n == 0)
        return diag_fail(d, DIAG_CONFIG, "there is no key of a log in it");
    for (size_t i = 0; i < added->keys.n; i++)
        if (str_eq(added->keys.v[i].name, mine->name))
            return diag_fail(d, DIAG_CONFIG, "the witness and the log have the same name: %.*s",
                             STR_ARG(mine->name));
    return 0;
}

int
cosigner_trust(const char *dir, struct str vkeys, size_t *ret, struct diag *d)
{
    struct audit_vkey mine;
    struct log_vkeys old, added = {.text = vkeys};
    *ret = 0;
    if (load_vkey(dir, &mine, d) != 0 || load_log_vkeys(dir, &old, d) != 0 ||
        read_keys(vkeys, &added, d) != 0 || check_names(&mine, &added, d) != 0)
        return -1;
    AUTO_BUF b = buf_init(MAX_FILE);
    buf_str(&b, old.text);
    if (old.text.len && !str_ends(old.text, "\n"))
        buf_putc(&b, '\n'); /* an editor left the last line open */
    for (size_t i = 0; i < added.keys.n; i++) {
        if (knows(&old, &added.keys.v[i]))
            continue;
        buf_fmt(&b, "%s\n", audit_vkey_text(&added.keys.v[i], d->arena).s);
        ++*ret;
    }
    if (buf_bad(&b)) /* nothing is written: the keys that are there already stay */
        return diag_fail(d, DIAG_TOO_BIG, "a witness knows at most %d bytes of keys", MAX_FILE);
    return file_write_atomic(witness_path(dir, d->arena, "log.vkeys"), buf_view(&b), 0600, d);
}

/* ---- a request ---- */

struct asking { /* a request under way */
    const char *dir;
    struct str text; /* of the request */
    struct audit_request q;
    struct audit_checkpoint cp, was; /* what is to be signed, and what was signed last */
    struct str was_note;             /* the note of was, empty = none */
    const char *was_path;            /* its file */
};

/* The request must be signed by a log that this witness was told of: it remembers nothing for others. */
static int
check_signature(struct asking *r, struct diag *d)
{
    struct log_vkeys all;
    struct diag one = diag_init(d->arena);
    if (load_log_vkeys(r->dir, &all, d) != 0)
        return -1;
    /* any key that it was told of: a log that rotates has several */
    for (size_t i = 0; i < all.keys.n; i++) {
        diag_clear(&one);
        if (audit_checkpoint_open(r->q.note, &all.keys.v[i], d->arena, &r->cp, &one) == 0)
            return 0;
    }
    if (audit_checkpoint_read(r->q.note, d->arena, &r->cp, d) != 0)
        return -1;
    return diag_fail(d, DIAG_VERIFY,
                     "the checkpoint of %.*s is signed by no key that this witness trusts: it is "
                     "of another log, or its key was changed (assay witness trust)",
                     STR_ARG(utf8_one_line(d->arena, utf8_cut(r->cp.origin, 200))));
}

/* What this witness signed last of the log that the request is about. */
static int
load_last(struct asking *r, struct diag *d)
{
    struct sha256_digest name = sha256_of(r->cp.origin);
    r->was_path = witness_path(
        r->dir, d->arena, arena_fmt(d->arena, "%.16s.checkpoint", sha256_hex(d->arena, &name).s).s);
    r->was_note = STR("");
    r->was = (struct audit_checkpoint){.size = 0};
    if (!file_exists(r->was_path))
        return 0;
    if (file_slurp(r->was_path, MAX_FILE, d->arena, &r->was_note, d) != 0)
        return -1;
    return audit_checkpoint_read(r->was_note, d->arena, &r->was, d) == 0
               ? 0
               : diag_at(d, "%s", r->was_path);
}

static size_t
count_files(const char *dir)
{
    size_t n = 0;
    DIR *all = opendir(dir);
    while (all && readdir(all))
        n++;
    if (all)
        closedir(all);
    return n;
}

/* Keeps a request that contradicts what was seen, and the checkpoint that it contradicts. The names are
 * made of the content: the same request again is no further evidence. A folder that is full keeps what
 * it has, because the first contradiction says most. */
static void
keep_evidence(const struct asking *r, struct arena *a)
{
    struct diag d = diag_init(a);
    struct sha256_digest h = sha256_of(r->text);
    const char *dir = witness_path(r->dir, a, "refused");
    struct str stem = arena_fmt(a, "%.16s", sha256_hex(a, &h).s);
    if (file_mkdirs(dir, 0700, &d) != 0 || count_files(dir) > 2 * MAX_REFUSED)
        return;
    file_write_atomic(witness_path(dir, a, arena_fmt(a, "%s.request", stem.s).s), r->text, 0600,
                      &d);
    file_write_atomic(witness_path(dir, a, arena_fmt(a, "%s.known", stem.s).s), r->was_note, 0600,
                      &d);
}

static int
refuse_history(const struct asking *r, struct diag *d, const char *why)
{
    assert(r->cp.size >= 0 && r->was.size >= 0);
    keep_evidence(r, d->arena);
    return diag_fail(d, DIAG_VERIFY,
                     "%s: the log signed %lld records, the witness has seen %lld; both checkpoints "
                     "are kept below %s/refused",
                     why, (long long)r->cp.size, (long long)r->was.size, r->dir);
}

/* In the order of c2sp.org/tlog-witness, except that a size below what was seen is told first: a log
 * that was cut off must not look like a proof that begins at another size. */
static int
check_history(const struct asking *r, struct diag *d)
{
    const struct audit_checkpoint *cp = &r->cp, *was = &r->was;
    if (cp->size < was->size)
        return refuse_history(
            r, d, "the log went back (its end was cut off, or the database is an older one)");
    if (r->q.old_size != was->size)
        return diag_fail(d, DIAG_RETRY,
                         "the witness has seen %lld records, the proof begins at %lld",
                         (long long)was->size, (long long)r->q.old_size);
    if (was->size == 0)
        return r->q.proof.n == 0 ? 0 : refuse_history(r, d, "a proof from nothing has no hashes");
    if (!audit_tree_extends(&cp->root, (uint64_t)cp->size, &was->root, (uint64_t)was->size,
                            &r->q.proof))
        return refuse_history(
            r, d,
            "the log is not a continuation of what the witness has seen (its history "
            "was written anew)");
    return 0;
}

static int
answer_locked(struct asking *r, int64_t now, struct cosigner_answer *ret, struct diag *d)
{
    AUTO(audit_signer_free_auto) struct audit_signer *s = NULL;
    struct str line;
    if (load_signer(r->dir, &s, d) != 0 || audit_request_read(r->text, d->arena, &r->q, d) != 0 ||
        check_signature(r, d) != 0 || load_last(r, d) != 0)
        return -1;
    ret->known = r->was.size;
    if (check_history(r, d) != 0 || audit_cosign(r->q.note, now, s, d->arena, &line, d) != 0)
        return -1;
    /* remembered before it is given out: a witness that dies in between remembers a checkpoint that
     * nobody has its signature of, and never the other way round */
    struct str note = audit_note_with(audit_note_alone(r->q.note, d->arena), line, d->arena);
    if (file_write_atomic(r->was_path, note, 0644, d) != 0)
        return -1;
    ret->line = line;
    return 0;
}

int
cosigner_answer(const char *dir, struct str request, int64_t now, struct cosigner_answer *ret,
                struct diag *d)
{
    assert(dir && now >= 0);
    struct asking r = {.dir = dir, .text = request};
    struct audit_vkey mine;
    *ret = (struct cosigner_answer){.line = STR(""), .known = -1};
    if (load_vkey(dir, &mine, d) != 0)
        return -1;
    AUTO_FD fd = lock_folder(dir, d->arena, d);
    return fd < 0 ? -1 : answer_locked(&r, now, ret, d);
}
