/* Objects -> bytes, in a thread: deflating takes a quarter of the time of a long list. file.c
 * comes before; what leaves here is the file. */
#include "render/pdf/out.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include <zlib.h>

#include "base/mem.h"

enum {
    SLOTS = 16, /* objects that may wait */
    LEVEL = 4,  /* of deflate: 6 takes half as long again for some percent */
};

struct slot { /* an object that waits; its buffers are used again */
    uint32_t id;
    enum pdf_out_kind kind;
    struct buf entries, bytes;
};

struct pdf_out {
    /* the writer's: the thread's while it runs */
    z_stream z;
    struct buf file, deflated;
    struct sha256 *hash;
    struct pdf_out_place *places;
    size_t n_places, cap;
    bool bad;
    /* shared, under the lock */
    pthread_mutex_t lock;
    pthread_cond_t changed; /* one side waits at most: the ring is not full and empty at once */
    size_t n_put, n_written;
    bool last;                /* nothing more will come */
    struct slot slots[SLOTS]; /* n_written .. n_put - 1 are the writer's, the others the caller's */
    /* the caller's */
    pthread_t thread;
    bool tried, running;
};

/* ---- writing ---- */

/* The bytes deflated; valid until the next call. */
static struct str
deflated(struct pdf_out *o, struct str bytes)
{
    z_stream *z = &o->z;
    int rc = deflateReset(z);
    assert(rc == Z_OK && bytes.len < UINT32_MAX);
    buf_cut(&o->deflated, 0);
    size_t room = deflateBound(z, bytes.len);
    char *p = buf_room(&o->deflated, room);
    if (!p)
        return STR("");
    /* zlib's own types have no const */
    z->next_in = (Bytef *)(uintptr_t)bytes.s;
    z->avail_in = (uInt)bytes.len;
    z->next_out = (Bytef *)p;
    z->avail_out = (uInt)room;
    rc = deflate(z, Z_FINISH);
    assert(rc == Z_STREAM_END); /* deflateBound gave room for all */
    buf_grew(&o->deflated, room - z->avail_out);
    return buf_view(&o->deflated);
}

static void
note_place(struct pdf_out *o, uint32_t id)
{
    if (o->n_places == o->cap) {
        o->cap = o->cap ? 2 * o->cap : 256;
        o->places = mem_realloc(o->places, o->cap * sizeof *o->places);
    }
    o->places[o->n_places++] = (struct pdf_out_place){.id = id, .at = o->file.len};
}

static void
write_one(struct pdf_out *o, const struct slot *s)
{
    struct str bytes = buf_view(&s->bytes);
    size_t from = o->file.len;
    note_place(o, s->id);
    buf_num(&o->file, s->id);
    buf_puts(&o->file, " 0 obj\n");
    if (s->kind == PDF_OUT_PLAIN) {
        buf_str(&o->file, bytes);
    } else {
        if (s->kind == PDF_OUT_DEFLATED)
            bytes = deflated(o, bytes);
        buf_fmt(&o->file, "<</Length %zu%s", bytes.len,
                s->kind == PDF_OUT_DEFLATED ? "/Filter/FlateDecode" : "");
        buf_str(&o->file, buf_view(&s->entries));
        buf_puts(&o->file, ">>stream\n");
        buf_str(&o->file, bytes);
        buf_puts(&o->file, "\nendstream");
    }
    buf_puts(&o->file, "\nendobj\n");
    if (o->hash)
        sha256_add(o->hash, o->file.data + from, o->file.len - from);
    o->bad = o->bad || buf_bad(&o->file) || buf_bad(&o->deflated) || buf_bad(&s->bytes);
}

/* ---- the thread ---- */

/* The next object to write; NULL when there will be none. */
static const struct slot *
next_slot(struct pdf_out *o)
{
    pthread_mutex_lock(&o->lock);
    while (o->n_written == o->n_put && !o->last)
        pthread_cond_wait(&o->changed, &o->lock);
    bool any = o->n_written < o->n_put;
    pthread_mutex_unlock(&o->lock);
    return any ? &o->slots[o->n_written % SLOTS] : NULL;
}

static void
give_back(struct pdf_out *o)
{
    pthread_mutex_lock(&o->lock);
    o->n_written++;
    pthread_cond_signal(&o->changed);
    pthread_mutex_unlock(&o->lock);
}

static void *
write_slots(void *arg)
{
    struct pdf_out *o = arg;
    for (const struct slot *s; (s = next_slot(o));) {
        write_one(o, s);
        give_back(o);
    }
    return NULL;
}

/* Signals are for the thread that knows what to do about them. */
static void
start(struct pdf_out *o)
{
    sigset_t all, before;
    o->tried = true;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    o->running = pthread_create(&o->thread, NULL, write_slots, o) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void
pdf_out_wait(struct pdf_out *o)
{
    o->tried = true; /* what comes now is not worth a thread */
    if (!o->running)
        return;
    pthread_mutex_lock(&o->lock);
    o->last = true;
    pthread_cond_signal(&o->changed);
    pthread_mutex_unlock(&o->lock);
    pthread_join(o->thread, NULL);
    o->running = false;
    assert(o->n_written == o->n_put);
}

/* ---- the caller's side ---- */

struct pdf_out *
pdf_out_new(const char *head, size_t max, struct diag *d)
{
    struct pdf_out *o = mem_alloc(sizeof *o);
    if (deflateInit(&o->z, LEVEL) != Z_OK) {
        free(o);
        diag_fail(d, DIAG_INTERNAL, "zlib cannot start to compress");
        return NULL;
    }
    o->file = buf_init(max);
    o->deflated = buf_init(max);
    o->hash = sha256_new();
    pthread_mutex_init(&o->lock, NULL);
    pthread_cond_init(&o->changed, NULL);
    for (int i = 0; i < SLOTS; i++) {
        o->slots[i].entries = buf_init(max);
        o->slots[i].bytes = buf_init(max);
    }
    buf_puts(&o->file, head);
    return o;
}

void
pdf_out_free(struct pdf_out *o)
{
    if (!o)
        return;
    pdf_out_wait(o);
    for (int i = 0; i < SLOTS; i++) {
        buf_done(&o->slots[i].entries);
        buf_done(&o->slots[i].bytes);
    }
    pthread_cond_destroy(&o->changed);
    pthread_mutex_destroy(&o->lock);
    sha256_drop(o->hash);
    deflateEnd(&o->z);
    buf_done(&o->file);
    buf_done(&o->deflated);
    free(o->places);
    free(o);
}

/* A slot that may be filled; waits until there is one. */
static struct slot *
free_slot(struct pdf_out *o)
{
    pthread_mutex_lock(&o->lock);
    while (o->n_put - o->n_written == SLOTS)
        pthread_cond_wait(&o->changed, &o->lock);
    pthread_mutex_unlock(&o->lock);
    return &o->slots[o->n_put % SLOTS];
}

static void
hand_over(struct pdf_out *o)
{
    pthread_mutex_lock(&o->lock);
    o->n_put++;
    pthread_cond_signal(&o->changed);
    pthread_mutex_unlock(&o->lock);
}

void
pdf_out_put(struct pdf_out *o, uint32_t id, enum pdf_out_kind kind, struct str entries,
            struct str bytes)
{
    if (!o->tried)
        start(o);
    struct slot *s = free_slot(o);
    s->id = id;
    s->kind = kind;
    buf_cut(&s->entries, 0);
    buf_cut(&s->bytes, 0);
    buf_str(&s->entries, entries);
    buf_str(&s->bytes, bytes);
    hand_over(o);
    if (!o->running) {
        write_one(o, s);
        give_back(o);
    }
}

struct buf *
pdf_out_bytes(struct pdf_out *o)
{
    assert(!o->running);
    return &o->file;
}

const struct pdf_out_place *
pdf_out_places(const struct pdf_out *o, size_t *ret_n)
{
    assert(!o->running);
    *ret_n = o->n_places;
    return o->places;
}

struct sha256_digest
pdf_out_hash(struct pdf_out *o)
{
    assert(!o->running && o->hash);
    struct sha256 *h = o->hash;
    o->hash = NULL;
    return sha256_final(h);
}

bool
pdf_out_bad(const struct pdf_out *o)
{
    assert(!o->running);
    return o->bad || buf_bad(&o->file);
}
