/* report_record.c: the audit record and the run's row of a report, made or failed. */
#include "job/report_record.h"

#include <stdlib.h>
#include <time.h>

#include "base/env.h"
#include "check.h"

static struct report_identity
identity(struct arena *a)
{
    struct period p;
    CHECK(period_parse(STR("2026-10"), 0, &p));
    struct report_scope all = {0};
    return report_identity_make(a, STR("Büro"), all, STR("en"), p);
}

static void
test_made(struct arena *a)
{
    static const char *const want[][2] = {{"period", "2026-10"},  {"dataset", NULL},
                                          {"definition", "Büro"}, {"scope", "all"},
                                          {"language", "en"},     {"version", "8"}};
    struct report_identity id = identity(a);
    struct sha256_digest dataset = sha256_of(STR("data"));
    report_identity_number(&id, a, 7, true, STR("late scans"));
    struct event e = report_record_made(&id, STR("Title"), &dataset, a);
    CHECK(strcmp(e.name, "report.make") == 0 && e.outcome == EVENT_SUCCESS && e.severity == 2);
    CHECK_STR(e.object_type, "report");
    CHECK_STR(e.object_id, "B--ro-4cd05bd1-2026-10");
    CHECK_STR(e.object_name, "Title");
    CHECK_STR(e.reason, "late scans");
    CHECK(e.n_changes == 6);
    for (size_t i = 0; i < 6; i++) {
        const char *value = want[i][1] ? want[i][1] : sha256_hex(a, &dataset).s;
        CHECK_STR(e.changes[i].field, want[i][0]);
        CHECK_STR(e.changes[i].new_value, value);
        CHECK_STR(e.changes[i].old_value, i == 5 ? "7" : "");
        CHECK(!e.changes[i].is_secret);
    }
}

static void
test_failed(struct arena *a)
{
    struct report_identity id = identity(a);
    struct event e = report_record_failed(&id, STR("Title"), STR("no texts"));
    CHECK(strcmp(e.name, "report.make") == 0 && e.outcome == EVENT_FAILURE && e.severity == 6);
    CHECK_STR(e.object_type, "report");
    CHECK_STR(e.object_id, "Büro-2026-10");
    CHECK_STR(e.object_name, "Title");
    CHECK_STR(e.reason, "no texts");
    CHECK(e.n_changes == 0);
}

static void
test_runs(struct arena *a)
{
    struct report_identity id = identity(a);
    int64_t before = env_wall_us() / 1000000;
    struct store_run done = report_record_run_done(&id, STR("aa"), STR("bb"));
    struct store_run failed = report_record_run_failed(&id, STR("no disk"));
    CHECK_STR(failed.reason, "no disk");
    const struct store_run *both[] = {&done, &failed};
    for (size_t i = 0; i < 2; i++) {
        CHECK_STR(both[i]->definition, "Büro");
        CHECK_STR(both[i]->period_key, "2026-10");
        CHECK_STR(both[i]->host, env_host());
        CHECK(both[i]->changed >= before && both[i]->changed <= before + 60);
    }
    CHECK_STR(done.state, "done");
    CHECK_STR(done.report_id, "B--ro-4cd05bd1-2026-10");
    CHECK_STR(done.dataset_hex, "aa");
    CHECK_STR(done.manifest_hex, "bb");
    CHECK_STR(failed.state, "failed");
    CHECK(!failed.report_id.len && !failed.dataset_hex.len && !failed.manifest_hex.len);
}

int
main(void)
{
    struct arena *a = arena_new();
    setenv("TZ", "UTC", 1);
    tzset();
    test_made(a);
    test_failed(a);
    test_runs(a);
    arena_free(a);
    return CHECK_DONE();
}
