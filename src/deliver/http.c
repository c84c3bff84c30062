/* POST over libcurl. Below the outlets that speak HTTP (endpoint.c) and whatever else asks over it. */
#include "deliver/http.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/env.h"
#include "base/mem.h"

/* Tokens and passwords stand in headers. */
static void
http_forget_headers(struct curl_slist *list)
{
    for (struct curl_slist *l = list; l; l = l->next)
        explicit_bzero(l->data, strlen(l->data));
    curl_slist_free_all(list);
}

AUTO_DEFINE(struct curl_slist *, http_forget_headers)

enum {
    CONNECT_S = 10,
    REQUEST_S = 60,
    SHORT_ANSWER = 1 << 16,
    MOST_IGNORED = 1 << 20, /* of a short answer */
    MAX_RETRY_AFTER = 3600
};

struct http {
    CURL *curl;
    struct buf body;
    size_t max_answer;
    bool is_short;           /* the beginning of an answer will do */
    size_t ignored;          /* of it */
    int64_t most_ms, end_ms; /* of a request; 0 = none but its own */
    char error[CURL_ERROR_SIZE];
};

/* ---- answers ---- */

/* Called by libcurl with what came; taking less than that ends the request. */
static size_t
http_take_answer(char *bytes, size_t one, size_t n, void *self)
{
    struct http *h = self;
    size_t room = h->max_answer - h->body.len, fits = n < room ? n : room;
    assert(one == 1);
    buf_add(&h->body, bytes, fits);
    h->ignored += n - fits;
    return h->is_short && h->ignored <= MOST_IGNORED ? n : fits;
}

/* Failures of files on our side and of the address; all others may pass. */
static enum diag_code
http_code_of(CURLcode rc)
{
    switch (rc) {
    case CURLE_URL_MALFORMAT:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
        return DIAG_CONFIG;
    default:
        return DIAG_UNAVAILABLE;
    }
}

/* Whose refusal a failure of TLS is; "" = none, or it says so itself. */
static const char *
http_side(const struct http *h, CURLcode rc)
{
    if (rc == CURLE_PEER_FAILED_VERIFICATION)
        return "we refuse the receiver's certificate (tls-ca): ";
    if (strstr(h->error, " alert "))
        return "the receiver refuses us, for our certificate perhaps (tls-cert): ";
    return strstr(h->error, "wrong version number") ? "it does not speak TLS: " : "";
}

static int
http_fail(const struct http *h, CURLcode rc, struct diag *d)
{
    if (rc == CURLE_WRITE_ERROR)
        return diag_fail(d, DIAG_UNAVAILABLE, "the answer is larger than %zu bytes",
                         h->max_answer + (h->is_short ? (size_t)MOST_IGNORED : 0));
    return diag_fail(d, http_code_of(rc), "%s%s", http_side(h, rc),
                     h->error[0] ? h->error : curl_easy_strerror(rc));
}

/* ---- the connection ---- */

static void
http_start_library(void)
{
    CURLcode rc = curl_global_init(CURL_GLOBAL_DEFAULT);
    assert(rc == CURLE_OK);
    (void)rc;
}

static CURLcode
http_set_text(CURL *c, CURLoption option, struct str s, struct arena *a)
{
    return s.len ? curl_easy_setopt(c, option, arena_str(a, s).s) : CURLE_OK;
}

/* Authorities that are named are the only ones. */
static CURLcode
http_set_tls(CURL *c, const struct stream_tls *tls, struct arena *a)
{
    CURLcode rc = curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (rc == CURLE_OK && tls->ca.len)
        rc = curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
    if (rc == CURLE_OK)
        rc = http_set_text(c, CURLOPT_CAINFO, tls->ca, a);
    if (rc == CURLE_OK)
        rc = http_set_text(c, CURLOPT_SSLCERT, tls->cert, a);
    if (rc == CURLE_OK)
        rc = http_set_text(c, CURLOPT_SSLKEY, tls->key.len ? tls->key : tls->cert, a);
    return rc;
}

static CURLcode
http_set_manners(struct http *h, const struct http_options *o)
{
    const struct {
        CURLoption option;
        long value;
    } numbers[] = {
        {CURLOPT_NOSIGNAL, 1},
        {CURLOPT_POST, 1},
        {CURLOPT_FOLLOWLOCATION, 0},
        {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
        {CURLOPT_CONNECTTIMEOUT, CONNECT_S},
        {CURLOPT_TCP_KEEPALIVE, 1},
    };
    CURLcode rc = CURLE_OK;
    for (size_t i = 0; rc == CURLE_OK && i < sizeof numbers / sizeof *numbers; i++)
        rc = curl_easy_setopt(h->curl, numbers[i].option, numbers[i].value);
    if (rc == CURLE_OK)
        rc = curl_easy_setopt(h->curl, CURLOPT_PROTOCOLS_STR, o->plain ? "http" : "https");
    if (rc == CURLE_OK && o->plain)
        rc = curl_easy_setopt(h->curl, CURLOPT_PROXY, "");
    if (rc == CURLE_OK)
        rc = curl_easy_setopt(h->curl, CURLOPT_USERAGENT, "assay/" ASSAY_VERSION);
    if (rc == CURLE_OK)
        rc = curl_easy_setopt(h->curl, CURLOPT_ERRORBUFFER, h->error);
    if (rc == CURLE_OK)
        rc = curl_easy_setopt(h->curl, CURLOPT_WRITEFUNCTION, http_take_answer);
    return rc == CURLE_OK ? curl_easy_setopt(h->curl, CURLOPT_WRITEDATA, h) : rc;
}

int
http_open(const struct http_options *o, struct http **ret, struct diag *d)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, http_start_library);
    struct http *h = mem_alloc(sizeof *h);
    h->max_answer = o->max_answer ? o->max_answer : SHORT_ANSWER;
    h->is_short = o->max_answer == 0;
    h->most_ms = 1000 * (o->timeout_s ? o->timeout_s : REQUEST_S);
    h->body = buf_init(h->max_answer + 1);
    h->curl = curl_easy_init();
    CURLcode rc = h->curl ? http_set_manners(h, o) : CURLE_FAILED_INIT;
    if (rc == CURLE_OK && !o->plain)
        rc = http_set_tls(h->curl, &o->tls, d->arena);
    if (rc != CURLE_OK) {
        http_fail(h, rc, d);
        http_close(h);
        return -1;
    }
    *ret = h;
    return 0;
}

void
http_close(struct http *h)
{
    if (!h)
        return;
    curl_easy_cleanup(h->curl);
    buf_done(&h->body);
    free(h);
}

/* ---- requests ---- */

/* What libcurl adds by itself is taken away: it would wait for a "100 Continue". */
static struct curl_slist *
http_make_headers(const struct str *headers, size_t n)
{
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    for (size_t i = 0; list && i < n; i++) {
        assert(!memchr(headers[i].s, '\n', headers[i].len));
        assert(!memchr(headers[i].s, '\r', headers[i].len));
        assert(!headers[i].s[headers[i].len]);
        list = curl_slist_append(list, headers[i].s);
    }
    assert(list);
    return list;
}

static void
http_read_answer(struct http *h, struct http_answer *ret)
{
    curl_off_t wait = 0;
    const char *type = NULL;
    *ret = (struct http_answer){.body = buf_view(&h->body)};
    if (curl_easy_getinfo(h->curl, CURLINFO_CONTENT_TYPE, &type) != CURLE_OK)
        type = NULL;
    ret->type = str_c(type); /* until the next request, as the body */
    curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &ret->status);
    if (curl_easy_getinfo(h->curl, CURLINFO_RETRY_AFTER, &wait) == CURLE_OK && wait > 0)
        ret->retry_after_s = wait < MAX_RETRY_AFTER ? wait : MAX_RETRY_AFTER;
}

void
http_until(struct http *h, int64_t end_ms)
{
    h->end_ms = end_ms;
}

/* 0 would mean "for ever" to libcurl. */
static long
http_time_left(const struct http *h)
{
    int64_t left = h->end_ms ? h->end_ms - env_mono_ms() : h->most_ms;
    if (left > h->most_ms)
        left = h->most_ms;
    return left > 0 ? (long)left : 1;
}

int
http_post(struct http *h, struct str url, const struct str *headers, size_t n, struct str body,
          struct http_answer *ret, struct diag *d)
{
    AUTO(http_forget_headers_auto) struct curl_slist *list = http_make_headers(headers, n);
    buf_cut(&h->body, 0);
    h->error[0] = 0;
    h->ignored = 0;
    CURLcode rc = curl_easy_setopt(h->curl, CURLOPT_URL, arena_str(d->arena, url).s);
    if (rc == CURLE_OK)
        rc = curl_easy_setopt(h->curl, CURLOPT_TIMEOUT_MS, http_time_left(h));
    if (rc == CURLE_OK)
        rc = curl_easy_setopt(h->curl, CURLOPT_HTTPHEADER, list);
    if (rc == CURLE_OK)
        rc = curl_easy_setopt(h->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
    if (rc == CURLE_OK)
        rc = curl_easy_setopt(h->curl, CURLOPT_POSTFIELDS, body.s);
    if (rc == CURLE_OK)
        rc = curl_easy_perform(h->curl);
    curl_easy_setopt(h->curl, CURLOPT_HTTPHEADER, NULL);
    if (rc != CURLE_OK)
        return http_fail(h, rc, d);
    http_read_answer(h, ret);
    return 0;
}
