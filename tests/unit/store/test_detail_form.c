/* The small form of detail sets: what goes in comes out, and bytes that break a rule are refused by name. */
#include <stdlib.h>

#include "base/buf.h"
#include "check.h"
#include "store/detail.h"

enum { N = 6 };

static struct detail_text
text(struct arena *a, const char *native, const char *waiver, const char *evidence)
{
    struct detail_text t = {.native = str_c(native),
                            .waiver = str_c(waiver),
                            .evidence = arena_str(a, str_c(evidence)),
                            .n = 1,
                            .severity = SEVERITY_HIGH};
    if (t.evidence.len) {
        t.hash = ids_hash16(t.evidence);
        t.kind = DETAIL_HERE;
    }
    return t;
}

/* Position i says what stands there; "-" = nothing. */
static struct detail_form
form(struct arena *a, const char *const evidence[N])
{
    struct detail_form f = {.at = ARENA_ARRAY(a, struct detail_text *, N)};
    for (size_t i = 0; i < N; i++) {
        if (evidence[i][0] == '-')
            continue;
        f.at[i] = ARENA_NEW(a, struct detail_text);
        *f.at[i] = text(a, i % 2 ? "nope" : "", i == 2 ? "until spring" : "", evidence[i]);
        f.n_pos = i + 1;
        f.n++;
    }
    return f;
}

static bool
is_equal(const struct detail_form *f, const struct detail_form *g, struct arena *a)
{
    struct details x, y;
    detail_pack_form(f, a, &x);
    detail_pack_form(g, a, &y);
    for (size_t i = 0; i < f->n_pos; i++)
        if (f->at[i] && f->at[i]->kind == DETAIL_HERE &&
            !str_eq(f->at[i]->evidence, g->at[i]->evidence))
            return false;
    return f->n == g->n && str_eq(x.records, y.records) && str_eq(x.words, y.words);
}

static const char *const first[N] = {"host web01 has 17 of it at 10:20:33, which is more than 3",
                                     "-",
                                     "PermitRootLogin yes",
                                     "",
                                     "the same everywhere",
                                     "x"};

static void
test_round(struct arena *a)
{
    static const char *const others[][N] = {
        {"host db-17 has 4711 of it at 11:00:01, which is more than 3", "nothing before it",
         "PermitRootLogin without-password", "", "the same everywhere", "-"},
        {"-", "-", "-", "-", "-", "quite another text"},
        {"", "", "", "", "", ""},
        {"host ", "which is more than 3", "PermitRootLogin yesPermitRootLogin yes", "ä", "the",
         "xx"},
        {"which is more than 3host web01", "-", "yes", "x", "same", "x"},
    };
    struct diag d = diag_init(a);
    struct detail_form base = form(a, first), got;
    struct str alone = detail_form_pack(&base, NULL, DETAIL_MOST_BASE, a), body;
    CHECK(alone.len && detail_form_unpack(alone, NULL, a, &got, &d) == 0);
    CHECK(is_equal(&base, &got, a));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct detail_form f = form(a, others[i]), back;
        struct str packed = detail_form_pack(&f, &got, DETAIL_MOST_HERE, a);
        struct str small = detail_form_deflate(packed, a);
        CHECK(detail_form_inflate(small, a, &body, &d) == 0 && str_eq(body, packed));
        CHECK(detail_form_unpack(body, &got, a, &back, &d) == 0);
        CHECK(is_equal(&f, &back, a));
    }
    struct str same = detail_form_pack(&base, &got, DETAIL_MOST_HERE, a);
    CHECK(same.len == 7 + N);
}

/* Texts too long for the set are named, and what has a NUL is not said in this form. */
static void
test_limits(struct arena *a)
{
    struct diag d = diag_init(a);
    static const char *const nothing[N] = {"-", "-", "-", "-", "-", "-"};
    struct detail_form f = form(a, first), got, none = form(a, nothing);
    char *x = arena_alloc(a, DETAIL_MOST_HERE + 1);
    memset(x, 'y', DETAIL_MOST_HERE + 1);
    *f.at[4] = text(a, "", "", "");
    f.at[4]->evidence = str_n(x, DETAIL_MOST_HERE + 1);
    f.at[4]->hash = ids_hash16(f.at[4]->evidence);
    f.at[4]->kind = DETAIL_HERE;
    struct str body = detail_form_pack(&f, NULL, DETAIL_MOST_HERE, a);
    CHECK(f.at[4]->kind == DETAIL_NAMED && f.at[0]->kind == DETAIL_HERE);
    CHECK(detail_form_unpack(body, NULL, a, &got, &d) == 0);
    CHECK(got.at[4]->kind == DETAIL_NAMED &&
          memcmp(got.at[4]->hash.b, f.at[4]->hash.b, sizeof f.at[4]->hash.b) == 0);
    detail_form_pack(&f, NULL, DETAIL_MOST_BASE, a);
    CHECK(f.at[4]->kind == DETAIL_HERE);
    f.at[0]->waiver = str_n("a\0b", 3);
    CHECK(detail_form_pack(&f, NULL, DETAIL_MOST_HERE, a).len == 0);
    CHECK(detail_form_pack(&none, NULL, DETAIL_MOST_HERE, a).len == 0);
}

struct broken {
    const char *bytes; /* hex, spaces apart */
    const char *says;  /* "" = it is whole */
};

/* Version, positions, own; index; severity; number; kind; sizes; texts. The base says "abcdef" of position 0. */
#define HEAD1  "01 000001 000001 02 "
#define SIZES0 "0000 0000 0000 0000 0000 0000 "
static const struct broken bodies[] = {
    {HEAD1 "00 00000001 00 " SIZES0 "0000000000", ""},
    {HEAD1 "00 00000001 01 0001 0001 0001 0001 0001 0001 "
           "0000 78 00 00 00",
     ""},
    {"", "in no form"},
    {"01 0000", "in no form"},
    {"02 000001 000000 01", "in no form"},
    {"01 000000 000000", "speaks of 0 checks"},
    {"01 ffffff 000000", "speaks of 16777215 checks"},
    {"01 000001 000002 02", "speaks of 1 checks, 2 by itself"},
    {"01 000003 000000 01 01", "ends in the middle"},
    {HEAD1 "00 00000001 00 "
           "0000",
     "ends in the middle"},
    {HEAD1 "00 00000001 00 " SIZES0 "00000000", "a text has no end"},
    {HEAD1 "00 00000001 00 " SIZES0 "0000000078", "a text has no end"},
    {HEAD1 "00 00000001 00 " SIZES0 "000000000000", "more than it says"},
    {HEAD1 "06 00000001 00 " SIZES0 "0000000000", "the severity 6"},
    {HEAD1 "00 00000000 00 " SIZES0 "0000000000", "of no result"},
    {HEAD1 "00 00000001 03 " SIZES0 "0000000000", "evidence of kind 3"},
    {HEAD1 "00 00000001 00 " SIZES0 "0000780000"
           "00",
     "evidence of kind 0"},
    {HEAD1 "00 00000001 00 "
           "0001 0000 0000 0000 0000 0000 "
           "0000000000",
     "evidence of kind 0"},
    {HEAD1 "00 00000001 01 " SIZES0 "0000000000", "is empty"},
    {HEAD1 "00 00000001 01 "
           "0000 0003 0000 0000 0000 0000 "
           "0000000000",
     "is empty"},
    {HEAD1 "00 00000001 01 "
           "0007 0000 0000 0000 0000 0000 "
           "0000000000",
     "takes 7 bytes of 6"},
    {HEAD1 "00 00000001 01 "
           "ffff ffff ffff ffff ffff ffff "
           "0000000000",
     "bytes of 6"},
    {HEAD1 "00 00000001 02 " SIZES0 "0000 7878 000000", "has no name"},
    {HEAD1 "00 00000001 02 " SIZES0
           "0000 3030303030303030303030303030303030303030303030303030303030303067 000000",
     "has no name"},
    {HEAD1 "00 00000001 02 "
           "0001 0000 0000 0000 0000 0000 "
           "0000 3030303030303030303030303030303030303030303030303030303030303030 000000",
     "has no name"},
    {"01 000001 000000 03", "said in the way 3"},
    {"01 000001 000000 00", "more than it says"},
    {"01 000002 000000 01 00", "more than it says"},
    {"01 000002 000000 00 01", "the base says nothing"},
    {"01 000001 000000 02", "more texts than it says"},
    {"01 000001 000001 01 00 00000001 00 " SIZES0 "0000000000", "more than it says"},
};

static struct str
bytes_of(struct arena *a, const char *hex)
{
    AUTO_BUF b = buf_init(1 << 16);
    for (; *hex; hex += *hex == ' ' ? 1 : 2)
        if (*hex != ' ') {
            char two[3] = {hex[0], hex[1], 0};
            buf_putc(&b, (char)strtoul(two, NULL, 16));
        }
    return arena_str(a, buf_view(&b));
}

static void
check_broken(struct arena *a, const struct broken *k, int rc, struct diag *d)
{
    bool ok = k->says[0] ? rc != 0 && d->first.code == DIAG_BAD_DATA &&
                               str_find(d->first.text, k->says) >= 0
                         : rc == 0;
    CHECK(ok);
    if (!ok)
        fprintf(stderr, "  %s: %.*s\n", k->bytes, STR_ARG(diag_text(d)));
    (void)a;
}

static void
test_broken(struct arena *a)
{
    static const char *const says[N] = {"abcdef", "-", "-", "-", "-", "-"};
    struct detail_form base = form(a, says), got;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct diag d = diag_init(a);
        struct str body = bytes_of(a, bodies[i].bytes);
        check_broken(a, &bodies[i], detail_form_unpack(body, &base, a, &got, &d), &d);
        for (size_t n = 0; n < body.len && !bodies[i].says[0]; n++) { /* cut anywhere */
            struct diag cut = diag_init(a);
            CHECK(detail_form_unpack(str_n(body.s, n), &base, a, &got, &cut) != 0);
        }
    }
}

static void
test_packed(struct arena *a)
{
    static const struct broken packed[] = {
        {"", "records has 0 bytes"},
        {"01000000", "records has 4 bytes"},
        {"00000000 789c", "0 bytes when unpacked"},
        {"ffffffff 789c", "bytes when unpacked"},
        {"01000080 789c", "bytes when unpacked"},
        {"01000000 789c4b04000062", "cannot be unpacked"},
        {"02000000 789c4b040000620062", "cannot be unpacked"},
        {"01000000 789c4b04000062006200", "cannot be unpacked"},
        {"01000000 789c4b040000620062", ""},
    };
    for (size_t i = 0; i < sizeof packed / sizeof *packed; i++) {
        struct diag d = diag_init(a);
        struct str body;
        check_broken(a, &packed[i], detail_form_inflate(bytes_of(a, packed[i].bytes), a, &body, &d),
                     &d);
    }
}

int
main(void)
{
    struct arena *a = arena_new();
    test_round(a);
    test_limits(a);
    test_broken(a);
    test_packed(a);
    arena_free(a);
    return CHECK_DONE();
}
