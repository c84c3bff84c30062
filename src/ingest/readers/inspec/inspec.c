/* Reader of InSpec results (json reporter) and of everything in MITRE's Heimdall Data Format, which
 * is the same. Called by ingest.c with chunks; control.c and tags.c read controls.
 * See doc/formats/inspec.md.
 *
 * Controls come one at a time, perhaps before the name of their profile; which profile is built on
 * which is known at the end. */
#include "ingest/readers/inspec/inspec.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/utf8.h"
#include "ingest/identity.h"
#include "ingest/limits.h"
#include "ingest/readers.h"
#include "ingest/take.h"

enum { MAX_PROFILES = 1000, MAX_LEVELS = 64 };

/* One profile is built on another; both by their position in the file. */
struct edge {
    size_t over, under;
};

/* All appearances of one control. */
struct appearances {
    VEC(struct inspec_control *) v;
};

struct inspec {
    VEC(struct appearances) controls; /* in order of first appearance */
    struct map *by_id;
    int *depth_of; /* of each profile: 0 = nothing is built on it */
    VEC(struct edge) edges;
    size_t n_profiles, n_kept, n_other;
    size_t n_nameless; /* controls without id */
};

enum { PATH_CONTROLS, PATH_SUMMARY, PATH_OTHER };

/* ---- controls ---- */

static int
take_control(struct ingest_reader *r, size_t profile, const json_t *v)
{
    struct inspec *in = r->own;
    struct str id = json_reader_get(r, v, "id", LIMIT_TEXT, STR("controls"));
    if (!json_is_object(v) || !id.len) {
        in->n_nameless++;
        return 0;
    }
    if (profile >= MAX_PROFILES || ++in->n_kept > LIMIT_RESULTS)
        return diag_fail(r->d, DIAG_TOO_BIG, "more than %d profiles or %d controls", MAX_PROFILES,
                         LIMIT_RESULTS);
    struct inspec_control *c = ARENA_NEW(r->a, struct inspec_control);
    c->id = take_id(r->a, id, r->d);
    c->profile = profile;
    inspec_control_take(r, v, c);
    assert(c->id.len && c->id.len <= LIMIT_ID);
    long at = map_get_index(in->by_id, c->id);
    if (at < 0) {
        *VEC_PUSH(r->a, &in->controls) = (struct appearances){0};
        at = (long)in->controls.n - 1;
        map_put_index(in->by_id, c->id, (size_t)at);
    }
    *VEC_PUSH(r->a, &in->controls.v[at].v) = c;
    return 0;
}

/* Old versions repeat all controls at the top, shortened, and tell there of the checks that stand
 * outside of controls: those have no id to be kept by. */
static int
on_element(void *self, size_t path, const size_t index[JSON_DOC_INDEXES], const json_t *v)
{
    struct ingest_reader *r = self;
    struct inspec *in = r->own;
    in->n_other += path == PATH_OTHER;
    return path == PATH_CONTROLS ? take_control(r, index[0], v) : 0;
}

/* ---- profiles ---- */

static struct str
get(struct ingest_reader *r, const json_t *v, const char *key, size_t max)
{
    return json_reader_get(r, v, key, max, STR("profiles"));
}

static void
add_edge(struct ingest_reader *r, long over, long under)
{
    struct inspec *in = r->own;
    if (over >= 0 && under >= 0 && over != under)
        *VEC_PUSH(r->a, &in->edges) = (struct edge){(size_t)over, (size_t)under};
}

/* A profile lies below the one that names it under depends, or that it names as its parent. Tools
 * leave either out. */
static int
find_edges(struct ingest_reader *r, const json_t *profiles)
{
    struct inspec *in = r->own;
    struct map *names = map_new(r->a); /* to the position of the first profile of that name */
    for (size_t i = 0; i < json_array_size(profiles); i++) {
        struct str name = get(r, json_array_get(profiles, i), "name", LIMIT_TITLE);
        if (name.len && map_get_index(names, name) < 0)
            map_put_index(names, name, i);
    }
    for (size_t i = 0; i < in->n_profiles; i++) {
        const json_t *p = json_array_get(profiles, i), *depends = json_object_get(p, "depends");
        add_edge(r, map_get_index(names, get(r, p, "parent_profile", LIMIT_TITLE)), (long)i);
        if (json_array_size(depends) > MAX_PROFILES)
            return diag_fail(r->d, DIAG_TOO_BIG, "a profile depends on more than %d others",
                             MAX_PROFILES);
        for (size_t k = 0; k < json_array_size(depends); k++)
            add_edge(r, (long)i,
                     map_get_index(names, get(r, json_array_get(depends, k), "name", LIMIT_TITLE)));
    }
    return 0;
}

/* How far each profile lies below one that nothing is built on. */
static int
find_depths(struct ingest_reader *r, const json_t *profiles)
{
    struct inspec *in = r->own;
    bool changed = true;
    assert(!in->depth_of && !in->edges.n);
    in->n_profiles = json_array_size(profiles);
    if (in->n_profiles > MAX_PROFILES)
        return diag_fail(r->d, DIAG_TOO_BIG, "more than %d profiles", MAX_PROFILES);
    in->depth_of = ARENA_ARRAY(r->a, int, in->n_profiles + 1);
    if (find_edges(r, profiles) != 0)
        return -1;
    for (int round = 0; changed && round < MAX_LEVELS; round++) {
        changed = false;
        for (size_t i = 0; i < in->edges.n; i++) {
            struct edge e = in->edges.v[i];
            assert(e.over < in->n_profiles && e.under < in->n_profiles);
            if (in->depth_of[e.under] > in->depth_of[e.over])
                continue;
            in->depth_of[e.under] = in->depth_of[e.over] + 1;
            changed = true;
        }
    }
    if (changed)
        diag_warn(r->d, DIAG_WARN_DATA, STR("profiles"),
                  "the profiles depend on each other in a circle: their order may be wrong");
    return 0;
}

/* A profile that could not be loaded ran no control; one that does not fit the system need not. */
static void
look_at_status(struct ingest_reader *r, struct scan *s, const json_t *profile)
{
    struct str word = get(r, profile, "status", LIMIT_ID);
    struct str name = get(r, profile, "name", LIMIT_TITLE);
    struct str why = get(r, profile, "status_message", LIMIT_TITLE);
    if (!why.len)
        why = get(r, profile, "skip_message", LIMIT_TITLE);
    if (!word.len || str_ieqc(word, "loaded"))
        return;
    bool is_skipped = str_ieqc(word, "skipped");
    why = utf8_one_line(r->d->arena, why);
    word = utf8_one_line(r->d->arena, utf8_cut(word, 64));
    s->partial = s->partial || !is_skipped;
    diag_warn(r->d, is_skipped ? DIAG_WARN_DATA : DIAG_WARN_PARTIAL, name,
              "the profile was not run: %.*s%s%.*s", STR_ARG(word), why.len ? ": " : "",
              STR_ARG(why));
}

/* A profile that the last of two lists does not have lies nowhere. */
static int
depth_of(const struct inspec *in, const struct inspec_control *c)
{
    return c->profile < in->n_profiles ? in->depth_of[c->profile] : 0;
}

static int
by_depth(const void *a, const void *b, void *inspec)
{
    const struct inspec_control *x = *(struct inspec_control *const *)a;
    const struct inspec_control *y = *(struct inspec_control *const *)b;
    int dx = depth_of(inspec, x), dy = depth_of(inspec, y);
    if (dx != dy)
        return dx - dy;
    return x->profile < y->profile ? -1 : x->profile > y->profile;
}

static void
warn_twice(struct ingest_reader *r, const struct appearances *all)
{
    for (size_t i = 1; i < all->v.n; i++)
        if (all->v.v[i]->profile == all->v.v[i - 1]->profile) {
            diag_warn(r->d, DIAG_WARN_DATA, all->v.v[i]->id,
                      "the control stands twice in one profile: its results were put together");
            return;
        }
}

static int
add_controls(struct ingest_reader *r, struct build *b)
{
    struct inspec *in = r->own;
    for (size_t i = 0; i < in->controls.n; i++) {
        struct appearances *all = &in->controls.v[i];
        assert(all->v.n);
        qsort_r(all->v.v, all->v.n, sizeof *all->v.v, by_depth, in);
        warn_twice(r, all);
        if (inspec_control_add(b, all->v.v, all->v.n) != 0)
            return -1;
    }
    return 0;
}

/* ---- the scan ---- */

static size_t
outermost(const struct inspec *in)
{
    for (size_t i = 0; i < in->n_profiles; i++)
        if (in->depth_of[i] == 0)
            return i;
    return 0;
}

/* Under one key, in an object or in those inside it: converters keep the results that they were made
 * of under "passthrough", each tool's in its own form. Lists are of many things, but for the one in
 * which MITRE's converters put what they have no place for. */
static struct str
find_below(struct ingest_reader *r, const json_t *v, const char *key, int depth)
{
    enum { MAX_DEPTH = 6 };
    const char *member;
    json_t *one;
    struct str found = get(r, v, key, LIMIT_TEXT);
    if (found.len || depth == MAX_DEPTH)
        return found;
    json_object_foreach((json_t *)(uintptr_t)v, member, one)
    {
        bool is_list = strcmp(member, "auxiliary_data") == 0;
        for (size_t i = 0; is_list && i < json_array_size(one) && !found.len; i++)
            found = find_below(r, json_array_get(one, i), key, depth + 1);
        if (!found.len && json_is_object(one))
            found = find_below(r, one, key, depth + 1);
        if (found.len)
            break;
    }
    return found;
}

/* What InSpec was pointed at, what a server added, and what the results before a conversion said. */
static void
name_asset(struct ingest_reader *r, struct scan_asset *as, const json_t *doc)
{
    static const char *const added[] = {"fqdn", "hostname", "node_name", "ipaddress"};
    static const char *const below[] = {"fqdn",     "hostfqdn",      "host-fqdn",  "hostname",
                                        "host_name", "target_id",     "target",     "computer_name",
                                        "hostip",    "host-ip",       "ip_address", "node_uuid"};
    enum { N_ADDED = sizeof added / sizeof *added, N_BELOW = sizeof below / sizeof *below };
    struct str names[1 + N_ADDED + N_BELOW];
    const json_t *passed = json_object_get(doc, "passthrough");
    size_t n = 0;
    names[n++] = get(r, json_object_get(doc, "platform"), "target_id", LIMIT_TEXT);
    for (size_t i = 0; i < N_ADDED; i++)
        names[n++] = get(r, doc, added[i], LIMIT_TEXT);
    for (size_t i = 0; i < N_BELOW; i++)
        names[n++] = find_below(r, passed, below[i], 0);
    identity_take(r->ctx, as, names, n, r->a, r->d);
}

/* Converters of other tools' results put their own name where InSpec names the system. */
static void
name_scan(struct ingest_reader *r, struct scan *s, const json_t *doc, const json_t *profile)
{
    const json_t *platform = json_object_get(doc, "platform");
    struct str name = get(r, platform, "name", LIMIT_ID / 2);
    struct str release = get(r, platform, "release", LIMIT_ID / 4);
    struct str version = get(r, doc, "version", LIMIT_ID / 2);
    name_asset(r, &s->asset, doc);
    struct str both = str_trim(arena_fmt(r->a, "%.*s %.*s", STR_ARG(name), STR_ARG(release)));
    bool is_converter = str_starts(name, "Heimdall");
    s->policy.id = get(r, profile, "name", LIMIT_TEXT);
    s->policy.version = get(r, profile, "version", LIMIT_ID);
    s->policy.title = get(r, profile, "title", LIMIT_TITLE);
    s->asset.os = is_converter ? STR("") : both;
    s->engine = is_converter  ? both
                : version.len ? arena_fmt(r->a, "InSpec %.*s", STR_ARG(version))
                              : STR("InSpec");
}

static int
on_document(void *self, const json_t *v)
{
    struct ingest_reader *r = self;
    struct inspec *in = r->own;
    struct build b;
    const json_t *profiles = json_object_get(v, "profiles");
    if (!json_is_array(profiles) || !in->controls.n)
        return diag_fail(
            r->d, DIAG_BAD_DATA,
            "InSpec: no profile with controls: was it written by the reporter \"json\"?");
    if (find_depths(r, profiles) != 0)
        return -1;
    assert(in->depth_of);
    build_begin(&b, "inspec", r->ctx, r->a, r->d);
    name_scan(r, &b.scan, v, json_array_get(profiles, outermost(in)));
    if (!b.scan.policy.id.len)
        return diag_fail(r->d, DIAG_BAD_DATA, "InSpec: the profile has no name");
    for (size_t i = 0; i < in->n_profiles; i++)
        look_at_status(r, &b.scan, json_array_get(profiles, i));
    if (in->n_nameless)
        build_leave_out(&b, STR("controls"),
                        arena_fmt(r->a, "%zu controls without id", in->n_nameless).s);
    b.scan.partial = b.scan.partial || in->n_other;
    if (in->n_other)
        diag_warn(r->d, DIAG_WARN_PARTIAL, STR("other_checks"),
                  "%zu checks that belong to no control were left out", in->n_other);
    return add_controls(r, &b) == 0 ? build_end(&b, r->file) : -1;
}

static int
inspec_bid(const struct ingest_head *head)
{
    struct str k = head->json_keys;
    bool is_run = detect_has_key(k, "1:platform") || detect_has_key(k, "1:statistics") ||
                  detect_has_key(k, "1:version") || detect_has_key(k, "3:controls");
    return detect_has_key(k, "1:profiles") && is_run ? 85 : 0;
}

static struct ingest_reader *
inspec_open(const struct ingest_context *ctx, struct scan_file *file, struct arena *a,
            struct diag *d)
{
    static const struct json_doc_handlers handlers = {
        .paths = {[PATH_CONTROLS] = "profiles[].controls[]",
                  [PATH_SUMMARY] = "controls[]",
                  [PATH_OTHER] = "other_checks[]"},
        .element = on_element,
        .document = on_document};
    struct inspec *in = ARENA_NEW(a, struct inspec);
    in->by_id = map_new(a);
    return json_reader_open(&handlers, in, ctx, file, a, d);
}

const struct ingest_format inspec_format = {
    .name = "inspec",
    .title = "InSpec or Heimdall Data Format results",
    .bid = inspec_bid,
    .open = inspec_open,
    .push = json_reader_push,
    .push_document = json_reader_push_document,
    .end = json_reader_end,
    .close = json_reader_close,
};
