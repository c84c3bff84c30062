/* Fills a database with one scan of 250 checks an agent and day, a file each, in acts of 100 files as
 * `assay ingest` makes them, but without reading files: what storing and recording cost alone.
 * Usage: facts STATE_DIR AGENTS DAYS; the state directory is made by `assay init`. */
#include <stdio.h>
#include <stdlib.h>

#include "act/act.h"
#include "base/env.h"
#include "measure.h"
#include "model/status.h"

enum { CHECKS = 250, BATCH = 100, FIRST_TIME = 1790812800 /* 2026-10-01 */, DAY = 86400 };

static enum status
status_of(int agent, int check, int day)
{
    unsigned x = (unsigned)(agent * 2654435761u) ^ (unsigned)((check + day / 7) * 40503u) * 97u;
    return x % 10 < 6 ? STATUS_PASS : x % 10 < 9 ? STATUS_FAIL : STATUS_NOTAPPLICABLE;
}

static struct scan
make_scan(struct arena *a, int agent, int day)
{
    struct str none = STR("");
    struct scan s = {.format = STR("bench"), .engine = none, .start = CLOCK_NONE};
    s.end = FIRST_TIME + (int64_t)day * DAY + agent % 3600;
    s.asset = (struct scan_asset){
        .name = arena_fmt(a, "host%06d.example.net", agent), .alias = none, .os = STR("Linux 12")};
    s.asset.group = STR("Bench");
    s.policy = (struct scan_policy){STR("bench"), STR("1"), STR("Bench"), none};
    for (int k = 0; k < CHECKS; k++) {
        struct scan_check *c = VEC_PUSH(a, &s.checks);
        c->id = c->key = arena_fmt(a, "%d", 19000 + k);
        c->title = arena_fmt(a, "Ensure setting %d", k);
        c->description = c->rationale = c->remediation = c->impact = c->category = none;
        scan_add_result(a, &s,
                        (struct scan_result){.check = (size_t)k,
                                             .status = status_of(agent, k, day),
                                             .native = none,
                                             .evidence = none,
                                             .waiver = none,
                                             .time = CLOCK_NONE});
    }
    return s;
}

struct batch {
    struct scan_file files[BATCH];
    const struct scan_file *list[BATCH];
    struct store_input inputs[BATCH];
    const struct store_input *put[BATCH];
    struct event events[BATCH];
    struct event_change changes[7];
    size_t n;
};

static int
put_batch(struct act *act, void *ctx, struct diag *d)
{
    struct batch *b = ctx;
    struct store_outcome put;
    if (store_lock_lines(act->store, b->list, b->n, d) != 0)
        return -1;
    for (size_t i = 0; i < b->n; i++) {
        store_facts_for(act->store, i);
        if (store_put_scan(act->store, b->list[i], &b->list[i]->scans.v[0], &put, d) != 0)
            return -1;
    }
    return store_put_inputs(act->store, b->put, b->n, d) == 0 ? act_append(act, b->events, b->n, d)
                                                              : -1;
}

static void
fill_batch(struct batch *b, int first, size_t n, int day, struct arena *a)
{
    static const char *const fields[] = {"verdict", "size", "format", "scans",
                                         "new",     "same", "kept"};
    for (size_t i = 0; i < 7; i++)
        b->changes[i] = (struct event_change){str_c(fields[i]), STR(""), STR("1"), false};
    b->n = n;
    for (size_t i = 0; i < n; i++) {
        struct scan_file *f = &b->files[i];
        struct str name = arena_fmt(a, "host%06d-%d.json", first + (int)i, day);
        *f = (struct scan_file){.path = name, .sha256 = sha256_of(name)};
        *VEC_PUSH(a, &f->scans) = make_scan(a, first + (int)i, day);
        b->list[i] = f;
        b->inputs[i] = (struct store_input){.sha256 = f->sha256,
                                            .name = name,
                                            .format = STR("bench"),
                                            .verdict = STR("stored"),
                                            .reason = STR(""),
                                            .host = STR("bench"),
                                            .custody = STR("none"),
                                            .size = 125000,
                                            .received = env_wall_us() / 1000000,
                                            .n_scans = 1,
                                            .event = i};
        b->put[i] = &b->inputs[i];
        b->events[i] = (struct event){.name = "ingest.file",
                                      .severity = 1,
                                      .object_type = STR("file"),
                                      .object_id = sha256_hex(a, &f->sha256),
                                      .object_name = name,
                                      .reason = STR(""),
                                      .changes = b->changes,
                                      .n_changes = 7};
    }
}

int
main(int argc, char **argv)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct act *act;
    if (argc != 4)
        return 64;
    int agents = atoi(argv[2]), days = atoi(argv[3]);
    struct config c = {
        .state_dir = str_c(argv[1]), .origin = STR("bench/assay"), .database = STR("assay")};
    bench_must(act_open(&c, true, &act, &d), &d);
    double spent = 0;
    for (int day = 0; day < days; day++) {
        for (int first = 0; first < agents; first += BATCH) {
            struct arena *batch = arena_new();
            struct batch *b = ARENA_NEW(batch, struct batch);
            struct diag mine = diag_init(batch);
            size_t at;
            fill_batch(b, first, (size_t)(agents - first < BATCH ? agents - first : BATCH), day,
                       batch);
            double start = bench_wall_s();
            bench_must(store_prepare(act->store, b->list, b->n, &at, &mine), &mine);
            bench_must(act_transact(act, put_batch, b, &mine), &mine);
            spent += bench_wall_s() - start;
            arena_free(batch);
        }
    }
    printf("%d scans stored in %.1f s: %.0f a second\n", agents * days, spent,
           (double)agents * days / spent);
    act_close(act);
    arena_free(a);
    return 0;
}
