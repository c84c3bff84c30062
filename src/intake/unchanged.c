/* The list of files that need not be read again; asked by paths.c for named paths, filled by intake.c. */
#include "intake/unchanged.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/vec.h"

static const char magic[16] = "assay unchanged1";

#define AT_REST_NS ((int64_t)2000000000) /* no file system's clock is coarser */

/* One file, in memory as on disk: the list never leaves its host. */
struct entry {
    struct unchanged_state state;
    struct sha256_digest sha256;
};

_Static_assert(sizeof(struct entry) == 5 * 8 + SHA256_SIZE, "no padding goes to disk");

struct unchanged {
    struct arena *arena;
    const char *path;
    VEC(struct entry) entries;
    struct map *index; /* bytes of (device, inode) -> the latest entry */
    bool is_new;       /* something was noted */
};

/* ---- states ---- */

static int64_t
nanoseconds(struct timespec t)
{
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

struct unchanged_state
unchanged_state(const struct stat *st)
{
    return (struct unchanged_state){.device = st->st_dev,
                                    .inode = st->st_ino,
                                    .size = st->st_size,
                                    .modified = nanoseconds(st->st_mtim),
                                    .changed = nanoseconds(st->st_ctim)};
}

static bool
is_same(const struct unchanged_state *a, const struct unchanged_state *b)
{
    return a->device == b->device && a->inode == b->inode && a->size == b->size &&
           a->modified == b->modified && a->changed == b->changed;
}

bool
unchanged_is_at_rest(const struct unchanged_state *before, const struct unchanged_state *after,
                     int64_t now)
{
    return is_same(before, after) && before->changed <= now - AT_REST_NS &&
           before->modified <= now - AT_REST_NS;
}

/* ---- the list ---- */

static struct str
name_of(const struct unchanged_state *s)
{
    return str_n((const char *)s, offsetof(struct unchanged_state, size));
}

static void
add_entry(struct unchanged *u, const struct entry *e)
{
    size_t at = u->entries.n;
    *VEC_PUSH(u->arena, &u->entries) = *e;
    struct str name = name_of(&e->state);
    map_put_index(u->index, arena_str(u->arena, name), at);
}

/* A list whose hash does not hold was cut off or changed: nothing of it is believed. */
static void
load_list(struct unchanged *u)
{
    struct str bytes;
    struct diag ignored = diag_init(u->arena);
    size_t max = sizeof magic + UNCHANGED_MAX * sizeof(struct entry) + SHA256_SIZE;
    if (file_slurp(u->path, max, u->arena, &bytes, &ignored) != 0 ||
        bytes.len < sizeof magic + SHA256_SIZE || memcmp(bytes.s, magic, sizeof magic) != 0)
        return;
    struct str content = str_n(bytes.s, bytes.len - SHA256_SIZE);
    struct sha256_digest sum = sha256_of(content);
    if (memcmp(sum.b, bytes.s + content.len, SHA256_SIZE) != 0)
        return;
    for (size_t i = sizeof magic; i + sizeof(struct entry) <= content.len;
         i += sizeof(struct entry)) {
        struct entry e;
        memcpy(&e, content.s + i, sizeof e);
        add_entry(u, &e);
    }
}

struct unchanged *
unchanged_open(const char *state_dir)
{
    struct unchanged *u = mem_alloc(sizeof *u);
    u->arena = arena_new();
    u->index = map_new(u->arena);
    u->path = file_join(u->arena, state_dir, "unchanged-files").s;
    load_list(u);
    return u;
}

/* The latest entries of files that are told apart, oldest first. */
static void
put_entries(const struct unchanged *u, struct buf *out)
{
    assert(map_len(u->index) <= u->entries.n);
    size_t n = map_len(u->index), skip = n > UNCHANGED_MAX ? n - UNCHANGED_MAX : 0;
    for (size_t i = 0; i < u->entries.n; i++) {
        const struct entry *e = &u->entries.v[i];
        if (map_get_index(u->index, name_of(&e->state)) != (long)i)
            continue;
        if (skip)
            skip--;
        else
            buf_add(out, e, sizeof *e);
    }
}

/* When two runs end at the same time, the list of the later one stays; what only the other had hashed is
 * hashed again. */
static void
save_list(const struct unchanged *u)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct diag ignored = diag_init(u->arena);
    buf_add(&out, magic, sizeof magic);
    put_entries(u, &out);
    struct sha256_digest sum = sha256_of(buf_view(&out));
    buf_add(&out, sum.b, sizeof sum.b);
    file_write_atomic(u->path, buf_view(&out), 0600, &ignored);
}

void
unchanged_close(struct unchanged *u)
{
    if (!u)
        return;
    if (u->is_new)
        save_list(u);
    arena_free(u->arena);
    free(u);
}

const struct sha256_digest *
unchanged_find(const struct unchanged *u, const struct unchanged_state *s)
{
    long at = map_get_index(u->index, name_of(s));
    return at >= 0 && is_same(&u->entries.v[at].state, s) ? &u->entries.v[at].sha256 : NULL;
}

void
unchanged_note(struct unchanged *u, const struct unchanged_state *s,
               const struct sha256_digest *sha256)
{
    struct entry e = {.state = *s, .sha256 = *sha256};
    add_entry(u, &e);
    u->is_new = true;
}
