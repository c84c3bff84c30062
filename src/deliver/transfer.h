/* One upload over libcurl, whatever the protocol: what mail.c, sftp.c and put.c share.
 * What:   a handle with the limits and manners of this house: protocols are named and no other is spoken, every wait has
 *         a limit, TLS is 1.2 at least, certificates and names are verified, nothing is redirected. Options of a
 *         protocol are set on the handle by who opens it. The last line that the server said is kept.
 * Owner:  transfer_close() releases; texts live in the given arena.
 * Units:  bytes.
 * Errors: DIAG_UNAVAILABLE (no connection, lost, not in time, a certificate that is not trusted), DIAG_CONFIG (files of
 *         TLS, addresses, logins). What a status of the protocol means is said by who opened it.
 * See:    curl_easy_setopt(3); deliver/http.h is the same for requests with answers */
#ifndef DELIVER_TRANSFER_H
#define DELIVER_TRANSFER_H

#include <curl/curl.h>

#include "deliver/stream.h"

struct transfer {
    CURL *curl;
    struct str bytes; /* that go up */
    size_t at;
    char said[512]; /* the last line of the server's answers, without its end */
    long status;    /* of the last answer, as the protocol numbers them; 0 = none */
    CURLcode rc;    /* of the last upload */
    char error[CURL_ERROR_SIZE];
};

/* A handle for an address; protocols as libcurl names them, with commas. */
int transfer_open(struct transfer *t, const char *protocols, struct str url,
                  const struct stream_tls *tls, struct arena *a, struct diag *d);
/* Sets a text, unless it is empty. After a failure all that follow fail. */
void transfer_set(struct transfer *t, CURLoption option, struct str text, struct arena *a);
/* The same of a secret that ends with a zero byte, as secret_load() gives it: libcurl copies it, and no other copy is made. */
void transfer_set_secret(struct transfer *t, CURLoption option, struct str secret);
/* Sends the bytes. A failure says on whose side it was; t->rc and t->status tell more. */
int transfer_run(struct transfer *t, struct str bytes, struct diag *d);
/* Whether exactly these bytes stand at the address, read over the same handle, also behind an upload that failed. What cannot be
 * read is not there: why, the upload that follows will say. */
bool transfer_is_there(struct transfer *t, struct str bytes);
/* Ends it; one that was never opened is allowed. */
void transfer_close(struct transfer *t);

#endif
