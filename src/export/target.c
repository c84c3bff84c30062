/* Settings of a target -> audit room and deliver room. Called by export.c and its neighbours. */
#include "export/target.h"

#include <assert.h>
#include <fnmatch.h>

#include "base/auto.h"
#include "settings/secret.h"
#include "settings/target_options.h"

AUTO_DEFINE(struct arena *, arena_wipe)

/* ---- looking up ---- */

static int
target_load_token(const struct target *t, struct arena *a, struct str *ret, struct diag *d)
{
    struct str where = t->e->token_file;
    *ret = STR("");
    if (!where.len)
        return 0;
    if (secret_load(t->config, where, "token-file", a, ret, d) != 0)
        return -1;
    *ret = str_trim(*ret);
    return ret->len ? 0 : diag_fail(d, DIAG_CONFIG, "token-file: it is empty");
}

/* Who cannot log in is told before a cursor is taken. It is read again when there is a session to open. */
static int
target_check_token(const struct target *t, struct diag *d)
{
    AUTO(arena_wipe_auto) struct arena *own = arena_new();
    struct str token;
    if (t->outlet->wants_token && !t->e->token_file.len)
        return diag_fail(d, DIAG_CONFIG, "it wants a token: token-file=…");
    return target_load_token(t, own, &token, d);
}

static bool
target_is_rfc5424(const struct target *t)
{
    return str_eqc(STR("rfc5424"), t->encoder->name);
}

/* What would fail at the first message is refused before a cursor is taken. */
static int
target_check(const struct target *t, struct diag *d)
{
    const struct outlet *o = t->outlet;
    if (!o)
        return diag_fail(d, DIAG_CONFIG,
                         "no such target: want a file, or one of %s and ://HOST:PORT",
                         outlet_schemes(d->arena).s);
    if (o->is_syslog && t->encoder->is_json)
        return diag_fail(d, DIAG_CONFIG, "%s is too long for syslog: want rfc5424, cef or leef",
                         t->encoder->name);
    if (o->wants_json && !t->encoder->is_json)
        return diag_fail(d, DIAG_CONFIG, "%s takes JSON only: want ecs, ocsf, gelf or json",
                         o->scheme);
    if (o->is_syslog && !target_is_rfc5424(t) && t->e->max < ENCODE_LEAST_MAX + AUDIT_SYSLOG_HEADER)
        return diag_fail(d, DIAG_CONFIG, "max: %s over syslog wants at least %d", t->encoder->name,
                         ENCODE_LEAST_MAX + AUDIT_SYSLOG_HEADER);
    if (o->is_legacy && !t->e->legacy)
        return diag_fail(
            d, DIAG_CONFIG,
            "records can get lost on this way and nobody notices: it needs legacy=yes");
    return 0;
}

static struct str
target_or_else(struct str own, struct str common)
{
    return own.len ? own : common;
}

int
target_find(const struct config *c, const struct config_export *e, struct arena *a,
            struct target *ret, struct diag *d)
{
    struct target t = {.config = c, .e = e, .encoder = audit_encoder_find(e->format)};
    t.key = target_key(e, a);
    t.sd_id = arena_fmt(a, "assay@%lld", (long long)c->enterprise);
    t.result_sd_id = arena_fmt(a, "result@%lld", (long long)c->enterprise);
    if (!t.encoder)
        return diag_fail(d, DIAG_CONFIG, "no audit format \"%.*s\"", STR_ARG(e->format));
    t.outlet = outlet_find(e->path, &t.peer);
    t.options = (struct outlet_options){
        .tls = {.ca = target_or_else(e->tls_ca, c->tls_ca),
                .cert = target_or_else(e->tls_cert, c->tls_cert),
                .key = e->tls_cert.len ? e->tls_key : target_or_else(e->tls_key, c->tls_key)},
        .legacy = e->legacy,
        .ack_less = e->ack_less,
        .success_member = e->success_member,
        .ack_s = e->ack_s,
        .rotate_bytes = e->rotate_bytes,
        .rotate_keep = e->rotate_keep};
    if (target_check(&t, d) != 0 || target_check_token(&t, d) != 0)
        return diag_at(d, "%.*s", STR_ARG(e->path));
    *ret = t;
    return 0;
}

/* ---- the session ---- */

const char *
target_weakness(const struct config_export *e)
{
    struct str peer;
    const struct outlet *o = outlet_find(e->path, &peer);
    if (o && o->wants_token && e->ack_less)
        return "the token has no acknowledgement: what is lost before it is indexed is lost";
    return o ? o->weakness : NULL;
}

int
target_open(struct target *t, struct diag *d)
{
    assert(t->outlet);
    if (t->session)
        return 0;
    AUTO(arena_wipe_auto) struct arena *own = arena_new();
    int rc = target_load_token(t, own, &t->options.token, d);
    if (rc == 0)
        rc = t->outlet->open(t->peer, &t->options, &t->session, d);
    t->options.token = STR(""); /* the session has what it needs of it */
    if (rc == 0)
        return 0;
    t->session = NULL;
    return diag_at(d, "%.*s", STR_ARG(t->e->path));
}

void
target_close(struct target *t)
{
    if (t->session)
        t->outlet->close(t->session);
    t->session = NULL;
}

int64_t
target_wait_s(const struct target *t)
{
    return t->session && t->outlet->wait_s ? t->outlet->wait_s(t->session) : 0;
}

/* ---- records ---- */

/* One of the patterns, by commas, fits; none = everything does. */
static bool
target_fits(struct str patterns, struct str value, struct arena *a)
{
    bool any = !patterns.len;
    const char *text = arena_str(a, value).s;
    while (patterns.len && !any)
        any = fnmatch(arena_str(a, str_trim(str_cut(&patterns, ','))).s, text, 0) == 0;
    return any;
}

bool
target_wants(const struct target *t, const struct audit_record *r, struct arena *a)
{
    return t->e->send != SEND_RESULTS && r->severity >= t->e->min_severity &&
           target_fits(t->e->events, r->event, a);
}

bool
target_wants_result(const struct target *t, const struct result_event *v, struct arena *a)
{
    bool is_first = str_find(RESULT_TEXT(v, MARKS), "first") >= 0;
    if (t->e->baseline && is_first && v->kind != RESULT_SCAN)
        return false;
    return t->e->send != SEND_AUDIT && v->weight >= t->e->min_severity &&
           target_fits(t->e->events, RESULT_TEXT(v, EVENT), a) &&
           target_fits(t->e->group, RESULT_TEXT(v, GROUP), a);
}

/* The largest message is what the site says, where the transport has no smaller one. */
static struct audit_encode_options
target_encode_options(const struct target *t)
{
    assert(t->e->max > 0);
    size_t max = (size_t)t->e->max;
    if (t->outlet->max && t->outlet->max < max)
        max = t->outlet->max;
    return (struct audit_encode_options){.facility = (int)t->e->facility,
                                         .sd_id = t->sd_id,
                                         .result_sd_id = t->result_sd_id,
                                         .max = max,
                                         .bom = t->e->bom};
}

/* A syslog message needs its header, also around another format. */
void
target_encode(const struct target *t, const struct audit_record *r, struct arena *a,
              struct buf *out)
{
    struct audit_encode_options o = target_encode_options(t);
    if (t->outlet->is_syslog && !target_is_rfc5424(t)) {
        assert(o.max > AUDIT_SYSLOG_HEADER);
        o.max -= AUDIT_SYSLOG_HEADER;
        audit_syslog_header(r, &o, out);
    }
    t->encoder->encode(r, &o, a, out);
}

void
target_encode_result(const struct target *t, const struct audit_record *r,
                     const struct result_event *v, struct arena *a, struct buf *out)
{
    struct audit_encode_options o = target_encode_options(t);
    if (t->outlet->is_syslog && !target_is_rfc5424(t)) {
        assert(o.max > AUDIT_SYSLOG_HEADER);
        o.max -= AUDIT_SYSLOG_HEADER;
        audit_syslog_result_header(r, v, &o, a, out);
    }
    t->encoder->encode_result(r, v, &o, a, out);
}
