/* The frame of every job: transactions that are tried again, so that what was done is in the audit
 * log once, also when the answer to COMMIT was lost; failures that are not tried again; changes of
 * the settings, told once and all of them. */
#include "act/act.h"

#include <stdlib.h>
#include <unistd.h>

#include "act/settings_acts.h"
#include "base/buf.h"
#include "check.h"
#include "store/session.h"

static const struct event event = {.name = "test.event",
                                   .outcome = EVENT_SUCCESS,
                                   .severity = 1,
                                   .object_type = STR_INIT("file"),
                                   .object_id = STR_INIT("x"),
                                   .object_name = STR_INIT("x"),
                                   .reason = STR_INIT("")};

enum loss { LOSE_NOTHING, LOSE_BEFORE, LOSE_ANSWER, LOSE_SILENTLY };

struct body {
    enum loss loss;
    int n_calls, n_records;
};

static int64_t
log_size(struct store *st)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct sha256_digest last;
    int64_t size = -1;
    CHECK(store_audit_size(st, &size, &last, &d) == 0);
    arena_free(a);
    return size;
}

/* The server ends the connection, as it does when it restarts. */
static void
hang_up(struct store *st)
{
    CHECK(mysql_query(st->db, "KILL CONNECTION_ID()") != 0);
}

/* In the first try the connection goes before COMMIT, or behind it but before its answer; or what
 * was done is rolled back and nothing says so, as it happens in a cluster. */
static int
append_and_lose(struct act *act, void *ctx, struct diag *d)
{
    struct body *b = ctx;
    struct event events[3] = {event, event, event};
    if (act_append(act, events, (size_t)b->n_records, d) != 0)
        return -1;
    if (b->n_calls++ == 0 && b->loss != LOSE_NOTHING) {
        if (b->loss == LOSE_SILENTLY)
            return mysql_rollback(act->store->db) ? -1 : 0;
        if (b->loss == LOSE_ANSWER)
            CHECK(store_commit(act->store, d) == 0 && store_begin(act->store, d) == 0);
        hang_up(act->store);
    }
    return 0;
}

static void
check_once(struct act *act, enum loss loss, int n_records, int n_calls)
{
    struct diag d = diag_init(act->arena);
    struct body b = {.loss = loss, .n_records = n_records};
    int64_t before = log_size(act->store);
    CHECK(act_transact(act, append_and_lose, &b, &d) == 0);
    if (diag_failed(&d))
        fprintf(stderr, "  %s\n", diag_text(&d).s);
    CHECK(b.n_calls == n_calls);
    CHECK(log_size(act->store) == before + n_records);
}

/* ---- what is not tried again, and what is tried too often ---- */

struct failing {
    enum diag_code code;
    int n_calls;
};

static int
append_and_fail(struct act *act, void *ctx, struct diag *d)
{
    struct failing *f = ctx;
    f->n_calls++;
    return act_append(act, &event, 1, d) == 0 ? diag_fail(d, f->code, "as the test wants") : -1;
}

static void
check_fails(struct act *act, enum diag_code code, int n_calls)
{
    struct diag d = diag_init(act->arena);
    struct failing f = {.code = code};
    int64_t before = log_size(act->store);
    CHECK(act_transact(act, append_and_fail, &f, &d) == -1 && d.first.code == code);
    CHECK_STR(d.first.text, "as the test wants");
    CHECK(f.n_calls == n_calls);
    CHECK(log_size(act->store) == before); /* the record went with the transaction */
}

/* ---- the chain ---- */

static void
check_chained(struct act *act)
{
    struct diag d = diag_init(act->arena);
    struct event events[2] = {event, event};
    struct store_record *r;
    struct audit_record rec;
    size_t n;
    int64_t before = log_size(act->store);
    CHECK(act_record(act, events, 2, &d) == 0);
    CHECK(store_load_records(act->store, before - 1, 3, act->arena, &r, &n, &d) == 0 && n == 3);
    for (size_t i = 1; i < n; i++) {
        CHECK(audit_record_parse(r[i].rec, act->arena, &rec, &d) == 0);
        CHECK(r[i].seq == before - 1 + (int64_t)i && rec.seq == r[i].seq);
        CHECK_STR(rec.prev_hex, sha256_hex(act->arena, &r[i - 1].leaf).s);
        CHECK_STR(rec.app, ASSAY_VERSION);
    }
    CHECK(act_record(act, NULL, 0, &d) == 0 && log_size(act->store) == before + 2);
}

/* ---- settings ---- */

/* "key:old>new" of every change that the records from the number on tell of; *ret_n records. */
static struct str
told_changes(struct act *act, int64_t from, size_t *ret_n)
{
    struct diag d = diag_init(act->arena);
    AUTO_BUF out = buf_init(1 << 22);
    struct store_record *r;
    CHECK(store_load_records(act->store, from, 100, act->arena, &r, ret_n, &d) == 0);
    for (size_t i = 0; i < *ret_n; i++) {
        struct audit_record rec;
        CHECK(audit_record_parse(r[i].rec, act->arena, &rec, &d) == 0);
        CHECK(str_eqc(rec.event, "config.change") || str_eqc(rec.event, "facts.more"));
        for (size_t k = 0; k < rec.changes.n; k++)
            if (!str_starts(rec.changes.v[k].field, "fact")) /* test_tell.c looks at these */
                buf_fmt(&out, "%.*s:%.*s>%.*s ", STR_ARG(rec.changes.v[k].field),
                        STR_ARG(rec.changes.v[k].old_value), STR_ARG(rec.changes.v[k].new_value));
    }
    return arena_str(act->arena, buf_view(&out));
}

static void
note(struct act *act)
{
    struct diag d = diag_init(act->arena);
    CHECK(act_note_settings(act, &d) == 0);
}

/* A target that goes is told also when it goes together with more changes than a record holds: who
 * takes a log manager off the list must not be able to hide it in a crowd. */
static void
test_settings(struct act *act)
{
    size_t n;
    int64_t from = log_size(act->store);
    struct config_export siem = {.format = STR("cef"), .path = STR("/siem")};
    note(act); /* the first time everything is new */
    CHECK(str_find(told_changes(act, from, &n), "paper:>a4 ") >= 0 &&
          n == 3); /* a record holds 64 changes, and one tells of the row */
    from = log_size(act->store);
    note(act);
    CHECK(log_size(act->store) == from);
    act->config.paper = STR("letter");
    siem.max = 8192;
    siem.facility = 13;
    siem.confirm_s = 5;
    siem.steady_s = 300;
    *VEC_PUSH(act->arena, &act->config.exports) = siem;
    note(act);
    CHECK_STR(told_changes(act, from, &n), "paper:a4>letter export:>cef:/siem ");
    from = log_size(act->store);
    act->config.exports.n = 0;
    for (int i = 0; i < 150; i++)
        *VEC_PUSH(act->arena, &act->config.groups) = (struct config_group){
            arena_fmt(act->arena, "g%d", i), arena_fmt(act->arena, "%0999d*", i)};
    note(act);
    struct str told = told_changes(act, from, &n);
    CHECK(n > 2 && str_find(told, "(more changes)") < 0);
    CHECK(str_find(told, "group:>g0:0") == 0 && str_find(told, "group:>g149:0") > 0);
    CHECK(str_ends(told, "export:cef:/siem> "));
}

int
main(void)
{
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct act *act;
    char dir[] = "/tmp/assay-unit-XXXXXX";
    struct config c = {0};
    int from, to;
    if (access("/usr/sbin/mariadbd", X_OK) != 0) {
        printf("skipped: no mariadb-server-core\n");
        return 77;
    }
    if (!mkdtemp(dir) || config_load(NULL, dir, a, &c, &d) != 0 ||
        act_open(&c, false, &act, &d) != 0 || store_migrate(act->store, &from, &to, &d) != 0) {
        fprintf(stderr, "%s\n", diag_text(&d).s);
        return 1;
    }
    check_once(act, LOSE_NOTHING, 1, 1);
    check_once(act, LOSE_BEFORE, 2, 2);
    check_once(act, LOSE_ANSWER, 1, 1);
    check_once(act, LOSE_ANSWER, 3, 1);
    check_once(act, LOSE_SILENTLY, 3, 2);
    check_once(act, LOSE_BEFORE, 3, 2);
    check_fails(act, DIAG_CONFIG, 1);
    check_fails(act, DIAG_RETRY, 8);
    check_chained(act);
    test_settings(act);
    act_close(act);
    CHECK(system(arena_fmt(a, "rm -rf %s", dir).s) == 0);
    arena_free(a);
    return CHECK_DONE();
}
