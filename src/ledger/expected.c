/* Both sides of the sandbox for files that somebody kept of the log: how each kind is read inside, and how
 * the answer is taken. statements.c compares. An answer is the code of a failure and its text, or DIAG_OK
 * and a struct expected_one for each statement. */
#include "ledger/expected.h"

#include <assert.h>
#include <string.h>

#include <jansson.h>

#include "audit/recall.h"
#include "base/auto.h"
#include "base/fault.h"
#include "base/file.h"
#include "confine/confined.h"
#include "ledger/log_keys.h"
#include "ledger/report_checkpoint.h"
#include "sign/manifest.h"
#include "sign/sign.h"

AUTO_DEFINE(json_t *, json_decref)
AUTO_DEFINE(struct arena *, arena_free)

#define MAX_FILE ((size_t)1 << 30)

enum { LINES_AT_ONCE = 500, MAX_ANSWER = 1 << 16 /* beyond the length of the file */ };

struct job {
    struct str text;
    const struct audit_keys *keys; /* of this host; none = it has no key */
    struct arena *a;               /* of what is read inside */
    VEC(struct expected_one) said;
};

/* ---- inside of the sandbox ---- */

static void
say(struct job *job, enum expected_kind kind, int64_t at, const struct sha256_digest *hash)
{
    struct expected_one *one = VEC_PUSH(job->a, &job->said);
    memset(one, 0, sizeof *one); /* its bytes are written as they are */
    one->kind = kind;
    one->at = at;
    one->hash = *hash;
}

static int
says_nothing(struct diag *d)
{
    return diag_fail(d, DIAG_BAD_DATA,
                     "it says nothing about the audit log: want a checkpoint, a manifest.json, a "
                     "report as PDF, HTML or JSON, or exported events, one a line");
}

/* Lines of any export: each says which record it is, and its hash. */
static int
read_events(struct job *job, struct str text, struct diag *d)
{
    struct audit_recalled e;
    while (text.len) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        for (int i = 0; i < LINES_AT_ONCE && text.len; i++) {
            struct str line = str_trim(str_cut(&text, '\n'));
            if (!line.len)
                continue;
            if (audit_recall(line, a, &e, d) != 0)
                return -1;
            say(job, EXPECTED_EVENT, e.seq, &e.leaf);
        }
    }
    return 0;
}

/* A note: with keys here, they must have signed it; without, its root can still be compared. */
static int
read_checkpoint(struct job *job, struct str note, struct diag *d)
{
    struct audit_checkpoint cp;
    if (audit_checkpoint_read(note, job->a, &cp, d) != 0) {
        diag_clear(d);
        return says_nothing(d);
    }
    if (job->keys->v.n > 0 && audit_keys_open(job->keys, note, job->a, &cp, NULL, d) != 0)
        return -1;
    say(job, EXPECTED_CHECKPOINT, cp.size, &cp.root);
    return 0;
}

/* "audit": {"seq": N, "hash": HEX} of a manifest, "sha256" in a report. */
static int
read_audit_member(struct job *job, const json_t *audit, struct diag *d)
{
    const json_t *seq = json_object_get(audit, "seq"), *hash = json_object_get(audit, "hash");
    struct sha256_digest leaf;
    if (!hash)
        hash = json_object_get(audit, "sha256");
    const char *note = json_string_value(json_object_get(audit, "checkpoint"));
    if (note && read_checkpoint(job, arena_str(job->a, str_c(note)), d) != 0)
        return -1;
    if (!json_is_integer(seq) || json_integer_value(seq) < 0 || !json_is_string(hash) ||
        !sha256_from_hex(str_c(json_string_value(hash)), &leaf))
        return says_nothing(d);
    say(job, EXPECTED_REPORT, json_integer_value(seq), &leaf);
    return 0;
}

/* What kind of file it is shows in its first bytes. */
static int
read_text(struct job *job, struct diag *d)
{
    struct str note, text = job->text;
    if (report_checkpoint_is_report(text))
        return report_checkpoint_read(text, job->a, &note, d) == 0 ? read_checkpoint(job, note, d)
                                                                   : -1;
    if (!str_starts(text, "{")) {
        bool is_note = str_find(text, "\n\n") >= 0 && str_find(text, "\n— ") >= 0;
        return is_note ? read_checkpoint(job, text, d) : read_events(job, text, d);
    }
    AUTO(json_decref_auto) json_t *v = json_loadb(text.s, text.len, 0, NULL);
    const json_t *audit = json_object_get(v, "audit");
    return json_is_object(audit) ? read_audit_member(job, audit, d) : read_events(job, text, d);
}

/* A file that says nothing fails: whoever names it expects that it was compared. */
static void
read_inside(void *self, struct buf *out)
{
    struct job *job = self;
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag d = diag_init(a);
    job->a = a;
    fault_point("expected_file");
    if (read_text(job, &d) == 0 && job->said.n == 0)
        says_nothing(&d);
    enum diag_code code = !diag_failed(&d)              ? DIAG_OK
                          : d.first.code == DIAG_VERIFY ? DIAG_VERIFY
                                                        : DIAG_BAD_DATA;
    buf_add(out, &code, sizeof code);
    if (code == DIAG_OK)
        buf_add(out, job->said.v, job->said.n * sizeof *job->said.v);
    else
        buf_str(out, d.first.text);
}

/* ---- outside ---- */

static int
no_answer(struct diag *d)
{
    return diag_fail(d, DIAG_BAD_DATA,
                     "reading it made its reader answer as no reader does: treat the file and its "
                     "sender as hostile");
}

/* It is the word of a process that the file may have taken over: no code but the two of a reader, no number
 * that none can say. */
static int
take(struct str said, struct arena *a, struct expected_file *ret, struct diag *d)
{
    enum diag_code code;
    if (said.len < sizeof code)
        return no_answer(d);
    memcpy(&code, said.s, sizeof code);
    said = str_n(said.s + sizeof code, said.len - sizeof code);
    if (code == DIAG_VERIFY || code == DIAG_BAD_DATA)
        return diag_fail(d, code, "%.*s", STR_ARG(said));
    if (code != DIAG_OK || said.len == 0 || said.len % sizeof(struct expected_one) != 0)
        return no_answer(d);
    for (; said.len; said = str_n(said.s + sizeof(struct expected_one),
                                  said.len - sizeof(struct expected_one))) {
        struct expected_one *one = VEC_PUSH(a, &ret->said);
        memcpy(one, said.s, sizeof *one);
        if ((unsigned)one->kind >= EXPECTED__COUNT || one->at < 0)
            return no_answer(d);
    }
    return 0;
}

static int
read_file(const struct config *c, const char *path, confined_fn *fn, const struct audit_keys *k,
          struct arena *a, struct expected_file *ret, struct diag *d)
{
    struct job job = {.keys = k};
    struct str said;
    AUTO(arena_free_auto) struct arena *mine = arena_new();
    ret->path = arena_str(a, str_c(path));
    if (file_slurp(path, MAX_FILE, mine, &job.text, d) != 0)
        return -1;
    const struct confined_limits limits = {
        .memory = (c->parser_memory_mib << 20) + (int64_t)job.text.len,
        .seconds = (int)c->parser_seconds,
        .answer =
            MAX_ANSWER + job.text.len, /* a line that names a record is longer than what it says */
        .is_free = !c->confine};
    if (confined_call(fn, &job, &limits, mine, &said, d) != 0 || take(said, a, ret, d) != 0)
        return diag_at(d, "%s", path);
    return 0;
}

void
expected_read(const struct config *c, const char *const *files, size_t n, struct arena *a,
              struct expected *ret)
{
    struct audit_keys keys;
    assert(files || n == 0);
    *ret = (struct expected){.why = diag_init(a)};
    if (n == 0 || log_keys_load_any(c, a, &keys, &ret->why) != 0)
        return;
    sign_warm();
    manifest_warm();
    for (size_t i = 0; i < n; i++) {
        struct expected_file f = {0};
        if (read_file(c, files[i], read_inside, &keys, a, &f, &ret->why) != 0)
            return;
        *VEC_PUSH(a, &ret->v) = f;
    }
}
