/* Resending of dead letters. Called by `assay audit deadletters --resend`. */
#include "export/deadletter.h"

#include "base/auto.h"
#include "export/courier.h"
#include "export/export.h"

AUTO_DEFINE(struct arena *, arena_free)

struct resent {
    const struct store_letter *letter;
    struct event event;
};

static int
forget(struct act *act, void *ctx, struct diag *d)
{
    const struct resent *r = ctx;
    return store_delete_letter(act->store, r->letter, d) == 0 ? act_append(act, &r->event, 1, d)
                                                              : -1;
}

static int
note_resent(struct courier *k, const struct store_letter *l, struct diag *d)
{
    struct event_change changes[] = {
        cursor_detail("record", l->seq, d->arena),
        {.field = STR("piece"), .old_value = STR(""), .new_value = l->piece}};
    struct resent r = {.letter = l, .event = cursor_event(k->cursor, "export.resend", 3)};
    r.event.changes = changes;
    r.event.n_changes = str_eqc(l->piece, MESSAGES_RECORD) ? 1 : 2;
    return act_transact(k->cursor->act, forget, &r, d);
}

/* 1 = there is nothing to be sent any more. */
static int
resend(struct courier *k, const struct store_letter *l, struct arena *a, struct diag *d)
{
    struct outlet_message m;
    int rc = messages_again(k->cursor->act, k->target, l->seq, l->piece, a, &m, d);
    if (rc != 0)
        return rc;
    return courier_try(k, &m, d) == 0 ? note_resent(k, l, d) : -1;
}

/* The first failure is the one that is told. */
static int
keep_first(const struct diag *why, struct diag *d)
{
    diag_fail(d, why->first.code, "%.*s", STR_ARG(why->first.text));
    return diag_at(d, "%.*s", STR_ARG(why->first.place));
}

/* A letter that is refused again keeps none of the others back; a target that is down does. */
static int
resend_all(struct courier *k, const struct store_letter *l, size_t n, int64_t *ret_n,
           struct diag *d)
{
    int failed = 0;
    bool is_down = false;
    for (size_t i = 0; i < n && !is_down; i++) {
        AUTO(arena_free_auto) struct arena *a = arena_new();
        struct diag why = diag_init(a);
        if (!str_eq(l[i].target, k->target->key))
            continue;
        int rc = resend(k, &l[i], a, &why);
        *ret_n += rc == 0;
        if (rc < 0)
            failed = keep_first(&why, d);
        is_down = rc < 0 && why.first.code != DIAG_CANNOT_WRITE;
    }
    return failed;
}

static int
resend_to(struct act *act, const struct config_export *e, const struct store_letter *l, size_t n,
          int64_t *ret_n, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct target t;
    if (target_find(&act->config, e, a, &t, d) != 0)
        return -1;
    struct cursor c = cursor_loose(act, &t, 0, a);
    struct courier k = courier_new(&t, &c);
    int rc = resend_all(&k, l, n, ret_n, d);
    courier_close(&k);
    return rc;
}

int
deadletter_resend(struct act *act, struct str key, int64_t *ret_n, int64_t *ret_left,
                  struct diag *d)
{
    struct store_letter *l;
    size_t n;
    int failed = 0;
    *ret_n = *ret_left = 0;
    if (store_load_letters(act->store, d->arena, &l, &n, d) != 0)
        return -1;
    for (size_t i = 0; i < act->config.exports.n; i++) {
        const struct config_export *e = &act->config.exports.v[i];
        struct diag why = diag_init(d->arena);
        if ((!key.len || export_find(&act->config, key, d->arena) == e) &&
            resend_to(act, e, l, n, ret_n, &why) != 0)
            failed = keep_first(&why, d);
    }
    *ret_left = (int64_t)n - *ret_n;
    return failed;
}

int
deadletter_load(struct act *act, struct str key, struct arena *a, struct deadletters *ret,
                struct diag *d)
{
    struct store_letter *all;
    size_t n;
    if (store_load_letters(act->store, a, &all, &n, d) != 0)
        return -1;
    *ret = (struct deadletters){.v = all};
    for (size_t i = 0; i < n; i++)
        if (!key.len || str_eq(all[i].target, key))
            all[ret->n++] = all[i];
    return 0;
}
