/* Who may report: between a reader and the store. batch.c asks for each file after parsing;
 * the list itself is changed by intake/agent.c. */
#include "intake/enrol.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/map.h"
#include "base/utf8.h"
#include "ingest/limits.h"
#include "sign/password.h"
#include "sign/sign.h"

/* An agent on the list, of the database or of the settings. */
struct member {
    struct str name;
    VEC(struct str) aliases;
    const struct store_enrolment *frozen; /* NULL = not frozen */
};

struct group_password {
    struct str group;
    struct password *password;
};

struct enrol {
    struct arena *arena;
    const struct config *config;
    struct store_enrolments list;
    struct map *by_name, *by_alias; /* -> struct member */
    struct map *groups; /* of agents that have reported -> struct str; enrol = password only */
    VEC(struct group_password) passwords;
    struct sign_pins *pins; /* NULL = signatures are not checked */
};

/* What is known of a file while it is judged. */
struct trial {
    struct enrol *e;
    const struct scan_file *f;
    struct arena *a;
    bool is_signed;
    struct sign_detached signature;
    size_t n_passwords; /* scans whose group's password fitted */
};

/* ---- opening ---- */

static struct member *
add_member(struct enrol *e, struct str name)
{
    struct member *m = map_get(e->by_name, name);
    if (m)
        return m;
    m = ARENA_NEW(e->arena, struct member);
    m->name = arena_str(e->arena, name);
    map_put(e->by_name, m->name, m);
    return m;
}

/* An alias that two agents have belongs to the one that is added first: the settings come before the
 * database. */
static void
add_alias(struct enrol *e, struct member *m, struct str alias)
{
    if (map_get(e->by_alias, alias))
        return;
    alias = arena_str(e->arena, alias);
    map_put(e->by_alias, alias, m);
    *VEC_PUSH(e->arena, &m->aliases) = alias;
}

static void
add_all_members(struct enrol *e)
{
    for (size_t i = 0; i < e->config->agents.n; i++) {
        const struct config_agent *ag = &e->config->agents.v[i];
        struct member *m = add_member(e, ag->name);
        for (size_t k = 0; k < ag->aliases.n; k++)
            add_alias(e, m, ag->aliases.v[k]);
    }
    for (size_t i = 0; i < e->list.v.n; i++) {
        const struct store_enrolment *row = &e->list.v.v[i];
        struct member *m = add_member(e, row->name);
        m->frozen = row->frozen ? row : NULL;
        for (size_t k = 0; k < row->aliases.n; k++)
            add_alias(e, m, row->aliases.v[k]);
    }
}

static int
load_passwords(struct enrol *e, struct diag *d)
{
    for (size_t i = 0; i < e->config->passwords.n; i++) {
        const struct config_password *p = &e->config->passwords.v[i];
        struct group_password g = {.group = p->group};
        if (password_parse(p->hash, e->arena, &g.password, d) != 0)
            return diag_context(d, "group-password of %.*s", STR_ARG(p->group));
        *VEC_PUSH(e->arena, &e->passwords) = g;
    }
    return 0;
}

static void
note_group(struct enrol *e, struct str name, struct str group)
{
    struct str *stored = map_get(e->groups, name);
    if (stored && str_eq(*stored, group))
        return;
    stored = ARENA_NEW(e->arena, struct str);
    *stored = arena_str(e->arena, group);
    map_put(e->groups, arena_str(e->arena, name), stored);
}

static int
load_groups(struct enrol *e, struct store *st, struct diag *d)
{
    size_t n;
    struct store_agent_group *list;
    if (store_load_agent_groups(st, e->arena, &list, &n, d) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        note_group(e, list[i].name, list[i].group);
    return 0;
}

/* Settings that would refuse every file are a mistake. */
static int
check_settings(const struct config *c, struct diag *d)
{
    if (c->require_signature && !c->agent_certs.len)
        return diag_fail(d, DIAG_CONFIG, "require-signature = yes wants agent-certs");
    if (c->enrol == ENROL_PASSWORD && !c->passwords.n && !c->agent_certs.len)
        return diag_fail(d, DIAG_CONFIG,
                         "enrol = password wants a group-password (assay agent password GROUP)");
    return 0;
}

int
enrol_open(const struct config *c, struct store *st, struct enrol **ret, struct diag *d)
{
    struct arena *a = arena_new();
    struct enrol *e = ARENA_NEW(a, struct enrol);
    *e = (struct enrol){.arena = a,
                        .config = c,
                        .by_name = map_new(a),
                        .by_alias = map_new(a),
                        .groups = map_new(a)};
    int rc = check_settings(c, d);
    if (rc == 0)
        rc = load_passwords(e, d);
    if (rc == 0 && c->agent_certs.len)
        rc = sign_load_pins(c->agent_certs.s, &e->pins, d);
    if (rc == 0 && st)
        rc = store_load_enrolments(st, false, true, a, &e->list, d);
    if (rc == 0 && st && c->enrol == ENROL_PASSWORD)
        rc = load_groups(e, st, d);
    if (rc != 0) {
        enrol_close(e);
        return -1;
    }
    add_all_members(e);
    *ret = e;
    return 0;
}

void
enrol_close(struct enrol *e)
{
    if (!e)
        return;
    sign_pins_free(e->pins);
    arena_free(e->arena);
}

bool
enrol_is_asked(const struct config *c)
{
    return c->enrol != ENROL_OPEN || c->agent_certs.len || c->passwords.n || c->agents.n;
}

/* ---- the signature ---- */

static int
refuse_file(struct diag *d, const char *why)
{
    return diag_fail(d, DIAG_REFUSED, "%s", why);
}

/* Looks at <path>.p7s. The bytes that were verified must be those that were parsed: a writer that
 * still holds the file open could have come between. */
static int
check_signature(struct trial *t, const char *path, struct diag *d)
{
    const char *beside = arena_fmt(t->a, "%s.p7s", path).s;
    bool is_there = strcmp(path, "-") != 0 && file_exists(beside);
    if (!is_there)
        return t->e->config->require_signature
                   ? refuse_file(d, "there is no signature beside the file")
                   : 0;
    if (!t->e->pins) {
        diag_warn(d, DIAG_WARN_DATA, file_base_name(str_c(beside)),
                  "the signature was not checked: agent-certs is not set");
        return 0;
    }
    if (sign_verify_detached(t->e->pins, path, beside, t->a, &t->signature, d) != 0) {
        if (d->first.code == DIAG_VERIFY)
            d->first.code = DIAG_REFUSED;
        return diag_context(d, "signature");
    }
    if (memcmp(&t->signature.sha256, &t->f->sha256, sizeof t->f->sha256) != 0)
        return refuse_file(d, "the file was changed while it was read");
    t->is_signed = true;
    return 0;
}

/* The names that the file gives itself do not count, only those of the list. */
static bool
signer_is(const struct trial *t, const struct member *m, struct str name)
{
    if (sign_detached_names(&t->signature, name))
        return true;
    if (m && sign_detached_names(&t->signature, m->name))
        return true;
    for (size_t i = 0; m && i < m->aliases.n; i++)
        if (sign_detached_names(&t->signature, m->aliases.v[i]))
            return true;
    return false;
}

/* ---- the password ---- */

enum fit { FIT_NONE_SET, FIT_YES, FIT_NO };

/* A group may have two, an old and a new one. */
static enum fit
try_passwords(struct enrol *e, struct str group, struct str secret)
{
    enum fit fit = FIT_NONE_SET;
    for (size_t i = 0; i < e->passwords.n && fit != FIT_YES; i++)
        if (str_eq(e->passwords.v[i].group, group))
            fit = password_fits(e->passwords.v[i].password, secret) ? FIT_YES : FIT_NO;
    return fit;
}

/* A wrong password is refused under every policy; a missing one only where it is demanded and no
 * signature stands in for it. NULL = accepted. */
static const char *
judge_password(struct trial *t, struct str name, struct str group)
{
    bool demanded = t->e->config->enrol == ENROL_PASSWORD && !t->is_signed;
    if (!t->f->secret.len)
        return demanded ? "the file carries no group password" : NULL;
    enum fit fit = try_passwords(t->e, group, t->f->secret);
    t->n_passwords += fit == FIT_YES;
    if (fit == FIT_NO)
        return "the password is not that of its group";
    if (fit == FIT_NONE_SET && demanded)
        return "its group has no group-password";
    /* whoever knows the password of one group must not speak for the agents of another */
    const struct str *stored = map_get(t->e->groups, name);
    if (demanded && stored && !str_eq(*stored, group) &&
        try_passwords(t->e, *stored, t->f->secret) == FIT_NO)
        return "it is stored under another group, and the password is not that one's (assay agent "
               "move)";
    return NULL;
}

/* ---- the agent ---- */

/* A delta may name its policy by the title only. */
static const char *
judge_frozen(const struct member *m, const struct scan *s)
{
    assert(m->frozen);
    bool by_title = s->delta && !s->policy.id.len;
    for (size_t i = 0; i < m->frozen->lines.n; i++) {
        const struct store_line *l = &m->frozen->lines.v[i];
        if (by_title ? str_eq(s->policy.title, l->title)
                     : str_eq(s->policy.id, l->policy) && str_eq(s->policy.profile, l->profile))
            return NULL;
    }
    return "it is frozen, and this policy is new to it";
}

static struct member *
find_member(const struct enrol *e, struct str name)
{
    struct member *m = map_get(e->by_name, name);
    return m ? m : map_get(e->by_alias, name);
}

/* NULL = accepted. */
static const char *
judge_scan(struct trial *t, const struct scan *s)
{
    const struct member *m = find_member(t->e, s->asset.name);
    if (t->is_signed && !signer_is(t, m, s->asset.name))
        return "the certificate of the signature is that of another agent";
    const char *why = judge_password(t, m ? m->name : s->asset.name, s->asset.group);
    if (why)
        return why;
    if (t->e->config->enrol == ENROL_LISTED && !m)
        return "it is not on the list of agents (assay agent add)";
    return m && m->frozen ? judge_frozen(m, s) : NULL;
}

/* ---- the verdict ---- */

static int
judge_file(struct trial *t, struct diag *d)
{
    size_t n_refused = 0, n = t->f->scans.n; /* whole or not at all: doc/enrolment.md */
    const char *first = NULL;
    struct str who = STR("");
    for (size_t i = 0; i < n; i++) {
        const struct scan *s = &t->f->scans.v[i];
        const char *why = judge_scan(t, s);
        n_refused += why != NULL;
        if (why && !first) {
            first = why;
            who = utf8_name(t->a, s->asset.name);
        }
    }
    if (n_refused == 0)
        return 0;
    assert(first && n_refused <= n);
    if (n == 1)
        return diag_fail(d, DIAG_REFUSED, "agent %.*s: %s", STR_ARG(who), first);
    return diag_fail(d, DIAG_REFUSED, "agent %.*s: %s (%zu of %zu scans of the file)", STR_ARG(who),
                     first, n_refused, n);
}

static struct str
custody_of(const struct trial *t)
{
    assert(t->n_passwords <= t->f->scans.n);
    if (t->is_signed)
        return arena_fmt(t->a, "signature:%.*s", STR_ARG(t->signature.signer.subject));
    if (t->f->scans.n && t->n_passwords == t->f->scans.n)
        return STR("password");
    return t->e->config->enrol == ENROL_LISTED ? STR("listed") : STR("none");
}

/* The store keeps what it knows of an agent where a file says nothing. */
static void
settle_assets(struct enrol *e, struct scan_file *f, struct arena *a)
{
    for (size_t i = 0; i < f->scans.n; i++) {
        struct scan_asset *as = &f->scans.v[i].asset;
        const struct member *m = find_member(e, as->name);
        if (m)
            as->name = arena_str(a, m->name);
        if (m && m->frozen) {
            as->alias = as->os = as->group = STR("");
            as->addresses.n = 0;
        } else if (e->config->enrol == ENROL_PASSWORD && as->group.len) {
            note_group(e, as->name, as->group);
        }
    }
}

int
enrol_check(struct enrol *e, const char *path, struct scan_file *f, struct arena *a, struct diag *d)
{
    struct trial t = {.e = e, .f = f, .a = a};
    assert(path && !diag_failed(d));
    int rc = check_signature(&t, path, d);
    if (rc == 0)
        rc = judge_file(&t, d);
    password_wipe(f->secret);
    f->secret = STR("");
    f->custody = rc == 0 ? custody_of(&t) : STR("");
    if (rc == 0)
        settle_assets(e, f, a);
    return rc;
}

bool
enrol_settle_sender(struct enrol *e, const char *path, struct str given, struct scan_file *f,
                    struct arena *a)
{
    struct diag mine = diag_init(a);
    struct trial t = {.e = e, .f = f, .a = a};
    struct str name = given.len ? given : f->sender;
    const struct member *m = find_member(e, name);
    bool is_accepted = name.len && name.len <= LIMIT_AGENT_NAME &&
                       check_signature(&t, path, &mine) == 0 &&
                       (!t.is_signed || signer_is(&t, m, name)) &&
                       !judge_password(&t, m ? m->name : name, f->sender_group) &&
                       (e->config->enrol != ENROL_LISTED || m);
    password_wipe(f->secret);
    f->secret = STR("");
    f->sender = is_accepted ? arena_str(a, m ? m->name : name) : STR("");
    return is_accepted && m;
}

struct str
enrol_describe(const struct enrol *e, struct arena *a)
{
    static const char *const policies[] = {"every agent (enrol = open)", "by group password",
                                           "agents on the list"};
    size_t n_frozen = 0, n_certs = 0, n_valid = 0;
    for (size_t i = 0; i < e->list.v.n; i++)
        n_frozen += e->list.v.v[i].frozen;
    if (e->pins)
        sign_pins_count(e->pins, &n_certs, &n_valid);
    return arena_fmt(
        a, "%s; %zu listed, %zu frozen, %zu passwords, %zu of %zu certificates valid%s",
        policies[e->config->enrol], map_len(e->by_name), n_frozen, e->passwords.n, n_valid, n_certs,
        e->config->require_signature ? "; signatures are required" : "");
}

int
enrol_password_line(struct str group, struct str secret, struct arena *a, struct str *ret,
                    struct diag *d)
{
    struct str hash;
    if (!group.len || !str_eq(group, str_trim(group)) || !utf8_valid(group) ||
        !str_eq(group, utf8_one_line(a, group)))
        return diag_fail(d, DIAG_USAGE,
                         "the group's name is empty or has blanks around it, "
                         "control characters or no UTF-8");
    if (password_hash(secret, a, &hash, d) != 0)
        return -1;
    *ret = arena_fmt(a, "group-password = %.*s:%.*s", STR_ARG(group), STR_ARG(hash));
    return 0;
}
