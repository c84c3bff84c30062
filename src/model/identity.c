/* The one place where a report gets its names. Before it: job/request.c, which settles what is asked
 * for, and job/schedule.c, which knows what is due; after it: everything that names a report. */
#include "model/identity.h"

#include <assert.h>
#include <string.h>

#include "base/sha256.h"

enum { FILTER_NAME_MAX = 60 }; /* bytes */

/* Bytes that may stand in a file's name; the rest become '-'. */
static struct str
safe_name(struct arena *a, struct str s)
{
    struct str copy = arena_str(a, s); /* our own: it may be written to */
    for (char *p = (char *)copy.s; *p; p++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", *p))
            *p = '-';
    return copy;
}

/* "-status=failed", or a hash of it when that would be too long for a name. */
static struct str
filter_name(struct arena *a, const struct report_filter *f)
{
    if (!f || !f->words.len)
        return STR("");
    struct sha256_digest d = sha256_of(f->words);
    struct str words = f->words.len <= FILTER_NAME_MAX ? f->words : str_n(sha256_hex(a, &d).s, 12);
    return arena_fmt(a, "-%.*s", STR_ARG(words));
}

struct report_identity
report_identity_make(struct arena *a, struct str definition, struct report_scope scope,
                     struct str language, struct period period)
{
    assert(definition.s && language.s && period.to > period.from);
    assert(scope.groups || scope.n_groups == 0);
    struct report_identity id = {.definition = definition,
                                 .scope = scope,
                                 .language = language,
                                 .period = period,
                                 .version = STR(""),
                                 .period_key = period_key(a, period)};
    struct str agent = scope.agent ? arena_fmt(a, "-%s", scope.agent) : STR("");
    struct str filter = filter_name(a, scope.filter);
    id.spelled = arena_fmt(a, "%.*s%.*s%.*s-%.*s", STR_ARG(definition), STR_ARG(agent),
                           STR_ARG(filter), STR_ARG(id.period_key));
    id.id = safe_name(a, id.spelled);
    id.version_key = arena_fmt(a, "version:%.*s", STR_ARG(id.id));
    return id;
}

void
report_identity_number(struct report_identity *id, struct arena *a, struct str newest)
{
    int64_t n = 0;
    assert(id->id.len && !id->version.len);
    str_to_i64(newest, &n);
    id->version = arena_fmt(a, "%lld", (long long)n + 1);
}
