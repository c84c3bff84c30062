/* Four writers put the same agents' scans in different orders, some are killed; then every derived
 * row is checked against a replay of the scans by an independent reading of the tables. */
#include "db.h"
#include "gate.h"

enum { AGENTS = 12, TIMES = 15, CHECKS = 12, WORKERS = 4, DAY = 86400 };
static const int64_t T = 1790000000;

/* What agent a's scan at day k says of check c: the same whoever asks. */
static char
letter(int a, int k, int c)
{
    static const char set[] = "pfpfnpw.";
    unsigned x = (unsigned)(a * 7919 + k / (1 + (a + c) % 3) * 104729 + c * 1299709);
    x ^= x >> 7;
    x *= 2654435761u;
    return set[(x >> 16) % 8];
}

static int
put_one(struct store *st, int agent, int k, int worker, struct diag *d)
{
    char letters[CHECKS + 1] = {0}, name[32], file[64];
    for (int c = 0; c < CHECKS; c++)
        letters[c] = letter(agent, k, c);
    snprintf(name, sizeof name, "agent%02d", agent);
    snprintf(file, sizeof file, "%d/%d by %d", agent, k, worker);
    struct scan_file f = db_file(file);
    db_scan(d->arena, &f, name, "P", T + k * DAY, letters);
    return db_put_file(st, &f, d);
}

/* Puts every scan of every agent that is its share, and some of the others', in an order of its
 * own; each is a step of the gate. */
static int
work(const char *dir, int worker, unsigned seed, const struct gate *g)
{
    struct store *st = NULL;
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct store_config c = {.state_dir = dir};
    if (store_open(&c, &st, &d) != 0)
        return 1;
    int order[AGENTS * TIMES];
    for (int i = 0; i < AGENTS * TIMES; i++)
        order[i] = i;
    for (int i = AGENTS * TIMES - 1; i > 0; i--) {
        seed = seed * 1103515245 + 12345;
        int j = (int)((seed >> 16) % (unsigned)(i + 1)), x = order[i];
        order[i] = order[j];
        order[j] = x;
    }
    for (int i = 0; i < AGENTS * TIMES; i++) {
        bool share = order[i] % WORKERS == worker;
        if (!share && (order[i] + worker) % 3)
            continue;
        gate_wait(g);
        if (put_one(st, order[i] / TIMES, order[i] % TIMES, worker, &d) < 0) {
            fprintf(stderr, "  worker %d: %.*s\n", worker, STR_ARG(diag_text(&d)));
            return 2;
        }
        gate_tell(g);
    }
    store_close(st);
    arena_free(a);
    return 0;
}

/* Runs all workers; those whose bit is set in victims are killed, the first within its fourth scan,
 * the next ones later, while the others go on. */
static void
run_workers(struct db *t, unsigned victims)
{
    pid_t pids[WORKERS];
    struct gate gates[WORKERS] = {0};
    for (int w = 0; w < WORKERS; w++) {
        bool is_victim = victims >> w & 1;
        if (is_victim)
            gate_open(&gates[w]);
        if ((pids[w] = fork()) == 0)
            _exit(work(t->dir, w, (unsigned)w * 77 + victims + 1, is_victim ? &gates[w] : NULL));
    }
    for (int w = 0; w < WORKERS; w++)
        if (victims >> w & 1)
            gate_kill_after(&gates[w], pids[w], 3 + 4 * w, (useconds_t)(w * 700));
    for (int w = 0; w < WORKERS; w++) {
        int status = -1;
        if (victims >> w & 1)
            continue;
        CHECK(waitpid(pids[w], &status, 0) == pids[w] && status == 0);
    }
}

static int
number(char l)
{
    return l == '.' ? 0 : (int)db_status(l);
}

static void
replay_agent(int a, struct buf *want_changes, struct buf *want_findings, struct buf *want_vectors)
{
    for (int c = 0; c < CHECKS; c++) {
        int since = 0;
        for (int k = 0; k < TIMES; k++) {
            int is = number(letter(a, k, c)), was = k ? number(letter(a, k - 1, c)) : is;
            buf_fmt(want_vectors, "%sagent%02d,c%d,%d,%d", want_vectors->len ? ";" : "", a, c, k,
                    is);
            if (was != is) {
                since = k;
                buf_fmt(want_changes, "%sagent%02d,c%d,%d,%d,%d", want_changes->len ? ";" : "", a,
                        c, k, was, is);
            }
        }
        char last = letter(a, TIMES - 1, c);
        if (last == 'f' || last == 'w')
            buf_fmt(want_findings, "%sagent%02d,c%d,%d,%d", want_findings->len ? ";" : "", a, c,
                    (int)db_status(last), since);
    }
}

static struct str
day_query(struct db *t, const char *fmt)
{
    return arena_fmt(t->a, fmt, "TIMESTAMPDIFF(DAY,'1970-01-01',", (long long)(T / DAY));
}

static void
check_all(struct db *t)
{
    AUTO_BUF changes = buf_init(1 << 24);
    AUTO_BUF findings = buf_init(1 << 24);
    AUTO_BUF vectors = buf_init(1 << 24);
    for (int a = 0; a < AGENTS; a++)
        replay_agent(a, &changes, &findings, &vectors);
    CHECK(changes.len > 1000 && findings.len > 100);
    struct str q =
        day_query(t, "SELECT agent,check_id,%schanged_at)-%lld,old_status,new_status FROM "
                     "v_changes ORDER BY agent,LENGTH(check_id),check_id,changed_at");
    CHECK_STR(db_rows(t->st, t->a, q.s), changes.data);
    q = day_query(t, "SELECT agent,check_id,status,%ssince)-%lld FROM v_findings ORDER BY "
                     "agent,LENGTH(check_id),check_id");
    CHECK_STR(db_rows(t->st, t->a, q.s), findings.data);
    q = day_query(t, "SELECT agent,check_id,%sscanned_at)-%lld,status FROM v_scan_result ORDER BY "
                     "agent,LENGTH(check_id),check_id,scanned_at");
    CHECK_STR(db_rows(t->st, t->a, q.s), vectors.data);
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM agent_current c WHERE n_scans = (SELECT COUNT(*) "
                           "FROM scan s WHERE s.agent_id=c.agent_id AND s.line_id=c.line_id) AND "
                           "scanned_at = (SELECT MAX(scanned_at) FROM scan s WHERE "
                           "s.agent_id=c.agent_id AND s.line_id=c.line_id)") == AGENTS);
    CHECK(db_stray_lines(t->st) == 0);
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM v_findings WHERE status=3 AND evidence IS NULL") ==
          0);
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM scan s WHERE s.detail_set IS NOT NULL AND NOT "
                           "EXISTS (SELECT 1 FROM detail_set e WHERE e.hash=s.detail_set)") == 0);
    CHECK(db_number(t->st, "SELECT COUNT(*) FROM policy") == 1);
}

int
main(void)
{
    struct db t;
    db_start(&t);
    run_workers(&t, 0x5);
    run_workers(&t, 0);
    check_all(&t);
    /* Everything again: nothing changes. */
    int64_t scans = db_number(t.st, "SELECT COUNT(*) FROM scan");
    CHECK(scans == AGENTS * TIMES);
    struct diag d = diag_init(t.a);
    for (int i = 0; i < AGENTS * TIMES; i++)
        CHECK(put_one(t.st, i / TIMES, i % TIMES, 9, &d) == STORE_SAME);
    CHECK(db_number(t.st, "SELECT COUNT(*) FROM scan") == scans);
    check_all(&t);
    db_stop(&t);
    return CHECK_DONE();
}
