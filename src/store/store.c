/* Opening and closing a database: the top of the room. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/connect.h"
#include "store/detail_base.h"
#include "store/fact_state.h"
#include "store/policy.h"
#include "store/seen.h"
#include "store/stmt.h"

static int
open_once(const struct store_config *c, struct store **ret, struct diag *d)
{
    struct store *st = mem_alloc(sizeof *st);
    struct arena *a = st->arena = arena_new();
    st->config = (struct store_config){
        .option_file = c->option_file ? arena_strdup(a, c->option_file) : NULL,
        .state_dir = arena_strdup(a, c->state_dir),
        .database = arena_strdup(a, c->database ? c->database : "assay"),
        .wait_s = c->wait_s,
        .load_password = c->load_password,
        .of = c->of,
        .tell = c->tell};
    st->users_fd = -1;
    st->has_late = true; /* of a run that was killed, perhaps */
    st->stmts = map_new(a);
    policy_forget(st);
    st->seen = seen_new(a);
    st->bases = detail_bases_new();
    if (connect_store(st, d) != 0) {
        store_close(st);
        return -1;
    }
    *ret = st;
    return 0;
}

/* A server that is about to end may accept a connection and close it at the first statement; then
 * another attempt finds it gone, or a new one. */
int
store_open(const struct store_config *c, struct store **ret, struct diag *d)
{
    enum { TRIES = 20, WAIT_US = 100000 };
    for (int try = 1;; try++) {
        if (open_once(c, ret, d) == 0)
            return 0;
        if (!diag_may_pass(d) || try == TRIES)
            return -1;
        diag_clear(d);
        usleep(WAIT_US);
    }
}

void
store_close(struct store *st)
{
    if (!st)
        return;
    store_rollback(st);
    connect_end(st);
    stmt_close_all(st);
    fact_state_free(st);
    arena_free(st->policy_arena);
    seen_free(st->seen);
    detail_bases_free(st->bases);
    arena_free(st->arena);
    free(st);
}

struct str
store_server(struct store *st, struct arena *a)
{
    const char *info = mysql_get_server_info(st->db);
    bool maria = info && strstr(info, "MariaDB");
    return arena_fmt(a, "%s %s", maria ? "MariaDB" : "MySQL", info ? info : "?");
}

const char *
store_client(void)
{
    return mysql_get_client_info();
}

struct str
store_transport(struct store *st, struct arena *a)
{
    return arena_str(a, st->transport);
}
