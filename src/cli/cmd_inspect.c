/* assay inspect: what a file holds, without storing it; one JSON object per scan on a line. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/env.h"
#include "base/file.h"
#include "base/json_put.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/message.h"
#include "intake/batch.h"
#include "intake/enrol.h"
#include "intake/intake.h"
#include "intake/parsers.h"
#include "model/tally.h"

AUTO_DEFINE(struct arena *, arena_free)
AUTO_DEFINE(struct confine *, parsers_close)
AUTO_DEFINE(struct enrol *, enrol_close)

static const char *agent;
static bool with_results;

static const struct opt opts[] = {
    {OPT_VALUE, "agent", 'a', &agent, "NAME", "the agent of files that name none"},
    {OPT_SWITCH, "results", 'r', &with_results, NULL, "also print checks and results"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static void
put_asset(struct json_put *j, const struct scan_asset *as)
{
    json_put_key(j, "asset");
    json_put_open(j, '{');
    json_put_member(j, "name", as->name);
    json_put_member(j, "alias", as->alias);
    json_put_member(j, "os", as->os);
    json_put_key(j, "addresses");
    json_put_open(j, '[');
    for (size_t i = 0; i < as->addresses.n; i++)
        json_put_str(j, as->addresses.v[i]);
    json_put_close(j, ']');
    json_put_close(j, '}');
    json_put_member(j, "group", as->group);
}

static void
put_policy(struct json_put *j, const struct scan_policy *p)
{
    json_put_key(j, "policy");
    json_put_open(j, '{');
    json_put_member(j, "id", p->id);
    json_put_member(j, "version", p->version);
    json_put_member(j, "title", p->title);
    json_put_member(j, "profile", p->profile);
    json_put_close(j, '}');
}

static void
put_counts(struct json_put *j, const struct scan *s)
{
    json_put_key(j, "native_counts");
    json_put_open(j, '{');
    for (size_t i = 0; i < s->native_counts.n; i++) {
        json_put_key_str(j, s->native_counts.v[i].word);
        json_put_int(j, s->native_counts.v[i].n);
    }
    json_put_close(j, '}');
    json_put_key(j, "counts");
    json_put_open(j, '{');
    for (int k = STATUS_PASS; k < STATUS__COUNT; k++)
        json_put_member_int(j, status_word((enum status)k), s->counts[k]);
    json_put_close(j, '}');
}

static void
put_scores(struct json_put *j, const struct scan *s)
{
    struct tally t = tally_of(s->counts);
    json_put_key(j, "score");
    if (t.passed + t.failed)
        json_put_num(j, (double)tally_score_shown(t.passed, t.failed, 4) / 10000, 4);
    else
        json_put_null(j);
    json_put_key(j, "reported_scores");
    json_put_open(j, '[');
    for (size_t i = 0; i < s->scores.n; i++) {
        json_put_open(j, '{');
        json_put_member(j, "system", s->scores.v[i].system);
        json_put_key(j, "value");
        json_put_num(j, s->scores.v[i].value, 6);
        json_put_key(j, "maximum");
        json_put_num(j, s->scores.v[i].maximum, 6);
        json_put_close(j, '}');
    }
    json_put_close(j, ']');
}

static void
put_results(struct json_put *j, const struct scan *s)
{
    assert(s->checks.n > 0 || s->results.n == 0);
    json_put_key(j, "results");
    json_put_open(j, '[');
    for (size_t i = 0; i < s->results.n; i++) {
        const struct scan_result *r = &s->results.v[i];
        assert(r->check < s->checks.n);
        const struct scan_check *k = &s->checks.v[r->check];
        json_put_open(j, '{');
        json_put_member(j, "id", k->id);
        json_put_member(j, "key", k->key);
        json_put_member_int(j, "ordinal", r->ordinal);
        json_put_member_c(j, "status", status_word(r->status));
        json_put_member(j, "native", r->native);
        json_put_member(j, "title", k->title);
        json_put_member(j, "category", k->category);
        json_put_member(j, "category_source", k->category_source);
        json_put_member(j, "section", k->section);
        json_put_member_c(j, "severity", severity_word(r->severity ? r->severity : k->severity));
        json_put_member(j, "evidence", r->evidence);
        json_put_member(j, "waiver", r->waiver);
        json_put_key(j, "mappings");
        json_put_open(j, '[');
        for (size_t m = 0; m < k->mappings.n; m++) {
            const struct scan_mapping *w = &k->mappings.v[m];
            json_put_open(j, '[');
            json_put_str(j, w->framework);
            json_put_str(j, w->edition);
            json_put_str(j, w->control);
            json_put_close(j, ']');
        }
        json_put_close(j, ']');
        json_put_close(j, '}');
    }
    json_put_close(j, ']');
}

static void
put_warnings(struct json_put *j, const struct diag *d)
{
    json_put_key(j, "warnings");
    json_put_open(j, '[');
    for (size_t i = 0; i < d->warnings.n; i++) {
        const struct diag_note *w = &d->warnings.v[i];
        json_put_open(j, '{');
        json_put_member_c(j, "kind", diag_word(w->code));
        json_put_member(j, "place", w->place);
        json_put_member(j, "text", w->text);
        json_put_close(j, '}');
    }
    json_put_close(j, ']');
}

static void
put_scan(struct json_put *j, const struct scan_file *f, const struct scan *s, const struct diag *d,
         struct arena *a)
{
    json_put_open(j, '{');
    json_put_member(j, "file", f->path);
    json_put_member(j, "sha256", sha256_hex(a, &f->sha256));
    json_put_member(j, "format", s->format);
    put_asset(j, &s->asset);
    put_policy(j, &s->policy);
    json_put_member(j, "engine", s->engine);
    json_put_member_time(j, "start", s->start, a);
    json_put_member_time(j, "end", s->end, a);
    json_put_member_bool(j, "zone_assumed", s->zone_assumed);
    json_put_member_bool(j, "end_assumed", s->end_assumed);
    json_put_member_bool(j, "partial", s->partial);
    json_put_member_bool(j, "delta", s->delta);
    json_put_member_bool(j, "score_only", s->score_only);
    put_counts(j, s);
    put_scores(j, s);
    if (f->custody.s)
        json_put_member(j, "custody", f->custody);
    if (f->custody.s || diag_failed(d))
        json_put_member(j, "refused", d->first.text);
    if (with_results)
        put_results(j, s);
    put_warnings(j, d);
    json_put_close(j, '}');
}

/* Whether assay ingest would accept the file; what it holds is printed as it stands there. */
static int
judge(const struct cli *c, struct enrol *e, const struct ingest_context *x, struct scan_file *f,
      struct arena *a, struct diag *d)
{
    struct scan_file copy = *f; /* the list may call a host otherwise: printed is the file's word */
    copy.scans.v = arena_copy(a, f->scans.v, f->scans.n * sizeof *f->scans.v);
    int rc = batch_judge(&c->config, e, x->path, &copy, a, d);
    f->secret = copy.secret;
    f->custody = e ? copy.custody : f->custody;
    return rc;
}

static void
say_rejected(struct diag *d, const char *path)
{
    diag_at(d, "%s", path);
    message_fail(d);
}

/* One file: its scans on standard output, why it would be rejected on standard error. -1 = nothing can be
 * printed. */
static int
inspect_file(struct cli *c, struct confine *parsers, struct enrol *enrol, const char *path,
             bool *ret_rejected)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct scan_file f = {0};
    struct stat st;
    int64_t mtime = stat(path, &st) == 0 ? (int64_t)st.st_mtime : env_now();
    struct ingest_context x =
        parsers_context(&c->config, path, file_base_name(str_c(path)), agent, mtime, a);
    *ret_rejected =
        parsers_parse(parsers, &x, a, &f, &d) != 0 || judge(c, enrol, &x, &f, a, &d) != 0;
    if (d.first.code == DIAG_INTERNAL) /* a failure of ours is not the file's */
        return diag_pass_on(&c->diag, &d);
    if (!*ret_rejected && f.holds_nothing)
        cli_say(c, "%s: a valid file that holds nothing to store", path);
    for (size_t i = 0; i < f.scans.n; i++) {
        AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
        struct json_put j = json_put_init(&out);
        put_scan(&j, &f, &f.scans.v[i], &d, a);
        if (cli_print(c, buf_view(&out)) != 0)
            return -1;
    }
    if (*ret_rejected)
        say_rejected(&d, path);
    return 0;
}

/* Only settings that ask something of files need the list, and with it the database. */
static int
open_enrol(struct cli *c, struct enrol **ret)
{
    if (!enrol_is_asked(&c->config))
        return 0;
    return act_open(&c->config, true, &c->act, &c->diag) == 0
               ? enrol_open(&c->config, c->act->store, ret, &c->diag)
               : -1;
}

/* As assay ingest does: a path that is not there ends it before the first file. */
static int
check_paths(struct cli *c)
{
    struct stat st;
    for (size_t i = 0; i < c->n_args; i++)
        if (strcmp(c->args[i], "-") != 0 && stat(c->args[i], &st) != 0) {
            diag_fail(&c->diag, DIAG_IO, "cannot read: %s", strerror(errno));
            return diag_at(&c->diag, "%s", c->args[i]);
        }
    return c->n_args ? 0 : diag_fail(&c->diag, DIAG_USAGE, "name at least one file");
}

/* A bad file does not stop the rest, and the status is that of assay ingest. */
static int
run_inspect(struct cli *c)
{
    bool is_rejected, any = false;
    if (check_paths(c) != 0)
        return cli_fail(c);
    int status = cli_settle(c);
    if (status)
        return status;
    AUTO(parsers_close_auto) struct confine *parsers = NULL;
    AUTO(enrol_close_auto) struct enrol *enrol = NULL;
    if (parsers_open(&c->config, 1, &parsers, &c->diag) != 0 ||
        parsers_check_agent(agent, &c->diag) != 0 || open_enrol(c, &enrol) != 0)
        return cli_fail(c);
    for (size_t i = 0; i < c->n_args; i++) {
        if (inspect_file(c, parsers, enrol, c->args[i], &is_rejected) != 0)
            return cli_fail(c);
        any = any || is_rejected;
    }
    return any ? diag_exit_status(DIAG_PARTIAL) : 0;
}

const struct command cmd_inspect = {
    .name = "inspect",
    .args = "FILE...",
    .summary = "say what a file holds, as JSON, without storing it",
    .example = "assay inspect results.xml | jq .score",
    .opts = opts,
    .run = run_inspect,
};
