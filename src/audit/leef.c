/* One record as LEEF 2.0 (IBM, Log Event Extended Format), for QRadar. The format has no escapes:
 * the delimiter is one that occurs in no value, and everything else that could part values is
 * written visibly. */
#include <assert.h>
#include <string.h>

#include "audit/encoders.h"

enum {
    MAX_EVENT = 255,
    MAX_NAME = 255, /* of users and hosts */
    WHOLE = 64,     /* hashes and times are never cut */
    LEAST_VALUE = 8
};

struct line { /* a line under way */
    struct buf *out;
    struct arena *a;
    char delimiter;
    size_t max_value;
    bool is_cut;
    size_t n_pairs;
};

/* A bar ends a field of the header. */
static void
put_head(struct line *l, struct str value, size_t max)
{
    struct str s = encode_cut(encode_visible(value, false, l->a), max, l->a, &l->is_cut);
    for (size_t i = 0; i < s.len; i++)
        buf_putc(l->out, s.s[i] == '|' ? '/' : s.s[i]);
    buf_putc(l->out, '|');
}

static void
put_pair(struct line *l, const char *key, struct str value, size_t max)
{
    assert(key[0] && l->delimiter);
    if (!value.len)
        return;
    if (l->n_pairs++)
        buf_putc(l->out, l->delimiter);
    buf_fmt(l->out, "%s=", key);
    encode_leef_value(l->out, encode_cut(encode_visible(value, false, l->a), max, l->a, &l->is_cut),
                      l->delimiter);
}

static void
put_number(struct line *l, const char *key, int64_t v)
{
    put_pair(l, key, arena_fmt(l->a, "%lld", (long long)v), WHOLE);
}

/* ---- the delimiter ---- */

/* One that stands in no value; the first where each stands in some. A tab, which the format has by
 * itself, does not survive syslog. */
static char
choose_delimiter(const struct audit_record *r, struct str changes)
{
    static const char candidates[] = "^~;!`$";
    const struct str values[] = {r->event,       r->actor_name, r->host,    r->origin,
                                 r->object_type, r->object_id,  r->reason,  r->object_name,
                                 r->via,         r->run,        r->app,     changes,
                                 r->login,       r->sudo_user,  r->ssh_peer};
    for (const char *c = candidates; *c; c++) {
        bool occurs = false;
        for (size_t i = 0; i < sizeof values / sizeof *values && !occurs; i++)
            occurs = values[i].len && memchr(values[i].s, *c, values[i].len);
        if (!occurs)
            return *c;
    }
    return candidates[0];
}

/* ---- the line ---- */

static size_t
text_max(const struct line *l, size_t max)
{
    return max < l->max_value ? max : l->max_value;
}

static void
put_attributes(struct line *l, const struct audit_record *r, struct str changes)
{
    struct encode_person p = encode_person_of(r);
    const struct {
        const char *key;
        struct str value;
        size_t max;
    } pairs[] = {
        {"usrName", p.name, MAX_NAME},
        {"accountName", p.is_login ? r->actor_name : STR(""), MAX_NAME},
        {"src", p.peer, MAX_NAME},
        {"sudoUser", r->sudo_user, MAX_NAME},
        {"sshPeer", r->ssh_peer, MAX_NAME},
        {"identHostName", r->host, MAX_NAME},
        {"outcome", r->outcome, MAX_NAME},
        {"reason", r->reason, SIZE_MAX},
        {"resource", r->object_name, SIZE_MAX},
        {"objectType", r->object_type, SIZE_MAX},
        {"objectId", r->object_id, SIZE_MAX},
        {"changes", changes, SIZE_MAX},
        {"origin", r->origin, SIZE_MAX},
        {"via", r->via, SIZE_MAX},
        {"run", r->run, SIZE_MAX},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        put_pair(l, pairs[i].key, pairs[i].value, text_max(l, pairs[i].max));
}

static void
put_line(struct line *l, const struct audit_record *r, struct str changes)
{
    int64_t ms;
    int severity = encode_severity(r);
    buf_puts(l->out, "LEEF:2.0|assay|assay|");
    put_head(l, r->app, text_max(l, MAX_EVENT));
    put_head(l, r->event, text_max(l, MAX_EVENT));
    buf_fmt(l->out, "%c|", l->delimiter);
    if (encode_time_ms(r->ts, &ms))
        put_number(l, "devTime", ms);
    put_number(l, "sev", severity ? severity : 1);
    put_pair(l, "cat", STR("audit"), WHOLE);
    put_number(l, "seq", r->seq);
    put_number(l, "uid", encode_person_of(r).id);
    if (r->login.len)
        put_number(l, "accountUid", r->actor_id);
    put_attributes(l, r, changes);
    put_pair(l, "time", r->ts, WHOLE);
    put_pair(l, "salt", r->salt_hex, WHOLE);
    put_pair(l, "prevHash", r->prev_hex, WHOLE);
    put_pair(l, "recHash", r->leaf_hex, WHOLE);
    put_number(l, "severity", r->severity);
    put_number(l, "recordVersion", r->version);
    if (l->is_cut || r->full_size)
        put_number(l, "truncatedFrom", (int64_t)encode_full_size(r));
}

/* As in cef.c: a message over the maximum has its texts cut until it fits. */
static void
leef_encode(const struct audit_record *r, const struct audit_encode_options *o, struct arena *a,
            struct buf *out)
{
    size_t max = encode_max(o), from = out->len;
    struct str changes = encode_changes(r, a);
    char delimiter = choose_delimiter(r, changes);
    for (size_t max_value = max; max_value >= LEAST_VALUE; max_value /= 2) {
        struct line l = {.out = out, .a = a, .delimiter = delimiter, .max_value = max_value};
        buf_cut(out, from);
        put_line(&l, r, changes);
        if (out->len - from <= max)
            break;
    }
    assert(buf_bad(out) || out->len - from <= max);
}

const struct audit_encoder leef_encoder = {
    .name = "leef",
    .title = "IBM Log Event Extended Format, LEEF 2.0",
    .encode = leef_encode,
    .encode_result = encode_result_leef,
};
