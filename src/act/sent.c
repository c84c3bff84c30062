/* Memories of exporters: files of the state directory. Called by export/cursor.c, which writes them, by
 * ledger/statements.c and by the doctor. */
#include "act/sent.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/env.h"
#include "base/file.h"

AUTO_DEFINE(DIR *, closedir)
AUTO_DEFINE(struct arena *, arena_free)

#define HEAD "assay sent 1\n"

enum { MAX_FILE = 4096, NAME = 32 };

static const char *const told_words[SENT_TOLD__COUNT] = {[SENT_TOLD_NOTHING] = "nothing",
                                                         [SENT_TOLD_FAILURE] = "failure",
                                                         [SENT_TOLD_HISTORY] = "history"};

static struct str
sent_folder(const struct config *c, struct arena *a)
{
    return file_join(a, c->state_dir.s, "sent");
}

/* Targets have names that no file has. */
struct str
sent_path(const struct config *c, struct str target, struct arena *a)
{
    struct sha256_digest hash = sha256_of(target);
    struct str name = str_n(sha256_hex(a, &hash).s, NAME);
    return file_join(a, sent_folder(c, a).s, arena_str(a, name).s);
}

/* ---- reading ---- */

static bool
read_number(struct str *line, int64_t *ret)
{
    return str_to_i64(str_cut(line, ' '), ret);
}

static bool
read_word(struct str word, const char *const *words, int n, int *ret)
{
    *ret = 0;
    while (*ret < n && !str_eqc(word, words[*ret]))
        ++*ret;
    return *ret < n;
}

/* "SEQ HASH AT follow|once FAILED AGAIN FAILED-AT TOLD", and the target on the next line. */
static bool
read_sent(struct str text, struct arena *a, struct sent *ret)
{
    static const char *const ways[] = {"once", "follow"};
    struct sent s = {.at = 0};
    int way, told;
    if (text.len < sizeof HEAD || !str_starts(text, HEAD) || !str_ends(text, "\n"))
        return false;
    text = str_n(text.s + sizeof HEAD - 1, text.len - sizeof HEAD);
    struct str line = str_cut(&text, '\n');
    if (!text.len || !read_number(&line, &s.last.seq) || s.last.seq < -1 ||
        !sha256_from_hex(str_cut(&line, ' '), &s.last.leaf) || !read_number(&line, &s.at) ||
        !read_word(str_cut(&line, ' '), ways, 2, &way) || !read_number(&line, &s.n_failed) ||
        !read_number(&line, &s.n_again) || !read_number(&line, &s.failed_at) ||
        !read_word(line, told_words, SENT_TOLD__COUNT, &told))
        return false;
    s.is_followed = way == 1;
    s.told = (enum sent_told)told;
    s.target = arena_str(a, text);
    *ret = s;
    return true;
}

int
sent_load(const struct config *c, struct str target, struct arena *a, struct sent *ret,
          struct diag *d)
{
    struct str text, path = sent_path(c, target, a);
    *ret = (struct sent){.target = target, .last = {.seq = -1}};
    if (!file_exists(path.s))
        return 0;
    struct sent s;
    if (file_slurp(path.s, MAX_FILE, a, &text, d) != 0)
        return -1;
    if (read_sent(text, a, &s) && str_eq(s.target, target)) {
        *ret = s;
        return 0;
    }
    diag_fail(d, DIAG_BAD_DATA,
              "damaged: what was sent to %.*s is not remembered until something is sent again",
              STR_ARG(target));
    return diag_at(d, "%s", path.s);
}

int
sent_list(const struct config *c, struct arena *a, struct sent **ret, size_t *ret_n, struct diag *d)
{
    VEC(struct sent) list = {0};
    struct str folder = sent_folder(c, a), text;
    const struct dirent *e;
    AUTO(closedir_auto) DIR *dir = opendir(folder.s);
    if (!dir && errno != ENOENT) {
        diag_fail(d, DIAG_IO, "cannot read: %s", strerror(errno));
        return diag_at(d, "%s", folder.s);
    }
    while (dir && (e = readdir(dir))) {
        struct diag damaged = diag_init(a);
        struct sent s;
        if (e->d_name[0] != '.' &&
            file_slurp(file_join(a, folder.s, e->d_name).s, MAX_FILE, a, &text, &damaged) == 0 &&
            read_sent(text, a, &s))
            *VEC_PUSH(a, &list) = s;
    }
    *ret = list.v;
    *ret_n = list.n;
    return 0;
}

/* ---- writing ---- */

int
sent_save(const struct config *c, const struct sent *s, bool is_synced, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    AUTO_BUF out = buf_init(MAX_FILE);
    struct str folder = sent_folder(c, a), path = sent_path(c, s->target, a);
    struct diag one = diag_init(a);
    assert(s->target.len && s->told < SENT_TOLD__COUNT);
    buf_fmt(&out, HEAD "%lld %s %lld %s %lld %lld %lld %s\n", (long long)s->last.seq,
            sha256_hex(a, &s->last.leaf).s, (long long)s->at, s->is_followed ? "follow" : "once",
            (long long)s->n_failed, (long long)s->n_again, (long long)s->failed_at,
            told_words[s->told]);
    buf_str(&out, s->target);
    buf_putc(&out, '\n');
    if ((file_exists(folder.s) || file_mkdirs(folder.s, 0700, &one) == 0) &&
        (is_synced ? file_write_atomic(path.s, buf_view(&out), 0600, &one)
                   : file_replace(path.s, buf_view(&out), 0600, &one)) == 0)
        return 0;
    return diag_pass_on(d, &one);
}

/* ---- comparing ---- */

/* The bytes of the record are asked, as long as it has them: whoever rewrote them may have left the column. */
int
sent_find(struct act *act, int64_t seq, struct act_mark *ret, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag one = diag_init(a);
    struct store_record *r;
    size_t n;
    *ret = (struct act_mark){.seq = -1};
    if (seq < 0)
        return 0;
    if (store_load_records(act->store, seq, 1, a, &r, &n, &one) != 0)
        return diag_pass_on(d, &one);
    if (n == 1 && r->seq == seq)
        *ret = (struct act_mark){.seq = seq,
                                 .leaf = r->is_pruned ? r->leaf : audit_record_leaf(r->rec)};
    return 0;
}

int
sent_compare(struct act *act, const struct sent *s, struct act_mark *ret_found, struct diag *d)
{
    struct act_mark found;
    if (sent_find(act, s->last.seq, &found, d) != 0)
        return -1;
    if (ret_found)
        *ret_found = found;
    if (found.seq == s->last.seq && memcmp(found.leaf.b, s->last.leaf.b, SHA256_SIZE) == 0)
        return 0;
    struct str is =
        found.seq < 0
            ? STR("it is not there now: the end of the log was cut off, or the database is an "
                  "older "
                  "one")
            : arena_fmt(d->arena,
                        "it is %.16s… there now: the log was rewritten, or is another one",
                        sha256_hex(d->arena, &found.leaf).s);
    diag_fail(d, DIAG_VERIFY,
              "the log contradicts what was sent: record %lld was sent as %.16s… at %s, and %.*s; "
              "nothing more is sent until somebody says that this is right (assay audit export "
              "--accept-new-history --reason …)",
              (long long)s->last.seq, sha256_hex(d->arena, &s->last.leaf).s,
              clock_iso(d->arena, s->at).s, STR_ARG(is));
    return diag_at(d, "%.*s", STR_ARG(s->target));
}
