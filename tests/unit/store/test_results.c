/* Scans and what they changed, as they are read for events of results. */
#include "store/results.h"

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

int
main(void)
{
    struct db t;
    db_start(&t);
    cut_lists(&t);
    test_long_list(&t);
    db_stop(&t);
    return CHECK_DONE();
}
