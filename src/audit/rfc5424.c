/* One record as a syslog message of RFC 5424: every field in the structured data, and the record
 * itself as MSG when it fits below the maximum. One line, whatever hosts put into the fields. */
#include <assert.h>

#include "audit/encoders.h"

enum {
    WHOLE = 64,       /* hashes and numbers have no more, and are never cut to less */
    LEAST_VALUE = 8,  /* a cut text keeps at least this much */
    ROOM_FOR_MSG = 96 /* the sentence that stands in for a record which does not fit */
};

static struct str
number(struct arena *a, int64_t v)
{
    return arena_fmt(a, "%lld", (long long)v);
}

/* Names are lower case and without dots: receivers fold case and split at dots. */
static void
put_data(struct buf *out, const struct audit_record *r, struct str sd_id, size_t max_value,
         struct arena *a)
{
    const struct {
        const char *name;
        struct str value;
        bool is_whole; /* cutting it would make it worthless */
    } fields[] = {
        {"seq", number(a, r->seq), true},
        {"origin", r->origin, false},
        {"event", r->event, false},
        {"outcome", r->outcome, false},
        {"sev", number(a, r->severity), true},
        {"actor", r->actor_name, false},
        {"actor_id", number(a, r->actor_id), true},
        {"actor_login", r->login, false},
        {"actor_login_id", r->login.len ? number(a, r->login_uid) : STR(""), true},
        {"actor_sudo", r->sudo_user, false},
        {"actor_ssh", r->ssh_peer, false},
        {"host", r->host, false},
        {"via", r->via, false},
        {"run", r->run, false},
        {"object_type", r->object_type, false},
        {"object_id", r->object_id, false},
        {"object_name", r->object_name, false},
        {"reason", r->reason, false},
        {"changes", encode_changes(r, a), false},
        {"app", r->app, false},
        {"v", number(a, r->version), true},
        {"salt", r->salt_hex, true},
        {"prev_hash", r->prev_hex, true},
        {"rec_hash", r->leaf_hex, true},
    };
    bool is_cut = r->full_size > 0;
    encode_sd_id(out, sd_id);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        size_t max = fields[i].is_whole && max_value < WHOLE ? WHOLE : max_value;
        is_cut |= encode_sd_param(out, fields[i].name, fields[i].value, max, a);
    }
    if (is_cut)
        buf_fmt(out, " truncated=\"1\" size=\"%zu\"", encode_full_size(r));
    buf_putc(out, ']');
}

/* A message over the maximum has its texts cut, each with a mark, until it fits: receivers cut
 * blindly, or close the connection, and a frame's length is counted after this. */
static void
rfc5424_encode(const struct audit_record *r, const struct audit_encode_options *o, struct arena *a,
               struct buf *out)
{
    size_t max = encode_max(o), from = out->len;
    for (size_t max_value = max; max_value >= LEAST_VALUE; max_value /= 2) {
        buf_cut(out, from);
        encode_syslog_start(out, r, o);
        put_data(out, r, o->sd_id, max_value, a);
        if (out->len - from + ROOM_FOR_MSG <= max)
            break;
    }
    buf_puts(out, o->bom ? " \xef\xbb\xbf" : " ");
    if (!r->full_size && out->len - from + r->raw.len <= max)
        buf_str(out, r->raw);
    else
        buf_fmt(out, "record %lld has %zu bytes, too many to stand here", (long long)r->seq,
                encode_full_size(r));
    assert(buf_bad(out) || out->len - from <= max);
}

const struct audit_encoder rfc5424_encoder = {
    .name = "rfc5424",
    .title = "syslog of RFC 5424 with structured data",
    .encode = rfc5424_encode,
    .encode_result = encode_result_rfc5424,
};
