/* The format of backups without a database: what is written is read, and whatever is changed, cut, put twice, left out or too
 * long is refused with a place. */
#include "job/backup_file.h"

#include "base/mem.h"
#include "check.h"

struct memory {
    struct buf out;
    struct str in;
    size_t at, piece;
};

static int
put(void *ctx, struct str bytes, struct diag *d)
{
    struct memory *m = ctx;
    (void)d;
    buf_str(&m->out, bytes);
    return 0;
}

static int
get(void *ctx, char *to, size_t n, size_t *ret_n, struct diag *d)
{
    struct memory *m = ctx;
    size_t left = m->in.len - m->at;
    (void)d;
    *ret_n = n < m->piece ? n : m->piece;
    *ret_n = *ret_n < left ? *ret_n : left;
    memcpy(to, m->in.s + m->at, *ret_n);
    m->at += *ret_n;
    return 0;
}

struct seen {
    struct buf text;
};

static int
see_part(void *ctx, const struct store_part *p, struct diag *d)
{
    struct seen *s = ctx;
    (void)d;
    buf_fmt(&s->text, "%.*s(", STR_ARG(p->name));
    for (size_t i = 0; i < p->columns.n; i++)
        buf_fmt(&s->text, "%s%c %.*s", i ? "," : "", (char)p->columns.v[i].kind,
                STR_ARG(p->columns.v[i].name));
    buf_puts(&s->text, ")");
    return 0;
}

static int
see_row(void *ctx, const struct str *values, size_t n, struct diag *d)
{
    struct seen *s = ctx;
    (void)d;
    buf_puts(&s->text, "[");
    for (size_t i = 0; i < n; i++) {
        buf_puts(&s->text, i ? "|" : "");
        if (!values[i].s)
            buf_puts(&s->text, "NULL");
        else if (values[i].len > 100)
            buf_fmt(&s->text, "%zu", values[i].len);
        else
            buf_str(&s->text, values[i]);
    }
    buf_puts(&s->text, "]");
    return 0;
}

static int
see_end(void *ctx, struct diag *d)
{
    struct seen *s = ctx;
    (void)d;
    buf_puts(&s->text, ".");
    return 0;
}

static struct store_part
part_of(struct arena *a, const char *name, const char *kinds)
{
    struct store_part p = {.name = str_c(name)};
    for (size_t i = 0; kinds[i]; i++)
        *VEC_PUSH(a, &p.columns) =
            (struct store_column){arena_fmt(a, "c%zu", i), (enum store_kind)kinds[i]};
    return p;
}

/* Two parts, of which one has a value of that many bytes. */
static struct str
make(struct arena *a, size_t large)
{
    struct memory m = {.out = buf_init((size_t)1 << 28)};
    struct diag d = diag_init(a);
    struct backup_writer w;
    struct sha256_digest all;
    struct backup_manifest manifest = {.schema = 18,
                                       .made = 1764547200,
                                       .program = STR("1.0.0"),
                                       .server = STR("MariaDB 10"),
                                       .origin = STR("test/assay"),
                                       .n_records = 3,
                                       .checkpoint = STR("a\n\nb\n")};
    struct store_part one = part_of(a, "one", "ntb"), two = part_of(a, "two", "t");
    char *blob = arena_alloc(a, large + 1);
    memset(blob, 'x', large);
    struct str rows[][3] = {{STR("1"), STR("\xf0\x9f\x98\x80'\\"), str_n("\0\xff\n", 3)},
                            {STR("-2"), {NULL, 0}, str_n(blob, large)},
                            {STR("3"), STR(""), {NULL, 0}}};
    int rc = backup_write_begin(&w, put, &m, &manifest, a, &d) | backup_write_part(&w, &one, &d);
    for (size_t i = 0; i < 3; i++)
        rc |= backup_write_row(&w, rows[i], 3, &d);
    rc |= backup_write_part_end(&w, &d) | backup_write_part(&w, &two, &d) |
          backup_write_part_end(&w, &d) | backup_write_end(&w, &all, &d);
    CHECK(rc == 0 && w.n_bytes == (int64_t)m.out.len);
    backup_writer_drop(&w);
    struct str bytes = arena_str(a, buf_view(&m.out));
    buf_done(&m.out);
    return bytes;
}

static enum diag_code
read_it(struct str bytes, size_t piece, struct arena *a, struct backup_read *ret,
        struct str *ret_seen, struct str *ret_place)
{
    struct memory m = {.in = bytes, .piece = piece};
    struct diag d = diag_init(a);
    struct seen s = {buf_init(1 << 20)};
    struct backup_sink sink = {see_part, see_row, see_end, &s};
    int rc = backup_read(get, &m, &sink, a, ret, &d);
    if (ret_seen)
        *ret_seen = arena_str(a, buf_view(&s.text));
    if (ret_place)
        *ret_place = d.first.place;
    buf_done(&s.text);
    return rc == 0 ? DIAG_OK : d.first.code;
}

static void
test_round(struct arena *a)
{
    struct str bytes = make(a, 700000), seen;
    for (size_t piece = 1; piece < 100000; piece = piece * 7 + 1) {
        struct backup_read r;
        CHECK(read_it(bytes, piece, a, &r, &seen, NULL) == DIAG_OK);
        CHECK(r.n_rows == 3 && r.n_bytes == (int64_t)bytes.len && r.manifest.parts.n == 2);
        CHECK(r.manifest.schema == 18 && r.manifest.made == 1764547200 &&
              r.manifest.n_records == 3);
        CHECK_STR(r.manifest.checkpoint, "a\n\nb\n");
        CHECK_STR(r.manifest.server, "MariaDB 10");
        CHECK(str_eq(
            seen, STR("one(n c0,t c1,b "
                      "c2)[1|\xf0\x9f\x98\x80'\\|\0\xff\n][-2|NULL|700000][3||NULL].two(t c0).")));
    }
}

/* No byte counts for nothing, and no beginning is a whole. */
static void
test_each_byte(struct arena *a)
{
    struct str bytes = make(a, 40);
    char *changed = arena_copy(a, bytes.s, bytes.len);
    for (size_t i = 0; i < bytes.len; i++) {
        struct arena *b = arena_new();
        struct backup_read r;
        for (int bit = 0; bit < 8; bit++) {
            changed[i] ^= (char)(1 << bit);
            enum diag_code code = read_it(str_n(changed, bytes.len), 4096, b, &r, NULL, NULL);
            CHECK(code == DIAG_BAD_DATA || code == DIAG_TRUNCATED);
            changed[i] ^= (char)(1 << bit);
        }
        enum diag_code code = read_it(str_n(bytes.s, i), 4096, b, &r, NULL, NULL);
        CHECK(code == DIAG_TRUNCATED || code == DIAG_BAD_DATA);
        arena_free(b);
    }
}

static void
frame(struct buf *b, char kind, size_t len, struct str bytes)
{
    char head[5] = {kind, (char)(len >> 24), (char)(len >> 16), (char)(len >> 8), (char)len};
    buf_add(b, head, sizeof head);
    buf_str(b, bytes);
}

/* Frames that somebody made who knows the format. */
static void
test_hostile(struct arena *a)
{
    static const struct {
        const char *name;
        char kind;
        size_t len; /* 0 = as long as it is */
        struct str bytes;
    } cases[] = {
        {"a frame of 4 GiB", 'R', 0xffffffff, STR_INIT("x")},
        {"one that is not all there", 'R', 100 << 20, STR_INIT("x")},
        {"an unknown kind", 'Q', 0, STR_INIT("x")},
        {"rows of no part", 'R', 0, STR_INIT("\0\0\0\1x")},
        {"a part without a name", 'P', 0, STR_INIT("\nn a\n")},
        {"a name that is SQL", 'P', 0, STR_INIT("a`; x\nn a\n")},
        {"a name with a NUL", 'P', 0, STR_INIT("a\0b\nn a\n")},
        {"a part without columns", 'P', 0, STR_INIT("a\n")},
        {"a column of no kind", 'P', 0, STR_INIT("a\nx a\n")},
        {"a column without a name", 'P', 0, STR_INIT("a\nn \n")},
        {"a column that is SQL", 'P', 0, STR_INIT("a\nn a,b\n")},
        {"a manifest of nothing", 'M', 0, STR_INIT("x")},
        {"an end without a manifest", 'E', 0, STR_INIT("01234567890123456789012345678901")}};
    static const struct str rows[] = {STR_INIT(""),
                                      STR_INIT("\0\0\0"),
                                      STR_INIT("\0\0\0\5abcd"),
                                      STR_INIT("\xff\xff\xff\xfe"
                                               "abcd"),
                                      STR_INIT("\0\0\0\1a\0\0\0\1"),
                                      STR_INIT("\x80\0\0\0"
                                               "a")};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_BUF b = buf_init(1 << 20);
        struct backup_read r;
        struct str place;
        buf_puts(&b, BACKUP_MAGIC);
        frame(&b, cases[i].kind, cases[i].len ? cases[i].len : cases[i].bytes.len, cases[i].bytes);
        enum diag_code code = read_it(buf_view(&b), 4096, a, &r, NULL, &place);
        if (code != DIAG_BAD_DATA && code != DIAG_TRUNCATED)
            fprintf(stderr, "%s\n", cases[i].name);
        CHECK((code == DIAG_BAD_DATA || code == DIAG_TRUNCATED) && place.len > 0);
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_BUF b = buf_init(1 << 20);
        struct backup_read r;
        struct str place;
        buf_puts(&b, BACKUP_MAGIC);
        frame(&b, 'P', 7, STR("t\nb c0\n"));
        frame(&b, 'R', rows[i].len, rows[i]);
        CHECK(read_it(buf_view(&b), 4096, a, &r, NULL, &place) == DIAG_BAD_DATA);
        CHECK_STR(place, "part t");
    }
}

static void
test_limits(struct arena *a)
{
    AUTO_BUF many = buf_init(1 << 22), long_head = buf_init(1 << 22), twice = buf_init(1 << 20);
    struct backup_read r;
    struct str place;
    buf_puts(&many, BACKUP_MAGIC);
    for (int i = 0; i <= BACKUP_MAX_PARTS; i++) {
        struct str text = arena_fmt(a, "t%d\nn a\n", i);
        frame(&many, 'P', text.len, text);
    }
    CHECK(read_it(buf_view(&many), 4096, a, &r, NULL, &place) == DIAG_BAD_DATA);
    buf_puts(&long_head, BACKUP_MAGIC);
    char *zeros = arena_alloc(a, 2 << 20);
    memset(zeros, 'a', 2 << 20);
    frame(&long_head, 'P', 2 << 20, str_n(zeros, 2 << 20));
    CHECK(read_it(buf_view(&long_head), 65536, a, &r, NULL, &place) == DIAG_BAD_DATA);
    buf_puts(&twice, BACKUP_MAGIC);
    frame(&twice, 'P', 6, STR("t\nn a\n"));
    frame(&twice, 'P', 6, STR("t\nn a\n"));
    CHECK(read_it(buf_view(&twice), 4096, a, &r, NULL, &place) == DIAG_BAD_DATA);
    CHECK(read_it(STR(""), 4096, a, &r, NULL, NULL) == DIAG_BAD_DATA);
}

int
main(void)
{
    struct arena *a = arena_new();
    test_round(a);
    test_each_byte(a);
    test_hostile(a);
    test_limits(a);
    arena_free(a);
    return CHECK_DONE();
}
