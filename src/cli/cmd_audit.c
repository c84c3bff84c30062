/* assay audit verify, checkpoint, prove and their neighbours. */
#include <assert.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json_put.h"
#include "cli/commands.h"
#include "intake/rebuild.h"
#include "job/access.h"
#include "job/hold.h"
#include "ledger/anchor.h"
#include "ledger/checkpoint.h"
#include "ledger/checkpoint_age.h"
#include "ledger/publish.h"
#include "ledger/rotate.h"
#include "ledger/verify_log.h"
#include "ledger/verify_tables.h"

/* ---- verify ---- */

static struct opt_list expected;
static bool no_record;

#define NO_RECORD                                                                                  \
    {                                                                                              \
        OPT_SWITCH, "no-record", 0, &no_record, NULL, "do not note the act in the audit log"       \
    }

static const struct opt verify_opts[] = {
    {OPT_LIST, "expect", 'e', &expected, "FILE",
     "a checkpoint, manifest, report (PDF, HTML, JSON) or exported events that must fit too"},
    NO_RECORD,
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static const struct {
    const char *name;
    enum fact_kind kind;
} rows_as[] = {{"scans", FACT_SCAN},       {"revisions", FACT_REVISION},
               {"inputs", FACT_INPUT},     {"agents", FACT_AGENT},
               {"policies", FACT_POLICY},  {"enrolled", FACT_ENROLMENT},
               {"settings", FACT_SETTING}, {"runs", FACT_RUN}};

static int
print_verdict_json(struct cli *c, const struct audit_verdict *v, const struct tables_verdict *t)
{
    AUTO_BUF out = buf_init(BUF_MAX_DEFAULT);
    struct json_put j = json_put_init(&out);
    json_put_open(&j, '{');
    json_put_member_int(&j, "records", v->n_records);
    json_put_member(&j, "head", sha256_hex(c->arena, &v->last));
    json_put_member_int(&j, "clock_steps", v->n_clock_steps);
    json_put_member_int(&j, "tiles", v->n_tiles);
    json_put_member_int(&j, "pruned", v->n_pruned);
    json_put_member_int(&j, "checkpoints", v->n_signed);
    json_put_member_int(&j, "checkpoints_of_others", v->n_unsigned);
    json_put_member_int(&j, "covered", v->covered);
    json_put_member_int(&j, "checkpoint_age", v->age_s);
    json_put_member_int(&j, "expected", v->n_expected);
    json_put_member_int(&j, "time_stamps", v->n_stamped);
    json_put_member_int(&j, "cosignatures", v->witnesses.n_held);
    json_put_member_int(&j, "without_cosignature", v->witnesses.n_lacking);
    json_put_member_int(&j, "witnesses_asked", v->witnesses.n_asked);
    json_put_member_int(&j, "facts", v->facts.n_facts);
    for (size_t i = 0; i < sizeof rows_as / sizeof *rows_as; i++)
        json_put_member_int(&j, rows_as[i].name, v->facts.n_rows[rows_as[i].kind]);
    json_put_member_int(&j, "cursors", v->n_cursors);
    json_put_member_int(&j, "sent", v->n_sent);
    json_put_member_int(&j, "detail_sets", t->rows.n_details);
    json_put_member_int(&j, "evidence", t->rows.n_evidence);
    json_put_member_int(&j, "schema_of_site", t->schema.n_own);
    json_put_member_int(&j, "views_unseen", t->schema.n_unseen);
    json_put_member_bool(&j, "triggers_seen", t->schema.sees_triggers);
    json_put_member_bool(&j, "events_seen", t->schema.sees_events);
    json_put_close(&j, '}');
    return cli_print(c, buf_view(&out));
}

/* What witnesses signed is good news and can be silenced; what lacks a cosignature is said aloud. */
static void
print_witnesses(struct cli *c, const struct witness_verdict *v)
{
    if (v->forgotten.len)
        cli_say(c, "a witness cosigned this log that the settings name no more: %.*s",
                STR_ARG(v->forgotten));
    if (v->n_witnesses == 0)
        return;
    struct str newest = v->newest_at ? clock_iso(c->arena, v->newest_at) : STR("never");
    if (!c->quiet)
        printf("    %lld cosignatures of witnesses hold, the newest of %s\n", (long long)v->n_held,
               newest.s);
    if (v->n_lacking)
        cli_say(c, "%lld checkpoints lack a cosignature of a witness", (long long)v->n_lacking);
    if (v->n_asked)
        cli_note(c, "%lld witnesses were asked and have seen no more", (long long)v->n_asked);
}

static void
print_stamps(struct cli *c, const struct audit_verdict *v)
{
    if (v->n_stamped && !c->quiet)
        printf("    %lld time stamps hold, the newest of %s\n", (long long)v->n_stamped,
               clock_iso(c->arena, v->stamped_at).s);
    if (v->n_unstamped)
        cli_say(c, "%lld time stamps were not checked: tsa-ca names no certificates",
                (long long)v->n_unstamped);
}

/* On standard output what holds; on standard error what the reader must know about how much that says. */
static void
print_verdict(struct cli *c, const struct audit_verdict *v)
{
    if (!c->quiet) {
        printf("ok  %lld records, head %s\n", (long long)v->n_records,
               sha256_hex(c->arena, &v->last).s);
        printf(
            "    %lld facts hold: %lld scans, %lld files, %lld agents are what the records say\n",
            (long long)v->facts.n_facts, (long long)v->facts.n_rows[FACT_SCAN],
            (long long)v->facts.n_rows[FACT_INPUT], (long long)v->facts.n_rows[FACT_AGENT]);
        printf("    %lld checkpoints hold, the newest covers %lld records\n",
               (long long)v->n_signed, (long long)v->covered);
    }
    print_stamps(c, v);
    print_witnesses(c, &v->witnesses);
    if (v->n_pruned)
        cli_say(c, "%lld records are pruned: their hashes hold, their texts are gone",
                (long long)v->n_pruned);
    if (v->n_sent)
        cli_note(c, "%lld targets have got the record last that is in the log",
                 (long long)v->n_sent);
    if (v->n_expected)
        cli_note(c, "%lld statements from outside hold", (long long)v->n_expected);
    if (v->n_unsigned)
        cli_say(c, "%lld checkpoints of other hosts fit; their signatures are checked there",
                (long long)v->n_unsigned);
    if (v->n_signed == 0)
        cli_say(c, "no checkpoint of this host: the records hold together, but nothing shows that "
                   "they are all and the first ones (assay audit checkpoint)");
    if (v->is_old)
        cli_say(c,
                "the newest checkpoint is %lld minutes old: nothing shows that nothing happened "
                "since",
                (long long)(v->age_s / 60));
    if (v->n_clock_steps)
        cli_say(c, "the clock went back %lld times between records", (long long)v->n_clock_steps);
}

/* What the account may not see was not verified: that is said aloud. */
static void
print_tables(struct cli *c, const struct tables_verdict *t)
{
    if (!c->quiet)
        printf(
            "    %lld scans of %lld agents, %lld policies, %lld sets of details and %lld texts of "
            "evidence are possible and are what they are named by\n",
            (long long)t->rows.n_scans, (long long)t->rows.n_agents, (long long)t->rows.n_policies,
            (long long)t->rows.n_details, (long long)t->rows.n_evidence);
    if (!t->schema.sees_triggers || !t->schema.sees_events)
        cli_say(c, "the account may not see triggers and events of the database: whether there are "
                   "any was not looked at (doc/database.md)");
    if (t->schema.n_unseen)
        cli_say(c, "the account may not see the text of %lld views: they were not looked at",
                (long long)t->schema.n_unseen);
}

/* What a record says is gone was not missed. */
static int
say_pruned(struct cli *c)
{
    struct hold_pruned v[HOLD_CLASSES];
    size_t n;
    if (hold_list_pruned(c->act, v, &n, &c->diag) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (!c->quiet)
            printf("    %s before %s were pruned, the last of them by record %lld\n", v[i].class,
                   clock_date(c->arena, v[i].before).s, (long long)v[i].seq);
    return 0;
}

/* Writes a record of the verification, whatever came of it; that this fails does not change the verdict.
 * When a file of --expect could not be read, nothing was verified, and there is nothing to record. */
static void
note_verdict(struct cli *c, const struct audit_verdict *v)
{
    struct diag d = diag_init(c->arena);
    bool failed = diag_failed(&c->diag);
    if (no_record || (failed && c->diag.first.code != DIAG_VERIFY))
        return;
    access_note_verify(c->act, v, failed ? diag_text(&c->diag) : STR(""), &d);
    cli_not_noted(c, &d);
}

/* When the log or what it says of a row does not hold: what is wrong with that row by itself says more. */
static void
say_tables(struct cli *c)
{
    struct tables_verdict t;
    struct diag d = diag_init(c->arena);
    if (verify_tables_run(c->act, &t, &d) != 0)
        cli_say(c, "also: %.*s", STR_ARG(diag_text(&d)));
}

static int
run_verify(struct cli *c)
{
    struct audit_verdict v;
    struct tables_verdict t;
    struct expected e;
    int status = cli_settle(c);
    if (status)
        return status;
    assert(expected.n <= OPT_LIST_MAX);
    expected_read(&c->config, expected.v, expected.n, c->arena, &e);
    if ((status = cli_open(c, true)) != 0)
        return status;
    int rc = verify_log_run(c->act, &e, &v, &c->diag);
    bool is_log = rc != 0;
    if (rc == 0)
        rc = verify_tables_run(c->act, &t, &c->diag);
    if (rc == 0 && (rc = rebuild_check(c->act, NULL, 0, &c->diag)) != 0)
        c->diag.first.code = DIAG_VERIFY;
    if (is_log)
        say_tables(c);
    note_verdict(c, &v);
    cli_warnings(&c->diag);
    if (rc != 0)
        return cli_fail(c);
    if (c->json)
        return print_verdict_json(c, &v, &t) == 0 ? 0 : cli_fail(c);
    print_verdict(c, &v);
    print_tables(c, &t);
    return say_pruned(c) == 0 ? 0 : cli_fail(c);
}

/* ---- checkpoint, prove ---- */

static const char *to;
static bool rebuild, heartbeat;

static const struct opt checkpoint_opts[] = {
    {OPT_VALUE, "output", 'o', &to, "FILE", "write it to FILE; - is standard output"},
    {OPT_SWITCH, "rebuild", 0, &rebuild, NULL,
     "read all records, and make the tiles of the tree anew"},
    {OPT_SWITCH, "heartbeat", 0, &heartbeat, NULL,
     "only when records came, or audit-heartbeat has passed"},
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

static const struct opt prove_opts[] = {
    {OPT_VALUE, "output", 'o', &to, "FILE", "write it to FILE; - is standard output"},
    NO_RECORD,
    {OPT_END, NULL, 0, NULL, NULL, NULL},
};

/* Writes what --output asks for: nothing without it. */
static int
hand_out(struct cli *c, struct str text)
{
    assert(text.len > 0);
    if (!to)
        return 0;
    if (str_eqc(str_c(to), "-"))
        return fwrite(text.s, 1, text.len, stdout) == text.len && fflush(stdout) == 0
                   ? 0
                   : diag_fail(&c->diag, DIAG_CANNOT_WRITE, "standard output is closed");
    return file_write_atomic(to, text, 0644, &c->diag);
}

static int
run_checkpoint(struct cli *c)
{
    struct checkpoint_made m;
    struct checkpoint_age age = {.is_due = true};
    int64_t size;
    int status = cli_open(c, true);
    if (status)
        return status;
    if (heartbeat && checkpoint_age_now(c->act, &size, &age, &c->diag) != 0)
        return cli_fail(c);
    if (!age.is_due) { /* nothing came, and no heartbeat has passed: the same would be said again */
        cli_note(c, "not due");
        return 0;
    }
    if (checkpoint_make(c->act, rebuild, &m, &c->diag) != 0 || hand_out(c, m.note) != 0)
        return cli_fail(c);
    cli_warnings(&c->diag);
    cli_note(c, "%s of %lld records", m.is_new ? "a checkpoint" : "the same checkpoint",
             (long long)m.size);
    return 0;
}

/* What is stamped is the newest checkpoint, so one is made first: the stamp covers the log of now. */
static int
run_anchor(struct cli *c)
{
    struct checkpoint_made m;
    struct anchor_made s;
    int status = cli_open(c, true);
    if (status)
        return status;
    if (checkpoint_make(c->act, false, &m, &c->diag) != 0 || anchor_make(c->act, &s, &c->diag) != 0)
        return cli_fail(c);
    cli_warnings(&c->diag);
    cli_note(c, "a time stamp of %s over %lld records, by %.*s", clock_iso(c->arena, s.stamp.at).s,
             (long long)s.size, STR_ARG(s.stamp.by));
    return 0;
}

/* The proof first: that its record cannot be written is said, and changes nothing about the proof. */
static int
run_prove(struct cli *c)
{
    int64_t seq;
    struct str proof;
    if (c->n_args != 1 || !str_to_i64(str_c(c->args[0]), &seq) || seq < 0 || !to) {
        diag_fail(&c->diag, DIAG_USAGE, "give the number of a record, and --output FILE");
        return cli_fail(c);
    }
    int status = cli_open(c, true);
    if (status)
        return status;
    if (verify_log_prove(c->act, seq, &proof, &c->diag) != 0 || hand_out(c, proof) != 0)
        return cli_fail(c);
    struct diag d = diag_init(c->arena);
    if (!no_record)
        access_note_prove(c->act, seq, &d);
    cli_not_noted(c, &d);
    return 0;
}

static int
run_publish(struct cli *c)
{
    struct publish_summary s;
    if (c->n_args != 1) {
        diag_fail(&c->diag, DIAG_USAGE, "give the folder to publish in");
        return cli_fail(c);
    }
    int status = cli_open(c, true);
    if (status)
        return status;
    if (publish_run(c->act, c->args[0], &s, &c->diag) != 0)
        return cli_fail(c);
    struct diag d = diag_init(c->arena);
    access_note_publish(c->act, c->args[0], &s, &d);
    cli_not_noted(c, &d);
    cli_note(c, "%lld records are published, %lld files written, %lld removed", (long long)s.size,
             (long long)s.n_files, (long long)s.n_removed);
    return 0;
}

static int
run_rotate(struct cli *c)
{
    struct rotation r;
    int status = cli_open(c, true);
    if (status)
        return status;
    if (rotate_run(c->act, &r, &c->diag) != 0)
        return cli_fail(c);
    if (!c->quiet)
        printf("%.*s\n", STR_ARG(r.new_vkey));
    cli_note(c, "from %lld records on; give it to whoever verifies", (long long)r.size);
    return 0;
}

const struct command cmd_audit_verify = {
    .name = "audit verify",
    .args = "",
    .summary = "recompute the audit log and compare it with everything that was signed about it",
    .example = "assay audit verify --expect /media/auditor/2026-10.checkpoint",
    .opts = verify_opts,
    .run = run_verify,
};

const struct command cmd_audit_checkpoint = {
    .name = "audit checkpoint",
    .args = "",
    .summary = "sign the size and the root of the audit log as it is now",
    .example = "assay audit checkpoint -o 2026-10.checkpoint",
    .opts = checkpoint_opts,
    .run = run_checkpoint,
};

const struct command cmd_audit_prove = {
    .name = "audit prove",
    .args = "SEQ",
    .summary = "prove to anybody that a record is in the log",
    .example = "assay audit prove 734 -o record-734.tlog-proof",
    .opts = prove_opts,
    .run = run_prove,
};

const struct command cmd_audit_publish = {
    .name = "audit publish",
    .args = "DIR",
    .summary = "write the audit log as static files that anybody can serve and verify",
    .example = "assay audit publish /srv/www/audit",
    .run = run_publish,
};

const struct command cmd_audit_rotate_key = {
    .name = "audit rotate-key",
    .args = "",
    .summary = "turn to another key for the checkpoints of the audit log",
    .example = "assay audit rotate-key",
    .run = run_rotate,
};

const struct command cmd_audit_anchor = {
    .name = "audit anchor",
    .args = "",
    .summary = "make a checkpoint and have it time-stamped by an authority (RFC 3161)",
    .example = "assay audit anchor -v",
    .run = run_anchor,
};
