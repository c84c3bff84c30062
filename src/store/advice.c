/* What the settings of the database server mean for assay. Called by `assay doctor` and `assay init`. */
#include "store/session.h"
#include "store/stmt.h"

#define MIB ((int64_t)1 << 20)

enum {
    PACKET_MIB = 16,  /* the largest row: 4 MiB of words, written with two digits a byte */
    AGENT_KIB = 25,   /* of rows that every new scan of an agent reads and writes */
    FEW_AGENTS = 5000 /* for which the smallest pool does */
};

struct advising {
    struct arena *a;
    struct store_advice *ret;
    int64_t n_agents, packet, pool;
    bool has_log, by_statement;
};

static void
advise(struct advising *c, bool is_wrong, struct str text)
{
    *VEC_PUSH(c->a, &c->ret->texts) = text;
    c->ret->is_wrong = c->ret->is_wrong || is_wrong;
}

/* Isolation and modes are those of this session, which asks for its own: somebody between us and the server may
 * not pass that on. */
static void
take_variable(struct advising *c, struct str name, struct str value)
{
    int64_t n = 0;
    if (str_eqc(name, "max_allowed_packet"))
        c->packet = str_to_i64(value, &n) ? n : 0;
    else if (str_eqc(name, "innodb_buffer_pool_size"))
        c->pool = str_to_i64(value, &n) ? n : 0;
    else if (str_eqc(name, "log_bin"))
        c->has_log = str_ieqc(value, "ON") || str_eqc(value, "1");
    else if (str_eqc(name, "binlog_format"))
        c->by_statement = str_ieqc(value, "STATEMENT");
    else if (str_ends(name, "_isolation") && !str_ieqc(value, "READ-COMMITTED"))
        advise(c, true,
               arena_fmt(c->a,
                         "%.*s is %.*s though READ COMMITTED was set: what stands between "
                         "assay and the server must leave the settings of a session alone",
                         STR_ARG(name), STR_ARG(value)));
    else if (str_eqc(name, "sql_mode") && str_find(value, "STRICT_ALL_TABLES") < 0)
        advise(c, true,
               STR("sql_mode lacks STRICT_ALL_TABLES though it was set: what stands between "
                   "assay and the server must leave the settings of a session alone"));
}

static void
judge(struct advising *c)
{
    int64_t pool_want = c->n_agents * AGENT_KIB / 1024;
    if (c->has_log && c->by_statement)
        advise(c, true,
               STR("binlog_format is STATEMENT, and no transaction of READ COMMITTED can be "
                   "written to "
                   "such a log: set binlog_format = ROW"));
    if (c->packet > 0 && c->packet < PACKET_MIB * MIB)
        advise(
            c, false,
            arena_fmt(
                c->a,
                "max_allowed_packet is %lld kB: a file that needs a larger statement is refused; "
                "set max_allowed_packet = 64M",
                (long long)(c->packet / 1024)));
    if (c->n_agents > FEW_AGENTS && c->pool > 0 && c->pool < pool_want * MIB)
        advise(c, false,
               arena_fmt(c->a,
                         "innodb_buffer_pool_size is %lld MB: for %lld agents set it to %lld MB or "
                         "more, else "
                         "scans are stored at half the speed",
                         (long long)(c->pool / MIB), (long long)c->n_agents, (long long)pool_want));
}

int
store_advise(struct store *st, struct arena *a, struct store_advice *ret, struct diag *d)
{
    struct advising c = {.a = a, .ret = ret};
    enum stmt_answer rc;
    *ret = (struct store_advice){.is_wrong = false};
    struct stmt *s = stmt_get(st, "server_agents", d);
    if (!s || stmt_first(s, d) != STMT_ROW)
        return diag_failed(d) ? -1 : diag_fail(d, DIAG_INTERNAL, "no answer to server_agents");
    c.n_agents = stmt_col_int(s, 0);
    s = stmt_get(st, "server_variables", d);
    if (!s || stmt_run(s, d) != 0)
        return -1;
    while ((rc = stmt_next(s, d)) == STMT_ROW)
        take_variable(&c, stmt_col_str(s, 0, a), stmt_col_str(s, 1, a));
    if (!st->config.option_file)
        c.pool = 0; /* that of the embedded server is not set by anybody */
    judge(&c);
    return rc;
}
