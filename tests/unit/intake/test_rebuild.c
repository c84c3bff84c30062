/* Categories derived anew: what was derived up to schema 13 is told from the input's own word, what changes is
 * counted and recorded, and texts, versions and scans stay as they are. */
#include "intake/rebuild.h"

#include "ingest/category/category.h"
#include "unit/act/session.h"

static struct session s;

static void
add_mapping(struct scan_check *c, const char *edition, const char *control)
{
    *VEC_PUSH(s.db.a, &c->mappings) =
        (struct scan_mapping){STR("cis_csc"), str_c(edition), str_c(control)};
}

/* A scan as it was kept up to schema 13: what it derived stands where the input's own word does, and no source. */
static void
put_old_scan(void)
{
    struct scan_file f = db_file("old");
    struct scan *old = db_scan(s.db.a, &f, "web01", "house", 1795000000, "fffff");
    const struct {
        const char *title, *category;
    } checks[] = {{"Minimum password length", "Inventory and Control of Enterprise Assets"},
                  {"Ensure auditing is on", "House rules"},
                  {"Ensure nodev on /tmp", ""},
                  {"nothing to say", "Data Protection"},
                  {"nothing to say, either", "Account Management"}};
    for (size_t i = 0; i < old->checks.n; i++) {
        struct scan_check *c = &old->checks.v[i];
        c->title = str_c(checks[i].title);
        c->own_category = c->category = str_c(checks[i].category);
        c->category_source = STR("");
    }
    add_mapping(&old->checks.v[0], "", "1");
    add_mapping(&old->checks.v[0], "", "5");
    add_mapping(&old->checks.v[1], "v8", "8.2");
    add_mapping(&old->checks.v[3], "v8", "3.1");
    CHECK(db_put_file(s.db.st, &f, &s.db.d) == STORE_NEW);
}

/* "category|source" of the check with that title, as people see it. */
static struct str
seen(const char *title)
{
    return db_rows(s.db.st, s.db.a,
                   arena_fmt(s.db.a,
                             "SELECT CONCAT(category, '|', category_source) FROM v_latest "
                             "WHERE title = '%s'",
                             title)
                       .s);
}

static void
test_dry(void)
{
    struct rebuild_summary r;
    int64_t from = session_log_size(&s), stale = 0;
    CHECK(db_ok(&s.db, rebuild_count_stale(s.act, &stale, &s.db.d)) && stale == 5);
    s.act->dry_run = true;
    CHECK(db_ok(&s.db, rebuild_categories(s.act, &r, &s.db.d)));
    s.act->dry_run = false;
    CHECK(r.n_checks == 5 && r.n_stale == 5 && r.n_changed == 2 && r.n_gained == 1 &&
          r.n_lost == 0);
    CHECK(r.moves.n == 2 && r.moves.v[0].n == 1);
    CHECK(db_number(s.db.st, "SELECT COUNT(*) FROM check_category") == 0);
    CHECK(session_log_size(&s) == from);
    CHECK_STR(seen("Minimum password length"), "Inventory and Control of Enterprise Assets|");
}

static void
test_rebuild(void)
{
    struct rebuild_summary r;
    int64_t from = session_log_size(&s), stale = 0;
    int64_t texts = db_number(s.db.st, "SELECT SUM(CRC32(CONCAT(HEX(text_hash), category))) FROM "
                                       "check_text");
    CHECK(db_ok(&s.db, rebuild_categories(s.act, &r, &s.db.d)));
    CHECK(r.n_changed == 2 && str_eq(r.tables, category_tables()));
    CHECK_STR(seen("Minimum password length"), "Account Management|title:password*");
    CHECK_STR(seen("Ensure auditing is on"), "House rules|own");
    CHECK_STR(seen("Ensure nodev on /tmp"), "Data Protection|title:nodev");
    CHECK_STR(seen("nothing to say"), "Data Protection|cis-v8");
    CHECK_STR(seen("nothing to say, either"), "Account Management|own");
    CHECK(texts == db_number(s.db.st, "SELECT SUM(CRC32(CONCAT(HEX(text_hash), category))) FROM "
                                      "check_text"));
    CHECK(db_ok(&s.db, rebuild_count_stale(s.act, &stale, &s.db.d)) && stale == 0);
    struct str records = session_records(&s, from);
    CHECK(str_starts(records, "category.rebuild 5 ") && str_find(records, "changed:>2") > 0 &&
          str_find(records, "checks_1:1 >1 Data Protection") > 0);
    /* Nothing is left to do, and nothing is noted. */
    from = session_log_size(&s);
    CHECK(db_ok(&s.db, rebuild_categories(s.act, &r, &s.db.d)));
    CHECK(r.n_checks == 5 && r.n_stale == 0 && r.n_changed == 0 && session_log_size(&s) == from);
}

/* Rows by other tables are stale, though nothing changes by it. */
static void
test_stale(void)
{
    struct rebuild_summary r;
    int64_t stale = 0;
    CHECK(mysql_query(s.db.st->db,
                      "UPDATE check_category SET table_version = 'another' WHERE source = 'own'") ==
          0);
    CHECK(db_ok(&s.db, rebuild_count_stale(s.act, &stale, &s.db.d)) && stale == 2);
    CHECK(db_ok(&s.db, rebuild_categories(s.act, &r, &s.db.d)));
    CHECK(r.n_stale == 2 && r.n_changed == 0);
    CHECK(db_ok(&s.db, rebuild_count_stale(s.act, &stale, &s.db.d)) && stale == 0);
}

/* What belongs to a policy version, for whoever takes a digest of it. */
static void
test_list(void)
{
    struct store_policy *policies;
    struct store_category *v;
    size_t n = 0;
    CHECK(db_ok(&s.db, store_load_policies(s.db.st, s.db.a, &policies, &n, &s.db.d)) && n == 1);
    CHECK(db_ok(&s.db, store_load_policy_categories(s.db.st, policies[0].policy_id, s.db.a, &v, &n,
                                                    &s.db.d)));
    CHECK(n == 5 && str_eqc(v[1].source, "own") && str_eq(v[1].tables, category_tables()));
}

int
main(void)
{
    session_start(&s, "");
    put_old_scan();
    test_dry();
    test_rebuild();
    test_stale();
    test_list();
    session_stop(&s);
    return CHECK_DONE();
}
