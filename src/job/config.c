/* assay.conf: one table of keys, read by config_load and printed by config_print. */
#include "job/config.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/env.h"
#include "base/file.h"
#include "base/sha256.h"
#include "ingest/encoding.h"
#include "job/target_options.h"

enum kind { TEXT, YES_NO, NUMBER, ENROL, ENCODING, ANCHOR };

#define ROW(key, kind, member)                                                                     \
    {                                                                                              \
        key, kind, offsetof(struct config, member), 0, 0                                           \
    }
#define RANGE(key, member, min, max)                                                               \
    {                                                                                              \
        key, NUMBER, offsetof(struct config, member), min, max                                     \
    }

static const struct setting {
    const char *key;
    enum kind kind;
    size_t offset;
    int64_t min, max; /* of a NUMBER */
} settings[] = {
    ROW("state-dir", TEXT, state_dir),
    ROW("option-file", TEXT, option_file),
    ROW("database", TEXT, database),
    ROW("spool-dir", TEXT, spool_dir),
    ROW("spool-delete", YES_NO, spool_delete),
    RANGE("spool-settle", spool_settle_s, 0, 86400),
    RANGE("jobs", jobs, 1, CONFIG_MAX_JOBS),
    ROW("confine", YES_NO, confine),
    RANGE("parser-memory", parser_memory_mib, 256, 1 << 20),
    RANGE("parser-seconds", parser_seconds, 1, 86400),
    ROW("reports-dir", TEXT, reports_dir),
    ROW("templates-dir", TEXT, templates_dir),
    ROW("organisation", TEXT, organisation),
    ROW("classification", TEXT, classification),
    ROW("language", TEXT, language),
    ROW("zone", TEXT, zone),
    ROW("origin", TEXT, origin),
    ROW("audit-publish-dir", TEXT, audit_publish_dir),
    RANGE("audit-heartbeat", audit_heartbeat_s, 60, 604800),
    RANGE("audit-keep-months", audit_keep_months, 3, 1200),
    ROW("audit-anchor", ANCHOR, audit_anchor),
    ROW("tsa-url", TEXT, tsa_url),
    ROW("tsa-ca", TEXT, tsa_ca),
    ROW("tsa-policy", TEXT, tsa_policy),
    ROW("tsa-user-file", TEXT, tsa_user_file),
    ROW("sign", YES_NO, sign),
    ROW("sign-cert", TEXT, sign_cert),
    ROW("sign-key", TEXT, sign_key),
    ROW("sign-p12", TEXT, sign_p12),
    ROW("sign-passphrase-file", TEXT, sign_passphrase_file),
    ROW("trust-file", TEXT, trust_file),
    ROW("lynis-suggestions-informational", YES_NO, suggestion_informational),
    ROW("fallback-encoding", ENCODING, fallback_encoding),
    ROW("paper", TEXT, paper),
    ROW("enrol", ENROL, enrol),
    ROW("agent-certs", TEXT, agent_certs),
    ROW("require-signature", YES_NO, require_signature),
    RANGE("export-heartbeat", export_heartbeat_s, 0, 86400),
    ROW("metrics-file", TEXT, metrics_file),
    ROW("tls-ca", TEXT, tls_ca),
    ROW("tls-cert", TEXT, tls_cert),
    ROW("tls-key", TEXT, tls_key),
};

static const char *const enrol_words[] = {"open", "password", "listed"};
static const char *const anchor_words[] = {"no", "daily", "hourly", "each"};

enum { N_SETTINGS = sizeof settings / sizeof *settings, MAX_CONFIG_BYTES = 1 << 20 };

static void *
member(struct config *c, const struct setting *s)
{
    return (char *)c + s->offset;
}

bool
config_parse_yes_no(struct str v, bool *ret)
{
    bool yes = str_ieqc(v, "yes") || str_ieqc(v, "true") || str_ieqc(v, "on");
    bool no = str_ieqc(v, "no") || str_ieqc(v, "false") || str_ieqc(v, "off");
    if (yes || no)
        *ret = yes;
    return yes || no;
}

static int
set_enrol(enum config_enrol *to, struct str value, struct diag *d)
{
    for (int i = ENROL_OPEN; i <= ENROL_LISTED; i++)
        if (str_eqc(value, enrol_words[i])) {
            *to = (enum config_enrol)i;
            return 0;
        }
    return diag_fail(d, DIAG_CONFIG, "enrol: want open, password or listed, got \"%.*s\"",
                     STR_ARG(value));
}

static int
set_anchor(enum config_anchor *to, struct str value, struct diag *d)
{
    for (int i = ANCHOR_NO; i <= ANCHOR_EACH; i++)
        if (str_eqc(value, anchor_words[i])) {
            *to = (enum config_anchor)i;
            return 0;
        }
    return diag_fail(d, DIAG_CONFIG, "audit-anchor: want no, daily, hourly or each, got \"%.*s\"",
                     STR_ARG(value));
}

/* Empty = none. */
static int
set_encoding(struct str *to, struct str value, struct diag *d)
{
    if (value.len && !encoding_may_be_forced(value))
        return diag_fail(d, DIAG_CONFIG, "fallback-encoding: \"%.*s\" is none of: %.*s",
                         STR_ARG(value), STR_ARG(encoding_list(d->arena, true)));
    *to = arena_str(d->arena, value);
    return 0;
}

static int
set_value(struct config *c, const struct setting *s, struct str value, struct diag *d)
{
    if (s->kind == TEXT) {
        *(struct str *)member(c, s) = arena_str(d->arena, value);
        return 0;
    }
    if (s->kind == YES_NO) {
        if (config_parse_yes_no(value, member(c, s)))
            return 0;
        return diag_fail(d, DIAG_CONFIG, "%s: want yes or no, got \"%.*s\"", s->key,
                         STR_ARG(value));
    }
    if (s->kind == ENROL)
        return set_enrol(member(c, s), value, d);
    if (s->kind == ANCHOR)
        return set_anchor(member(c, s), value, d);
    if (s->kind == ENCODING)
        return set_encoding(member(c, s), value, d);
    int64_t n;
    assert(s->kind == NUMBER && s->max > s->min);
    if (!str_to_i64(value, &n) || n < s->min || n > s->max)
        return diag_fail(d, DIAG_CONFIG, "%s: want a number from %lld to %lld, got \"%.*s\"",
                         s->key, (long long)s->min, (long long)s->max, STR_ARG(value));
    *(int64_t *)member(c, s) = n;
    return 0;
}

/* A:B, both not empty. */
static int
take_pair(const char *key, const char *want, struct str value, struct str *ret_a, struct str *ret_b,
          struct diag *d)
{
    struct str b = value, a = str_trim(str_cut(&b, ':'));
    b = str_trim(b);
    if (!a.len || !b.len)
        return diag_fail(d, DIAG_CONFIG, "%s: want %s, got \"%.*s\"", key, want, STR_ARG(value));
    *ret_a = arena_str(d->arena, a);
    *ret_b = arena_str(d->arena, b);
    return 0;
}

/* export = FORMAT:TARGET [OPTION=VALUE]… */
static int
add_export(struct config *c, struct str value, struct diag *d)
{
    struct config_export e;
    if (target_options_parse(value, d->arena, &e, d) != 0)
        return -1;
    for (size_t i = 0; i < c->exports.n; i++)
        if (str_eq(target_key(&c->exports.v[i], d->arena), target_key(&e, d->arena)))
            return diag_fail(d, DIAG_CONFIG,
                             "export: there is a target %.*s already: give one of them name=…",
                             STR_ARG(target_key(&e, d->arena)));
    *VEC_PUSH(d->arena, &c->exports) = e;
    return 0;
}

/* group = NAME:PATTERN */
static int
add_group(struct config *c, struct str value, struct diag *d)
{
    struct config_group g;
    if (take_pair("group", "NAME:PATTERN", value, &g.name, &g.pattern, d) != 0)
        return -1;
    *VEC_PUSH(d->arena, &c->groups) = g;
    return 0;
}

/* group-password = GROUP:$scrypt$…; a hash has no colon, a name may. What is wrong with it is not
 * said with the value: it may be a password in clear. */
static int
add_password(struct config *c, struct str value, struct diag *d)
{
    size_t colon = value.len;
    while (colon > 0 && value.s[colon - 1] != ':')
        colon--;
    struct config_password p = {.hash = str_trim(str_n(value.s + colon, value.len - colon))};
    p.group = str_trim(str_n(value.s, colon ? colon - 1 : 0));
    if (!p.group.len || !str_starts(p.hash, "$scrypt$"))
        return diag_fail(d, DIAG_CONFIG,
                         "group-password: want GROUP:$scrypt$…, as assay agent password prints it");
    p.group = arena_str(d->arena, p.group);
    p.hash = arena_str(d->arena, p.hash);
    *VEC_PUSH(d->arena, &c->passwords) = p;
    return 0;
}

/* agent = NAME[:ALIAS,ALIAS…] */
static int
add_agent(struct config *c, struct str value, struct diag *d)
{
    struct str rest = value, name = str_trim(str_cut(&rest, ':'));
    struct config_agent ag = {.name = arena_str(d->arena, name)};
    if (!name.len)
        return diag_fail(d, DIAG_CONFIG, "agent: want NAME[:ALIAS,…], got \"%.*s\"",
                         STR_ARG(value));
    while (rest.len) {
        struct str alias = str_trim(str_cut(&rest, ','));
        if (alias.len)
            *VEC_PUSH(d->arena, &ag.aliases) = arena_str(d->arena, alias);
    }
    *VEC_PUSH(d->arena, &c->agents) = ag;
    return 0;
}

/* What can be repeated and has no parts. */
static int
add_text(struct config *c, struct str key, struct str value, struct diag *d)
{
    if (!value.len)
        return diag_fail(d, DIAG_CONFIG, "%.*s: want a value", STR_ARG(key));
    if (str_eqc(key, "audit-witness"))
        *VEC_PUSH(d->arena, &c->witnesses) = arena_str(d->arena, value);
    else
        *VEC_PUSH(d->arena, &c->witness_asks) = arena_str(d->arena, value);
    return 0;
}

static int
set_key(struct config *c, struct str key, struct str value, struct diag *d)
{
    if (str_eqc(key, "audit-witness") || str_eqc(key, "audit-witness-ask"))
        return add_text(c, key, value, d);
    if (str_eqc(key, "export"))
        return add_export(c, value, d);
    if (str_eqc(key, "group"))
        return add_group(c, value, d);
    if (str_eqc(key, "group-password"))
        return add_password(c, value, d);
    if (str_eqc(key, "agent"))
        return add_agent(c, value, d);
    for (size_t i = 0; i < N_SETTINGS; i++)
        if (str_eqc(key, settings[i].key))
            return set_value(c, &settings[i], value, d);
    return diag_fail(d, DIAG_CONFIG, "unknown setting \"%.*s\"", STR_ARG(key));
}

static int
read_lines(struct config *c, struct str text, struct diag *d)
{
    for (int line = 1; text.len; line++) {
        struct str value = str_trim(str_cut(&text, '\n'));
        if (!value.len || value.s[0] == '#')
            continue;
        if (str_find(value, "=") < 0)
            diag_fail(d, DIAG_CONFIG, "want \"key = value\", got \"%.*s\"", STR_ARG(value));
        struct str key = str_trim(str_cut(&value, '='));
        if (diag_failed(d) || set_key(c, key, str_trim(value), d) != 0)
            return diag_at(d, "%.*s:%d", STR_ARG(c->path), line);
    }
    return 0;
}

static struct str
default_state_dir(struct arena *a)
{
    const char *home = getenv("HOME"), *xdg = getenv("XDG_STATE_HOME");
    if (geteuid() == 0 || !home)
        return STR("/var/lib/assay");
    if (xdg && xdg[0] == '/')
        return arena_fmt(a, "%s/assay", xdg);
    return arena_fmt(a, "%s/.local/state/assay", home);
}

static void
fill(struct arena *a, struct str *value, struct str state_dir, const char *name)
{
    if (!value->len)
        *value = file_join(a, state_dir.s, name);
}

/* What the file left open follows from the state directory. */
static void
fill_defaults(struct config *c, const char *state_dir, struct arena *a)
{
    if (state_dir)
        c->state_dir = arena_str(a, str_c(state_dir));
    if (!c->state_dir.len)
        c->state_dir = default_state_dir(a);
    fill(a, &c->spool_dir, c->state_dir, "spool");
    fill(a, &c->reports_dir, c->state_dir, "reports");
    if (!c->sign_p12.len) {
        fill(a, &c->sign_cert, c->state_dir, "sign.crt");
        fill(a, &c->sign_key, c->state_dir, "sign.key");
    }
    if (!c->origin.len)
        c->origin = arena_fmt(a, "%s/assay", env_host());
}

static struct config
empty_config(void)
{
    struct config c = {.sign = true,
                       .jobs = 2,
                       .confine = true,
                       .parser_memory_mib = 2048,
                       .parser_seconds = 300,
                       .export_heartbeat_s = 60};
    for (size_t i = 0; i < N_SETTINGS; i++)
        if (settings[i].kind == TEXT || settings[i].kind == ENCODING)
            *(struct str *)member(&c, &settings[i]) = STR("");
    c.path = STR("");
    c.database = STR("assay");
    c.language = STR("en");
    c.paper = STR("a4");
    c.audit_anchor = ANCHOR_DAILY;
    c.enrol = ENROL_OPEN;
    c.audit_keep_months = 12;
    c.audit_heartbeat_s = 3600;
    return c;
}

int
config_load(const char *path, const char *state_dir, struct arena *a, struct config *ret,
            struct diag *d)
{
    static const char standard[] = "/etc/assay/assay.conf";
    struct config c = empty_config();
    struct str text;
    if (!path)
        path = getenv("ASSAY_CONFIG");
    if (!path && file_exists(standard))
        path = standard;
    if (path) {
        c.path = arena_str(a, str_c(path));
        if (file_slurp(path, MAX_CONFIG_BYTES, a, &text, d) != 0) {
            d->first.code = DIAG_CONFIG;
            return -1;
        }
        if (read_lines(&c, text, d) != 0)
            return -1;
    }
    fill_defaults(&c, state_dir, a);
    *ret = c;
    return 0;
}

static void
print_setting(struct buf *out, const struct config *c, const struct setting *s)
{
    const char *at = (const char *)c + s->offset;
    buf_fmt(out, "%s = ", s->key);
    if (s->kind == TEXT || s->kind == ENCODING)
        buf_str(out, *(const struct str *)(const void *)at);
    else if (s->kind == YES_NO)
        buf_puts(out, *(const bool *)(const void *)at ? "yes" : "no");
    else if (s->kind == ANCHOR)
        buf_puts(out, anchor_words[*(const enum config_anchor *)(const void *)at]);
    else if (s->kind == ENROL)
        buf_puts(out, enrol_words[*(const enum config_enrol *)(const void *)at]);
    else
        buf_fmt(out, "%lld", (long long)*(const int64_t *)(const void *)at);
    buf_putc(out, '\n');
}

/* Of a password no more than that it is another one. */
static void
print_passwords(struct buf *out, const struct config *c, struct arena *a)
{
    for (size_t i = 0; i < c->passwords.n; i++) {
        struct sha256_digest digest = sha256_of(c->passwords.v[i].hash);
        buf_fmt(out, "group-password = %.*s:sha256 %.16s\n", STR_ARG(c->passwords.v[i].group),
                sha256_hex(a, &digest).s);
    }
}

static void
print_agents(struct buf *out, const struct config *c)
{
    for (size_t i = 0; i < c->agents.n; i++) {
        const struct config_agent *ag = &c->agents.v[i];
        buf_fmt(out, "agent = %.*s", STR_ARG(ag->name));
        for (size_t k = 0; k < ag->aliases.n; k++)
            buf_fmt(out, "%c%.*s", k ? ',' : ':', STR_ARG(ag->aliases.v[k]));
        buf_putc(out, '\n');
    }
}

struct str
config_print(const struct config *c, struct arena *a)
{
    AUTO_BUF out = buf_init(MAX_CONFIG_BYTES * 2);
    for (size_t i = 0; i < N_SETTINGS; i++)
        print_setting(&out, c, &settings[i]);
    for (size_t i = 0; i < c->exports.n; i++)
        target_options_print(&c->exports.v[i], &out);
    for (size_t i = 0; i < c->witnesses.n; i++)
        buf_fmt(&out, "audit-witness = %.*s\n", STR_ARG(c->witnesses.v[i]));
    for (size_t i = 0; i < c->witness_asks.n; i++)
        buf_fmt(&out, "audit-witness-ask = %.*s\n", STR_ARG(c->witness_asks.v[i]));
    for (size_t i = 0; i < c->groups.n; i++)
        buf_fmt(&out, "group = %.*s:%.*s\n", STR_ARG(c->groups.v[i].name),
                STR_ARG(c->groups.v[i].pattern));
    print_passwords(&out, c, a);
    print_agents(&out, c);
    return arena_str(a, buf_view(&out));
}
