/* A message that does not arrive as it is: the cursor's move, the letter and the record about it are
 * there together, or none of them is. */
#include "export/letter.h"

#include "bench.h"

static struct audit_record
newest(const char *event)
{
    struct diag d = diag_init(a);
    struct audit_record rec = {.event = STR("")};
    for (int64_t seq = bench_size() - 1; seq >= 0; seq--) {
        struct store_record r = bench_record(seq);
        CHECK(audit_record_parse(r.rec, a, &rec, &d) == 0);
        if (str_eqc(rec.event, event))
            break;
    }
    CHECK_STR(rec.event, event);
    return rec;
}

static struct str
detail(const struct audit_record *r, const char *field)
{
    for (size_t i = 0; i < r->changes.n; i++)
        if (str_eqc(r->changes.v[i].field, field))
            return r->changes.v[i].new_value;
    return STR("none");
}

static void
test_kind(struct bench *b, enum letter_kind kind, const char *state, const char *event,
          int64_t severity, const char *piece)
{
    struct diag d = diag_init(a);
    struct store_record r = bench_record(b->c.at.seq);
    struct message_mark m = {
        .behind = {r.seq + 1, STR("")}, .stored = &r, .piece = str_c(piece), .unreadable = STR("")};
    CHECK(cursor_fail(&b->c,
                      &(struct diag){.arena = a, .first = {DIAG_UNAVAILABLE, STR("x"), STR("y")}},
                      0, &(int64_t){0}, &d) == 0);
    b->c.at.deaths = 2;
    CHECK(letter_put(&b->c, &m, kind, STR("not that"), &d) == 0);
    CHECK(b->c.at.seq == r.seq + 1 && b->c.at.deaths == 0);
    CHECK((b->c.at.attempts == 0) == (kind == LETTER_REDUCED)); /* only then it took something */
    struct store_cursor at;
    CHECK(store_load_cursor(bench_session->store, b->t.key, a, &at, &d) == 0);
    CHECK(at.seq == r.seq + 1 && (at.attempts == 0) == (kind == LETTER_REDUCED));
    struct store_letter *v;
    size_t n;
    CHECK(store_load_letters(bench_session->store, a, &v, &n, &d) == 0 && n > 0);
    CHECK(v[n - 1].seq == r.seq && v[n - 1].size == (int64_t)r.rec.len);
    CHECK_STR(v[n - 1].state, state);
    CHECK_STR(v[n - 1].piece, piece);
    CHECK_STR(v[n - 1].reason, "not that");
    struct audit_record rec = newest(event);
    CHECK(rec.severity == severity && str_eq(rec.object_id, b->t.key));
    CHECK_STR(detail(&rec, "record"), arena_fmt(a, "%lld", (long long)r.seq).s);
    CHECK_STR(detail(&rec, "piece"), str_eqc(str_c(piece), MESSAGES_RECORD) ? "none" : piece);
}

/* Whoever lost the cursor writes no letter and no record. */
static void
test_fenced(struct bench *b)
{
    struct diag d = diag_init(a);
    struct store_record r = bench_record(b->c.at.seq);
    struct message_mark m = {.behind = {r.seq + 1, STR("")}, .stored = &r, .piece = STR("=")};
    uint64_t fence;
    CHECK(store_take_cursor(bench_session->store, b->t.key, STR("x"), b->c.at.owner, 60, &fence,
                            &d) == 0);
    size_t letters = bench_count_letters("letter", "refused");
    int64_t size = bench_size();
    CHECK(letter_put(&b->c, &m, LETTER_REFUSED, STR("not that"), &d) != 0);
    CHECK(d.first.code == DIAG_BUSY && b->c.at.seq == r.seq);
    CHECK(bench_count_letters("letter", "refused") == letters && bench_size() == size);
}

int
main(void)
{
    struct bench b;
    int status = bench_start();
    if (status)
        return status;
    bench_append(8, "test.event");
    bench_prepare(&b, "letter");
    test_kind(&b, LETTER_REFUSED, "refused", "export.deadletter", 8, MESSAGES_RECORD);
    test_kind(&b, LETTER_REDUCED, "reduced", "export.reduce", 5, MESSAGES_RECORD);
    test_kind(&b, LETTER_UNREADABLE, "unreadable", "export.deadletter", 8, MESSAGES_RECORD);
    test_kind(&b, LETTER_REFUSED, "refused", "export.deadletter", 8, "agent-1");
    test_fenced(&b);
    return bench_stop();
}
