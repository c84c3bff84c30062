/* Asks a time-stamping authority and keeps what it answers. Called by schedule.c and cmd_audit.c;
 * statements.c checks what was kept. */
#include "ledger/anchor.h"

#include <assert.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "audit/cosign.h"
#include "base/auto.h"
#include "base/base64.h"
#include "base/env.h"
#include "base/file.h"
#include "base/utf8.h"
#include "deliver/http.h"
#include "ledger/checkpoint.h"
#include "ledger/outage.h"
#include "settings/secret.h"

AUTO_DEFINE(struct http *, http_close)
AUTO_DEFINE(DIR *, closedir)
AUTO_DEFINE(struct arena *, arena_wipe)

enum { MAX_ANSWER = 1 << 18, MAX_FILE = 1 << 18, HOUR = 3600, DAY = 86400 };

#define LAST_KEY "anchor:last"

static const char *
anchor_folder(const struct config *c, struct arena *a)
{
    return file_join(a, c->state_dir.s, "anchors").s;
}

/* ---- asking ---- */

/* Without TLS everybody on the way reads a password; on the way to this host there is nobody. */
static bool
keeps_secrets(struct str url)
{
    return !str_starts(url, "http://") || str_starts(url, "http://127.0.0.1:") ||
           str_starts(url, "http://localhost:") || str_starts(url, "http://[::1]:");
}

/* One more header with user and password, when the settings say where they are. headers has room
 * for three. */
static int
add_user(const struct config *c, struct arena *a, struct str *headers, size_t *n, struct diag *d)
{
    assert(*n < 3);
    struct str text;
    if (!c->tsa_user_file.len)
        return 0;
    if (!keeps_secrets(c->tsa_url))
        return diag_fail(d, DIAG_CONFIG,
                         "tsa-user-file: a password goes out over https only, or to this host");
    if (secret_load(c, c->tsa_user_file, "tsa-user-file", a, &text, d) != 0)
        return -1;
    struct str line = str_trim(text);
    headers[(*n)++] = arena_fmt(a, "Authorization: Basic %s", base64_encode(a, line.s, line.len).s);
    return 0;
}

/* Asks over HTTP; any status but 200 means that there is no stamp, whatever the body says. */
static int
post_request(const struct config *c, struct str request, struct str *ret, struct diag *d)
{
    AUTO(arena_wipe_auto) struct arena *own = arena_new();
    AUTO(http_close_auto) struct http *h = NULL;
    struct http_answer answer;
    struct http_options o = {.tls = {c->tls_ca, c->tls_cert, c->tls_key},
                             .plain = str_starts(c->tsa_url, "http://"),
                             .max_answer = MAX_ANSWER,
                             .timeout_s = 30};
    struct str headers[3] = {STR("Content-Type: application/timestamp-query"),
                             STR("Accept: application/timestamp-reply")};
    size_t n = 2;
    if (add_user(c, own, headers, &n, d) != 0 || http_open(&o, &h, d) != 0 ||
        http_post(h, c->tsa_url, headers, n, request, &answer, d) != 0)
        return -1;
    if (answer.status != 200)
        return diag_fail(d, DIAG_UNAVAILABLE, "the authority answers with status %ld",
                         answer.status);
    *ret = arena_str(d->arena, answer.body);
    return 0;
}

/* The authority's answer about this note, and what it says; it was checked. */
static int
get_stamp(const struct config *c, struct str note, struct str *ret_tsr, struct sign_stamp *ret,
          struct diag *d)
{
    struct str request;
    if (!c->tsa_url.len || !c->tsa_ca.len)
        return diag_fail(d, DIAG_CONFIG,
                         "tsa-url and tsa-ca must name an authority and the certificates that it "
                         "is trusted by");
    if (timestamp_request(note, c->tsa_policy, d->arena, &request, d) != 0)
        return -1;
    if (post_request(c, request, ret_tsr, d) != 0 ||
        timestamp_accept(*ret_tsr, request, note, c->tsa_ca.s, d->arena, ret, d) != 0)
        return diag_at(d, "%.*s", STR_ARG(c->tsa_url));
    return 0;
}

/* ---- keeping ---- */

static int
put_last(struct act *act, void *ctx, struct diag *d)
{
    const struct sign_stamp *s = ctx;
    return store_put_setting(act->store, STR(LAST_KEY),
                             arena_fmt(d->arena, "%lld", (long long)s->at), d);
}

/* The file with the answer is written behind the one with the checkpoint: where it is, both are. */
static int
keep_stamp(struct act *act, const struct store_anchor *c, struct sign_stamp *s, struct diag *d)
{
    struct arena *a = d->arena;
    const char *dir = anchor_folder(&act->config, a);
    struct str note = arena_fmt(a, "%lld.checkpoint", (long long)c->size);
    struct str tsr = arena_fmt(a, "%lld.tsr", (long long)c->size);
    if (file_mkdirs(dir, 0755, d) != 0 ||
        file_write_atomic(file_join(a, dir, note.s).s, c->note, 0644, d) != 0 ||
        file_write_atomic(file_join(a, dir, tsr.s).s, c->tsr, 0644, d) != 0 ||
        store_put_anchor(act->store, c, env_wall_us(), d) != 0)
        return -1;
    return act_transact(act, put_last, s, d);
}

/* What is stamped is the newest checkpoint without the lines of witnesses: those may come later, and
 * the stamp must still be of the same bytes. */
static int
make_anchor(struct act *act, struct anchor_made *ret, struct diag *d)
{
    struct audit_checkpoint cp;
    struct audit_vkey k;
    struct str note;
    const struct config *c = &act->config;
    if (checkpoint_load_newest(c, d->arena, &note, &cp, d) != 0 ||
        log_keys_load_vkey(c, d->arena, &k, d) != 0)
        return -1;
    struct store_anchor s = {.origin = audit_vkey_id(&k, d->arena),
                             .size = cp.size,
                             .note = audit_note_alone(note, d->arena)};
    ret->size = cp.size;
    if (get_stamp(c, s.note, &s.tsr, &ret->stamp, d) != 0)
        return -1;
    return keep_stamp(act, &s, &ret->stamp, d);
}

int
anchor_make(struct act *act, struct anchor_made *ret, struct diag *d)
{
    struct diag one = diag_init(d->arena);
    int rc = make_anchor(act, ret, &one);
    /* an outage is what happens to the authority; settings and files of ours that are wrong are none */
    if (rc == 0 || one.first.code == DIAG_UNAVAILABLE || one.first.code == DIAG_VERIFY)
        outage_note(act, "audit.anchor", "authority", act->config.tsa_url, &one);
    if (rc == 0)
        return 0;
    return diag_pass_on(d, &one);
}

static const int64_t every[] = {[ANCHOR_DAILY] = DAY, [ANCHOR_HOURLY] = HOUR, [ANCHOR_EACH] = 0};

/* When a stamp was got last, by whichever host: 0 = never. */
static int
load_last(struct act *act, int64_t *ret, struct diag *d)
{
    struct str was;
    if (store_load_setting(act->store, STR(LAST_KEY), d->arena, &was, d) != 0)
        return -1;
    if (!str_to_i64(was, ret))
        *ret = 0;
    return 0;
}

/* Also when the clock was set back: otherwise none would be made until it has caught up. */
static int
is_due(struct act *act, bool *ret, struct diag *d)
{
    const struct config *c = &act->config;
    int64_t last, now = env_wall_us() / 1000000;
    *ret = c->audit_anchor != ANCHOR_NO && c->tsa_url.len;
    if (!*ret)
        return 0;
    assert(c->audit_anchor < sizeof every / sizeof *every);
    if (load_last(act, &last, d) != 0)
        return -1;
    *ret = last == 0 || now < last || now - last >= every[c->audit_anchor];
    return 0;
}

int
anchor_state(struct act *act, int64_t *ret_last, bool *ret_is_late, struct diag *d)
{
    enum config_anchor often = act->config.audit_anchor;
    assert(often < sizeof every / sizeof *every);
    int64_t span = often == ANCHOR_EACH ? HOUR : every[often], now = env_wall_us() / 1000000;
    if (load_last(act, ret_last, d) != 0)
        return -1;
    *ret_is_late = often != ANCHOR_NO && act->config.tsa_url.len && now - *ret_last > 2 * span;
    return 0;
}

int
anchor_make_due(struct act *act, struct anchor_made *ret, struct diag *d)
{
    bool due;
    struct diag one = diag_init(d->arena);
    *ret = (struct anchor_made){.size = ANCHOR_NONE};
    if (is_due(act, &due, d) != 0)
        return -1;
    if (!due || anchor_make(act, ret, &one) == 0)
        return 0;
    ret->size = ANCHOR_NONE;
    if (one.first.code != DIAG_UNAVAILABLE && one.first.code != DIAG_VERIFY)
        return diag_pass_on(d, &one);
    diag_warn(d, DIAG_WARN_ABSENT, STR("time stamp"), "%.*s: %.*s; the next run tries again",
              STR_ARG(one.first.place), STR_ARG(utf8_one_line(d->arena, one.first.text)));
    return 0;
}

/* ---- what was kept ---- */

struct kept {
    struct arena *a;
    VEC(struct anchor) v;
};

static int
load_database(struct act *act, struct kept *k, struct diag *d)
{
    struct store_anchor *v;
    size_t n;
    if (store_load_anchors(act->store, k->a, &v, &n, d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        *VEC_PUSH(k->a, &k->v) =
            (struct anchor){.note = v[i].note,
                            .tsr = v[i].tsr,
                            .where = arena_fmt(k->a, "time stamp of %lld records in the database",
                                               (long long)v[i].size)};
    return 0;
}

/* A stamp in the folder; without the checkpoint beside it nobody can tell what it is of. */
static int
load_file(const char *dir, const char *name, struct kept *k, struct diag *d)
{
    struct anchor one;
    assert(str_ends(str_c(name), ".tsr"));
    struct str stem = str_n(name, strlen(name) - 4);
    struct str path = file_join(k->a, dir, name);
    struct str note = file_join(k->a, dir, arena_fmt(k->a, "%.*s.checkpoint", STR_ARG(stem)).s);
    one.where = path;
    if (file_slurp(path.s, MAX_FILE, k->a, &one.tsr, d) != 0 ||
        file_slurp(note.s, MAX_FILE, k->a, &one.note, d) != 0)
        return -1;
    *VEC_PUSH(k->a, &k->v) = one;
    return 0;
}

static int
load_folder(struct act *act, struct kept *k, struct diag *d)
{
    const char *dir = anchor_folder(&act->config, k->a);
    AUTO(closedir_auto) DIR *all = opendir(dir);
    for (struct dirent *e; all && (e = readdir(all));)
        if (str_ends(str_c(e->d_name), ".tsr") && strlen(e->d_name) > 4 &&
            load_file(dir, e->d_name, k, d) != 0)
            return -1;
    return 0;
}

int
anchor_load(struct act *act, struct arena *a, struct anchor **ret, size_t *ret_n, struct diag *d)
{
    struct kept k = {.a = a};
    if (load_database(act, &k, d) != 0 || load_folder(act, &k, d) != 0)
        return -1;
    *ret = k.v.v;
    *ret_n = k.v.n;
    return 0;
}
