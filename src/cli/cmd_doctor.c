/* assay doctor: every setting in force, and whether what it names works. */
#include <assert.h>
#include <stdio.h>

#include "act/act.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json_put.h"
#include "cli/commands.h"
#include "export/target.h"
#include "intake/enrol.h"
#include "intake/rebuild.h"
#include "job/health.h"
#include "job/known.h"
#include "job/signer.h"
#include "job/surroundings.h"
#include "ledger/anchor.h"
#include "ledger/checkpoint.h"
#include "ledger/checkpoint_age.h"
#include "ledger/export_books.h"
#include "ledger/prune.h"
#include "ledger/verify_tables.h"
#include "ledger/witness.h"
#include "settings/secret_look.h"

static struct json_put *json; /* instead of lines; NULL = lines */

/* One result: a line "ok    WHAT  TEXT", or an object of the JSON list. Returns ok. */
static bool
show_result(const char *what, bool ok, struct str text)
{
    if (json) {
        json_put_open(json, '{');
        json_put_member(json, "what", str_c(what));
        json_put_member_bool(json, "ok", ok);
        json_put_member(json, "text", text);
        json_put_close(json, '}');
        return ok;
    }
    printf("%s  %-10s %.*s\n", ok ? "ok  " : "FAIL", what, STR_ARG(text));
    return ok;
}

/* The failure of d as a line, or the text when there is none. */
static bool
show_diag(const char *what, const struct diag *d, struct str text)
{
    return show_result(what, !diag_failed(d), diag_failed(d) ? diag_text(d) : text);
}

/* Opens the database, which the later checks use. */
static bool
check_database(struct cli *c)
{
    struct diag d = diag_init(c->arena);
    struct config now = c->config; /* who looks wants to know how it is now */
    now.database_wait_s = 0;
    if (act_open(&now, true, &c->act, &d) != 0)
        return show_diag("database", &d, STR(""));
    struct str server = act_server(c->act, c->arena), how = act_transport(c->act, c->arena);
    return show_result("database", true,
                       arena_fmt(c->arena, "%.*s over %.*s", STR_ARG(server), STR_ARG(how)));
}

/* Settings of the server that assay cannot work with are a failure, those that cost something are said. */
static bool
check_server(struct cli *c)
{
    struct diag d = diag_init(c->arena);
    struct store_advice advice;
    if (act_advise(c->act, c->arena, &advice, &d) != 0)
        return show_diag("server", &d, STR(""));
    bool ok = true;
    for (size_t i = 0; i < advice.texts.n; i++)
        ok &= show_result("server", !advice.is_wrong, advice.texts.v[i]);
    return ok;
}

/* What the server would do by itself, and tables and views that are others than this program's. */
static bool
check_schema(struct cli *c)
{
    struct diag d = diag_init(c->arena);
    struct str text = STR("");
    verify_tables_schema(c->act, c->arena, &text, &d);
    return show_diag("schema", &d, text);
}

static bool
check_signer(struct cli *c)
{
    struct diag d = diag_init(c->arena);
    struct str text = STR("reports are not signed (sign = no)");
    if (c->config.sign)
        signer_text(&c->config, c->arena, &text, &d);
    return show_diag("signer", &d, text);
}

/* Settings, password files, certificates and the list of agents, as ingest loads them. */
static bool
check_enrol(struct cli *c)
{
    assert(c->act);
    struct enrol *e = NULL;
    struct diag d = diag_init(c->arena);
    struct str text = STR("");
    if (enrol_open(&c->config, c->act->store, &e, &d) == 0)
        text = enrol_describe(e, c->arena);
    enrol_close(e);
    return show_diag("accepts", &d, text);
}

/* Also those that are not scheduled, or of which nothing is due. */
static bool
check_definitions(struct cli *c)
{
    struct diag d = diag_init(c->arena);
    size_t n = 0;
    known_check_definitions(c->act, &n, &d);
    bool ok = show_diag("reports", &d, arena_fmt(c->arena, "%zu definitions", n));
    for (size_t i = 0; i < d.warnings.n; i++)
        ok &= show_result("reports", false,
                          arena_fmt(c->arena, "%.*s: %.*s", STR_ARG(d.warnings.v[i].place),
                                    STR_ARG(d.warnings.v[i].text)));
    return ok;
}

/* Other tables than those in force are no fault: what was derived by them stays until somebody says so. */
static bool
check_categories(struct cli *c)
{
    struct diag d = diag_init(c->arena);
    int64_t n = 0;
    struct str text = STR("all by the tables in force");
    if (rebuild_count_stale(c->act, &n, &d) == 0 && n > 0)
        text = arena_fmt(c->arena,
                         "%lld checks by other tables or an older version: assay rebuild "
                         "--categories derives them anew",
                         (long long)n);
    return show_diag("categories", &d, text);
}

/* Without a checkpoint nothing shows that the records are all and the first ones. */
static bool
check_log(struct cli *c)
{
    assert(c->act);
    struct diag d = diag_init(c->arena);
    struct checkpoint_age f = {.age_s = -1};
    struct str text;
    int64_t size = 0, n_pruned = 0;
    if (checkpoint_age_now(c->act, &size, &f, &d) == 0 &&
        prune_count(c->act, size, &n_pruned, &d) == 0)
        checkpoint_age_check(&c->config, &f, &d);
    text = arena_fmt(c->arena,
                     "%lld records (%lld pruned), the newest checkpoint covers %lld and is %lld "
                     "minutes old",
                     (long long)size, (long long)n_pruned, (long long)f.covered,
                     (long long)(f.age_s / 60));
    return show_diag("audit log", &d, text);
}

/* The witnesses are asked, so that what they have seen is compared, too. */
static bool
check_witnesses(struct cli *c)
{
    struct diag d = diag_init(c->arena);
    struct witness_verdict w = {.n_witnesses = 0};
    struct str kept;
    if (checkpoint_load_kept(&c->config, c->arena, &kept, &d) != 0 ||
        witness_verify(c->act, kept, &w, &d) != 0)
        return show_diag("witness", &d, STR(""));
    if (w.forgotten.len)
        return show_result(
            "witness", false,
            arena_fmt(c->arena,
                      "%.*s cosigned this log, and the settings do not name it: put audit-witness and "
                      "audit-witness-ask back, or say audit-witness-retired = %.*s",
                      STR_ARG(w.forgotten), STR_ARG(w.forgotten)));
    if (w.n_held > 0 && c->config.witness_asks.n == 0)
        return show_result("witness", false,
                           STR("a witness cosigned this log, and nobody is asked any more: put "
                               "audit-witness-ask back, or make audit-witness audit-witness-retired"));
    if (c->config.witness_asks.n == 0)
        return true;
    if (d.warnings.n)
        return show_result("witness", false, d.warnings.v[0].text);
    return show_result("witness", true,
                       arena_fmt(c->arena,
                                 "%lld asked, none has seen more; %lld checkpoints lack one",
                                 (long long)w.n_asked, (long long)w.n_lacking));
}

/* Late is a stamp that is older than two of the spans that audit-anchor names. */
static bool
check_anchor(struct cli *c)
{
    struct diag d = diag_init(c->arena);
    int64_t last;
    bool is_late;
    if (!c->config.tsa_url.len)
        return true;
    if (anchor_state(c->act, &last, &is_late, &d) != 0)
        return show_diag("time stamp", &d, STR(""));
    return show_result("time stamp", !is_late,
                       last
                           ? arena_fmt(c->arena, "the newest is of %s", clock_iso(c->arena, last).s)
                           : STR("none was made yet"));
}

/* Records that wait are no failure, unless they do so for longer than it takes until somebody looks. A target
 * that fails is one, and so are letters that did not get through, and a log that is not the one that was sent. */
static bool
check_exports(struct cli *c, struct health *ret)
{
    assert(c->act);
    bool ok = true;
    struct diag d = diag_init(c->arena);
    if (health_read(c->act, c->arena, ret, &d) != 0)
        return show_diag("export", &d, STR(""));
    for (size_t i = 0; i < ret->targets.n; i++) {
        const struct health_target *t = &ret->targets.v[i];
        struct str text = health_describe(t, c->arena);
        const char *weakness = target_weakness(t->e);
        struct diag moved = diag_init(c->arena);
        if (t->wrong.len)
            ok &= show_result("export", false,
                              arena_fmt(c->arena, "%.*s: %.*s", STR_ARG(t->cursor.target),
                                        STR_ARG(t->wrong)));
        if (export_books_check(c->act, &t->cursor, ret->size, &moved) != 0) {
            ok &= show_diag("export", &moved, STR(""));
            continue;
        }
        if (t->wrong.len)
            continue;
        ok &= show_result("export", health_is_well(t),
                          arena_fmt(c->arena, "%.*s, %.*s%s%s", STR_ARG(t->cursor.target),
                                    STR_ARG(text), weakness ? "; " : "", weakness ? weakness : ""));
    }
    return ok;
}

static void
put_export(struct cli *c, const struct health_target *t)
{
    assert(json && t->e);
    json_put_open(json, '{');
    json_put_member(json, "target", t->cursor.target);
    json_put_member(json, "to", t->e->path);
    json_put_member_int(json, "next", t->cursor.seq);
    json_put_member_int(json, "lag_records", t->lag);
    json_put_member_int(json, "lag_seconds", t->lag_s);
    json_put_member_int(json, "lag_limit_seconds", t->limit_s);
    json_put_member_bool(json, "late", t->is_late);
    json_put_member_bool(json, "failing", health_is_failing(t));
    json_put_member_bool(json, "contradicted", t->wrong.len > 0);
    if (t->cursor.failing_since != CLOCK_NONE)
        json_put_member(json, "failing_since", clock_iso(c->arena, t->cursor.failing_since));
    if (t->cursor.last_ok != CLOCK_NONE)
        json_put_member(json, "last_success", clock_iso(c->arena, t->cursor.last_ok));
    json_put_member_int(json, "attempts", t->cursor.attempts);
    json_put_member(json, "error", t->cursor.error);
    json_put_member(json, "owner", t->cursor.owner);
    json_put_member_int(json, "refused", t->n_refused);
    json_put_member_int(json, "reduced", t->n_reduced);
    json_put_member_int(json, "unreadable", t->n_unreadable);
    json_put_close(json, '}');
}

static bool
check_folder(struct cli *c, const char *what, struct str path)
{
    bool there = file_exists(path.s);
    return show_result(what, there,
                       there ? path : arena_fmt(c->arena, "%.*s is missing", STR_ARG(path)));
}

/* What is wrong, and what is worth knowing; nothing is said of what is as it should be. */
static bool
show_findings(const surroundings_findings *f)
{
    bool ok = true;
    for (size_t i = 0; i < f->n; i++)
        ok &= show_result(f->v[i].what, !f->v[i].is_wrong, f->v[i].text);
    return ok;
}

static bool
check_surroundings(struct cli *c)
{
    surroundings_findings f = {0};
    surroundings_look(&c->config, c->arena, &f);
    return show_findings(&f);
}

/* All that the settings name: mail and targets use theirs when it is too late to mend them. */
static bool
check_secrets(struct cli *c)
{
    struct secrets_found f;
    bool ok = true;
    secret_look(&c->config, c->arena, &f);
    for (size_t i = 0; i < f.mistakes.n; i++) {
        struct diag d = diag_init(c->arena);
        d.first = f.mistakes.v[i];
        ok &= show_diag("secrets", &d, STR(""));
    }
    if (f.n_readable)
        show_result("secrets", true, arena_fmt(c->arena, "%zu can be read", f.n_readable));
    if (f.n_elsewhere)
        show_result(
            "secrets", true,
            arena_fmt(c->arena,
                      "%zu are credentials that systemd hands to the service alone: not looked at",
                      f.n_elsewhere));
    return ok;
}

static bool
check_clock(struct cli *c)
{
    surroundings_findings f = {0};
    surroundings_clock(c->act, c->arena, &f);
    return show_findings(&f);
}

/* False: what is checked cannot work. */
static bool
check_all(struct cli *c, struct health *h)
{
    bool ok = check_folder(c, "state", c->config.state_dir);
    /* all of them, whatever the others say; without a database nothing more can be asked */
    ok &= check_folder(c, "spool", c->config.spool_dir);
    ok &= check_folder(c, "reports", c->config.reports_dir);
    ok &= check_surroundings(c);
    ok &= check_secrets(c);
    if (!check_database(c))
        return false;
    ok &= check_server(c);
    ok &= check_clock(c);
    ok &= check_schema(c);
    ok &= check_enrol(c);
    ok &= check_categories(c);
    ok &= check_definitions(c);
    ok &= check_signer(c);
    ok &= check_log(c);
    ok &= check_witnesses(c);
    ok &= check_anchor(c);
    return check_exports(c, h) && ok;
}

static int
run_json(struct cli *c)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    struct health h = {.size = 0};
    json = &j;
    json_put_open(&j, '{');
    json_put_key(&j, "checks");
    json_put_open(&j, '[');
    bool ok = check_all(c, &h);
    json_put_close(&j, ']');
    json_put_key(&j, "exports");
    json_put_open(&j, '[');
    for (size_t i = 0; i < h.targets.n; i++)
        put_export(c, &h.targets.v[i]);
    json_put_close(&j, ']');
    json_put_member_bool(&j, "ok", ok);
    json_put_close(&j, '}');
    if (cli_print(c, buf_view(&out)) != 0)
        return cli_fail(c);
    return ok ? 0 : diag_exit_status(DIAG_CONFIG);
}

static int
run_doctor(struct cli *c)
{
    struct health h;
    int status = cli_settle(c);
    if (status)
        return status;
    if (c->json)
        return run_json(c);
    struct str all = config_print(&c->config, c->arena);
    fputs(c->config.files.n ? "# settings of" : "# settings (defaults)", stdout);
    for (size_t i = 0; i < c->config.files.n; i++)
        printf("%s %.*s", i ? "," : "", STR_ARG(c->config.files.v[i]));
    printf("\n%.*s\n", STR_ARG(all));
    return check_all(c, &h) ? 0 : diag_exit_status(DIAG_CONFIG);
}

const struct command cmd_doctor = {
    .name = "doctor",
    .args = "",
    .summary = "print every setting and check what it names",
    .example = "assay doctor",
    .run = run_doctor,
};
