/* How delivery does: what waits, what fails and what was refused, read from the database and written as
 * metrics that a collector can parse. */
#include "job/health.h"
#include "job/metrics.h"

#include <unistd.h>

#include "settings/target_options.h"
#include "unit/act/session.h"

static struct session s;
static struct diag d;

static void
add_records(int n)
{
    const struct event e = {.name = "test.event",
                            .severity = 1,
                            .object_type = STR("x"),
                            .object_id = STR("x"),
                            .object_name = STR("x"),
                            .reason = STR("")};
    for (int i = 0; i < n; i++)
        CHECK(act_record(s.act, &e, 1, &d) == 0);
}

static void
put_letter(const char *target, int64_t seq, const char *state)
{
    struct store_letter l = {.target = str_c(target),
                             .seq = seq,
                             .piece = STR("record"),
                             .state = str_c(state),
                             .reason = STR("no"),
                             .size = 1,
                             .made = 1790000000};
    CHECK(store_begin(s.act->store, &d) == 0 && store_put_letter(s.act->store, &l, &d) == 0 &&
          store_commit(s.act->store, &d) == 0);
}

static void
test_describe(void)
{
    struct health_target t = {.cursor = {.failing_since = CLOCK_NONE}};
    CHECK_STR(health_describe(&t, s.db.a), "records that wait: 0");
    t.lag = 5;
    t.lag_s = 60;
    CHECK_STR(health_describe(&t, s.db.a), "records that wait: 5, the oldest for 60 s");
    t.n_reduced = 2;
    CHECK_STR(health_describe(&t, s.db.a),
              "records that wait: 5, the oldest for 60 s; dead letters: "
              "0 refused, 2 shortened, 0 unreadable");
    t.cursor.failing_since = env_wall_us() / 1000000 - 100;
    t.cursor.attempts = 3;
    t.cursor.error = STR("no route");
    CHECK(str_ends(health_describe(&t, s.db.a), " s, 3 attempts: no route"));
}

/* How long a record may wait depends on who sends; what flaps is well while it takes messages. */
static void
test_late(void)
{
    struct health_target t = {
        .cursor = {.failing_since = CLOCK_NONE}, .lag = 1, .lag_s = 1000, .limit_s = 900};
    CHECK(health_is_well(&t));
    t.is_late = true;
    CHECK(!health_is_well(&t));
    CHECK_STR(
        health_describe(&t, s.db.a),
        "records that wait: 1, the oldest for 1000 s, and may for 900 s (lag): is assay audit "
        "export --follow running, or assay run by cron?");
    t.is_late = false;
    t.cursor.failing_since = env_wall_us() / 1000000 - 50;
    t.sent.n_failed = 7;
    CHECK(health_is_well(&t) && !health_is_failing(&t));
    CHECK(str_find(health_describe(&t, s.db.a), "takes messages again, and failed 7 times") >= 0);
    t.cursor.attempts = 1;
    CHECK(!health_is_well(&t) && health_is_failing(&t));
    t.cursor.attempts = 0;
    t.wrong = STR("it is another log");
    CHECK(!health_is_well(&t));
}

/* What is remembered decides for how long records may wait, and is held against the log. */
static void
test_sent(void)
{
    struct health h;
    struct sent mine = {.target = STR("siem"), .is_followed = true, .last = {.seq = -1}};
    CHECK(health_read(s.act, s.db.a, &h, &d) == 0);
    CHECK(h.targets.v[0].limit_s == HEALTH_CRON_S && !h.targets.v[0].wrong.len);
    CHECK(sent_save(&s.act->config, &mine, true, &d) == 0);
    CHECK(health_read(s.act, s.db.a, &h, &d) == 0);
    CHECK(h.targets.v[0].limit_s == HEALTH_FOLLOW_S && !h.targets.v[0].wrong.len);
    mine.last.seq = h.size + 5;
    CHECK(sent_save(&s.act->config, &mine, true, &d) == 0);
    CHECK(health_read(s.act, s.db.a, &h, &d) == 0);
    CHECK(str_find(h.targets.v[0].wrong, "the log contradicts what was sent") >= 0);
    mine.last.seq = -1;
    mine.at = env_wall_us() / 1000000 + 3600;
    CHECK(sent_save(&s.act->config, &mine, true, &d) == 0);
    CHECK(health_read(s.act, s.db.a, &h, &d) == 0);
    CHECK(str_find(h.targets.v[0].wrong, "which is in the future") >= 0);
    CHECK(unlink(sent_path(&s.act->config, STR("siem"), s.db.a).s) == 0);
}

static void
test_read(void)
{
    struct health h;
    CHECK(health_read(s.act, s.db.a, &h, &d) == 0);
    CHECK(h.size == 0 && h.targets.n == 2 && h.run_at == CLOCK_NONE && !h.run_failed);
    CHECK(h.targets.v[0].lag == 0 && h.checkpoint == 0 && h.checkpoint_age == CLOCK_NONE);
    add_records(4);
    put_letter("siem", 1, "refused");
    put_letter("siem", 2, "reduced");
    put_letter("siem", 3, "reduced");
    put_letter("gone", 3, "refused"); /* of a target that is no more */
    CHECK(health_read(s.act, s.db.a, &h, &d) == 0);
    const struct health_target *t = &h.targets.v[0];
    CHECK_STR(t->cursor.target, "siem");
    CHECK(h.size == 4 && t->lag == 4 && t->lag_s >= 0 && t->lag_s < 60);
    CHECK(t->n_refused == 1 && t->n_reduced == 2 && t->n_unreadable == 0);
    CHECK(h.targets.v[1].n_refused + h.targets.v[1].n_reduced == 0);
}

static void
test_run(void)
{
    struct health h;
    int64_t now = env_wall_us() / 1000000;
    CHECK(health_note_run(s.act, true, 1234, &d) == 0);
    CHECK(health_read(s.act, s.db.a, &h, &d) == 0);
    CHECK(h.run_failed && h.run_at >= now && h.run_at < now + 60);
    CHECK(h.run_took_ms == 1234 && h.run_ok_at == CLOCK_NONE);
    CHECK(health_note_run(s.act, false, 60, &d) == 0 && health_read(s.act, s.db.a, &h, &d) == 0);
    CHECK(!h.run_failed && h.run_took_ms == 60 && h.run_ok_at == h.run_at);
    now = h.run_ok_at; /* of the last that did not fail */
    CHECK(health_note_run(s.act, true, 1, &d) == 0 && health_read(s.act, s.db.a, &h, &d) == 0);
    CHECK(h.run_failed && h.run_ok_at == now);
}

/* Each name has its help and type once, before its values; a quote in a target's name is escaped. */
static void
test_metrics(void)
{
    struct str text, path = session_path(&s, "assay.prom");
    CHECK(metrics_write(s.act, NULL, &d) == 0 && !file_exists(path.s)); /* not asked for */
    s.act->config.metrics_file = path;
    CHECK(metrics_write(s.act, NULL, &d) == 0);
    CHECK(file_slurp(path.s, 1 << 20, s.db.a, &text, &d) == 0);
    CHECK(str_find(text, "assay_audit_size 4\n") > 0);
    CHECK(str_find(text, "assay_export_lag_records{target=\"siem\"} 4\n") > 0);
    CHECK(str_find(text, "assay_export_deadletters{target=\"siem\",state=\"reduced\"} 2\n") > 0);
    CHECK(str_find(text, "{target=\"cef:/a\\\"b\\\\c\"}") > 0);
    CHECK(str_find(text, "checkpoint_age") < 0); /* there is none: no value is better than 0 */
    for (struct str rest = text; rest.len;) {
        struct str line = str_cut(&rest, '\n'), name = line;
        CHECK(line.len > 0 && (line.s[0] == '#' || str_starts(line, "assay_")));
        if (!str_starts(line, "# HELP "))
            continue;
        name = str_n(line.s + 7, line.len - 7);
        struct str word = str_cut(&name, ' ');
        const char *type = arena_fmt(s.db.a, "# TYPE %.*s gauge\n", STR_ARG(word)).s;
        CHECK(str_starts(rest, type));
        long first = str_find(text, type);
        CHECK(str_find(str_n(text.s + first + 1, text.len - (size_t)first - 1), type) < 0);
    }
    s.act->config.metrics_file = STR("/nonexistent/assay.prom");
    CHECK(metrics_write(s.act, NULL, &d) == -1 && d.first.code == DIAG_CANNOT_WRITE);
    diag_clear(&d);
}

int
main(void)
{
    session_start(&s, "export = json:/tmp/x name=siem\nexport = cef:/a\n");
    d = diag_init(s.db.a);
    s.act->config.exports.v[1].path = STR("/a\"b\\c");
    test_describe();
    test_late();
    test_sent();
    test_read();
    test_run();
    test_metrics();
    CHECK(!diag_failed(&d));
    session_stop(&s);
    return CHECK_DONE();
}
