/* Names of hosts. Called by the readers for each scan and by ingest.c at the end of the file; the
 * table is read by tables.c. */
#include "ingest/identity.h"

#include <arpa/inet.h>
#include <assert.h>
#include <ctype.h>
#include <strings.h>

#include "base/map.h"
#include "base/utf8.h"
#include "ingest/limits.h"
#include "ingest/tables.h"

enum { MAX_FOLDED = 512, MAX_NO_NAMES = 16, LISTED = 5, SHOWN = 80 };

/* ---- what is no name ---- */

/* The name as it is compared: in lower case, without what does not show, and without blanks,
 * brackets, quotes and dots around it. Letters beyond ASCII stay as they are. */
static struct str
fold(struct str name, char room[MAX_FOLDED])
{
    static const char around[] = " .()<>[]{}\"'`";
    size_t n = 0;
    for (size_t i = 0; i < name.len && n + 4 < MAX_FOLDED;) {
        uint32_t cp = 0;
        int len = utf8_next(name.s + i, name.len - i, &cp);
        if (len == 1)
            room[n++] = (char)(isspace((int)cp) ? ' ' : tolower((int)cp));
        else if (len > 1 && !utf8_is_hidden(cp))
            n += (size_t)utf8_put(room + n, cp);
        i += len ? (size_t)len : 1;
    }
    struct str s = str_n(room, n);
    while (s.len && strchr(around, s.s[0]))
        s = str_n(s.s + 1, s.len - 1);
    while (s.len && strchr(around, s.s[s.len - 1]))
        s.len--;
    return s;
}

/* Letters and digits of every script; signs, blanks and marks name nobody. */
static bool
has_letter(struct str folded)
{
    for (size_t i = 0; i < folded.len;) {
        uint32_t cp = 0;
        int len = utf8_next(folded.s + i, folded.len - i, &cp);
        bool is_sign = cp < 0x80
                           ? !isalnum((int)cp)
                           : cp < 0xc0 || (cp >= 0x2000 && cp < 0x2c00) ||
                                 (cp >= 0x3000 && cp < 0x3040) || cp == 0xfffd || utf8_is_mark(cp);
        if (len && !is_sign)
            return true;
        i += len ? (size_t)len : 1;
    }
    return false;
}

/* The bytes of an address without zone and length of a prefix: 4, 16, or 0 = none. */
static int
address_of(struct str s, unsigned char ret[16])
{
    char text[64];
    size_t n = 0;
    while (n < s.len && n + 1 < sizeof text && s.s[n] != '%' && s.s[n] != '/')
        n++;
    memcpy(text, s.s, n);
    text[n] = '\0';
    if (inet_pton(AF_INET, text, ret) == 1)
        return 4;
    return inet_pton(AF_INET6, text, ret) == 1 ? 16 : 0;
}

/* Loopback, "any", of this link only, to many or to all: no host has such an address alone. */
static bool
is_shared(const unsigned char *b, int n)
{
    static const unsigned char zero[16], mapped[12] = {[10] = 0xff, 0xff};
    assert(n == 4 || n == 16);
    if (n == 16 && memcmp(b, mapped, sizeof mapped) == 0)
        return is_shared(b + 12, 4);
    if (n == 4)
        return b[0] == 0 || b[0] == 127 || (b[0] == 169 && b[1] == 254) || b[0] >= 224;
    return (memcmp(b, zero, 15) == 0 && b[15] <= 1) || (b[0] == 0xfe && (b[1] & 0xc0) == 0x80) ||
           b[0] == 0xff;
}

/* Six bytes in hexadecimal with ':' or '-' between them, all alike: of a device that is none. */
static bool
is_empty_mac(struct str s)
{
    if (s.len != 17)
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (i % 3 == 2 ? s.s[i] != ':' && s.s[i] != '-' : s.s[i] != s.s[0])
            return false;
    return s.s[0] == '0' || s.s[0] == 'f';
}

static struct str
find_row(struct str folded)
{
    struct str table = tables_get(TABLE_NO_NAMES);
    while (table.len) {
        struct str line = str_trim(str_cut(&table, '\n'));
        if (!line.len || line.s[0] == '#')
            continue;
        bool is_host = str_ieqc(str_trim(str_cut(&line, '\t')), "host");
        if (str_glob(folded, str_trim(str_cut(&line, '\t')), true))
            return is_host ? STR("") : str_trim(line);
    }
    return STR("");
}

struct str
identity_why_none(struct str name)
{
    char room[MAX_FOLDED];
    unsigned char address[16];
    struct str folded = fold(name, room);
    if (!folded.len)
        return STR("nothing that shows");
    if (!has_letter(folded) && !address_of(folded, address)) /* "::" is an address */
        return STR("signs only");
    int n = address_of(folded, address);
    if ((n && is_shared(address, n)) || is_empty_mac(folded))
        return STR("an address that every host has");
    return find_row(folded);
}

/* ---- the asset ---- */

void
identity_note(struct scan_asset *as, struct str mark, struct arena *a)
{
    for (size_t i = 0; i < as->no_names.n; i++)
        if (str_eq(as->no_names.v[i], mark))
            return;
    if (mark.len && as->no_names.n < MAX_NO_NAMES)
        *VEC_PUSH(a, &as->no_names) = arena_str(a, mark);
}

static struct str
shown(struct arena *a, struct str name)
{
    struct str head = utf8_name(a, utf8_cut(name, SHOWN));
    return arena_fmt(a, "\"%.*s%s\"", STR_ARG(head), name.len > SHOWN ? "\xe2\x80\xa6" : "");
}

static void
pass_over(struct scan_asset *as, struct str name, struct str why, struct arena *a, struct diag *d)
{
    identity_note(as, name, a);
    diag_warn(d, DIAG_WARN_DATA, STR("agent"), "%.*s is no name of a host but %.*s: not used",
              STR_ARG(shown(d->arena, name)), STR_ARG(why));
}

void
identity_take(const struct ingest_context *ctx, struct scan_asset *as, const struct str *names,
              size_t n, struct arena *a, struct diag *d)
{
    assert(names || n == 0);
    if (as->is_given)
        as->name = STR("");
    for (size_t i = 0; i < n && !as->name.len; i++) {
        struct str one = str_trim(names[i]), why = identity_why_none(one);
        if (!why.len)
            as->name = arena_str(a, one);
        else if (one.len)
            pass_over(as, one, why, a, d);
    }
    as->is_given = !as->name.len;
    if (as->is_given)
        as->name = ctx->asset_name.len ? arena_str(a, ctx->asset_name) : STR("");
    if (as->alias.len && identity_why_none(as->alias).len)
        as->alias = STR("");
}

void
identity_take_address(struct scan_asset *as, struct arena *a)
{
    char text[INET6_ADDRSTRLEN];
    unsigned char b[16];
    struct str mac = STR("");
    for (size_t i = 0; as->is_given && i < as->addresses.n; i++) {
        struct str one = as->addresses.v[i];
        int n = address_of(one, b);
        if (n && !is_shared(b, n) && inet_ntop(n == 4 ? AF_INET : AF_INET6, b, text, sizeof text)) {
            as->name = arena_str(a, str_c(text));
            as->is_given = false;
        } else if (!n && !mac.len && !identity_why_none(one).len) {
            mac = one;
        }
    }
    if (!as->is_given || !mac.len)
        return;
    as->name = arena_str(a, mac);
    as->is_given = false;
}

/* ---- the file ---- */

int
identity_refuse(const struct scan_asset *as, struct diag *d)
{
    static const char what_to_do[] = "name it <agent>@<anything>, or give --agent";
    if (!as->no_names.n)
        return diag_fail(d, DIAG_BAD_DATA, "the file names no agent: %s", what_to_do);
    struct str list = STR("");
    for (size_t i = 0; i < as->no_names.n && i < LISTED; i++) {
        struct str one = as->no_names.v[i], why = identity_why_none(one);
        list = arena_fmt(d->arena, "%.*s%s%.*s%s%.*s", STR_ARG(list), i ? "; " : "",
                         STR_ARG(shown(d->arena, one)), why.len ? ", " : "", STR_ARG(why));
    }
    return diag_fail(d, DIAG_BAD_DATA, "the file names no agent, only %.*s: %s", STR_ARG(list),
                     what_to_do);
}

/* What tells a host without a name from others. */
static struct str
mark_of(const struct scan_asset *as, struct arena *a)
{
    struct str mark = STR("");
    for (size_t i = 0; i < as->no_names.n; i++)
        mark = arena_fmt(a, "%.*s%zu:%.*s", STR_ARG(mark), as->no_names.v[i].len,
                         STR_ARG(as->no_names.v[i]));
    return mark;
}

/* One name may be the other with its domain. */
static bool
is_same_host(struct str a, struct str b)
{
    struct str shorter = a.len < b.len ? a : b, longer = a.len < b.len ? b : a;
    return longer.len && strncasecmp(shorter.s, longer.s, shorter.len) == 0 &&
           (longer.len == shorter.len || longer.s[shorter.len] == '.' ||
            longer.s[shorter.len] == ':');
}

/* Whoever brought the file says another name, which does not count; once for all of its hosts. */
static void
remark_transport(const struct ingest_context *ctx, const struct scan_file *f, struct diag *d)
{
    for (size_t i = 0; i < f->scans.n && ctx->asset_name.len; i++) {
        const struct scan_asset *as = &f->scans.v[i].asset;
        if (as->is_given || is_same_host(ctx->asset_name, as->name))
            continue;
        diag_warn(d, DIAG_WARN_DATA, STR("agent"),
                  "the file was brought as one of %.*s, but names its host itself (%.*s): its own "
                  "word counts",
                  STR_ARG(shown(d->arena, ctx->asset_name)), STR_ARG(shown(d->arena, as->name)));
        return;
    }
}

/* Hosts without names that are told apart by their marks. */
static int
refuse_several(const struct scan_file *f, const struct map *marks, struct diag *d)
{
    enum { FEW = 3 };
    struct str list = STR("");
    size_t n = 0;
    for (size_t i = 0; i < f->scans.n && n < FEW; i++) {
        const struct scan_asset *as = &f->scans.v[i].asset;
        if (map_get_index(marks, mark_of(as, d->arena)) != (long)i)
            continue; /* not the last of its host */
        struct str mark = as->no_names.n ? as->no_names.v[as->no_names.n - 1] : STR("");
        list = arena_fmt(d->arena, "%.*s%s%.*s", STR_ARG(list), n++ ? ", " : "",
                         STR_ARG(shown(d->arena, mark)));
    }
    return diag_fail(
        d, DIAG_BAD_DATA,
        "the file holds scans of %zu hosts and does not name them (%.*s%s): one name for "
        "all would make them one; split it, a file for each host",
        map_len(marks), STR_ARG(list), n < map_len(marks) ? ", \xe2\x80\xa6" : "");
}

/* What nobody names may be anybody's. Among the scans of one host, brought as that host's, it is
 * his. */
int
identity_settle(const struct ingest_context *ctx, const struct scan_file *f, struct diag *d)
{
    const struct scan_asset *other = NULL; /* named, and not as the transport says */
    struct map *marks = map_new(d->arena);
    size_t n_nameless = 0;
    remark_transport(ctx, f, d);
    for (size_t i = 0; i < f->scans.n; i++) {
        const struct scan_asset *as = &f->scans.v[i].asset;
        bool is_named = as->name.len && !as->is_given;
        if (!str_eq(utf8_name(d->arena, as->name), as->name))
            diag_warn(d, DIAG_WARN_DATA, STR("agent"),
                      "the name %.*s holds characters that do not show, or not as themselves",
                      STR_ARG(shown(d->arena, as->name)));
        if (is_named && !other && !str_eq(as->name, ctx->asset_name))
            other = as;
        if (is_named)
            continue;
        n_nameless++;
        map_put_index(marks, mark_of(as, d->arena), i);
    }
    if (map_len(marks) > 1)
        return refuse_several(f, marks, d);
    if (!n_nameless || !other)
        return 0;
    return diag_fail(d, DIAG_BAD_DATA,
                     "%zu of %zu scans name no host, beside others of %.*s: whose they are is not "
                     "known; split the file",
                     n_nameless, f->scans.n, STR_ARG(shown(d->arena, other->name)));
}
