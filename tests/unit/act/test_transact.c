/* Transactions that are tried again: what was done is in the audit log once, also when the answer
 * to COMMIT was lost. */
#include "act/act.h"

#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "store/inner.h"

static const struct event event = {.name = "test.event",
                                   .outcome = EVENT_SUCCESS,
                                   .severity = 1,
                                   .object_type = STR_INIT("file"),
                                   .object_id = STR_INIT("x"),
                                   .object_name = STR_INIT("x"),
                                   .reason = STR_INIT("")};

enum loss { LOSE_NOTHING, LOSE_BEFORE, LOSE_ANSWER };

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

/* In the first try the connection goes before COMMIT, or behind it but before its answer. */
static int
append_and_lose(struct act *act, void *ctx, struct diag *d)
{
    struct body *b = ctx;
    struct event events[3] = {event, event, event};
    if (act_append(act, events, (size_t)b->n_records, d) != 0)
        return -1;
    if (b->n_calls++ == 0 && b->loss != LOSE_NOTHING) {
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
    check_once(act, LOSE_BEFORE, 3, 2);
    act_close(act);
    CHECK(system(arena_fmt(a, "rm -rf %s", dir).s) == 0);
    arena_free(a);
    return CHECK_DONE();
}
