/* Loading the dataset of a report: windows, filters, carried points, evidence as of the window. */
#include <math.h>
#include <time.h>

#include "db.h"

static const int64_t T = 1790000000;
enum { DAY = 86400 };

static void
fill(struct db *t)
{
    static const struct {
        const char *agent, *group, *policy, *profile;
        int day;
        const char *letters;
    } scans[] = {
        {"web1", "web", "P", "", 0, "ffpp"},    {"web1", "web", "P", "", 10, "fppp"},
        {"web1", "web", "P", "", 20, "pppp"},   {"web1", "web", "Q", "", 11, "nf"},
        {"db1", "db", "P", "server", 12, "pf"}, {"db1", "db", "P", "work", 13, "ff"},
        {"old1", "", "P", "", 1, "fffn"},
    };
    for (size_t i = 0; i < sizeof scans / sizeof *scans; i++) {
        struct scan_file f = db_file(arena_fmt(t->a, "file %zu", i).s);
        struct scan *s = db_scan(t->a, &f, scans[i].agent, scans[i].policy, T + scans[i].day * DAY,
                                 scans[i].letters);
        s->asset.group = str_c(scans[i].group);
        s->asset.os = STR("Debian");
        s->policy.profile = str_c(scans[i].profile);
        s->checks.v[0].mappings.n = 0;
        *VEC_PUSH(t->a, &s->checks.v[0].mappings) =
            (struct scan_mapping){STR("cis_csc"), STR("v8"), STR("5.1")};
        *VEC_PUSH(t->a, &s->checks.v[0].idents) = STR("CCE-1");
        *VEC_PUSH(t->a, &s->checks.v[0].idents) = STR("CCE-2");
        *VEC_PUSH(t->a, &s->scores) = (struct scan_score){STR("x"), 12.5, 100};
        *VEC_PUSH(t->a, &f.warnings) =
            (struct diag_note){DIAG_WARN_TIME, STR("end"), arena_fmt(t->a, "warning %zu", i)};
        CHECK(db_put_file(t->st, &f, &t->d) == STORE_NEW);
        struct store_input in = {.sha256 = f.sha256,
                                 .name = f.path,
                                 .format = STR("test"),
                                 .verdict = STR("stored"),
                                 .reason = STR(""),
                                 .host = STR("h"),
                                 .size = 10,
                                 .received = s->end + 60,
                                 .n_scans = 1};
        CHECK(db_ok(t, store_begin(t->st, &t->d)) && db_ok(t, db_put_input(t->st, &in, &t->d)) &&
              db_ok(t, store_put_warnings(t->st, &f, &t->d)) &&
              db_ok(t, store_commit(t->st, &t->d)));
    }
}

static struct fleet
load(struct db *t, struct fleet_query q)
{
    struct fleet f = {0};
    CHECK(db_ok(t, store_load_fleet(t->st, &q, t->a, &f, &t->d)));
    return f;
}

/* "agent/policy/profile:statuses evidence", a line a scan. */
static struct str
describe(struct db *t, const struct fleet *f)
{
    AUTO_BUF b = buf_init(1 << 20);
    for (size_t i = 0; i < f->agents.n; i++)
        for (size_t k = 0; k < f->scans.n; k++) {
            const struct fleet_scan *s = &f->scans.v[k];
            if (s->agent != i)
                continue;
            buf_fmt(&b, "%.*s/%.*s/%.*s:", STR_ARG(f->agents.v[i].name),
                    STR_ARG(f->policies.v[s->policy].id), STR_ARG(s->profile));
            for (size_t c = 0; c < s->n_vec; c++)
                buf_fmt(&b, "%d", (int)fleet_status(s, c));
            for (size_t c = 0; s->evidence && c < s->n_vec; c++)
                buf_fmt(&b, " %.*s", STR_ARG(s->evidence[c]));
            buf_putc(&b, '\n');
        }
    return arena_str(t->a, buf_view(&b));
}

static void
test_window(struct db *t)
{
    struct fleet_query q = {.from = T + 9 * DAY, .to = T + 15 * DAY, .with_evidence = true};
    q.with_warnings = true;
    q.policy = q.agent = STR("");
    struct fleet f = load(t, q);
    CHECK(f.agents.n == 3 && f.groups.n == 3);
    CHECK_STR(f.groups.v[f.agents.v[2].group].name, "web");
    CHECK_STR(f.agents.v[2].os, "Debian");
    CHECK(f.agents.v[2].first_seen == T && f.agents.v[2].last_seen == T + 20 * DAY);
    /* The newest inside, with the evidence it had then, though it passes by now. */
    CHECK_STR(describe(t, &f), "db1/P/server:13  E1\ndb1/P/work:33 E0 E1\n"
                               "web1/P/:3111 E0   \nweb1/Q/:73  E1\n");
    CHECK(f.warnings.n == 4 && f.warnings.v[0].code == DIAG_WARN_TIME);
    CHECK(f.points.n == 0 && f.inputs.n == 0);
    for (size_t i = 0; i < f.scans.n; i++)
        CHECK(f.scans.v[i].reported_score == 12.5 && f.scans.v[i].end >= q.from &&
              f.scans.v[i].end < q.to);
    q.to = T + 20 * DAY; /* half open */
    f = load(t, q);
    CHECK(str_find(describe(t, &f), "web1/P/:3111") >= 0);
    q.to++;
    f = load(t, q);
    CHECK(str_find(describe(t, &f), "web1/P/:1111") >= 0);
}

static void
test_filters(struct db *t)
{
    struct str web = STR("web");
    struct fleet_query q = {.from = T, .to = T + 100 * DAY, .groups = &web, .n_groups = 1};
    q.policy = q.agent = STR("");
    struct fleet f = load(t, q);
    CHECK(f.agents.n == 1 && f.groups.n == 1);
    CHECK_STR(describe(t, &f), "web1/P/:1111\nweb1/Q/:73\n");
    CHECK(f.warnings.n == 0); /* nobody asked for them */
    q.policy = STR("Q");
    q.with_points = q.with_inputs = q.with_warnings = true;
    f = load(t, q);
    CHECK_STR(describe(t, &f), "web1/Q/:73\n");
    CHECK(f.policies.n == 1 && f.points.n == 1 && f.inputs.n == 1 && f.warnings.n == 1);
    CHECK_STR(f.warnings.v[0].text, "warning 3");
    CHECK_STR(f.inputs.v[0].name, "file 3");
    q = (struct fleet_query){.from = T, .to = T + 100 * DAY, .agent = STR("old1")};
    q.policy = STR("");
    f = load(t, q);
    CHECK_STR(describe(t, &f), "old1/P/:3337\n");
    q.agent = STR("nobody");
    f = load(t, q);
    CHECK(f.agents.n == 0 && f.scans.n == 0);
}

/* The same finding of many files is one, and what is too much is said. */
static void
test_warnings(struct db *t)
{
    struct scan_file f = db_file("noisy"), g = db_file("quiet");
    db_scan(t->a, &f, "noisy", "W", T, "p");
    db_scan(t->a, &g, "quiet", "W", T, "p");
    for (int i = 0; i < 1200; i++)
        *VEC_PUSH(t->a, &f.warnings) =
            (struct diag_note){DIAG_WARN_DATA, STR("x"), arena_fmt(t->a, "n %04d", i)};
    *VEC_PUSH(t->a, &g.warnings) = f.warnings.v[0];
    const struct scan_file *files[] = {&f, &g};
    for (size_t i = 0; i < 2; i++)
        CHECK(db_put_file(t->st, files[i], &t->d) == STORE_NEW &&
              db_ok(t, store_begin(t->st, &t->d)) &&
              db_ok(t, store_put_warnings(t->st, files[i], &t->d)) &&
              db_ok(t, store_commit(t->st, &t->d)));
    struct fleet_query q = {.from = T, .to = T + 1, .policy = STR("W"), .agent = STR("")};
    q.with_warnings = true;
    struct fleet fl = load(t, q);
    CHECK(fl.warnings.n == 1001);
    CHECK_STR(fl.warnings.v[1].text, "n 0001");
    CHECK_STR(fl.warnings.v[1000].text, "200 further findings are not listed");
}

static void
test_points(struct db *t)
{
    struct fleet_query q = {.from = T + 15 * DAY,
                            .to = T + 30 * DAY,
                            .with_points = true,
                            .with_inputs = true,
                            .with_texts = true};
    q.policy = q.agent = STR("");
    struct fleet f = load(t, q);
    CHECK(f.scans.n == 1 && f.agents.n == 3); /* agents without a scan in the period are there */
    int64_t before = 0, sum_failed = 0;
    for (size_t i = 0; i < f.points.n; i++) {
        CHECK(f.points.v[i].end < q.to && (i == 0 || f.points.v[i - 1].end <= f.points.v[i].end));
        before += f.points.v[i].end < q.from;
        sum_failed += f.points.v[i].failed;
    }
    /* What each line was when the window opened, so that it can be carried forward. */
    CHECK(before == 5 && f.points.n == 6 && sum_failed == 1 + 1 + 1 + 2 + 3);
    CHECK(f.inputs.n == 1 && f.inputs.v[0].size == 10);
    CHECK_STR(f.inputs.v[0].name, "file 2");
    CHECK(f.policies.n >= 2);
    const struct fleet_policy *p = &f.policies.v[f.scans.v[0].policy];
    CHECK(p->checks.n == 4 && p->checks.v[0].mappings.n == 1 && p->checks.v[0].idents.n == 2);
    CHECK_STR(p->checks.v[0].mappings.v[0].control, "5.1");
    CHECK_STR(p->checks.v[0].idents.v[1], "CCE-2");
    int64_t first = 0;
    CHECK(db_ok(t, store_first_scan(t->st, &first, &t->d)) && first == T);
}

/* Some hundred agents of 250 checks: figures for the eye, and a bound that only a blunder reaches.
 */
static void
test_size(struct db *t)
{
    enum { AGENTS = 400, CHECKS = 250, A_FILE = 50 };
    char letters[CHECKS + 1];
    struct timespec c0, c1;
    int64_t start = env_wall_us();
    for (int i = 0; i < AGENTS; i += A_FILE) {
        struct arena *a = arena_new();
        struct diag d = diag_init(a);
        struct scan_file f = db_file(arena_fmt(a, "size %d", i).s);
        for (int k = i; k < i + A_FILE; k++) {
            for (int c = 0; c < CHECKS; c++)
                letters[c] = (c * 7 + k) % 10 ? 'p' : 'f';
            letters[CHECKS] = 0;
            db_scan(a, &f, arena_fmt(a, "size%04d", k).s, "BIG", T, letters);
        }
        CHECK(db_put_file(t->st, &f, &d) == STORE_NEW);
        arena_free(a);
    }
    int64_t stored = env_wall_us();
    struct fleet_query q = {.from = T, .to = T + 1, .with_points = true, .with_evidence = true};
    q.policy = STR("BIG");
    q.agent = STR("");
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &c0);
    struct fleet f = load(t, q);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &c1);
    double cpu = (double)(c1.tv_sec - c0.tv_sec) + (double)(c1.tv_nsec - c0.tv_nsec) / 1e9;
    CHECK(f.scans.n == AGENTS);
    printf("%d scans stored in %lld ms, loaded in %lld ms (%.0f ms of our CPU)\n", AGENTS,
           (long long)(stored - start) / 1000, (long long)(env_wall_us() - stored) / 1000,
           cpu * 1e3);
    size_t failed = 0, evidence = 0;
    for (size_t i = 0; i < f.scans.n; i++)
        for (size_t c = 0; c < CHECKS; c++) {
            failed += fleet_status(&f.scans.v[i], c) == STATUS_FAIL;
            evidence += f.scans.v[i].evidence[c].len > 0;
        }
    CHECK(failed == AGENTS * CHECKS / 10 && evidence == failed);
    CHECK(cpu < 5);
}

int
main(void)
{
    struct db t;
    db_start(&t);
    fill(&t);
    test_window(&t);
    test_filters(&t);
    test_points(&t);
    test_warnings(&t);
    test_size(&t);
    db_stop(&t);
    return CHECK_DONE();
}
