/* Lists of checks by the hash of their bytes; filled and asked by wire.c, one for all parsers of
 * confine.c. */
#include "confine/catalogue.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define ALL_BYTES ((size_t)16 << 20) /* of all lists; they take some four times that in memory */

struct catalogues {
    pthread_mutex_t lock;
    struct catalogue *v[CATALOGUE_MAX]; /* never moved, never changed but for their content hash */
    size_t n, bytes;
};

struct catalogues *
catalogues_new(void)
{
    struct catalogues *c = mem_alloc(sizeof *c);
    pthread_mutex_init(&c->lock, NULL);
    return c;
}

void
catalogues_free(struct catalogues *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->n; i++) {
        arena_free(c->v[i]->arena);
        free(c->v[i]);
    }
    pthread_mutex_destroy(&c->lock);
    free(c);
}

void
catalogues_keys(struct catalogues *c, struct catalogue_keys *ret)
{
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < c->n; i++)
        ret->v[i] = c->v[i]->key;
    ret->n = c->n;
    pthread_mutex_unlock(&c->lock);
}

static struct catalogue *
find_catalogue(const struct catalogues *c, const struct sha256_digest *key)
{
    for (size_t i = 0; i < c->n; i++)
        if (memcmp(&c->v[i]->key, key, sizeof *key) == 0)
            return c->v[i];
    return NULL;
}

struct catalogue *
catalogues_find(struct catalogues *c, const struct sha256_digest *key)
{
    pthread_mutex_lock(&c->lock);
    struct catalogue *found = find_catalogue(c, key);
    pthread_mutex_unlock(&c->lock);
    return found;
}

struct catalogue *
catalogues_keep(struct catalogues *c, const struct catalogue *list)
{
    pthread_mutex_lock(&c->lock);
    struct catalogue *kept = find_catalogue(c, &list->key);
    if (kept) {
        arena_free(list->arena); /* another thread was faster */
    } else if (c->n < CATALOGUE_MAX && c->bytes + list->size <= ALL_BYTES) {
        kept = mem_alloc(sizeof *kept);
        *kept = *list;
        c->v[c->n++] = kept;
        c->bytes += list->size;
    }
    pthread_mutex_unlock(&c->lock);
    return kept;
}

void
catalogues_settle(struct catalogues *c, struct catalogue *list, struct scan *s)
{
    pthread_mutex_lock(&c->lock);
    bool is_it = list->has_content && str_eq(list->policy_id, s->policy.id) &&
                 str_eq(list->policy_version, s->policy.version);
    if (is_it) {
        s->catalogue = list->content;
        s->has_catalogue = true;
    } else {
        scan_settle_catalogue(s);
    }
    if (!list->has_content) {
        list->policy_id = arena_str(list->arena, s->policy.id);
        list->policy_version = arena_str(list->arena, s->policy.version);
        list->content = s->catalogue;
        list->has_content = true;
    }
    pthread_mutex_unlock(&c->lock);
}
