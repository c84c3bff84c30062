/* One record as CEF:0 (Implementation Standard v27). In the header a backslash and a bar are
 * escaped; in the extension a backslash, an equals sign and line ends. Empty values are left out.
 */
#include <assert.h>

#include "audit/encoders.h"

enum {
    MAX_VERSION = 31,
    MAX_EVENT = 128,
    MAX_HOST = 100,
    MAX_CUSTOM = 4000,
    WHOLE = 64, /* hashes and times have no more, and are never cut to less */
    LEAST_VALUE = 8
};

struct line { /* a line under way */
    struct buf *out;
    struct arena *a;
    size_t max_value; /* texts are cut to this, and to what their key may hold */
    bool is_cut;
};

/* A bar ends a field of the header, a backslash escapes. */
static void
put_head(struct line *l, struct str value, size_t max)
{
    struct str s = encode_cut(encode_visible(value, false, l->a), max, l->a, &l->is_cut);
    buf_putc(l->out, '|');
    for (size_t i = 0; i < s.len; i++) {
        if (s.s[i] == '\\' || s.s[i] == '|')
            buf_putc(l->out, '\\');
        buf_putc(l->out, s.s[i]);
    }
}

/* key=value; max is the length of the key's values in the standard. */
static void
put_pair(struct line *l, const char *key, struct str value, size_t max)
{
    if (!value.len)
        return;
    struct str v = encode_visible(value, true, l->a);
    buf_fmt(l->out, " %s=", key);
    encode_cef_value(l->out, encode_cut(v, max, l->a, &l->is_cut));
}

static size_t
text_max(const struct line *l, size_t max)
{
    return max < l->max_value ? max : l->max_value;
}

/* A custom string: its label says what it is. */
static void
put_custom(struct line *l, const char *key, const char *label, struct str value, size_t max)
{
    assert(key[0] && label[0]);
    if (!value.len)
        return;
    buf_fmt(l->out, " %sLabel=%s", key, label);
    put_pair(l, key, value, max);
}

/* dvc takes IPv4 only; IPv6 has a key of its own, with a fixed label. */
static void
put_host(struct line *l, struct str host)
{
    int version = encode_ip_version(host);
    if (version == 4)
        put_pair(l, "dvc", host, WHOLE);
    else if (version == 6)
        put_custom(l, "c6a1", "Device IPv6 Address", host, WHOLE);
    else
        put_pair(l, "dvchost", host, text_max(l, MAX_HOST));
}

/* Who acted is the source; the account, where that is another matter, the destination that sudo and su have in
 * their own events, too. */
static void
put_person(struct line *l, const struct audit_record *r)
{
    struct encode_person p = encode_person_of(r);
    int version = encode_ip_version(p.peer);
    buf_fmt(l->out, " suid=%lld", (long long)p.id);
    put_pair(l, "suser", p.name, text_max(l, 1023));
    if (p.is_login) {
        buf_fmt(l->out, " duid=%lld", (long long)r->actor_id);
        put_pair(l, "duser", r->actor_name, text_max(l, 1023));
    }
    if (version == 4)
        put_pair(l, "src", p.peer, WHOLE);
    else if (version == 6)
        put_custom(l, "c6a2", "Source IPv6 Address", p.peer, WHOLE);
    if (version)
        buf_fmt(l->out, " spt=%lld", (long long)p.port);
    put_custom(l, "flexString1", "sudoUser", r->sudo_user, text_max(l, 1023));
    put_custom(l, "flexString2", "sshPeer", r->ssh_peer, text_max(l, 1023));
}

static void
put_texts(struct line *l, const struct audit_record *r)
{
    const struct {
        const char *key;
        struct str value;
        size_t max;
    } pairs[] = {
        {"act", r->event, 63},
        {"outcome", r->outcome, 63},
        {"deviceExternalId", r->origin, 255},
        {"deviceProcessName", r->via, 1023},
        {"fileType", r->object_type, 1023},
        {"fileId", r->object_id, 1023},
        {"fname", r->object_name, 1023},
        {"reason", r->reason, 1023},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        put_pair(l, pairs[i].key, pairs[i].value, text_max(l, pairs[i].max));
}

static void
put_line(struct line *l, const struct audit_record *r)
{
    int64_t ms;
    buf_puts(l->out, "CEF:0|assay|assay");
    put_head(l, r->app, MAX_VERSION);
    put_head(l, r->event, text_max(l, MAX_EVENT));
    put_head(l, r->event, text_max(l, MAX_EVENT));
    buf_fmt(l->out, "|%d|externalId=%lld cat=audit", encode_severity(r), (long long)r->seq);
    if (encode_time_ms(r->ts, &ms))
        buf_fmt(l->out, " rt=%lld", (long long)ms);
    put_host(l, r->host);
    put_person(l, r);
    put_texts(l, r);
    put_custom(l, "cs1", "changes", encode_changes(r, l->a), text_max(l, MAX_CUSTOM));
    put_custom(l, "cs2", "run", r->run, text_max(l, MAX_CUSTOM));
    put_custom(l, "cs3", "time", r->ts, WHOLE);
    put_custom(l, "cs4", "salt", r->salt_hex, WHOLE);
    put_custom(l, "cs5", "prevHash", r->prev_hex, WHOLE);
    put_custom(l, "cs6", "recHash", r->leaf_hex, WHOLE);
    buf_fmt(l->out, " cn1Label=recordVersion cn1=%lld", (long long)r->version);
    if (l->is_cut || r->full_size)
        buf_fmt(l->out, " cn2Label=truncatedFrom cn2=%zu", encode_full_size(r));
}

/* As in rfc5424.c: a message over the maximum has its texts cut until it fits. */
static void
cef_encode(const struct audit_record *r, const struct audit_encode_options *o, struct arena *a,
           struct buf *out)
{
    size_t max = encode_max(o), from = out->len;
    for (size_t max_value = max; max_value >= LEAST_VALUE; max_value /= 2) {
        struct line l = {.out = out, .a = a, .max_value = max_value};
        buf_cut(out, from);
        put_line(&l, r);
        if (out->len - from <= max)
            break;
    }
    assert(buf_bad(out) || out->len - from <= max);
}

const struct audit_encoder cef_encoder = {
    .name = "cef",
    .title = "ArcSight Common Event Format, CEF:0",
    .encode = cef_encode,
    .encode_result = encode_result_cef,
};
