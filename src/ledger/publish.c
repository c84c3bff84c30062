/* Publication of the audit log as files of c2sp.org/tlog-tiles. Called by cmd_audit.c and, for
 * audit-publish, by schedule.c. */
#include "ledger/publish.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/file.h"
#include "ledger/checkpoint.h"
#include "ledger/log_tree.h"

AUTO_DEFINE(struct arena *, arena_free)
AUTO_DEFINE(DIR *, closedir)

enum { CHUNK = AUDIT_TILE * 100, MAX_NOTE = 1 << 16, ENTRIES = -1 };
#define MAX_BUNDLE ((size_t)AUDIT_TILE * (UINT16_MAX + 2))

struct publishing {
    struct act *act;
    const char *dir;
    struct str note;
    struct audit_checkpoint to, from; /* from.size 0 = nothing is there yet */
    struct audit_edge edge;
    struct publish_summary *sum;
};

/* ---- files ---- */

static struct str
tile_file(const struct publishing *p, int level, int64_t at, size_t n, struct arena *a)
{
    assert(level == ENTRIES || (level >= 0 && level < AUDIT_TILE_LEVELS));
    return file_join(a, p->dir, audit_tile_path(level, at, n, a).s);
}

static int
not_the_log(struct str path, struct diag *d)
{
    diag_fail(d, DIAG_VERIFY,
              "what was published is not what the log has: somebody wrote it, and who reads it is "
              "misled; publish into an empty folder, and keep this one as evidence");
    return diag_at(d, "%s", path.s);
}

/* A file that is there has these bytes. */
static int
check_file(struct str path, struct str bytes, struct diag *d)
{
    struct str is;
    if (!file_exists(path.s))
        return 0;
    if (file_slurp(path.s, MAX_BUNDLE, d->arena, &is, d) != 0)
        return -1;
    return str_eq(is, bytes) ? 0 : not_the_log(path, d);
}

/* Writes a file with its folder. One that is there already was given out, and must be the same. */
static int
put_file(struct publishing *p, struct str path, struct str bytes, struct diag *d)
{
    struct str name = file_base_name(path);
    if (!file_exists(path.s)) {
        assert(path.len > name.len);
        struct str folder = arena_str(d->arena, str_n(path.s, path.len - name.len - 1));
        p->sum->n_files++;
        return file_mkdirs(folder.s, 0755, d) == 0 ? file_write_atomic(path.s, bytes, 0644, d) : -1;
    }
    return check_file(path, bytes, d);
}

/* The folder N.p, which a tile has while it is not full. */
static int
remove_partial(struct publishing *p, int level, int64_t at, struct arena *a, struct diag *d)
{
    const struct dirent *e;
    struct str full = tile_file(p, level, at, AUDIT_TILE, a), folder = arena_fmt(a, "%s.p", full.s);
    AUTO(closedir_auto) DIR *dir = opendir(folder.s);
    while (dir && (e = readdir(dir)))
        if (e->d_name[0] != '.' && unlink(file_join(a, folder.s, e->d_name).s) == 0)
            p->sum->n_removed++;
    if (!dir || rmdir(folder.s) == 0)
        return 0;
    diag_fail(d, DIAG_CANNOT_WRITE, "cannot remove: %s", strerror(errno));
    return diag_at(d, "%s", folder.s);
}

static int
put_tile_file(struct publishing *p, int level, int64_t at, size_t n, struct str bytes,
              struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag one = diag_init(a);
    if (put_file(p, tile_file(p, level, at, n, a), bytes, &one) == 0 &&
        (n < AUDIT_TILE || remove_partial(p, level, at, a, &one) == 0))
        return 0;
    return diag_pass_on(d, &one);
}

/* ---- entries ---- */

/* A length in two bytes, big-endian, and the record, for each; every record must have the hash that
 * was signed. */
static int
encode_entries(const struct audit_tile *t, const struct store_record *r, size_t n, struct buf *out,
               struct diag *d)
{
    assert(n <= t->n);
    for (size_t i = 0; i < n; i++) {
        struct sha256_digest leaf = audit_record_leaf(r[i].rec);
        if (r[i].rec.len > UINT16_MAX || memcmp(leaf.b, t->v[i].b, SHA256_SIZE) != 0)
            return diag_fail(d, DIAG_VERIFY, "record %lld is not the one that was signed",
                             (long long)r[i].seq);
        buf_putc(out, (char)(r[i].rec.len >> 8));
        buf_putc(out, (char)(r[i].rec.len & 255));
        buf_str(out, r[i].rec);
    }
    return 0;
}

/* The records of a full or open tile of leaves, unless they were pruned. */
static int
put_entries(struct publishing *p, const struct audit_tile *t, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    AUTO_BUF out = buf_init(MAX_BUNDLE);
    struct store_record *r;
    size_t n;
    if (store_load_records(p->act->store, t->at * AUDIT_TILE, t->n, a, &r, &n, d) != 0)
        return -1;
    if (n != t->n)
        return diag_fail(d, DIAG_VERIFY, "records are missing behind %lld",
                         (long long)(t->at * AUDIT_TILE));
    assert(n > 0); /* no tile is empty */
    if (r[n - 1].is_pruned)
        return 0; /* and so are all before it: only whole tiles are pruned */
    if (encode_entries(t, r, n, &out, d) != 0)
        return -1;
    return put_tile_file(p, ENTRIES, t->at, t->n, buf_view(&out), d);
}

/* ---- walking ---- */

static int
put_tile(void *ctx, const struct audit_tile *t, struct diag *d)
{
    struct publishing *p = ctx;
    struct str bytes = str_n((const char *)t->v, t->n * sizeof *t->v);
    if (put_tile_file(p, t->level, t->at, t->n, bytes, d) != 0)
        return -1;
    return t->level == 0 ? put_entries(p, t, d) : 0;
}

/* The next n leaves; put gets the tiles that are full with them. */
static int
add_some(struct publishing *p, size_t n, audit_tile_put *put, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct sha256_digest *leaves = ARENA_ARRAY(a, struct sha256_digest, n);
    if (store_load_leaves(p->act->store, (int64_t)p->edge.size, n, leaves, d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (audit_edge_add(&p->edge, &leaves[i], put, p, d) != 0)
            return -1;
    return 0;
}

/* All leaves from what was published on to the checkpoint, whose root must come out. put takes each
 * tile on the way; NULL = nobody does, the records are only looked at. */
static int
walk(struct publishing *p, audit_tile_put *put, struct diag *d)
{
    assert(p->from.size <= p->to.size);
    if (log_tree_edge(p->act, &p->from, &p->edge, d) != 0)
        return -1;
    while ((int64_t)p->edge.size < p->to.size) {
        int64_t left = p->to.size - (int64_t)p->edge.size;
        if (add_some(p, left < CHUNK ? (size_t)left : CHUNK, put, d) != 0)
            return -1;
    }
    struct audit_tree tree = audit_edge_tree(&p->edge);
    struct sha256_digest root = audit_tree_root(&tree);
    if (memcmp(root.b, p->to.root.b, SHA256_SIZE) != 0)
        return diag_fail(d, DIAG_VERIFY, "the records are not those that were signed");
    for (int level = 0; put && level < AUDIT_TILE_LEVELS; level++)
        if (p->edge.open[level].n && put(p, &p->edge.open[level], d) != 0)
            return -1;
    return 0;
}

/* ---- from where to where ---- */

/* The checkpoint in the folder, of size 0 when there is none: it must be of this log, of no more records
 * than the newest one, and its beginning. Otherwise the folder belongs to another history. */
static int
read_published(struct publishing *p, const struct audit_keys *k, struct diag *d)
{
    struct str note, path = file_join(d->arena, p->dir, "checkpoint");
    struct audit_proof proof;
    p->from = (struct audit_checkpoint){.size = 0, .root = sha256_of(STR(""))};
    if (!file_exists(path.s))
        return 0;
    if (file_slurp(path.s, MAX_NOTE, d->arena, &note, d) != 0)
        return -1;
    if (audit_keys_open(k, note, d->arena, &p->from, NULL, d) != 0)
        return diag_at(d, "%s", path.s);
    if (p->from.size > p->to.size)
        diag_fail(d, DIAG_VERIFY, "%lld records are published, the newest checkpoint has %lld",
                  (long long)p->from.size, (long long)p->to.size);
    else if (p->from.size > 0)
        log_tree_prove_extension(p->act, &p->to, &p->from, d->arena, &proof, d);
    return diag_failed(d) ? diag_at(d, "%s", path.s) : 0;
}

/* ---- what is there already ---- */

/* The first n records of a tile of leaves as a bundle; empty when they were pruned. */
static int
encode_first(struct publishing *p, const struct audit_tile *t, size_t n, struct arena *a,
             struct str *ret, struct diag *d)
{
    AUTO_BUF out = buf_init(MAX_BUNDLE);
    struct audit_tile first = *t;
    struct store_record *r;
    size_t got;
    *ret = STR("");
    first.n = n;
    if (store_load_records(p->act->store, t->at * AUDIT_TILE, n, a, &r, &got, d) != 0)
        return -1;
    if (got != n || r[n - 1].is_pruned)
        return 0;
    if (encode_entries(&first, r, n, &out, d) != 0)
        return -1;
    *ret = arena_str(a, buf_view(&out));
    return 0;
}

/* All widths of a tile that is not full, as it was given out while it grew. */
static int
check_partials(struct publishing *p, const struct audit_tile *t, int level, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct str folder = arena_fmt(a, "%s.p", tile_file(p, level, t->at, AUDIT_TILE, a).s);
    const struct dirent *e;
    AUTO(closedir_auto) DIR *dir = opendir(folder.s);
    while (dir && (e = readdir(dir))) {
        struct diag one = diag_init(a);
        struct str path = file_join(a, folder.s, e->d_name), bytes;
        int64_t n;
        if (e->d_name[0] == '.')
            continue;
        if (!str_to_i64(str_c(e->d_name), &n) || n < 1 || n > (int64_t)t->n)
            return not_the_log(arena_str(d->arena, path), d);
        bytes = str_n((const char *)t->v, (size_t)n * sizeof *t->v);
        if ((level == ENTRIES && encode_first(p, t, (size_t)n, a, &bytes, &one) != 0) ||
            (bytes.len && check_file(path, bytes, &one) != 0))
            return diag_pass_on(d, &one);
    }
    return 0;
}

/* A tile of what was published: full ones as they are, the others in every width. The records of full tiles
 * are not read again: they fit the tile or do not, which everybody sees who reads them. */
static int
check_tile(void *ctx, const struct audit_tile *t, struct diag *d)
{
    struct publishing *p = ctx;
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag one = diag_init(a);
    int rc;
    if (t->n < AUDIT_TILE) {
        rc = check_partials(p, t, t->level, &one);
        if (rc == 0 && t->level == 0)
            rc = check_partials(p, t, ENTRIES, &one);
    } else {
        rc = check_file(tile_file(p, t->level, t->at, AUDIT_TILE, a),
                        str_n((const char *)t->v, t->n * sizeof *t->v), &one);
    }
    return rc == 0 ? 0 : diag_pass_on(d, &one);
}

/* The folder as the last publishing left it, from the first leaf on. */
static int
check_published(const struct publishing *p, struct diag *d)
{
    struct publishing old = *p;
    old.to = p->from;
    old.from = (struct audit_checkpoint){.size = 0, .root = sha256_of(STR(""))};
    return p->from.size > 0 ? walk(&old, check_tile, d) : 0;
}

/* ---- what was pruned ---- */

/* The records that have lost their text in the database lose it here. */
static int
remove_pruned(struct publishing *p, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    int64_t kept;
    if (store_first_kept(p->act->store, p->to.size, &kept, d) != 0)
        return -1;
    for (int64_t at = 0; at < kept / AUDIT_TILE; at++) {
        struct str path = tile_file(p, ENTRIES, at, AUDIT_TILE, a);
        if (unlink(path.s) == 0)
            p->sum->n_removed++;
        else if (errno != ENOENT) {
            diag_fail(d, DIAG_CANNOT_WRITE, "cannot remove: %s", strerror(errno));
            return diag_at(d, "%s", path.s);
        }
        if (remove_partial(p, ENTRIES, at, a, d) != 0)
            return -1;
    }
    return 0;
}

/* Replaces a file when it says something else: the list of keys and the checkpoint, nothing but these
 * two is ever replaced. */
static int
replace_file(const struct publishing *p, const char *name, struct str text, struct diag *d)
{
    struct str is, path = file_join(d->arena, p->dir, name);
    if (file_exists(path.s)) {
        if (file_slurp(path.s, MAX_NOTE, d->arena, &is, d) != 0)
            return -1;
        if (str_eq(is, text))
            return 0;
    }
    return file_write_atomic(path.s, text, 0644, d);
}

int
publish_run(struct act *act, const char *dir, struct publish_summary *ret, struct diag *d)
{
    struct publishing p = {.act = act, .dir = dir, .sum = ret};
    struct audit_keys k;
    *ret = (struct publish_summary){.size = 0};
    if (log_keys_load_all(&act->config, d->arena, &k, d) != 0 ||
        checkpoint_load_newest(&act->config, d->arena, &p.note, &p.to, d) != 0 ||
        file_mkdirs(dir, 0755, d) != 0 || read_published(&p, &k, d) != 0 ||
        check_published(&p, d) != 0)
        return -1;
    ret->size = p.to.size;
    bool is_new = p.from.size != p.to.size || p.from.size == 0;
    /* once to look, once to write: nothing is given out that does not lead to the signed root */
    if (is_new && (walk(&p, NULL, d) != 0 || walk(&p, put_tile, d) != 0))
        return -1;
    /* the checkpoint behind all that it speaks of */
    if (replace_file(&p, "vkeys", audit_keys_text(&k, d->arena), d) != 0 ||
        replace_file(&p, "checkpoint", p.note, d) != 0)
        return -1;
    return remove_pruned(&p, d);
}
