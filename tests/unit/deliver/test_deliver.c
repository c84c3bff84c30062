/* Sessions: which sink a destination is for, the order of the calls, what goes to whom; and a second sink,
 * which keeps files until the end as one that mails will. */
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "check.h"
#include "deliver/sink.h"

/* One more .c and one more line of the list: what a new sink takes. */
#undef DELIVER_SINKS
#define DELIVER_SINKS(ROW) ROW(folder_sink) ROW(parcel_sink)
extern const struct deliver_sink parcel_sink;
#include "deliver/deliver.c"

static struct arena *a;
static const char *dir;
static size_t n_finished, n_closed;

/* ---- a sink that keeps: "parcel:A,B" writes one file for A and one for B, with all files in it ---- */

struct parcel {
    struct arena *arena;
    struct str receivers;
    VEC(const struct deliver_file *) files;
};

static int
parcel_open(struct str dest, const struct deliver_options *o, struct arena *arena, void **ret,
            struct diag *d)
{
    struct parcel *p = ARENA_NEW(arena, struct parcel);
    (void)o;
    if (!dest.len)
        return diag_fail(d, DIAG_CONFIG, "nobody to send it to");
    *p = (struct parcel){.arena = arena, .receivers = dest};
    *ret = p;
    return 0;
}

static int
parcel_put(void *self, const struct deliver_file *f, struct deliver_rows *rows, struct diag *d)
{
    struct parcel *p = self;
    if (f->bytes.len > 100)
        return diag_fail(d, DIAG_CANNOT_WRITE, "too large");
    CHECK(rows->list.n == 0);
    *VEC_PUSH(p->arena, &p->files) = f;
    return 0;
}

static int
parcel_finish(void *self, struct deliver_rows *rows, struct diag *d)
{
    struct parcel *p = self;
    AUTO_BUF all = buf_init(BUF_MAX_DEFAULT);
    n_finished++;
    for (size_t i = 0; i < p->files.n; i++)
        buf_str(&all, p->files.v[i]->bytes);
    for (struct str rest = p->receivers; rest.len;) {
        struct str to = str_cut(&rest, ',');
        struct str path = file_join(p->arena, dir, arena_str(p->arena, to).s);
        if (file_write_atomic(path.s, buf_view(&all), 0600, d) != 0)
            return -1;
        for (size_t i = 0; i < p->files.n; i++)
            *VEC_PUSH(p->arena, &rows->list) =
                (struct deliver_row){.file = p->files.v[i], .destination = to, .place = path};
    }
    return 0;
}

static void
parcel_close(void *self)
{
    CHECK(self);
    n_closed++;
}

const struct deliver_sink parcel_sink = {
    .scheme = "parcel",
    .open = parcel_open,
    .put = parcel_put,
    .finish = parcel_finish,
    .close = parcel_close,
};

/* ---- */

static int
put_text(struct delivery *s, const char *name, const char *text, struct diag *d)
{
    const struct deliver_file f = {
        .name = str_c(name), .media_type = STR("text/plain"), .bytes = str_c(text)};
    return deliver_put(s, &f, d);
}

static struct str
content(const char *name)
{
    struct str text = STR("(nothing)");
    struct diag d = diag_init(a);
    file_slurp(file_join(a, dir, name).s, 1 << 20, a, &text, &d);
    return text;
}

static void
test_kept(void)
{
    struct diag d = diag_init(a);
    AUTO(deliver_close_auto) struct delivery *s = NULL;
    CHECK(deliver_open(STR("parcel:anna,bert"), a, &s, &d) == 0);
    CHECK(put_text(s, "one", "1", &d) == 0 && put_text(s, "two", "22", &d) == 0);
    CHECK_STR(content("anna"), "(nothing)"); /* not before the end */
    CHECK(deliver_finish(s, &d) == 0);
    CHECK_STR(content("anna"), "122");
    CHECK_STR(content("bert"), "122");
    const struct deliver_rows *r = deliver_handed_over(s);
    CHECK(r->list.n == 4 && deliver_file_at(s, 1) && !deliver_file_at(s, 2));
    for (size_t i = 0; i < 4 && i < r->list.n; i++) {
        CHECK(r->list.v[i].file == deliver_file_at(s, i % 2));
        CHECK_STR(r->list.v[i].destination, i < 2 ? "anna" : "bert");
    }
    const struct sha256_digest want = sha256_of(STR("22"));
    CHECK(memcmp(r->list.v[1].file->sha256.b, want.b, SHA256_SIZE) == 0);
    CHECK_STR(r->list.v[1].file->name, "two");
    CHECK_STR(r->list.v[1].file->media_type, "text/plain");
}

/* Whatever fails, the sink is closed once, and nothing more is handed over. */
static void
test_failures(void)
{
    struct diag d = diag_init(a);
    struct delivery *s = NULL;
    n_closed = n_finished = 0;
    CHECK(deliver_open(STR("parcel:"), a, &s, &d) == -1 && !s && d.first.code == DIAG_CONFIG);
    deliver_close(s);
    CHECK(n_closed == 0);

    d = diag_init(a);
    char big[102] = {0};
    memset(big, 'x', 101);
    CHECK(deliver_open(STR("parcel:carl"), a, &s, &d) == 0);
    CHECK(put_text(s, "small", "1", &d) == 0 && put_text(s, "big", big, &d) == -1);
    CHECK(d.first.code == DIAG_CANNOT_WRITE && deliver_file_at(s, 0) && !deliver_file_at(s, 1));
    deliver_close(s);
    CHECK(n_closed == 1 && n_finished == 0);
    CHECK_STR(content("carl"), "(nothing)");

    d = diag_init(a);
    CHECK(deliver_open(STR("parcel:no/such/place"), a, &s, &d) == 0); /* a slash behind the colon */
    CHECK(put_text(s, "one", "1", &d) == 0 && deliver_finish(s, &d) == -1);
    CHECK(d.first.code == DIAG_CANNOT_WRITE);
    deliver_close(s);
    CHECK(n_closed == 2 && n_finished == 1);

    d = diag_init(a);
    CHECK(deliver_open(STR("parcel:dora"), a, &s, &d) == 0 && put_text(s, "one", "1", &d) == 0);
    deliver_close(s); /* given up */
    CHECK(n_closed == 3 && n_finished == 1);
    CHECK_STR(content("dora"), "(nothing)");
}

static void
test_schemes(void)
{
    struct diag d = diag_init(a);
    struct delivery *s = NULL;
    CHECK(deliver_open(STR("pigeon:home"), a, &s, &d) == -1 && !s);
    CHECK(d.first.code == DIAG_CONFIG);
    CHECK_STR(d.first.text, "no way to deliver to \"pigeon:\"");
    for (int scheme = 0; scheme < 3; scheme++) {
        struct str rest, dest = arena_fmt(a, "%s%s/a:b", scheme == 1 ? "folder:" : "", dir);
        dest = scheme == 2 ? STR("plain") : dest;
        CHECK(find_sink(dest, &rest, &d) == &folder_sink);
        CHECK(str_ends(rest, scheme == 2 ? "plain" : "/a:b") && !str_starts(rest, "folder"));
    }
}

int
main(void)
{
    char name[] = "/tmp/assay-test-deliver-XXXXXX";
    dir = mkdtemp(name);
    CHECK(dir);
    a = arena_new();
    test_kept();
    test_failures();
    test_schemes();
    CHECK(system(arena_fmt(a, "rm -r %s", dir).s) == 0);
    arena_free(a);
    return CHECK_DONE();
}
