/* Uploads over libcurl. Below mail.c, sftp.c and put.c; http.c is the neighbour for messages. */
#include "deliver/transfer.h"

#include <assert.h>
#include <string.h>

enum { CONNECT_S = 20, SLOW_S = 90, UPLOAD_S = 600 };

/* Called by libcurl for what goes up. */
static size_t
transfer_give(char *to, size_t one, size_t n, void *self)
{
    struct transfer *t = self;
    size_t room = one * n, left = t->bytes.len - t->at, some = left < room ? left : room;
    memcpy(to, t->bytes.s + t->at, some);
    t->at += some;
    return some;
}

/* Called by libcurl when a server wants all of it once more, after a login for example. */
static int
transfer_seek(void *self, curl_off_t offset, int origin)
{
    struct transfer *t = self;
    if (origin != SEEK_SET || offset < 0 || (uint64_t)offset > t->bytes.len)
        return CURL_SEEKFUNC_FAIL;
    t->at = (size_t)offset;
    return CURL_SEEKFUNC_OK;
}

/* Called by libcurl with each line of an answer. A server's goodbye (221) is no answer to what was sent. */
static size_t
transfer_hear(char *bytes, size_t one, size_t n, void *self)
{
    struct transfer *t = self;
    struct str line = str_trim(str_n(bytes, one * n));
    size_t len = line.len < sizeof t->said - 1 ? line.len : sizeof t->said - 1;
    if (len && !str_starts(line, "221 ")) {
        memcpy(t->said, line.s, len);
        t->said[len] = 0;
    }
    return one * n;
}

/* Bodies of answers are of no interest. */
static size_t
transfer_ignore(char *bytes, size_t one, size_t n, void *self)
{
    (void)bytes, (void)self;
    return one * n;
}

/* Called by libcurl with what comes down: it ends at the first byte that is another. */
static size_t
transfer_compare(char *bytes, size_t one, size_t n, void *self)
{
    struct transfer *t = self;
    size_t some = one * n;
    if (some > t->bytes.len - t->at || memcmp(bytes, t->bytes.s + t->at, some) != 0)
        return some + 1;
    t->at += some;
    return some;
}

static void
transfer_number(struct transfer *t, CURLoption option, long value)
{
    if (t->rc == CURLE_OK)
        t->rc = curl_easy_setopt(t->curl, option, value);
}

void
transfer_set(struct transfer *t, CURLoption option, struct str text, struct arena *a)
{
    if (t->rc == CURLE_OK && text.len)
        t->rc = curl_easy_setopt(t->curl, option, arena_str(a, text).s);
}

void
transfer_set_secret(struct transfer *t, CURLoption option, struct str secret)
{
    if (t->rc == CURLE_OK && secret.len)
        t->rc = curl_easy_setopt(t->curl, option, secret.s);
}

/* Authorities that are named are the only ones. */
static void
transfer_set_tls(struct transfer *t, const struct stream_tls *tls, struct arena *a)
{
    transfer_number(t, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    if (t->rc == CURLE_OK && tls->ca.len)
        t->rc = curl_easy_setopt(t->curl, CURLOPT_CAPATH, NULL);
    transfer_set(t, CURLOPT_CAINFO, tls->ca, a);
    transfer_set(t, CURLOPT_SSLCERT, tls->cert, a);
    transfer_set(t, CURLOPT_SSLKEY, tls->key.len ? tls->key : tls->cert, a);
}

static void
transfer_set_calls(struct transfer *t)
{
    CURL *c = t->curl;
    if (t->rc == CURLE_OK &&
        (curl_easy_setopt(c, CURLOPT_READFUNCTION, transfer_give) != CURLE_OK ||
         curl_easy_setopt(c, CURLOPT_READDATA, t) != CURLE_OK ||
         curl_easy_setopt(c, CURLOPT_SEEKFUNCTION, transfer_seek) != CURLE_OK ||
         curl_easy_setopt(c, CURLOPT_SEEKDATA, t) != CURLE_OK ||
         curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, transfer_hear) != CURLE_OK ||
         curl_easy_setopt(c, CURLOPT_HEADERDATA, t) != CURLE_OK ||
         curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, transfer_ignore) != CURLE_OK ||
         curl_easy_setopt(c, CURLOPT_WRITEDATA, t) != CURLE_OK ||
         curl_easy_setopt(c, CURLOPT_ERRORBUFFER, t->error) != CURLE_OK))
        t->rc = CURLE_FAILED_INIT;
}

/* Failures of files on our side, of addresses and of logins; all others may pass. */
static enum diag_code
transfer_code(CURLcode rc)
{
    static const CURLcode ours[] = {
        CURLE_URL_MALFORMAT,      CURLE_UNSUPPORTED_PROTOCOL, CURLE_SSL_CERTPROBLEM,
        CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER,           CURLE_LOGIN_DENIED,
        CURLE_USE_SSL_FAILED,     CURLE_UNKNOWN_OPTION,       CURLE_NOT_BUILT_IN};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (rc == ours[i])
            return DIAG_CONFIG;
    return DIAG_UNAVAILABLE;
}

static int
transfer_fail(const struct transfer *t, struct diag *d)
{
    const char *side = t->rc == CURLE_PEER_FAILED_VERIFICATION ? "we do not trust the server: "
                       : t->rc == CURLE_LOGIN_DENIED           ? "the login is not taken: "
                       : t->rc == CURLE_USE_SSL_FAILED         ? "the server offers no TLS: "
                                                               : "";
    return diag_fail(d, transfer_code(t->rc), "%s%s", side,
                     t->error[0] ? t->error : curl_easy_strerror(t->rc));
}

int
transfer_open(struct transfer *t, const char *protocols, struct str url,
              const struct stream_tls *tls, struct arena *a, struct diag *d)
{
    const struct {
        CURLoption option;
        long value;
    } numbers[] = {
        {CURLOPT_NOSIGNAL, 1},
        {CURLOPT_UPLOAD, 1},
        {CURLOPT_FOLLOWLOCATION, 0},
        {CURLOPT_CONNECTTIMEOUT, CONNECT_S},
        {CURLOPT_TIMEOUT, UPLOAD_S},
        {CURLOPT_LOW_SPEED_LIMIT, 1},
        {CURLOPT_LOW_SPEED_TIME, SLOW_S},
    };
    *t = (struct transfer){.curl = curl_easy_init()};
    t->rc = t->curl ? CURLE_OK : CURLE_FAILED_INIT;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        transfer_number(t, numbers[i].option, numbers[i].value);
    transfer_set_calls(t);
    transfer_set(t, CURLOPT_PROTOCOLS_STR, str_c(protocols), a);
    transfer_set(t, CURLOPT_URL, url, a);
    transfer_set_tls(t, tls, a);
    if (t->rc == CURLE_OK)
        return 0;
    transfer_fail(t, d);
    transfer_close(t);
    return -1;
}

int
transfer_run(struct transfer *t, struct str bytes, struct diag *d)
{
    assert(t->curl);
    t->bytes = bytes;
    t->at = 0;
    t->said[0] = t->error[0] = 0;
    t->status = 0;
    if (t->rc == CURLE_OK)
        t->rc = curl_easy_setopt(t->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)bytes.len);
    if (t->rc == CURLE_OK)
        t->rc = curl_easy_perform(t->curl);
    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &t->status);
    return t->rc == CURLE_OK ? 0 : transfer_fail(t, d);
}

bool
transfer_is_there(struct transfer *t, struct str bytes)
{
    assert(t->curl);
    t->bytes = bytes;
    t->at = 0;
    CURLcode rc = curl_easy_setopt(t->curl, CURLOPT_UPLOAD, 0L);
    if (rc == CURLE_OK)
        rc = curl_easy_setopt(t->curl, CURLOPT_WRITEFUNCTION, transfer_compare);
    if (rc == CURLE_OK)
        rc = curl_easy_perform(t->curl);
    curl_easy_setopt(t->curl, CURLOPT_WRITEFUNCTION, transfer_ignore);
    t->rc = curl_easy_setopt(t->curl, CURLOPT_UPLOAD, 1L);
    return rc == CURLE_OK && t->at == bytes.len;
}

void
transfer_close(struct transfer *t)
{
    curl_easy_cleanup(t->curl);
    t->curl = NULL;
}
