/* Export of the audit log: store -> audit room -> a file, or the deliver room. */
#include "job/export.h"

#include <assert.h>
#include <string.h>

#include "audit/encode.h"
#include "base/auto.h"
#include "deliver/outlet.h"

AUTO_DEFINE(struct arena *, arena_free)

enum { CHUNK = 500, WINDOW = 128, MAX_SYSLOG = 8192 };
#define CHUNK_BYTES ((size_t)64 << 20)

struct target {
    const struct audit_encoder *encoder;
    struct str name; /* of its cursor: "json:/var/log/assay/audit.json" */
    struct str path;
    const struct outlet *outlet;
    struct outlet_options options;
    struct str peer;
    void *session;
    bool keep_cursor; /* a repeat from an older record */
};

/* ---- records to messages ---- */

/* A chunk of records as messages, one a line; each is whole in itself. */
struct messages {
    struct buf text;
    struct outlet_message v[CHUNK];
    size_t n;
};

/* A syslog message needs its header, also around another format. */
static void
encode_record(const struct target *t, const struct audit_record *rec, struct arena *a,
              struct buf *out)
{
    struct audit_encode_options o = {.facility = 13, .sd_id = STR("assay@32473")};
    bool is_wrapped =
        t->outlet && t->outlet->is_syslog && !str_eqc(STR("rfc5424"), t->encoder->name);
    if (is_wrapped) {
        o.max = MAX_SYSLOG - AUDIT_SYSLOG_HEADER;
        audit_syslog_header(rec, &o, out);
    }
    t->encoder->encode(rec, &o, a, out);
}

static int
encode_chunk(const struct target *t, const struct store_record *r, size_t n, struct arena *a,
             struct messages *m, struct diag *d)
{
    size_t ends[CHUNK];
    assert(n <= CHUNK);
    for (size_t i = 0; i < n; i++) {
        struct audit_record rec;
        if (audit_record_parse(r[i].rec, a, &rec, d) != 0)
            return diag_context(d, "record %lld", (long long)r[i].seq);
        encode_record(t, &rec, a, &m->text);
        m->v[i] =
            (struct outlet_message){.id = audit_record_uid(&rec, a), .ts_ms = r[i].ts_us / 1000};
        ends[i] = m->text.len;
        buf_putc(&m->text, '\n');
    }
    if (buf_bad(&m->text))
        return diag_fail(d, DIAG_TOO_BIG, "%zu records do not fit in %zu bytes", n, CHUNK_BYTES);
    for (size_t i = 0; i < n; i++) {
        size_t from = i ? ends[i - 1] + 1 : 0;
        m->v[i].text = str_n(m->text.data + from, ends[i] - from);
    }
    m->n = n;
    return 0;
}

struct cursor_move {
    struct target *target;
    int64_t from, to;
    bool with_event;
};

/* The cursor and the record that says so, in one transaction. */
static int
move_cursor(struct job *j, void *ctx, struct diag *d)
{
    const struct cursor_move *m = ctx;
    if (store_move_cursor(j->store, m->target->name, m->from, m->to, d) != 0)
        return -1;
    if (!m->with_event)
        return 0;
    struct event_change details[] = {
        {STR("first"), STR(""), arena_fmt(d->arena, "%lld", (long long)m->from), false},
        {STR("records"), STR(""), arena_fmt(d->arena, "%lld", (long long)(m->to - m->from)), false},
    };
    struct event e = {.name = "audit.export",
                      .severity = 1,
                      .object_type = STR("target"),
                      .object_id = m->target->name,
                      .object_name = m->target->path,
                      .reason = STR(""),
                      .changes = details,
                      .n_changes = 2};
    return job_append(j, &e, 1, d);
}

/* An export of nothing but earlier exports is not worth a record: it would never end. */
static bool
has_news(const struct store_record *r, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!str_eqc(r[i].event, "audit.export"))
            return true;
    return false;
}

/* The cursor behind what arrived; what did not comes again. */
static int
settle(struct job *j, struct target *t, const struct store_record *r, int64_t next, size_t n,
       struct diag *d)
{
    if (n == 0 || t->keep_cursor)
        return 0;
    struct cursor_move m = {
        .target = t, .from = next, .to = next + (int64_t)n, .with_event = has_news(r, n)};
    return job_transact(j, move_cursor, &m, d);
}

static int
send_records(struct job *j, struct target *t, const struct store_record *r, size_t n, int64_t next,
             size_t *ret_n, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct messages m = {.text = buf_init(CHUNK_BYTES)};
    struct diag sending = diag_init(a);
    int rc = encode_chunk(t, r, n, a, &m, &sending);
    if (rc == 0)
        rc = t->outlet->send(t->session, m.v, m.n, ret_n, &sending);
    buf_done(&m.text);
    if (settle(j, t, r, next, *ret_n, d) != 0)
        return -1;
    if (rc != 0) {
        diag_fail(d, sending.first.code, "%.*s", STR_ARG(sending.first.text));
        diag_at(d, "%.*s", STR_ARG(sending.first.place.len ? sending.first.place : t->path));
    }
    return rc;
}

static int
export_chunk(struct job *j, struct target *t, int64_t next, int64_t end, struct export_summary *sum,
             size_t *ret_n, struct diag *d)
{
    AUTO(arena_free_auto) struct arena *a = arena_new();
    struct store_record *r;
    int64_t most =
        t->outlet->scheme ? WINDOW : CHUNK; /* of what comes twice when we are killed now */
    size_t n, max = (size_t)(end - next < most ? end - next : most);
    *ret_n = 0;
    if (store_load_records(j->store, next, max, a, &r, &n, d) != 0)
        return -1;
    if (n == 0)
        return diag_fail(d, DIAG_VERIFY, "record %lld is missing from the log", (long long)next);
    int rc = send_records(j, t, r, n, next, ret_n, d);
    sum->n += (int64_t)*ret_n;
    return rc;
}

/* ---- the target ---- */

static struct str
cursor_name(struct str format, struct str path, struct arena *a)
{
    return arena_fmt(a, "%.*s:%.*s", STR_ARG(format), STR_ARG(path));
}

static int
find_target(struct str format, struct str path, struct target *t, struct diag *d)
{
    *t = (struct target){.encoder = audit_encoder_find(format), .path = path};
    if (!t->encoder)
        return diag_fail(d, DIAG_CONFIG, "no audit format \"%.*s\"", STR_ARG(format));
    t->name = cursor_name(format, path, d->arena);
    t->outlet = outlet_find(path, &t->peer);
    if (!t->outlet)
        diag_fail(d, DIAG_CONFIG, "no such target: want a file, or one of %s and ://HOST:PORT",
                  outlet_schemes(d->arena).s);
    else if (t->outlet->is_legacy)
        diag_fail(d, DIAG_CONFIG,
                  "records can get lost on this way and nobody notices: it needs legacy=yes");
    else if (t->outlet->wants_json && !t->encoder->is_json)
        diag_fail(d, DIAG_CONFIG, "%s takes JSON only: want ecs, ocsf, gelf or json",
                  t->outlet->scheme);
    else if (t->outlet->is_syslog && t->encoder->is_json)
        diag_fail(d, DIAG_CONFIG, "%s is too long for syslog: want rfc5424, cef or leef",
                  t->encoder->name);
    return diag_failed(d) ? diag_at(d, "%.*s", STR_ARG(path)) : 0;
}

static int
open_target(const struct config *c, struct target *t, struct diag *d)
{
    t->options.tls = (struct stream_tls){.ca = c->tls_ca, .cert = c->tls_cert, .key = c->tls_key};
    t->options.token = STR("");
    return t->outlet->open(t->peer, &t->options, &t->session, d);
}

static int
find_start(struct job *j, struct target *t, int64_t from_seq, int64_t *ret, struct diag *d)
{
    t->keep_cursor = from_seq >= 0;
    if (!t->keep_cursor)
        return store_load_cursor(j->store, t->name, ret, d);
    *ret = from_seq;
    return 0;
}

int
job_export(struct job *j, struct str format, struct str path, int64_t from_seq,
           struct export_summary *ret, struct diag *d)
{
    int64_t next, end;
    struct sha256_digest last;
    struct target t;
    if (find_target(format, path, &t, d) != 0 || find_start(j, &t, from_seq, &next, d) != 0 ||
        store_audit_size(j->store, &end, &last, d) != 0)
        return -1;
    ret->first = next;
    if (next >= end)
        return 0;
    if (open_target(&j->config, &t, d) != 0)
        return -1;
    int rc = 0;
    for (size_t n; rc == 0 && next < end; next += (int64_t)n)
        rc = export_chunk(j, &t, next, end, ret, &n, d);
    t.outlet->close(t.session);
    return rc;
}

int
job_export_test(struct job *j, struct str format, struct str path, int64_t *ret, struct diag *d)
{
    struct target t;
    struct export_summary sum = {0};
    if (find_target(format, path, &t, d) != 0)
        return -1;
    struct event e = {.name = "audit.test",
                      .severity = 1,
                      .object_type = STR("target"),
                      .object_id = t.name,
                      .object_name = path,
                      .reason = STR("")};
    if (job_record(j, &e, 1, d) != 0)
        return -1;
    *ret = j->appended.seq;
    return job_export(j, format, path, *ret, &sum, d);
}

int
job_export_lag(struct job *j, const struct config_export *e, int64_t *ret, struct diag *d)
{
    int64_t next, size;
    struct sha256_digest last;
    struct str name = cursor_name(e->format, e->path, d->arena);
    if (store_load_cursor(j->store, name, &next, d) != 0 ||
        store_audit_size(j->store, &size, &last, d) != 0)
        return -1;
    *ret = size - next;
    return 0;
}
