/* Requests of HTTP by POST, over one connection that stays open between them.
 * What:   a thin layer over libcurl: HTTP/1.1, TLS 1.2 at least, the peer's certificate and name
 *         are verified, nothing is redirected, nothing unpacked, every wait has a limit. Proxies of
 *         the environment (https_proxy) are taken for https, never for plain http. What a status
 *         means is the caller's affair (deliver/verdict.h).
 * Owner:  http_close releases; answers live until the next request or the end.
 * Units:  bytes; seconds.
 * Errors: DIAG_UNAVAILABLE (no connection, lost, not in time, a certificate that is not trusted, an
 *         answer that is too large or none), DIAG_CONFIG (files of TLS, malformed addresses).
 * See:    RFC 9110, RFC 9112; curl_easy_setopt(3) */
#ifndef DELIVER_HTTP_H
#define DELIVER_HTTP_H

#include "deliver/stream.h"

struct http;

struct http_options {
    struct stream_tls tls;
    bool plain;        /* without TLS: the address may begin with http:// */
    size_t max_answer; /* a larger one is a failure; 0 = 64 KiB, and what is beyond is left out, up
                          to a MiB of it */
    int64_t timeout_s; /* for one request; 0 = 60 */
};

struct http_answer {
    long status;
    struct str type; /* Content-Type as it stands there; empty = it did not say */
    struct str body;
    int64_t retry_after_s; /* at most an hour; 0 = it did not say */
};

/* Prepares a connection; nothing goes out yet. */
int http_open(const struct http_options *o, struct http **ret, struct diag *d);
/* Sends the body to the address with n headers ("Name: value", no line breaks, each ended by a zero byte) and reads the
 * answer, whatever its status. Of the headers no copy is left. */
int http_post(struct http *h, struct str url, const struct str *headers, size_t n, struct str body,
              struct http_answer *ret, struct diag *d);
/* Requests from now on end by then, by env_mono_ms(), also when they have more time of their own. */
void http_until(struct http *h, int64_t end_ms);
/* Ends it; NULL is allowed. */
void http_close(struct http *h);

#endif
