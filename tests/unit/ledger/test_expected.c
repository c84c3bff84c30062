/* Files that somebody kept, read inside the sandbox: one that makes its reader die, or answer as no reader
 * does, fails by itself. What honest files say is held against a log in test_statements.c. */
#include "../../../src/ledger/expected.c"

#include <fcntl.h>
#include <signal.h>

#include "check.h"

struct fixture {
    struct arena *a;
    struct config c;
    struct audit_keys none;
    const char *path;
};

/* What came of reading the file by this reader. */
static enum diag_code
read_by(struct fixture *f, confined_fn *fn, const char *words)
{
    struct diag d = diag_init(f->a);
    struct expected_file file = {0};
    if (read_file(&f->c, f->path, fn, &f->none, f->a, &file, &d) == 0)
        return DIAG_OK;
    struct str text = diag_text(&d);
    bool ok = str_find(text, words) >= 0 && str_starts(text, f->path);
    CHECK(ok);
    if (!ok)
        fprintf(stderr, "  %.*s\n", STR_ARG(text));
    return d.first.code;
}

/* ---- readers that the file has taken over ---- */

static void
open_a_file(void *self, struct buf *out)
{
    int fd = open("/etc/passwd", O_RDONLY);
    (void)self;
    buf_putc(out, (char)('0' + fd));
}

static void
crash(void *self, struct buf *out)
{
    (void)self;
    (void)out;
    raise(SIGKILL);
}

static void
test_death(struct fixture *f)
{
    CHECK(read_by(f, open_a_file, "hostile") == DIAG_BAD_DATA);
    CHECK(read_by(f, crash, "crash") == DIAG_BAD_DATA);
    f->c.confine = false; /* a process of its own even then */
    CHECK(read_by(f, crash, "crash") == DIAG_BAD_DATA);
    CHECK(read_by(f, open_a_file, "answer as no reader does") == DIAG_BAD_DATA);
    f->c.confine = true;
}

static struct { /* what the next answer is */
    enum diag_code code;
    struct expected_one one;
    size_t n_bytes; /* of it */
} next;

static void
answer_next(void *self, struct buf *out)
{
    (void)self;
    buf_add(out, &next.code, sizeof next.code);
    buf_add(out, &next.one, next.n_bytes);
}

static void
test_answers(struct fixture *f)
{
    static const char no[] = "answer as no reader does";
    const size_t whole = sizeof next.one;
    next.n_bytes = whole;
    next.one.kind = EXPECTED_REPORT;
    CHECK(read_by(f, answer_next, "") == DIAG_OK);
    next.n_bytes = 0;
    CHECK(read_by(f, answer_next, no) == DIAG_BAD_DATA);
    next.n_bytes = whole - 1;
    CHECK(read_by(f, answer_next, no) == DIAG_BAD_DATA);
    next.n_bytes = whole;
    next.one.at = -1;
    CHECK(read_by(f, answer_next, no) == DIAG_BAD_DATA);
    next.one.at = 0;
    next.one.kind = EXPECTED__COUNT;
    CHECK(read_by(f, answer_next, no) == DIAG_BAD_DATA);
    next.one.kind = EXPECTED_EVENT;
    next.code = DIAG_WARN_DATA; /* a failure with the exit status 0 */
    CHECK(read_by(f, answer_next, no) == DIAG_BAD_DATA);
    next.code = DIAG__COUNT;
    CHECK(read_by(f, answer_next, no) == DIAG_BAD_DATA);
    next.code = DIAG_VERIFY;
    CHECK(read_by(f, answer_next, "") == DIAG_VERIFY);
}

/* What was read before a file that fails stays; what would come behind it is not read. */
static void
test_order(struct fixture *f)
{
    struct expected e;
    const char *const files[] = {f->path, "/nonexistent/file", f->path};
    expected_read(&f->c, files, 3, f->a, &e);
    CHECK(e.v.n == 1 && e.v.v[0].said.n == 1 && e.v.v[0].said.v[0].at == 3);
    CHECK_STR(e.v.v[0].path, f->path);
    CHECK(e.why.first.code == DIAG_IO && str_find(diag_text(&e.why), "/nonexistent/file") >= 0);
    expected_read(&f->c, files, 1, f->a, &e);
    CHECK(e.v.n == 1 && !diag_failed(&e.why));
}

int
main(void)
{
    struct fixture f = {.a = arena_new()};
    struct diag d = diag_init(f.a);
    char dir[] = "/tmp/assay-expected-XXXXXX";
    CHECK(mkdtemp(dir) != NULL);
    f.c = (struct config){
        .confine = true, .parser_memory_mib = 1024, .parser_seconds = 20, .state_dir = str_c(dir)};
    f.path = file_join(f.a, dir, "kept").s;
    struct str zeros = arena_fmt(f.a, "%064d", 0);
    struct str text = arena_fmt(f.a, "{\"audit\":{\"seq\":3,\"hash\":\"%s\"}}", zeros.s);
    CHECK(file_write_atomic(f.path, text, 0600, &d) == 0);
    test_death(&f);
    test_answers(&f);
    test_order(&f);
    unlink(f.path);
    rmdir(dir);
    arena_free(f.a);
    return CHECK_DONE();
}
