/* The one place where a report gets its names. Before it: job/request.c, which settles what is asked
 * for, and job/schedule.c, which knows what is due; after it: everything that names a report. */
#include "model/identity.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"

/* Such that the key of a version has room in the database, and a file's name for what comes behind. */
enum { MAX_DEFINITION = 80, MAX_SCOPE = 50, HASH_DIGITS = 8 };

/* A name that reads like one with a scope behind it. */
static bool
looks_scoped(struct str name)
{
    return str_find(name, "-groups-") >= 0 || str_find(name, "-agent-") >= 0 ||
           str_find(name, "-policy-") >= 0;
}

/* s as a part of a file's name: bytes that may not stand there become '-', and what is longer than max ends. *ret_lost
 * becomes true when something was taken away, or could be taken for something else. */
static struct str
safe_name(struct arena *a, struct str s, size_t max, bool *ret_lost)
{
    struct str copy = arena_str(a, s); /* our own: it may be written to */
    char *p = (char *)copy.s;
    for (size_t i = 0; i < copy.len && i < max; i++) {
        bool ok = p[i] &&
                  strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", p[i]);
        *ret_lost |= !ok;
        p[i] = ok ? p[i] : '-';
    }
    *ret_lost |= copy.len > max || looks_scoped(s);
    return str_n(copy.s, copy.len < max ? copy.len : max);
}

struct report_scope
report_scope_of(const struct definition *def)
{
    return (struct report_scope){.groups = def->groups.v,
                                 .n_groups = def->groups.n,
                                 .policy = def->filter.policy.len ? def->filter.policy.s : NULL,
                                 .filter = &def->filter};
}

static int
by_name(const void *x, const void *y)
{
    return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

static struct report_scope
sort_groups(struct report_scope s, struct arena *a)
{
    if (s.n_groups == 0)
        return s;
    struct str *v = ARENA_ARRAY(a, struct str, s.n_groups);
    size_t n = 0;
    memcpy(v, s.groups, s.n_groups * sizeof *v);
    qsort(v, s.n_groups, sizeof *v, by_name);
    for (size_t i = 0; i < s.n_groups; i++)
        if (n == 0 || !str_eq(v[n - 1], v[i]))
            v[n++] = v[i];
    s.groups = v;
    s.n_groups = n;
    return s;
}

/* "group A, group B, agent X, policy P", without an end to what a name may hold: for the log, and to be hashed with
 * the length of each in front. */
static struct str
spell_scope(const struct report_scope *s, bool with_lengths, struct arena *a)
{
    struct str all = STR("");
    struct str words[3] = {STR(""), str_c(s->agent), str_c(s->policy)};
    static const char *const kinds[] = {"group", "agent", "policy"};
    for (size_t i = 0; i < s->n_groups + 2; i++) {
        size_t kind = i < s->n_groups ? 0 : i - s->n_groups + 1;
        struct str word = kind ? words[kind] : s->groups[i];
        if ((kind == 1 && !s->agent) || (kind == 2 && !s->policy))
            continue;
        struct str length = with_lengths ? arena_fmt(a, "%zu:", word.len) : STR("");
        all = arena_fmt(a, "%.*s%s%s %.*s%.*s", STR_ARG(all), all.len ? ", " : "", kinds[kind],
                        STR_ARG(length), STR_ARG(word));
    }
    if (s->filter && s->filter->words.len)
        all = arena_fmt(a, "%.*s%s%.*s", STR_ARG(all), all.len ? ", " : "",
                        STR_ARG(s->filter->words));
    return all;
}

/* "-groups-A+B-agent-X": the words of the scope in the id. */
static struct str
scope_words(const struct report_scope *s, bool is_safe, bool *ret_lost, struct arena *a)
{
    struct str all = STR("");
    for (size_t i = 0; i < s->n_groups; i++)
        all = arena_fmt(
            a, "%.*s%s%.*s", STR_ARG(all), i ? "+" : "-groups-",
            STR_ARG(is_safe ? safe_name(a, s->groups[i], MAX_SCOPE, ret_lost) : s->groups[i]));
    const char *const words[] = {s->agent, s->policy}, *const kinds[] = {"agent", "policy"};
    for (size_t i = 0; i < 2; i++)
        if (words[i])
            all = arena_fmt(a, "%.*s-%s-%.*s", STR_ARG(all), kinds[i],
                            STR_ARG(is_safe ? safe_name(a, str_c(words[i]), MAX_SCOPE, ret_lost)
                                            : str_c(words[i])));
    if (s->filter && s->filter->words.len)
        all = arena_fmt(
            a, "%.*s-%.*s", STR_ARG(all),
            STR_ARG(is_safe ? safe_name(a, s->filter->words, MAX_SCOPE, ret_lost) : s->filter->words));
    if (is_safe && all.len > MAX_SCOPE) {
        *ret_lost = true;
        all.len = MAX_SCOPE;
    }
    return all;
}

/* Two reports have one id only when they are one: ホスト1 and サーバ1 are both "----1" as names of files. */
static struct str
make_id(const struct report_identity *id, struct arena *a)
{
    bool lost = false;
    struct str definition = safe_name(a, id->definition, MAX_DEFINITION, &lost);
    struct str words = scope_words(&id->scope, true, &lost, a), hash = STR("");
    if (lost) {
        struct str exact =
            arena_fmt(a, "%zu:%.*s %.*s", id->definition.len, STR_ARG(id->definition),
                      STR_ARG(spell_scope(&id->scope, true, a)));
        struct sha256_digest digest = sha256_of(exact);
        hash = arena_fmt(a, "-%.*s", HASH_DIGITS, sha256_hex(a, &digest).s);
    }
    return arena_fmt(a, "%.*s%.*s%.*s-%.*s", STR_ARG(definition), STR_ARG(words), STR_ARG(hash),
                     STR_ARG(id->period_key));
}

struct report_identity
report_identity_make(struct arena *a, struct str definition, struct report_scope scope,
                     struct str language, struct period period)
{
    assert(definition.s && language.s && period.to > period.from);
    assert(scope.groups || scope.n_groups == 0);
    struct str none = STR("");
    struct report_identity id = {.definition = definition,
                                 .scope = sort_groups(scope, a),
                                 .language = language,
                                 .period = period,
                                 .version = none,
                                 .supersedes = none,
                                 .reason = none,
                                 .stem = none,
                                 .period_key = period_key(a, period)};
    bool lost = false;
    id.scope_text = spell_scope(&id.scope, false, a);
    if (!id.scope_text.len)
        id.scope_text = STR("all");
    id.spelled =
        arena_fmt(a, "%.*s%.*s-%.*s", STR_ARG(definition),
                  STR_ARG(scope_words(&id.scope, false, &lost, a)), STR_ARG(id.period_key));
    id.id = make_id(&id, a);
    id.version_key = arena_fmt(a, "version:%.*s", STR_ARG(id.id));
    return id;
}

void
report_identity_number(struct report_identity *id, struct arena *a, int64_t newest, bool is_sealed,
                       struct str reason)
{
    assert(id->id.len && !id->version.len && newest >= 0);
    id->version = arena_fmt(a, "%lld%s", (long long)newest + 1, is_sealed ? "" : "-draft");
    id->is_draft = !is_sealed;
    id->stem = id->id;
    id->reason = reason;
    if (is_sealed && newest > 0)
        id->supersedes = arena_fmt(a, "%lld", (long long)newest);
}

void
report_identity_render(struct report_identity *id, struct arena *a, int64_t newest)
{
    assert(id->id.len && !id->version.len && newest > 0);
    id->version = arena_fmt(a, "%lld", (long long)newest);
    id->stem = arena_fmt(a, "%.*s.%.*s", STR_ARG(id->id), STR_ARG(id->language));
    id->is_rendering = true;
}

/* ---- what is remembered ---- */

struct report_version
report_version_read(struct str remembered)
{
    struct str none = STR("");
    struct report_version v = {.language = none, .dataset_hex = none, .others = none};
    struct str number = str_cut(&remembered, ' ');
    v.is_provisional = str_ends(number, "~");
    number.len -= v.is_provisional;
    if (!str_to_i64(number, &v.n) || v.n < 0)
        v.n = 0;
    v.language = str_cut(&remembered, ' ');
    v.dataset_hex = str_cut(&remembered, ' ');
    v.others = remembered;
    return v;
}

struct str
report_version_write(const struct report_version *v, struct arena *a)
{
    assert(v->n > 0 && v->language.len && v->dataset_hex.len);
    return arena_fmt(a, "%lld%s %.*s %.*s%s%.*s", (long long)v->n, v->is_provisional ? "~" : "",
                     STR_ARG(v->language),
                     STR_ARG(v->dataset_hex), v->others.len ? " " : "", STR_ARG(v->others));
}

bool
report_version_is_in(const struct report_version *v, struct str language)
{
    struct str others = v->others;
    if (str_eq(v->language, language))
        return true;
    while (others.len)
        if (str_eq(str_cut(&others, ' '), language))
            return true;
    return false;
}
