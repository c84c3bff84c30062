/* The data of the portal for programs: JSON and CSV with stable names. doc/portal.md documents them. */
#include <assert.h>

#include "base/clock.h"
#include "base/json_put.h"
#include "base/utf8.h"
#include "render/portal/parts.h"

/* ---- JSON ---- */

static void
put_score(struct json_put *j, const char *key, struct share s)
{
    json_put_key(j, key);
    if (s.of)
        json_put_num(j, (double)portal_score_units(s) / 100, 2);
    else
        json_put_null(j);
}

static void
begin(struct json_put *j, const char *schema)
{
    json_put_open(j, '{');
    json_put_member_c(j, "schema", schema);
}

static void
put_whose(struct json_put *j, const struct portal_site *s)
{
    json_put_key(j, "group");
    if (s->group.len)
        json_put_str(j, s->group);
    else
        json_put_null(j);
}

/* No moment of building: data that say the same are the same file. */
static void
put_site(struct json_put *j, const struct portal_site *s, struct arena *a)
{
    put_whose(j, s);
    json_put_member_time(j, "newest_scan", s->newest_scan, a);
}

static struct str
end(struct json_put *j, struct buf *out, struct arena *a)
{
    json_put_close(j, '}');
    buf_putc(out, '\n');
    assert(!buf_bad(out));
    return buf_give(out, a);
}

static void
put_agent(struct json_put *j, const struct portal_agent *g, struct arena *a)
{
    json_put_member(j, "name", g->name);
    json_put_member(j, "group", g->group);
    json_put_member(j, "os", g->os);
    json_put_member(j, "address", g->address);
    json_put_member(j, "path", g->path);
    json_put_member_c(j, "state", portal_state_word(g->state));
    put_score(j, "score", g->score);
    put_score(j, "score_30_days_ago", g->before);
    json_put_member_int(j, "passed", g->tally.passed);
    json_put_member_int(j, "failed", g->tally.failed);
    json_put_member_int(j, "skipped", g->tally.skipped);
    json_put_member_int(j, "not_applicable", g->tally.not_applicable);
    json_put_member_int(j, "waived", g->tally.waived);
    json_put_member_int(j, "newly_failing", g->n_worse);
    json_put_member_int(j, "newly_passing", g->n_fixed);
    json_put_member_time(j, "last_scan", g->last_scan, a);
    json_put_member_time(j, "last_contact", g->last_contact, a);
}

struct str
portal_fleet_json(const struct portal_site *s, const struct portal_fleet *f, struct arena *a)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    begin(&j, "assay-portal-fleet-1");
    put_site(&j, s, a);
    json_put_member_int(&j, "agents_n", (int64_t)f->n);
    json_put_member_int(&j, "evaluated", (int64_t)f->n_evaluated);
    json_put_member_int(&j, "heard", (int64_t)f->n_heard);
    json_put_member_int(&j, "silent", (int64_t)f->n_silent);
    json_put_member_int(&j, "bad", (int64_t)f->n_bad);
    json_put_member_int(&j, "bad_below", s->bad_below);
    json_put_member_int(&j, "watch_below", s->watch_below);
    json_put_member_int(&j, "silent_days", s->silent_days);
    json_put_key(&j, "score");
    struct rounded mean = exact_mean_percent(&f->mean, 2, a);
    if (mean.none)
        json_put_null(&j);
    else
        json_put_num(&j, mean.value, 2);
    json_put_member_int(&j, "passed", f->tally.passed);
    json_put_member_int(&j, "failed", f->tally.failed);
    json_put_member_int(&j, "skipped", f->tally.skipped);
    json_put_key(&j, "agents");
    json_put_open(&j, '[');
    for (size_t i = 0; i < f->n; i++) {
        json_put_open(&j, '{');
        put_agent(&j, f->agents[i], a);
        json_put_close(&j, '}');
    }
    json_put_close(&j, ']');
    return end(&j, &out, a);
}

static void
put_check(struct json_put *j, const struct portal_check *k)
{
    json_put_member(j, "id", k->id);
    json_put_member(j, "title", k->title);
    json_put_member(j, "policy", k->policy);
    json_put_member(j, "policy_title", k->policy_title);
    json_put_member(j, "category", k->category);
    json_put_member_c(j, "severity", severity_word(k->severity));
    json_put_member(j, "path", k->path);
}

static void
put_counts(struct json_put *j, const struct portal_check *k)
{
    json_put_member_int(j, "failed", k->n_failed);
    json_put_member_int(j, "passed", k->n_passed);
    json_put_member_int(j, "agents_n", k->n_agents);
}

static void
put_result(struct json_put *j, const struct portal_result *r, struct arena *a)
{
    json_put_open(j, '{');
    put_check(j, r->check);
    json_put_member_c(j, "status", status_word(r->status));
    json_put_member_c(j, "result_severity", severity_word(r->severity));
    json_put_member(j, "native", r->native);
    json_put_member(j, "evidence", r->evidence);
    json_put_member(j, "waiver", r->waiver);
    json_put_member_time(j, "since", r->since, a);
    json_put_close(j, '}');
}

static void
put_change(struct json_put *j, const struct portal_change *c, struct arena *a)
{
    json_put_open(j, '{');
    json_put_member_time(j, "at", c->at, a);
    json_put_member(j, "agent", c->agent->name);
    json_put_member(j, "agent_path", c->agent->path);
    json_put_member(j, "check", c->check->id);
    json_put_member(j, "title", c->check->title);
    json_put_member(j, "policy", c->check->policy);
    json_put_member(j, "check_path", c->check->path);
    json_put_member_c(j, "was", c->was == STATUS_NONE ? "none" : status_word(c->was));
    json_put_member_c(j, "is", c->is == STATUS_NONE ? "none" : status_word(c->is));
    json_put_close(j, '}');
}

struct str
portal_agent_json(const struct portal_site *s, const struct portal_agent_page *p, struct arena *a)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    (void)s;
    begin(&j, "assay-portal-agent-1");
    put_agent(&j, p->agent, a);
    json_put_key(&j, "results");
    json_put_open(&j, '[');
    for (size_t i = 0; i < p->results.n; i++)
        put_result(&j, &p->results.v[i], a);
    json_put_close(&j, ']');
    json_put_key(&j, "changes");
    json_put_open(&j, '[');
    for (size_t i = 0; i < p->changes.n; i++)
        put_change(&j, &p->changes.v[i], a);
    json_put_close(&j, ']');
    json_put_member_int(&j, "scans_n", (int64_t)p->n_scans);
    json_put_key(&j, "scans");
    json_put_open(&j, '[');
    for (size_t i = 0; i < p->scans.n; i++) {
        const struct portal_scan *x = &p->scans.v[i];
        json_put_open(&j, '{');
        json_put_member_time(&j, "scanned", x->end, a);
        json_put_member(&j, "policy", x->policy);
        json_put_member(&j, "policy_title", x->title);
        json_put_member(&j, "policy_version", x->version);
        json_put_member(&j, "profile", x->profile);
        put_score(&j, "score", (struct share){x->tally.passed, x->tally.passed + x->tally.failed});
        json_put_member_int(&j, "passed", x->tally.passed);
        json_put_member_int(&j, "failed", x->tally.failed);
        json_put_member_int(&j, "skipped", x->tally.skipped);
        json_put_close(&j, '}');
    }
    json_put_close(&j, ']');
    return end(&j, &out, a);
}

struct str
portal_checks_json(const struct portal_site *s, const struct portal_check *const *v, size_t n,
                   struct arena *a)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    begin(&j, "assay-portal-checks-1");
    put_site(&j, s, a);
    json_put_key(&j, "checks");
    json_put_open(&j, '[');
    for (size_t i = 0; i < n; i++) {
        json_put_open(&j, '{');
        put_check(&j, v[i]);
        put_counts(&j, v[i]);
        json_put_close(&j, '}');
    }
    json_put_close(&j, ']');
    return end(&j, &out, a);
}

struct str
portal_check_json(const struct portal_site *s, const struct portal_check_page *p, struct arena *a)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    (void)s;
    begin(&j, "assay-portal-check-1");
    put_check(&j, p->check);
    put_counts(&j, p->check);
    json_put_key(&j, "failing");
    json_put_open(&j, '[');
    for (size_t i = 0; i < p->failures.n; i++) {
        json_put_open(&j, '{');
        json_put_member(&j, "agent", p->failures.v[i].agent->name);
        json_put_member(&j, "path", p->failures.v[i].agent->path);
        json_put_member(&j, "group", p->failures.v[i].agent->group);
        json_put_member_time(&j, "since", p->failures.v[i].since, a);
        json_put_close(&j, '}');
    }
    json_put_close(&j, ']');
    return end(&j, &out, a);
}

struct str
portal_changes_json(const struct portal_site *s, const struct portal_changes *c, struct arena *a)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    begin(&j, "assay-portal-changes-1");
    put_site(&j, s, a);
    json_put_member_int(&j, "days", PORTAL_DAYS);
    json_put_member_int(&j, "newly_failing", c->n_worse);
    json_put_member_int(&j, "newly_passing", c->n_fixed);
    json_put_key(&j, "changes");
    json_put_open(&j, '[');
    for (size_t i = 0; i < c->n; i++)
        put_change(&j, &c->v[i], a);
    json_put_close(&j, ']');
    return end(&j, &out, a);
}

struct str
portal_reports_json(const struct portal_site *s, const struct portal_report *v, size_t n,
                    struct arena *a)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    begin(&j, "assay-portal-reports-1");
    put_whose(&j, s);
    json_put_key(&j, "reports");
    json_put_open(&j, '[');
    for (size_t i = 0; i < n; i++) {
        json_put_open(&j, '{');
        json_put_member(&j, "id", v[i].id);
        json_put_member(&j, "definition", v[i].definition);
        json_put_member(&j, "version", v[i].version);
        json_put_member(&j, "language", v[i].language);
        json_put_member(&j, "period", v[i].period);
        json_put_member(&j, "scope", v[i].scope);
        json_put_member_time(&j, "created", v[i].created, a);
        json_put_member_bool(&j, "verified", v[i].is_good);
        json_put_member(&j, "state", v[i].state);
        json_put_member(&j, "signer", v[i].signer);
        json_put_member(&j, "path", v[i].path);
        json_put_key(&j, "files");
        json_put_open(&j, '[');
        for (size_t k = 0; k < v[i].files.n; k++)
            json_put_str(&j, v[i].files.v[k]);
        json_put_close(&j, ']');
        json_put_close(&j, '}');
    }
    json_put_close(&j, ']');
    return end(&j, &out, a);
}

/* ---- CSV (RFC 4180) ---- */

/* What a spreadsheet would take for a formula begins with an apostrophe. */
static void
put_cell(struct buf *out, struct str s, bool is_last, struct arena *a)
{
    struct str text = utf8_repair(a, s);
    buf_putc(out, '"');
    if (text.len && strchr("=+-@\t\r", text.s[0]))
        buf_putc(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.s[i] == '"')
            buf_putc(out, '"');
        buf_putc(out, text.s[i]);
    }
    buf_puts(out, is_last ? "\"\r\n" : "\",");
}

static struct str
score_cell(struct share s, struct arena *a)
{
    int64_t units = portal_score_units(s);
    return s.of ? arena_fmt(a, "%lld.%02lld", (long long)units / 100, (long long)units % 100)
                : STR("");
}

static struct str
time_cell(int64_t t, struct arena *a)
{
    return t == CLOCK_NONE ? STR("") : clock_iso(a, t);
}

struct str
portal_fleet_csv(const struct portal_fleet *f, struct arena *a)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    buf_puts(&out, "agent,group,os,address,state,score,score_30_days_ago,passed,failed,skipped,"
                   "newly_failing,newly_passing,last_scan,last_contact,path\r\n");
    for (size_t i = 0; i < f->n; i++) {
        const struct portal_agent *g = f->agents[i];
        const int64_t counts[] = {g->tally.passed, g->tally.failed, g->tally.skipped, g->n_worse,
                                  g->n_fixed};
        const struct str words[] = {g->name, g->group, g->os, g->address,
                                    str_c(portal_state_word(g->state))};
        for (size_t k = 0; k < sizeof words / sizeof *words; k++)
            put_cell(&out, words[k], false, a);
        buf_fmt(&out, "%.*s,%.*s", STR_ARG(score_cell(g->score, a)),
                STR_ARG(score_cell(g->before, a)));
        for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
            buf_fmt(&out, ",%lld", (long long)counts[k]);
        buf_fmt(&out, ",%.*s,%.*s,", STR_ARG(time_cell(g->last_scan, a)),
                STR_ARG(time_cell(g->last_contact, a)));
        put_cell(&out, g->path, true, a);
    }
    assert(!buf_bad(&out));
    return buf_give(&out, a);
}

struct str
portal_changes_csv(const struct portal_changes *c, struct arena *a)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    buf_puts(&out, "at,agent,check,title,policy,was,is\r\n");
    for (size_t i = 0; i < c->n; i++) {
        const struct portal_change *x = &c->v[i];
        const struct str words[] = {x->agent->name, x->check->id, x->check->title,
                                    x->check->policy};
        buf_fmt(&out, "%.*s,", STR_ARG(time_cell(x->at, a)));
        for (size_t k = 0; k < sizeof words / sizeof *words; k++)
            put_cell(&out, words[k], false, a);
        buf_fmt(&out, "%s,%s\r\n", x->was == STATUS_NONE ? "none" : status_word(x->was),
                x->is == STATUS_NONE ? "none" : status_word(x->is));
    }
    assert(!buf_bad(&out));
    return buf_give(&out, a);
}
