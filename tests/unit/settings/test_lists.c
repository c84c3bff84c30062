/* Settings that can be repeated: what one line of each is taken for, and what is refused. */
#include "settings/lists.h"

#include "check.h"

static struct arena *a;

/* Reads lines, parted by '|', as a list of that key; what it prints then, or what was wrong. */
static struct str
lines(const char *key, const char *values)
{
    struct config c = {.path = STR("")};
    struct diag d = diag_init(a);
    AUTO_BUF out = buf_init(1 << 16);
    size_t n;
    const struct setting *rows = config_rows(&n), *s = settings_find(rows, n, str_c(key));
    CHECK(s && s->kind == SETTING_IS_LIST);
    struct str rest = str_c(values);
    do
        if (setting_read(s, &c, str_cut(&rest, '|'), a, &d) != 0) {
            CHECK(d.first.code == DIAG_CONFIG);
            return d.first.text;
        }
    while (rest.len);
    settings_print(s, 1, &c, &out);
    return arena_str(a, buf_view(&out));
}

static void
test_texts(void)
{
    CHECK_STR(lines("audit-witness", "w+1 2"), "audit-witness = w+1 2\n");
    CHECK_STR(lines("audit-witness-ask", "a|b|a"),
              "audit-witness-ask = a\naudit-witness-ask = b\naudit-witness-ask = a\n");
    CHECK_STR(lines("audit-witness-ask", ""), "audit-witness-ask: want a value");
}

static void
test_exports(void)
{
    CHECK_STR(lines("export", "cef:/a|json:/a|cef:/a name=b"),
              "export = cef:/a\nexport = json:/a\nexport = cef:/a name=b\n");
    CHECK_STR(lines("export", "cef:/a|json:/b|cef:/a max=4096"),
              "export: there is a target cef:/a already: give one of them name=…");
    CHECK_STR(lines("export", "cef:/a name=x|json:/b name=x"),
              "export: there is a target x already: give one of them name=…");
    CHECK_STR(lines("export", "cef"), "export: want FORMAT:TARGET, got \"cef\"");
}

static void
test_groups(void)
{
    CHECK_STR(lines("group", " Web : web[0-9]*:x "), "group = Web:web[0-9]*:x\n");
    CHECK_STR(lines("group", "Web"), "group: want NAME:PATTERN, got \"Web\"");
    CHECK_STR(lines("group", "Web:"), "group: want NAME:PATTERN, got \"Web:\"");
    CHECK_STR(lines("group", ": web*"), "group: want NAME:PATTERN, got \": web*\"");
}

/* Nothing of a password or its hash is printed, and nothing of one that was given in clear is told. */
static void
test_passwords(void)
{
    const char *want = "group-password: want GROUP:$scrypt$…, as assay agent password prints it";
    struct str one = lines("group-password", "A:B:$scrypt$one"),
               two = lines("group-password", "A:B:$scrypt$two");
    CHECK(str_starts(one, "group-password = A:B:sha256 "));
    CHECK(str_find(one, "scrypt") < 0 && one.len == two.len && !str_eq(one, two));
    CHECK_STR(lines("group-password", "A:s3cret"), want);
    CHECK_STR(lines("group-password", "s3cret"), want);
    CHECK_STR(lines("group-password", "$scrypt$one"), want);
    CHECK_STR(lines("group-password", ":$scrypt$one"), want);
    CHECK_STR(lines("group-password", ""), want);
}

static void
test_agents(void)
{
    CHECK_STR(lines("agent", "web01"), "agent = web01\n");
    CHECK_STR(lines("agent", " web01 : one ,, two : three,"), "agent = web01:one,two : three\n");
    CHECK_STR(lines("agent", ":one"), "agent: want NAME[:ALIAS,…], got \":one\"");
    CHECK_STR(lines("agent", ""), "agent: want NAME[:ALIAS,…], got \"\"");
}

/* Arrays that have grown keep what was in them. */
static void
test_growth(void)
{
    struct str many = STR("");
    for (int i = 0; i < 40; i++)
        many = arena_fmt(a, "%.*s%sg%d:p%d", STR_ARG(many), i ? "|" : "", i, i);
    struct str got = lines("group", many.s);
    CHECK(str_starts(got, "group = g0:p0\ngroup = g1:p1\n") && str_ends(got, "group = g39:p39\n"));
}

int
main(void)
{
    a = arena_new();
    test_texts();
    test_exports();
    test_groups();
    test_passwords();
    test_agents();
    test_growth();
    arena_free(a);
    return CHECK_DONE();
}
