/* Secrets, read where they are needed and forgotten behind that. Called by jobs. */
#include "settings/secret.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "settings/option_line.h"
#include "settings/settings.h"

enum { MAX_SECRET = 1 << 16 };

static const char by_systemd[] = "credential:";

static struct str
behind(struct str where, const char *prefix)
{
    size_t n = strlen(prefix);
    return str_n(where.s + n, where.len - n);
}

int
secret_check(struct str where, struct diag *d)
{
    if (str_starts(where, by_systemd))
        return option_line_check_name(behind(where, by_systemd), d);
    return setting_path(where, d);
}

/* What systemd hands over has the rights that systemd gives it. */
static int
check_rights(const char *path, bool is_credential, struct diag *d)
{
    struct stat st;
    if (stat(path, &st) != 0 || is_credential)
        return 0;
    if (st.st_mode & S_IRWXO)
        return diag_fail(d, DIAG_CONFIG, "others may read it (chmod o= %s)", path);
    if (st.st_uid != 0 && st.st_uid != geteuid())
        return diag_fail(d, DIAG_CONFIG, "%s belongs neither to root nor to this account", path);
    return 0;
}

int
secret_load(struct str where, const char *what, struct arena *a, struct str *ret, struct diag *d)
{
    bool is_credential = str_starts(where, by_systemd);
    const char *dir = getenv("CREDENTIALS_DIRECTORY"), *path = where.s;
    struct str text;
    assert(where.len);
    if (is_credential && (!dir || dir[0] != '/'))
        return diag_fail(d, DIAG_CONFIG, "%s: systemd has handed over no credentials ($CREDENTIALS_DIRECTORY)",
                         what);
    if (is_credential)
        path = file_join(a, dir, arena_str(a, behind(where, by_systemd)).s).s;
    if (file_slurp(path, MAX_SECRET, a, &text, d) != 0) {
        d->first.code = DIAG_CONFIG;
        return diag_context(d, "%s", what);
    }
    if (check_rights(path, is_credential, d) != 0)
        return diag_context(d, "%s", what);
    struct str line = str_cut(&text, '\n');
    if (line.len && line.s[line.len - 1] == '\r')
        line.len--;
    *ret = arena_str(a, line);
    secret_forget(&line);
    return ret->len ? 0 : diag_fail(d, DIAG_CONFIG, "%s: %s: its first line is empty", what, path);
}

void
secret_forget(struct str *secret)
{
    /* what stands in an arena may be written to: str is read-only for its readers' sake */
    if (secret->len)
        explicit_bzero((char *)(uintptr_t)secret->s, secret->len);
    secret->len = 0;
}
