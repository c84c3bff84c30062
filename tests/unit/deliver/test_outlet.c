/* The list of outlets: who is found by which scheme, what each must have, and how much goes at once. */
#include "deliver/outlet.h"

#include "check.h"

static struct arena *a;

static void
test_find(void)
{
    static const struct {
        const char *target, *scheme, *peer; /* no peer = nobody knows the scheme */
    } rows[] = {
        {"relp://x:1", "relp", "x:1"},
        {"webhook+https://x/y?z", "webhook+https", "x/y?z"},
        {"/var/log/x", NULL, "/var/log/x"},
        {"-", NULL, "-"},
        {"://x", NULL, "://x"},
        {"relp:/x", NULL, "relp:/x"},
        {"syslog://a://b", "syslog", "a://b"},
        {"nonsense://x", NULL, NULL},
        {"relpx://x", NULL, NULL},
        {"rel://x", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str peer;
        const struct outlet *o = outlet_find(str_c(rows[i].target), &peer);
        CHECK((o != NULL) == (rows[i].peer != NULL));
        if (!o || !rows[i].peer)
            continue;
        CHECK_STR(peer, rows[i].peer);
        CHECK((o->scheme == NULL) == (rows[i].scheme == NULL));
        CHECK(!o->scheme || strcmp(o->scheme, rows[i].scheme) == 0);
    }
}

/* What every outlet promises to the courier, and schemes that nobody confuses. */
static void
test_list(void)
{
    struct str names = outlet_schemes(a);
    size_t n = 0;
    for (const struct outlet *const *o = outlets; *o; o++, n++) {
        struct str peer;
        CHECK((*o)->open && (*o)->send && (*o)->close);
        CHECK(!(*o)->post == !(*o)->confirm);
        CHECK((*o)->scheme && !(*o)->is_legacy == !((*o)->weakness && !(*o)->post));
        CHECK(!((*o)->is_syslog && (*o)->wants_json));
        CHECK(outlet_find(arena_fmt(a, "%s://p", (*o)->scheme), &peer) == *o);
        CHECK(str_find(names, (*o)->scheme) >= 0);
    }
    CHECK(n >= 12);
}

static void
test_some(void)
{
    struct outlet_message m[4];
    char *text = arena_alloc(a, (size_t)2 * OUTLET_SOME);
    memset(text, 'x', (size_t)2 * OUTLET_SOME);
    for (size_t i = 0; i < 4; i++)
        m[i] = (struct outlet_message){.text = str_n(text, OUTLET_SOME / 2)};
    CHECK(outlet_some(m, 0) == 0 && outlet_some(m, 1) == 1 && outlet_some(m, 2) == 2);
    CHECK(outlet_some(m, 4) == 2);
    m[0].text.len++;
    CHECK(outlet_some(m, 4) == 1);
    m[0].text.len = (size_t)2 * OUTLET_SOME; /* one alone goes, however big it is */
    CHECK(outlet_some(m, 4) == 1);
    m[0].text.len = 0;
    CHECK(outlet_some(m, 4) == 3);
}

int
main(void)
{
    a = arena_new();
    test_find();
    test_list();
    test_some();
    arena_free(a);
    return CHECK_DONE();
}
