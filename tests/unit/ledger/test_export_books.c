/* The books of delivery: where cursors may stand, told by what the log says, and what a file may lack. */
#include "ledger/export_books.h"

#include "site.h"

static const char *const T = "rfc5424:/x";

/* Appends a record about the target; fields and values in pairs, NULL ends them. */
static void
note(struct site *s, const char *name, const char *const *pairs)
{
    struct event_change v[4];
    struct event e = {.name = name,
                      .severity = 1,
                      .object_type = STR("target"),
                      .object_id = str_c(T),
                      .object_name = STR("/x"),
                      .reason = STR(""),
                      .changes = v};
    for (; pairs[2 * e.n_changes]; e.n_changes++)
        v[e.n_changes] = (struct event_change){.field = str_c(pairs[2 * e.n_changes]),
                                               .old_value = STR(""),
                                               .new_value = str_c(pairs[2 * e.n_changes + 1])};
    CHECK(site_ok(s, act_record(&s->act, &e, 1, &s->d)));
}

static void
told(struct site *s, const char *event, const char *first, const char *n)
{
    note(s, event, (const char *const[]){"first", first, "records", n, NULL, NULL});
}

/* "ok", or what is wrong; *ret: warnings. */
static struct str
compare_noting(struct site *s, size_t *ret)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct export_books b;
    struct store_record *r;
    size_t n;
    int64_t n_cursors = -1;
    CHECK(export_books_open(&b, &s->act, a, &d) == 0);
    CHECK(store_load_records(s->act.store, 0, 1000, a, &r, &n, &d) == 0);
    for (size_t i = 0; i < n; i++)
        export_books_add(&b, &r[i], a);
    int rc = export_books_compare(&b, &s->act, (int64_t)n, &n_cursors, &d);
    CHECK(n_cursors >= 0 && (rc == 0 || d.first.code == DIAG_VERIFY));
    struct str said = rc == 0 ? STR("ok") : arena_str(s->a, diag_text(&d));
    *ret = d.warnings.n;
    arena_free(a);
    return said;
}

static struct str
compare(struct site *s)
{
    size_t ignored;
    return compare_noting(s, &ignored);
}

/* The same of the one cursor, as doctor asks. */
static bool
doctor_is_content(struct site *s)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct store_cursor c;
    int64_t size = site_number(s, "SELECT size FROM audit_head");
    CHECK(store_load_cursor(s->act.store, str_c(T), a, &c, &d) == 0);
    bool ok = export_books_check(&s->act, &c, size, &d) == 0;
    arena_free(a);
    return ok;
}

/* 5 records, sent and told; an export.start, which is nobody's news; 3 that were skipped. */
static void
fill(struct site *s)
{
    site_reset(s);
    site_sql(s, "DELETE FROM export_cursor");
    site_sql(s, "DELETE FROM export_deadletter");
    site_append(s, 5);                                    /* 0-4 */
    told(s, "audit.export", "0", "5");                    /* 5 */
    note(s, "export.start", (const char *const[]){NULL}); /* 6 */
    site_append(s, 3);                                    /* 7-9 */
    told(s, "export.skip", "7", "3");                     /* 10 */
    site_append(s, 2);                                    /* 11-12 */
    site_sql(
        s, "INSERT INTO export_cursor (target, next_seq, told_seq) VALUES ('rfc5424:/x', 10, 10)");
}

static void
test_cursor(struct site *s)
{
    static const struct {
        const char *set, *want;
        bool doctor_sees;
    } rows[] = {
        {"next_seq = 10, told_seq = 10", "ok", false},
        {"next_seq = 11, told_seq = 11", "ok",
         false}, /* behind the record about skipping: no news */
        {"next_seq = 13, told_seq = 13",
         "export to rfc5424:/x: records 11 to 12 are behind told_seq, and no record says", true},
        {"next_seq = 13, told_seq = 10",
         "export to rfc5424:/x: records 11 to 12 are behind next_seq, and nobody is sending", true},
        {"next_seq = 13, told_seq = 10, owner = 'host 1', lease_until = UTC_TIMESTAMP(6) + "
         "INTERVAL 9 "
         "SECOND",
         "ok", false},
        {"next_seq = 5, told_seq = 5, owner = '', lease_until = NULL",
         "export to rfc5424:/x: told_seq says 5, the log that it was told up to 10", true},
        {"next_seq = 9, told_seq = 10", "export to rfc5424:/x: next_seq says 9, told_seq 10", true},
        {"next_seq = 99, told_seq = 99", "export to rfc5424:/x: next_seq says 99", true},
    };
    size_t n_warnings;
    fill(s);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        site_sql(s, arena_fmt(s->a, "UPDATE export_cursor SET %s", rows[i].set).s);
        struct str said = compare(s);
        CHECK(str_starts(said, rows[i].want));
        if (!str_starts(said, rows[i].want))
            fprintf(stderr, "  %s: %.*s\n", rows[i].set, STR_ARG(said));
        CHECK(doctor_is_content(s) == !rows[i].doctor_sees);
    }
    /* an export that died: the next one tells of it */
    site_sql(s, "UPDATE export_cursor SET next_seq = 13, told_seq = 10, owner = 'host 1', "
                "lease_until = UTC_TIMESTAMP(6) - INTERVAL 9 SECOND");
    CHECK_STR(compare_noting(s, &n_warnings), "ok");
    CHECK(n_warnings == 1);
    site_sql(s, "DELETE FROM export_cursor");
    CHECK(str_find(compare(s), "export_cursor has no row") >= 0);
    site_sql(s, "INSERT INTO export_cursor (target, next_seq, told_seq) VALUES ('another', 3, 3)");
    CHECK(str_find(compare(s), "export_cursor has no row") >= 0);
}

/* A target that never told of anything, and records between two sessions that nobody tells of. */
static void
test_holes(struct site *s)
{
    fill(s);
    told(s, "audit.export", "12", "1"); /* 13: what of 11? */
    site_sql(s, "UPDATE export_cursor SET next_seq = 13, told_seq = 13");
    CHECK_STR(compare(s),
              "export to rfc5424:/x: records 11 to 11 were passed over: no record tells of "
              "them (verify)");
    fill(s);
    site_sql(s, "INSERT INTO export_cursor (target, next_seq, told_seq) VALUES ('another', 3, 3)");
    CHECK(str_starts(compare(s), "export to another: records 0 to 2 are behind told_seq"));
}

static void
test_letters(struct site *s)
{
    fill(s);
    note(s, "export.deadletter", (const char *const[]){"record", "3", "size", "9", NULL, NULL});
    CHECK(str_starts(compare(s), "export to rfc5424:/x: record 3 was not taken"));
    site_sql(
        s,
        "INSERT INTO export_deadletter VALUES (1, 'rfc5424:/x', 3, '=', 'refused', 'x', 9, NOW())");
    CHECK_STR(compare(s), "ok");
    site_sql(s, "DELETE FROM export_deadletter");
    note(s, "export.resend", (const char *const[]){"record", "3", NULL, NULL});
    CHECK_STR(compare(s), "ok");
}

/* What a file lacks: of no target that is known here, it is said and no failure. */
static void
test_gaps(struct site *s)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct export_books b;
    struct statement_gap gaps[8];
    CHECK(export_books_open(&b, &s->act, a, &d) == 0);
    for (int i = 0; i < 8; i++)
        gaps[i] = (struct statement_gap){STR("/nowhere"), 10 * i + 2, 10 * i + 4};
    CHECK(export_books_gaps(&b, &s->act, gaps, 8, &d) == 0);
    CHECK(d.warnings.n == 6);
    CHECK_STR(d.warnings.v[0].text, "records 2 to 3 are not in it");
    arena_free(a);
}

int
main(void)
{
    struct site s;
    site_start(&s);
    test_cursor(&s);
    test_holes(&s);
    test_letters(&s);
    test_gaps(&s);
    site_stop(&s);
    return CHECK_DONE();
}
