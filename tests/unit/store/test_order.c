/* The same scans give the same database: in every order of arrival, from several processes at once,
 * and when processes are killed in between. Each run has a schema of its own on one server. */
#include <sys/wait.h>

#include "db.h"
#include "gate.h"
#include "model/fleet.h"

static const int64_t T = 1790000000;

enum { DAY = 86400, N_FILES = 24, N_ORDERS = 4, N_PROCESSES = 4, N_KILLS = 8 };

struct run {
    struct arena *a;
    struct scan_file files[N_FILES];
    unsigned seed;
};

static unsigned
next_random(unsigned *seed)
{
    *seed = *seed * 1103515245u + 12345u;
    return *seed >> 16;
}

/* What the newest scan says of an agent counts, so every scan says something else. */
static void
dress(struct arena *a, struct scan *s, int i)
{
    s->asset.os = arena_fmt(a, "os of day %lld", (long long)((s->end - T) / DAY));
    s->asset.alias = arena_fmt(a, "alias of day %lld", (long long)((s->end - T) / DAY));
    s->asset.group = (s->end - T) / DAY % 2 ? STR("odd") : STR("even");
    s->partial = i % 7 == 3;
    s->zone_assumed = i % 5 == 0;
    if (i % 4 == 2) {
        s->policy.version = STR("2");
        s->checks.v[1].title = STR("Another title");
    }
    if (i % 11 == 5) {
        s->score_only = true;
        s->checks.n = s->results.n = 0;
        s->counts[STATUS_PASS] = 5;
        s->counts[STATUS_FAIL] = 1 + i % 3;
    }
}

/* Three agents, two policies, no two files with the same key. */
static void
make_files(struct run *r)
{
    static const char letters[] = "pppfffxeun.";
    static const char *const agents[] = {"web", "db", "mail \xe2\x82\xac"};
    r->seed = 20261121;
    for (int i = 0; i < N_FILES; i++) {
        char text[9] = "";
        for (int k = 0; k < 8; k++)
            text[k] = letters[next_random(&r->seed) % (sizeof letters - 1)];
        r->files[i] = db_file(arena_fmt(r->a, "file %d", i).s);
        struct scan *s = db_scan(r->a, &r->files[i], agents[i % 3], i / 3 % 2 ? "P" : "Q",
                                 T + i / 3 * DAY, text);
        dress(r->a, s, i);
    }
}

static void
shuffle(int *order, unsigned seed)
{
    for (int i = 0; i < N_FILES; i++)
        order[i] = i;
    for (int i = N_FILES - 1; i > 0; i--) {
        int k = (int)(next_random(&seed) % (unsigned)(i + 1)), was = order[i];
        order[i] = order[k];
        order[k] = was;
    }
}

static struct store *
open_schema(struct db *t, const char *name)
{
    struct store *st = NULL;
    int from, to;
    struct store_config c = {.state_dir = t->dir, .database = name};
    if (!db_ok(t, store_open(&c, &st, &t->d)) || !db_ok(t, store_migrate(st, &from, &to, &t->d)))
        exit(1);
    return st;
}

/* ---- what is in it ---- */

static void
put_table(struct buf *out, struct store *st, struct arena *a, const char *sql)
{
    struct str rows = db_rows(st, a, sql);
    buf_fmt(out, "%.40s: %.*s\n", sql, STR_ARG(rows));
}

static void
put_fleet_scan(struct buf *out, const struct fleet *f, const struct fleet_scan *s)
{
    const struct fleet_policy *p = &f->policies.v[s->policy];
    buf_fmt(out, "scan %.*s %.*s %.*s %lld %d%d%d", STR_ARG(f->agents.v[s->agent].name),
            STR_ARG(p->id), STR_ARG(p->version), (long long)s->end, s->partial, s->score_only,
            s->zone_assumed);
    for (int i = 0; i < STATUS__COUNT; i++)
        buf_fmt(out, " %lld", (long long)s->counts[i]);
    for (size_t i = 0; s->vec && i < p->checks.n; i++)
        buf_fmt(out, " %.*s=%d(%.*s)", STR_ARG(p->checks.v[i].id), (int)fleet_status(s, i),
                STR_ARG(s->evidence ? s->evidence[i] : STR("")));
    buf_putc(out, '\n');
}

static void
put_fleet(struct buf *out, struct store *st, struct arena *a, int64_t from, int64_t to)
{
    struct fleet f = {0};
    struct diag d = diag_init(a);
    struct fleet_query q = {.from = from,
                            .to = to,
                            .policy = STR(""),
                            .agent = STR(""),
                            .with_points = true,
                            .with_texts = true,
                            .with_evidence = true};
    CHECK(store_load_fleet(st, &q, a, &f, &d) == 0);
    for (size_t i = 0; i < f.agents.n; i++) {
        const struct fleet_agent *g = &f.agents.v[i];
        buf_fmt(out, "agent %.*s %.*s %.*s %.*s %lld %lld\n", STR_ARG(g->name), STR_ARG(g->alias),
                STR_ARG(g->os), STR_ARG(f.groups.v[g->group].name), (long long)g->first_seen,
                (long long)g->last_seen);
    }
    for (size_t i = 0; i < f.scans.n; i++)
        put_fleet_scan(out, &f, &f.scans.v[i]);
    for (size_t i = 0; i < f.points.n; i++)
        buf_fmt(out, "point %.*s %lld %lld %lld\n",
                STR_ARG(f.agents.v[f.points.v[i].agent].name), (long long)f.points.v[i].end,
                (long long)f.points.v[i].passed, (long long)f.points.v[i].failed);
}

/* Everything that reports and people see, but for the times of this run. */
static struct str
contents(struct store *st, struct arena *a)
{
    AUTO_BUF out = buf_init(1 << 24);
    put_table(&out, st, a, "SELECT * FROM agent ORDER BY agent_id");
    put_table(&out, st, a, "SELECT * FROM agent_current ORDER BY agent_id, line_id");
    put_table(
        &out, st, a,
        "SELECT agent, check_id, status, severity, native, occurrences, evidence, waiver, since"
        " FROM v_findings ORDER BY 1, 2, 3, 9");
    put_table(&out, st, a,
              "SELECT agent_id, line_id, HEX(check_hash), changed_at, old_status, new_status FROM "
              "result_change ORDER BY 1, 2, 3, 4");
    put_table(&out, st, a,
              "SELECT agent_id, line_id, scanned_at, policy_id, score, flags, HEX(vec),"
              " HEX(file_sha256), HEX(content_hash), HEX(detail_set) FROM scan ORDER BY 1, 2, 3");
    put_table(&out, st, a, "SELECT policy_id, id, version, n_checks FROM policy ORDER BY 1");
    put_table(&out, st, a,
              "SELECT policy_id, pos, HEX(check_hash), HEX(text_hash) FROM policy_check "
              "ORDER BY 1, 2");
    for (int64_t day = 0; day <= 8; day += 2)
        put_fleet(&out, st, a, T - DAY, T + day * DAY + 1);
    put_fleet(&out, st, a, T + 3 * DAY, T + 5 * DAY);
    CHECK(!buf_bad(&out));
    CHECK(db_stray_lines(st) == 0);
    return arena_str(a, buf_view(&out));
}

static void
compare(struct str got, struct str want, const char *what)
{
    CHECK(str_eq(got, want));
    while (!str_eq(got, want) && got.len && want.len) {
        struct str g = str_cut(&got, '\n'), w = str_cut(&want, '\n');
        if (str_eq(g, w))
            continue;
        fprintf(stderr, "%s:\n  got  %.*s\n  want %.*s\n", what, STR_ARG(g), STR_ARG(w));
        return;
    }
}

/* ---- runs ---- */

/* All files in the order of the seed; each is a step of the gate. */
static void
put_all(struct store *st, struct run *r, unsigned seed, const struct gate *g)
{
    int order[N_FILES];
    struct arena *own = arena_new();
    struct diag d = diag_init(own);
    shuffle(order, seed);
    for (int i = 0; i < N_FILES; i++) {
        gate_wait(g);
        int rc = db_put_file(st, &r->files[order[i]], &d);
        CHECK(rc == STORE_NEW || rc == STORE_SAME);
        if (rc < 0)
            fprintf(stderr, "  file %d: %.*s\n", order[i], STR_ARG(diag_text(&d)));
        diag_clear(&d);
        gate_tell(g);
    }
    arena_free(own);
}

static void
test_orders(struct db *t, struct run *r, struct str want)
{
    for (unsigned i = 1; i <= N_ORDERS; i++) {
        struct str name = arena_fmt(t->a, "order%u", i);
        struct store *st = open_schema(t, name.s);
        put_all(st, r, i * 7919, NULL);
        compare(contents(st, t->a), want, name.s);
        store_close(st);
    }
}

/* A process of its own that stores everything; its connections are its own. */
static pid_t
spawn(struct db *t, struct run *r, const char *schema, unsigned seed, const struct gate *g)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    struct store *st = NULL;
    struct store_config c = {.state_dir = t->dir, .database = schema};
    check_failed = 0;
    if (!db_ok(t, store_open(&c, &st, &t->d)))
        _exit(2);
    put_all(st, r, seed, g);
    store_close(st);
    _exit(check_failed ? 1 : 0);
}

static void
test_together(struct db *t, struct run *r, struct str want)
{
    pid_t pids[N_PROCESSES];
    struct store *st = open_schema(t, "together");
    for (int i = 0; i < N_PROCESSES; i++)
        pids[i] = spawn(t, r, "together", (unsigned)(i + 1) * 104729, NULL);
    for (int i = 0; i < N_PROCESSES; i++) {
        int status;
        CHECK(waitpid(pids[i], &status, 0) == pids[i]);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    compare(contents(st, t->a), want, "together");
    store_close(st);
}

/* Killed within the third scan, the fifth and so on; what one left undone the next one finishes. */
static void
test_killed(struct db *t, struct run *r, struct str want)
{
    struct store *st = open_schema(t, "killed");
    for (int i = 0; i < N_KILLS; i++) {
        struct gate g;
        gate_open(&g);
        pid_t pid = spawn(t, r, "killed", (unsigned)i + 1, &g);
        gate_kill_after(&g, pid, 2 + 2 * i, (useconds_t)(i * 400));
    }
    put_all(st, r, 4711, NULL);
    compare(contents(st, t->a), want, "killed");
    store_close(st);
}

/* ---- views ---- */

static void
test_views(struct store *st, struct arena *a)
{
    static const char *const views[] = {"v_scores",   "v_scan_result",   "v_latest",
                                        "v_findings", "v_changes",       "v_inputs",
                                        "v_audit",    "v_scan_revision", "v_audit_checkpoint",
                                        "v_month_scores"};
    int64_t n = db_number(st, "SELECT COUNT(*) FROM information_schema.views WHERE table_schema="
                              "DATABASE()");
    CHECK(n == sizeof views / sizeof *views);
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        struct str sql = arena_fmt(a, "SELECT COUNT(*) FROM %s", views[i]);
        bool is_empty = i >= 5; /* nothing was received or recorded here */
        CHECK(is_empty ? db_number(st, sql.s) == 0 : db_number(st, sql.s) > 0);
    }
}

/* The view and the vector, unpacked here, agree on every result. */
static void
test_vectors(struct store *st, struct arena *a)
{
    struct fleet f = {0};
    struct diag d = diag_init(a);
    size_t n = 0;
    struct fleet_query q = {
        .from = T - DAY, .to = T + 100 * DAY, .policy = STR(""), .agent = STR("")};
    CHECK(store_load_fleet(st, &q, a, &f, &d) == 0 && f.scans.n == 6);
    for (size_t i = 0; i < f.scans.n; i++) {
        const struct fleet_scan *s = &f.scans.v[i];
        for (size_t k = 0; s->vec && k < f.policies.v[s->policy].checks.n; k++, n++) {
            struct str sql = arena_fmt(
                a,
                "SELECT status FROM v_scan_result WHERE agent='%.*s' AND policy='%.*s' AND "
                "check_id='%.*s' AND TIMESTAMPDIFF(SECOND,'1970-01-01',scanned_at)=%lld",
                STR_ARG(f.agents.v[s->agent].name), STR_ARG(f.policies.v[s->policy].id),
                STR_ARG(f.policies.v[s->policy].checks.v[k].id), (long long)s->end);
            CHECK(db_number(st, sql.s) == (int64_t)fleet_status(s, k));
        }
    }
    CHECK(n >= 32);
}

int
main(void)
{
    struct db t;
    db_start(&t);
    struct run r = {.a = t.a};
    make_files(&r);
    struct store *st = open_schema(&t, "serial");
    struct diag d = diag_init(t.a);
    for (int i = 0; i < N_FILES; i++)
        CHECK(db_put_file(st, &r.files[i], &d) == STORE_NEW);
    struct str want = contents(st, t.a);
    CHECK(want.len > 10000);
    test_views(st, t.a);
    test_vectors(st, t.a);
    test_orders(&t, &r, want);
    test_together(&t, &r, want);
    test_killed(&t, &r, want);
    store_close(st);
    db_stop(&t);
    return CHECK_DONE();
}
