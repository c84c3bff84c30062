/* Messages: what outbox.c hands to the mail server. */
#include "job/mailing.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/auto.h"
#include "base/env.h"
#include "base/mime.h"
#include "base/url.h"
#include "job/signer.h"
#include "render/mail/mail.h"
#include "settings/recipients.h"
#include "sign/smime.h"

AUTO_DEFINE(struct sign_signer *, sign_signer_free)

enum { MAX_MESSAGE = 256 << 20, MAX_HEAD = 1 << 20 };

/* The file that render/mail wrote, in pieces: headers, lines ended by CRLF; the body begins with its Content-Type. */
struct shared {
    struct str subject, attach, body;
    struct str outer; /* the Subject that stands in the place of subject when it is encrypted */
};

int
mailing_load_signer(const struct config *c, struct sign_signer **ret, struct diag *d)
{
    struct config of_mail = *c;
    *ret = NULL;
    if (!c->mail_sign)
        return 0;
    if (c->mail_cert.len) {
        of_mail.sign = true;
        of_mail.sign_p12 = STR("");
        of_mail.sign_cert = c->mail_cert;
        of_mail.sign_key = c->mail_key.len ? c->mail_key : c->mail_cert;
        of_mail.sign_passphrase_file = c->mail_passphrase_file;
    }
    AUTO(sign_signer_free_auto) struct sign_signer *s = NULL;
    if (signer_load(&of_mail, &s, d) != 0 ||
        (s && sign_check_validity(s, env_wall_us() / 1000000, d) != 0))
        return diag_context(d, "mail-cert");
    *ret = AUTO_TAKE(s);
    return 0;
}

/* ---- pieces ---- */

/* Cuts the headers off that begin with mark, up to the end; none is an empty text. */
static struct str
cut_headers(struct str *head, const char *mark)
{
    long at = str_find(*head, mark);
    if (at < 0)
        return STR("");
    struct str cut = str_n(head->s + at + 2, head->len - (size_t)at - 2);
    head->len = (size_t)at + 2;
    return cut;
}

/* What was made before there was a Subject for everybody gets the one that RFC 9788 names. */
static int
find_shared(const struct parcel *p, struct arena *a, struct shared *ret, struct diag *d)
{
    static const char end[] = "\r\n" MAIL_HEAD_END;
    for (size_t i = 0; i < p->files.n; i++) {
        struct str s = p->files.v[i].bytes;
        long at = str_find(s, end);
        if (!str_eqc(p->files.v[i].media_type, MAIL_MEDIA_TYPE) || at < 0)
            continue;
        struct str head = arena_str(a, str_n(s.s, (size_t)at + 2));
        size_t body = (size_t)at + sizeof end - 1;
        ret->attach = cut_headers(&head, "\r\n" MAIL_ATTACH ": ");
        ret->outer = cut_headers(&head, "\r\n" MAIL_OUTER);
        ret->outer = ret->outer.len ? str_n(ret->outer.s + strlen(MAIL_OUTER),
                                            ret->outer.len - strlen(MAIL_OUTER))
                                    : STR("Subject: [...]\r\n");
        ret->subject = head;
        ret->body = str_n(s.s + body, s.len - body);
        return 0;
    }
    return diag_fail(d, DIAG_BAD_DATA, "the report was made without a mail: nothing can be sent");
}

static const struct parcel_file *
find_file(const struct parcel *p, struct str segment, struct arena *a)
{
    for (size_t i = 0; i < p->files.n; i++)
        if (str_eq(url_segment(a, p->files.v[i].name), segment))
            return &p->files.v[i];
    return NULL;
}

static void
put_attachment(struct buf *out, struct str boundary, const struct parcel_file *f)
{
    buf_fmt(out, "\r\n--%.*s\r\nContent-Type: %.*s", STR_ARG(boundary), STR_ARG(f->media_type));
    mime_put_parameter(out, "name", f->name);
    buf_puts(out, "\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment");
    mime_put_parameter(out, "filename", f->name);
    buf_puts(out, "\r\n\r\n");
    mime_put_base64(out, f->bytes);
}

/* The body, and behind it the files that the mail says are attached. */
static int
put_entity(const struct parcel *p, const struct shared *s, struct arena *a, struct buf *out,
           struct diag *d)
{
    struct str rest = s->attach, boundary = mime_boundary(a, "all", s->body);
    if (!rest.len) {
        buf_str(out, s->body);
        return 0;
    }
    buf_puts(out, "Content-Type: multipart/mixed");
    mime_put_parameter(out, "boundary", boundary);
    buf_fmt(out, "\r\n\r\n--%.*s\r\n", STR_ARG(boundary));
    buf_str(out, s->body);
    while (rest.len) {
        struct str line = str_trim(str_cut(&rest, '\n'));
        str_cut(&line, ' ');
        const struct parcel_file *f = find_file(p, line, a);
        if (!f)
            return diag_fail(d, DIAG_BAD_DATA, "the mail names a file that the report has not: %.*s",
                             STR_ARG(line));
        put_attachment(out, boundary, f);
    }
    buf_fmt(out, "\r\n--%.*s--\r\n", STR_ARG(boundary));
    return 0;
}

/* ---- the message ---- */

struct str
mailing_id(const struct config *c, const struct store_outgoing *o, struct arena *a)
{
    struct str name, address;
    if (!recipient_part_mailbox(c->mail_from, &name, &address))
        address = STR("assay@localhost");
    str_cut(&address, '@');
    return arena_fmt(a, "assay.%016" PRIx64 "@%.*s", o->id, STR_ARG(address));
}

/* All headers but those of MIME. */
static struct str
make_head(const struct mailing *m, struct str date, struct str subject, struct arena *a)
{
    AUTO_BUF out = buf_init(MAX_HEAD);
    struct str name, from;
    bool is_known = recipient_part_mailbox(m->config->mail_from, &name, &from);
    assert(is_known && mime_is_address(m->address));
    (void)is_known;
    buf_fmt(&out, "Date: %.*s\r\n", STR_ARG(date));
    mime_put_mailbox(&out, "From", name, from);
    mime_put_mailbox(&out, "To", STR(""), m->address);
    buf_str(&out, subject);
    buf_fmt(&out, "Message-ID: <%.*s>\r\nAuto-Submitted: auto-generated\r\n", STR_ARG(m->id));
    return buf_give(&out, a);
}

/* The entity that is going to be encrypted, with the headers that are meant, and the outer ones as they go out, so that its
 * reader sees which were changed on the way: RFC 9788, and the parameter that mail programs from before it look for. */
static struct str
protect(struct str entity, struct str inner, struct str outer, struct arena *a)
{
    AUTO_BUF out = buf_init((size_t)MAX_MESSAGE + 2 * MAX_HEAD);
    long end = str_find(entity, "\r\n\r\n"); /* of its Content-Type, the only header that it has */
    assert(str_starts(entity, "Content-Type: ") && end > 0);
    buf_str(&out, inner);
    while (outer.len) {
        struct str line = str_cut(&outer, '\n');
        buf_fmt(&out, "%s%.*s\n", line.s[0] == ' ' ? "" : "HP-Outer: ", STR_ARG(line));
    }
    buf_str(&out, str_n(entity.s, (size_t)end));
    mime_put_parameter(&out, "hp", STR("cipher"));
    mime_put_parameter(&out, "protected-headers", STR("v1"));
    buf_str(&out, str_n(entity.s + end, entity.len - (size_t)end));
    return buf_give(&out, a);
}

/* Signed, and behind that encrypted. *ret_head: the headers that go before it. */
static int
wrap(const struct mailing *m, const struct shared *s, struct arena *a, struct str *entity,
     struct str *ret_head, struct diag *d)
{
    int64_t now = env_wall_us() / 1000000;
    bool is_secret = m->to->cert.len > 0;
    struct str date = mime_date(a, now), meant = make_head(m, date, s->subject, a);
    *ret_head = is_secret ? make_head(m, date, s->outer, a) : meant;
    if (is_secret)
        *entity = protect(*entity, meant, *ret_head, a);
    if (m->signer && smime_sign(m->signer, *entity, a, entity, d) != 0)
        return -1;
    return is_secret ? smime_encrypt(m->to->cert.s, m->address, now, *entity, a, entity, d) : 0;
}

int
mailing_write(const struct mailing *m, struct arena *a, struct str *ret, struct diag *d)
{
    struct shared s;
    struct str entity, head;
    AUTO_BUF body = buf_init(MAX_MESSAGE), out = buf_init(MAX_MESSAGE);
    if (!m->config->mail_from.len)
        return diag_fail(d, DIAG_CONFIG, "mail-from is not set");
    if (find_shared(m->parcel, a, &s, d) != 0 || put_entity(m->parcel, &s, a, &body, d) != 0)
        return -1;
    entity = buf_view(&body);
    if (!buf_bad(&body) && wrap(m, &s, a, &entity, &head, d) != 0)
        return -1;
    if (!buf_bad(&body)) {
        buf_fmt(&out, "%.*s" MAIL_HEAD_END, STR_ARG(head));
        buf_str(&out, entity);
    }
    if (buf_bad(&body) || buf_bad(&out))
        return diag_fail(d, DIAG_TOO_BIG, "the message is larger than %d bytes", MAX_MESSAGE);
    *ret = buf_give(&out, a);
    return 0;
}
