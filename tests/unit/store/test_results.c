/* Scans and what they changed, as they are read for events of results. */
#include "store/results.h"

#include "base/clock.h"
#include "db.h"

enum { MANY = 200 };

static const int64_t T = 1790000000;

/* Every connection made behind this finds a server that cuts lists, as MySQL is from the start. */
static void
cut_lists(struct db *t)
{
    CHECK(mysql_query(t->st->db, "SET GLOBAL group_concat_max_len = 1024") == 0);
    store_close(t->st);
    if (!db_ok(t, db_open(t, &t->st)))
        exit(1);
}

static struct str
put_mappings(struct arena *a, struct scan_check *c)
{
    AUTO_BUF all = buf_init(1 << 20);
    for (int i = 0; i < MANY; i++) {
        struct scan_mapping *m = VEC_PUSH(a, &c->mappings);
        *m = (struct scan_mapping){.framework = STR("NIST SP 800-53"),
                                   .edition = STR("Revision 5"),
                                   .control = arena_fmt(a, "AC-%03d", i)};
        buf_fmt(&all, "%sNIST SP 800-53 Revision 5 AC-%03d", i ? "; " : "", i);
    }
    return arena_str(a, buf_view(&all));
}

static void
test_long_list(struct db *t)
{
    struct scan_file f = db_file("mapped");
    struct scan *s = db_scan(t->a, &f, "a", "P", T, "fp");
    struct str want = put_mappings(t->a, &s->checks.v[0]);
    struct store_result_scan *scans;
    struct store_result_check *checks;
    size_t n, n_checks;
    struct str file = sha256_hex(t->a, &f.sha256);
    CHECK(db_put_file(t->st, &f, &t->d) == STORE_NEW);
    CHECK(db_number(t->st, "SELECT @@SESSION.group_concat_max_len >= 16777216") == 1);
    CHECK(db_ok(t, store_load_result_scans(t->st, file, t->a, &scans, &n, &t->d)) && n == 1);
    CHECK(db_ok(t, store_load_result_checks(t->st, scans, t->a, &checks, &n_checks, &t->d)));
    CHECK(n_checks == 1 && want.len > 5000);
    CHECK_STR(RESULT_TEXT(&checks->event, MAPPINGS), want.s);
}

/* Of a finding: since when it is one, and how bad; what is fixed is no alarm, and knows what it was. */
static void
test_findings(struct db *t)
{
    enum { DAY = 86400 };
    static const char *const letters[] = {"fp", "pf", "fe"};
    static const struct {
        int scan, check;
        enum result_kind kind;
        int severity;
        int64_t first_seen;
    } want[] = {{0, 0, RESULT_NEW, 8, T},           {1, 0, RESULT_FIXED, 2, T},
                {1, 1, RESULT_NEW, 8, T + DAY},     {2, 0, RESULT_NEW, 8, T + 2 * DAY},
                {2, 1, RESULT_CHANGED, 8, T + DAY}, {-1, 0, RESULT_SCAN, 0, 0}};
    size_t at = 0;
    for (int i = 0; i < 3; i++) {
        struct scan_file f = db_file(letters[i]);
        struct store_result_scan *scans;
        struct store_result_check *checks;
        size_t n, n_checks;
        db_scan(t->a, &f, "b", "P", T + i * DAY, letters[i]);
        CHECK(db_put_file(t->st, &f, &t->d) == STORE_NEW);
        struct str file = sha256_hex(t->a, &f.sha256);
        CHECK(db_ok(t, store_load_result_scans(t->st, file, t->a, &scans, &n, &t->d)) && n == 1);
        CHECK((str_find(RESULT_TEXT(&scans->summary, MARKS), "first") >= 0) == (i == 0));
        CHECK(db_ok(t, store_load_result_checks(t->st, scans, t->a, &checks, &n_checks, &t->d)));
        for (size_t k = 0; k < n_checks; k++) {
            bool is_first = str_eqc(RESULT_TEXT(&checks[k].event, CHECK), "c0");
            size_t w = at; /* the list is ordered by the hash of the check */
            while (want[w].scan == i && want[w].check != !is_first)
                w++;
            CHECK(want[w].scan == i && checks[k].event.kind == want[w].kind);
            CHECK(checks[k].event.severity == want[w].severity && checks[k].event.weight == 8);
            struct str since = clock_iso(t->a, want[w].first_seen);
            CHECK_STR(RESULT_TEXT(&checks[k].event, FIRST_SEEN), since.s);
        }
        CHECK(n_checks == (i == 0 ? 1 : 2));
        at += n_checks;
    }
}

int
main(void)
{
    struct db t;
    db_start(&t);
    cut_lists(&t);
    test_long_list(&t);
    test_findings(&t);
    db_stop(&t);
    return CHECK_DONE();
}
