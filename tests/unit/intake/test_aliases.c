/* What agents call themselves: told of once, when it first comes in and is another agent's, too. */
#include "intake/aliases.h"

#include "unit/act/session.h"

static struct session s;

/* What is said about an agent of that alias: "" = nothing. */
static struct str
said(struct aliases *al, const char *name, const char *alias)
{
    struct diag about = diag_init(s.db.a), d = diag_init(s.db.a);
    struct scan_asset as = {.name = str_c(name), .alias = str_c(alias)};
    CHECK(aliases_judge(al, &as, &about, &d) == 0 && !diag_failed(&d));
    CHECK(about.warnings.n <= 1);
    if (!about.warnings.n)
        return STR("");
    CHECK_STR(about.warnings.v[0].place, ALIASES_PLACE);
    return about.warnings.v[0].text;
}

static void
test_in_a_run(void)
{
    struct aliases *al = aliases_new(s.act->store);
    CHECK_STR(said(al, "web01", "web01"), "");
    CHECK_STR(said(al, "web01", ""), "");
    CHECK_STR(said(al, "evil02", "srv06.example.net"), "");
    CHECK_STR(said(al, "srv06.example.net", ""),
              "agent \"srv06.example.net\" has the name that is the alias of agent \"evil02\"");
    CHECK_STR(said(al, "srv06.example.net", ""), "");
    CHECK_STR(said(al, "evil03", "srv06.example.net"),
              "agent \"evil03\" gives itself the name of another agent as its alias: "
              "\"srv06.example.net\"");
    CHECK_STR(said(al, "evil03", "srv06.example.net"), "");
    CHECK_STR(said(al, "a", "Shop"), "");
    CHECK_STR(said(al, "b", "Shop"),
              "agent \"b\" gives itself an alias that is also that of agent \"a\"");
    CHECK_STR(said(al, "a", "Market"), ""); /* it gives the alias up */
    CHECK_STR(
        said(al, "c\xe2\x80\xae", "Market"),
        "agent \"c\xe2\x9f\xa8U+202E\xe2\x9f\xa9\" gives itself an alias that is also that of "
        "agent \"a\"");
    aliases_free(al);
    aliases_free(NULL);
}

/* The agents of earlier runs are known when the first alias comes in. */
static void
test_of_the_database(void)
{
    struct scan_file f = db_file("srv06");
    db_scan(s.db.a, &f, "srv06", "base", 1790000000, "pf")->asset.alias = STR("Shop");
    CHECK(db_ok(&s.db, db_put_file(s.db.st, &f, &s.db.d) < 0 ? -1 : 0));
    struct aliases *al = aliases_new(s.act->store);
    CHECK_STR(said(al, "new01", ""), "");
    CHECK_STR(said(al, "evil01", "new01"),
              "agent \"evil01\" gives itself the name of another agent as its alias: \"new01\"");
    CHECK_STR(said(al, "evil02", "srv06"),
              "agent \"evil02\" gives itself the name of another agent as its alias: \"srv06\"");
    CHECK_STR(said(al, "evil03", "Shop"),
              "agent \"evil03\" gives itself an alias that is also that of agent \"srv06\"");
    CHECK_STR(said(al, "srv06", "Shop"), "");
    aliases_free(al);
}

int
main(void)
{
    session_start(&s, "");
    test_in_a_run();
    test_of_the_database();
    session_stop(&s);
    return CHECK_DONE();
}
