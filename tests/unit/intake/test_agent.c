/* The list of agents: what is a change and what is not, who owns a name, what is refused, and that
 * the audit log has the old and the new value. */
#include "intake/agent.h"

#include "unit/act/session.h"

static struct session s;

/* Changes the list; words are names, those behind ":" aliases. What is wrong, else the number of
 * agents that were changed. */
static struct str
change(enum agent_act what, const char *words)
{
    VEC(struct str) names = {0}, aliases = {0};
    struct arena *a = s.db.a;
    struct str rest = str_c(words), name_words = str_cut(&rest, ':');
    size_t n = 99;
    while (name_words.len)
        *VEC_PUSH(a, &names) = str_cut(&name_words, ' ');
    while (rest.len)
        *VEC_PUSH(a, &aliases) = str_cut(&rest, ' ');
    struct agent_change c = {.act = what,
                             .names = names.v,
                             .n_names = names.n,
                             .aliases = aliases.v,
                             .n_aliases = aliases.n};
    struct diag d = diag_init(a);
    if (agent_change(s.act, &c, &n, &d) == 0)
        return arena_fmt(a, "%zu", n);
    CHECK(n == 99 && d.first.code == DIAG_USAGE);
    return d.first.text;
}

/* "name:alias,alias*" of all, "*" = frozen. */
static struct str
list(void)
{
    AUTO_BUF out = buf_init(1 << 16);
    struct agent_entry *v;
    size_t n;
    CHECK(db_ok(&s.db, agent_list(s.act, s.db.a, &v, &n, &s.db.d)));
    for (size_t i = 0; i < n; i++) {
        buf_fmt(&out, "%s%.*s", i ? " " : "", STR_ARG(v[i].name));
        for (size_t k = 0; k < v[i].n_aliases; k++)
            buf_fmt(&out, "%c%.*s", k ? ',' : ':', STR_ARG(v[i].aliases[k]));
        if (v[i].frozen)
            buf_putc(&out, '*');
    }
    return arena_str(s.db.a, buf_view(&out));
}

static void
test_add(void)
{
    int64_t from = session_log_size(&s);
    CHECK_STR(change(AGENT_ADD, "web01 db01"), "2");
    CHECK_STR(change(AGENT_ADD, "web01"), "0"); /* is there already: no change, no record */
    CHECK_STR(change(AGENT_ADD, "app01:one two"), "1");
    CHECK_STR(change(AGENT_ADD, "app01:two three"), "1");
    CHECK_STR(list(), "app01:one,three,two db01 web01");
    CHECK_STR(session_records(&s, from), "agent.add 4 web01 listed:no>yes\n"
                                         "agent.add 4 db01 listed:no>yes\n"
                                         "agent.add 4 app01 listed:no>yes aliases:>one, two\n"
                                         "agent.add 4 app01 aliases:one, two>one, two, three\n");
}

/* What comes in under a name must belong to one agent. */
static void
test_owners_of_names(void)
{
    int64_t from = session_log_size(&s);
    CHECK_STR(change(AGENT_ADD, "one"), "one is an alias of app01");
    CHECK_STR(change(AGENT_ALIAS, "web01:one"), "one is an alias of app01 already");
    CHECK_STR(change(AGENT_ALIAS, "web01:db01"), "db01 is an agent on the list: no alias");
    CHECK_STR(change(AGENT_ALIAS, "web01:web01"), "web01 is an agent on the list: no alias");
    CHECK_STR(change(AGENT_ALIAS, "ghost:x"), "ghost is not on the list (assay agent add)");
    CHECK_STR(change(AGENT_UNALIAS, "web01:one"), "one is no alias of web01");
    CHECK_STR(change(AGENT_ALIAS, "app01:one"), "0");
    /* one name that is refused undoes the whole change */
    CHECK_STR(change(AGENT_ADD, "new01 one"), "one is an alias of app01");
    CHECK_STR(change(AGENT_ADD, "new01 new01"), "new01 is named twice");
    CHECK_STR(list(), "app01:one,three,two db01 web01");
    CHECK_STR(change(AGENT_UNALIAS, "app01:one three"), "1");
    CHECK_STR(change(AGENT_ALIAS, "web01:one"), "1"); /* now it is free */
    CHECK_STR(list(), "app01:two db01 web01:one");
    CHECK_STR(
        session_records(&s, from),
        "agent.alias 5 app01 aliases:one, three, two>two\nagent.alias 5 web01 aliases:>one\n");
}

static void
test_names(void)
{
#define SHOWS                                                                                      \
    "\" is no name for the list: it holds characters that do not show, or not as themselves"
    CHECK(str_ends(change(AGENT_ADD, arena_fmt(s.db.a, "%02000d", 1).s),
                   "is no name for the list: it is empty or too long"));
    CHECK_STR(change(AGENT_ADD, "a\x01"), "\"a\xe2\x9f\xa8U+0001\xe2\x9f\xa9" SHOWS);
    CHECK_STR(change(AGENT_ADD, "a\xff"), "\"a\xef\xbf\xbd" SHOWS);
    CHECK_STR(change(AGENT_ALIAS, "web01:a\nb"), "\"a\xe2\x9f\xa8U+000A\xe2\x9f\xa9"
                                                 "b" SHOWS);
    CHECK_STR(change(AGENT_ADD, "a\xe2\x80\x8b"), "\"a\xe2\x9f\xa8U+200B\xe2\x9f\xa9" SHOWS);
    CHECK_STR(change(AGENT_ADD, "localhost"),
              "\"localhost\" is no name for the list: it is no name of a host");
}

static void
test_freeze_and_remove(void)
{
    int64_t from = session_log_size(&s);
    CHECK_STR(change(AGENT_FREEZE, "web01 db01"), "2");
    CHECK_STR(change(AGENT_FREEZE, "web01"), "0");
    CHECK_STR(change(AGENT_UNFREEZE, "db01"), "1");
    CHECK_STR(list(), "app01:two db01 web01:one*");
    s.act->dry_run = true;
    CHECK_STR(change(AGENT_REMOVE, "web01 app01"), "2"); /* says what would be */
    CHECK_STR(list(), "app01:two db01 web01:one*");
    s.act->dry_run = false;
    CHECK_STR(change(AGENT_REMOVE, "web01"), "1");
    CHECK_STR(change(AGENT_REMOVE, "web01"), "web01 is not on the list (assay agent add)");
    CHECK_STR(list(), "app01:two db01");
    CHECK_STR(session_records(&s, from),
              "agent.freeze 4 web01 frozen:no>yes\nagent.freeze 4 db01 frozen:no>yes\n"
              "agent.unfreeze 5 db01 frozen:yes>no\n"
              "agent.remove 5 web01 listed:yes>no aliases:one> frozen:yes>no\n");
}

/* Whoever has reported can be put on the list at once; what came in under an alias is another's. */
static void
test_add_seen(void)
{
    size_t n;
    struct diag d = diag_init(s.db.a);
    db_put(&s.db, "two", "P", 1000, "pf");
    db_put(&s.db, "mail01", "P", 1000, "pf");
    db_put(&s.db, "db01", "P", 1000, "pf");
    CHECK(agent_add_seen(s.act, &n, &d) == 0 && n == 1);
    CHECK_STR(list(), "app01:two db01 mail01");
}

static struct str
move(const char *name, struct str group)
{
    struct str names[] = {str_c(name)};
    struct diag d = diag_init(s.db.a);
    size_t n;
    if (agent_move(s.act, names, 1, group, CLOCK_NONE, &n, &d) == 0)
        return arena_fmt(s.db.a, "%zu", n);
    CHECK(d.first.code == DIAG_USAGE);
    return d.first.text;
}

static void
test_move(void)
{
    int64_t from = session_log_size(&s);
    CHECK_STR(move("mail01", STR("Mail")), "1");
    CHECK_STR(move("mail01", STR("Mail")), "0");
    CHECK_STR(move("ghost", STR("Mail")), "ghost has never reported");
    CHECK(str_starts(move("mail01", STR("")), "a group's name is UTF-8 of 1 to"));
    CHECK(str_starts(move("mail01", STR("a\nb")), "a group's name is UTF-8 of 1 to"));
    CHECK_STR(session_records(&s, from), "agent.move 5 mail01 group:>Mail\n");
}

int
main(void)
{
    session_start(&s, "");
    test_add();
    test_owners_of_names();
    test_names();
    test_freeze_and_remove();
    test_add_seen();
    test_move();
    session_stop(&s);
    return CHECK_DONE();
}
