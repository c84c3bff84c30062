/* The attributes of <agent_data>; called by pandora.c at the root element. The group password that
 * stands there in clear is not among what is kept here: pandora.c hands it over by itself. */
#include <assert.h>
#include <strings.h>

#include "ingest/identity.h"
#include "ingest/limits.h"
#include "ingest/readers/pandora/pandora.h"
#include "ingest/take.h"

enum { HOUR_S = 3600, MAX_OFFSET_H = 26, MAX_ADDRESSES = 100 };

static struct str
keep(struct arena *a, struct xml_attrs attrs, const char *name, struct diag *d)
{
    size_t max = str_eqc(str_c(name), "agent_name") ? LIMIT_TITLE : LIMIT_ID;
    return take_text(a, str_trim(xml_attr(attrs, name)), max, str_c(name), d);
}

static bool
contains_word(struct str text, struct str word)
{
    for (size_t i = 0; word.len && i + word.len <= text.len; i++)
        if (strncasecmp(text.s + i, word.s, word.len) == 0)
            return true;
    return false;
}

/* "linux" and "Debian GNU/Linux 12" -> the latter; "linux" and "12" -> "linux 12". */
static struct str
os_of(struct arena *a, struct xml_attrs attrs, struct diag *d)
{
    struct str name = keep(a, attrs, "os_name", d);
    struct str version = keep(a, attrs, "os_version", d);
    if (version.len == 0)
        return name;
    if (name.len == 0 || contains_word(version, name))
        return version;
    return arena_fmt(a, "%.*s %.*s", STR_ARG(name), STR_ARG(version));
}

static int64_t
zone_shift(struct xml_attrs attrs, struct diag *d)
{
    int64_t hours = 0;
    struct str text = str_trim(xml_attr(attrs, "timezone_offset"));
    bool ok = text.len == 0 || str_to_i64(text, &hours);
    if (ok && hours >= -MAX_OFFSET_H && hours <= MAX_OFFSET_H)
        return hours * HOUR_S;
    diag_warn(d, DIAG_WARN_TIME, STR("timezone_offset"), "not a number of hours: not used");
    return 0;
}

int64_t
pandora_header_time(const struct ingest_context *ctx, const struct pandora_header *h,
                    struct str text, bool *zone_assumed, struct diag *d)
{
    bool local = false;
    struct ingest_context shifted = *ctx;
    assert(h->zone_shift_s >= -MAX_OFFSET_H * HOUR_S && h->zone_shift_s <= MAX_OFFSET_H * HOUR_S);
    shifted.zone_offset_s -= (int)h->zone_shift_s; /* adds the hours, once, to local times only */
    int64_t t = take_time(&shifted, text, &local, STR("timestamp"), d);
    *zone_assumed |= local;
    return t;
}

int
pandora_header_read(const struct ingest_context *ctx, struct xml_attrs attrs,
                    struct pandora_header *ret, struct arena *a, struct diag *d)
{
    if (xml_attr(attrs, "server_name").len)
        return diag_fail(d, DIAG_BAD_DATA,
                         "status of a Pandora server (server_name), not data of an agent");
    struct str version = keep(a, attrs, "version", d);
    struct str name = keep(a, attrs, "agent_name", d);
    struct str when = str_trim(xml_attr(attrs, "timestamp"));
    *ret = (struct pandora_header){.time = CLOCK_NONE, .zone_shift_s = zone_shift(attrs, d)};
    ret->asset.name = STR("");
    ret->asset.alias = keep(a, attrs, "agent_alias", d);
    identity_take(ctx, &ret->asset, &name, 1, a, d);
    ret->asset.group = keep(a, attrs, "group", d);
    ret->asset.os = os_of(a, attrs, d);
    for (struct str list = xml_attr(attrs, "address"); list.len;) {
        struct str one = str_trim(str_cut(&list, ','));
        if (one.len && ret->asset.addresses.n < MAX_ADDRESSES)
            *VEC_PUSH(a, &ret->asset.addresses) = take_text(a, one, LIMIT_ID, STR("address"), d);
    }
    ret->engine = str_trim(arena_fmt(a, "Pandora FMS agent %.*s", STR_ARG(version)));
    if (str_find(when, "AUTO") < 0)
        ret->time = pandora_header_time(ctx, ret, when, &ret->zone_assumed, d);
    return 0;
}
