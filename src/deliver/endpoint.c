/* Addresses, tokens and requests of webhook.c, elastic.c and hec.c, over http.c. */
#include "deliver/endpoint.h"

#include <assert.h>
#include <ctype.h>

#include "base/base64.h"
#include "base/env.h"
#include "base/fault.h"

enum { MAX_TOKEN = 4096, BUSY_S = 1 };

/* ---- the address ---- */

/* Printable ASCII without what has a meaning for those who part addresses. */
static bool
endpoint_is_plain_text(struct str s, const char *without)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.s[i] <= 32 || s.s[i] >= 127 || strchr(without, s.s[i]))
            return false;
    return true;
}

/* Whether it never leaves this host. "127.example.com" is a name like any other. */
static bool
endpoint_is_loopback(struct str host)
{
    bool is_address = str_starts(host, "127.");
    for (size_t i = 0; i < host.len; i++)
        is_address = is_address && (isdigit((unsigned char)host.s[i]) || host.s[i] == '.');
    return str_eqc(host, "localhost") || str_eqc(host, "[::1]") || is_address;
}

/* Cuts ":PORT" off; brackets stand around an IPv6 address. */
static struct str
endpoint_cut_port(struct str *host)
{
    size_t at = host->len;
    while (at > 0 && host->s[at - 1] != ':' && host->s[at - 1] != ']')
        at--;
    if (at == 0 || host->s[at - 1] == ']')
        return STR("");
    struct str port = str_n(host->s + at, host->len - at);
    *host = str_n(host->s, at - 1);
    return port;
}

static int
endpoint_part_address(struct endpoint *e, const struct endpoint_kind *kind, bool legacy,
                      struct diag *d)
{
    long slash = str_find(e->peer, "/");
    struct str host = slash < 0 ? e->peer : str_n(e->peer.s, (size_t)slash);
    e->path = slash < 0 ? STR("") : str_n(e->peer.s + slash, e->peer.len - (size_t)slash);
    struct str port = endpoint_cut_port(&host);
    int64_t number = kind->port;
    if (port.len && (!str_to_i64(port, &number) || number < 1 || number > 65535))
        return diag_fail(d, DIAG_CONFIG, "no such port");
    if (!host.len || !endpoint_is_plain_text(host, "@?#\\\"%") ||
        !endpoint_is_plain_text(e->path, "#\\\""))
        return diag_fail(d, DIAG_CONFIG, "want HOST, HOST:PORT or HOST:PORT/PATH");
    if (kind->plain && !legacy && !endpoint_is_loopback(host))
        return diag_fail(d, DIAG_CONFIG,
                         "without TLS everybody on the way reads it: only to this host, or with "
                         "legacy=yes");
    e->url = arena_fmt(e->a, "http%s://%.*s:%lld%.*s", kind->plain ? "" : "s", STR_ARG(host),
                       (long long)number, STR_ARG(e->path));
    return 0;
}

/* ---- the token ---- */

/* The token as it goes out: with a scheme of its own ("ApiKey …", "Basic USER:PASSWORD", "Bearer
 * …"), or behind the usual one. Pairs go out in base64. */
static int
endpoint_put_token(struct endpoint *e, const char *prefix, struct str token, struct diag *d)
{
    struct str secret = str_trim(token), scheme = str_c(prefix);
    long blank = str_find(secret, " ");
    if (blank > 0) {
        scheme = str_n(secret.s, (size_t)blank);
        secret = str_trim(str_n(secret.s + blank, secret.len - (size_t)blank));
    }
    if (!endpoint_is_plain_text(secret, "") || !endpoint_is_plain_text(scheme, "") ||
        secret.len > MAX_TOKEN)
        return diag_fail(d, DIAG_CONFIG, "the token has characters that none can have");
    if (!secret.len)
        return 0;
    bool is_pair = str_ieqc(scheme, "Basic") || str_ieqc(scheme, "ApiKey");
    e->secret = is_pair && str_find(secret, ":") >= 0 ? base64_encode(e->a, secret.s, secret.len)
                                                      : arena_str(e->a, secret);
    e->auth = arena_fmt(e->a, "Authorization: %.*s %.*s", STR_ARG(scheme), STR_ARG(e->secret));
    return 0;
}

/* ---- the door ---- */

int
endpoint_open(struct str peer, const struct endpoint_kind *kind, const struct outlet_options *o,
              struct endpoint **ret, struct diag *d)
{
    struct http_options options = {
        .tls = o->tls, .plain = kind->plain, .max_answer = kind->max_answer};
    struct arena *a = arena_new();
    struct endpoint *e = ARENA_NEW(a, struct endpoint);
    *e = (struct endpoint){.a = a,
                           .peer = arena_str(a, peer),
                           .auth = STR(""),
                           .secret = STR(""),
                           .success_member = o->success_member};
    *ret = e;
    if (endpoint_part_address(e, kind, o->legacy, d) == 0 &&
        endpoint_put_token(e, kind->token_prefix, o->token, d) == 0 &&
        http_open(&options, &e->http, d) == 0)
        return 0;
    endpoint_close(e);
    return diag_at(d, "%.*s", STR_ARG(peer));
}

void
endpoint_close(void *self)
{
    struct endpoint *e = self;
    if (!e)
        return;
    http_close(e->http);
    arena_wipe(e->a); /* it lives in there itself, and the token, too */
}

int64_t
endpoint_wait_s(void *self)
{
    const struct endpoint *e = self;
    return e->wait_s;
}

int
endpoint_post(struct endpoint *e, const char *behind, const struct str *headers, size_t n,
              const struct buf *body, struct http_answer *ret, struct diag *d)
{
    struct str all[ENDPOINT_HEADERS + 1];
    assert(n <= ENDPOINT_HEADERS && !buf_bad(body));
    for (size_t i = 0; i < n; i++)
        all[i] = headers[i];
    if (e->auth.len)
        all[n++] = e->auth;
    struct str url = e->url;
    while (behind[0] && str_ends(url, "/"))
        url.len--;
    url = arena_fmt(d->arena, "%.*s%s", STR_ARG(url), behind);
    e->wait_s = 0;
    if (e->end_ms && env_mono_ms() >= e->end_ms) {
        diag_fail(d, DIAG_UNAVAILABLE, "no time is left for another request");
        return diag_at(d, "%.*s", STR_ARG(e->peer));
    }
    http_until(e->http, e->end_ms);
    if (http_post(e->http, url, all, n, buf_view(body), ret, d) != 0)
        return diag_at(d, "%.*s", STR_ARG(e->peer));
    e->wait_s = ret->retry_after_s;
    if (ret->status == 408 || ret->status == 425 || ret->status == 429 || ret->status == 503)
        endpoint_note_busy(e);
    fault_point("after_send");
    return 0;
}

void
endpoint_begin(struct endpoint *e, int64_t ms)
{
    e->end_ms = env_mono_ms() + ms;
}

void
endpoint_note_busy(struct endpoint *e)
{
    if (!e->wait_s)
        e->wait_s = BUSY_S;
}

struct str
endpoint_header(const char *name, struct str text, struct arena *a)
{
    struct str line = arena_fmt(a, "%s: %.*s", name, STR_ARG(text));
    char *s = arena_copy(a, line.s, line.len + 1);
    for (size_t i = 0; i < line.len; i++)
        if (s[i] < 32 || s[i] >= 127)
            s[i] = '?';
    return str_n(s, line.len);
}
