/* Every way through the table of decisions, gone by the real courier over a real database: a target
 * answers as the way says, and what was sent in which order, what the cursor stands at, and which
 * letter was written is compared with the end of the way. */
#include "bench.h"
#include "export/decision.h"

enum { MOST_STEPS = 20 };

struct world { /* where the message in question stands, and what the target has already */
    const char *name;
    struct message_place at;
    int64_t end;
    size_t n;          /* messages from there to the end */
    struct str ids[2]; /* of them */
    bool has_another;  /* the target has something already */
    bool has_reduced;  /* the message has a reduced form */
    enum config_send send;
};

struct scripted { /* one answer, and what it is given to */
    enum decision_step step;
    enum attempt_answer said;
};

static struct way {
    const struct world *world;
    struct scripted steps[MOST_STEPS];
    size_t n, at;
    size_t n_arrive; /* of several, before one is refused */
    struct str id;   /* of the message in question */
    bool repeats;    /* the last answer may be given again: a target is asked for several others */
    size_t n_odd;    /* what was sent that the way has not */
} way;

static int n_ways, n_cells[STEP__SENT][ATTEMPT__ANSWERS];

/* ---- the target ---- */

/* Steps of which nothing goes out are none of the target's. */
static struct scripted *
next_step(void)
{
    while (way.at < way.n && way.steps[way.at].said == ATTEMPT_NOTHING)
        way.at++;
    return way.at < way.n ? &way.steps[way.at] : NULL;
}

static int
way_open(struct str peer, const struct outlet_options *o, void **ret, struct diag *d)
{
    (void)peer, (void)o;
    struct scripted *s = next_step();
    if (s && s->said == ATTEMPT_ABSENT) {
        way.at++;
        return diag_fail(d, DIAG_UNAVAILABLE, "nobody there");
    }
    *ret = &way;
    return 0;
}

static enum decision_form
form_of(const struct outlet_message *m)
{
    if (!str_eq(m->id, way.id))
        return FORM_ANOTHER;
    return m->is_reduced ? FORM_REDUCED : FORM_WHOLE;
}

static int
way_send(void *self, const struct outlet_message *m, size_t n, size_t *ret_n, struct diag *d)
{
    struct scripted *s = next_step();
    (void)self;
    *ret_n = 0;
    if (way.repeats && (!s || form_of(m) == FORM_ANOTHER))
        return diag_fail(d, DIAG_CANNOT_WRITE, "nor that");
    way.repeats = false;
    if (!s) { /* the way is at its end: what comes behind it is taken */
        *ret_n = n;
        return 0;
    }
    way.n_odd += form_of(&m[s->step == STEP_SEVERAL ? way.n_arrive : 0]) != decision_form(s->step);
    way.n_odd += n != (s->step == STEP_SEVERAL ? 2 : 1);
    way.at++;
    switch (s->said) {
    case ATTEMPT_TAKEN:
        *ret_n = n;
        return 0;
    case ATTEMPT_REFUSED:
        *ret_n = s->step == STEP_SEVERAL ? way.n_arrive : 0;
        way.repeats = decision_form(s->step) == FORM_ANOTHER;
        return diag_fail(d, DIAG_CANNOT_WRITE, "not that");
    case ATTEMPT_LATER:
        return diag_fail(d, DIAG_CONFIG, "the token is not taken");
    default:
        return diag_fail(d, DIAG_UNAVAILABLE, "the peer hung up");
    }
}

static void
way_close(void *self)
{
    (void)self;
}

static const struct outlet way_outlet = {
    .scheme = "fake", .open = way_open, .send = way_send, .close = way_close};

/* ---- one way ---- */

static struct bench bench;

static int
forget_letter(struct act *act, void *ctx, struct diag *d)
{
    return store_delete_letter(act->store, ctx, d);
}

/* The state of the only letter, which is forgotten; empty = there is none. */
static struct str
take_letter(void)
{
    struct diag d = diag_init(a);
    struct store_letter *v;
    size_t n;
    CHECK(store_load_letters(bench_session->store, a, &v, &n, &d) == 0 && n <= 1);
    if (n == 0)
        return STR("");
    CHECK(act_transact(bench_session, forget_letter, v, &d) == 0);
    return v->state;
}

static void
print_way(const struct decision_case *begin, enum decision_step end)
{
    fprintf(stderr, "  %s, attempts %lld, deaths %lld:", way.world->name,
            (long long)begin->attempts, (long long)begin->deaths);
    for (size_t i = 0; i < way.n; i++)
        fprintf(stderr, " %s: %s,", decision_word(way.steps[i].step),
                decision_answer_word(way.steps[i].said));
    fprintf(stderr, " and then %s\n", decision_word(end));
}

static void
go(const struct decision_case *begin, const struct decision_case *then, enum decision_step end)
{
    const struct world *w = way.world;
    struct diag d = diag_init(a);
    int failed_before = check_failed;
    bool waits = end == STEP_WAIT || end == STEP_TAKES_NOTHING;
    way.at = way.n_odd = 0;
    way.id = w->ids[way.n_arrive];
    way.repeats = false;
    bench.e.send = w->send;
    bench.c.at.seq = bench.c.at.told_seq = w->at.seq;
    bench.c.at.piece = w->at.piece;
    bench.c.at.attempts = begin->attempts;
    bench.c.at.deaths = begin->deaths;
    bench.k = courier_new(&bench.t, &bench.c);
    CHECK((courier_run(&bench.k, w->end, &d) != 0) == waits);
    CHECK(diag_failed(&d) == waits);
    CHECK(next_step() == NULL && way.n_odd == 0);
    if (!waits &&
        bench.c.at.seq < w->end) /* behind a result with a letter: no more of the record */
        CHECK(courier_run(&bench.k, w->end, &d) == 0);
    if (waits)
        CHECK(bench.c.at.seq == w->at.seq + (int64_t)way.n_arrive &&
              bench.c.at.deaths == then->deaths);
    else
        CHECK(bench.c.at.seq == w->end && bench.c.at.deaths == 0);
    CHECK_STR(take_letter(), end == STEP_SHORTENED     ? "reduced"
                             : end == STEP_DEAD_LETTER ? "refused"
                                                       : "");
    courier_close(&bench.k);
    n_ways++;
    for (size_t i = 0; i < way.n; i++)
        n_cells[way.steps[i].step][way.steps[i].said]++;
    if (check_failed > failed_before)
        print_way(begin, end);
}

/* Whether a target can answer so there. A session stays open behind what was taken: it cannot be
 * absent then. */
static bool
is_possible(enum decision_step step, enum attempt_answer said)
{
    const struct world *w = way.world;
    enum decision_form form = decision_form(step);
    bool is_there = form == FORM_ANOTHER   ? w->has_another
                    : form == FORM_REDUCED ? w->has_reduced
                                           : true;
    if ((said == ATTEMPT_NOTHING) == is_there)
        return false;
    size_t i = way.n;
    while (i > 0 && way.steps[i - 1].said == ATTEMPT_NOTHING)
        i--;
    return said != ATTEMPT_ABSENT || i == 0 || way.steps[i - 1].said != ATTEMPT_TAKEN;
}

static void
walk(enum decision_step step, const struct decision_case *begin, struct decision_case c)
{
    size_t n = way.n, n_arrive = way.n_arrive;
    CHECK(n < MOST_STEPS);
    for (int said = 0; n < MOST_STEPS && said < ATTEMPT__ANSWERS; said++) {
        if (!is_possible(step, (enum attempt_answer)said))
            continue;
        size_t variants = step == STEP_SEVERAL && said == ATTEMPT_REFUSED ? 2 : 1;
        for (size_t arrived = 0; arrived < variants; arrived++) {
            struct decision_case now = c, then = c;
            way.n_arrive = n_arrive + arrived;
            now.n = c.n - arrived;
            struct decision next = decision_next(step, (enum attempt_answer)said, &now);
            then.n = now.n;
            then.deaths =
                next.deaths == DEATHS_NONE ? 0 : c.deaths + (next.deaths == DEATHS_ONE_MORE);
            way.steps[n] = (struct scripted){step, (enum attempt_answer)said};
            way.n = n + 1;
            if (next.next >= STEP__SENT)
                go(begin, &then, next.next);
            else
                walk(next.next, begin, then);
            way.n = n;
            way.n_arrive = n_arrive;
        }
    }
}

static void
test_world(const struct world *w)
{
    static const int64_t attempts[] = {0, 2, 8}, deaths[] = {0, 1, 3, 4};
    int before = n_ways;
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++)
        for (size_t k = 0; k < sizeof deaths / sizeof *deaths; k++) {
            struct decision_case c = {.n = w->n, .attempts = attempts[i], .deaths = deaths[k]};
            if ((w->n > 1 && c.attempts > 0) || (c.attempts == 0 && c.deaths > 0))
                continue; /* suspects go alone; no death is counted before a failure */
            way = (struct way){.world = w};
            walk(decision_begin(&c), &c, c);
        }
    printf("%s: %d ways\n", w->name, n_ways - before);
}

/* ---- the worlds ---- */

/* What a target gets from there to the end. */
static struct message_batch
load(const struct world *w)
{
    struct diag d = diag_init(a);
    struct message_walk none = {.a = NULL};
    struct message_batch b;
    bench.e.send = w->send;
    CHECK(messages_load(bench_session, &bench.t, w->at, w->end, 9, &none, a, &b, &d) == 0);
    messages_forget(&none);
    return b;
}

/* Every cell was entered that can be: a session that is open cannot be absent, something whole is
 * always there to send, and what is behind an answer of the reduced form has one. */
static void
check_cells(void)
{
    for (int s = 0; s < STEP__SENT; s++)
        for (int said = 0; said < ATTEMPT__ANSWERS; said++) {
            bool is_behind_taken =
                s == STEP_AGAIN || s == STEP_AGAIN_NOW || s == STEP_BEHIND || s == STEP_LAST;
            bool can_be = s != STEP_PLAIN;
            if (said == ATTEMPT_ABSENT)
                can_be = can_be && !is_behind_taken;
            if (said == ATTEMPT_NOTHING)
                can_be =
                    can_be && decision_form((enum decision_step)s) != FORM_WHOLE && s != STEP_FIRST;
            if ((n_cells[s][said] > 0) != can_be)
                fprintf(stderr, "  %s: %s: %d times\n", decision_word((enum decision_step)s),
                        decision_answer_word((enum attempt_answer)said), n_cells[s][said]);
            CHECK((n_cells[s][said] > 0) == can_be);
        }
}

int
main(void)
{
    int status = bench_start();
    if (status)
        return status;
    bench_append(8, "test.event");
    int64_t scan = bench_put_scan("one", 1);
    bench_prepare(&bench, "ways");
    bench.t.outlet = &way_outlet;
    struct world worlds[] = {
        {.name = "one record", .at.seq = 5, .n = 1, .has_another = true, .has_reduced = true},
        {.name = "two records", .at.seq = 5, .n = 2, .has_another = true, .has_reduced = true},
        {.name = "the first record", .at.seq = 0, .n = 1, .has_reduced = true},
        {.name = "the second of two results",
         .at.seq = scan,
         .n = 1,
         .has_another = true,
         .send = SEND_RESULTS},
    };
    for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++) {
        struct world *w = &worlds[i];
        w->end = w->at.seq + (int64_t)w->n;
        w->at.piece = STR("");
        struct message_batch b = load(w);
        if (w->send == SEND_RESULTS) {
            CHECK(b.m.n == 2);
            w->at = b.marks.v[0].behind;
            b = load(w);
        }
        CHECK(b.m.n == w->n);
        for (size_t k = 0; k < w->n; k++)
            w->ids[k] = b.m.v[k].id;
        test_world(w);
    }
    check_cells();
    cursor_release(&bench.c);
    return bench_stop();
}
