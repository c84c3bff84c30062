/* One message to one address, over libcurl to a mail server: SMTP with STARTTLS, which is demanded, or TLS from the
 * beginning. deliver.c comes before, transfer.c after.
 * What:   "mail:ADDRESS"; the one file is the whole message. A message that the server takes is its own: what
 *         becomes of it later comes back to the sender as mail. When the answer to the end of the message is lost, nobody
 *         knows whether it was taken; it goes out again with the same Message-ID, by which the receiver can tell. */
#include <assert.h>

#include "deliver/sink.h"
#include "deliver/transfer.h"
#include "deliver/verdict.h"

struct mail {
    struct arena *arena;
    const struct deliver_options *options;
    struct transfer transfer;
    struct curl_slist *to;
    struct str address;
    const struct deliver_file *message;
};

static void
mail_close(void *self)
{
    struct mail *m = self;
    transfer_close(&m->transfer);
    curl_slist_free_all(m->to);
    m->to = NULL;
}

static int
mail_open(struct str dest, const struct deliver_options *o, struct arena *a, void **ret,
          struct diag *d)
{
    struct mail *m = ARENA_NEW(a, struct mail);
    if (!o->server.len || !o->from.len)
        return diag_fail(d, DIAG_CONFIG,
                         "mail is sent with mail-server and mail-from, which are not set");
    *m = (struct mail){.arena = a, .options = o, .address = arena_str(a, dest)};
    if (transfer_open(&m->transfer, "smtp,smtps", o->server, &o->tls, a, d) != 0)
        return diag_at(d, "%.*s", STR_ARG(o->server));
    struct transfer *t = &m->transfer;
    m->to = curl_slist_append(NULL, arena_fmt(a, "<%.*s>", STR_ARG(dest)).s);
    assert(m->to);
    if (t->rc == CURLE_OK)
        t->rc = curl_easy_setopt(t->curl, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
    if (t->rc == CURLE_OK)
        t->rc = curl_easy_setopt(t->curl, CURLOPT_MAIL_RCPT, m->to);
    transfer_set(t, CURLOPT_MAIL_FROM, arena_fmt(a, "<%.*s>", STR_ARG(o->from)), a);
    transfer_set(t, CURLOPT_USERNAME, o->user, a);
    if (o->user.len)
        transfer_set_secret(t, CURLOPT_PASSWORD, o->password);
    *ret = m;
    return 0;
}

static int
mail_put(void *self, const struct deliver_file *f, struct deliver_rows *rows, struct diag *d)
{
    struct mail *m = self;
    (void)rows, (void)d;
    assert(!m->message && str_eqc(f->media_type, "message/rfc822"));
    m->message = f;
    return 0;
}

/* What a server says for good is about this message or this address; a login that it wants is about us, and its
 * troubles pass. */
static int
mail_fail(const struct mail *m, const struct diag *why, struct diag *d)
{
    const struct transfer *t = &m->transfer;
    struct str said = verdict_said(str_c(t->said), m->options->password, d->arena);
    bool is_about_us = t->rc == CURLE_LOGIN_DENIED || t->rc == CURLE_USE_SSL_FAILED ||
                       t->status == 530 || t->status == 534 || t->status == 535 || t->status == 538;
    if (!is_about_us && t->status >= 500 && t->status <= 599)
        diag_fail(d, DIAG_CANNOT_WRITE, "refused: %.*s", STR_ARG(said));
    else if (!is_about_us && t->status >= 400 && t->status <= 499)
        diag_fail(d, DIAG_UNAVAILABLE, "not now: %.*s", STR_ARG(said));
    else
        diag_fail(d, why->first.code, "%.*s%s%.*s", STR_ARG(why->first.text),
                  t->status && said.len ? ": " : "", STR_ARG(t->status ? said : STR("")));
    return diag_at(d, "%.*s", STR_ARG(m->options->server));
}

static int
mail_finish(void *self, struct deliver_rows *rows, struct diag *d)
{
    struct mail *m = self;
    struct diag why = diag_init(d->arena);
    assert(m->message);
    if (transfer_run(&m->transfer, m->message->bytes, &why) != 0)
        return mail_fail(m, &why, d);
    *VEC_PUSH(m->arena, &rows->list) = (struct deliver_row){
        .file = m->message,
        .destination = arena_fmt(m->arena, "mail:%.*s", STR_ARG(m->address)),
        .place = m->options->server,
        .answer = verdict_said(str_c(m->transfer.said), m->options->password, m->arena)};
    return 0;
}

const struct deliver_sink mail_sink = {
    .scheme = "mail",
    .open = mail_open,
    .put = mail_put,
    .finish = mail_finish,
    .close = mail_close,
};
