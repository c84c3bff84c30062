/* duty.c: decisions are acts, all of them or none, and what is so already is refused. */
#include "intake/duty.h"

#include "unit/act/session.h"

static struct session s;

static enum diag_code
decide(bool is_retired, int64_t from, const char *reason, const char *one, const char *two)
{
    const struct str names[] = {str_c(one), str_c(two)};
    struct duty what = {.is_retired = is_retired, .from = from, .reason = str_c(reason)};
    struct diag d = diag_init(s.db.a);
    size_t n = 99;
    int rc = duty_decide(s.act, names, two ? 2 : 1, &what, &n, &d);
    CHECK(rc == 0 ? n == (two ? 2u : 1u) : n == 99);
    return d.first.code;
}

int
main(void)
{
    session_start(&s, "agent = listed01\n");
    CHECK(db_put(&s.db, "web01", "cis", 1790000000, "pf") == STORE_NEW);
    int64_t from = session_log_size(&s);
    CHECK(decide(true, 1793491200, "sold", "web01", "listed01") == DIAG_OK);
    CHECK_STR(session_records(&s, from),
              "agent.retire 5 web01 expected:yes>no from:>2026-11-01T00:00:00Z\n"
              "agent.retire 5 listed01 expected:yes>no from:>2026-11-01T00:00:00Z\n");
    from = session_log_size(&s);
    CHECK(decide(true, 1793491201, "sold", "web01", NULL) == DIAG_USAGE);
    CHECK(decide(false, 1793491199, "back", "web01", NULL) == DIAG_USAGE); /* it was there then */
    CHECK(decide(true, 1793404800, "sold", "nobody", "web01") == DIAG_USAGE);
    CHECK(decide(true, 1793404800, "sold", "web01", "web01") == DIAG_USAGE);
    CHECK(decide(false, 1793577600, " ", "web01", NULL) == DIAG_USAGE);
    CHECK(decide(false, 1793577600, "a\nb", "web01", NULL) == DIAG_USAGE);
    CHECK(session_log_size(&s) == from);
    CHECK(decide(false, 1793577600, "bought back", "web01", NULL) == DIAG_OK);
    CHECK(decide(true, 1793404800, "sold before", "web01", NULL) == DIAG_OK);
    session_stop(&s);
    return CHECK_DONE();
}
