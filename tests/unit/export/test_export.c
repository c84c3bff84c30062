/* Exports that end: what is sent from where to where, what a repeat and a test leave alone, and what
 * may be skipped. The target is a file. */
#include "export/export.h"

#include "base/file.h"
#include "bench.h"

static struct str path;

/* The numbers of the records in the file, "3 4 5"; the file is removed. */
static struct str
take_seqs(void)
{
    struct diag d = diag_init(a);
    struct str text, out = STR("");
    if (!file_exists(path.s))
        return out;
    CHECK(file_slurp(path.s, 1 << 20, a, &text, &d) == 0 && unlink(path.s) == 0);
    while (text.len)
        out = arena_fmt(a, "%.*s%s%lld", STR_ARG(out), out.len ? " " : "",
                        (long long)fake_seq_of(str_cut(&text, '\n')));
    return out;
}

static struct store_cursor
row(const struct config_export *e)
{
    struct diag d = diag_init(a);
    struct store_cursor c;
    CHECK(store_load_cursor(bench_session->store, target_key(e, a), a, &c, &d) == 0);
    return c;
}

static void
test_find(void)
{
    struct config c = {0};
    *VEC_PUSH(a, &c.exports) = target_plain(STR("json"), STR("/x"));
    *VEC_PUSH(a, &c.exports) = target_plain(STR("json"), STR("/y"));
    c.exports.v[1].name = STR("siem");
    CHECK(export_find(&c, STR("siem"), a) == &c.exports.v[1]);
    CHECK(export_find(&c, STR("json:/x"), a) == &c.exports.v[0]);
    CHECK(!export_find(&c, STR("json:/y"), a) && !export_find(&c, STR(""), a));
}

/* What is new, once; then nothing. A repeat leaves the cursor alone. */
static void
test_run(const struct config_export *e)
{
    struct diag d = diag_init(a);
    struct export_summary s;
    bench_append(4, "test.event");
    CHECK(export_run(bench_session, e, -1, false, &s, &d) == 0);
    CHECK(s.first == 0 && s.n == 4 && s.end == 4 && !s.is_not_due);
    CHECK_STR(take_seqs(), "0 1 2 3");
    CHECK(bench_count_events("audit.export", 4) == 1 && row(e).seq == 4 && !row(e).owner.len);
    CHECK(export_run(bench_session, e, 2, false, &s, &d) == 0 && s.first == 2 && s.n == 3);
    CHECK_STR(take_seqs(), "2 3 4");
    CHECK(row(e).seq == 4);
    CHECK(export_run(bench_session, e, -1, false, &s, &d) == 0 && s.n == 1);
    CHECK_STR(take_seqs(), "4"); /* the record of the first export, which is none worth a record */
    CHECK(export_run(bench_session, e, -1, false, &s, &d) == 0 && s.n == 0 && s.end == 5);
    CHECK(bench_size() == 5);
}

/* A failure is noted with when to try again; who is only to try when that is due does not. */
static void
test_due(const struct config_export *e)
{
    struct config_export lost = *e;
    struct diag d = diag_init(a);
    struct export_summary s;
    lost.path = arena_fmt(a, "%s/nowhere/x", bench_dir);
    CHECK(export_run(bench_session, &lost, -1, true, &s, &d) == 0 && s.n == 0); /* nothing is new */
    bench_append(1, "test.event");
    CHECK(export_run(bench_session, &lost, -1, true, &s, &d) != 0);
    CHECK(d.first.code == DIAG_CANNOT_WRITE && row(e).attempts == 1 && row(e).wait_us > 0);
    diag_clear(&d);
    CHECK(export_run(bench_session, &lost, -1, true, &s, &d) == 0 && s.is_not_due);
    CHECK(row(e).attempts == 1);
    CHECK(export_run(bench_session, e, -1, false, &s, &d) == 0 && s.n == 2 && row(e).attempts == 0);
    CHECK_STR(take_seqs(), "5 6"); /* and that it had failed */
}

static void
test_start(const struct config_export *e)
{
    struct diag d = diag_init(a);
    struct export_summary s;
    int64_t at = row(e).seq, size = bench_size();
    CHECK(export_start(bench_session, e, at - 1, &d) != 0 && d.first.code == DIAG_USAGE);
    diag_clear(&d);
    CHECK(export_start(bench_session, e, size + 1, &d) != 0 && d.first.code == DIAG_USAGE);
    diag_clear(&d);
    CHECK(row(e).seq == at && bench_count_events("export.skip", 0) == 0);
    bench_append(3, "test.event");
    size = bench_size();
    CHECK(export_start(bench_session, e, size, &d) == 0 && row(e).seq == size);
    CHECK(bench_count_events("export.skip", 0) == 1);
    CHECK(export_run(bench_session, e, -1, false, &s, &d) == 0 && s.first == size && s.n == 1);
    CHECK_STR(take_seqs(), arena_fmt(a, "%lld", (long long)size).s); /* that it was skipped */
}

/* One record, whatever the filter says, and nothing moves. */
static void
test_test(const struct config_export *e)
{
    struct config_export picky = *e;
    struct diag d = diag_init(a);
    int64_t at = row(e).seq, seq = -1;
    picky.events = STR("nothing");
    picky.send = SEND_RESULTS;
    picky.min_severity = 10;
    CHECK(export_test(bench_session, &picky, &seq, &d) == 0 && seq == bench_size() - 1);
    CHECK_STR(take_seqs(), arena_fmt(a, "%lld", (long long)seq).s);
    CHECK(row(e).seq == at && bench_count_events("audit.test", 0) == 1);
    picky.format = STR("nonsense");
    CHECK(export_test(bench_session, &picky, &seq, &d) != 0 && d.first.code == DIAG_CONFIG);
}

/* Another exporter is at it: that is nobody's failure. */
static void
test_busy(const struct config_export *e)
{
    struct diag d = diag_init(a);
    struct export_summary s;
    struct target t;
    struct cursor c;
    CHECK(target_find(&bench_session->config, e, a, &t, &d) == 0);
    CHECK(cursor_take(bench_session, &t, a, &c, &d) == 0);
    CHECK(export_run(bench_session, e, -1, false, &s, &d) != 0 && d.first.code == DIAG_BUSY);
    CHECK(row(e).attempts == 0);
    cursor_release(&c);
}

int
main(void)
{
    int status = bench_start();
    if (status)
        return status;
    path = arena_fmt(a, "%s/out.json", bench_dir);
    struct config_export e = target_plain(STR("json"), path);
    e.name = STR("file");
    test_find();
    test_run(&e);
    test_due(&e);
    test_start(&e);
    test_test(&e);
    test_busy(&e);
    return bench_stop();
}
