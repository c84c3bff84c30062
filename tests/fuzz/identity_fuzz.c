/* Any bytes as names of hosts, a line each: a name is judged alike each time, what is taken names a
 * host, and what is shown of a name hides nothing and tells it from every other. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "ingest/identity.h"
#include "ingest/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The name that utf8_name() made shown of: what it spelled, read again. */
static struct str
unspelled(struct arena *a, struct str shown)
{
    AUTO_BUF out = buf_init(shown.len + 1);
    for (size_t i = 0; i < shown.len;) {
        if (strncmp(shown.s + i, "\xe2\x9f\xa8U+", 5) == 0) {
            char *end, bytes[4];
            unsigned long cp = strtoul(shown.s + i + 5, &end, 16);
            assert(strncmp(end, "\xe2\x9f\xa9", 3) == 0);
            buf_add(&out, bytes, (size_t)utf8_put(bytes, (uint32_t)cp));
            i = (size_t)(end + 3 - shown.s);
        } else {
            buf_putc(&out, shown.s[i++]);
        }
    }
    return arena_str(a, buf_view(&out));
}

static void
check_shown(struct arena *a, struct str name)
{
    struct str shown = utf8_name(a, name);
    assert(utf8_valid(shown) && str_eq(unspelled(a, shown), utf8_repair(a, name)));
    for (size_t i = 0; i < shown.len;) {
        uint32_t cp = 0;
        int n = utf8_next(shown.s + i, shown.len - i, &cp);
        assert(n > 0 && !utf8_is_hidden(cp));
        i += (size_t)n;
    }
    assert(shown.len == 0 || (shown.s[0] != ' ' && shown.s[shown.len - 1] != ' '));
    assert(str_find(shown, "  ") < 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { MOST = 64 };
    struct arena *a = arena_new();
    struct diag d = diag_init(a);
    struct str rest = str_n((const char *)data, size), names[MOST];
    struct ingest_context ctx = {.path = "x", .asset_name = STR("given")};
    struct scan_asset as = {.name = STR(""), .alias = STR("")};
    size_t n = 0;
    while (rest.len && n < MOST) {
        struct str name = utf8_repair(a, arena_str(a, str_cut(&rest, '\n')));
        struct str why = identity_why_none(name);
        assert(str_eq(why, identity_why_none(name)) && utf8_valid(why));
        assert(why.len || str_trim(name).len);
        check_shown(a, name);
        *VEC_PUSH(a, &as.addresses) = name;
        names[n++] = name;
    }
    as.alias = n ? names[0] : STR("");
    identity_take(&ctx, &as, names, n, a, &d);
    assert(as.name.len && !identity_why_none(as.name).len);
    assert(!as.alias.len || !identity_why_none(as.alias).len);
    identity_take_address(&as, a);
    assert(as.name.len && !identity_why_none(as.name).len);
    struct scan_file f = {.path = STR("x")};
    VEC_PUSH(a, &f.scans)->asset = as;
    assert(identity_settle(&ctx, &f, &d) == 0 && !diag_failed(&d));
    assert(identity_refuse(&as, &d) == -1 && utf8_valid(diag_text(&d)));
    arena_free(a);
    return 0;
}
