/* The words of a report for those who come after it: report.c writes them for a report that was made,
 * schedule.c for one that failed. */
#include "job/report_record.h"

#include <assert.h>

#include "base/clock.h"
#include "base/env.h"

struct event
report_record_made(const struct report_identity *id, struct str title,
                   const struct sha256_digest *dataset, struct arena *a)
{
    int64_t as_of = env_as_of();
    const struct str words[][2] = {
        {STR("period"), id->period_key},     {STR("dataset"), sha256_hex(a, dataset)},
        {STR("definition"), id->definition}, {STR("scope"), id->scope_text},
        {STR("language"), id->language},     {STR("version"), id->version},
        {STR("as_of"), as_of ? clock_iso(a, as_of) : STR("")}};
    enum { VERSION = 5 };
    size_t n = sizeof words / sizeof *words - !as_of; /* the last one says what is not usual */
    struct event_change *details = ARENA_ARRAY(a, struct event_change, n);
    assert(id->id.len && id->version.len);
    for (size_t i = 0; i < n; i++)
        details[i] = (struct event_change){
            .field = words[i][0], .old_value = STR(""), .new_value = words[i][1]};
    details[VERSION].old_value = id->supersedes;
    return (struct event){.name = "report.make",
                          .severity = 2,
                          .object_type = STR("report"),
                          .object_id = id->id,
                          .object_name = title,
                          .reason = id->reason,
                          .changes = details,
                          .n_changes = n};
}

struct event
report_record_failed(const struct report_identity *id, struct str title, struct str reason)
{
    assert(id->spelled.len && reason.len);
    return (struct event){.name = "report.make",
                          .outcome = EVENT_FAILURE,
                          .severity = 6,
                          .object_type = STR("report"),
                          .object_id = id->spelled,
                          .object_name = title,
                          .reason = reason};
}

struct event
report_record_claimed(const struct report_identity *id, struct arena *a)
{
    struct event_change *c = ARENA_NEW(a, struct event_change);
    *c = (struct event_change){
        .field = STR("period"), .old_value = STR(""), .new_value = id->period_key};
    return (struct event){.name = "report.claim",
                          .severity = 1,
                          .object_type = STR("definition"),
                          .object_id = id->definition,
                          .object_name = id->definition,
                          .reason = STR(""),
                          .changes = c,
                          .n_changes = 1};
}

static struct store_run
run_of(const struct report_identity *id, struct str state)
{
    return (struct store_run){.definition = id->definition,
                              .period_key = id->period_key,
                              .state = state,
                              .host = str_c(env_host()),
                              .report_id = STR(""),
                              .dataset_hex = STR(""),
                              .manifest_hex = STR(""),
                              .reason = STR(""),
                              .changed = env_wall_us() / 1000000};
}

struct store_run
report_record_run_done(const struct report_identity *id, struct str dataset_hex,
                       struct str manifest_hex)
{
    assert(dataset_hex.len && manifest_hex.len);
    struct store_run run = run_of(id, STR("done"));
    run.report_id = id->id;
    run.dataset_hex = dataset_hex;
    run.manifest_hex = manifest_hex;
    return run;
}

struct store_run
report_record_run_failed(const struct report_identity *id, struct str reason)
{
    struct store_run run = run_of(id, STR("failed"));
    run.reason = reason;
    return run;
}
