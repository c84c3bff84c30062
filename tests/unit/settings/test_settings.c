/* Typed settings: standards, what each kind takes and refuses, and that what is printed is read again. */
#include "settings/settings.h"

#include "check.h"

enum colour { COLOUR_RED, COLOUR_BLUE, COLOUR_GREEN };

struct thing {
    struct str name, code;
    bool loud;
    int64_t size;
    enum colour colour;
};

static const char *const colours[] = {
    [COLOUR_RED] = "red", [COLOUR_BLUE] = "blue", [COLOUR_GREEN] = "green", NULL};

static int
check_code(struct str value, struct diag *d)
{
    return value.len == 2 ? 0 : diag_fail(d, DIAG_CONFIG, "want two letters");
}

static const struct setting table[] = {
    SETTING_TEXT(thing, name, "name", "none"),
    SETTING_CHECKED(thing, code, "code", "", check_code),
    SETTING_FLAG(thing, loud, "loud", "yes"),
    SETTING_NUMBER(thing, size, "size", "7", -5, 10),
    SETTING_WORD(thing, colour, "colour", "blue", colours),
};

enum { N = sizeof table / sizeof *table };

static struct arena *a;

static struct thing
standard_thing(void)
{
    struct thing t;
    settings_reset(table, N, &t);
    return t;
}

/* Sets key of a standard thing; what it prints then, or what was wrong. */
static struct str
set(const char *key, const char *value)
{
    struct thing t = standard_thing();
    struct diag d = diag_init(a);
    AUTO_BUF out = buf_init(4096);
    const struct setting *s = settings_find(table, N, str_c(key));
    CHECK(s != NULL);
    if (setting_read(s, &t, str_c(value), a, &d) != 0) {
        CHECK(d.first.code == DIAG_CONFIG);
        return d.first.text;
    }
    setting_print(s, &t, &out);
    return arena_str(a, buf_view(&out));
}

static void
test_standards(void)
{
    struct thing t = standard_thing();
    CHECK_STR(t.name, "none");
    CHECK_STR(t.code, "");
    CHECK(t.loud && t.size == 7 && t.colour == COLOUR_BLUE);
    CHECK(!settings_find(table, N, STR("nam")) && !settings_find(table, N, STR("")));
}

int
main(void)
{
    a = arena_new();
    test_standards();
    CHECK_STR(set("name", "a = \"b\""), "a = \"b\"");
    CHECK_STR(set("code", "xy"), "xy");
    CHECK_STR(set("code", "xyz"), "code: want two letters");
    CHECK_STR(set("loud", "OFF"), "no");
    CHECK_STR(set("loud", "true"), "yes");
    CHECK_STR(set("loud", "y"), "loud: want yes or no, got \"y\"");
    CHECK_STR(set("size", "-5"), "-5");
    CHECK_STR(set("size", "11"), "size: want a number from -5 to 10, got \"11\"");
    CHECK_STR(set("size", "1x"), "size: want a number from -5 to 10, got \"1x\"");
    CHECK_STR(set("colour", "green"), "green");
    CHECK_STR(set("colour", "Green"), "colour: want red, blue or green, got \"Green\"");
    arena_free(a);
    return CHECK_DONE();
}
