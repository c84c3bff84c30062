/* my.cnf, the part of it that a client needs. Behind connect.c. */
#include "store/optfile.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"

enum { MAX_FILE = 1 << 20 };

struct reading {
    struct arena *a;
    struct diag *d;
    const char *path;
    int line;
    bool wanted, ours; /* the group is read; it is [assay] */
};

/* There is a password in it: it must be ours or root's, and closed to others. */
static int
check_mode(const char *path, struct diag *d)
{
    struct stat st;
    if (stat(path, &st) != 0)
        diag_fail(d, DIAG_CONFIG, "cannot read the option file: %s", strerror(errno));
    else if (!S_ISREG(st.st_mode))
        diag_fail(d, DIAG_CONFIG, "the option file is not a regular file");
    else if (st.st_uid != geteuid() && st.st_uid != 0)
        diag_fail(d, DIAG_CONFIG, "the option file must belong to %s%s: chown root", env_user(),
                  geteuid() == 0 ? "" : " or root");
    else if (st.st_mode & (S_IWGRP | S_IRWXO))
        diag_fail(d, DIAG_CONFIG,
                  "the option file must not be writable by the group or open to others: chmod 600");
    return diag_failed(d) ? diag_at(d, "%s", path) : 0;
}

static int
refuse_line(struct reading *r, const char *what, struct str key)
{
    diag_fail(r->d, DIAG_CONFIG, "%s: %.*s", what, STR_ARG(key));
    return diag_at(r->d, "%s:%d", r->path, r->line);
}

/* Quotes go; \\ \s \t \n and escaped quotes mean what they mean to other clients. */
static const char *
value_of(struct arena *a, struct str v)
{
    v = str_trim(v);
    if (v.len >= 2 && (v.s[0] == '"' || v.s[0] == '\'') && v.s[v.len - 1] == v.s[0])
        v = str_n(v.s + 1, v.len - 2);
    char *to = arena_alloc(a, v.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < v.len; i++) {
        static const char from[] = "\\snt\"'", into[] = "\\ \n\t\"'";
        const char *e = v.s[i] == '\\' && i + 1 < v.len ? strchr(from, v.s[i + 1]) : NULL;
        to[n++] = e ? into[e - from] : v.s[i];
        i += e != NULL;
    }
    return to;
}

static const struct {
    const char *key;
    size_t at;
} texts[] = {
    {"host", offsetof(struct optfile, host)},
    {"socket", offsetof(struct optfile, socket)},
    {"user", offsetof(struct optfile, user)},
    {"password", offsetof(struct optfile, password)},
    {"ssl-ca", offsetof(struct optfile, ssl_ca)},
    {"ssl-capath", offsetof(struct optfile, ssl_capath)},
    {"ssl-cert", offsetof(struct optfile, ssl_cert)},
    {"ssl-key", offsetof(struct optfile, ssl_key)},
    {"ssl-cipher", offsetof(struct optfile, ssl_cipher)},
    {"ssl-crl", offsetof(struct optfile, ssl_crl)},
    {"tls-version", offsetof(struct optfile, tls_version)},
    {"plugin-dir", offsetof(struct optfile, plugin_dir)},
    {"default-auth", offsetof(struct optfile, default_auth)},
    {"protocol", offsetof(struct optfile, protocol)},
};

static int
take_switch(struct reading *r, struct str key, struct str value, struct optfile *o)
{
    static const char *const words[] = {"", "1", "on", "yes", "true"};
    bool yes = false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        yes = yes || str_ieqc(str_trim(value), words[i]);
    if (str_eqc(key, "assay-allow-plaintext")) {
        o->allow_plaintext = yes;
        return 0;
    }
    if (str_eqc(key, "skip-ssl") || str_eqc(key, "disable-ssl") || !yes)
        return refuse_line(r,
                           "TLS and the verification of the server cannot be switched off (see "
                           "assay-allow-plaintext)",
                           key);
    return 0;
}

/* How the server is known when not by its name; *ret_done: it was one of these keys. */
static int
take_knowing(struct reading *r, struct str key, struct str value, struct optfile *o, bool *ret_done)
{
    struct str v = str_c(value_of(r->a, value));
    *ret_done = true;
    if (str_eqc(key, "ssl-verify")) {
        o->verify_ca_only = str_eqc(v, "ca");
        return o->verify_ca_only || str_eqc(v, "name")
                   ? 0
                   : refuse_line(r, "ssl-verify is name or ca, and not", v);
    }
    *ret_done = str_eqc(key, "ssl-fingerprint");
    if (!*ret_done)
        return 0;
    char *to = arena_alloc(r->a, v.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < v.len; i++)
        if (v.s[i] != ':')
            to[n++] = (char)tolower((unsigned char)v.s[i]);
    if (strspn(to, "0123456789abcdef") != n || (n != 40 && n != 64))
        return refuse_line(
            r, "not the SHA-256 or SHA-1 of a certificate, 64 or 40 hexadecimal digits", v);
    o->ssl_fingerprint = to;
    return 0;
}

static int
take_option(struct reading *r, struct str key, struct str value, struct optfile *o)
{
    static const char *const switches[] = {"assay-allow-plaintext", "ssl", "skip-ssl",
                                           "disable-ssl", "ssl-verify-server-cert"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (!str_eqc(key, texts[i].key))
            continue;
        const char *v = value_of(r->a, value);
        memcpy((char *)o + texts[i].at, &v, sizeof v);
        return 0;
    }
    bool is_done;
    if (take_knowing(r, key, value, o, &is_done) != 0 || is_done)
        return diag_failed(r->d) ? -1 : 0;
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
        if (str_eqc(key, switches[i]))
            return take_switch(r, key, value, o);
    if (!str_eqc(key, "port"))
        return r->ours ? refuse_line(r, "unknown key in [assay]", key) : 0;
    int64_t n;
    if (!str_to_i64(str_trim(value), &n) || n < 1 || n > 65535)
        return refuse_line(r, "not a port", value);
    o->port = (unsigned)n;
    return 0;
}

static int
take_line(struct reading *r, struct str line, bool want_ours, struct optfile *o)
{
    line = str_trim(line);
    if (!line.len || line.s[0] == '#' || line.s[0] == ';')
        return 0;
    if (line.s[0] == '!')
        return refuse_line(r, "other files are not read", line);
    if (line.s[0] == '[') {
        r->ours = str_eqc(line, "[assay]");
        r->wanted = want_ours ? r->ours : str_eqc(line, "[client]");
        return 0;
    }
    if (!r->wanted)
        return 0;
    struct str key = str_trim(str_cut(&line, '='));
    char *kebab = arena_strdup(r->a, arena_str(r->a, key).s);
    for (char *p = kebab; *p; p++) /* snake_case and kebab-case are one to these files */
        if (*p == '_')
            *p = '-';
    return take_option(r, str_c(kebab), line, o);
}

int
optfile_read(const char *path, struct arena *a, struct optfile *ret, struct diag *d)
{
    struct str text;
    struct optfile o = {0};
    if (check_mode(path, d) != 0 || file_slurp(path, MAX_FILE, a, &text, d) != 0)
        return -1;
    for (int pass = 0; pass < 2; pass++) {
        struct reading r = {.a = a, .d = d, .path = path};
        struct str rest = text;
        while (rest.len) {
            r.line++;
            if (take_line(&r, str_cut(&rest, '\n'), pass == 1, &o) != 0)
                return -1;
        }
    }
    *ret = o;
    return 0;
}
