/* Files to a server by HTTPS PUT: "put:https://HOST/PATH", over libcurl; also to S3, with requests signed by version 4 of
 * AWS's signatures (sigv4). deliver.c comes before, transfer.c after.
 * What:   a request a file, to PATH/LINE/ITEM/NAME; a status of 2xx says that it is there, whole (deliver/verdict.h says what others
 *         mean). The manifest comes last: who sees it sees all that it names. For S3 the header x-amz-content-sha256 has the
 *         hash of the file, which the signature covers, so that the server refuses other bytes. */
#include <assert.h>

#include "base/url.h"
#include "deliver/sink.h"
#include "deliver/transfer.h"
#include "deliver/verdict.h"

struct put {
    struct arena *arena;
    const struct deliver_options *options;
    struct transfer transfer;
    struct str url; /* of the folder */
};

static void
put_close(void *self)
{
    struct put *p = self;
    transfer_close(&p->transfer);
}

static int
put_open(struct str dest, const struct deliver_options *o, struct arena *a, void **ret,
         struct diag *d)
{
    struct put *p = ARENA_NEW(a, struct put);
    if (!str_starts(dest, "https://") || !o->line.len)
        return diag_fail(d, DIAG_CONFIG, "want put:https://HOST/PATH");
    *p = (struct put){.arena = a, .options = o};
    while (dest.s[dest.len - 1] == '/')
        dest.len--;
    p->url = arena_fmt(a, "%.*s/%.*s/%.*s", STR_ARG(dest), STR_ARG(url_segment(a, o->line)),
                       STR_ARG(url_segment(a, o->item)));
    if (transfer_open(&p->transfer, "https", p->url, &o->tls, a, d) != 0)
        return diag_at(d, "%.*s", STR_ARG(p->url));
    struct transfer *t = &p->transfer;
    transfer_set(t, CURLOPT_USERNAME, o->user, a);
    if (o->user.len)
        transfer_set_secret(t, CURLOPT_PASSWORD, o->password);
    transfer_set(t, CURLOPT_AWS_SIGV4, o->sigv4, a);
    if (t->rc == CURLE_OK && o->user.len && !o->sigv4.len)
        t->rc = curl_easy_setopt(t->curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
    *ret = p;
    return 0;
}

/* What libcurl adds by itself is taken away: it would wait for a "100 Continue". Not with sigv4: libcurl signs the
 * header that it then leaves out, and the signature holds for nobody. */
static struct curl_slist *
put_make_headers(const struct put *p, const struct deliver_file *f)
{
    struct arena *a = p->arena;
    assert(!memchr(f->media_type.s, '\n', f->media_type.len));
    bool is_signed = p->options->sigv4.len > 0;
    struct curl_slist *list = is_signed ? NULL : curl_slist_append(NULL, "Expect:");
    list = curl_slist_append(list, arena_fmt(a, "Content-Type: %.*s", STR_ARG(f->media_type)).s);
    if (is_signed)
        list = curl_slist_append(
            list, arena_fmt(a, "x-amz-content-sha256: %.*s", STR_ARG(sha256_hex(a, &f->sha256))).s);
    assert(list);
    return list;
}

static int
put_put(void *self, const struct deliver_file *f, struct deliver_rows *rows, struct diag *d)
{
    struct put *p = self;
    struct transfer *t = &p->transfer;
    struct curl_slist *headers = put_make_headers(p, f);
    struct str url =
        arena_fmt(p->arena, "%.*s/%.*s", STR_ARG(p->url), STR_ARG(url_segment(p->arena, f->name)));
    transfer_set(t, CURLOPT_URL, url, p->arena);
    if (t->rc == CURLE_OK)
        t->rc = curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, headers);
    int rc = transfer_run(t, f->bytes, d);
    curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);
    if (rc == 0)
        rc = verdict_of(t->status, STR(""), p->options->password, d);
    if (rc != 0)
        return diag_at(d, "%.*s", STR_ARG(url));
    *VEC_PUSH(p->arena, &rows->list) =
        (struct deliver_row){.file = f,
                             .destination = p->url,
                             .place = url,
                             .answer = arena_fmt(p->arena, "%ld: %.*s", t->status, STR_ARG(url))};
    return 0;
}

const struct deliver_sink put_sink = {
    .scheme = "put",
    .open = put_open,
    .put = put_put,
    .close = put_close,
};
