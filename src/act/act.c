/* Opening, transactions that are tried again, and the audit records of what was done in them; every job
 * goes through here. */
#include "act/act.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "act/actor.h"
#include "act/tell.h"
#include "base/auto.h"
#include "base/env.h"
#include "base/file.h"
#include "base/mem.h"
#include "settings/secret.h"

AUTO_DEFINE(struct arena *, arena_free)

enum { MAX_TRIES = 8, ASK_AGAIN_US = 250000 };

static void (*tell_wait)(const char *text);

void
act_tell(void (*tell)(const char *text))
{
    tell_wait = tell;
}

static const char *
or_null(struct str s)
{
    return s.len ? s.s : NULL;
}

/* Opening the embedded server makes it. Only init shall: who asks where there is nothing has the wrong settings, or the
 * wrong account. */
static int
check_embedded(const struct config *c, struct diag *d)
{
    const char *dir = file_join(d->arena, c->state_dir.s, "db").s;
    if (c->option_file.len || access(dir, F_OK) == 0)
        return 0;
    if (errno == ENOENT || errno == ENOTDIR)
        diag_fail(d, DIAG_SCHEMA, "no database here; assay init makes one (settings: %s)",
                  c->path.len ? c->path.s : "none were read, ASSAY_CONFIG or --config names them");
    else
        diag_fail(d, DIAG_CONFIG, "%s cannot reach the database: %s", env_user(), strerror(errno));
    return diag_at(d, "%s", dir);
}

/* Called by the store for each connection that it makes. */
static int
load_password(const void *of, struct arena *a, struct str *ret, struct diag *d)
{
    const struct config *c = of;
    return secret_load(c, c->database_password_file, "database-password-file", a, ret, d);
}

int
act_open(const struct config *c, bool want_schema, struct act **ret, struct diag *d)
{
    assert(c->state_dir.len > 0 && c->origin.len > 0);
    if (want_schema && check_embedded(c, d) != 0)
        return -1;
    struct arena *a = arena_new();
    struct act *act = ARENA_NEW(a, struct act);
    act->arena = a;
    act->config = *c;
    act->actor = actor_of_process(c, a);
    struct store_config sc = {.option_file = or_null(c->option_file),
                              .state_dir = c->state_dir.s,
                              .database = or_null(c->database),
                              .wait_s =
                                  c->waits_for_ever ? STORE_WAIT_FOR_EVER : c->database_wait_s,
                              .load_password = c->database_password_file.len ? load_password : NULL,
                              .of = &act->config,
                              .tell = tell_wait};
    if (store_open(&sc, &act->store, d) != 0 ||
        (want_schema && store_check_schema(act->store, d) != 0)) {
        act_close(act);
        return -1;
    }
    *ret = act;
    return 0;
}

void
act_close(struct act *act)
{
    if (!act)
        return;
    store_close(act->store);
    arena_free(act->arena);
}

struct str
act_server(const struct act *act, struct arena *a)
{
    return store_server(act->store, a);
}

const char *
act_client(void)
{
    return store_client();
}

struct str
act_transport(const struct act *act, struct arena *a)
{
    return store_transport(act->store, a);
}

int
act_advise(struct act *act, struct arena *a, struct store_advice *ret, struct diag *d)
{
    return store_advise(act->store, a, ret, d);
}

/* The records of events, chained from the head on. */
static struct store_record *
chain_records(struct act *act, const struct event *events, size_t n, int64_t seq,
              struct sha256_digest prev, struct arena *a)
{
    assert(n > 0);
    struct store_record *v = ARENA_ARRAY(a, struct store_record, n);
    for (size_t i = 0; i < n; i++) {
        struct store_record *r = &v[i];
        *r = (struct store_record){.seq = seq + (int64_t)i,
                                   .ts_us = env_wall_us(),
                                   .event = str_c(events[i].name),
                                   .object_type = audit_record_text(events[i].object_type, a),
                                   .object_id = audit_record_text(events[i].object_id, a),
                                   .outcome = (int)events[i].outcome};
        audit_record_build(r->seq, i ? &v[i - 1].leaf : &prev, r->ts_us, &act->actor, &events[i], a,
                           &r->rec, &r->leaf);
    }
    return v;
}

/* The rows first, so that the log, which all share, is locked for as short as can be. */
static int
append(struct act *act, const struct event *events, size_t n, struct arena *a, struct diag *d)
{
    struct store *st = act->store;
    struct sha256_digest prev;
    struct fact *facts;
    struct tell_plan plan;
    struct str state;
    int64_t seq;
    size_t n_facts;
    if (store_settle_facts(st, d) != 0 || store_lock_audit_head(st, &seq, &prev, d) != 0 ||
        store_pick_facts(st, seq, &prev, &facts, &n_facts, d) != 0)
        return -1;
    /* behind the lock: number and hash of the newest record stay what they are until COMMIT */
    tell_plan(events, n, facts, n_facts, seq, a, &plan);
    int64_t last = seq + (int64_t)plan.events.n - 1;
    if (store_put_facts(st, facts, n_facts, last, a, &state, d) != 0)
        return -1;
    tell_state(&plan, state, a);
    const struct store_record *v = chain_records(act, plan.events.v, plan.events.n, seq, prev, a);
    act->appended = (struct act_mark){.seq = last, .leaf = v[plan.events.n - 1].leaf};
    if (store_put_records(st, v, plan.events.n, d) != 0)
        return -1;
    store_facts_moved(st, last + 1, &act->appended.leaf);
    return 0;
}

int
act_append(struct act *act, const struct event *events, size_t n, struct diag *d)
{
    assert(events || n == 0);
    if (n == 0) /* nothing is told, so nothing may have changed */
        return store_has_facts(act->store) ? store_settle_facts(act->store, d) : 0;
    AUTO(arena_free_auto) struct arena *a = arena_new();
    return append(act, events, n, a, d);
}

/* ---- one transaction, and what became of its COMMIT ---- */

/* COMMITs whose answer was lost: the last record of each try. All of them are looked for, not only the
 * newest: a node of a cluster that lags behind knows of one later than the server that took it. */
struct doubts {
    struct act_mark v[MAX_TRIES];
    size_t n;
};

enum outcome { NOT_DONE, DONE, NOT_KNOWN };

static enum outcome
look_for(struct act *act, const struct doubts *doubts, struct diag *d)
{
    int64_t size;
    struct sha256_digest last, leaf;
    /* behind the lock: a COMMIT that is still under way holds it until it is done or given up */
    if (store_lock_audit_head(act->store, &size, &last, d) != 0)
        return NOT_KNOWN;
    for (size_t i = 0; i < doubts->n; i++) {
        const struct act_mark *m = &doubts->v[i];
        if (m->seq >= size)
            continue;
        if (store_load_leaves(act->store, m->seq, 1, &leaf, d) != 0)
            return NOT_KNOWN;
        if (memcmp(leaf.b, m->leaf.b, SHA256_SIZE) == 0)
            return DONE;
    }
    return NOT_DONE;
}

/* Asks the log whether one of the COMMITs was carried out, and again while nobody answers. */
static enum outcome
ask_for_outcome(struct act *act, const struct doubts *doubts, struct diag *d)
{
    int64_t since = env_mono_ms();
    struct store_outage away = {0};
    assert(doubts->n > 0);
    for (;;) {
        struct diag look = diag_init(d->arena);
        enum outcome o = NOT_KNOWN;
        if (store_begin(act->store, &look) == 0)
            o = look_for(act, doubts, &look);
        store_rollback(act->store);
        if (o != NOT_KNOWN)
            return o;
        /* who waited in vain for a connection has waited enough */
        if (look.first.code != DIAG_UNAVAILABLE && store_outlast(act->store, &away, &look))
            continue;
        if (env_mono_ms() - since >= ACT_ASK_S * 1000LL) {
            diag_clear(d);
            diag_fail(
                d, DIAG_UNAVAILABLE,
                "the answer to COMMIT was lost, and the database could not be asked within %lld "
                "seconds: it is not known whether this was done; the next run finds out by "
                "itself (%s)",
                (long long)(env_mono_ms() - since) / 1000, diag_text(&look).s);
            return NOT_KNOWN;
        }
        usleep(ASK_AGAIN_US);
    }
}

/* One try; -1 with DIAG_RETRY or DIAG_LOST when another may succeed. */
static int
transact_once(struct act *act, int (*body)(struct act *, void *, struct diag *), void *ctx,
              struct diag *d)
{
    act->appended.seq = -1;
    int rc = store_begin(act->store, d) == 0 ? body(act, ctx, d) : -1;
    assert(rc != 0 || !store_has_facts(act->store)); /* what was changed stands in a record */
    if (rc == 0 && store_commit(act->store, d) == 0)
        return 0;
    store_rollback(act->store);
    return -1;
}

/* What has no record is the same when it is done twice (cursors, times of the last run). */
int
act_transact(struct act *act, int (*body)(struct act *act, void *ctx, struct diag *d), void *ctx,
             struct diag *d)
{
    struct doubts doubts = {0};
    struct store_outage away = {0};
    /* an older failure would be taken for the body's, and rows that are sent together left out */
    assert(body && !diag_failed(d));
    for (int try = 1; transact_once(act, body, ctx, d) != 0;) {
        if (store_is_commit_in_doubt(act->store) && act->appended.seq >= 0)
            doubts.v[doubts.n++] = act->appended;
        enum outcome o = doubts.n ? ask_for_outcome(act, &doubts, d) : NOT_DONE;
        if (o == DONE)
            diag_clear(d);
        if (o != NOT_DONE)
            return o == DONE ? 0 : -1;
        bool is_lost = d->first.code == DIAG_LOST;
        if (!diag_may_pass(d) || doubts.n == MAX_TRIES ||
            (is_lost ? !store_outlast(act->store, &away, d) : try++ == MAX_TRIES))
            return -1;
        diag_clear(d);
        if (is_lost)
            continue;
        /* longer each time, and not in step with whoever is in the way */
        usleep((useconds_t)(1000 * try * try + (int)(env_random_id() % 5000)));
    }
    return 0;
}

struct event_list {
    const struct event *events;
    size_t n;
};

static int
append_list(struct act *act, void *ctx, struct diag *d)
{
    const struct event_list *l = ctx;
    return act_append(act, l->events, l->n, d);
}

int
act_record(struct act *act, const struct event *events, size_t n, struct diag *d)
{
    struct event_list l = {events, n};
    return act_transact(act, append_list, &l, d);
}
