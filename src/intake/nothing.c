/* Counting what is not stored; intake.c hands it the files of each batch. */
#include "intake/nothing.h"

#include <assert.h>
#include <stdlib.h>

#include "base/env.h"
#include "base/map.h"
#include "base/mem.h"

enum { MOST_FILES = 100000, MOST_WAIT_S = 300 };

struct nothing {
    struct arena *arena;
    VEC(struct spool_file) files; /* claimed */
    VEC(struct store_contact) contacts;
    struct map *by_name; /* -> index into contacts */
    int64_t n, bytes;
    int64_t since; /* the first came */
};

/* What record_all() writes. */
struct writing {
    struct nothing *n;
    int64_t n_agents; /* of the senders, those that are known */
};

static void
begin(struct nothing *n)
{
    *n = (struct nothing){.arena = arena_new()};
    n->by_name = map_new(n->arena);
}

struct nothing *
nothing_new(void)
{
    struct nothing *n = mem_alloc(sizeof *n);
    begin(n);
    return n;
}

void
nothing_free(struct nothing *n)
{
    if (!n)
        return;
    arena_free(n->arena);
    free(n);
}

/* The time of the file is that of the contact: a spool may have waited. */
static void
note_contact(struct nothing *n, const struct batch_item *it)
{
    int64_t now = env_wall_us() / 1000000, at = it->file.mtime;
    struct str name = it->scans.sender;
    if (!name.len)
        return;
    at = at < 0 || at > now ? now : at;
    long known = map_get_index(n->by_name, name);
    if (known < 0) {
        known = (long)n->contacts.n;
        name = arena_str(n->arena, name);
        map_put_index(n->by_name, name, n->contacts.n);
        *VEC_PUSH(n->arena, &n->contacts) = (struct store_contact){.agent = name, .at = at};
    }
    struct store_contact *c = &n->contacts.v[known];
    c->at = at > c->at ? at : c->at;
    c->is_listed |= it->is_listed;
}

size_t
nothing_take(struct nothing *n, struct spool *s, struct batch *b)
{
    size_t kept = 0, had = b->n;
    for (size_t i = 0; i < b->n; i++) {
        struct batch_item *it = &b->v[i];
        if (!it->is_nothing) {
            b->v[kept++] = *it;
            continue;
        }
        if (n->n == 0)
            n->since = env_mono_ms();
        n->n++;
        n->bytes += it->scans.size;
        note_contact(n, it);
        if (s)
            *VEC_PUSH(n->arena, &n->files) = it->file; /* its names are the spool's */
        batch_drop_item(it);
    }
    b->n = kept;
    return had - kept;
}

bool
nothing_is_due(const struct nothing *n, bool is_watch)
{
    return n->files.n >= MOST_FILES ||
           (is_watch && n->n && env_mono_ms() - n->since >= MOST_WAIT_S * 1000);
}

static int
record_all(struct act *act, void *ctx, struct diag *d)
{
    struct writing *w = ctx;
    struct nothing *n = w->n;
    struct event_change c[3];
    int64_t values[] = {n->n, n->bytes, 0};
    static const char *const fields[] = {"files", "bytes", "agents"};
    if (store_put_contacts(act->store, n->contacts.v, n->contacts.n, &w->n_agents, d) != 0)
        return -1;
    values[2] = w->n_agents;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++)
        c[i] =
            (struct event_change){.field = str_c(fields[i]),
                                  .old_value = STR(""),
                                  .new_value = arena_fmt(d->arena, "%lld", (long long)values[i])};
    struct event e = {.name = "ingest.nothing",
                      .outcome = EVENT_SUCCESS,
                      .severity = 1,
                      .object_type = STR("host"),
                      .object_id = str_c(env_host()),
                      .object_name = str_c(env_host()),
                      .reason = STR(""),
                      .changes = c,
                      .n_changes = sizeof c / sizeof *c};
    return act_append(act, &e, 1, d);
}

static void
forget(struct nothing *n)
{
    arena_free(n->arena);
    begin(n);
}

int
nothing_settle(struct nothing *n, struct act *act, struct spool *s, struct diag *d)
{
    struct writing w = {.n = n};
    bool remove = act->config.spool_nothing == NOTHING_REMOVE;
    assert(s || n->files.n == 0);
    if (n->n == 0)
        return 0;
    if (act->dry_run || act_transact(act, record_all, &w, d) != 0) {
        nothing_release(n, s);
        return act->dry_run ? 0 : -1;
    }
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < n->files.n; i++)
        rc = spool_done(s, &n->files.v[i], remove, d);
    forget(n);
    return rc;
}

void
nothing_release(struct nothing *n, struct spool *s)
{
    struct arena *a = arena_new();
    struct diag ignored = diag_init(a);
    for (size_t i = 0; s && i < n->files.n; i++)
        spool_release(s, &n->files.v[i], &ignored);
    arena_free(a);
    forget(n);
}
