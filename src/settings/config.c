/* assay.conf: one table of keys, read by config_load and printed by config_print. */
#include "settings/config.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/charset.h"
#include "base/env.h"
#include "base/file.h"
#include "base/sha256.h"
#include "settings/settings.h"
#include "settings/target_options.h"

static const char *const anchor_words[] = {[ANCHOR_NO] = "no",
                                           [ANCHOR_DAILY] = "daily",
                                           [ANCHOR_HOURLY] = "hourly",
                                           [ANCHOR_EACH] = "each",
                                           NULL};
static const char *const enrol_words[] = {
    [ENROL_OPEN] = "open", [ENROL_PASSWORD] = "password", [ENROL_LISTED] = "listed", NULL};

/* Empty = none. */
static int
check_encoding(struct str value, struct diag *d)
{
    if (value.len && !charset_may_be_forced(value))
        return diag_fail(d, DIAG_CONFIG, "fallback-encoding: \"%.*s\" is none of: %.*s",
                         STR_ARG(value), STR_ARG(charset_list(d->arena, true)));
    return 0;
}

/* Folders and keys have no standard here: theirs follow from the state directory. */
static const struct setting settings[] = {
    SETTING_TEXT(config, state_dir, "state-dir", ""),
    SETTING_TEXT(config, option_file, "option-file", ""),
    SETTING_TEXT(config, database, "database", "assay"),
    SETTING_TEXT(config, spool_dir, "spool-dir", ""),
    SETTING_FLAG(config, spool_delete, "spool-delete", "no"),
    SETTING_NUMBER(config, spool_settle_s, "spool-settle", "0", 0, 86400),
    SETTING_NUMBER(config, jobs, "jobs", "2", 1, CONFIG_MAX_JOBS),
    SETTING_FLAG(config, confine, "confine", "yes"),
    SETTING_NUMBER(config, parser_memory_mib, "parser-memory", "2048", 256, 1 << 20),
    SETTING_NUMBER(config, parser_seconds, "parser-seconds", "300", 1, 86400),
    SETTING_TEXT(config, reports_dir, "reports-dir", ""),
    SETTING_TEXT(config, templates_dir, "templates-dir", ""),
    SETTING_TEXT(config, organisation, "organisation", ""),
    SETTING_TEXT(config, classification, "classification", ""),
    SETTING_TEXT(config, language, "language", "en"),
    SETTING_TEXT(config, zone, "zone", ""),
    SETTING_TEXT(config, origin, "origin", ""),
    SETTING_TEXT(config, audit_publish_dir, "audit-publish-dir", ""),
    SETTING_NUMBER(config, audit_heartbeat_s, "audit-heartbeat", "3600", 60, 604800),
    SETTING_NUMBER(config, audit_keep_months, "audit-keep-months", "12", 3, 1200),
    SETTING_WORD(config, audit_anchor, "audit-anchor", "daily", anchor_words),
    SETTING_TEXT(config, tsa_url, "tsa-url", ""),
    SETTING_TEXT(config, tsa_ca, "tsa-ca", ""),
    SETTING_TEXT(config, tsa_policy, "tsa-policy", ""),
    SETTING_TEXT(config, tsa_user_file, "tsa-user-file", ""),
    SETTING_FLAG(config, sign, "sign", "yes"),
    SETTING_TEXT(config, sign_cert, "sign-cert", ""),
    SETTING_TEXT(config, sign_key, "sign-key", ""),
    SETTING_TEXT(config, sign_p12, "sign-p12", ""),
    SETTING_TEXT(config, sign_passphrase_file, "sign-passphrase-file", ""),
    SETTING_TEXT(config, trust_file, "trust-file", ""),
    SETTING_FLAG(config, suggestion_informational, "lynis-suggestions-informational", "no"),
    SETTING_CHECKED(config, fallback_encoding, "fallback-encoding", "", check_encoding),
    SETTING_TEXT(config, paper, "paper", "a4"),
    SETTING_WORD(config, enrol, "enrol", "open", enrol_words),
    SETTING_TEXT(config, agent_certs, "agent-certs", ""),
    SETTING_FLAG(config, require_signature, "require-signature", "no"),
    SETTING_NUMBER(config, export_heartbeat_s, "export-heartbeat", "60", 0, 86400),
    SETTING_TEXT(config, metrics_file, "metrics-file", ""),
    SETTING_TEXT(config, tls_ca, "tls-ca", ""),
    SETTING_TEXT(config, tls_cert, "tls-cert", ""),
    SETTING_TEXT(config, tls_key, "tls-key", ""),
};

enum { N_SETTINGS = sizeof settings / sizeof *settings, MAX_CONFIG_BYTES = 1 << 20 };

/* A:B, both not empty. */
static int
take_pair(const char *key, const char *want, struct str value, struct str *ret_a, struct str *ret_b,
          struct diag *d)
{
    assert(key && want);
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
    const struct setting *s = settings_find(settings, N_SETTINGS, key);
    if (!s)
        return diag_fail(d, DIAG_CONFIG, "unknown setting \"%.*s\"", STR_ARG(key));
    return setting_read(s, c, value, d->arena, d);
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
    assert(name[0]);
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

int
config_load(const char *path, const char *state_dir, struct arena *a, struct config *ret,
            struct diag *d)
{
    static const char standard[] = "/etc/assay/assay.conf";
    struct config c = {.path = STR("")};
    struct str text;
    settings_reset(settings, N_SETTINGS, &c);
    if (!path)
        path = getenv("ASSAY_CONFIG");
    if (!path && file_exists(standard))
        path = standard;
    /* without a file all settings have their standards: assay works on one host with none */
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
    for (size_t i = 0; i < N_SETTINGS; i++) {
        buf_fmt(&out, "%s = ", settings[i].key);
        setting_print(&settings[i], c, &out);
        buf_putc(&out, '\n');
    }
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
