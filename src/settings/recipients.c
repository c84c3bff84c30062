/* Recipients: over option_line.c, beside target_options.c; job/outbox.c and job/report.c ask which there are. */
#include "settings/recipients.h"

#include <assert.h>

#include "base/mime.h"
#include "settings/option_line.h"
#include "settings/secret.h"

enum { MAX_TARGET = 500 };

static const struct setting options[] = {
#define TEXT(member, key, standard) SETTING_TEXT(config_recipient, member, key, standard),
#define CHECKED(member, key, standard, check)                                                      \
    SETTING_CHECKED(config_recipient, member, key, standard, check),
#define FLAG(member, key, standard) SETTING_FLAG(config_recipient, member, key, standard),
#define NUMBER(member, key, standard, min, max)                                                    \
    SETTING_NUMBER(config_recipient, member, key, standard, min, max),
#include "settings/recipient_keys.h"
};

enum { N_OPTIONS = sizeof options / sizeof *options };

static const struct option_table table = {options, N_OPTIONS, "a recipient"};

const struct setting *
recipient_rows(size_t *ret_n)
{
    *ret_n = N_OPTIONS;
    return options;
}

/* ---- kinds ---- */

/* One address, or several with commas between them. */
static int
check_mail(struct str target, struct diag *d)
{
    while (target.len) {
        struct str address = str_trim(str_cut(&target, ','));
        if (!mime_is_address(address))
            return diag_fail(d, DIAG_CONFIG, "want an address such as officer@example.net, got \"%.*s\"",
                             STR_ARG(address));
    }
    return 0;
}

static int
check_folder(struct str target, struct diag *d)
{
    return setting_path(target, d);
}

/* Blanks and controls stand in no address; a login is an option. */
static int
check_address(struct str target, const char *begins, const char *want, struct diag *d)
{
    bool is_plain = str_starts(target, begins) && target.len > strlen(begins);
    for (size_t i = 0; i < target.len; i++)
        is_plain = is_plain && (unsigned char)target.s[i] > ' ' && (unsigned char)target.s[i] < 127 &&
                   !strchr("@%?#\"\\", target.s[i]);
    return is_plain ? 0
                    : diag_fail(d, DIAG_CONFIG, "want %s without a login, got \"%.*s\"", want,
                                STR_ARG(target));
}

static int
check_sftp(struct str target, struct diag *d)
{
    return check_address(target, "//", "sftp://HOST[:PORT]/FOLDER", d);
}

static int
check_put(struct str target, struct diag *d)
{
    return check_address(target, "https://", "put:https://HOST/PATH", d);
}

static const struct {
    const char *word;
    setting_check *check;       /* of the target */
    const char *const takes[8]; /* options beside name and reports */
    const char *const needs[4]; /* of them, those that must be there */
} kinds[] = {
    {"mail", check_mail, {"cert"}, {NULL}},
    {"folder", check_folder, {"keep"}, {NULL}},
    {"sftp", check_sftp, {"user", "key-file", "host-key", "password-file"}, {"user", "key-file", "host-key"}},
    {"put", check_put, {"user", "password-file", "sigv4", "tls-ca"}, {NULL}},
};

enum { N_KINDS = sizeof kinds / sizeof *kinds };

static size_t
find_kind(struct str word)
{
    size_t i = 0;
    while (i < N_KINDS && !str_eqc(word, kinds[i].word))
        i++;
    return i;
}

static bool
has_word(const char *const *words, const char *key)
{
    while (*words && strcmp(key, *words) != 0)
        words++;
    return *words;
}

/* An option that does nothing for this kind is a mistake of who wrote it, as is one that is missing. */
static int
check_options(size_t kind, const struct config_recipient *r, struct diag *d)
{
    static const char *const of_all[] = {"name", "reports", NULL};
    assert(kind < N_KINDS);
    for (size_t i = 0; i < N_OPTIONS; i++) {
        const char *key = options[i].key;
        AUTO_BUF text = buf_init(BUF_MAX_DEFAULT);
        setting_print(&options[i], r, &text);
        bool is_set = !str_eqc(buf_view(&text), options[i].standard);
        if (is_set && !has_word(of_all, key) && !has_word(kinds[kind].takes, key))
            return diag_fail(d, DIAG_CONFIG, "a recipient of the kind %s has no option \"%s\"",
                             kinds[kind].word, key);
        if (!is_set && has_word(kinds[kind].needs, key))
            return diag_fail(d, DIAG_CONFIG, "a recipient of the kind %s wants %s=…", kinds[kind].word,
                             key);
    }
    return 0;
}

/* ---- the list ---- */

static int
read_kind(struct str target, struct arena *a, struct config_recipient *r, struct diag *d)
{
    struct str known[N_KINDS], kind = str_trim(str_cut(&target, ':'));
    size_t k = find_kind(kind);
    for (size_t i = 0; i < N_KINDS; i++)
        known[i] = str_c(kinds[i].word);
    if (k == N_KINDS)
        return diag_unknown(d, DIAG_CONFIG, "kind of recipient", kind, known, N_KINDS);
    r->kind = str_c(kinds[k].word);
    r->target = arena_str(a, str_trim(target));
    if (!r->target.len || r->target.len > MAX_TARGET)
        return diag_fail(d, DIAG_CONFIG, "want a target of 1 to %d bytes behind \"%.*s:\"", MAX_TARGET,
                         STR_ARG(kind));
    return kinds[k].check(r->target, d);
}

static int
read_recipient(const struct setting *s, struct str value, const void *before, size_t n,
               void *element, struct arena *a, struct diag *d)
{
    const struct config_recipient *others = before;
    struct config_recipient *r = element;
    struct str rest = value, target = option_line_cut(&rest);
    assert(s->size == sizeof *r);
    settings_reset(options, N_OPTIONS, r);
    if (read_kind(target, a, r, d) != 0 || option_line_read(&table, r, rest, a, d) != 0 ||
        check_options(find_kind(r->kind), r, d) != 0)
        return diag_context(d, "%s", s->key);
    if (!r->name.len)
        return diag_fail(d, DIAG_CONFIG, "%s: want name=NAME behind the target", s->key);
    for (size_t i = 0; i < n; i++)
        if (str_eq(others[i].name, r->name))
            return diag_fail(d, DIAG_CONFIG, "%s: there is one called %.*s already", s->key,
                             STR_ARG(r->name));
    return 0;
}

static void
print_recipient(const void *element, struct buf *out)
{
    const struct config_recipient *r = element;
    buf_fmt(out, "%.*s:%.*s", STR_ARG(r->kind), STR_ARG(r->target));
    option_line_print(&table, r, out);
}

const struct setting_list list_recipients = {sizeof(struct config_recipient), read_recipient,
                                             print_recipient};

const struct config_recipient *
recipient_find(const struct config *c, struct str name)
{
    for (size_t i = 0; i < c->recipients.n; i++)
        if (str_eq(c->recipients.v[i].name, name))
            return &c->recipients.v[i];
    return NULL;
}

bool
recipient_wants(const struct config_recipient *r, const struct definition *def)
{
    struct str patterns = r->reports;
    for (size_t i = 0; i < def->recipients.n; i++)
        if (str_eq(def->recipients.v[i], r->name))
            return true;
    while (patterns.len)
        if (str_glob(def->name, str_trim(str_cut(&patterns, ',')), false))
            return true;
    return false;
}

int
recipient_check(const struct config *c, const struct definition *def, struct diag *d)
{
    for (size_t i = 0; i < def->recipients.n; i++) {
        if (recipient_find(c, def->recipients.v[i]))
            continue;
        struct str *known = ARENA_ARRAY(d->arena, struct str, c->recipients.n + 1);
        for (size_t k = 0; k < c->recipients.n; k++)
            known[k] = c->recipients.v[k].name;
        diag_unknown(d, DIAG_CONFIG, "recipient", def->recipients.v[i], known, c->recipients.n);
        return diag_at(d, "definition %.*s: recipients[%zu]", STR_ARG(def->name), i);
    }
    return 0;
}

/* ---- settings of mail ---- */

/* Whether what stands behind the scheme is HOST or HOST:PORT, with nothing behind it. */
static bool
is_host_and_port(struct str rest)
{
    int64_t port;
    struct str host = rest;
    long colon = str_find(rest, "]") >= 0 ? str_find(rest, "]:") : str_find(rest, ":");
    if (colon >= 0) {
        size_t at = (size_t)colon + (rest.s[colon] == ']');
        host = str_n(rest.s, at);
        if (!str_to_i64(str_n(rest.s + at + 1, rest.len - at - 1), &port) || port < 1 || port > 65535)
            return false;
    }
    for (size_t i = 0; i < host.len; i++)
        if ((unsigned char)host.s[i] <= ' ' || strchr("/@?#%\\\"", host.s[i]))
            return false;
    return host.len > 0;
}

int
recipient_check_server(struct str value, struct diag *d)
{
    static const char *const schemes[] = {"smtp://", "smtps://"};
    if (!value.len)
        return 0;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        size_t n = strlen(schemes[i]);
        if (str_starts(value, schemes[i]) && is_host_and_port(str_n(value.s + n, value.len - n)))
            return 0;
    }
    return diag_fail(d, DIAG_CONFIG,
                     "want smtp://HOST[:PORT] (STARTTLS) or smtps://HOST[:PORT] (TLS), got \"%.*s\"",
                     STR_ARG(value));
}

bool
recipient_part_mailbox(struct str value, struct str *ret_name, struct str *ret_address)
{
    struct str rest = value, name = str_cut(&rest, '<');
    bool is_bare = name.len == value.len;
    if (!is_bare && (!rest.len || rest.s[rest.len - 1] != '>'))
        return false;
    *ret_name = is_bare ? STR("") : str_trim(name);
    *ret_address = is_bare ? value : str_n(rest.s, rest.len - 1);
    return mime_is_address(*ret_address);
}

int
recipient_check_from(struct str value, struct diag *d)
{
    struct str name, address;
    if (!value.len || recipient_part_mailbox(value, &name, &address))
        return 0;
    return diag_fail(d, DIAG_CONFIG,
                     "want an address, or a name and <address>, such as Reports <reports@example.net>, "
                     "got \"%.*s\"",
                     STR_ARG(value));
}

int
recipient_check_link(struct str value, struct diag *d)
{
    bool is_plain = true;
    for (size_t i = 0; i < value.len; i++)
        is_plain = is_plain && (unsigned char)value.s[i] > ' ' && (unsigned char)value.s[i] < 127;
    if (!value.len || (str_starts(value, "https://") && is_plain))
        return option_line_check_login(value, "a page that asks for it", d);
    return diag_fail(d, DIAG_CONFIG, "want https://HOST/PATH, got \"%.*s\"", STR_ARG(value));
}
