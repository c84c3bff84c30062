/* Which sealed reports there are, and whether they hold; portal.c comes before, verify.c after. */
#include "job/portal_reports.h"

#include <assert.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/env.h"
#include "base/file.h"
#include "base/utf8.h"
#include "job/verify.h"
#include "model/identity.h"

AUTO_DEFINE(DIR *, closedir)
AUTO_DEFINE(struct arena *, arena_free)

enum { MAX_MANIFEST = 16 << 20, MAX_MEMORY = 64 << 20, WEEK = 7 * 86400 };

/* The verdicts of earlier runs, and those that are kept for the next. */
struct memory {
    struct str path;
    struct map *known; /* key -> struct str of what was remembered behind it */
    struct buf next;
};

struct loading {
    struct act *act;
    const struct lang *lang;
    struct arena *a;
    struct verify *verify; /* NULL = not needed so far */
    struct memory memory;
    struct sha256_digest trust; /* whom the verdicts rest on */
    struct portal_sealed_list *ret;
};

/* ---- what is remembered: "<key> <ok> <signer> <text>" a line ---- */

static void
read_memory(struct loading *l)
{
    struct diag d = diag_init(l->a);
    struct str all;
    l->memory.path = file_join(l->a, l->act->config.state_dir.s, "portal.verified");
    l->memory.known = map_new(l->a);
    if (file_slurp(l->memory.path.s, MAX_MEMORY, l->a, &all, &d) != 0)
        return; /* there is none yet */
    while (all.len) {
        struct str line = str_cut(&all, '\n'), key = str_cut(&line, ' ');
        struct str *rest = ARENA_NEW(l->a, struct str);
        *rest = line;
        map_put(l->memory.known, key, rest);
    }
}

static int
by_name(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* Names, sizes and times of all files of a version, the trust and the week: a file that was written to is another
 * one by its times, which nobody but the kernel sets. */
static struct str
key_of(const struct loading *l, const char *dir, struct arena *a)
{
    AUTO(closedir_auto) DIR *h = opendir(dir);
    VEC(struct str) lines = {0};
    struct stat st;
    for (struct dirent *e = h ? readdir(h) : NULL; e; e = readdir(h))
        if (e->d_name[0] != '.' && lstat(file_join(a, dir, e->d_name).s, &st) == 0)
            *VEC_PUSH(a, &lines) = arena_fmt(
                a, "%s %lld %lld.%09ld %lld.%09ld %llu", e->d_name, (long long)st.st_size,
                (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec, (long long)st.st_ctim.tv_sec,
                st.st_ctim.tv_nsec, (unsigned long long)st.st_ino);
    if (lines.n)
        qsort(lines.v, lines.n, sizeof *lines.v, by_name);
    struct sha256 *hash = sha256_new();
    sha256_add_field(hash, str_c(dir));
    sha256_add(hash, l->trust.b, SHA256_SIZE);
    sha256_add_field(hash, arena_fmt(a, "%lld", (long long)(env_now() / WEEK)));
    for (size_t i = 0; i < lines.n; i++)
        sha256_add_field(hash, lines.v[i]);
    struct sha256_digest d = sha256_final(hash);
    return sha256_hex(a, &d);
}

/* ---- verdicts ---- */

static int
open_verify(struct loading *l, struct diag *d)
{
    const struct config *c = &l->act->config;
    struct verify_keys keys = {.trust_file = c->trust_file.len ? c->trust_file.s : NULL,
                               .log_key = file_join(l->a, c->state_dir.s, "audit.vkeys").s};
    if (!file_exists(keys.log_key))
        keys.log_key = file_join(l->a, c->state_dir.s, "audit.vkey").s;
    return l->verify ? 0 : verify_open(c, &keys, &l->verify, d);
}

/* "<ok> <signer> <text>": of what fails the first line, of what holds who signed. */
static int
judge(struct loading *l, struct str dir, struct str *ret, struct diag *d)
{
    struct verify_report r = {.ok = true};
    AUTO(arena_free_auto) struct arena *own = arena_new();
    struct diag one = diag_init(own);
    struct str text = STR("");
    if (open_verify(l, d) != 0)
        return -1;
    if (verify_files(l->verify, dir.s, &r, &one) != 0)
        return diag_pass_on(d, &one);
    for (size_t i = 0; i < r.lines.n; i++) {
        const struct verify_line *v = &r.lines.v[i];
        if (!r.ok && !v->ok && !text.len)
            text = arena_fmt(own, "%.*s: %.*s", STR_ARG(file_base_name(v->path)), STR_ARG(v->text));
        if (r.ok && v->signer != VERIFY_NO_SIGNER && !text.len)
            text = v->text;
    }
    *ret = arena_fmt(l->a, "%d %d %.*s", r.ok, (int)verify_signers(&r),
                     STR_ARG(utf8_one_line(own, text)));
    return 0;
}

static void
read_verdict(const struct loading *l, struct str verdict, struct portal_report *r)
{
    static const char *const keys[VERIFY__COUNT] = {[VERIFY_NO_SIGNER] = "portal.report.unchecked",
                                                    [VERIFY_NOT_CHECKED] = "portal.report.unchecked",
                                                    [VERIFY_TRUSTED] = "portal.report.good",
                                                    [VERIFY_UNTRUSTED] = "portal.report.untrusted"};
    int64_t ok = 0, signer = 0;
    str_to_i64(str_cut(&verdict, ' '), &ok);
    str_to_i64(str_cut(&verdict, ' '), &signer);
    r->is_good = ok == 1;
    r->signer = r->is_good ? arena_str(l->a, verdict) : STR("");
    r->state = !r->is_good ? arena_str(l->a, verdict)
                           : lang_get(l->lang, keys[signer > 0 && signer < VERIFY__COUNT ? signer : 0]);
}

/* ---- versions ---- */

/* The files that are offered: all of a version that holds, none of another. */
static void
list_files(const struct loading *l, struct portal_sealed *s)
{
    struct portal_report *r = &s->report;
    if (!r->is_good)
        return;
    for (size_t i = 0; i < s->manifest.outputs.n; i++)
        *VEC_PUSH(l->a, &r->files) = s->manifest.outputs.v[i].name;
    static const char *const beside[] = {"manifest.json", "manifest.json.p7s", MANIFEST_CHECKPOINT};
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
        if (file_exists(file_join(l->a, s->dir.s, beside[i]).s))
            *VEC_PUSH(l->a, &r->files) = str_c(beside[i]);
}

static struct str
joint(struct arena *a, struct str all, struct str more)
{
    return all.len ? arena_fmt(a, "%.*s, %.*s", STR_ARG(all), STR_ARG(more)) : more;
}

/* What it is, by its manifest; of one that cannot be read, by its place. */
static void
describe(const struct loading *l, struct portal_sealed *s, struct str id, struct str version)
{
    struct portal_report *r = &s->report;
    const struct manifest *m = &s->manifest;
    *r = (struct portal_report){.id = id,
                                .definition = STR(""),
                                .title = id,
                                .period = STR(""),
                                .scope = STR(""),
                                .language = STR("en"),
                                .version = version,
                                .created = m->created};
    for (size_t i = 0; i < m->reports.n; i++) {
        const struct manifest_report *x = &m->reports.v[i];
        struct str key = arena_fmt(l->a, "definition.%.*s", STR_ARG(x->definition));
        struct str title = lang_get(l->lang, key.s);
        r->definition = joint(l->a, r->definition, x->definition);
        r->title = title.len && title.s[0] != '[' ? title : x->definition;
        r->period = x->period;
        r->scope = joint(l->a, i ? r->scope : STR(""), x->scope);
        r->language = x->language;
        r->version = x->version;
    }
    /* ids are names of files already, and of hosts' making: the version behind it, too */
    r->path = arena_fmt(l->a, "reports/%.*s/%.*s", STR_ARG(id), STR_ARG(file_base_name(s->dir)));
}

static int
add_version(struct loading *l, struct str id, struct str dir, struct diag *d)
{
    struct str bytes, key = key_of(l, dir.s, l->a), name = file_base_name(dir), verdict;
    struct portal_sealed *s = VEC_PUSH(l->a, &l->ret->v);
    struct diag unread = diag_init(l->a);
    *s = (struct portal_sealed){.dir = dir};
    if (file_slurp(file_join(l->a, dir.s, "manifest.json").s, MAX_MANIFEST, l->a, &bytes, &unread) != 0 ||
        manifest_parse(bytes, l->a, &s->manifest, &unread) != 0)
        s->manifest = (struct manifest){.created = CLOCK_NONE};
    const struct str *known = map_get(l->memory.known, key);
    if (known)
        verdict = *known;
    else if (judge(l, dir, &verdict, d) != 0)
        return -1;
    buf_fmt(&l->memory.next, "%.*s %.*s\n", STR_ARG(key), STR_ARG(verdict));
    describe(l, s, id, str_n(name.s + 1, name.len - 1));
    read_verdict(l, verdict, &s->report);
    list_files(l, s);
    return 0;
}

/* A folder of versions: real folders v… with a signed manifest. */
static int
add_report(struct loading *l, struct str id, struct diag *d)
{
    struct str of_all = file_join(l->a, l->act->config.reports_dir.s, id.s);
    AUTO(closedir_auto) DIR *h = opendir(of_all.s);
    for (struct dirent *e = h ? readdir(h) : NULL; e; e = readdir(h)) {
        struct stat st;
        struct str dir = file_join(l->a, of_all.s, e->d_name);
        if (e->d_name[0] != 'v' || str_find(str_c(e->d_name), ".unrecorded") >= 0 ||
            lstat(dir.s, &st) != 0 || !S_ISDIR(st.st_mode) ||
            !file_exists(file_join(l->a, dir.s, "manifest.json.p7s").s))
            continue;
        if (add_version(l, id, dir, d) != 0)
            return -1;
    }
    return 0;
}

static int
by_time(const void *x, const void *y)
{
    const struct portal_sealed *a = x, *b = y;
    if (a->report.created != b->report.created)
        return a->report.created > b->report.created ? -1 : 1;
    return str_cmp(a->report.path, b->report.path);
}

static void
hash_trust(struct loading *l)
{
    const struct config *c = &l->act->config;
    int64_t size;
    if (!c->trust_file.len || sha256_of_file(c->trust_file.s, &size, &l->trust) != 0)
        l->trust = sha256_of(STR(""));
}

int
portal_reports_load(struct act *act, const struct lang *lang, struct arena *a,
                    struct portal_sealed_list *ret, struct diag *d)
{
    struct loading l = {.act = act, .lang = lang, .a = a, .ret = ret};
    AUTO_BUF next = buf_init(MAX_MEMORY);
    AUTO(closedir_auto) DIR *h = opendir(act->config.reports_dir.s);
    int rc = 0;
    *ret = (struct portal_sealed_list){0};
    l.memory.next = next;
    hash_trust(&l);
    read_memory(&l);
    for (struct dirent *e = h ? readdir(h) : NULL; e && rc == 0; e = readdir(h))
        if (e->d_name[0] != '.')
            rc = add_report(&l, arena_str(a, str_c(e->d_name)), d);
    verify_close(l.verify);
    next = l.memory.next;
    if (rc != 0)
        return -1;
    if (ret->v.n)
        qsort(ret->v.v, ret->v.n, sizeof *ret->v.v, by_time);
    if (act->dry_run || buf_bad(&next) || !next.len)
        return 0;
    return file_replace(l.memory.path.s, buf_view(&next), 0600, d);
}

/* ---- whose they are ---- */

/* By the whole identity: a group may be called like the words of a scope. */
static bool
is_about(const struct manifest_report *r, struct report_scope scope, struct arena *a)
{
    struct period p;
    if (!period_parse(r->period, env_now(), &p))
        return false;
    struct report_identity id = report_identity_make(a, r->definition, scope, r->language, p);
    return str_eq(id.id, r->id) && str_eq(id.scope_text, r->scope);
}

bool
portal_reports_is_of(const struct portal_sealed *s, struct str group, const struct map *agents,
                     struct arena *a)
{
    static const char word[] = "agent ";
    const struct manifest *m = &s->manifest;
    bool all = m->reports.n > 0;
    for (size_t i = 0; all && i < m->reports.n; i++) {
        const struct manifest_report *r = &m->reports.v[i];
        all = is_about(r, (struct report_scope){.groups = &group, .n_groups = 1}, a);
        if (all || !str_starts(r->scope, word))
            continue;
        struct str name = arena_str(a, str_n(r->scope.s + strlen(word), r->scope.len - strlen(word)));
        all = map_get(agents, name) && is_about(r, (struct report_scope){.agent = name.s}, a);
    }
    return all;
}
