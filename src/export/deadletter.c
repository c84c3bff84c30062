/* Resending of dead letters. Called by `assay audit deadletters --resend`. */
#include "export/deadletter.h"

#include <assert.h>

#include "base/auto.h"
#include "export/attempt.h"
#include "export/export.h"

AUTO_DEFINE(struct arena *, arena_free)

struct resent {
    const struct store_letter *letter;
    struct event event;
};

/* The letter goes with the record that says why. */
static int
deadletter_forget(struct act *act, void *ctx, struct diag *d)
{
    const struct resent *r = ctx;
    return store_delete_letter(act->store, r->letter, d) == 0 ? act_append(act, &r->event, 1, d)
                                                              : -1;
}

static int
deadletter_note_arrival(const struct cursor *c, const struct store_letter *l, struct diag *d)
{
    struct event_change changes[] = {
        cursor_detail("record", l->seq, d->arena),
        {.field = STR("piece"), .old_value = STR(""), .new_value = l->piece}};
    struct resent r = {.letter = l, .event = cursor_event(c, "export.resend", 3)};
    r.event.changes = changes;
    r.event.n_changes = messages_is_record(l->piece) ? 1 : 2;
    return act_transact(c->act, deadletter_forget, &r, d);
}

/* Sends one, and forgets it when it arrived; ATTEMPT_NOTHING = there is nothing to send any more. */
static enum attempt_answer
deadletter_try(struct attempt *t, const struct store_letter *l, struct arena *a, struct diag *d)
{
    struct outlet_message m;
    switch (messages_again(t->cursor->act, t->target, l->seq, l->piece, a, &m, d)) {
    case MESSAGES_GONE:
        return ATTEMPT_NOTHING;
    case MESSAGES_FAILED:
        return ATTEMPT_FAILED;
    default:
        break;
    }
    enum attempt_answer said = attempt_one(t, &m, d);
    return said == ATTEMPT_TAKEN && deadletter_note_arrival(t->cursor, l, d) != 0 ? ATTEMPT_FAILED
                                                                                  : said;
}

/* All n letters that are of this target. One that is refused again keeps none of the others back; a
 * target that takes nothing at the moment does. The first failure is the one that is told. */
static int
deadletter_resend_to(struct act *act, const struct config_export *e, const struct store_letter *l,
                     size_t n, int64_t *ret_n, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct target t;
    if (target_find(&act->config, e, a, &t, d) != 0)
        return -1;
    struct cursor c = cursor_loose(act, &t, 0, a);
    struct attempt attempt = {.target = &t, .cursor = &c};
    bool is_down = false;
    int failed = 0;
    for (size_t i = 0; i < n && !is_down; i++) {
        AUTO(arena_free_auto) struct arena *one = arena_new();
        struct diag why = diag_init(one);
        if (!str_eq(l[i].target, t.key))
            continue;
        enum attempt_answer said = deadletter_try(&attempt, &l[i], one, &why);
        *ret_n += said == ATTEMPT_TAKEN;
        is_down = said != ATTEMPT_TAKEN && said != ATTEMPT_NOTHING && said != ATTEMPT_REFUSED;
        if (diag_failed(&why))
            failed = diag_pass_on(d, &why);
    }
    target_close(&t);
    return failed;
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
            deadletter_resend_to(act, e, l, n, ret_n, &why) != 0)
            failed = diag_pass_on(d, &why);
    }
    *ret_left = (int64_t)n - *ret_n;
    assert(*ret_left >= 0);
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
