/* What `assay check` looks at. Each probe is a row of probes_list.h and a function here. */
#include "job/probes.h"

#include <assert.h>
#include <math.h>

#include "base/buf.h"
#include "base/env.h"
#include "base/map.h"
#include "base/utf8.h"
#include "job/outbox.h"
#include "job/signer.h"
#include "ledger/checkpoint_age.h"

enum { DETAILS = 20 };

/* ---- what is loaded ---- */

static const struct watch *
watch_of(struct probe_site *s, struct diag *d)
{
    struct watch *w = ARENA_NEW(s->arena, struct watch);
    if (!s->watch && watch_load(s->act, &s->query, s->arena, w, d) == 0)
        s->watch = w;
    return s->watch;
}

static const struct health *
health_of(struct probe_site *s, struct diag *d)
{
    struct health *h = ARENA_NEW(s->arena, struct health);
    if (!s->health && health_read(s->act, s->arena, h, d) == 0)
        s->health = h;
    return s->health;
}

static const struct outbox_counts *
outbox_of(struct probe_site *s, struct diag *d)
{
    struct outbox_counts *n = ARENA_NEW(s->arena, struct outbox_counts);
    if (!s->outbox && outbox_count(s->act, n, d) == 0)
        s->outbox = n;
    return s->outbox;
}

static int
give(struct probe_value *ret, double value)
{
    *ret = (struct probe_value){.value = value, .detail = STR("")};
    return 0;
}

struct str
probe_text(struct arena *a, struct str s)
{
    AUTO_BUF b = buf_init(BUF_MAX_DEFAULT);
    s = utf8_name(a, s);
    for (size_t i = 0; i < s.len; i++) {
        if (s.s[i] == '|')
            buf_puts(&b, "\xe2\x9f\xa8U+007C\xe2\x9f\xa9");
        else
            buf_putc(&b, s.s[i]);
    }
    return arena_str(a, buf_view(&b));
}

static void
add_detail(struct probe_site *s, struct probe_value *v, size_t n, struct str name)
{
    if (n < DETAILS)
        v->detail = arena_fmt(s->arena, "%.*s\n%.*s", STR_ARG(v->detail),
                              STR_ARG(probe_text(s->arena, name)));
}

static void
end_details(struct probe_site *s, struct probe_value *v, size_t n)
{
    if (n > DETAILS)
        v->detail = arena_fmt(s->arena, "%.*s\n… and %zu more", STR_ARG(v->detail), n - DETAILS);
}

/* ---- the agents ---- */

static int
read_score(struct probe_site *s, struct probe_value *ret, struct diag *d)
{
    const struct watch *w = watch_of(s, d);
    if (!w)
        return -1;
    give(ret, 0);
    ret->is_none = w->all.score.none;
    ret->decimals = 2;
    ret->most = 100;
    if (!ret->is_none && !str_to_double(exact_digits(s->arena, &w->all.score), &ret->value))
        return diag_fail(d, DIAG_INTERNAL, "the score is no number");
    return 0;
}

static int
read_failed(struct probe_site *s, struct probe_value *ret, struct diag *d)
{
    const struct watch *w = watch_of(s, d);
    return w ? give(ret, (double)w->all.failed) : -1;
}

static int
read_not_applied(struct probe_site *s, struct probe_value *ret, struct diag *d)
{
    const struct watch *w = watch_of(s, d);
    return w ? give(ret, (double)w->all.skipped) : -1;
}

static int
read_passed(struct probe_site *s, struct probe_value *ret, struct diag *d)
{
    const struct watch *w = watch_of(s, d);
    return w ? give(ret, (double)w->all.passed) : -1;
}

static int
read_agents(struct probe_site *s, struct probe_value *ret, struct diag *d)
{
    const struct watch *w = watch_of(s, d);
    if (!w)
        return -1;
    give(ret, (double)w->all.n_scanned);
    ret->most = (double)w->all.n_agents;
    return 0;
}

/* Those that were not heard of, or not scanned, since the limit. */
static int
read_behind(struct probe_site *s, bool by_contact, struct probe_value *ret, struct diag *d)
{
    const struct watch *w = watch_of(s, d);
    size_t n = 0;
    if (!w)
        return -1;
    give(ret, 0);
    for (size_t i = 0; i < w->overview.n; i++) {
        const struct store_overview_agent *ag = &w->overview.agents[i];
        if ((by_contact ? ag->contact : ag->scanned) < w->limit)
            add_detail(s, ret, n++, ag->name);
    }
    end_details(s, ret, n);
    ret->value = (double)n;
    ret->most = (double)w->overview.n;
    return 0;
}

static int
read_silent(struct probe_site *s, struct probe_value *ret, struct diag *d)
{
    return read_behind(s, true, ret, d);
}

static int
read_overdue(struct probe_site *s, struct probe_value *ret, struct diag *d)
{
    return read_behind(s, false, ret, d);
}

static int
read_new_failures(struct probe_site *s, struct probe_value *ret, struct diag *d)
{
    struct store_new_failure *v;
    size_t n, n_counted = 0;
    const struct watch *w = watch_of(s, d);
    if (!w ||
        store_load_new_failures(s->act->store, str_c(s->query.agent), s->arena, &v, &n, d) != 0)
        return -1;
    struct map *agents = map_new(s->arena);
    for (size_t i = 0; i < w->overview.n; i++)
        map_put_index(agents, w->overview.agents[i].name, i);
    give(ret, 0);
    for (size_t i = 0; i < n; i++) {
        if (map_get_index(agents, v[i].agent) < 0 || v[i].end < w->overview.from ||
            v[i].end >= w->overview.to ||
            (s->query.policy && !str_eqc(v[i].policy, s->query.policy)))
            continue;
        add_detail(s, ret, n_counted++,
                   arena_fmt(s->arena, "%.*s: %.*s %.*s", STR_ARG(v[i].agent), STR_ARG(v[i].check),
                             STR_ARG(v[i].title)));
    }
    end_details(s, ret, n_counted);
    ret->value = (double)n_counted;
    return 0;
}

/* ---- this installation ---- */

static int
read_rejected(struct probe_site *s, struct probe_value *ret, struct diag *d)
{
    int64_t n;
    return health_count_rejected(&s->act->config, &n, d) == 0 ? give(ret, (double)n) : -1;
}

static int
read_reports_failed(struct probe_site *s, struct probe_value *ret, struct diag *d)
{
    int64_t n;
    return store_count_failed_runs(s->act->store, &n, d) == 0 ? give(ret, (double)n) : -1;
}

static int
read_export_lag(struct probe_site *s, struct probe_value *ret, struct diag *d)
{
    const struct health *h = health_of(s, d);
    if (!h)
        return -1;
    give(ret, 0);
    ret->is_none = h->targets.n == 0;
    for (size_t i = 0; i < h->targets.n; i++)
        ret->value = fmax(ret->value, (double)h->targets.v[i].lag_s);
    return 0;
}

static int
read_export_bad(struct probe_site *s, struct probe_value *ret, struct diag *d)
{
    const struct health *h = health_of(s, d);
    size_t n = 0;
    if (!h)
        return -1;
    give(ret, 0);
    ret->is_none = h->targets.n == 0;
    ret->most = (double)h->targets.n;
    for (size_t i = 0; i < h->targets.n; i++) {
        const struct health_target *t = &h->targets.v[i];
        if (health_is_failing(t) || t->is_late || t->wrong.len)
            add_detail(s, ret, n++,
                       arena_fmt(s->arena, "%.*s, %.*s", STR_ARG(t->cursor.target),
                                 STR_ARG(t->wrong.len ? t->wrong : health_describe(t, s->arena))));
    }
    ret->value = (double)n;
    return 0;
}

static int
read_dead_letters(struct probe_site *s, struct probe_value *ret, struct diag *d)
{
    const struct health *h = health_of(s, d);
    if (!h)
        return -1;
    give(ret, 0);
    ret->is_none = h->targets.n == 0;
    for (size_t i = 0; i < h->targets.n; i++)
        ret->value += (double)(h->targets.v[i].n_refused + h->targets.v[i].n_unreadable);
    return 0;
}

static int
read_outbox_age(struct probe_site *s, struct probe_value *ret, struct diag *d)
{
    const struct outbox_counts *n = outbox_of(s, d);
    if (!n)
        return -1;
    give(ret, (double)n->oldest_s);
    ret->is_none = s->act->config.recipients.n == 0 && n->n_waiting == 0;
    return 0;
}

static int
read_outbox_refused(struct probe_site *s, struct probe_value *ret, struct diag *d)
{
    const struct outbox_counts *n = outbox_of(s, d);
    if (!n)
        return -1;
    give(ret, (double)n->n_refused);
    ret->is_none = s->act->config.recipients.n == 0 && n->n_refused == 0;
    return 0;
}

static int
read_certificate_days(struct probe_site *s, struct probe_value *ret, struct diag *d)
{
    const struct config *c = &s->act->config;
    struct sign_certificate cert;
    give(ret, 0);
    ret->is_none = !c->sign;
    if (!c->sign)
        return 0;
    if (signer_describe(c, &cert, d) != 0)
        return -1;
    ret->value = (double)signer_days_left(&cert, env_wall_us() / 1000000);
    return 0;
}

/* One that never ended is as old as can be. */
static int
read_run_age(struct probe_site *s, struct probe_value *ret, struct diag *d)
{
    const struct health *h = health_of(s, d);
    if (!h)
        return -1;
    double age = h->run_at == CLOCK_NONE ? INFINITY : (double)(env_wall_us() / 1000000 - h->run_at);
    give(ret, fmax(age, 0));
    if (h->run_at == CLOCK_NONE)
        ret->detail = STR("\nassay run never ended here: is a timer or cron set up?");
    return 0;
}

static int
read_run_failed(struct probe_site *s, struct probe_value *ret, struct diag *d)
{
    const struct health *h = health_of(s, d);
    return h ? give(ret, h->run_failed) : -1;
}

static int
read_checkpoint_age(struct probe_site *s, struct probe_value *ret, struct diag *d)
{
    const struct health *h = health_of(s, d);
    if (!h)
        return -1;
    give(ret, (double)h->checkpoint_age);
    ret->is_none = h->checkpoint_age == CLOCK_NONE;
    return 0;
}

/* Who has no key signs nothing here. */
static int
read_log_wrong(struct probe_site *s, struct probe_value *ret, struct diag *d)
{
    struct checkpoint_age f;
    struct diag found = diag_init(s->arena);
    int64_t size;
    give(ret, 0);
    if (checkpoint_age_now(s->act, &size, &f, d) != 0)
        return -1;
    ret->is_none = f.age_s < 0;
    if (checkpoint_age_check(&s->act->config, &f, &found) != 0) {
        ret->value = 1;
        add_detail(s, ret, 0, diag_text(&found));
    }
    return 0;
}

/* ---- all of them ---- */

static const struct probe probes[] = {
#define PROBE(id, name, scope, unit, warning, critical, read, help)                                \
    {name, scope, unit, warning, critical, read},
#include "job/probes_list.h"
};

const struct probe *
probe_at(size_t i)
{
    assert(i < PROBE__COUNT);
    return &probes[i];
}

int
probe_read(struct probe_site *s, size_t i, struct probe_value *ret, struct diag *d)
{
    return probe_at(i)->read(s, ret, d) == 0 ? 0 : diag_context(d, "%s", probe_at(i)->name);
}

enum probe_state
probe_judge(const struct probe_value *v, const struct range *warning, const struct range *critical)
{
    if (v->is_none)
        return PROBE_OK;
    return range_alerts(critical, v->value)  ? PROBE_CRITICAL
           : range_alerts(warning, v->value) ? PROBE_WARNING
                                             : PROBE_OK;
}

const char *
probe_state_word(enum probe_state state)
{
    static const char *const words[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    return words[state];
}

const char *
probe_module_word(enum probe_state state)
{
    static const char *const words[] = {"normal", "warning", "critical", "unknown"};
    return words[state];
}
