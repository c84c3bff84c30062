/* known.c: groups, agents and policies that a definition or a request may name. */
#include "job/known.h"

#include <unistd.h>

#include "base/file.h"
#include "job/request.h"
#include "unit/act/session.h"

static struct session s;

/* The failure of a scope, empty when all of it is known. */
static struct str
asked(struct report_scope scope)
{
    struct diag d = diag_init(s.db.a);
    int rc = known_check_scope(s.act, &scope, DIAG_USAGE, &d);
    CHECK((rc == 0) == !diag_failed(&d) && (rc == 0 || d.first.code == DIAG_USAGE));
    return rc == 0 ? STR("") : d.first.text;
}

static void
test_scope(void)
{
    static const struct str good[] = {STR("Branch")},
                            bad[] = {STR("Branhc"), STR("nothing like it")};
    CHECK_STR(asked((struct report_scope){0}), "");
    CHECK_STR(asked((struct report_scope){.agent = "web01", .policy = "cis"}), "");
    CHECK_STR(asked((struct report_scope){.groups = good, .n_groups = 1}), "");
    CHECK_STR(asked((struct report_scope){.agent = "listed01"}),
              ""); /* it need not have reported */
    CHECK_STR(asked((struct report_scope){.groups = bad, .n_groups = 1}),
              "no group \"Branhc\"; the nearest is \"Branch\"");
    CHECK_STR(asked((struct report_scope){.groups = bad + 1, .n_groups = 1}),
              "no group \"nothing like it\"; there is: Branch");
    CHECK_STR(asked((struct report_scope){.agent = "web10"}),
              "no agent \"web10\"; the nearest is \"web01\"");
    CHECK_STR(asked((struct report_scope){.policy = "cys"}),
              "no policy \"cys\"; the nearest is \"cis\"");
}

static void
test_definitions(void)
{
    struct diag d = diag_init(s.db.a);
    size_t n = 0;
    char dir[] = "/tmp/assay-unit-XXXXXX";
    CHECK(known_check_definitions(s.act, &n, &d) == 0 && n == 3);
    CHECK(mkdtemp(dir) == dir);
    struct str reports = file_join(s.db.a, dir, "reports");
    struct str file = file_join(s.db.a, reports.s, "mine.json"),
               other = file_join(s.db.a, reports.s, "our.json");
    CHECK(file_mkdirs(reports.s, 0700, &d) == 0);
    CHECK(file_write_atomic(file.s,
                            STR("{\"groups\":[\"Branch\"],\"sections\":[{\"type\":\"scope\"},"
                                "{\"type\":\"scope\",\"agent\":\"web02\"}]}"),
                            0600, &d) == 0);
    CHECK(file_write_atomic(other.s,
                            STR("{\"groups\":[\"alles\"],\"sections\":[{\"type\":\"scope\"}]}"),
                            0600, &d) == 0);
    s.act->config.templates_dir = str_c(dir);
    CHECK(known_check_definitions(s.act, &n, &d) == -1 && n == 5 && d.first.code == DIAG_CONFIG);
    CHECK_STR(d.first.place, "definition mine: sections[1]");
    CHECK_STR(d.first.text, "no agent \"web02\"; the nearest is \"web01\"");
    CHECK(d.warnings.n == 1 && str_eqc(d.warnings.v[0].place, "definition our: groups"));
    CHECK(remove(file.s) == 0 && remove(other.s) == 0 && rmdir(reports.s) == 0 && rmdir(dir) == 0);
    s.act->config.templates_dir = STR("");
}

int
main(void)
{
    session_start(&s, "group = Branch:branch*\nagent = listed01\n");
    CHECK(db_put(&s.db, "web01", "cis", 1790000000, "pf") == STORE_NEW);
    test_scope();
    test_definitions();
    session_stop(&s);
    return CHECK_DONE();
}
