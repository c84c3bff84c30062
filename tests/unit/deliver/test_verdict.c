/* What statuses of HTTP mean, and what is told of them. */
#include "deliver/verdict.h"

#include "check.h"

static const struct {
    long status;
    enum diag_code code;
} cases[] = {
    {200, DIAG_OK},           {201, DIAG_OK},           {202, DIAG_OK},
    {204, DIAG_OK},           {299, DIAG_OK},           {301, DIAG_CONFIG},
    {307, DIAG_CONFIG},       {400, DIAG_CANNOT_WRITE}, {401, DIAG_CONFIG},
    {403, DIAG_CONFIG},       {404, DIAG_CONFIG},       {405, DIAG_CONFIG},
    {408, DIAG_UNAVAILABLE},  {409, DIAG_UNAVAILABLE},  {413, DIAG_CANNOT_WRITE},
    {422, DIAG_CANNOT_WRITE}, {425, DIAG_UNAVAILABLE},  {429, DIAG_UNAVAILABLE},
    {499, DIAG_CANNOT_WRITE}, {500, DIAG_UNAVAILABLE},  {501, DIAG_CONFIG},
    {502, DIAG_UNAVAILABLE},  {503, DIAG_UNAVAILABLE},  {504, DIAG_UNAVAILABLE},
    {507, DIAG_UNAVAILABLE},  {0, DIAG_UNAVAILABLE},    {100, DIAG_UNAVAILABLE},
    {-1, DIAG_UNAVAILABLE},   {1000, DIAG_UNAVAILABLE},
};

static struct str
told(long status, const char *said, const char *secret, struct arena *a)
{
    struct diag d = diag_init(a);
    verdict_of(status, str_c(said), str_c(secret), &d);
    return d.first.text;
}

int
main(void)
{
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct diag d = diag_init(a);
        CHECK(verdict_code(cases[i].status) == cases[i].code);
        CHECK((verdict_of(cases[i].status, STR(""), STR(""), &d) == 0) ==
              (cases[i].code == DIAG_OK));
        CHECK(d.first.code == cases[i].code);
    }
    CHECK_STR(told(401, "", "", a), "401: the token is not taken");
    CHECK_STR(told(400, " no such\nfield\x1b[2J ", "", a),
              "400: refused: no such field\xe2\x9f\xa8U+001B\xe2\x9f\xa9[2J");
    CHECK_STR(told(401, "unknown: Bearer s3cret", "s3cret", a), "401: the token is not taken");
    char much[5000];
    memset(much, 'x', sizeof much - 1);
    much[sizeof much - 1] = 0;
    CHECK(told(400, much, "", a).len < 250);
    CHECK_STR(told(400, "\xff\xfe", "", a), "400: refused: \xef\xbf\xbd");
    arena_free(a);
    return CHECK_DONE();
}
