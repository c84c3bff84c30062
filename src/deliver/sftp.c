/* Files to another host by SFTP: "sftp://HOST[:PORT]/FOLDER", over libcurl. deliver.c comes before, transfer.c after.
 * What:   the host must have the key whose fingerprint the options give; we log in with a key. Each file goes up under a
 *         name of its own, ".NAME.part", and is renamed when it is whole. What is there already, from an attempt whose answer was
 *         lost, is read and stays as it is when it is the same: SFTP of version 3 renames over nothing, so that only a file with
 *         other bytes is removed first, and away for one round trip. The manifest comes last. */
#include <assert.h>

#include "base/buf.h"
#include "base/url.h"
#include "deliver/sink.h"
#include "deliver/transfer.h"

struct sftp {
    struct arena *arena;
    const struct deliver_options *options;
    struct transfer transfer;
    struct str host, path; /* "sftp://HOST:PORT", "/FOLDER/LINE/ITEM" as the host names it */
    struct str url;        /* of that folder */
};

static void
sftp_close(void *self)
{
    struct sftp *s = self;
    transfer_close(&s->transfer);
}

static void
sftp_set_places(struct sftp *s, struct str dest, const struct deliver_options *o)
{
    struct arena *a = s->arena;
    struct str rest = str_n(dest.s + 2, dest.len - 2);
    long slash = str_find(rest, "/");
    struct str base = slash < 0 ? STR("") : str_n(rest.s + slash, rest.len - (size_t)slash);
    s->host = arena_fmt(a, "sftp://%.*s", (int)(slash < 0 ? rest.len : (size_t)slash), rest.s);
    while (base.len && base.s[base.len - 1] == '/')
        base.len--;
    s->path = arena_fmt(a, "%.*s/%.*s/%.*s", STR_ARG(base), STR_ARG(o->line), STR_ARG(o->item));
    s->url = arena_fmt(a, "%.*s%.*s/%.*s/%.*s", STR_ARG(s->host), STR_ARG(base),
                       STR_ARG(url_segment(a, o->line)), STR_ARG(url_segment(a, o->item)));
}

static int
sftp_open(struct str dest, const struct deliver_options *o, struct arena *a, void **ret,
          struct diag *d)
{
    struct sftp *s = ARENA_NEW(a, struct sftp);
    static const struct stream_tls none;
    if (!str_starts(dest, "//") || dest.len < 3)
        return diag_fail(d, DIAG_CONFIG, "want sftp://HOST[:PORT]/FOLDER");
    if (!o->host_key.len || !o->key_file.len || !o->user.len || !o->line.len)
        return diag_fail(d, DIAG_CONFIG, "sftp wants user, key-file and host-key");
    *s = (struct sftp){.arena = a, .options = o};
    sftp_set_places(s, dest, o);
    if (transfer_open(&s->transfer, "sftp", s->url, &none, a, d) != 0)
        return diag_at(d, "%.*s", STR_ARG(s->host));
    struct transfer *t = &s->transfer;
    transfer_set(t, CURLOPT_SSH_HOST_PUBLIC_KEY_SHA256, o->host_key, a);
    transfer_set(t, CURLOPT_SSH_PRIVATE_KEYFILE, o->key_file, a);
    transfer_set(t, CURLOPT_USERNAME, o->user, a);
    transfer_set_secret(t, CURLOPT_KEYPASSWD, o->password);
    if (t->rc == CURLE_OK)
        t->rc = curl_easy_setopt(t->curl, CURLOPT_SSH_AUTH_TYPES, (long)CURLSSH_AUTH_PUBLICKEY);
    if (t->rc == CURLE_OK)
        t->rc = curl_easy_setopt(t->curl, CURLOPT_FTP_CREATE_MISSING_DIRS, 1L);
    *ret = s;
    return 0;
}

/* A path as libcurl's commands take it. */
static struct str
sftp_quote(struct arena *a, struct str dir, const char *before, struct str name, const char *behind)
{
    AUTO_BUF out = buf_init(1 << 16);
    struct str path = arena_fmt(a, "%.*s/%s%.*s%s", STR_ARG(dir), before, STR_ARG(name), behind);
    buf_putc(&out, '"');
    for (size_t i = 0; i < path.len; i++) {
        if (path.s[i] == '"' || path.s[i] == '\\')
            buf_putc(&out, '\\');
        buf_putc(&out, path.s[i]);
    }
    buf_putc(&out, '"');
    return arena_str(a, buf_view(&out));
}

static void
sftp_set_url(struct sftp *s, struct str name)
{
    transfer_set(
        &s->transfer, CURLOPT_URL,
        arena_fmt(s->arena, "%.*s/%.*s", STR_ARG(s->url), STR_ARG(url_segment(s->arena, name))),
        s->arena);
}

/* Commands for behind a transfer, each with the paths of a file and of its part: '/' is the file, '.' the part; "*": no failure
 * when it fails. */
static struct curl_slist *
sftp_commands(const struct sftp *s, struct str name, const char *const *words)
{
    struct str file = sftp_quote(s->arena, s->path, "", name, ""),
               part = sftp_quote(s->arena, s->path, ".", name, ".part");
    struct curl_slist *list = NULL;
    for (; *words; words++) {
        AUTO_BUF line = buf_init(1 << 17);
        for (const char *w = *words; *w; w++) {
            if (*w == '/' || *w == '.')
                buf_str(&line, *w == '/' ? file : part);
            else
                buf_putc(&line, *w);
        }
        list = curl_slist_append(list, arena_str(s->arena, buf_view(&line)).s);
        assert(list);
    }
    return list;
}

static int
sftp_upload(struct sftp *s, const struct deliver_file *f, const char *const *words, struct diag *d)
{
    struct transfer *t = &s->transfer;
    struct curl_slist *commands = sftp_commands(s, f->name, words);
    sftp_set_url(s, arena_fmt(s->arena, ".%.*s.part", STR_ARG(f->name)));
    if (t->rc == CURLE_OK)
        t->rc = curl_easy_setopt(t->curl, CURLOPT_POSTQUOTE, commands);
    int rc = transfer_run(t, f->bytes, d);
    curl_easy_setopt(t->curl, CURLOPT_POSTQUOTE, NULL);
    curl_slist_free_all(commands);
    return rc;
}

/* Whether the file is there as it is meant to be; then its part goes. */
static bool
sftp_is_there(struct sftp *s, const struct deliver_file *f)
{
    static const char *const words[] = {"*rm .", NULL};
    struct transfer *t = &s->transfer;
    struct curl_slist *commands = sftp_commands(s, f->name, words);
    t->rc = CURLE_OK;
    sftp_set_url(s, f->name);
    curl_easy_setopt(t->curl, CURLOPT_POSTQUOTE, commands);
    bool is_there = transfer_is_there(t, f->bytes);
    curl_easy_setopt(t->curl, CURLOPT_POSTQUOTE, NULL);
    curl_slist_free_all(commands);
    return is_there;
}

/* The rename fails where something has the name, and then it depends on what that is. */
static int
sftp_place(struct sftp *s, const struct deliver_file *f, struct diag *d)
{
    static const char *const anew[] = {"rename . /", NULL};
    static const char *const over[] = {"*rm /", "rename . /", NULL};
    struct diag one = diag_init(s->arena);
    if (sftp_upload(s, f, anew, &one) == 0)
        return 0;
    if (s->transfer.rc != CURLE_QUOTE_ERROR)
        return diag_pass_on(d, &one);
    return sftp_is_there(s, f) ? 0 : sftp_upload(s, f, over, d);
}

static int
sftp_put(void *self, const struct deliver_file *f, struct deliver_rows *rows, struct diag *d)
{
    struct sftp *s = self;
    if (sftp_place(s, f, d) != 0)
        return diag_at(d, "%.*s", STR_ARG(s->host));
    struct str place =
        arena_fmt(s->arena, "%.*s%.*s/%.*s", STR_ARG(s->host), STR_ARG(s->path), STR_ARG(f->name));
    *VEC_PUSH(s->arena, &rows->list) =
        (struct deliver_row){.file = f, .destination = s->host, .place = place, .answer = place};
    return 0;
}

const struct deliver_sink sftp_sink = {
    .scheme = "sftp",
    .open = sftp_open,
    .put = sftp_put,
    .close = sftp_close,
};
